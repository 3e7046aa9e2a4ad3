"""How many hours there are, are booked and are left: of people by skill, of bays by equipment.

This is the one definition of "hours left": the figures, the dashboard and the schedule all ask here. Of today only what
is still ahead counts, as a foreman would say it at the gate. Hours left are the hours on shift still ahead, without
those somebody is away, less the break not yet taken, less what is booked ahead. The break of a shift is taken to lie in
its middle (a shift says how long, not when); whatever time is set aside ahead, the break still comes off what is free.
Time set aside for an order that is ready or delivered books nothing; time of a bay alone is work that somebody will do,
and counts among the hours of all people together.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.planning.floor import Floor, Resource, read_floor
from core.planning.intervals import Span, both, length, without
from core.planning.local_days import day_span, days_between
from core.records.moment import now as present
from core.workshop.hours import zone


@dataclass(frozen=True, slots=True)
class Hours:
    """Milliseconds. ``on_shift``: of the whole day, less breaks; ``away``: of that. From now on: ``ahead`` of these, on
    shift, not away, less breaks not yet taken; ``booked``: set aside for work that is not finished, also beyond the
    shift; ``left``: what of ``ahead`` is not booked.
    """

    on_shift: int = 0
    away: int = 0
    ahead: int = 0
    booked: int = 0
    left: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(
            self.on_shift + other.on_shift,
            self.away + other.away,
            self.ahead + other.ahead,
            self.booked + other.booked,
            self.left + other.left,
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


def hours_of(
    span: Span,
    shift: Iterable[Span],
    away: Iterable[Span],
    booked: Iterable[Span],
    now: int,
    *,
    breaks: Iterable[Span] = (),
) -> Hours:
    """The hours of one bay or person in a stretch of time. Pure."""
    there, coming = both(shift, [span]), [(max(span[0], now), span[1])]
    missing, pauses = both(there, away), both(breaks, there)
    present_ = both(without(there, missing), coming)
    used = both(booked, coming)
    ahead = length(present_) - length(both(pauses, present_))
    return Hours(
        length(there) - length(pauses),
        length(without(missing, pauses)),
        ahead,
        length(used),
        max(0, ahead - length(both(used, present_))),
    )


def hours_by_id(floor: Floor, now: int) -> Mapping[str, Hours]:
    """The hours of each bay and each person on all days of a floor, by its id. Pure."""
    found: dict[str, Hours] = {}
    for day in days_between(floor.start, floor.end, floor.here):
        for some in _hours_on(floor, day, now):
            for resource, hours in some.items():
                found[resource.id] = found.get(resource.id, Hours()) + hours
    return found


def _day(floor: Floor, day: dt.date, now: int) -> DayCapacity:
    people, bays = (
        {each: hours for each, hours in some.items() if each.planned} for some in _hours_on(floor, day, now)
    )
    everybody = _with_nobodys(floor, day_span(day, floor.here), now, sum(people.values(), Hours()))
    return DayCapacity(day.isoformat(), everybody, sum(bays.values(), Hours()), _by_word(people), _by_word(bays))


def _with_nobodys(floor: Floor, span: Span, now: int, people: Hours) -> Hours:
    """The hours of all people with what is booked of nobody yet."""
    coming, doors = [(max(span[0], now), span[1])], floor.open_hours()
    spans = [both([each.span], coming) for each in floor.allocations if not each.staff_id and each.id not in floor.over]
    within = sum(length(both(each, doors)) for each in spans)
    return replace(people, booked=people.booked + sum(map(length, spans)), left=max(0, people.left - within))


def _hours_on(floor: Floor, day: dt.date, now: int) -> tuple[dict[Resource, Hours], dict[Resource, Hours]]:
    """The hours of people and of bays on a day."""
    span = day_span(day, floor.here)
    shifts, away, booked, doors = floor.on_shift(), floor.away(), floor.booked(), floor.open_hours()
    breaks = floor.breaks()

    def person(each: Resource) -> Hours:
        on, off, used = (some.get(each.id, ()) for some in (shifts, away, booked))
        return hours_of(span, on, off, used, now, breaks=breaks.get(each.id, ()))

    def bay(each: Resource) -> Hours:
        return hours_of(span, doors, away.get(each.id, ()), booked.get(each.id, ()), now)

    return {each: person(each) for each in floor.people}, {each: bay(each) for each in floor.bays}


def _by_word(hours: Mapping[Resource, Hours]) -> dict[str, Hours]:
    """Summed by skill or equipment, under the spelling that came first."""
    found: dict[str, Hours] = {}
    spelling: dict[str, str] = {}
    for resource, each in hours.items():
        for word in resource.words:
            name = spelling.setdefault(word.casefold(), word)
            found[name] = found.get(name, Hours()) + each
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))
