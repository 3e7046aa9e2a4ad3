"""The schedule: rows with blocks, the tray, what was carried over, and what two terminals made of it."""

import datetime as dt
from typing import Any

import pytest

from core.people.staff import change_staff
from core.planning.absences import create_absence
from core.planning.allocations import change_allocation, delete_allocation
from core.planning.appointments import change_appointment, create_appointment
from core.planning.models import Allocation
from core.planning.schedule import day_schedule, week_schedule
from core.planning.schedule_views import Row, Schedule
from core.planning.work_bays import change_work_bay, delete_work_bay
from core.workshop.clock import punch
from core.workshop.lines import create_line
from core.workshop.orders import change_repair_order
from tests.core.people.desk import Desk, meet
from tests.core.planning.stage import HERE, HOUR, MONDAY, Shop, clock, shop

TUESDAY = MONDAY + dt.timedelta(days=1)
SUNDAY = MONDAY - dt.timedelta(days=1)


def see(here: Shop, by: str = "bay", now: str = "7:00", day: dt.date = MONDAY) -> Schedule:
    return here.desk.see(day_schedule, day, by=by, now=clock(now), here=HERE)


def row(seen: Schedule, id_: str) -> Row:
    return next(each for each in seen.rows if each.id == id_)


def tray(seen: Schedule) -> list[tuple[str | None, float | None]]:
    return [(each.job.plate, None if each.left is None else each.left / HOUR) for each in seen.unplanned]


def test_a_bay_has_the_blocks_of_its_day_with_all_that_is_asked(desk: Desk) -> None:
    here = shop(desk)
    order = here.order("A-1", hours=2, promised_at=clock("15:00"))
    block = here.set_aside(order, "8:00", "10:00", bay_id=here.lift, staff_id=here.tom, remark="Key at the desk")
    here.set_aside(order, "8:00", "9:00", TUESDAY, bay_id=here.lift)
    seen = see(here)
    assert [each.name for each in seen.rows] == ["Bay 1", "Bay 2"]
    [found] = row(seen, here.lift).blocks
    assert (found.id, found.start, found.end) == (block, clock("8:00"), clock("10:00"))
    assert (found.bay, found.staff, found.remark) == ("Bay 1", "Tom", "Key at the desk")
    assert (found.job.plate, found.job.vehicle, found.job.title) == ("A-1", "Opel Astra", "Job of A-1")
    assert (found.job.status, found.job.promised_at) == ("booked", clock("15:00"))
    assert row(seen, here.lift).words == ("Four-post lift", "brake tester")
    assert row(seen, here.lift).present == ((clock("8:00"), clock("16:00")),), (
        "the doors are open while anybody is there"
    )


def test_by_technician_the_same_block_stands_with_its_person_and_one_without_at_the_end(desk: Desk) -> None:
    here = shop(desk)
    order = here.order()
    mine = here.set_aside(order, "8:00", "10:00", bay_id=here.lift, staff_id=here.tom)
    nobodys = here.set_aside(order, "10:00", "11:00", bay_id=here.lift)
    seen = see(here, "technician")
    assert [each.name for each in seen.rows] == ["Eva", "Tom", ""]
    assert [each.id for each in row(seen, here.tom).blocks] == [mine]
    assert [each.id for each in row(seen, "").blocks] == [nobodys]


def test_what_reaches_over_midnight_is_on_both_days(desk: Desk) -> None:
    here = shop(desk)
    order = here.order()
    desk.do(
        change_allocation,
        here.set_aside(order, "15:00", "16:00", bay_id=here.lift),
        {"ends_at": clock("9:00", TUESDAY)},
    )
    assert len(row(see(here), here.lift).blocks) == len(row(see(here, day=TUESDAY), here.lift).blocks) == 1
    week = desk.see(week_schedule, TUESDAY, now=clock("7:00"), here=HERE)
    assert (week.start, week.end) == (clock("0:00"), clock("0:00", MONDAY + dt.timedelta(days=7)))


def test_a_bay_that_is_gone_is_shown_while_something_is_in_it(desk: Desk) -> None:
    here = shop(desk)
    here.set_aside(here.order(), "8:00", "10:00", bay_id=here.pit)
    desk.do(change_work_bay, here.pit, {"active": False})
    assert len(row(see(here), here.pit).blocks) == 1
    desk.do(delete_work_bay, here.pit)
    seen = row(see(here), here.pit)
    assert (seen.name, len(seen.blocks)) == ("Bay 2", 1)
    assert here.pit not in [each.id for each in see(here, day=TUESDAY).rows]


