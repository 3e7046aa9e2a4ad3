"""How somebody's work went in a stretch of time, by definitions that can be told to their face.

* **completed**: orders finished in the time on which they were clocked on, or that were theirs by name when nobody was
  ever clocked on to them. Means are of these alone.
* **on time**: of those that were promised.
* **sold**: labour on these orders that was not declined, by the line's own technician, else the order's.
* **efficiency**: sold hours of these orders for each hour they were clocked on to them; nothing is said of less than
  half an hour (``LEAST_MS``), which would tell of a forgotten clock and not of work.
* **utilisation**: hours clocked on for each hour on shift, breaks and absences left out: not of a day of 24 hours.
* **first time**: the share of completed orders that did not come back since.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.insights.codes import CodeCount, top_codes
from core.insights.dashboard import Rate, on_time
from core.insights.finished import Finished, finished, mean
from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.planning.absences import absences_between
from core.planning.intervals import both, length, merged, without
from core.planning.local_days import HOUR_MS, days_between
from core.planning.shifts import shifts_of, stints
from core.records.input import Refused
from core.records.moment import now as present
from core.records.rows import row_of
from core.vehicles.models import Vehicle
from core.workshop.estimate_models import LineDecision
from core.workshop.hours import hours, zone
from core.workshop.line_kinds import LABOUR
from core.workshop.models import ClockPunch, RepairOrder, RepairOrderLine
from core.workshop.totals import ONE

_THOUSAND = 1000
LEAST_MS = HOUR_MS // 2
LONGEST_DAYS = 3 * 366
MOST_IDS = 10_000


class Kind(NamedTuple):
    """What a vehicle is."""

    plate: str | None
    make: str | None
    model: str | None


@dataclass(frozen=True, slots=True)
class DoneOrder:
    """An order somebody completed. Hours are thousandths: ``sold`` of all of its labour, ``worked`` by this person."""

    order_id: str
    number: str | None
    plate: str | None
    make: str | None
    model: str | None
    done_at: int
    sold: int
    worked: int
    on_time: bool | None


@dataclass(frozen=True, slots=True)
class Performance:
    """How somebody did. Hours in thousandths; ``mean_sold`` and ``mean_worked`` of a completed order, in hours.

    ``efficiency`` and ``utilisation`` are ratios (1 is as sold, or all of the shift); None without anything to divide
    by. ``orders``: the last ones first, ``shown`` of all that were completed.
    """

    staff_id: str
    name: str | None
    start: int
    end: int
    orders_worked_on: int
    completed: int
    mean_sold: float | None
    mean_worked: float | None
    on_time: Rate
    first_time: Rate
    worked: int
    on_shift: int
    sold: int
    efficiency: float | None
    utilisation: float | None
    makes: int
    models: int
    codes: tuple[CodeCount, ...]
    orders: tuple[DoneOrder, ...]


def performance(
    session: Session,
    actor: Actor,
    staff_id: str,
    *,
    start: int,
    end: int,
    here: dt.tzinfo | None = None,
    most: int = 100,
) -> Performance:
    """The figures from ``start`` until before ``end`` (UTC ms), in a fixed number of statements.

    Everybody sees their own, the desk everybody's. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "figures.read", SimpleNamespace(id=staff_id))
    if not 0 <= start < end or end - start > LONGEST_DAYS * 24 * HOUR_MS:
        raise Refused(("end", tr("The end must come after the start, within three years.")))
    person = row_of(session, Staff, staff_id, deleted=True)
    now, place = present(session), here or zone()
    clocked = hours(session, start=start, end=end, until=now, staff_id=staff_id, here=place)
    done = _theirs(session, staff_id, finished(session, start, min(end, now + 1), staff_id=staff_id))
    sold, of_order = _sold(session, staff_id, done)
    worked_on_done = _worked_on(session, staff_id, [each.order_id for each in done], now)
    kinds = _kinds(session, done)
    worked = sum(each.ms for each in clocked)
    on_shift = _on_shift(session, staff_id, start, min(end, max(now, start)), place)
    orders = tuple(_order(each, kinds, of_order, worked_on_done) for each in reversed(done))
    clocked_on_done = sum(worked_on_done.values())
    mean_sold, mean_worked = mean(each.sold for each in orders), mean(each.worked for each in orders)
    return Performance(
        staff_id=staff_id,
        name=person.name,
        start=start,
        end=end,
        orders_worked_on=len({each.order_id for each in clocked}),
        completed=len(done),
        mean_sold=None if mean_sold is None else mean_sold / _THOUSAND,
        mean_worked=None if mean_worked is None else mean_worked / _THOUSAND,
        on_time=on_time(done),
        first_time=_first_time(session, done),
        worked=worked * _THOUSAND // HOUR_MS,
        on_shift=on_shift * _THOUSAND // HOUR_MS,
        sold=sold,
        efficiency=sold * HOUR_MS / _THOUSAND / clocked_on_done if clocked_on_done >= LEAST_MS else None,
        utilisation=worked / on_shift if on_shift else None,
        makes=len({kind.make for kind in kinds.values() if kind.make}),
        models=len({(kind.make, kind.model) for kind in kinds.values() if kind.make and kind.model}),
        codes=top_codes(done),
        orders=orders[:most],
    )


