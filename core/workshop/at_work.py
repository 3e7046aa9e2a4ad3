"""Who works on what right now, by name, and what somebody worked on a day."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.people.models import Staff
from core.records.rows import by_id
from core.vehicles.models import Vehicle
from core.workshop.clock import clocked_on
from core.workshop.hours import hours
from core.workshop.models import RepairOrder
from core.workshop.states import Status


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody is clocked on to an order. ``since``: UTC milliseconds; ``ms``: how long, milliseconds."""

    staff_id: str | None
    staff_name: str | None
    order_id: str | None
    order_number: str | None
    vehicle_plate: str | None
    since: int | None
    ms: int


@dataclass(frozen=True, slots=True)
class DayHours:
    """What somebody worked on an order on a day of the shop (ISO). ``open``: it goes on."""

    staff_id: str
    order_id: str
    order_number: str | None
    day: str
    ms: int
    open: bool


def at_work(session: Session, *, at: int) -> tuple[AtWork, ...]:
    """All open punches on orders that are not delivered, the oldest first, in four statements at most.

    ``at``: now, UTC milliseconds. Who forgot to clock off a car that has gone is found by ``findings``.
    """
    status, delivered = RepairOrder.status, Status.DELIVERED.value
    here = select(RepairOrder.id).where(or_(status < delivered, status > delivered, status.is_(None)))
    open_ = clocked_on(session, order_ids=here)
    staff = by_id(session, Staff, [each.staff_id for each in open_])
    orders = by_id(session, RepairOrder, [each.order_id for each in open_])
    vehicles = by_id(session, Vehicle, [row.vehicle_id for row in orders.values()])
    found = []
    for each in open_:
        person, order = staff.get(each.staff_id or ""), orders.get(each.order_id or "")
        vehicle = vehicles.get(order.vehicle_id or "") if order else None
        found.append(
            AtWork(
                each.staff_id,
                person.name if person else None,
                each.order_id,
                order.number if order else None,
                vehicle.plate if vehicle else None,
                each.at,
                max(0, at - (each.at if each.at is not None else at)),
            )
        )
    return tuple(found)


def day_hours(
    session: Session, staff_id: str | None, *, start: int, end: int, at: int, here: dt.tzinfo | None = None
) -> tuple[DayHours, ...]:
    """Hours by day and order between two moments (UTC milliseconds); of everybody when ``staff_id`` is None."""
    worked = hours(session, start=start, end=end, until=at, staff_id=staff_id, here=here)
    orders = by_id(session, RepairOrder, [each.order_id for each in worked])
    return tuple(
        DayHours(
            each.staff_id,
            each.order_id,
            orders[each.order_id].number if each.order_id in orders else None,
            each.day,
            each.ms,
            each.open,
        )
        for each in worked
    )