def test_somebody_who_left_is_shown_while_work_is_given_to_them(desk: Desk) -> None:
    here = shop(desk)
    here.set_aside(here.order(), "8:00", "10:00", staff_id=here.tom)
    desk.do(change_staff, here.tom, {"active": False})
    assert here.tom in [each.id for each in see(here, "technician").rows]
    assert here.tom not in [each.id for each in see(here, "technician", day=TUESDAY).rows]


def test_appointments_stand_apart_until_time_is_set_aside_for_them(desk: Desk) -> None:
    here = shop(desk)
    order = here.order("A-1")
    made = desk.do(create_appointment, {"order_id": order, "starts_at": clock("8:00"), "waiting": True}).id
    seen = see(here)
    assert [(each.id, each.job.plate, each.waiting) for each in seen.arrivals] == [(made, "A-1", True)]
    here.set_aside(order, "8:00", "10:00", bay_id=here.lift)
    seen = see(here)
    assert seen.arrivals == ()
    assert row(seen, here.lift).blocks[0].waiting, "the block says that the customer waits"
    assert row(seen, here.lift).blocks[0].status == "booked"
    lone = desk.do(create_appointment, {"title": "Brakes", "starts_at": clock("9:00")}).id
    assert [each.job.title for each in see(here).arrivals] == ["Brakes"]
    desk.do(change_appointment, lone, {"status": "cancelled"})
    assert see(here).arrivals == ()


def test_absences_and_bays_out_of_use_are_in_their_rows(desk: Desk) -> None:
    here = shop(desk)
    desk.do(create_absence, {"staff_id": here.tom, "kind": "holiday", "starts_at": clock("0:00", SUNDAY)})
    desk.do(
        create_absence, {"bay_id": here.pit, "kind": "repair", "starts_at": clock("8:00"), "ends_at": clock("9:00")}
    )
    [away] = row(see(here, "technician"), here.tom).away
    assert (away.kind, away.end) == ("holiday", None)
    assert [each.kind for each in row(see(here), here.pit).away] == ["repair"]
    assert row(see(here, day=TUESDAY), here.pit).away == ()


# The tray -------------------------------------------------------------------------------------------------------------


def test_the_tray_has_open_orders_with_work_that_no_time_is_set_aside_for(desk: Desk) -> None:
    here = shop(desk)
    here.order("LATER", hours=3, promised_at=clock("16:00", TUESDAY))
    first = here.order("SOON", hours=2, promised_at=clock("16:00"))
    here.order("UNKNOWN")
    here.order("DONE", hours=2, status="ready")
    assert tray(see(here)) == [("SOON", 2.0), ("LATER", 3.0), ("UNKNOWN", None)]
    here.set_aside(first, "13:00", "14:30", bay_id=here.lift)
    assert tray(see(here))[0] == ("SOON", 0.5), "what is left of it stays"
    here.set_aside(first, "14:30", "15:00", staff_id=here.eva)
    assert [plate for plate, _ in tray(see(here))] == ["LATER", "UNKNOWN"]


def test_labour_lines_know_better_than_the_guess_and_worked_time_is_done(desk: Desk) -> None:
    here = shop(desk)
    order = here.order("A-1", hours=2)
    for quantity in (1500, 2500):
        desk.do(create_line, {"order_id": order, "kind": "labour", "description": "Work", "quantity": quantity})
    assert tray(see(here)) == [("A-1", 4.0)]
    punched = {"staff_id": here.tom, "order_id": order}
    desk.do(punch, {**punched, "direction": "in", "at": clock("8:00", SUNDAY - dt.timedelta(days=7))})
    desk.do(punch, {**punched, "direction": "out", "at": clock("9:30", SUNDAY - dt.timedelta(days=7))})
    assert tray(see(here)) == [("A-1", 2.5)]


def test_what_was_to_be_done_and_is_not_is_carried_over(desk: Desk) -> None:
    here = shop(desk)
    order = here.order("A-1", hours=2, status="in_progress")
    here.set_aside(order, "8:00", "10:00", bay_id=here.lift)
    during, after = see(here, now="9:00"), see(here, now="10:00")
    assert (during.carried_over, tray(during)) == ((), [])
    [carried] = after.carried_over
    assert (carried.job.plate, carried.since, carried.left) == ("A-1", clock("10:00"), 2 * HOUR)
    assert tray(after) == [], "it is in one place"
    here.set_aside(order, "8:00", "10:00", TUESDAY, bay_id=here.lift)
    assert see(here, now="10:00").carried_over == (), "a new time is set aside"
    desk.do(change_repair_order, here.order("B-1", status="in_progress"), {"status": "quality_check"})
    assert "B-1" not in [each.job.plate for each in see(here).unplanned]


