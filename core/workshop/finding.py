"""What a search box finds as somebody types: vehicles, customers, repair orders and parts, what was meant first.

Meant is what was typed in full: a plate, the number of an order or of a part, a barcode, a VIN or the last six to eight
characters of one. Then come rows with whole words, then those whose words begin so; of each the newest. Whoever types
a plate wants the car or what is being done to it, so the orders of a vehicle that was meant come with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, literal, or_, select, union_all
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import ContactWay, Customer
from core.records.fields import Synced
from core.records.input import Refused
from core.records.paging import MOST, check_sought
from core.records.rows import shown
from core.records.search import SearchIndex
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder
from core.workshop.parts_models import Part
from core.workshop.states import RANKS, WORDS, Status

VEHICLE, CUSTOMER, ORDER, PART = "vehicle", "customer", "repair_order", "part"
KINDS = {
    VEHICLE: mark("Vehicles"),
    CUSTOMER: mark("Customers"),
    ORDER: mark("Repair orders"),
    PART: mark("Parts"),
}
LIMIT = 8  # of each kind
_LOOKED_AT = 200  # rows with these words, of all kinds; more words make it fewer
_READ = 60  # of a kind, at least: among them are those with whole words, and so what was meant
_LONG_ENOUGH = 3  # characters to look for a kind that the others crowd out
_VIN_END = 6  # characters, of which people read the last six to eight off a windscreen
_WAYS = ContactWay.__tablename__
_TABLES = {
    VEHICLE: (Vehicle.__tablename__,),
    CUSTOMER: (Customer.__tablename__, _WAYS),
    ORDER: (RepairOrder.__tablename__,),
    PART: (Part.__tablename__,),
}
_SEARCH = SearchIndex()
_DOT = " · "


@dataclass(frozen=True, slots=True)
class Match:
    """Something found. ``exact``: it is what was typed, and not only like it."""

    kind: str
    id: str
    title: str
    subtitle: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found, by kind, the best first."""

    vehicles: tuple[Match, ...] = ()
    customers: tuple[Match, ...] = ()
    repair_orders: tuple[Match, ...] = ()
    parts: tuple[Match, ...] = ()

    def __bool__(self) -> bool:
        return any((self.vehicles, self.customers, self.repair_orders, self.parts))

    @property
    def all(self) -> tuple[Match, ...]:
        """In one list: what was meant first, then kind by kind."""
        every = (*self.vehicles, *self.repair_orders, *self.customers, *self.parts)
        return tuple(sorted(every, key=lambda match: not match.exact))


def find_everything(
    session: Session, text: str, limit: int = LIMIT, *, kinds: Collection[str] = tuple(KINDS)
) -> Matches:
    """What ``text`` finds as far as it is typed, at most ``limit`` of each of ``kinds``. Nothing typed finds nothing.

    In eight statements, or ten when one kind crowds out the others. Raises ``Refused``.
    """
    check_sought(q=text)
    if not 1 <= limit <= MOST:
        raise Refused(("limit", tr("This must be from {lowest} to {highest}.", lowest=1, highest=MOST)))
    if not _key(text) or not kinds:
        return Matches()
    found = _found(session, text, limit, kinds)
    vehicles = _vehicles(session, text, found[VEHICLE]) if VEHICLE in kinds else []
    meant = [each.id for each in vehicles if each.exact]
    orders = _orders(session, text, found[ORDER], meant) if ORDER in kinds else []
    customers = _customers(session, text, found[CUSTOMER], found[_WAYS]) if CUSTOMER in kinds else []
    parts = _parts(session, text, found[PART]) if PART in kinds else []
    return Matches(
        vehicles=_best(vehicles, limit),
        customers=_reachable(session, _best(customers, limit)),
        repair_orders=_best(orders, limit),
        parts=_best(parts, limit),
    )


def _found(session: Session, text: str, limit: int, kinds: Collection[str]) -> dict[str, list[str]]:
    """Ids by kind, and of contact ways by their table: those with exactly this number first, then by their words."""
    kind_of = {table: kind for kind in KINDS for table in _TABLES[kind]} | {_WAYS: _WAYS}
    found: dict[str, dict[str, None]] = {kind: {} for kind in (*KINDS, _WAYS)}
    tables = [table for kind in KINDS if kind in kinds for table in _TABLES[kind]]
    for kind, row in session.execute(_numbered(text.strip().upper())):
        found[kind][row] = None
    hits = _SEARCH.find(session, text, tables=tables, limit=_LOOKED_AT)
    if not hits:  # a plate that was cut where no word ends
        hits = _SEARCH.find(session, _key(text), tables=tables, limit=_LOOKED_AT)
    if len(hits) == _LOOKED_AT and len(_key(text)) >= _LONG_ENOUGH:
        seen = {kind_of[hit.table] for hit in hits} | ({CUSTOMER} if any(hit.table == _WAYS for hit in hits) else set())
        crowded_out = [table for kind in KINDS if kind in kinds and kind not in seen for table in _TABLES[kind]]
        hits += _SEARCH.find(session, text, tables=crowded_out, limit=_LOOKED_AT)
    for hit in hits:
        found[kind_of[hit.table]][hit.row] = None
    return {kind: list(rows)[: max(_READ, limit)] for kind, rows in found.items()}


