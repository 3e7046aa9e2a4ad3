"""Whose a vehicle was, and from when to when: written by itself when a vehicle gets another customer."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from core.records.moment import now
from core.records.rows import added, assign, row_of, shown
from core.vehicles.models import OwnerPeriod, Vehicle


@dataclass(frozen=True, slots=True)
class OwnerPeriodView:
    """From ``since`` to ``until`` (calendar days; None: not known, or still) a vehicle was a customer's."""

    table: ClassVar[str] = "owner_periods"

    id: str
    vehicle_id: str | None
    customer_id: str | None
    since: str | None
    until: str | None


def list_owners(session: Session, vehicle_id: str) -> tuple[OwnerPeriodView, ...]:
    """The owners of a vehicle that are known, the last first. Raises ``NotFound``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    query = shown(OwnerPeriod, OwnerPeriod.vehicle_id == vehicle_id)
    found = sorted(session.scalars(query), key=lambda row: (row.until is None, row.since or "", row.id), reverse=True)
    return tuple(OwnerPeriodView(row.id, row.vehicle_id, row.customer_id, row.since, row.until) for row in found)


def note_owner(session: Session, vehicle_id: str, customer_id: str | None) -> None:
    """From today the vehicle is this customer's; what was open of others ends today."""
    today = dt.datetime.fromtimestamp(now(session) / 1000).date().isoformat()  # the workshop's own day
    open_ = shown(OwnerPeriod, OwnerPeriod.vehicle_id == vehicle_id, OwnerPeriod.until.is_(None))
    for row in session.scalars(open_).all():
        if row.customer_id == customer_id:
            return
        assign(session, row, {"until": today})
    if customer_id is not None:
        added(session, OwnerPeriod, {"vehicle_id": vehicle_id, "customer_id": customer_id, "since": today})
