"""The board: every order that is in the house as a card in the column of its state, read in a few statements.

A column shows its first cards by promised time and says how many more there are, so that the board stays one look
however much lies in it. Delivered holds what went out today. How many statements it takes does not depend on how many
cards there are.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Customer, Staff
from core.people.roles import Actor, require
from core.records.moment import now
from core.records.paging import check_sought
from core.records.rows import shown
from core.records.search import SearchIndex
from core.vehicles.models import Vehicle
from core.workshop.hours import OrderTime, day_began, order_times
from core.workshop.mentions import unread_counts
from core.workshop.models import OrderLabel, RepairOrder, StatusMove
from core.workshop.moving import statuses
from core.workshop.part_states import PartBadge, part_badges
from core.workshop.states import RANKS, WORDS, Status

WINDOW = 50  # cards a column shows
MOST_WINDOW = 500
MOST_FOUND = 500
ASKED = 240  # characters of what is asked
OTHER = ""  # the column of orders whose state is not known here: a newer program's, or not arrived yet
_FAR = (1 << 62) - 1
_DONE = (Status.READY.value, Status.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cards: those that meet all that is said. ``late``: only what is past its promised time."""

    technician_id: str | None = None
    adviser_id: str | None = None
    bay: str | None = None
    label: str | None = None
    late: bool = False
    text: str = ""

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a card."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """An order on the board. Moments are UTC milliseconds, stretches of time milliseconds.

    ``late``: promised, and neither ready nor gone. ``estimated`` None: nobody said how long it takes. ``on``: who is
    clocked on. ``moved_*``: the last move. ``disputed``: its states, when terminals that were apart set several.
    """

    id: str
    number: str | None
    status: str | None
    disputed: tuple[str, ...]
    vehicle_id: str | None
    plate: str | None
    vehicle: str
    customer: str | None
    asked: str
    promised_at: int | None
    late: bool
    estimated: int | None
    actual: int
    on: tuple[Person, ...]
    parts: PartBadge | None
    unread: int
    label: str | None
    label_color: str | None
    priority: str | None
    technician: Person | None
    adviser: Person | None
    bay: str | None
    key_tag: str | None
    move_id: str | None
    moved_by: str | None
    moved_by_name: str | None
    moved_at: int | None

    @property
    def left(self) -> int | None:
        """Milliseconds left of the estimate; negative: over it."""
        return None if self.estimated is None else self.estimated - self.actual


@dataclass(frozen=True, slots=True)
class Column:
    """A state with its cards, those that are promised first first. ``count``: all there are."""

    status: str
    count: int
    cards: tuple[Card, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)

    @property
    def words(self) -> str:
        return tr(WORDS[Status(self.status)]) if self.status in RANKS else tr("Other")


@dataclass(frozen=True, slots=True)
class Board:
    """The columns in the order of the states. ``mine``: the orders the viewer is clocked on to."""

    columns: tuple[Column, ...]
    filters: Filters
    read_at: int
    mine: tuple[str, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for column in self.columns for card in column.cards)


@dataclass(frozen=True, slots=True)
class Lane:
    """The cards of one technician or bay, by column. ``key``: the person's id or the bay; "": of nobody."""

    key: str
    name: str
    columns: tuple[Column, ...]

    @property
    def count(self) -> int:
        return sum(column.count for column in self.columns)


def board(
    session: Session,
    viewer: Actor,
    filters: Filters | None = None,
    *,
    at: int | None = None,
    window: int = WINDOW,
    here: dt.tzinfo | None = None,
) -> Board:
    """The board as ``viewer`` sees it. ``at``: now, UTC milliseconds; ``window``: cards a column; ``here``: time zone.

    Raises ``Denied``, ``Refused``.
    """
    require(viewer, "repair_orders.read")
    filters = filters or Filters()
    check_sought(technician_id=filters.technician_id, adviser_id=filters.adviser_id, bay=filters.bay)
    check_sought(label=filters.label, text=filters.text)
    at = now(session) if at is None else at
    conditions = [*_in_the_house(day_began(at, here)), *_wanted(session, filters, at)]
    rows, counts = _rows(session, conditions, max(1, min(window, MOST_WINDOW)))
    cards = _cards(session, viewer, rows, at)
    columns = []
    for status in (*RANKS, OTHER):
        mine = tuple(cards[row.id] for row in rows if _column_of(row.status) == status)
        if status != OTHER or mine:
            columns.append(Column(status, counts.get(status, 0), mine))
    on = tuple(card.id for card in cards.values() if any(each.id == viewer.id for each in card.on))
    return Board(tuple(columns), filters, at, on)


