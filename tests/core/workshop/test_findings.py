"""What merging cannot hold is found and said; nothing is refused for it."""

from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from core.people.roles import Actor, Role
from core.people.staff import create_staff
from core.vehicles.vehicles import create_vehicle, delete_vehicle
from core.workshop.clock import PunchView, punch
from core.workshop.findings import clocked_long, clocked_twice, findings, overlapping, same_number, same_vin
from core.workshop.hours import HOUR_MS
from core.workshop.models import ClockPunch, RepairOrder
from core.workshop.orders import create_repair_order, renumber_repair_order
from tests.core.people.desk import Desk, desk_at, meet


def on(id_: str, person: str, order: str, at: int, direction: str = "in") -> PunchView:
    return PunchView(id_, person, order, direction, at)


def test_two_open_punches_of_one_person() -> None:
    punches = [on("p1", "tom", "1", 1), on("p2", "tom", "2", 2), on("p3", "ann", "1", 1)]
    (found,) = clocked_twice(punches)
    assert (found.table, found.rows, found.name) == ("clock_punches", ("p1", "p2"), "tom")
    assert clocked_twice([*punches, on("p4", "tom", "1", 3, "out")]) == ()


def test_names_that_are_there_twice() -> None:
    (found,) = same_number([("a", "1001-X"), ("b", "1002-X"), ("c", "1001-X"), ("d", None), ("e", None)])
    assert (found.rows, found.name) == (("a", "c"), "1001-X")
    assert same_vin([("a", "V"), ("b", "W")]) == ()


def test_nothing_to_find_in_a_workshop_where_all_is_well(desk: Desk) -> None:
    desk.do(create_vehicle, {"plate": "A-1", "vin": "WVWZZZ1JZXW000001"})
    desk.do(create_vehicle, {"plate": "A-2"})
    desk.do(create_vehicle, {"plate": "A-3"})
    desk.do(create_repair_order, {"complaint": "x"})
    assert desk.see(findings) == ()


def test_what_two_terminals_did_right_and_does_not_fit_together(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    tom = Actor("staff", here.do(create_staff, {"name": "Tom", "role": "technician"}).id, "Tom", Role.TECHNICIAN)
    meet(here, there)
    for desk in two_desks:
        order = desk.do(create_repair_order, {"complaint": "x"}).id
        given = {"staff_id": tom.id, "order_id": order, "direction": "in"}
        Desk(desk.records, desk.clock, tom).do(punch, given)
        desk.do(create_vehicle, {"plate": f"A-{desk.records.site}", "vin": "WVWZZZ1JZXW000001"})
        assert desk.see(findings, at=desk.clock.now) == ()
    meet(here, there)
    words = [each.words for each in here.see(findings, at=here.clock.now)]
    assert words == ["Tom is clocked on to 2 orders at once.", "2 vehicles have the VIN WVWZZZ1JZXW000001."]
    assert [each.words for each in there.see(findings, at=there.clock.now)] == words


def test_who_forgot_to_clock_off_yesterday() -> None:
    punches = [on("p1", "tom", "1", 0), on("p2", "ann", "1", 8 * HOUR_MS)]
    (found,) = clocked_long(punches, 13 * HOUR_MS)
    assert (found.rows, found.name) == (("p1",), "tom")
    assert clocked_long([*punches, on("p3", "tom", "1", HOUR_MS, "out")], 13 * HOUR_MS) == ()


def test_who_was_on_two_orders_at_the_same_time_and_is_not_any_more() -> None:
    first = [on("p1", "tom", "1", 0), on("p2", "tom", "1", 10, "out")]
    assert overlapping([*first, on("p3", "tom", "2", 10), on("p4", "tom", "2", 20, "out")], 30) == (), "they touch"
    (found,) = overlapping([*first, on("p3", "tom", "2", 5), on("p4", "tom", "2", 20, "out")], 30)
    assert (found.table, found.rows, found.name) == ("repair_orders", ("1", "2"), "tom")
    assert overlapping([*first, on("p3", "ann", "2", 5), on("p4", "ann", "2", 20, "out")], 30) == (), "two people"


def test_how_much_is_asked_does_not_grow_with_what_is_found(desk: Desk) -> None:
    tom = Actor("staff", desk.do(create_staff, {"name": "Tom", "role": "technician"}).id, "Tom", Role.TECHNICIAN)
    for _ in range(6):
        order = desk.do(create_repair_order, {"complaint": "x"}).id
        row = ClockPunch(staff_id=tom.id, order_id=order, direction="in", at=desk.clock())
        desk.records.change("system", partial(_add, row))
    assert len(desk.statements(findings, at=desk.clock.now)) <= 6


def _add(row: ClockPunch, session: Session) -> None:
    session.add(row)


def test_what_was_put_right_is_found_no_more(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        cars = [desk.do(create_vehicle, {"plate": f"A-{n}", "vin": "WVWZZZ1JZXW000001"}).id for n in range(3)]
        desk.records.change("system", lambda session: session.add_all(RepairOrder(number="7-X") for _ in range(2)))
        number, vin = desk.see(findings)
        assert number.words == "2 repair orders have the number 7-X."
        assert vin.rows == tuple(sorted(cars))
        assert desk.do(renumber_repair_order, number.rows[0]).number != "7-X"
        for car in cars[1:]:
            desk.do(delete_vehicle, car)
        assert desk.see(findings) == ()
    finally:
        desk.records.close()
