"""One person's own schedule: what is set aside of them, when they are on shift or away, and what waits for a time."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from core.people.models import Staff
from core.planning.floor import read_floor
from core.planning.intervals import both, length, without
from core.planning.schedule import TECHNICIAN, build
from core.planning.schedule_views import Away, Block, Unplanned
from core.planning.unplanned import read_tray
from core.records.moment import now as present
from core.records.rows import row_of
from core.workshop.hours import zone

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class TechnicianSchedule:
    """Somebody's blocks between two moments (UTC ms), the earliest first; times in milliseconds.

    ``on_shift``: without what they are away of it. ``utilisation``: how much of the shifts is set aside, in percent,
    None without shifts. ``planned`` counts what overlaps once. ``unplanned``: their orders that wait for a time.
    """

    table: ClassVar[str] = "staff"

    id: str
    name: str
    start: int
    end: int
    blocks: tuple[Block, ...]
    shifts: tuple[tuple[int, int], ...]
    away: tuple[Away, ...]
    unplanned: tuple[Unplanned, ...]
    orders: int
    planned: int
    on_shift: int
    utilisation: int | None


def technician_schedule(
    session: Session,
    staff_id: str,
    start: int,
    end: int,
    *,
    now: int | None = None,
    here: dt.tzinfo | None = None,
) -> TechnicianSchedule:
    """The schedule of one of the staff. Raises ``NotFound``."""
    person = row_of(session, Staff, staff_id)
    floor = read_floor(session, start, end, here or zone())
    moment = present(session) if now is None else now
    whole = build(session, floor, by=TECHNICIAN, now=moment, tray=False)
    row = next((each for each in whole.rows if each.id == staff_id), None)
    waiting, carried, _ = read_tray(session, moment, floor.here, technician_id=staff_id)
    blocks = row.blocks if row else ()
    shifts = floor.on_shift().get(staff_id, ())
    there = without(shifts, floor.away().get(staff_id, ()))
    spans = floor.taken().get(staff_id, ())
    busy = length(both(spans, there))
    return TechnicianSchedule(
        id=staff_id,
        name=person.name or "",
        start=start,
        end=end,
        blocks=blocks,
        shifts=shifts,
        away=row.away if row else (),
        unplanned=(*carried, *waiting),
        orders=len({each.job.order_id for each in blocks if each.job.order_id}),
        planned=length(spans),
        on_shift=length(there),
        utilisation=busy * _PERCENT // length(there) if there else None,
    )
