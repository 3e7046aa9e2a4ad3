"""The next free time: "two hours on a four-post lift with someone who does brakes"."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.language import tr
from core.planning.floor import Floor, Resource, read_floor
from core.planning.intervals import Span, both
from core.planning.local_days import MINUTE_MS
from core.planning.skills import missing
from core.records.input import Refused
from core.records.moment import now as present
from core.workshop.hours import zone

GRID_MS = 15 * MINUTE_MS
AHEAD_MS = 28 * 86_400_000  # how far is looked when nobody says
FURTHEST_MS = 92 * 86_400_000
LONGEST_MIN = 16 * 60
MOST = 50
_ANYWHERE = Resource("", "", (), True)


@dataclass(frozen=True, slots=True)
class Slot:
    """Free time from ``start`` to ``end`` (UTC ms). ``bay_id`` "" where the shop has no bays."""

    start: int
    end: int
    bay_id: str
    bay: str
    staff_id: str
    staff: str


@dataclass(frozen=True, slots=True)
class Found:
    """Slots, the earliest first. ``why``: in words, what there is nobody or nothing for, when there are none."""

    slots: tuple[Slot, ...]
    why: str = ""


Free = tuple[str, tuple[Span, ...]]  # somebody or a bay, and when


def next_free(
    session: Session,
    *,
    minutes: int,
    skills: str | None = None,
    equipment: str | None = None,
    after: int | None = None,
    before: int | None = None,
    count: int = 3,
    staff_id: str | None = None,
    now: int | None = None,
    here: dt.tzinfo | None = None,
) -> Found:
    """When somebody with all of ``skills`` and a bay with all of ``equipment`` (words by comma) are free together.

    From ``after`` (now) until ``before`` (four weeks on), UTC ms; at most ``count``, that do not overlap. Whoever has
    the fewest further skills is taken, and the bay with the least further equipment. Raises ``Refused``.
    """
    begins = max(present(session) if now is None else now, after or 0)
    ends = before if before is not None else begins + AHEAD_MS
    _check(minutes, count, begins, ends)
    if ends <= begins:
        return Found(())
    floor = read_floor(session, begins, ends, here or zone())
    return found_on(floor, minutes, skills, equipment, count=count, staff_id=staff_id)


def found_on(
    floor: Floor,
    minutes: int,
    skills: str | None,
    equipment: str | None,
    *,
    count: int = 3,
    staff_id: str | None = None,
) -> Found:
    """``next_free`` on a floor that was read already. Pure."""
    wanted = [each for each in floor.people if each.planned and (staff_id is None or each.id == staff_id)]
    people = [each for each in wanted if not missing(skills, ", ".join(each.words))]
    places = [each for each in floor.bays if each.planned] or ([] if equipment else [_ANYWHERE])
    bays = [each for each in places if not missing(equipment, ", ".join(each.words))]
    if why := _why_not(floor, people, bays, skills, equipment):
        return Found((), why)
    people.sort(key=lambda each: len(each.words))
    bays.sort(key=lambda each: len(each.words))
    everywhere = ((floor.start, floor.end),)
    slots = free_slots(
        [(each.id, floor.free(each)) for each in people],
        [(each.id, floor.free(each) if each.id else everywhere) for each in bays],
        minutes * MINUTE_MS,
        floor.start,
        count=count,
    )
    names = {each.id: each.name for each in (*people, *bays)}
    return Found(
        tuple(
            Slot(start, start + minutes * MINUTE_MS, bay, names[bay], person, names[person])
            for start, bay, person in slots
        ),
        "" if slots else tr("Nothing is free for so long in that time."),
    )


def free_slots(
    people: Sequence[Free], bays: Sequence[Free], duration: int, after: int, *, count: int = 1, grid: int = GRID_MS
) -> list[tuple[int, str, str]]:
    """``(start, bay, person)``: the earliest starts on the grid where a bay and a person are free for ``duration``.

    Each begins when the one before would have ended, or later. Of several at one moment the first bay is taken, and for
    it the first person. Pure; all in the same unit.
    """
    pairs = [(bay, person, both(spans, free)) for bay, spans in bays for person, free in people]
    found: list[tuple[int, str, str]] = []
    while len(found) < count:
        best: tuple[int, str, str] | None = None
        for bay, person, free in pairs:
            start = _first(free, duration, after, grid)
            if start is not None and (best is None or start < best[0]):
                best = start, bay, person
        if best is None:
            break
        found.append(best)
        after = best[0] + duration
    return found


def _first(free: Sequence[Span], duration: int, after: int, grid: int) -> int | None:
    for begins, ends in free:
        start = -(-max(begins, after) // grid) * grid
        if start + duration <= ends:
            return start
    return None


def _why_not(
    floor: Floor, people: Sequence[Resource], bays: Sequence[Resource], skills: str | None, equipment: str | None
) -> str:
    if not any(each.planned for each in floor.people):
        return tr("Nobody is known whom work could be given to: technicians are entered on the page Settings.")
    if not people:
        return tr("Nobody does all of this: {skills}.", skills=skills or "")
    if not bays:
        return tr("No bay has all of this: {equipment}.", equipment=equipment or "")
    if not any(each.id in floor.on_shift() for each in people):
        return tr("Nobody of those who could do it has a shift in that time: enter shifts first.")
    return ""


def _check(minutes: int, count: int, begins: int, ends: int) -> None:
    words = tr("This must be from {lowest} to {highest}.", lowest=1, highest=LONGEST_MIN)
    if not 1 <= minutes <= LONGEST_MIN:
        raise Refused(("minutes", words))
    if not 1 <= count <= MOST:
        raise Refused(("count", tr("This must be from {lowest} to {highest}.", lowest=1, highest=MOST)))
    if ends - begins > FURTHEST_MS:
        raise Refused(("before", tr("This is too long: {days} days at most.", days=FURTHEST_MS // 86_400_000)))
