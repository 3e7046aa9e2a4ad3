"""Which vehicles somebody is looking for: every criterion, how it is asked of the database, and how a list is sorted.

No criterion joins a table, so a vehicle comes once however many readings, features and orders it has; what stands in
other tables is asked by the row, with an index. What the workshop knows (the last service) is handed in as
``Services``, since vehicles know nothing of orders.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Customer
from core.records.input import Field, Fields, Refused, Value, Wrong, day, row_id, text, whole, yes_no
from core.records.paging import Order, check_sought, chosen
from core.records.rows import shown
from core.records.search import SearchIndex
from core.vehicles.models import OdometerReading, Vehicle, VehicleFeature

WORDS = 200  # characters of a free text
_MOST_WORDS = 12
_MOST_VALUES = 100  # of one criterion
_SEARCH = SearchIndex()


class Services(Protocol):
    """When vehicles were served, as the workshop knows it (``core.workshop.vehicle_search``)."""

    def last(self, vehicle_id: Any) -> ColumnElement[Any]:
        """UTC milliseconds of the last service of the vehicle with this id, NULL without any: a scalar subquery."""
        ...

    def by_vehicle(self) -> Select[Any]:
        """One row a service: ``vehicle_id``, ``at`` (UTC milliseconds)."""
        ...


class Filters(TypedDict, total=False):
    """``VehicleCriteria`` as keywords."""

    text: str | None
    plate: str | None
    vin: str | None
    make: str | None
    model: str | None
    year_from: int | None
    year_to: int | None
    odometer_from: int | None
    odometer_to: int | None
    fuel_type: Collection[str]
    transmission: Collection[str]
    vehicle_type: Collection[str]
    status: Collection[str]
    features: Collection[str]
    customer_id: str | None
    fleet_id: str | None
    serviced_from: str | None
    serviced_to: str | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class VehicleCriteria:
    """Vehicles that meet all of it; of several values of one criterion any will do. Empty: all vehicles.

    ``text``: words, each the beginning of one in the vehicle or in its customer's name. ``plate``, ``make`` and
    ``model`` match but for case, the plate also but for blanks and hyphens. Odometers are km of the last reading. The
    ``serviced`` days are those of the last service, both included, by the workshop's own calendar.
    """

    text: str | None = None
    plate: str | None = None
    vin: str | None = None
    make: str | None = None
    model: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    odometer_from: int | None = None
    odometer_to: int | None = None
    fuel_type: Collection[str] = ()
    transmission: Collection[str] = ()
    vehicle_type: Collection[str] = ()
    status: Collection[str] = ()
    features: Collection[str] = ()
    customer_id: str | None = None
    fleet_id: str | None = None
    serviced_from: str | None = None
    serviced_to: str | None = None
    deleted: bool = False

    @classmethod
    def of(cls, given: Mapping[str, object]) -> "VehicleCriteria":
        """From what was stored or sent, checked. Raises ``Refused``, with everything that is wrong."""
        problems: list[tuple[str, str]] = []
        values: dict[str, Any] = {}
        for name, value in given.items():
            try:
                values[name] = _taken(name, value)
            except Wrong as wrong:
                problems.append((name, str(wrong)))
        if problems:
            raise Refused(*problems)
        return cls(**values)

    def given(self) -> dict[str, Any]:
        """What was asked for, without what was not; ``of`` makes the same criteria from it."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        lists = {name: list(values.pop(name)) for name in LISTS}
        kept = {name: value for name, value in values.items() if value is not None and value is not False}
        return kept | {name: value for name, value in lists.items() if value}


EVERYTHING = VehicleCriteria()
LISTS = ("fuel_type", "transmission", "vehicle_type", "status", "features")
_SINGLE = Fields(
    text=Field(text(WORDS)),
    plate=Field(text(32)),
    vin=Field(text(32)),
    make=Field(text(60)),
    model=Field(text(80)),
    year_from=Field(whole(0, 9999)),
    year_to=Field(whole(0, 9999)),
    odometer_from=Field(whole(0)),
    odometer_to=Field(whole(0)),
    customer_id=Field(row_id),
    fleet_id=Field(row_id),
    serviced_from=Field(day),
    serviced_to=Field(day),
    deleted=Field(yes_no),
)

# The value of the last reading, a look into the index for each vehicle that is asked about.
last_value = (
    select(OdometerReading.value)
    .where(OdometerReading.vehicle_id == Vehicle.id, OdometerReading.deleted_at.is_(None))
    .order_by(func.coalesce(OdometerReading.read_at, 0).desc(), OdometerReading.id.desc())
    .limit(1)
    .correlate(Vehicle)
    .scalar_subquery()
)
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("plate", func.lower(func.coalesce(Vehicle.plate, ""))),
    Order("make", func.lower(func.coalesce(Vehicle.make, "") + " " + func.coalesce(Vehicle.model, ""))),
    Order("model", func.lower(func.coalesce(Vehicle.model, ""))),
    Order("year", func.coalesce(Vehicle.year, 0), descending=True, kind=int),
    Order("odometer", func.coalesce(last_value, -1), descending=True, kind=int),
    Order("fuel_type", func.lower(func.coalesce(Vehicle.fuel_type, ""))),
    Order("status", func.lower(func.coalesce(Vehicle.status, ""))),
    Order("inspection_due", func.coalesce(Vehicle.inspection_due, "9999")),
)
LAST_SERVICE = "last_service"  # also a name to sort by, where ``Services`` are at hand


