"""Repair orders: numbered, moved, found; edited on two terminals at once."""

from pathlib import Path

import pytest

from core.people.customers import create_customer
from core.people.roles import Denied, Role
from core.people.staff import create_staff
from core.records.input import NotFound
from core.records.journal import conflicts
from core.vehicles.odometer import list_readings
from core.vehicles.owners import list_owners
from core.vehicles.vehicles import change_vehicle, create_vehicle, delete_vehicle, get_vehicle
from core.workshop.orders import (
    FIELDS,
    change_repair_order,
    create_repair_order,
    delete_repair_order,
    get_repair_order,
    list_repair_orders,
    restore_repair_order,
)
from tests.core.people.desk import NOBODY, Desk, desk_at, meet


def test_what_was_written_is_read_back(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada"}).id
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    earlier = desk.do(create_repair_order, {"vehicle_id": car})
    given = {
        "vehicle_id": car,
        "customer_id": ada,
        "status": "diagnosing",
        "label": "Road test",
        "priority": "high",
        "complaint": "rattles\nwhen cold",
        "cause": "heat shield",
        "correction": "clamp fitted",
        "opened_at": 1_795_000_000_000,
        "promised_at": 1_795_100_000_000,
        "adviser_id": tom,
        "technician_id": tom,
        "bay": "Bay 2",
        "key_tag": "17",
        "odometer_in": 120_000,
        "odometer_out": 120_007,
        "expected_hours": 1_500,
        "skills": "brakes, air conditioning",
        "equipment": "four-post lift",
        "comeback_of": earlier.id,
    }
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(create_repair_order, given)
    assert desk.see(get_repair_order, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    assert (made.vehicle_plate, made.customer_name, made.disputed) == ("A-1", "Ada", ())
    assert made.comeback_number == earlier.number


def test_an_order_needs_a_vehicle_a_customer_or_what_is_asked(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada"}).id
    car = desk.do(create_vehicle, {"plate": "A-1", "customer_id": ada}).id
    made = desk.do(create_repair_order, {"vehicle_id": car})
    assert (made.customer_id, made.status, made.priority) == (ada, "booked", "normal"), "it is the vehicle's customer"
    assert made.opened_at is not None
    assert desk.do(create_repair_order, {"complaint": "a wheel"}).vehicle_id is None
    assert desk.do(create_repair_order, {"customer_id": ada}).customer_name == "Ada"
    assert desk.do(create_repair_order, {"vehicle_id": car, "customer_id": None}).customer_id is None
    assert set(desk.problems(create_repair_order, {"bay": "2"})) == {"vehicle_id"}
    assert set(desk.problems(create_repair_order, {"vehicle_id": NOBODY})) == {"vehicle_id"}


def test_everything_wrong_is_said_at_once(desk: Desk) -> None:
    given = {
        "vehicle_id": NOBODY,
        "status": "lost",
        "priority": "panic",
        "promised_at": "soon",
        "odometer_in": -1,
        "number": "1",
        "sequence": 5,
    }
    assert set(desk.problems(create_repair_order, given)) == set(given)
    made = desk.do(create_repair_order, {"complaint": "x"})
    assert set(desk.problems(change_repair_order, made.id, {"number": "1", "status": None})) == {"number", "status"}


def test_only_who_may_moves_it_and_is_told_where_it_cannot_go(desk: Desk) -> None:
    made = desk.do(create_repair_order, {"complaint": "x"})
    technician = desk.as_(Role.TECHNICIAN)
    assert technician.do(change_repair_order, made.id, {"status": "arrived"}).status == "arrived"
    words = technician.problems(change_repair_order, made.id, {"status": "delivered"})["status"]
    assert "Arrived" in words
    assert "Delivered" in words
    assert set(desk.problems(change_repair_order, made.id, {"status": "delivered"})) == {"status"}
    desk.do(change_repair_order, made.id, {"status": "ready"})
    assert desk.do(change_repair_order, made.id, {"status": "delivered"}).status == "delivered"
    assert set(desk.problems(create_repair_order, {"complaint": "x", "status": "delivered"})) == {"status"}
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(change_repair_order, made.id, {"bay": "1"})


def test_what_the_odometer_said_on_arrival_is_a_reading_of_the_vehicle(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 100}).id
    made = desk.do(create_repair_order, {"vehicle_id": car, "odometer_in": 150})
    desk.do(change_repair_order, made.id, {"odometer_in": 150, "bay": "1"})
    assert [(each.value, each.source) for each in desk.see(list_readings, car).items] == [
        (150, "repair_order"),
        (100, "person"),
    ]
    desk.do(change_vehicle, car, {"odometer_km": 160})
    desk.do(change_repair_order, made.id, {"odometer_in": 150, "odometer_out": 160})
    assert desk.see(get_vehicle, car).odometer_km == 160


def test_deleted_is_hidden_comes_back_and_its_number_is_not_given_again(desk: Desk) -> None:
    made = desk.do(create_repair_order, {"complaint": "x"})
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(delete_repair_order, made.id)
    desk.do(delete_repair_order, made.id)
    with pytest.raises(NotFound):
        desk.see(get_repair_order, made.id)
    other = desk.do(create_repair_order, {"complaint": "y"})
    assert other.number != made.number
    assert desk.do(restore_repair_order, made.id).number == made.number


def test_the_plate_stays_on_the_order_of_a_vehicle_that_was_deleted(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    made = desk.do(create_repair_order, {"vehicle_id": car})
    desk.do(delete_vehicle, car)
    assert desk.see(get_repair_order, made.id).vehicle_plate == "A-1"
    assert desk.do(change_repair_order, made.id, {"vehicle_id": car, "bay": "2"}).bay == "2"


def test_orders_are_found_and_sorted(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    late = desk.do(create_repair_order, {"vehicle_id": car, "promised_at": 2_000_000_000_000})
    soon = desk.do(create_repair_order, {"complaint": "x", "promised_at": 1_900_000_000_000, "status": "arrived"})
    open_ = desk.do(create_repair_order, {"complaint": "y", "status": "ready"})

    def ids(**filters: object) -> list[str]:
        return [each.id for each in desk.see(list_repair_orders, **filters).items]  # type: ignore[arg-type]

    assert ids() == [open_.id, soon.id, late.id]
    assert ids(sort="promised") == [soon.id, late.id, open_.id], "what was promised to nobody comes last"
    assert ids(sort="number") == [open_.id, soon.id, late.id]
    assert ids(status=["arrived", "ready"]) == [open_.id, soon.id]
    assert ids(vehicle_id=car) == [late.id]
    assert ids(number=f" {soon.number} ".lower()) == [soon.id]
    first = desk.see(list_repair_orders, sort="promised", limit=2)
    assert [each.id for each in desk.see(list_repair_orders, sort="promised", limit=2, after=first.after).items] == [
        open_.id
    ]


def test_a_page_of_orders_takes_four_questions_to_the_database(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada"}).id
    for number in range(20):
        car = desk.do(create_vehicle, {"plate": f"A-{number}", "customer_id": ada}).id
        desk.do(create_repair_order, {"vehicle_id": car})
    assert len(desk.statements(list_repair_orders, limit=20)) == 4


def test_the_same_order_on_two_terminals_apart(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = here.do(create_repair_order, {"complaint": "rattles", "status": "in_progress"})
    meet(here, there)
    here.do(change_repair_order, made.id, {"cause": "heat shield", "status": "awaiting_parts"})
    there.do(change_repair_order, made.id, {"promised_at": 1_795_100_000_000, "status": "quality_check"})
    meet(here, there)
    for desk in two_desks:
        both = desk.see(get_repair_order, made.id)
        assert (both.cause, both.promised_at) == ("heat shield", 1_795_100_000_000)
        assert both.status == "quality_check", "the one further on is shown"
        assert set(both.disputed) == {"awaiting_parts", "quality_check"}
    settled = there.do(change_repair_order, made.id, {"status": "quality_check"})
    assert settled.disputed == ()
    meet(here, there)
    assert here.see(get_repair_order, made.id).disputed == ()
    with here.records.read() as session:
        assert conflicts(here.records, session) == ()


def test_a_move_nobody_could_make_is_merged_all_the_same(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = here.do(create_repair_order, {"complaint": "x", "status": "ready"})
    meet(here, there)
    here.do(change_repair_order, made.id, {"status": "delivered"})
    here.do(change_repair_order, made.id, {"status": "ready"})
    there.do(change_repair_order, made.id, {"status": "booked"})
    there.do(change_repair_order, made.id, {"status": "arrived"})
    meet(here, there)
    shown = there.see(get_repair_order, made.id)
    assert (shown.status, set(shown.disputed)) == ("ready", {"ready", "arrived"})
    assert there.as_(Role.TECHNICIAN).do(change_repair_order, made.id, {"status": "diagnosing"}).disputed == (), (
        "from any of the states it is in, by who may move it from there"
    )


def test_all_of_it_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        car = desk.do(create_vehicle, {"plate": "A-1"}).id
        made = [desk.do(create_repair_order, {"vehicle_id": car, "odometer_in": km}) for km in (1, 2, 3)]
        for sort in ("newest", "oldest", "promised", "number"):
            first = desk.see(list_repair_orders, sort=sort, limit=2)
            second = desk.see(list_repair_orders, sort=sort, limit=2, after=first.after)
            assert {each.id for each in (*first.items, *second.items)} == {each.id for each in made}
    finally:
        desk.records.close()


def test_a_vehicle_that_was_nobodys_is_from_then_on_who_brings_it(desk: Desk) -> None:
    vehicle = desk.do(create_vehicle, {"plate": "NO 1"}).id
    first = desk.do(create_customer, {"name": "Carla"}).id
    order = desk.do(create_repair_order, {"vehicle_id": vehicle, "complaint": "Noise"}).id
    desk.do(change_repair_order, order, {"customer_id": first})
    assert desk.see(get_vehicle, vehicle).customer_id == first
    assert [each.customer_id for each in desk.see(list_owners, vehicle)] == [first]
    other = desk.do(create_customer, {"name": "Dan"}).id
    desk.do(create_repair_order, {"vehicle_id": vehicle, "customer_id": other, "complaint": "Brought by a friend"})
    assert desk.see(get_vehicle, vehicle).customer_id == first