def lanes(seen: Board, by: str) -> tuple[Lane, ...]:
    """The same cards in lanes: ``by`` "technician" or "bay"; those of nobody last. Counts are of the cards shown."""
    names: dict[str, str] = {}
    for card in seen.cards:
        key, name = _lane_of(card, by)
        names.setdefault(key, name)
    ordered = sorted(names, key=lambda key: (key == "", _natural(names[key]), key))
    return tuple(Lane(key, names[key], _part(seen.columns, by, key)) for key in ordered)


def list_bays(session: Session) -> tuple[str, ...]:
    """The bays that stand on orders in the house."""
    status, delivered = RepairOrder.status, Status.DELIVERED.value
    open_ = or_(status < delivered, status > delivered)
    query = select(RepairOrder.bay).where(RepairOrder.deleted_at.is_(None), RepairOrder.bay.is_not(None), open_)
    return tuple(sorted({bay for bay in session.scalars(query.distinct()) if bay}))


def is_late(promised_at: int | None, status: str | None, at: int) -> bool:
    """Whether a promise is broken at a moment: it is past, and the car is neither ready nor gone."""
    return promised_at is not None and promised_at < at and status not in _DONE


def _part(columns: Iterable[Column], by: str, key: str) -> tuple[Column, ...]:
    found = []
    for column in columns:
        cards = tuple(card for card in column.cards if _lane_of(card, by)[0] == key)
        found.append(Column(column.status, len(cards), cards))
    return tuple(found)