def _numbered(number: str) -> Any:
    """Rows that bear exactly this number, by the indexes on them."""
    plain = number.replace(" ", "").replace("-", "")

    def of(kind: str, model: type[Synced], *same: ColumnElement[bool]) -> Select[str, str]:
        return select(literal(kind, String), model.id).where(or_(*same), model.deleted_at.is_(None))

    return union_all(
        of(VEHICLE, Vehicle, Vehicle.plate == number, Vehicle.vin == plain),
        of(ORDER, RepairOrder, RepairOrder.number == number),
        of(PART, Part, Part.number == number, Part.barcode == number),
    )


# Each kind -----------------------------------------------------------------------------------------------------------


def _vehicles(session: Session, text: str, ids: list[str]) -> list[Match]:
    query = shown(Vehicle, Vehicle.id.in_(ids)).add_columns(Customer.name)
    rows = session.execute(query.outerjoin(Customer, Customer.id == Vehicle.customer_id)).all() if ids else []
    key = _key(text)

    def match(row: Vehicle, owner: str | None) -> Match:
        exact = key in (_key(row.plate), _key(row.vin)) or (len(key) >= _VIN_END and _key(row.vin).endswith(key))
        year = str(row.year) if row.year is not None else None
        return Match(VEHICLE, row.id, row.plate or row.vin or "", _line(_name(row), year, owner), exact)

    return _in_order([match(row, owner) for row, owner in rows], ids)


def _orders(session: Session, text: str, ids: list[str], meant: list[str]) -> list[Match]:
    if not ids and not meant:
        return []
    under_way = or_(RepairOrder.status.is_(None), RepairOrder.status != Status.DELIVERED.value)
    of_meant = and_(RepairOrder.vehicle_id.in_(meant), under_way)
    query = (
        shown(RepairOrder, or_(RepairOrder.id.in_(ids), of_meant))
        .add_columns(Vehicle, Customer.name)
        .outerjoin(Vehicle, Vehicle.id == RepairOrder.vehicle_id)
        .outerjoin(Customer, Customer.id == RepairOrder.customer_id)
        .order_by(RepairOrder.id.desc())
        .limit(2 * _LOOKED_AT)
    )
    key = _key(text)

    def match(row: RepairOrder, vehicle: Vehicle | None, owner: str | None) -> Match:
        state = tr(WORDS[Status(row.status)]) if row.status is not None and row.status in RANKS else row.status
        car = _line(vehicle.plate, _name(vehicle)) if vehicle is not None else None
        complaint = " ".join((row.complaint or "").split())[:80]
        exact = key == _key(row.number)
        return Match(ORDER, row.id, row.number or "", _line(state, car, owner, complaint), exact)

    found = [match(*each) for each in session.execute(query)]
    # What is being done to a car that was meant comes before what only bears the words somewhere.
    first = [each.id for each in found if each.id not in set(ids)]
    return _in_order(found, [*first, *ids])


def _customers(session: Session, text: str, ids: list[str], ways: list[str]) -> list[Match]:
    if not ids and not ways:
        return []
    reached = select(ContactWay.customer_id).where(ContactWay.id.in_(ways), ContactWay.deleted_at.is_(None))
    query = shown(Customer, or_(Customer.id.in_(ids), Customer.id.in_(reached))).order_by(Customer.id.desc())
    key = _key(text)
    found = [
        Match(CUSTOMER, row.id, row.name or "", row.contact_person or "", key == _key(row.name))
        for row in session.scalars(query)
    ]
    return _in_order(found, [*ids, *(each.id for each in found if each.id not in set(ids))])


def _parts(session: Session, text: str, ids: list[str]) -> list[Match]:
    key = _key(text)
    rows = session.scalars(shown(Part, Part.id.in_(ids))).all() if ids else []
    found = [
        Match(
            PART,
            row.id,
            row.number or row.barcode or "",
            _line(row.name, row.manufacturer, row.location),
            key in (_key(row.number), _key(row.barcode)),
        )
        for row in rows
    ]
    return _in_order(found, ids)


def _reachable(session: Session, customers: tuple[Match, ...]) -> tuple[Match, ...]:
    """Customers with a number to call or an address to write to, which tells two of one name apart."""
    if not customers:
        return ()
    wanted = ContactWay.customer_id.in_([each.id for each in customers])
    ways: dict[str, list[str]] = {}
    for row in session.scalars(shown(ContactWay, wanted).order_by(ContactWay.id)):
        if row.value and row.customer_id:
            ways.setdefault(row.customer_id, []).append(" ".join(row.value.split()))
    return tuple(
        Match(each.kind, each.id, each.title, _line(each.subtitle, *ways.get(each.id, ())[:1]), each.exact)
        for each in customers
    )


# Small ---------------------------------------------------------------------------------------------------------------


def _key(text: str | None) -> str:
    """A number without what people put into it to read it better."""
    return (text or "").casefold().replace(" ", "").replace("-", "")


def _name(vehicle: Vehicle) -> str:
    return " ".join(each for each in (vehicle.make, vehicle.model) if each)


def _line(*words: str | None) -> str:
    return _DOT.join(each for each in words if each)


def _in_order(found: list[Match], ids: Iterable[str]) -> list[Match]:
    place = {id_: number for number, id_ in enumerate(ids)}
    return sorted(found, key=lambda match: place.get(match.id, len(place)))


def _best(found: list[Match], limit: int) -> tuple[Match, ...]:
    return tuple(sorted(found, key=lambda match: not match.exact)[:limit])
