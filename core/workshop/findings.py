"""What merging cannot hold: each terminal did right, and together it does not fit. Found afterwards, and shown.

The rules are pure functions on what was read; ``findings`` reads and asks them all. Nothing here ever stops a sync.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import Staff
from core.records.moment import now
from core.records.rows import by_id
from core.vehicles.models import Vehicle
from core.workshop.clock import PunchView, clocked_on, open_punches
from core.workshop.hours import HOUR_MS, LOOK_BACK_MS, Stretch, punches_since, stretches
from core.workshop.models import RepairOrder
from core.workshop.stock_findings import Below, stock_below_zero

CLOCKED_TWICE = "clocked_twice"
CLOCKED_LONG = "clocked_long"
OVERLAP = "overlap"
CLOCK_WRONG = "clock_wrong"
SAME_NUMBER = "same_number"
SAME_VIN = "same_vin"
BELOW_ZERO = "below_zero"

WORDS = {
    CLOCKED_TWICE: mark("{name} is clocked on to {count} orders at once."),
    CLOCKED_LONG: mark("{name} has been clocked on for more than twelve hours."),
    OVERLAP: mark("{name} was clocked on to {count} orders at the same time."),
    CLOCK_WRONG: mark("{name} clocked on or off where the clock was wrong: look whether the hours are right."),
    SAME_NUMBER: mark("{count} repair orders have the number {name}."),
    SAME_VIN: mark("{count} vehicles have the VIN {name}."),
    BELOW_ZERO: mark("The store shows less than nothing of {name}: count it."),
}

LONGEST_MS = 12 * HOUR_MS

Named = tuple[str, str | None]  # row id, what it is called


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for a person to put right. ``rows``: ids in ``table``; ``name``: whose or which, as people call it."""

    kind: str
    table: str
    rows: tuple[str, ...]
    name: str

    @property
    def words(self) -> str:
        """What was found, in the person's language."""
        return tr(WORDS[self.kind], name=self.name, count=len(self.rows))


def clocked_twice(punches: Iterable[PunchView]) -> tuple[Finding, ...]:
    """People with more than one open punch. ``rows`` are the punches, ``name`` is the id of the person."""
    by_person: dict[str, list[str]] = defaultdict(list)
    for each in open_punches(punches):
        by_person[each.staff_id or ""].append(each.id)
    return tuple(
        Finding(CLOCKED_TWICE, "clock_punches", tuple(open_), person)
        for person, open_ in sorted(by_person.items())
        if person and len(open_) > 1
    )


def clocked_long(punches: Iterable[PunchView], now: int) -> tuple[Finding, ...]:
    """People who are clocked on for longer than anybody works. ``now``: UTC milliseconds; ``name``: their id."""
    forgotten = (each for each in open_punches(punches) if each.at is not None and now - each.at > LONGEST_MS)
    return tuple(
        Finding(CLOCKED_LONG, "clock_punches", (each.id,), each.staff_id) for each in forgotten if each.staff_id
    )


def overlapping(punches: Iterable[PunchView], until: int) -> tuple[Finding, ...]:
    """People who were clocked on to several orders at the same time, and are not any more (``clocked_twice`` has who
    still is). ``rows`` are the orders, ``name`` is the id of the person.
    """
    by_person: dict[str, list[Stretch]] = defaultdict(list)
    for each in stretches(punches, until):
        if not each.open:
            by_person[each.staff_id].append(each)
    found = []
    for person, mine in sorted(by_person.items()):
        orders: set[str] = set()
        latest = mine[0]
        for each in mine[1:]:
            if each.start < latest.end and each.order_id != latest.order_id:
                orders |= {latest.order_id, each.order_id}
            latest = max(latest, each, key=lambda one: one.end)
        if orders:
            found.append(Finding(OVERLAP, "repair_orders", tuple(sorted(orders)), person))
    return tuple(found)


def clock_wrong(punches: Iterable[PunchView]) -> tuple[Finding, ...]:
    """People with punches of which the terminal's clock said another time: how long they worked is not certain.
    ``rows`` are the orders, ``name`` is the id of the person.
    """
    orders: dict[str, set[str]] = defaultdict(set)
    for each in punches:
        if each.doubtful and each.staff_id and each.order_id:
            orders[each.staff_id].add(each.order_id)
    return tuple(
        Finding(CLOCK_WRONG, "repair_orders", tuple(sorted(rows)), person) for person, rows in sorted(orders.items())
    )


def same_number(orders: Iterable[Named]) -> tuple[Finding, ...]:
    """Repair orders that are called the same."""
    return _doubles(SAME_NUMBER, "repair_orders", orders)


def same_vin(vehicles: Iterable[Named]) -> tuple[Finding, ...]:
    """Vehicles that were entered twice, at terminals that could not see each other."""
    return _doubles(SAME_VIN, "vehicles", vehicles)


def below_zero(parts: Iterable[Below]) -> tuple[Finding, ...]:
    """Parts that were taken more often than there were any."""
    return tuple(Finding(BELOW_ZERO, "parts", (each.part_id,), each.name) for each in parts)


def findings(session: Session, *, at: int | None = None) -> tuple[Finding, ...]:
    """All that does not fit at a moment (UTC milliseconds; now when not said), in seven queries at most."""
    at = now(session) if at is None else at
    open_ = clocked_on(session)
    lately = punches_since(session, at - LOOK_BACK_MS)
    clocked = (*clocked_twice(open_), *clocked_long(open_, at), *overlapping(lately, at), *clock_wrong(lately))
    names = {id_: row.name for id_, row in by_id(session, Staff, [each.name for each in clocked]).items()}
    named = (replace(each, name=names.get(each.name) or each.name) for each in clocked)
    doubles = (*same_number(_repeated(session, RepairOrder)), *same_vin(_repeated(session, Vehicle)))
    return (*named, *doubles, *below_zero(stock_below_zero(session)))


def _doubles(kind: str, table: str, rows: Iterable[Named]) -> tuple[Finding, ...]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for row, name in rows:
        if name:
            by_name[name].append(row)
    found = ((name, sorted(ids)) for name, ids in sorted(by_name.items()) if len(ids) > 1)
    return tuple(Finding(kind, table, tuple(ids), name) for name, ids in found)


def _repeated(session: Session, model: type[RepairOrder] | type[Vehicle]) -> list[Named]:
    """Rows whose name others have too, found by the database: it has the index, and there may be 100,000."""
    name = RepairOrder.number if model is RepairOrder else Vehicle.vin
    here = (model.deleted_at.is_(None), name.is_not(None))
    often = select(name).where(*here).group_by(name).having(func.count() > 1)
    return [(row[0], row[1]) for row in session.execute(select(model.id, name).where(*here, name.in_(often)))]
