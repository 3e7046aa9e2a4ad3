"""What odometers said: every reading is kept, and the last one is what a vehicle shows.

So two terminals that both wrote an odometer while apart lose neither reading. The last is the one of the latest moment,
not the largest: a typing error of a digit too many is mended by a new reading, once somebody confirms it goes back.

Every door takes readings in by ``take_reading``. A value that nobody would believe (``plausibility``) is held back
(``held_readings``) until ``decide_held_reading``; nothing of it is shown as the vehicle's odometer before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Refused, Value, instant, one_of, row_id, whole
from core.records.moment import is_future, now
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, assign, hide, row_of, shown, unhide
from core.vehicles.held_readings import KEPT, THROWN_AWAY, HeldReadingView, hold, view_of
from core.vehicles.models import HeldReading, OdometerReading, Vehicle
from core.vehicles.plausibility import TOO_FAST, Point, doubt

HIGHEST = 9_999_999  # km; seven digits are the most an odometer has
SOURCES: Mapping[str, str] = {
    "person": mark("Typed in"),
    "repair_order": mark("Repair order"),
    "vehicle": mark("Read from the vehicle"),
    "import": mark("Import"),
}
kilometres = whole(0, HIGHEST)

FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    value=Field(kilometres, required=True),
    read_at=Field(instant),
    source=Field(one_of(SOURCES)),
)


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading: ``value`` in km, ``read_at`` in UTC milliseconds, ``read_by`` as in ``Actor.reference``."""

    table: ClassVar[str] = "odometer_readings"

    id: str
    vehicle_id: str | None
    value: int | None
    read_at: int | None
    source: str | None
    read_by: str | None


