"""Hours from punches: how long who worked on what, by order, by person and by day, and against what was expected.

Punches are facts and may come in any order, twice, or without their other half. A punch in counts until the next out of
the same person at the same order, one that has none until ``until``; an out without an in counts nothing. While
somebody is clocked on to several orders at once (terminals that were apart) each of them gets its share of the time, so
that the hours of the orders always come to the hours of the people. ``findings`` shows what does not fit.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from babel.localtime import get_localzone
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.workshop.clock import IN, OUT, PUNCHED_AT, PunchView
from core.workshop.estimate_models import LineDecision
from core.workshop.line_kinds import LABOUR
from core.workshop.models import ClockPunch, RepairOrder, RepairOrderLine

HOUR_MS = 3_600_000
LOOK_BACK_MS = 7 * 24 * HOUR_MS  # how long before a stretch of time a punch in is looked for
_THOUSANDTHS = 1000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time somebody was clocked on to an order, UTC milliseconds. ``open``: still, at ``end``."""

    staff_id: str
    order_id: str
    start: int
    end: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """Time somebody worked on an order on a day (ISO), milliseconds. ``open``: it goes on."""

    staff_id: str
    order_id: str
    day: str
    ms: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class OrderTime:
    """Time of an order in milliseconds: ``estimated`` None when nobody said how long it takes. ``on``: ids of staff
    who are clocked on to it.
    """

    estimated: int | None = None
    actual: int = 0
    on: tuple[str, ...] = ()

    @property
    def left(self) -> int | None:
        """What is left of the estimate; negative: over it. None: not estimated."""
        return None if self.estimated is None else self.estimated - self.actual


def stretches(punches: Iterable[PunchView], until: int) -> tuple[Stretch, ...]:
    """Punches as stretches of time. Pure, and the same in whatever order they come."""
    since: dict[tuple[str, str], PunchView] = {}
    outs: dict[tuple[str, str], PunchView] = {}
    found: list[Stretch] = []
    for each in sorted(punches, key=lambda one: (one.at or 0, one.direction == IN, one.id)):
        if not each.staff_id or not each.order_id or each.at is None:
            continue
        key = each.staff_id, each.order_id
        if each.direction == IN:
            out = outs.get(key)
            if out is None or (out.at, out.id) < (each.at, each.id):  # else in and out at one moment: no time at all
                since.setdefault(key, each)
        elif each.direction == OUT:
            outs[key] = each
            if key in since:
                found.append(Stretch(*key, since.pop(key).at or 0, each.at))
    found += [Stretch(*key, each.at or 0, max(each.at or 0, until), True) for key, each in since.items()]
    return tuple(sorted((each for each in found if each.open or each.start < each.end), key=_place))