def _lane_of(card: Card, by: str) -> tuple[str, str]:
    if by == "bay":
        return card.bay or "", card.bay or tr("No bay")
    return (card.technician.id, card.technician.name) if card.technician else ("", tr("Nobody yet"))


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Bay 2 before Bay 10."""
    words = name.casefold().split()
    return tuple((0, int(word), "") if word.isdecimal() and len(word) < 10 else (1, 0, word) for word in words)


# Which rows ----------------------------------------------------------------------------------------------------------


def _in_the_house(today: int) -> list[ColumnElement[bool]]:
    """Orders that are not delivered, and those that were since ``today`` began. By ranges, so that the index serves."""
    status, delivered = RepairOrder.status, Status.DELIVERED.value
    went = select(StatusMove.order_id).where(
        StatusMove.after == delivered, StatusMove.moved_at >= today, StatusMove.deleted_at.is_(None)
    )
    here = or_(
        status < delivered,
        status > delivered,
        status.is_(None),
        and_(status == delivered, RepairOrder.id.in_(went)),
    )
    return [RepairOrder.deleted_at.is_(None), here]


def _wanted(session: Session, filters: Filters, at: int) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.technician_id:
        found.append(RepairOrder.technician_id == filters.technician_id)
    if filters.adviser_id:
        found.append(RepairOrder.adviser_id == filters.adviser_id)
    if filters.bay:
        found.append(RepairOrder.bay == filters.bay)
    if filters.label:
        found.append(RepairOrder.label == filters.label)
    if filters.late:
        found += [RepairOrder.promised_at < at, func.coalesce(RepairOrder.status, "").not_in(_DONE)]
    if filters.text.strip():
        found.append(_by_words(session, filters.text))
    return found


def _by_words(session: Session, text: str) -> ColumnElement[bool]:
    """Orders that have every word, or whose vehicle or customer has."""
    hits: dict[str, list[str]] = {"repair_orders": [], "vehicles": [], "customers": []}
    for table, rows in hits.items():
        rows += [hit.row for hit in SearchIndex().find(session, text, tables=[table], limit=MOST_FOUND)]
    return or_(
        RepairOrder.id.in_(hits["repair_orders"]),
        RepairOrder.vehicle_id.in_(hits["vehicles"]),
        RepairOrder.customer_id.in_(hits["customers"]),
    )


def _column_of(status: str | None) -> str:
    return status if status is not None and status in RANKS else OTHER


def _rows(
    session: Session, conditions: Sequence[ColumnElement[bool]], window: int
) -> tuple[list[RepairOrder], dict[str, int]]:
    """The first orders of each column, and how many it has, in one statement."""
    column = case((RepairOrder.status.in_(tuple(RANKS)), RepairOrder.status), else_=OTHER)
    promised = func.coalesce(RepairOrder.promised_at, _FAR)
    place = func.row_number().over(partition_by=column, order_by=(promised, RepairOrder.id))
    of = func.count().over(partition_by=column)
    ranked = select(RepairOrder.id.label("id"), place.label("place"), of.label("of")).where(*conditions).subquery()
    query = select(RepairOrder, ranked.c.of).join(ranked, RepairOrder.id == ranked.c.id)
    query = query.where(ranked.c.place <= window).order_by(ranked.c.place)
    rows: list[RepairOrder] = []
    counts: dict[str, int] = {}
    for row, count in session.execute(query):
        rows.append(row)
        counts[_column_of(row.status)] = count
    return rows, counts


# What stands on the cards --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Around:
    """What the cards need besides the orders, each in a statement or two for all of them."""

    vehicles: Mapping[str, Vehicle]
    customers: Mapping[str, Customer]
    staff: Mapping[str, Staff]
    times: Mapping[str, OrderTime]
    parts: Mapping[str, PartBadge]
    unread: Mapping[str, int]
    moves: Mapping[str, StatusMove]
    colors: Mapping[tuple[str, str], str | None]


def _cards(session: Session, viewer: Actor, rows: Sequence[RepairOrder], at: int) -> dict[str, Card]:
    ids = [row.id for row in rows]
    times = order_times(session, ids, until=at)
    people = [each for time in times.values() for each in time.on]
    around = _Around(
        _all(session, Vehicle, (row.vehicle_id for row in rows)),
        _all(session, Customer, (row.customer_id for row in rows)),
        _all(session, Staff, (*people, *(each for row in rows for each in (row.technician_id, row.adviser_id)))),
        times,
        part_badges(session, ids),
        unread_counts(session, viewer.id, ids) if viewer.kind == "staff" else {},
        _last_moves(session, ids),
        _colors(session),
    )
    return {row.id: _card(row, around, at) for row in rows}


def _card(row: RepairOrder, around: _Around, at: int) -> Card:
    vehicle = around.vehicles.get(row.vehicle_id or "")
    customer = around.customers.get(row.customer_id or "")
    moved = around.moves.get(row.id)
    time = around.times[row.id]
    on = (_person(around.staff, each) for each in time.on)
    label = row.label or ""
    return Card(
        id=row.id,
        number=row.number,
        status=row.status,
        disputed=statuses(row),
        vehicle_id=row.vehicle_id,
        plate=vehicle.plate if vehicle else None,
        vehicle=_vehicle_words(vehicle),
        customer=customer.name if customer else None,
        asked=" ".join((row.complaint or "")[: ASKED * 2].split())[:ASKED],
        promised_at=row.promised_at,
        late=is_late(row.promised_at, row.status, at),
        estimated=time.estimated,
        actual=time.actual,
        on=tuple(each for each in on if each is not None),
        parts=around.parts.get(row.id),
        unread=around.unread.get(row.id, 0),
        label=row.label,
        label_color=around.colors.get((label, row.status or ""), around.colors.get((label, ""))),
        priority=row.priority,
        technician=_person(around.staff, row.technician_id),
        adviser=_person(around.staff, row.adviser_id),
        bay=row.bay,
        key_tag=row.key_tag,
        move_id=moved.id if moved else None,
        moved_by=moved.moved_by if moved else None,
        moved_by_name=moved.moved_by_name if moved else None,
        moved_at=moved.moved_at if moved else None,
    )


def _vehicle_words(vehicle: Vehicle | None) -> str:
    if vehicle is None:
        return ""
    return " ".join(str(part) for part in (vehicle.make, vehicle.model, vehicle.year) if part)


def _person(staff: Mapping[str, Staff], id_: str | None) -> Person | None:
    row = staff.get(id_ or "")
    return Person(row.id, row.name or tr("somebody")) if row is not None else None


def _all(session: Session, model: Any, ids: Iterable[str | None]) -> dict[str, Any]:
    """``by_id`` in one statement, however few they are: the count must not depend on it."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(wanted)))}


def _last_moves(session: Session, ids: Collection[str]) -> dict[str, StatusMove]:
    went = StatusMove
    place = func.row_number().over(
        partition_by=went.order_id, order_by=(func.coalesce(went.moved_at, 0).desc(), went.id.desc())
    )
    ranked = select(went.id.label("id"), place.label("place")).where(went.order_id.in_(ids), went.deleted_at.is_(None))
    last = ranked.subquery()
    query = select(went).join(last, went.id == last.c.id).where(last.c.place == 1)
    return {row.order_id: row for row in session.scalars(query) if row.order_id}


def _colors(session: Session) -> dict[tuple[str, str], str | None]:
    return {(row.name or "", row.status or ""): row.color for row in session.scalars(shown(OrderLabel))}