def _theirs(session: Session, staff_id: str, done: Collection[Finished]) -> list[Finished]:
    """Those they worked on. An order that bears their name, while only others were clocked on to it, is the others'."""
    on: dict[str, set[str]] = defaultdict(set)
    for some in _few([each.order_id for each in done]):
        query = select(ClockPunch.order_id, ClockPunch.staff_id).where(ClockPunch.order_id.in_(some))
        for order_id, person in session.execute(query.where(ClockPunch.deleted_at.is_(None)).distinct()):
            on[str(order_id)].add(str(person))
    return [each for each in done if staff_id in on[each.order_id] or not on[each.order_id]]


def _few(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids in numbers that a statement bears: SQLite takes 32,766 values, PostgreSQL 65,535."""
    for start in range(0, len(ids), MOST_IDS):
        yield ids[start : start + MOST_IDS]


def _sold(session: Session, staff_id: str, done: Collection[Finished]) -> tuple[int, Mapping[str, int]]:
    """Labour of these orders that was not declined, thousandths of an hour: this person's of all, and by order."""
    line, said = RepairOrderLine, LineDecision
    last = (
        select(said.decision)
        .where(said.line_id == line.id, said.deleted_at.is_(None))
        .order_by(func.coalesce(said.decided_at, 0).desc(), said.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(line.order_id, line.technician_id, func.sum(func.coalesce(line.quantity, ONE))).where(
        line.kind == LABOUR,
        line.deleted_at.is_(None),
        func.coalesce(last, "") != "declined",
    )
    whose = {each.order_id: each.technician_id for each in done}
    by_order: Counter[str] = Counter()
    mine = 0
    for some in _few(list(whose)):
        asked = query.where(line.order_id.in_(some)).group_by(line.order_id, line.technician_id)
        for order_id, technician, quantity in session.execute(asked):
            by_order[str(order_id)] += int(quantity or 0)
            if (technician or whose.get(str(order_id)) or staff_id) == staff_id:
                mine += int(quantity or 0)
    return mine, by_order


def _worked_on(session: Session, staff_id: str, orders: Sequence[str], now: int) -> Mapping[str, int]:
    """Milliseconds this person was clocked on to each of these orders, whenever that was."""
    first = select(func.min(ClockPunch.at)).where(ClockPunch.staff_id == staff_id, ClockPunch.deleted_at.is_(None))
    begun = [session.scalar(first.where(ClockPunch.order_id.in_(some))) for some in _few(orders)]
    since = min((each for each in begun if each is not None), default=None)
    if since is None:
        return {}
    wanted = set(orders)
    found: Counter[str] = Counter()
    for each in hours(session, start=since, end=now + 1, until=now, staff_id=staff_id):
        if each.order_id in wanted:
            found[each.order_id] += each.ms
    return found


def _kinds(session: Session, done: Collection[Finished]) -> Mapping[str, Kind]:
    """What each vehicle is."""
    wanted = sorted({each.vehicle_id for each in done if each.vehicle_id})
    query = select(Vehicle.id, Vehicle.plate, Vehicle.make, Vehicle.model)
    found = (row for some in _few(wanted) for row in session.execute(query.where(Vehicle.id.in_(some))))
    return {row.id: Kind(row.plate, row.make, row.model) for row in found}


def _first_time(session: Session, done: Collection[Finished]) -> Rate:
    wanted = [each.order_id for each in done]
    back = select(func.count(RepairOrder.comeback_of.distinct())).where(RepairOrder.deleted_at.is_(None))
    came = sum(session.scalar(back.where(RepairOrder.comeback_of.in_(some))) or 0 for some in _few(wanted))
    return Rate(1 - came / len(wanted) if wanted else None, len(wanted))


def _on_shift(session: Session, staff_id: str, start: int, end: int, here: dt.tzinfo) -> int:
    """Milliseconds on shift, breaks and absences left out."""
    mine = stints(shifts_of(session, [staff_id]), days_between(start, end, here), here)
    away = [
        (each.starts_at or 0, each.ends_at if each.ends_at is not None else end)
        for each in absences_between(session, start, end)
        if each.staff_id == staff_id
    ]
    total = 0
    for each in mine:
        whole = both([each.span], [(start, end)])
        net = without(merged(whole), merged(away))
        share = length(net) / length(whole) if length(whole) else 0.0
        pause = each.break_ms * length(whole) // max(1, each.span[1] - each.span[0])
        total += max(0, length(net) - int(pause * share))
    return total


def _order(
    each: Finished,
    kinds: Mapping[str, Kind],
    sold: Mapping[str, int],
    worked: Mapping[str, int],
) -> DoneOrder:
    plate, make, model = kinds.get(each.vehicle_id or "", Kind(None, None, None))
    return DoneOrder(
        order_id=each.order_id,
        number=each.number,
        plate=plate,
        make=make,
        model=model,
        done_at=each.done_at,
        sold=sold.get(each.order_id, 0),
        worked=worked.get(each.order_id, 0) * _THOUSAND // HOUR_MS,
        on_time=each.on_time,
    )