# Two terminals --------------------------------------------------------------------------------------------------------


def test_one_bay_booked_twice_on_two_terminals_keeps_both_and_shows_both(two_desks: tuple[Desk, Desk]) -> None:
    one, other = two_desks
    here = shop(one)
    meet(one, other)
    there = Shop(other, here.lift, here.pit, here.tom, here.eva)
    mine = here.set_aside(here.order("A-1"), "8:00", "10:00", bay_id=here.lift, staff_id=here.tom)
    theirs = there.set_aside(there.order("B-1"), "9:00", "11:00", bay_id=here.lift, staff_id=here.eva)
    assert see(here).conflicts == see(there).conflicts == 0
    meet(one, other)
    assert see(here) == see(there)
    blocks = {each.id: each for each in row(see(here), here.lift).blocks}
    assert set(blocks) == {mine, theirs}
    assert [each.words for each in blocks[mine].conflicts] == ["Booked twice"]
    assert blocks[theirs].conflicts[0].others == (mine,)
    there.desk.do(change_allocation, theirs, {"bay_id": here.pit})
    meet(one, other)
    assert see(here).conflicts == 0


def test_moved_on_one_terminal_and_shortened_on_another_it_is_still_seen(two_desks: tuple[Desk, Desk]) -> None:
    one, other = two_desks
    here = shop(one)
    block = here.set_aside(here.order(), "8:00", "10:00", bay_id=here.lift)
    meet(one, other)
    one.do(change_allocation, block, {"starts_at": clock("13:00"), "ends_at": clock("15:00")})
    other.clock.now += 60_000
    other.do(change_allocation, block, {"ends_at": clock("9:00")})
    meet(one, other)
    [found] = row(see(here), here.lift).blocks
    assert (found.start, found.end) == (clock("13:00"), clock("13:15"))
    assert [each.kind for each in found.conflicts] == ["times"]


def test_rows_with_nothing_in_them_are_read_all_the_same(desk: Desk) -> None:
    here = shop(desk)
    here.set_aside(here.order(), "8:00", "10:00", bay_id=here.lift)

    def empty(session: Any, actor: object) -> None:
        from core.planning.models import Absence, Appointment, Shift, WorkBay
        from core.records.moment import fresh_id

        for model in (Absence, Allocation, Appointment, Shift, WorkBay):
            session.add(model(id=fresh_id(session)))
        session.add(Allocation(id=fresh_id(session), starts_at=clock("9:00"), bay_id=fresh_id(session)))
        session.add(Appointment(id=fresh_id(session), starts_at=clock("9:00")))
        session.add(Absence(id=fresh_id(session), starts_at=clock("9:00"), staff_id=here.tom))

    desk.do(empty)
    seen = see(here)
    assert len(seen.rows) == 4, "two bays, one without a name, and one that has not arrived"
    assert len(seen.arrivals) == 1
    assert see(here, "technician").rows


@pytest.mark.parametrize("by", ["bay", "technician"])
def test_the_number_of_statements_does_not_depend_on_how_much_there_is(desk: Desk, by: str) -> None:
    here = shop(desk)

    def fill(count: int, prefix: str) -> None:
        for number in range(count):
            order = here.order(f"{prefix}-{number}", hours=2)
            here.set_aside(order, "8:00", "9:00", bay_id=here.lift, staff_id=here.tom)
            desk.do(create_appointment, {"order_id": here.order(f"{prefix}x-{number}"), "starts_at": clock("8:00")})

    fill(3, "A")
    few = len(desk.statements(day_schedule, MONDAY, by=by, now=clock("7:00"), here=HERE))
    fill(30, "B")
    many = len(desk.statements(day_schedule, MONDAY, by=by, now=clock("7:00"), here=HERE))
    assert many <= few <= 22


def test_what_was_taken_back_is_gone(desk: Desk) -> None:
    here = shop(desk)
    desk.do(delete_allocation, here.set_aside(here.order("A-1"), "8:00", "10:00", bay_id=here.lift))
    assert row(see(here), here.lift).blocks == ()
    assert [plate for plate, _ in tray(see(here))] == ["A-1"]


def test_a_tray_that_does_not_hold_all_orders_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    here = shop(desk)
    for plate in ("A-1", "A-2"):
        here.order(plate, hours=1)
    assert not see(here).cut
    monkeypatch.setattr("core.planning.unplanned.MOST", 1)
    assert (see(here).cut, len(see(here).unplanned)) == (True, 1)