def add_reading(session: Session, actor: Actor, fields: Mapping[str, object]) -> ReadingView | HeldReadingView:
    """Take a reading in: ``vehicle_id``, ``value``; ``read_at`` when it was not now. One that nobody would believe is
    held back and comes as a ``HeldReadingView``. Raises ``Denied``, ``Refused``.
    """
    require(actor, "vehicles.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    read_at, source = values.get("read_at"), str(values.get("source") or "person")
    if read_at is not None and is_future(session, int(read_at)):
        problems.add("read_at", tr("This lies in the future."))
    problems.settle()
    vehicle, value = str(values["vehicle_id"]), int(values["value"] or 0)
    at = None if read_at is None else int(read_at)
    return take_reading(session, actor, vehicle, value, last=last_of(session, vehicle), source=source, read_at=at)


def take_reading(
    session: Session,
    actor: Actor,
    vehicle_id: str,
    value: int,
    *,
    last: ReadingView | None,
    source: str = "person",
    read_at: int | None = None,
) -> ReadingView | HeldReadingView:
    """Write a checked reading or hold it back, for the other functions of the rooms; whoever calls has asked whether
    the actor may. ``last``: the vehicle's last reading, as far as is known here.
    """
    at = _moment(session, last) if read_at is None else read_at
    newest = _point(last)
    before, after = (newest, None) if newest is None or at >= newest.at else _beside(session, vehicle_id, at)
    point = Point(value, at)
    reason = doubt(point, before, after)
    if reason == TOO_FAST:  # only then is it asked how this vehicle is driven
        reason = doubt(point, before, after, _first(session, vehicle_id))
    if reason:
        return hold(session, actor, vehicle_id, value, read_at=at, source=source, reason=reason)
    return keep(session, actor, vehicle_id, value, last=last, source=source, read_at=at)


def decide_held_reading(session: Session, actor: Actor, id_: str, keep: bool) -> HeldReadingView:
    """Say what is true of a value that was held back: ``keep`` it as a reading of its moment, or throw it away.

    Raises ``Denied``, ``NotFound``, ``Refused`` when somebody has decided already.
    """
    require(actor, "vehicles.change")
    row = row_of(session, HeldReading, id_)
    if row.decision is not None:
        raise Refused(("keep", tr("Somebody has decided this already.")))
    if keep and row.vehicle_id is not None and row.value is not None:
        values: dict[str, Value] = {name: getattr(row, name) for name in ("vehicle_id", "value", "read_at", "source")}
        added(session, OdometerReading, {**values, "read_by": row.read_by or actor.reference})
    decision = KEPT if keep else THROWN_AWAY
    assign(session, row, {"decision": decision, "decided_by": actor.reference, "decided_at": now(session)})
    return view_of(row)


def keep(
    session: Session,
    actor: Actor,
    vehicle_id: str,
    value: int,
    *,
    last: ReadingView | None,
    source: str = "person",
    read_at: int | None = None,
) -> ReadingView:
    """Write a reading that is known to be true, past all doubt; what people type goes through ``take_reading``.

    ``last``: the reading before, as far as is known here.
    """
    if read_at is None:
        read_at = _moment(session, last)
    fields: dict[str, Value] = {"vehicle_id": vehicle_id, "value": value, "read_at": read_at, "source": source}
    return _view(added(session, OdometerReading, {**fields, "read_by": actor.reference}))


def delete_reading(session: Session, actor: Actor, id_: str) -> None:
    """Hide a reading that was wrong. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    hide(session, OdometerReading, id_)


def restore_reading(session: Session, actor: Actor, id_: str) -> ReadingView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    return _view(unhide(session, OdometerReading, id_))


def list_readings(
    session: Session, vehicle_id: str, *, after: str | None = None, limit: int = LIMIT
) -> Page[ReadingView]:
    """The readings of a vehicle, last first. Raises ``NotFound``, ``Refused``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    order = Order("read_at", func.coalesce(OdometerReading.read_at, 0), descending=True, kind=int)
    query = shown(OdometerReading, OdometerReading.vehicle_id == vehicle_id)
    return page_of(session, query, OdometerReading, order, after=after, limit=limit).mapped(_view)


def latest(session: Session, vehicles: Collection[str]) -> dict[str, ReadingView]:
    """The last reading of each of these vehicles that has one, in one query."""
    if not vehicles:
        return {}
    found = session.scalars(_LATEST, {"vehicles": list(vehicles)})
    return {str(row.vehicle_id): _view(row) for row in found}


def last_of(session: Session, vehicle_id: str) -> ReadingView | None:
    """The last reading of a vehicle."""
    row = session.scalars(_LAST, {"vehicle": vehicle_id}).first()
    return None if row is None else _view(row)


def _moment(session: Session, last: ReadingView | None) -> int:
    """Now, and after the last reading, even when this terminal's clock stands at 2009."""
    return max(now(session), (last.read_at or 0) + 1 if last else 0)


def _point(row: ReadingView | OdometerReading | None) -> Point | None:
    return None if row is None or row.value is None else Point(row.value, row.read_at or 0)


def _beside(session: Session, vehicle_id: str, at: int) -> tuple[Point | None, Point | None]:
    """The readings next to a moment of the past."""
    here = shown(OdometerReading, OdometerReading.vehicle_id == vehicle_id, OdometerReading.value.is_not(None))
    last_first = here.order_by(_AT.desc(), OdometerReading.id.desc()).limit(1)
    before = session.scalars(last_first.where(at >= _AT)).first()
    after = session.scalars(here.order_by(_AT, OdometerReading.id).limit(1).where(at < _AT)).first()
    return _point(before), _point(after)


def _first(session: Session, vehicle_id: str) -> Point | None:
    here = shown(OdometerReading, OdometerReading.vehicle_id == vehicle_id, OdometerReading.value.is_not(None))
    return _point(session.scalars(here.order_by(_AT, OdometerReading.id).limit(1)).first())


# Made once: to put such a question together takes longer than to have it answered.
_AT = func.coalesce(OdometerReading.read_at, 0)
_LAST = (
    shown(OdometerReading, OdometerReading.vehicle_id == bindparam("vehicle"))
    .order_by(_AT.desc(), OdometerReading.id.desc())
    .limit(1)
)
_PLACE = func.row_number().over(
    partition_by=OdometerReading.vehicle_id, order_by=(_AT.desc(), OdometerReading.id.desc())
)
_RANKED = (
    select(OdometerReading.id.label("id"), _PLACE.label("place"))
    .where(OdometerReading.vehicle_id.in_(bindparam("vehicles", expanding=True)), OdometerReading.deleted_at.is_(None))
    .subquery()
)
_LATEST = select(OdometerReading).join(_RANKED, OdometerReading.id == _RANKED.c.id).where(_RANKED.c.place == 1)


def _view(row: OdometerReading) -> ReadingView:
    return ReadingView(row.id, row.vehicle_id, row.value, row.read_at, row.source, row.read_by)
