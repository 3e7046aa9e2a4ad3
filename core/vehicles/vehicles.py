"""Vehicles, written and read by everybody through these functions."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar, Unpack

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Customer
from core.people.roles import Actor, require
from core.records.ids import is_id
from core.records.input import Field, Fields, Problems, Value, day, row_id, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Page, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, unhide
from core.vehicles.fleet_access import require_keeping
from core.vehicles.held_readings import HeldReadingView, waiting_of
from core.vehicles.models import Fleet, Vehicle
from core.vehicles.odometer import ReadingView, kilometres, last_of, latest, take_reading
from core.vehicles.owners import note_owner
from core.vehicles.search import Filters, Services, VehicleCriteria, order_of, wanted
from core.vehicles.vin import length_problem, vin

NOTES = 20_000
FIRST_YEAR = 1886  # of the patent motor car
BUILT = 2026  # when this program was: a clock that stands before it does not make this year's cars implausible

FIELDS = Fields(
    plate=Field(text(32), required=True),
    vin=Field(vin),
    make=Field(text(60)),
    model=Field(text(80)),
    year=Field(whole(FIRST_YEAR, 9999)),
    manufacture_date=Field(day),
    color=Field(text(40)),
    fuel_type=Field(text(40)),
    transmission=Field(text(40)),
    vehicle_type=Field(text(40)),
    engine_number=Field(text(40)),
    status=Field(text(24)),
    customer_id=Field(row_id, of=Customer),
    fleet_id=Field(row_id, of=Fleet),
    first_registration=Field(day),
    registration_due=Field(day),
    inspection_due=Field(day),
    notes=Field(text(NOTES, lines=True)),
    odometer_km=Field(kilometres),
)


@dataclass(frozen=True, slots=True)
class VehicleView:
    """A vehicle. ``odometer_km`` and ``odometer_read_at`` (UTC milliseconds) are of its last reading.

    ``odometer_held_km``: a value that nobody would believe and that waits, as ``odometer_held_id``, for somebody to
    decide (``odometer.decide_held_reading``).
    """

    table: ClassVar[str] = "vehicles"

    id: str
    plate: str | None
    vin: str | None
    make: str | None
    model: str | None
    year: int | None
    manufacture_date: str | None
    color: str | None
    fuel_type: str | None
    transmission: str | None
    vehicle_type: str | None
    engine_number: str | None
    status: str | None
    customer_id: str | None
    fleet_id: str | None
    first_registration: str | None
    registration_due: str | None
    inspection_due: str | None
    notes: str | None
    odometer_km: int | None
    odometer_read_at: int | None
    odometer_held_km: int | None
    odometer_held_id: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_vehicle(session: Session, actor: Actor, fields: Mapping[str, object]) -> VehicleView:
    """A new vehicle; only ``plate`` is needed. ``odometer_km`` becomes its first reading.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "vehicles.change")
    values = _checked(session, fields, None)
    kilometres_now = values.pop("odometer_km", None)
    row = added(session, Vehicle, {**values, "status": values.get("status") or "active"})
    if row.customer_id is not None:
        note_owner(session, row.id, row.customer_id)
    if kilometres_now is not None:
        take_reading(session, actor, row.id, int(kilometres_now), last=None)
    return _views(session, [row])[row.id]


