"""Days where the shop is: the machine's own time zone, and what "minutes after midnight" are on a day of it.

A day has 23, 24 or 25 hours. Shifts are what the clock on the wall says, so hours come from the difference of two
moments, never of two readings of that clock. A time that a day skips counts by the offset before the jump, one that it
has twice is the first (RFC 5545, 3.3.5).
"""

import datetime as dt
from collections.abc import Iterator

from core.planning.intervals import Span
from core.workshop.hours import zone

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MIN = 24 * 60
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def moment(day: dt.date, minutes: int, here: dt.tzinfo | None = None) -> int:
    """UTC milliseconds when the clock shows ``minutes`` after midnight of ``day``; 1440 and more are the day after."""
    days, rest = divmod(minutes, DAY_MIN)
    wall = dt.datetime.combine(day + dt.timedelta(days=days), dt.time(rest // 60, rest % 60), here or zone())
    return (wall.astimezone(dt.UTC) - _EPOCH) // dt.timedelta(milliseconds=1)


def at(instant_ms: int, here: dt.tzinfo | None = None) -> dt.datetime:
    """A moment as the clock of the shop shows it."""
    return (_EPOCH + dt.timedelta(milliseconds=instant_ms)).astimezone(here or zone())


def day_of(instant_ms: int, here: dt.tzinfo | None = None) -> dt.date:
    """The day of the shop that a moment lies in."""
    return at(instant_ms, here).date()


def day_span(day: dt.date, here: dt.tzinfo | None = None) -> Span:
    """A day from midnight to midnight, UTC milliseconds: 23 to 25 hours."""
    return moment(day, 0, here), moment(day, DAY_MIN, here)


def days_between(start_ms: int, end_ms: int, here: dt.tzinfo | None = None) -> Iterator[dt.date]:
    """The days that a stretch of time touches."""
    if end_ms <= start_ms:
        return
    day, last = day_of(start_ms, here), day_of(end_ms - 1, here)
    while day <= last:
        yield day
        day += dt.timedelta(days=1)