def shared(worked: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same time without overlaps of one person: where there are several, each order gets an equal part of it.

    Parts are whole milliseconds and come to the whole. Pure.
    """
    by_person: dict[str, list[Stretch]] = defaultdict(list)
    for each in worked:
        by_person[each.staff_id].append(each)
    found: list[Stretch] = []
    for person in sorted(by_person):
        found += _parted(by_person[person])
    return tuple(sorted(found, key=_place))


def within(worked: Iterable[Stretch], start: int, end: int) -> tuple[Stretch, ...]:
    """What lies between two moments, cut to fit."""
    cut = (
        Stretch(each.staff_id, each.order_id, max(each.start, start), min(each.end, end), each.open and each.end <= end)
        for each in worked
    )
    return tuple(each for each in cut if each.start < each.end or (each.open and start <= each.start == each.end))


def by_day(worked: Iterable[Stretch], here: dt.tzinfo) -> tuple[Worked, ...]:
    """Time by person, order and the shop's day. Give it what ``shared`` returns. Pure."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for each in worked:
        start = each.start
        while start < each.end or (each.open and start == each.start):
            moment = (_EPOCH + dt.timedelta(milliseconds=start)).astimezone(here)
            end = min(each.end, midnight(moment.date() + dt.timedelta(days=1), here))
            found = sums.setdefault((moment.date().isoformat(), each.staff_id, each.order_id), [0, 0])
            found[0] += end - start
            found[1] |= each.open and end == each.end
            if end <= start:
                break
            start = end
    return tuple(Worked(who, what, day, ms, bool(goes_on)) for (day, who, what), (ms, goes_on) in sorted(sums.items()))


def hours(
    session: Session,
    *,
    start: int,
    end: int,
    until: int,
    staff_id: str | None = None,
    here: dt.tzinfo | None = None,
) -> tuple[Worked, ...]:
    """Who worked how long on what on which day, between two moments (UTC milliseconds), in one statement.

    ``until``: now. Somebody who was clocked on more than a week before ``start`` and never off counts nothing.
    """
    query = _since(start - LOOK_BACK_MS).where(ClockPunch.at < end)
    if staff_id is not None:
        query = query.where(ClockPunch.staff_id == staff_id)
    worked = shared(stretches((PunchView(*row) for row in session.execute(query)), min(until, end)))
    return by_day(within(worked, start, end), here or zone())


def punches_since(session: Session, since: int) -> tuple[PunchView, ...]:
    """All punches from a moment on (UTC milliseconds)."""
    return tuple(PunchView(*row) for row in session.execute(_since(since)))


def order_times(session: Session, order_ids: Collection[str], *, until: int) -> dict[str, OrderTime]:
    """Estimated and actual time of these orders and who is on them, in a fixed number of statements."""
    wanted, known = list(dict.fromkeys(order_ids)), frozenset(order_ids)
    expected = estimated(session, wanted)
    theirs = stretches(_of_orders(session, wanted), until)
    people = {each.staff_id for each in theirs}
    others: Iterable[PunchView] = ()
    if people:
        first, last = min(each.start for each in theirs), max(each.end for each in theirs)
        query = _since(first - LOOK_BACK_MS).where(ClockPunch.at <= last)
        at_same_time = (PunchView(*row) for row in session.execute(query))
        others = [each for each in at_same_time if each.staff_id in people and each.order_id not in known]
    actual: dict[str, int] = defaultdict(int)
    for each in shared((*theirs, *stretches(others, until))):
        actual[each.order_id] += each.end - each.start
    on: dict[str, list[str]] = defaultdict(list)
    for each in theirs:
        if each.open:
            on[each.order_id].append(each.staff_id)
    return {id_: OrderTime(expected.get(id_), actual[id_], tuple(on[id_])) for id_ in wanted}


def estimated(session: Session, order_ids: Collection[str]) -> dict[str, int]:
    """How long orders take, milliseconds: the labour of their lines that was not declined, else what the desk guessed.

    Orders nobody said anything of are left out. Two statements.
    """
    wanted = list(dict.fromkeys(order_ids))
    line, said = RepairOrderLine, LineDecision
    last = (
        select(said.decision)
        .where(said.line_id == line.id, said.deleted_at.is_(None))
        .order_by(func.coalesce(said.decided_at, 0).desc(), said.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    labour = select(line.order_id, func.sum(func.coalesce(line.quantity, _THOUSANDTHS))).where(
        line.order_id.in_(wanted), line.deleted_at.is_(None), line.kind == LABOUR, func.coalesce(last, "") != "declined"
    )
    guessed = select(RepairOrder.id, RepairOrder.expected_hours).where(RepairOrder.id.in_(wanted))
    found = {row[0]: int(row[1]) for row in session.execute(guessed) if row[1]}
    found |= {str(row[0]): int(row[1]) for row in session.execute(labour.group_by(line.order_id)) if row[1]}
    return {id_: quantity * HOUR_MS // _THOUSANDTHS for id_, quantity in found.items()}


def zone() -> dt.tzinfo:
    """The time zone of this machine; UTC where it was never set."""
    try:
        return get_localzone()
    except LookupError:
        return dt.UTC


def midnight(day: dt.date, here: dt.tzinfo) -> int:
    """When a day of the shop begins, UTC milliseconds."""
    return (dt.datetime.combine(day, dt.time(), here).astimezone(dt.UTC) - _EPOCH) // dt.timedelta(milliseconds=1)


def day_began(at: int, here: dt.tzinfo | None = None) -> int:
    """When the shop's day of a moment began, UTC milliseconds."""
    zone_ = here or zone()
    return midnight((_EPOCH + dt.timedelta(milliseconds=at)).astimezone(zone_).date(), zone_)


def per_person(worked: Iterable[Worked]) -> Mapping[tuple[str, str], int]:
    """Milliseconds by person and day."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for each in worked:
        sums[each.staff_id, each.day] += each.ms
    return sums


def per_order(worked: Iterable[Worked]) -> Mapping[str, int]:
    """Milliseconds by order."""
    sums: dict[str, int] = defaultdict(int)
    for each in worked:
        sums[each.order_id] += each.ms
    return sums


def _parted(mine: list[Stretch]) -> list[Stretch]:
    """One person's stretches, parted wherever one begins or ends; of a part that several share each gets a piece."""
    edges = sorted({edge for each in mine for edge in (each.start, each.end)})
    waiting = sorted(mine, key=lambda one: one.start, reverse=True)
    there: list[Stretch] = []
    found = [each for each in mine if each.start == each.end]  # just begun: no time yet, and yet clocked on
    for start, end in itertools.pairwise(edges):
        while waiting and waiting[-1].start <= start:
            there.append(waiting.pop())
        there = sorted((each for each in there if each.end > start), key=lambda one: one.order_id)
        for place, each in enumerate(there):
            low = start + (end - start) * place // len(there)
            high = start + (end - start) * (place + 1) // len(there)
            goes_on = each.open and end == each.end
            if low < high or goes_on:
                found.append(Stretch(each.staff_id, each.order_id, low, high, goes_on))
    return found


def _place(each: Stretch) -> tuple[int, int, str, str]:
    return each.start, each.end, each.staff_id, each.order_id


def _of_orders(session: Session, wanted: Collection[str]) -> list[PunchView]:
    return [PunchView(*row) for row in session.execute(_punches().where(ClockPunch.order_id.in_(wanted)))]


_COLUMNS = (
    ClockPunch.id, ClockPunch.staff_id, ClockPunch.order_id, ClockPunch.direction, ClockPunch.at,
    ClockPunch.clock_said, ClockPunch.site,
)  # fmt: skip
_Punches = Select[str, str | None, str | None, str | None, int | None, int | None, str | None]


def _punches() -> _Punches:
    return select(*_COLUMNS).where(ClockPunch.deleted_at.is_(None))


def _since(at: int) -> _Punches:
    """Punches from a moment on, by the index over it: the age of a row says nothing where clocks were wrong."""
    return _punches().where(at <= PUNCHED_AT)