def change_vehicle(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> VehicleView:
    """Change some fields; None empties one. Another ``odometer_km`` becomes a reading of now, or is held back when
    nobody would believe it: then the view says so.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require_keeping(session, actor, session.get(Vehicle, id_) if is_id(id_) else None, fields)
    row = row_of(session, Vehicle, id_)
    values = _checked(session, fields, row)
    kilometres_now = values.pop("odometer_km", None)
    owner = row.customer_id
    assign(session, row, values)
    if row.customer_id != owner:
        note_owner(session, id_, row.customer_id)
    last = last_of(session, id_)
    if kilometres_now is not None and (last is None or last.value != kilometres_now):
        take_reading(session, actor, id_, int(kilometres_now), last=last)
    return _views(session, [row])[id_]


def delete_vehicle(session: Session, actor: Actor, id_: str) -> None:
    """Hide a vehicle. Its orders keep naming it. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.delete")
    hide(session, Vehicle, id_)


def restore_vehicle(session: Session, actor: Actor, id_: str) -> VehicleView:
    """Show a deleted vehicle again. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.delete")
    return _views(session, [unhide(session, Vehicle, id_)])[id_]


def get_vehicle(session: Session, id_: str, *, deleted: bool = False) -> VehicleView:
    """One vehicle. Raises ``NotFound``."""
    return _views(session, [row_of(session, Vehicle, id_, deleted=deleted)])[id_]


def list_vehicles(
    session: Session,
    criteria: VehicleCriteria | None = None,
    *,
    services: Services | None = None,
    seen: ColumnElement[bool] | None = None,
    sort: str = "newest",
    descending: bool | None = None,
    after: str | None = None,
    limit: int = LIMIT,
    **filters: Unpack[Filters],
) -> Page[VehicleView]:
    """Vehicles by the page, those that meet ``criteria``, or the same conditions as keywords.

    ``services``: what the workshop knows, for the days of the last service; without it nothing is asked of them.
    ``seen``: what the person may see of them (``fleet_access``). ``sort`` is a name in ``search.ORDERS``, turned round
    when ``descending`` says so; ties by id. Raises ``Refused``.
    """
    criteria = criteria or VehicleCriteria(**filters)
    query = wanted(session, criteria, services, seen)
    page = page_of(session, query, Vehicle, order_of(sort, descending, services), after=after, limit=limit)
    views = _views(session, page.items)
    return page.mapped(lambda row: views[row.id])


def count_vehicles(
    session: Session,
    criteria: VehicleCriteria,
    *,
    services: Services | None = None,
    seen: ColumnElement[bool] | None = None,
) -> int:
    """How many vehicles meet ``criteria``. Raises ``Refused``."""
    query = wanted(session, criteria, services, seen).with_only_columns(func.count())
    return session.scalar(query) or 0


def _checked(session: Session, fields: Mapping[str, object], row: Vehicle | None) -> dict[str, Value]:
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    year = values.get("year", row.year if row else None)
    number = values.get("vin")
    if number is not None and (row is None or number != row.vin):
        words = length_problem(str(number), None if year is None else int(year))
        if words:
            problems.add("vin", words)
    newest = max(BUILT, dt.datetime.fromtimestamp(now(session) / 1000, dt.UTC).year) + 2  # next year's models
    if "year" in values and year is not None and int(year) > newest:
        problems.add("year", tr("This must be from {lowest} to {highest}.", lowest=FIRST_YEAR, highest=newest))
    if row is not None and "odometer_km" in fields and fields["odometer_km"] is None and last_of(session, row.id):
        problems.add("odometer_km", tr("What an odometer said stays: write what it says now."))
    problems.settle()
    return values


def _views(session: Session, rows: Collection[Vehicle]) -> dict[str, VehicleView]:
    """What is shown of vehicles, with their readings in two statements."""
    ids = [row.id for row in rows]
    last, held = latest(session, ids), waiting_of(session, ids)
    return {row.id: _view(row, last.get(row.id), held.get(row.id)) for row in rows}


def _view(row: Vehicle, last: ReadingView | None, held: HeldReadingView | None) -> VehicleView:
    return VehicleView(
        id=row.id,
        plate=row.plate,
        vin=row.vin,
        make=row.make,
        model=row.model,
        year=row.year,
        manufacture_date=row.manufacture_date,
        color=row.color,
        fuel_type=row.fuel_type,
        transmission=row.transmission,
        vehicle_type=row.vehicle_type,
        engine_number=row.engine_number,
        status=row.status,
        customer_id=row.customer_id,
        fleet_id=row.fleet_id,
        first_registration=row.first_registration,
        registration_due=row.registration_due,
        inspection_due=row.inspection_due,
        notes=row.notes,
        odometer_km=last.value if last else None,
        odometer_read_at=last.read_at if last else None,
        odometer_held_km=held.value if held else None,
        odometer_held_id=held.id if held else None,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
