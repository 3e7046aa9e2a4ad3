"""Appointments: when a customer brings a vehicle, and for what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import Customer
from core.people.roles import Actor, require
from core.planning.models import Appointment
from core.records.input import Field, Fields, Problems, Value, instant, one_of, row_id, text, yes_no
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder
from core.workshop.states import Status

HALF_AN_HOUR = 1_800_000
LONGEST_MS = 14 * 86_400_000
STATUSES: Mapping[str, str] = {
    "booked": mark("Booked"),
    "confirmed": mark("Confirmed"),
    "arrived": mark("Arrived"),
    "missed": mark("Did not come"),
    "cancelled": mark("Cancelled"),
}
CHANNELS: Mapping[str, str] = {
    "phone": mark("Phone"),
    "in_person": mark("In person"),
    "message": mark("Message"),
    "web": mark("Web"),
}
EXPECTED = ("booked", "confirmed")  # the vehicle is still to come

FIELDS = Fields(
    customer_id=Field(row_id, of=Customer),
    vehicle_id=Field(row_id, of=Vehicle),
    order_id=Field(row_id, of=RepairOrder),
    starts_at=Field(instant, required=True),
    ends_at=Field(instant),
    title=Field(text(200)),
    notes=Field(text(20_000, lines=True)),
    status=Field(one_of(STATUSES)),
    channel=Field(one_of(CHANNELS)),
    waiting=Field(yes_no),
)
_STARTS = func.coalesce(Appointment.starts_at, 0)
ORDERS = (
    Order("earliest", _STARTS, kind=int),
    Order("latest", _STARTS, descending=True, kind=int),
    Order("newest", descending=True),
)


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment. ``waiting``: the customer waits for it. ``calendar_sequence`` counts its revisions."""

    table: ClassVar[str] = "appointments"

    id: str
    customer_id: str | None
    customer_name: str | None
    vehicle_id: str | None
    vehicle_plate: str | None
    order_id: str | None
    order_number: str | None
    starts_at: int | None
    ends_at: int | None
    title: str | None
    notes: str | None
    status: str | None
    channel: str | None
    waiting: bool
    calendar_sequence: int
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_appointment(session: Session, actor: Actor, fields: Mapping[str, object]) -> AppointmentView:
    """``starts_at``, and a vehicle, a customer, an order or at least a title; half an hour, unless ``ends_at`` says.

    Customer and vehicle are the order's, the customer the vehicle's, when not said. Raises ``Denied``, ``Refused``.
    """
    require(actor, "schedule.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    about = ("vehicle_id", "customer_id", "order_id", "title")
    if not any(values.get(name) for name in about) and not any(name in fields and name not in values for name in about):
        problems.add("title", tr("Say at least who comes, with which vehicle, or for what."))
    _check(values, None, problems)
    problems.settle()
    order = session.get(RepairOrder, str(values.get("order_id")))
    if order is not None:
        known: dict[str, Value] = {"customer_id": order.customer_id, "vehicle_id": order.vehicle_id}
        values = known | values
    vehicle = session.get(Vehicle, str(values.get("vehicle_id")))
    if vehicle is not None and "customer_id" not in values:
        values["customer_id"] = vehicle.customer_id
    if values.get("ends_at") is None:
        values["ends_at"] = int(values["starts_at"] or 0) + HALF_AN_HOUR
    values["status"] = values.get("status") or "booked"
    return _views(session, [added(session, Appointment, {**values, "calendar_sequence": 0})])[0]


def change_appointment(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> AppointmentView:
    """Change some fields; None empties one. A new beginning alone moves the end with it.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "schedule.change")
    row = row_of(session, Appointment, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    starts = values.get("starts_at")
    if isinstance(starts, int) and "ends_at" not in fields and row.starts_at is not None and row.ends_at is not None:
        values["ends_at"] = starts + max(row.ends_at - row.starts_at, 0)
    _check(values, row, problems)
    problems.settle()
    if any(getattr(row, name) != value for name, value in values.items()):
        values["calendar_sequence"] = (row.calendar_sequence or 0) + 1
        assign(session, row, values)
    return _views(session, [row])[0]


def delete_appointment(session: Session, actor: Actor, id_: str) -> None:
    """Hide one that was entered by mistake; one that is called off is cancelled. Raises ``Denied``, ``NotFound``."""
    require(actor, "schedule.change")
    hide(session, Appointment, id_)


def restore_appointment(session: Session, actor: Actor, id_: str) -> AppointmentView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "schedule.change")
    return _views(session, [unhide(session, Appointment, id_)])[0]


def get_appointment(session: Session, id_: str, *, deleted: bool = False) -> AppointmentView:
    """One appointment. Raises ``NotFound``."""
    return _views(session, [row_of(session, Appointment, id_, deleted=deleted)])[0]


def list_appointments(
    session: Session,
    *,
    start: int | None = None,
    end: int | None = None,
    status: Collection[str] = (),
    customer_id: str | None = None,
    vehicle_id: str | None = None,
    order_id: str | None = None,
    deleted: bool = False,
    sort: str = "earliest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[AppointmentView]:
    """Appointments by the page that begin from ``start`` until before ``end`` (UTC ms). Raises ``Refused``."""
    check_sought(status=status, customer_id=customer_id, vehicle_id=vehicle_id, order_id=order_id)
    conditions: list[ColumnElement[bool]] = []
    if start is not None:
        conditions.append(Appointment.starts_at >= start)
    if end is not None:
        conditions.append(Appointment.starts_at < end)
    if status:
        conditions.append(Appointment.status.in_(status))
    for column, value in (
        (Appointment.customer_id, customer_id),
        (Appointment.vehicle_id, vehicle_id),
        (Appointment.order_id, order_id),
    ):
        if value is not None:
            conditions.append(column == value)
    query = shown(Appointment, *conditions, deleted=deleted)
    page = page_of(session, query, Appointment, chosen(ORDERS, sort), after=after, limit=limit)
    views = dict(zip(page.items, _views(session, page.items), strict=True))
    return page.mapped(lambda row: views[row])


def next_visit(session: Session, vehicle_id: str, since: int) -> AppointmentView | None:
    """When a vehicle comes next from ``since`` (UTC ms); None: it is not expected.

    Not what was called off or has arrived, and not what is about an order whose work is done.
    """
    done = select(RepairOrder.id).where(RepairOrder.status.in_((Status.READY.value, Status.DELIVERED.value)))
    query = shown(
        Appointment,
        Appointment.starts_at >= since,
        Appointment.vehicle_id == vehicle_id,
        Appointment.status.in_(EXPECTED),
        or_(Appointment.order_id.is_(None), Appointment.order_id.not_in(done)),
    )
    row = session.scalars(query.order_by(Appointment.starts_at, Appointment.id).limit(1)).first()
    return None if row is None else _views(session, [row])[0]


def _check(values: Mapping[str, Value], row: Appointment | None, problems: Problems) -> None:
    starts = values["starts_at"] if "starts_at" in values else getattr(row, "starts_at", None)
    ends = values["ends_at"] if "ends_at" in values else getattr(row, "ends_at", None)
    if isinstance(starts, int) and isinstance(ends, int):
        if ends <= starts:
            problems.add("ends_at", tr("This lies before its beginning."))
        elif ends - starts > LONGEST_MS:
            problems.add("ends_at", tr("This is too long: {days} days at most.", days=14))


def _views(session: Session, rows: Collection[Appointment]) -> list[AppointmentView]:
    vehicles = by_id(session, Vehicle, [row.vehicle_id for row in rows])
    customers = by_id(session, Customer, [row.customer_id for row in rows])
    orders = by_id(session, RepairOrder, [row.order_id for row in rows])
    return [
        _view(
            row,
            vehicles.get(row.vehicle_id or ""),
            customers.get(row.customer_id or ""),
            orders.get(row.order_id or ""),
        )
        for row in rows
    ]


def _view(
    row: Appointment, vehicle: Vehicle | None, customer: Customer | None, order: RepairOrder | None
) -> AppointmentView:
    return AppointmentView(
        id=row.id,
        customer_id=row.customer_id,
        customer_name=customer.name if customer else None,
        vehicle_id=row.vehicle_id,
        vehicle_plate=vehicle.plate if vehicle else None,
        order_id=row.order_id,
        order_number=order.number if order else None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=row.title,
        notes=row.notes,
        status=row.status,
        channel=row.channel,
        waiting=row.waiting is True,
        calendar_sequence=row.calendar_sequence or 0,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
