"""A vehicle looked over: begun, filled in, completed, opened again."""

import pytest

from core.people.roles import Denied, Role
from core.people.staff import create_staff
from core.records.input import NotFound
from core.workshop.inspection_models import Inspection, InspectionResult
from core.workshop.inspection_results import results_of, set_result
from core.workshop.inspection_templates import change_template, create_template
from core.workshop.inspections import (
    Counts,
    change_inspection,
    complete_inspection,
    delete_inspection,
    get_inspection,
    list_inspections,
    reopen_inspection,
    restore_inspection,
    start_inspection,
)
from core.workshop.orders import create_repair_order
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.inspection_stage import Yard, begun, by_name, yard


@pytest.fixture
def place(desk: Desk) -> Yard:
    return yard(desk)


def test_it_begins_with_all_points_of_its_template(desk: Desk, place: Yard) -> None:
    made = desk.do(start_inspection, {"template_id": place.template, "order_id": place.order})
    assert (made.vehicle_id, made.vehicle_plate, made.order_id, made.name) == (
        place.vehicle,
        "A-1",
        place.order,
        "Brakes",
    )
    assert (made.odometer, made.inspector_name, made.completed_at) == (84_210, desk.actor.name, None)
    assert made.counts == Counts(left=5)
    assert made.started_at is not None
    desk.do(change_template, place.template, {"name": "Other"})
    found = desk.see(results_of, made.id)
    assert desk.see(get_inspection, made.id).name == "Brakes", "the paper outlives the template"
    assert [(each.section, each.name, each.kind) for each in found] == [
        ("Tyres", "Tread", "measure"),
        ("Steering", "Play", "measure"),
        ("Sight", "Wipers", "check"),
        ("Sight", "Lamps", "check"),
        ("Inside", "Left in the car", "text"),
    ]
    assert all((each.verdict, each.value, each.seen_at) == (None, None, None) for each in found)


def test_without_an_order_it_is_of_a_vehicle(desk: Desk, place: Yard) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    given = {"template_id": place.template, "vehicle_id": place.vehicle, "odometer": 1, "inspector_id": tom}
    made = desk.do(start_inspection, given)
    assert (made.order_id, made.odometer, made.inspector_id, made.inspector_name) == (None, 1, tom, "Tom")
    changed = desk.do(change_inspection, made.id, {"order_id": place.order, "remark": "wet", "odometer": 2})
    assert (changed.order_id, changed.remark, changed.odometer) == (place.order, "wet", 2)
    assert set(
        desk.problems(change_inspection, made.id, {"template_id": desk.do(create_template, {"name": "x"}).id})
    ) == {"template_id"}


def test_completed_it_is_closed_until_opened_again(desk: Desk, place: Yard) -> None:
    id_ = begun(desk, place)
    assert set(desk.problems(complete_inspection, id_)) == {""}
    tread = by_name(desk, id_)["Tread"].id
    desk.do(set_result, tread, {"value": 5_000})
    assert desk.problems(complete_inspection, id_) == {"": "4 points were not looked at."}
    done = desk.do(complete_inspection, id_, leave=True)
    assert done.counts == Counts(green=1, left=4)
    assert done.completed_at is not None
    assert desk.do(complete_inspection, id_).completed_at == done.completed_at, "a second tap changes nothing"
    assert set(desk.problems(set_result, tread, {"value": 1_000})) == {""}
    assert desk.do(reopen_inspection, id_).completed_at is None
    assert desk.do(set_result, tread, {"value": 1_000}).verdict == "red"


def test_what_cannot_be_is_refused(desk: Desk, place: Yard) -> None:
    wrong = {"template_id": NOBODY, "vehicle_id": NOBODY, "odometer": -1, "inspector_id": NOBODY, "result": 1}
    assert set(desk.problems(start_inspection, wrong)) == set(wrong)
    assert set(desk.problems(start_inspection, {"template_id": place.template})) == {"vehicle_id"}
    walk_in = desk.do(create_repair_order, {"complaint": "x"}).id
    assert set(desk.problems(start_inspection, {"template_id": place.template, "order_id": walk_in})) == {"vehicle_id"}
    empty = {"template_id": desk.do(create_template, {"name": "x"}).id, "order_id": place.order}
    assert set(desk.problems(start_inspection, empty)) == {"template_id"}
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(start_inspection, empty)
    with pytest.raises(NotFound):
        desk.see(results_of, NOBODY)


def test_inspections_are_listed(desk: Desk, place: Yard) -> None:
    first, second, third = (begun(desk, place) for _ in range(3))
    desk.do(set_result, by_name(desk, first)["Wipers"].id, {"verdict": "green"})
    desk.do(complete_inspection, first, leave=True)
    desk.do(delete_inspection, third)

    def ids(**asked: object) -> list[str]:
        return [each.id for each in desk.see(list_inspections, **asked).items]  # type: ignore[arg-type]

    assert ids() == [second, first]
    assert ids(state="open") == [second]
    assert ids(state="completed", vehicle_id=place.vehicle) == [first]
    assert ids(order_id=NOBODY) == []
    assert ids(sort="oldest") == [first, second]
    page = desk.see(list_inspections, limit=1)
    assert ids(limit=1, after=page.after) == [first]
    assert set(desk.problems(lambda session, _actor: list_inspections(session, state="x"))) == {"state"}
    desk.do(restore_inspection, third)
    assert ids()[0] == third


def test_a_list_of_inspections_is_three_statements(desk: Desk, place: Yard) -> None:
    for _ in range(6):
        begun(desk, place)
    assert len(desk.statements(list_inspections, limit=2)) == len(desk.statements(list_inspections, limit=50)) == 3


def test_filled_in_on_two_terminals_it_comes_together(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    place = yard(here)
    id_ = begun(here, place)
    meet(here, there)
    points = by_name(here, id_)
    here.do(set_result, points["Tread"].id, {"value": 1_000})
    there.do(set_result, points["Wipers"].id, {"verdict": "yellow", "remark": "streaks"})
    there.do(complete_inspection, id_, leave=True)
    here.do(set_result, points["Lamps"].id, {"verdict": "green"})
    meet(here, there)
    for desk in two_desks:
        assert desk.see(get_inspection, id_).counts == Counts(green=1, yellow=1, red=1, left=2)
        assert desk.see(get_inspection, id_).completed_at is not None
    assert here.see(results_of, id_) == there.see(results_of, id_)


def test_rows_with_nothing_in_them_break_nothing(desk: Desk) -> None:
    row = Inspection()
    desk.records.change("system", lambda session: session.add(row))
    results = [
        InspectionResult(inspection_id=row.id),
        InspectionResult(),
        InspectionResult(inspection_id=row.id, verdict="?"),
    ]
    desk.records.change("system", lambda session: session.add_all(results))
    assert desk.see(list_inspections).items[0].counts == Counts(left=2)
    assert [each.kind for each in desk.see(results_of, row.id)] == ["check", "check"]
