"""Hours there are: on shift, less breaks, absences and what is set aside; by skill and by what bays have."""

import datetime as dt
from zoneinfo import ZoneInfo

from core.planning.absences import create_absence
from core.planning.capacity import DayCapacity, Hours, capacity, hours_of
from core.planning.shifts import create_shift
from tests.core.people.desk import Desk
from tests.core.planning.stage import HERE, HOUR, MONDAY, Shop, clock, shop


def day(here: Shop, now: str = "0:00", date: dt.date = MONDAY) -> DayCapacity:
    [found] = here.desk.see(capacity, clock("0:00", date), clock("24:00", date), now=clock(now), here=HERE)
    return found


def hours(found: Hours) -> tuple[float, float, float, float]:
    return found.on_shift / HOUR, found.away / HOUR, found.booked / HOUR, found.left / HOUR


def test_hours_by_person_skill_and_bay(desk: Desk) -> None:
    here = shop(desk)
    order = here.order()
    here.set_aside(order, "8:00", "11:00", bay_id=here.lift, staff_id=here.tom)
    desk.do(create_absence, {"staff_id": here.eva, "starts_at": clock("12:00"), "ends_at": clock("20:00")})
    found = day(here)
    assert hours(found.people) == (16, 4, 3, 9)
    assert {name: hours(each) for name, each in found.skills.items()} == {
        "Brakes": (16, 4, 3, 9),
        "tyres": (8, 4, 0, 4),
    }
    assert {name: hours(each)[3] for name, each in found.equipment.items()} == {
        "brake tester": 5.0,
        "Four-post lift": 5.0,
        "pit": 8.0,
    }


def test_what_is_past_is_not_left(desk: Desk) -> None:
    here = shop(desk)
    assert hours(day(here, "14:00").people) == (16, 0, 0, 4)
    assert hours(day(here, "18:00").people) == (16, 0, 0, 0)


def test_booked_twice_and_beyond_the_shift_leaves_no_less_than_nothing(desk: Desk) -> None:
    here = shop(desk)
    order = here.order()
    for start, end in (("8:00", "12:00"), ("10:00", "16:00"), ("16:00", "18:00")):
        here.set_aside(order, start, end, staff_id=here.tom)
    assert hours(day(here).skills["tyres"]) == (8, 0, 0, 8)
    assert hours(day(here).people) == (16, 0, 10, 8)


def test_breaks_are_not_hours_and_a_shift_entered_twice_has_one(desk: Desk) -> None:
    here = shop(desk, shifts=False)
    for _ in range(2):
        shift = {"staff_id": here.tom, "weekday": 1, "starts": 480, "ends": 960, "break_minutes": 60}
        desk.do(create_shift, shift)
    assert hours(day(here).people) == (7, 0, 0, 7)
    assert hours(day(here, "12:00").people) == (7, 0, 0, 3.5), "in the middle of the break in the middle of the shift"
    here.set_aside(here.order(), "8:00", "16:00", staff_id=here.tom)
    assert hours(day(here).people)[3] == 0


def test_a_break_comes_off_until_it_was_taken_and_not_a_share_of_it_all_day(desk: Desk) -> None:
    here = shop(desk, shifts=False)
    desk.do(create_shift, {"staff_id": here.tom, "weekday": 1, "starts": 480, "ends": 960, "break_minutes": 60})
    here.set_aside(here.order(), "9:00", "11:00", staff_id=here.tom)
    here.set_aside(here.order("A-2"), "14:00", "15:00", staff_id=here.tom)
    assert [day(here, now).people.left / HOUR for now in ("0:00", "10:00", "11:00", "12:30", "14:30", "15:30")] == [
        4.0, 3.0, 3.0, 2.5, 1.0, 0.5,
    ]  # fmt: skip
    assert [day(here, now).people.ahead / HOUR for now in ("0:00", "14:00", "16:00")] == [7.0, 2.0, 0.0]


def test_what_is_booked_is_booked_ahead_and_a_finished_order_books_nothing(desk: Desk) -> None:
    here = shop(desk)
    runs, ready = here.order(), here.order("A-2", status="ready")
    for order, start, end in ((runs, "8:00", "12:00"), (ready, "13:00", "15:00")):
        here.set_aside(order, start, end, bay_id=here.pit, staff_id=here.tom)
    assert hours(day(here).people) == (16, 0, 4, 12)
    assert hours(day(here, "10:00").people) == (16, 0, 2, 10)
    assert hours(day(here, "13:00").people) == (16, 0, 0, 6)
    assert hours(day(here, "13:00").equipment["pit"]) == (8, 0, 0, 3)


def test_what_is_booked_of_a_bay_alone_is_work_for_somebody(desk: Desk) -> None:
    here = shop(desk)
    here.set_aside(here.order(), "8:00", "11:00", bay_id=here.lift)
    here.set_aside(here.order("A-2"), "15:00", "17:00", bay_id=here.lift)  # an hour of it beyond all shifts
    assert hours(day(here).people) == (16, 0, 5, 12)
    assert hours(day(here).skills["tyres"]) == (8, 0, 0, 8), "nobody knows yet whose hours they are"


def test_days_of_the_change_of_clocks_have_their_own_length() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    def midnight(day: dt.date) -> int:
        return round(dt.datetime.combine(day, dt.time(), berlin).timestamp() * 1000)

    spring = midnight(dt.date(2027, 3, 28)), midnight(dt.date(2027, 3, 29))
    assert hours(hours_of(spring, [spring], [], [], 0))[0] == 23


def test_a_week_asks_five_statements(desk: Desk) -> None:
    shop(desk)
    asked = desk.statements(capacity, clock("0:00"), clock("0:00") + 7 * 24 * HOUR, now=0, here=HERE)
    assert len(asked) == 5
