"""The rows about time: who and what is there, and what it is set aside for."""

from sqlalchemy import BigInteger, Boolean, Index, String, Text
from sqlalchemy.orm import Mapped

from core.records.fields import DAY, INSTANT, ROW, Synced, latest


class WorkBay(Synced):
    """A place where work is done. ``equipment``: words by comma, "four-post lift, brake tester"."""

    __tablename__ = "work_bays"

    name: Mapped[str | None] = latest(String(60), search=True)
    equipment: Mapped[str | None] = latest(String(500))
    position: Mapped[int | None] = latest(BigInteger)
    active: Mapped[bool | None] = latest(Boolean)


class Appointment(Synced):
    """When a customer brings a vehicle, and for what. Becomes a repair order when it arrives, or is one already."""

    __tablename__ = "appointments"

    customer_id: Mapped[str | None] = latest(ROW, index=True)
    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    order_id: Mapped[str | None] = latest(ROW, index=True)
    starts_at: Mapped[int | None] = latest(INSTANT, index=True)
    ends_at: Mapped[int | None] = latest(INSTANT)
    title: Mapped[str | None] = latest(String(200), search=True)
    notes: Mapped[str | None] = latest(Text, search=True)
    status: Mapped[str | None] = latest(String(12))  # booked, confirmed, arrived, missed, cancelled
    channel: Mapped[str | None] = latest(String(16))  # phone, in_person, message, web
    waiting: Mapped[bool | None] = latest(Boolean)  # the customer waits for it
    calendar_sequence: Mapped[int | None] = latest(BigInteger)  # RFC 5545 SEQUENCE


class Allocation(Synced):
    """Time of a bay, of somebody, or of both, set aside for an order. An order may have several."""

    __tablename__ = "allocations"

    order_id: Mapped[str | None] = latest(ROW, index=True)
    task_id: Mapped[str | None] = latest(ROW)
    bay_id: Mapped[str | None] = latest(ROW)
    staff_id: Mapped[str | None] = latest(ROW)
    starts_at: Mapped[int | None] = latest(INSTANT)
    ends_at: Mapped[int | None] = latest(INSTANT)
    remark: Mapped[str | None] = latest(String(200))

    __table_args__ = (
        Index("ix_allocations_by_start", "starts_at", "id"),
        Index("ix_allocations_by_bay", "bay_id", "starts_at"),
        Index("ix_allocations_by_staff", "staff_id", "starts_at"),
    )


class Shift(Synced):
    """When somebody usually works on a day of the week, in minutes after midnight where the shop is."""

    __tablename__ = "shifts"

    staff_id: Mapped[str | None] = latest(ROW, index=True)
    weekday: Mapped[int | None] = latest(BigInteger)  # ISO 8601: 1 is Monday
    starts: Mapped[int | None] = latest(BigInteger)
    ends: Mapped[int | None] = latest(BigInteger)
    break_minutes: Mapped[int | None] = latest(BigInteger)  # unpaid, somewhere in it
    since: Mapped[str | None] = latest(DAY)
    until: Mapped[str | None] = latest(DAY)


class Absence(Synced):
    """Somebody is away, or a bay is out of use."""

    __tablename__ = "absences"

    staff_id: Mapped[str | None] = latest(ROW, index=True)
    bay_id: Mapped[str | None] = latest(ROW, index=True)
    starts_at: Mapped[int | None] = latest(INSTANT, index=True)
    ends_at: Mapped[int | None] = latest(INSTANT)
    kind: Mapped[str | None] = latest(String(16))  # holiday, sick, training, repair, other
    remark: Mapped[str | None] = latest(String(200))
