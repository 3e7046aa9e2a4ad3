"""Odometer values that nobody would believe: held back with the reason, until somebody says what is true.

They come in at ``odometer.take_reading``, and ``odometer.decide_held_reading`` lets them through or throws them away.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor
from core.records.input import Value
from core.records.paging import LIMIT, Order, Page, check_sought, page_of
from core.records.rows import added, row_of, shown
from core.vehicles.models import HeldReading
from core.vehicles.plausibility import REASONS

KEPT, THROWN_AWAY = "kept", "thrown_away"
DECISIONS = {KEPT: mark("It is right"), THROWN_AWAY: mark("It was a mistake")}


@dataclass(frozen=True, slots=True)
class HeldReadingView:
    """A value held back: ``value`` km, ``read_at`` UTC milliseconds. ``decision`` None: nobody has decided yet."""

    table: ClassVar[str] = "held_readings"

    id: str
    vehicle_id: str | None
    value: int | None
    read_at: int | None
    source: str | None
    read_by: str | None
    reason: str | None
    decision: str | None
    decided_by: str | None
    decided_at: int | None
    deleted_at: int | None

    @property
    def words(self) -> str:
        """Why it was held back, in the person's language."""
        return tr(REASONS[self.reason]) if self.reason in REASONS else ""


def hold(
    session: Session, actor: Actor, vehicle_id: str, value: int, *, read_at: int, source: str, reason: str
) -> HeldReadingView:
    """Hold a value back. One that waits already is not held twice, so a form may be saved again."""
    waiting = _waiting(HeldReading.vehicle_id == vehicle_id, HeldReading.value == value)
    known = session.scalars(waiting.order_by(HeldReading.id.desc()).limit(1)).first()
    if known is not None:
        return view_of(known)
    fields: dict[str, Value] = {"vehicle_id": vehicle_id, "value": value, "read_at": read_at, "source": source}
    return view_of(added(session, HeldReading, {**fields, "reason": reason, "read_by": actor.reference}))


def get_held_reading(session: Session, id_: str) -> HeldReadingView:
    """One, decided or not. Raises ``NotFound``."""
    return view_of(row_of(session, HeldReading, id_))


def list_held_readings(
    session: Session,
    vehicle_id: str | None = None,
    *,
    decided: bool = False,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[HeldReadingView]:
    """What waits for somebody to decide, the newest first; of one vehicle or of all. ``decided``: what does not any
    more. Raises ``Refused``.
    """
    check_sought(vehicle_id=vehicle_id)
    query = shown(HeldReading, HeldReading.decision.is_not(None)) if decided else _waiting()
    if vehicle_id is not None:
        query = query.where(HeldReading.vehicle_id == vehicle_id)
    order = Order("newest", descending=True)
    return page_of(session, query, HeldReading, order, after=after, limit=limit).mapped(view_of)


def waiting_of(session: Session, vehicles: Collection[str | None]) -> dict[str, HeldReadingView]:
    """The last value that waits, of each of these vehicles that has one, in one statement."""
    wanted = {each for each in vehicles if each}
    if not wanted:
        return {}
    rows = session.scalars(_waiting(HeldReading.vehicle_id.in_(wanted)).order_by(HeldReading.id))
    return {str(row.vehicle_id): view_of(row) for row in rows}


def _waiting(*conditions: ColumnElement[bool]) -> Select[Any]:
    return shown(HeldReading, HeldReading.decision.is_(None), *conditions)


def view_of(row: HeldReading) -> HeldReadingView:
    """What is shown of a row."""
    return HeldReadingView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        value=row.value,
        read_at=row.read_at,
        source=row.source,
        read_by=row.read_by,
        reason=row.reason,
        decision=row.decision,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        deleted_at=row.deleted_at,
    )