def order_of(sort: str, descending: bool | None = None, services: Services | None = None) -> Order:
    """How to sort: a name of ``ORDERS``, turned round when ``descending`` says so. Raises ``Refused``."""
    orders: tuple[Order, ...] = ORDERS
    if services is not None:
        last = func.coalesce(services.last(Vehicle.id), 0)
        orders = (*ORDERS, Order(LAST_SERVICE, last, descending=True, kind=int))
    found = chosen(orders, sort)
    return found if descending is None else dataclasses.replace(found, descending=descending)


def wanted(
    session: Session,
    criteria: VehicleCriteria,
    services: Services | None = None,
    seen: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """The vehicles that meet ``criteria`` and, of those, the ones somebody may see. Raises ``Refused``."""
    query = shown(Vehicle, *conditions(session, criteria, services), deleted=criteria.deleted)
    return query if seen is None else query.where(seen)


def conditions(
    session: Session, criteria: VehicleCriteria, services: Services | None = None
) -> list[ColumnElement[bool]]:
    """What ``Vehicle`` has to meet, but for ``deleted``. Raises ``Refused``: text no row can have, no day."""
    _check(criteria)
    asked = [*_words(session, criteria.text), *_same(criteria), *_within(criteria), *_any_of(criteria)]
    if services is not None:
        asked += _served(criteria, services)
    return asked


def _check(criteria: VehicleCriteria) -> None:
    check_sought(q=criteria.text, plate=criteria.plate, vin=criteria.vin, make=criteria.make, model=criteria.model)
    check_sought(customer_id=criteria.customer_id, fleet_id=criteria.fleet_id)
    check_sought(**{name: getattr(criteria, name) for name in LISTS})


def _words(session: Session, words: str | None) -> list[ColumnElement[bool]]:
    """Each word is asked for by itself: "golf miller" is Mrs Miller's Golf."""
    if words is None:
        return []
    asked: list[ColumnElement[bool]] = []
    for word in words.split()[:_MOST_WORDS]:
        vehicles = _SEARCH.rows_matching(session, word, Vehicle.__tablename__)
        customers = _SEARCH.rows_matching(session, word, Customer.__tablename__)
        if vehicles is not None and customers is not None:
            asked.append(or_(Vehicle.id.in_(vehicles), Vehicle.customer_id.in_(customers)))
    return asked or [false()]  # nothing was typed that could be found


def _same(criteria: VehicleCriteria) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if criteria.plate is not None:
        asked.append(same_plate(criteria.plate))
    if criteria.vin is not None:
        asked.append(Vehicle.vin == criteria.vin.replace(" ", "").replace("-", "").upper())
    if criteria.make is not None:
        asked.append(func.lower(Vehicle.make) == func.lower(criteria.make))
    if criteria.model is not None:
        asked.append(func.lower(Vehicle.model) == func.lower(criteria.model))
    if criteria.customer_id is not None:
        asked.append(Vehicle.customer_id == criteria.customer_id)
    if criteria.fleet_id is not None:
        asked.append(Vehicle.fleet_id == criteria.fleet_id)
    return asked


def _within(criteria: VehicleCriteria) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if criteria.year_from is not None:
        asked.append(Vehicle.year >= criteria.year_from)
    if criteria.year_to is not None:
        asked.append(Vehicle.year <= criteria.year_to)
    if criteria.odometer_from is not None:
        asked.append(last_value >= criteria.odometer_from)
    if criteria.odometer_to is not None:
        asked.append(last_value <= criteria.odometer_to)
    return asked


def _any_of(criteria: VehicleCriteria) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if criteria.fuel_type:
        asked.append(Vehicle.fuel_type.in_(criteria.fuel_type))
    if criteria.transmission:
        asked.append(Vehicle.transmission.in_(criteria.transmission))
    if criteria.vehicle_type:
        asked.append(Vehicle.vehicle_type.in_(criteria.vehicle_type))
    if criteria.status:
        asked.append(Vehicle.status.in_(criteria.status))
    if criteria.features:
        wanted = [func.lower(each.strip()) for each in criteria.features]
        having = select(VehicleFeature.vehicle_id).where(
            func.lower(VehicleFeature.name).in_(wanted), VehicleFeature.deleted_at.is_(None)
        )
        asked.append(Vehicle.id.in_(having))
    return asked


def _served(criteria: VehicleCriteria, services: Services) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    last = services.last(Vehicle.id)
    if criteria.serviced_from is not None:
        asked.append(last >= _begin_of("serviced_from", criteria.serviced_from))
    if criteria.serviced_to is not None:
        asked.append(last < _begin_of("serviced_to", criteria.serviced_to, days=1))
    return asked


def _begin_of(name: str, written: str, days: int = 0) -> int:
    """The first millisecond of a day (or of one some days later) where the workshop is."""
    try:
        found = str(day(written))
        return int((dt.datetime.fromisoformat(found) + dt.timedelta(days=days)).timestamp() * 1000)
    except (Wrong, ValueError, OverflowError, OSError):
        raise Refused((name, tr("This must be a day like 2026-11-22."))) from None


def same_plate(plate: str) -> ColumnElement[bool]:
    """Whether a vehicle has this plate, but for case, blanks and hyphens."""
    bare = func.replace(func.replace(func.upper(Vehicle.plate), " ", ""), "-", "")
    return bare == func.upper(plate.replace(" ", "").replace("-", ""))


def _taken(name: str, value: object) -> Value | tuple[str, ...]:
    if name in LISTS:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, (list, tuple)) or len(values) > _MOST_VALUES:
            raise Wrong(tr("This must be a list of at most {count} words.", count=_MOST_VALUES))
        return tuple(str(plain) for each in values if (plain := text(80)(each)) is not None)
    if name not in _SINGLE:
        raise Wrong(tr("There is no field of this name."))
    found = _SINGLE[name].check(value)
    return bool(found) if name == "deleted" else found
