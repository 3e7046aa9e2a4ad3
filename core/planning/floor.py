"""Who and what is there in a stretch of time: bays, people, their shifts, absences, and what is set aside already."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.models import Staff
from core.people.roles import Role
from core.planning.absences import AbsenceView, absences_between
from core.planning.allocations import AllocationView, allocations_between
from core.planning.intervals import Span, both, merged, without
from core.planning.local_days import days_between
from core.planning.models import WorkBay
from core.planning.shifts import Stint, shifts_of, stints
from core.planning.skills import words_of
from core.records.rows import shown
from core.workshop.hours import zone

_FOREVER = 1 << 62
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Resource:
    """A bay or a person. ``words``: what it has or what they can do. ``planned``: work is given to it."""

    id: str
    name: str
    words: tuple[str, ...]
    planned: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """A stretch of time from ``start`` to ``end`` (UTC ms) and what it can hold. ``here``: the shop's time zone.

    ``over``: the allocations whose order is finished; their time is shown and books nothing.
    """

    start: int
    end: int
    here: dt.tzinfo
    bays: tuple[Resource, ...]
    people: tuple[Resource, ...]
    stints: tuple[Stint, ...]
    absences: tuple[AbsenceView, ...]
    allocations: tuple[AllocationView, ...]
    over: frozenset[str] = frozenset()

    def on_shift(self) -> Mapping[str, tuple[Span, ...]]:
        """When everybody who has shifts is on them; who has none at all is not in it."""
        spans: dict[str, list[Span]] = {}
        for each in self.stints:
            spans.setdefault(each.staff_id, []).append(each.span)
        return {staff: self.within(some) for staff, some in spans.items()}

    def open_hours(self) -> tuple[Span, ...]:
        """When anybody is on shift: then the doors are open."""
        return self.within(each.span for each in self.stints)

    def away(self) -> Mapping[str, tuple[Span, ...]]:
        """When people are away and bays out of use, by their id."""
        spans: dict[str, list[Span]] = {}
        for each in self.absences:
            span = each.starts_at or 0, _FOREVER if each.ends_at is None else each.ends_at
            for id_ in (each.staff_id, each.bay_id):
                if id_:
                    spans.setdefault(id_, []).append(span)
        return {id_: self.within(some) for id_, some in spans.items()}

    def breaks(self) -> Mapping[str, tuple[Span, ...]]:
        """When people have their break. A shift says how long it is, not when: it is taken to lie in the middle.

        Two shifts of somebody that overlap are one that was entered twice: it has one break, the longer of theirs.
        """
        found: dict[str, list[Span]] = {}
        until: dict[str, int] = {}
        for each in sorted(self.stints, key=lambda stint: (stint.staff_id, stint.span)):
            begins = each.span[0] + (each.span[1] - each.span[0] - each.break_ms) // 2
            pause, mine = (begins, begins + each.break_ms), found.setdefault(each.staff_id, [])
            if mine and each.span[0] < until[each.staff_id]:
                mine[-1] = max(mine[-1], pause, key=lambda span: span[1] - span[0])
            else:
                mine.append(pause)
            until[each.staff_id] = max(until.get(each.staff_id, 0), each.span[1])
        return {staff: self.within(some) for staff, some in found.items()}

    def taken(self) -> Mapping[str, tuple[Span, ...]]:
        """What was ever set aside, by bay and by person."""
        return self._spans(self.allocations)

    def booked(self) -> Mapping[str, tuple[Span, ...]]:
        """What is set aside for work that is not finished, by bay and by person."""
        return self._spans(each for each in self.allocations if each.id not in self.over)

    def _spans(self, allocations: Iterable[AllocationView]) -> Mapping[str, tuple[Span, ...]]:
        spans: dict[str, list[Span]] = {}
        for each in allocations:
            for id_ in (each.staff_id, each.bay_id):
                if id_:
                    spans.setdefault(id_, []).append(each.span)
        return {id_: self.within(some) for id_, some in spans.items()}

    def free(self, resource: Resource) -> tuple[Span, ...]:
        """When somebody is on shift, or the doors are open, and nothing is set aside of them."""
        shift = self.on_shift()
        present = shift.get(resource.id, ()) if resource in self.people else self.open_hours()
        return without(present, (*self.away().get(resource.id, ()), *self.booked().get(resource.id, ())))

    def within(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Time cut to this stretch."""
        return both(merged(spans), [(self.start, self.end)])


def read_floor(session: Session, start: int, end: int, here: dt.tzinfo | None = None) -> Floor:
    """The floor between two moments, in five statements. Work is given to technicians and to who has skills."""
    place = here or zone()
    known = shifts_of(session)
    days = list(days_between(start, end, place))
    before = [days[0] - _DAY] if days else []  # its night shift reaches into the first day
    bays = session.scalars(shown(WorkBay).order_by(func.coalesce(WorkBay.position, 0), WorkBay.id))
    staff = session.scalars(shown(Staff).order_by(func.lower(func.coalesce(Staff.name, "")), Staff.id))
    return Floor(
        start,
        end,
        place,
        tuple(Resource(row.id, row.name or "", words_of(row.equipment), row.active is not False) for row in bays),
        tuple(Resource(row.id, row.name or "", words_of(row.skills), _works(row)) for row in staff),
        stints(known, before + days, place),
        absences_between(session, start, end),
        *allocations_between(session, start, end),
    )


def _works(row: Staff) -> bool:
    return row.active is not False and (row.role == Role.TECHNICIAN.value or bool(row.skills))
