"""Days of the shop, also the two a year that have not 24 hours."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from core.planning.local_days import HOUR_MS, day_of, day_span, days_between, moment
from core.planning.shifts import ShiftView, stints
from core.workshop.hours import zone

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = dt.date(2027, 3, 28)  # at 2:00 it is 3:00
AUTUMN = dt.date(2026, 10, 25)  # at 3:00 it is 2:00


def utc(text: str) -> int:
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (dt.date(2026, 11, 23), 24)])
def test_a_day_is_as_long_as_it_is(day: dt.date, hours: int) -> None:
    start, end = day_span(day, BERLIN)
    assert end - start == hours * HOUR_MS
    assert day_of(start, BERLIN) == day
    assert day_of(end - 1, BERLIN) == day
    assert day_of(end, BERLIN) == day + dt.timedelta(days=1)


def test_minutes_after_midnight_are_those_of_the_clock_on_the_wall() -> None:
    assert moment(SPRING, 8 * 60, BERLIN) == utc("2027-03-28T08:00:00+02:00")
    assert moment(AUTUMN, 8 * 60, BERLIN) == utc("2026-10-25T08:00:00+01:00")
    assert moment(AUTUMN, 30 * 60, BERLIN) == utc("2026-10-26T06:00:00+01:00"), "beyond 24 hours is the day after"


def test_a_time_that_is_skipped_counts_by_the_offset_before_and_one_that_comes_twice_is_the_first() -> None:
    assert moment(SPRING, 150, BERLIN) == utc("2027-03-28T01:30:00Z")
    assert moment(AUTUMN, 150, BERLIN) == utc("2026-10-25T00:30:00Z")


def test_the_days_of_a_stretch_are_those_it_touches() -> None:
    start = moment(AUTUMN, 23 * 60, BERLIN)
    assert list(days_between(start, start + HOUR_MS, BERLIN)) == [AUTUMN]
    assert list(days_between(start, start + HOUR_MS + 1, BERLIN)) == [AUTUMN, AUTUMN + dt.timedelta(days=1)]
    assert list(days_between(start, start, BERLIN)) == []


@pytest.mark.parametrize(("day", "hours"), [(dt.date(2027, 3, 27), 7), (dt.date(2026, 10, 24), 9)])
def test_a_night_shift_over_the_change_is_an_hour_shorter_or_longer(day: dt.date, hours: int) -> None:
    [stint] = stints([shift(day, 22 * 60, 30 * 60)], [day], BERLIN)
    assert stint.span[1] - stint.span[0] == hours * HOUR_MS


def test_a_shift_holds_from_its_first_to_its_last_day() -> None:
    monday = dt.date(2026, 11, 23)
    weeks = [monday + dt.timedelta(days=7 * week) for week in range(4)]
    bounded = shift(monday, 480, 960, since="2026-11-30", until="2026-12-07")
    assert [stint.span[0] for stint in stints([bounded], weeks, BERLIN)] == [
        moment(day, 480, BERLIN) for day in weeks[1:3]
    ]
    assert stints([shift(monday, 480, None)], weeks, BERLIN) == (), "one that lacks its end is left out"


def test_the_zone_of_the_machine_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert str(zone()) == "America/New_York"
    assert moment(dt.date(2026, 7, 1), 480) == utc("2026-07-01T08:00:00-04:00")


def shift(
    day: dt.date, starts: int | None, ends: int | None, *, since: str | None = None, until: str | None = None
) -> ShiftView:
    return ShiftView("s", "tom", day.isoweekday(), starts, ends, 0, since, until, None, None, None)
