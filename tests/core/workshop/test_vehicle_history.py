"""What was done to a vehicle, newest first, with everything that stands on the papers."""

import pytest

from core.people.customers import create_customer
from core.people.staff import create_staff
from core.records.input import NotFound
from core.records.rows import added
from core.vehicles.documents import create_document
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimates import decide
from core.workshop.lines import create_line
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.orders import create_repair_order, delete_repair_order
from core.workshop.vehicle_history import statuses_of, vehicle_history
from tests.core.people.desk import NOBODY, STARTED, Desk

DAY = 86_400_000


@pytest.fixture
def car(desk: Desk) -> str:
    return desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 1000}).id


def visit(desk: Desk, car: str, days_ago: int, **fields: object) -> str:
    given = {"vehicle_id": car, "opened_at": STARTED - days_ago * DAY, "status": "ready", **fields}
    return desk.do(create_repair_order, given).id


def line(desk: Desk, order: str, price: int, kind: str = "labour") -> str:
    given = {"order_id": order, "kind": kind, "description": "x", "unit_price": price, "tax_rate": 1900}
    return desk.do(create_line, given).id


def test_a_visit_has_its_lines_papers_people_odometers_and_what_it_came_to(desk: Desk, car: str) -> None:
    tess = desk.do(create_staff, {"name": "Tess", "role": "technician"}).id
    order = visit(desk, car, 3, odometer_in=1100, odometer_out=1110, technician_id=tess, complaint="Squeals")
    brakes, wipers = line(desk, order, 10_000), line(desk, order, 5_000, "part")
    desk.do(decide, order, [(brakes, "approved"), (wipers, "declined")], {"said_by": "Ada"})
    paper = {"vehicle_id": car, "order_id": order, "name": "Test drive", "file_sha256": "ab" * 32}
    desk.do(create_document, paper)
    [found] = desk.see(vehicle_history, car).items
    assert (found.order.complaint, found.order.odometer_in, found.order.odometer_out) == ("Squeals", 1100, 1110)
    assert found.technician_name == "Tess"
    assert [(each.line.id, each.state) for each in found.lines] == [(brakes, "approved"), (wipers, "declined")]
    assert [each.name for each in found.documents] == ["Test drive"]
    assert (found.totals.net, found.totals.tax, found.totals.gross) == (10_000, 1_900, 11_900), (
        "declined work is not in"
    )


def test_the_last_opened_comes_first_page_by_page_with_the_count_of_all(desk: Desk, car: str) -> None:
    other = desk.do(create_vehicle, {"plate": "B-2"}).id
    visit(desk, other, 1)
    made = {days: visit(desk, car, days) for days in (300, 10, 200, 50, 100)}
    first = desk.see(vehicle_history, car, limit=3)
    rest = desk.see(vehicle_history, car, limit=3, after=first.after)
    assert [each.id for each in (*first.items, *rest.items)] == [made[days] for days in (10, 50, 100, 200, 300)]
    assert first.count == rest.count == 5
    assert rest.after is None
    desk.do(delete_repair_order, made[10])
    assert desk.see(vehicle_history, car).count == 4


def test_the_history_is_filtered_by_state(desk: Desk, car: str) -> None:
    booked, ready = visit(desk, car, 1, status="booked"), visit(desk, car, 2)
    assert [each.id for each in desk.see(vehicle_history, car, status=["booked", "arrived"]).items] == [booked]
    assert desk.see(vehicle_history, car, status=["ready"]).count == 1
    assert desk.see(vehicle_history, car, status=["ready"]).items[0].id == ready
    assert desk.see(statuses_of, car) == {"booked": 1, "ready": 1}


def test_an_owner_of_today_does_not_see_what_was_done_for_the_one_before(desk: Desk, car: str) -> None:
    ada, bob = (desk.do(create_customer, {"name": name}).id for name in ("Ada", "Bob"))
    visit(desk, car, 400, customer_id=ada)
    mine = visit(desk, car, 1, customer_id=bob)
    found = desk.see(vehicle_history, car, customers=[bob])
    assert ([each.id for each in found.items], found.count) == ([mine], 1)
    assert desk.see(vehicle_history, car, customers=[]).count == 0


def test_rows_that_came_in_parts_are_shown_as_far_as_they_are_there(desk: Desk, car: str) -> None:
    desk.records.change("test", lambda session: added(session, RepairOrder, {"vehicle_id": car}) and None)
    order = visit(desk, car, 1)
    desk.records.change("test", lambda session: added(session, RepairOrderLine, {"order_id": order}) and None)
    found = desk.see(vehicle_history, car)
    assert [each.totals.gross for each in found.items] == [0, 0]
    with pytest.raises(NotFound):
        desk.see(vehicle_history, NOBODY)


def test_however_many_visits_and_lines_a_dozen_questions_are_asked(desk: Desk, car: str) -> None:
    def write(days: int) -> None:
        order = visit(desk, car, days)
        for _ in range(4):
            line(desk, order, 100)

    write(1)
    few = desk.statements(vehicle_history, car)
    for days in range(2, 20):
        write(days)
    many = desk.statements(vehicle_history, car)
    assert len(many) <= len(few) <= 12, many
