"""The schedule of some days: rows of bays or people with their blocks, the tray, what was carried over, conflicts.

Read in a number of statements that does not depend on how much there is to show. What overlaps is shown, not hidden.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import or_
from sqlalchemy.orm import Session

from core.people.models import Customer, Staff
from core.planning.allocations import LOOK_BACK_MS, AllocationView
from core.planning.appointments import HALF_AN_HOUR
from core.planning.conflicts import Known, find_conflicts
from core.planning.floor import Floor, Resource, read_floor
from core.planning.intervals import Span
from core.planning.jobs import job_of, vehicle_words
from core.planning.local_days import day_span
from core.planning.models import Appointment, WorkBay
from core.planning.schedule_views import ALLOCATION, APPOINTMENT, Away, Block, Job, Row, Schedule
from core.planning.unplanned import Tray, read_tray
from core.records.moment import now as present
from core.records.rows import by_id, shown
from core.vehicles.models import Vehicle
from core.workshop.hours import zone
from core.workshop.models import RepairOrder, Task

BAY, TECHNICIAN = "bay", "technician"
_NOT_COMING = ("cancelled", "missed")


def day_schedule(
    session: Session, day: dt.date, *, by: str = BAY, now: int | None = None, here: dt.tzinfo | None = None
) -> Schedule:
    """The schedule of one day where the shop is."""
    return schedule(session, *day_span(day, here), by=by, now=now, here=here)


def week_schedule(
    session: Session, day: dt.date, *, by: str = BAY, now: int | None = None, here: dt.tzinfo | None = None
) -> Schedule:
    """The schedule from Monday to Sunday of the week that ``day`` is in."""
    monday = day - dt.timedelta(days=day.isoweekday() - 1)
    start, end = day_span(monday, here)[0], day_span(monday + dt.timedelta(days=6), here)[1]
    return schedule(session, start, end, by=by, now=now, here=here)


def schedule(
    session: Session,
    start: int,
    end: int,
    *,
    by: str = BAY,
    now: int | None = None,
    here: dt.tzinfo | None = None,
) -> Schedule:
    """The schedule between two moments (UTC ms), ``by`` "bay" or "technician"; the tray is the one of ``now``."""
    return build(session, read_floor(session, start, end, here or zone()), by=by, now=now)


def build(session: Session, floor: Floor, *, by: str = BAY, now: int | None = None, tray: bool = True) -> Schedule:
    """The schedule of a floor that was read already; without ``tray`` nothing is looked up for it."""
    read = _read(session, floor)
    blocks = [read.allocation(each) for each in floor.allocations]
    planned = {each.order_id for each in floor.allocations}
    coming = [read.appointment(row) for row in read.appointments if not (row.order_id and row.order_id in planned)]
    wrong = find_conflicts((*blocks, *map(read.appointment, read.appointments)), _known(floor))
    blocks = [replace(each, conflicts=wrong.get(each.id, ())) for each in blocks]
    moment = present(session) if now is None else now
    unplanned, carried, cut = read_tray(session, moment, floor.here) if tray else Tray()
    return Schedule(
        floor.start,
        floor.end,
        by,
        _rows(floor, read, blocks, by),
        tuple(replace(each, conflicts=wrong.get(each.id, ())) for each in coming),
        unplanned,
        carried,
        len(wrong),
        bool(floor.bays),
        bool(floor.stints),
        floor.open_hours(),
        cut,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What blocks name, each table in one statement."""

    appointments: tuple[Appointment, ...]
    comes: dict[str, Appointment]  # by order
    orders: dict[str, RepairOrder]
    vehicles: dict[str, Vehicle]
    customers: dict[str, Customer]
    tasks: dict[str, Task]
    bays: dict[str, str]
    staff: dict[str, str]

    def allocation(self, each: AllocationView) -> Block:
        task = self.tasks.get(each.task_id or "")
        come = self.comes.get(each.order_id or "")
        return Block(
            ALLOCATION, each.id, *each.span, self._job(each.order_id), each.bay_id, each.staff_id,
            self.bays.get(each.bay_id or "", ""), self.staff.get(each.staff_id or "", ""),
            task.title or "" if task else "", each.remark or "", come.status if come else None,
            bool(come and come.waiting), each.sound,
        )  # fmt: skip

    def appointment(self, row: Appointment) -> Block:
        job = self._job(row.order_id)
        job = replace(
            job,
            vehicle_id=job.vehicle_id or row.vehicle_id,
            plate=job.plate or self._plate(row.vehicle_id),
            vehicle=job.vehicle or vehicle_words(self.vehicles.get(row.vehicle_id or "")),
            customer=job.customer or self._customer(row.customer_id),
            title=row.title or job.title,
        )
        start = row.starts_at or 0
        end = row.ends_at if row.ends_at is not None and row.ends_at > start else start + HALF_AN_HOUR
        return Block(
            APPOINTMENT, row.id, start, end, job, remark=row.notes or "", status=row.status, waiting=bool(row.waiting)
        )

    def _job(self, order_id: str | None) -> Job:
        order = self.orders.get(order_id or "")
        if order is None:
            return Job(order_id)
        return job_of(order, self.vehicles.get(order.vehicle_id or ""), self.customers.get(order.customer_id or ""))

    def _plate(self, vehicle_id: str | None) -> str | None:
        vehicle = self.vehicles.get(vehicle_id or "")
        return vehicle.plate if vehicle else None

    def _customer(self, customer_id: str | None) -> str | None:
        customer = self.customers.get(customer_id or "")
        return customer.name if customer else None


