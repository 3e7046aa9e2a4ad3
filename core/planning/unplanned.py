"""The tray: open orders with work that no time is set aside for, and those whose time has passed unfinished."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.models import Customer
from core.planning.allocations import AllocationView, allocations_of
from core.planning.appointments import EXPECTED
from core.planning.intervals import Span
from core.planning.jobs import job_of
from core.planning.local_days import MINUTE_MS, day_of, day_span
from core.planning.models import Appointment
from core.planning.schedule_views import Job, Unplanned
from core.records.rows import by_id, shown
from core.vehicles.models import Vehicle
from core.workshop.hours import order_times
from core.workshop.models import RepairOrder
from core.workshop.states import Status

MOST = 400  # orders that are looked at, those promised first; ``Tray.cut`` says that there are more
WORTH_MS = 15 * MINUTE_MS  # less than that is not put into the tray again
_FAR = (1 << 62) - 1
TO_DO = (
    Status.BOOKED,
    Status.ARRIVED,
    Status.DIAGNOSING,
    Status.AWAITING_APPROVAL,
    Status.AWAITING_PARTS,
    Status.IN_PROGRESS,
)


def unplanned_of(
    job: Job, *, estimated: int | None, worked: int, spans: Iterable[Span], now: int, today: int
) -> Unplanned | None:
    """Whether an order belongs into the tray, and with how much. Pure; milliseconds, moments UTC.

    Time set aside that has passed did not do the work: with nothing ahead, what was not worked is carried over. Of what
    is ahead, all since the beginning of ``today`` counts: a job does not creep into the tray while its hour runs.
    """
    some = list(spans)
    left = None if estimated is None else max(estimated - worked, 0)
    if not any(end > now for _, end in some):
        if some:
            return Unplanned(job, left, True, max(end for _, end in some))
        return Unplanned(job, left)
    if left is None:
        return None
    rest = left - sum(end - start for start, end in some if end > today)
    return Unplanned(job, rest) if rest >= WORTH_MS else None


class Tray(NamedTuple):
    """What is not planned and what was carried over, each by promised time. ``cut``: there are more open orders."""

    waiting: tuple[Unplanned, ...] = ()
    carried: tuple[Unplanned, ...] = ()
    cut: bool = False


def read_tray(session: Session, now: int, here: dt.tzinfo, *, technician_id: str | None = None) -> Tray:
    """The tray of one technician, or of all."""
    query = shown(RepairOrder, RepairOrder.status.in_([each.value for each in TO_DO]))
    if technician_id is not None:
        query = query.where(RepairOrder.technician_id == technician_id)
    promised = func.coalesce(RepairOrder.promised_at, _FAR)
    orders = list(session.scalars(query.order_by(promised, RepairOrder.id).limit(MOST + 1)))
    cut = len(orders) > MOST
    del orders[MOST:]
    ids = [order.id for order in orders]
    spans: dict[str, list[AllocationView]] = defaultdict(list)
    for each in allocations_of(session, ids):
        spans[each.order_id or ""].append(each)
    times, today = order_times(session, ids, until=now), day_span(day_of(now, here), here)[0]
    jobs = _jobs(session, orders)
    found = [
        unplanned_of(
            jobs[id_],
            estimated=times[id_].estimated,
            worked=times[id_].actual,
            spans=[each.span for each in spans[id_]],
            now=now,
            today=today,
        )
        for id_ in ids
    ]
    kept = [each for each in found if each is not None]
    coming = _coming(session, [each.job.order_id or "" for each in kept])
    kept = [replace(each, appointment_at=coming.get(each.job.order_id or "")) for each in kept]
    waiting = tuple(each for each in kept if not each.carried)
    return Tray(waiting, tuple(each for each in kept if each.carried), cut)


def _jobs(session: Session, orders: Collection[RepairOrder]) -> dict[str, Job]:
    vehicles = by_id(session, Vehicle, {order.vehicle_id for order in orders})
    customers = by_id(session, Customer, {order.customer_id for order in orders})
    return {
        order.id: job_of(order, vehicles.get(order.vehicle_id or ""), customers.get(order.customer_id or ""))
        for order in orders
    }


def _coming(session: Session, ids: Collection[str]) -> dict[str, int]:
    """When orders that are booked are to come: the next time of each."""
    query = shown(Appointment, Appointment.order_id.in_(ids), Appointment.status.in_(EXPECTED))
    found: dict[str, int] = {}
    for row in session.scalars(query.order_by(Appointment.starts_at)):
        if row.order_id and row.starts_at is not None:
            found.setdefault(row.order_id, row.starts_at)
    return found
