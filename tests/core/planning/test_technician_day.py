"""One person's own day, and the calendar file of it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from core.planning.absences import create_absence
from core.planning.allocations import change_allocation, delete_allocation
from core.planning.calendar import technician_calendar
from core.planning.shifts import create_shift
from core.planning.technician_day import TechnicianSchedule, technician_schedule
from core.records.input import NotFound
from tests.core.people.desk import NOBODY, Desk
from tests.core.planning.stage import HERE, HOUR, Shop, clock, shop

BERLIN = ZoneInfo("Europe/Berlin")


def monday(here: Shop) -> TechnicianSchedule:
    day = clock("0:00"), clock("24:00")
    return here.desk.see(technician_schedule, here.tom, *day, now=clock("7:00"), here=HERE)


def events(here: Shop, zone: dt.tzinfo = BERLIN) -> list[Any]:
    text = here.desk.see(technician_calendar, here.tom, clock("0:00"), clock("24:00"), now=clock("7:00"), here=zone)
    return icalendar.Calendar.from_ical(text).walk("VEVENT")


def test_utilisation_is_held_against_hours_on_shift(desk: Desk) -> None:
    here = shop(desk)
    order = here.order("A-1", technician_id=here.tom)
    here.set_aside(order, "8:00", "10:00", staff_id=here.tom)
    here.set_aside(order, "9:00", "11:00", staff_id=here.tom)
    here.set_aside(order, "8:00", "12:00", staff_id=here.eva)
    desk.do(create_absence, {"staff_id": here.tom, "starts_at": clock("14:00"), "ends_at": clock("18:00")})
    seen = monday(here)
    assert (seen.orders, seen.planned, seen.on_shift) == (1, 3 * HOUR, 6 * HOUR)
    assert seen.utilisation == 50
    assert [each.start for each in seen.blocks] == [clock("8:00"), clock("9:00")]
    assert len(seen.away) == 1


def test_without_a_shift_there_is_no_utilisation_and_own_orders_wait(desk: Desk) -> None:
    here = shop(desk, shifts=False)
    here.order("MINE", technician_id=here.tom)
    here.order("HERS", technician_id=here.eva)
    seen = monday(here)
    assert seen.utilisation is None
    assert [each.job.plate for each in seen.unplanned] == ["MINE"]
    with pytest.raises(NotFound):
        desk.see(technician_schedule, NOBODY, 0, 1)


def test_a_shift_of_the_night_reaches_into_the_day(desk: Desk) -> None:
    here = shop(desk, shifts=False)
    desk.do(create_shift, {"staff_id": here.tom, "weekday": 7, "starts": 22 * 60, "ends": 30 * 60})
    assert monday(here).shifts == ((clock("0:00"), clock("6:00")),)


def test_an_event_keeps_its_uid_and_its_sequence_rises(desk: Desk) -> None:
    here = shop(desk)
    block = here.set_aside(here.order("A-1"), "8:00", "10:00", bay_id=here.lift, staff_id=here.tom)
    [first] = events(here)
    assert str(first["uid"]) == f"{block}@bayline"
    assert (str(first["summary"]), str(first["location"])) == ("A-1 · Job of A-1", "Bay 1")
    assert first.decoded("dtstart") == dt.datetime(2026, 11, 23, 9, tzinfo=BERLIN)
    assert first.decoded("dtend") - first.decoded("dtstart") == dt.timedelta(hours=2)
    assert first.decoded("dtstamp").utcoffset() == dt.timedelta(0)
    desk.clock.now += 60_000
    desk.do(change_allocation, block, {"starts_at": clock("13:00")})
    [moved] = events(here)
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] > first["sequence"]
    assert moved["dtstamp"].dt > first["dtstamp"].dt
    desk.do(delete_allocation, block)
    assert events(here) == []


def test_the_zone_is_in_the_file_and_one_without_a_name_becomes_utc(desk: Desk) -> None:
    here = shop(desk)
    here.set_aside(here.order("A-1"), "8:00", "10:00", staff_id=here.tom)
    day = clock("0:00"), clock("24:00")
    text = desk.see(technician_calendar, here.tom, *day, now=clock("7:00"), here=BERLIN).decode()
    assert "DTSTART;TZID=Europe/Berlin:20261123T090000" in text
    assert "BEGIN:VTIMEZONE" in text
    [event] = events(here, dt.timezone(dt.timedelta(hours=1)))
    assert event.to_ical().count(b"DTSTART:20261123T080000Z") == 1


def test_the_whole_of_it_asks_a_bounded_number_of_statements(desk: Desk) -> None:
    here = shop(desk)
    for number in range(20):
        here.set_aside(here.order(f"A-{number}", technician_id=here.tom), "8:00", "10:00", staff_id=here.tom)
    assert len(desk.statements(technician_schedule, here.tom, clock("0:00"), clock("24:00"))) <= 20
