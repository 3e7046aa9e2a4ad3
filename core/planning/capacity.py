"""How many hours there are: of people by skill, of bays by equipment, less who is away and what is set aside."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.planning.floor import Floor, Resource, read_floor
from core.planning.intervals import Span, both, length, without
from core.planning.local_days import day_span, days_between
from core.records.moment import now as present
from core.workshop.hours import zone


@dataclass(frozen=True, slots=True)
class Hours:
    """Milliseconds. ``on_shift`` less breaks; ``away`` of that; ``booked``: set aside, also beyond the shift;
    ``left``: neither away nor set aside nor past.
    """

    on_shift: int = 0
    away: int = 0
    booked: int = 0
    left: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(
            self.on_shift + other.on_shift, self.away + other.away, self.booked + other.booked, self.left + other.left
        )


@dataclass(frozen=True, slots=True)
class DayCapacity:
    """A day (ISO) of the shop. ``people``: of all of them; a person with three skills counts in three of ``skills``."""

    day: str
    people: Hours
    bays: Hours
    skills: Mapping[str, Hours]
    equipment: Mapping[str, Hours]


def capacity(
    session: Session, start: int, end: int, *, now: int | None = None, here: dt.tzinfo | None = None
) -> tuple[DayCapacity, ...]:
    """The days from one moment to another (UTC ms), each from midnight to midnight, in five statements."""
    return capacity_of(read_floor(session, start, end, here or zone()), present(session) if now is None else now)


def capacity_of(floor: Floor, now: int) -> tuple[DayCapacity, ...]:
    """``capacity`` of a floor that was read already. Pure."""
    return tuple(_day(floor, day, now) for day in days_between(floor.start, floor.end, floor.here))


def hours_of(span: Span, shift: Iterable[Span], away: Iterable[Span], taken: Iterable[Span], now: int) -> Hours:
    """The hours of one bay or person in a stretch of time. Pure."""
    on_shift = both(shift, [span])
    missing, used = both(on_shift, away), both(taken, [span])
    free = without(on_shift, (*missing, *used, (min(span[0], now), now)))
    return Hours(length(on_shift), length(missing), length(used), length(free))


def _day(floor: Floor, day: dt.date, now: int) -> DayCapacity:
    span = day_span(day, floor.here)
    shifts, away, taken, doors = floor.on_shift(), floor.away(), floor.taken(), floor.open_hours()
    breaks = _breaks(floor, span)

    def person(each: Resource) -> Hours:
        found = hours_of(span, shifts.get(each.id, ()), away.get(each.id, ()), taken.get(each.id, ()), now)
        return _without_break(found, breaks.get(each.id, 0))

    def bay(each: Resource) -> Hours:
        return hours_of(span, doors, away.get(each.id, ()), taken.get(each.id, ()), now)

    people = {each: person(each) for each in floor.people if each.planned}
    bays = {each: bay(each) for each in floor.bays if each.planned}
    return DayCapacity(
        day.isoformat(), sum(people.values(), Hours()), sum(bays.values(), Hours()), _by_word(people), _by_word(bays)
    )


def _breaks(floor: Floor, span: Span) -> dict[str, int]:
    """The longest break of each person's shifts that begin in ``span``, or both of a day of two shifts.

    Two shifts that overlap are one that was entered twice; it has one break.
    """
    found: dict[str, dict[Span, int]] = {}
    for each in floor.stints:
        if span[0] <= each.span[0] < span[1]:
            mine = found.setdefault(each.staff_id, {})
            clash = next((known for known in mine if known[0] < each.span[1] and each.span[0] < known[1]), each.span)
            mine[clash] = max(mine.get(clash, 0), each.break_ms)
    return {staff: sum(breaks.values()) for staff, breaks in found.items()}


def _without_break(hours: Hours, pause: int) -> Hours:
    """Nobody says when the break is: each part of a shift bears its share of it."""
    if not pause or not hours.on_shift:
        return hours
    share = min(pause, hours.on_shift)

    def net(part: int) -> int:
        return part - share * part // hours.on_shift

    return Hours(net(hours.on_shift), net(hours.away), hours.booked, net(hours.left))


def _by_word(hours: Mapping[Resource, Hours]) -> dict[str, Hours]:
    """Summed by skill or equipment, under the spelling that came first."""
    found: dict[str, Hours] = {}
    spelling: dict[str, str] = {}
    for resource, each in hours.items():
        for word in resource.words:
            name = spelling.setdefault(word.casefold(), word)
            found[name] = found.get(name, Hours()) + each
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))
