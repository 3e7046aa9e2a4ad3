"""Whether anybody would believe an odometer: a rule on the readings before and after, and on the vehicle's habits.

Two things are asked about, never stored silently: a value that goes back, and one that rises faster than vehicles do.

How fast is that? In one day 2,000 km: a truck with two drivers may be driven 20 of 24 hours (Regulation (EC) 561/2006,
article 6 and 8 (5): nine hours each, ten twice a week) at 90 km/h (Directive 92/6/EEC), which makes 1,800. Nobody keeps
that up, so beyond ten days it is 300 km a day, 110,000 km a year, more than a taxi in two shifts. That number is
our own choice, made for the error that really happens, a digit too many a year after the last visit: 15,000 km that
become 150,000 are found by it, and by 2,000 a day they would not be. A vehicle that has shown to be driven more is
allowed three times its own average.
"""

import math
from dataclasses import dataclass

from core.language import mark

DAY_MS = 86_400_000
A_DAY = 2_000  # km
LASTING = 300  # km a day, beyond the first days
FIRST_DAYS = 10
OFTEN = 3  # times the vehicle's own average

DECREASE, TOO_FAST = "decrease", "too_fast"
REASONS = {
    DECREASE: mark("It is less than before."),
    TOO_FAST: mark("It rose faster than a vehicle can be driven."),
}


@dataclass(frozen=True, slots=True)
class Point:
    """An odometer at a moment: km, UTC milliseconds."""

    value: int
    at: int


def doubt(point: Point, before: Point | None, after: Point | None, first: Point | None = None) -> str:
    """Why nobody would believe ``point``: "decrease", "too_fast"; "" when there is nothing to ask about.

    ``before`` and ``after`` are the readings next to it in time, ``first`` is the vehicle's first one.
    """
    if (before is not None and point.value < before.value) or (after is not None and point.value > after.value):
        return DECREASE
    usual = a_day(first, before) if first is not None and before is not None else 0
    steps = ((before, point), (point, after))
    if any(a and b and b.value - a.value > furthest(b.at - a.at, usual) for a, b in steps):
        return TOO_FAST
    return ""


def furthest(milliseconds: int, usual: int = 0) -> int:
    """The most km a vehicle is believed to be driven in this time; ``usual``: its own km a day, 0 when not known."""
    days = max(1, math.ceil(milliseconds / DAY_MS))
    lasting = max(LASTING, OFTEN * usual)
    return A_DAY * min(days, FIRST_DAYS) + lasting * max(0, days - FIRST_DAYS)


def a_day(first: Point, last: Point) -> int:
    """km a day between two readings; 0 when they are too near to tell."""
    days = (last.at - first.at) // DAY_MS
    return max(0, last.value - first.value) // days if days >= FIRST_DAYS else 0