def _read(session: Session, floor: Floor) -> _Read:
    coming = _appointments(session, floor.start, floor.end)
    orders = by_id(
        session, RepairOrder, [each.order_id for each in floor.allocations] + [row.order_id for row in coming]
    )
    vehicles = [each.vehicle_id for each in orders.values()] + [row.vehicle_id for row in coming]
    customers = [each.customer_id for each in orders.values()] + [row.customer_id for row in coming]
    bays = {each.id: each.name for each in floor.bays}
    staff = {each.id: each.name for each in floor.people}
    bays |= _names(session, WorkBay, {each.bay_id for each in floor.allocations} - bays.keys())
    staff |= _names(session, Staff, {each.staff_id for each in floor.allocations} - staff.keys())
    return _Read(
        coming,
        {row.order_id: row for row in reversed(coming) if row.order_id},
        orders,
        by_id(session, Vehicle, vehicles),
        by_id(session, Customer, customers),
        by_id(session, Task, {each.task_id for each in floor.allocations}),
        bays,
        staff,
    )


def _names(session: Session, model: type[WorkBay] | type[Staff], ids: Collection[str | None]) -> dict[str, str]:
    """Of bays and people that were deleted since, or have not arrived yet."""
    found: dict[str, str] = {id_: "" for id_ in ids if id_}
    if model is WorkBay:
        return found | {id_: row.name or "" for id_, row in by_id(session, WorkBay, ids).items()}
    return found | {id_: row.name or "" for id_, row in by_id(session, Staff, ids).items()}


def _appointments(session: Session, start: int, end: int) -> tuple[Appointment, ...]:
    query = shown(
        Appointment,
        Appointment.starts_at < end,
        Appointment.starts_at > start - LOOK_BACK_MS,
        or_(Appointment.ends_at > start, Appointment.starts_at >= start),
        or_(Appointment.status.is_(None), Appointment.status.not_in(_NOT_COMING)),
    )
    return tuple(session.scalars(query.order_by(Appointment.starts_at, Appointment.id)))


def _known(floor: Floor) -> Known:
    words = {each.id: ", ".join(each.words) for each in (*floor.bays, *floor.people)}
    return Known(floor.on_shift(), floor.away(), words, floor.here)


def _rows(floor: Floor, read: _Read, blocks: Iterable[Block], by: str) -> tuple[Row, ...]:
    """Every bay or person work is given to, then who else something is set aside of, then what has none yet."""
    of: dict[str, list[Block]] = {}
    for each in blocks:
        of.setdefault((each.bay_id if by == BAY else each.staff_id) or "", []).append(each)
    known = floor.bays if by == BAY else floor.people
    shown_ = [each for each in known if each.planned or each.id in of]
    names = read.bays if by == BAY else read.staff
    gone = [Resource(id_, names.get(id_, ""), (), False) for id_ in of if id_ and id_ not in {one.id for one in known}]
    last = [Resource("", "", (), False)] if "" in of else []
    shifts = floor.on_shift()

    def presence(row: Resource) -> tuple[Span, ...]:
        return floor.open_hours() if by == BAY or not row.id else shifts.get(row.id, ())

    return tuple(
        Row(each.id, each.name, each.words, presence(each), _away(floor, each.id), tuple(of.get(each.id, ())))
        for each in (*shown_, *gone, *last)
    )


def _away(floor: Floor, id_: str) -> tuple[Away, ...]:
    return tuple(
        Away(each.id, each.starts_at or 0, each.ends_at, each.kind or "other", each.remark or "")
        for each in floor.absences
        if id_ and id_ in (each.staff_id, each.bay_id)
    )
