"""Somebody's schedule as iCalendar (RFC 5545), for the calendar on their telephone.

An event keeps its UID, the allocation's id, and its SEQUENCE rises with each change, so that a calendar that reads the
file again moves the event instead of adding another.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from core.language import tr
from core.planning.local_days import at
from core.planning.models import Allocation
from core.planning.schedule_views import Block
from core.planning.technician_day import TechnicianSchedule, technician_schedule
from core.records.rows import born, by_id, last_changed
from core.workshop.hours import zone

PRODUCT = "-//Bayline//Schedule//EN"
_SECOND_MS = 1000


def technician_calendar(
    session: Session, staff_id: str, start: int, end: int, *, now: int | None = None, here: dt.tzinfo | None = None
) -> bytes:
    """The blocks of somebody between two moments as a calendar file. Raises ``NotFound``."""
    place = here or zone()
    mine = technician_schedule(session, staff_id, start, end, now=now, here=place)
    rows = by_id(session, Allocation, {each.id for each in mine.blocks})
    return calendar(mine, rows.values(), place)


def calendar(mine: TechnicianSchedule, rows: Iterable[Allocation], here: dt.tzinfo) -> bytes:
    """A schedule as a calendar; ``rows`` tell when its blocks were written. Pure."""
    written = {row.id: (born(row) or 0, last_changed(row) or 0) for row in rows}
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", tr("Schedule of {name}", name=mine.name))
    # A zone without a name (a bare /etc/localtime) could not be told to a calendar: UTC can.
    place = here if isinstance(here, ZoneInfo) and here.key else dt.UTC
    for block in mine.blocks:
        found.add_component(_event(block, *written.get(block.id, (0, 0)), place))
    if place is not dt.UTC:
        found.add_missing_timezones()
    return bytes(found.to_ical())


def _event(block: Block, made: int, changed: int, here: dt.tzinfo) -> Event:
    job, event = block.job, Event()
    event.add("uid", f"{block.id}@bayline")
    event.add("sequence", max(0, changed - made) // _SECOND_MS)
    event.add("dtstamp", at(changed or block.start, dt.UTC))
    event.add("last-modified", at(changed or block.start, dt.UTC))
    event.add("dtstart", at(block.start, here))
    event.add("dtend", at(block.end, here))
    event.add("summary", " · ".join(part for part in (job.plate, block.task or job.title) if part) or tr("Work"))
    if block.bay:
        event.add("location", block.bay)
    lines = (
        tr("Repair order {number}", number=job.number) if job.number else "",
        job.vehicle,
        job.customer or "",
        block.remark,
        *(each.words for each in block.conflicts),
    )
    event.add("description", "\n".join(line for line in lines if line))
    event.add("transp", "OPAQUE")
    return event
