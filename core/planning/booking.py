"""Booking in one step: the appointment, the repair order it is for, and the time that is set aside."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import Customer, Staff
from core.people.roles import Actor, require
from core.planning.allocations import create_allocation
from core.planning.appointments import CHANNELS, create_appointment
from core.planning.local_days import MINUTE_MS
from core.planning.models import Allocation, Appointment, WorkBay
from core.planning.skills import joined, words_of
from core.records.input import Field, Fields, Problems, Value, instant, one_of, row_id, text, whole, yes_no
from core.records.rows import assign, row_of
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder
from core.workshop.orders import create_repair_order
from core.workshop.states import DESK

LONGEST_MIN = 16 * 60

FIELDS = Fields(
    vehicle_id=Field(row_id, of=Vehicle),
    customer_id=Field(row_id, of=Customer),
    title=Field(text(200), required=True),
    notes=Field(text(20_000, lines=True)),
    starts_at=Field(instant, required=True),
    minutes=Field(whole(1, LONGEST_MIN), required=True),
    skills=Field(text(200)),
    equipment=Field(text(200)),
    bay_id=Field(row_id, of=WorkBay),
    staff_id=Field(row_id, of=Staff),
    channel=Field(one_of(CHANNELS)),
    waiting=Field(yes_no),
)


@dataclass(frozen=True, slots=True)
class Booking:
    """What was made. ``allocation_id`` None: no bay and nobody was named."""

    appointment_id: str
    order_id: str
    number: str
    allocation_id: str | None


def book(session: Session, actor: Actor, fields: Mapping[str, object]) -> Booking:
    """``title``, ``starts_at`` and ``minutes``; with a bay or somebody, their time is set aside. All or nothing.

    The order is booked, expects so long, and knows which ``skills`` and ``equipment`` (words by comma) it takes.
    Raises ``Denied``, ``Refused``.
    """
    require(actor, "schedule.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    problems.settle()
    said = "\n".join(str(part) for part in (values["title"], values.get("notes")) if part)
    whom = {name: values[name] for name in ("vehicle_id", "customer_id") if values.get(name)}
    order = create_repair_order(session, actor, {**whom, "complaint": said})
    minutes, starts = int(values["minutes"] or 0), int(values["starts_at"] or 0)
    takes = {name: joined(words_of(str(values.get(name) or ""))) for name in ("skills", "equipment")}
    made = row_of(session, RepairOrder, order.id)
    assign(session, made, {"expected_hours": round(minutes * 1000 / 60), **takes, **_whose(session, actor, values)})
    come = {name: values[name] for name in ("notes", "channel", "waiting") if values.get(name) is not None}
    appointment = create_appointment(
        session, actor, {"order_id": order.id, "starts_at": starts, "title": values["title"], **come}
    )
    held = {name: values[name] for name in ("bay_id", "staff_id") if values.get(name)}
    allocation = None
    if held:
        times = {"starts_at": starts, "ends_at": starts + minutes * MINUTE_MS}
        allocation = create_allocation(session, actor, {"order_id": order.id, **held, **times}).id
    return Booking(appointment.id, order.id, order.number or "", allocation)


def _whose(session: Session, actor: Actor, values: Mapping[str, Value]) -> dict[str, Value]:
    """Who and where it was booked for stands on the order too, and who spoke with the customer."""
    found: dict[str, Value] = {}
    if values.get("staff_id"):
        found["technician_id"] = values["staff_id"]
    if values.get("bay_id"):
        found["bay"] = row_of(session, WorkBay, str(values["bay_id"])).name
    if actor.kind == "staff" and actor.role in DESK:
        found["adviser_id"] = actor.id
    return found


def booking_of(session: Session, order_id: str) -> Booking:
    """What ``book`` made with this order. Raises ``NotFound``."""
    order = row_of(session, RepairOrder, order_id, deleted=True)
    first = select(Appointment.id).where(Appointment.order_id == order_id).order_by(Appointment.id).limit(1)
    held = select(Allocation.id).where(Allocation.order_id == order_id).order_by(Allocation.id).limit(1)
    return Booking(session.scalar(first) or "", order_id, order.number or "", session.scalar(held))
