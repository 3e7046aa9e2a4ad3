"""Who is at work, by name, and a day's hours: in few statements, whatever lies behind."""

import datetime as dt

from core.people.roles import Role
from core.vehicles.vehicles import create_vehicle
from core.workshop.at_work import at_work, day_hours
from core.workshop.clock import clock_off, switch
from core.workshop.hours import HOUR_MS, day_began
from core.workshop.moving import move
from core.workshop.orders import create_repair_order
from tests.core.people.desk import Desk
from tests.core.workshop.test_board import person

UTC = dt.UTC


def test_who_works_on_what_by_name(desk: Desk) -> None:
    tom = person(desk, "Tom")
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    made = desk.do(create_repair_order, {"vehicle_id": car})
    tom.do(switch, made.id)
    (found,) = desk.see(at_work, at=desk.clock.now + HOUR_MS)
    assert (found.staff_name, found.order_number, found.vehicle_plate) == ("Tom", made.number, "A-1")
    assert HOUR_MS <= found.ms < HOUR_MS + 60_000
    tom.do(clock_off)
    assert desk.see(at_work, at=desk.clock.now) == ()


def test_who_is_still_on_a_car_that_is_gone_is_not_at_work(desk: Desk) -> None:
    tom = person(desk, "Tom")
    made = desk.do(create_repair_order, {"complaint": "x", "status": "ready"}).id
    tom.do(switch, made)
    desk.do(move, made, "delivered", anyway=True)
    assert desk.see(at_work, at=desk.clock.now) == ()


def test_a_day_of_somebody(desk: Desk) -> None:
    tom, ann = person(desk, "Tom"), person(desk, "Ann", Role.ADVISER)
    first, second = (desk.do(create_repair_order, {"complaint": "x"}) for _ in range(2))
    tom.do(switch, first.id)
    ann.do(switch, second.id)
    desk.clock.now += 30 * 60_000
    tom.do(switch, second.id)
    desk.clock.now += 30 * 60_000
    start = day_began(desk.clock.now, UTC)
    found = desk.see(day_hours, tom.actor.id, start=start, end=start + 24 * HOUR_MS, at=desk.clock.now, here=UTC)
    assert {each.order_number for each in found} == {first.number, second.number}
    assert abs(sum(each.ms for each in found) - HOUR_MS) < 60_000
    assert [each.order_number for each in found if each.open] == [second.number]
    everybody = desk.see(day_hours, None, start=start, end=start + 24 * HOUR_MS, at=desk.clock.now, here=UTC)
    assert {each.staff_id for each in everybody} == {tom.actor.id, ann.actor.id}


def test_many_at_work_take_the_statements_of_few(desk: Desk) -> None:
    def work(count: int) -> None:
        for n in range(count):
            car = desk.do(create_vehicle, {"plate": f"A-{n}"}).id
            person(desk, f"Tom {n}").do(switch, desk.do(create_repair_order, {"vehicle_id": car}).id)

    work(4)
    few = desk.statements(at_work, at=desk.clock.now)
    work(20)
    assert len(desk.see(at_work, at=desk.clock.now)) == 24
    assert len(desk.statements(at_work, at=desk.clock.now)) == len(few) <= 4
    window = {"start": desk.clock.now - HOUR_MS, "end": desk.clock.now + HOUR_MS, "at": desk.clock.now}
    assert len(desk.statements(day_hours, None, **window)) <= 2  # type: ignore[arg-type]
