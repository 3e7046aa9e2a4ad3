"""Who sees what of vehicles and fleets, and who may keep a fleet's vehicles: decided here, for every list and page.

Whoever may read vehicles by their role (``core.people.roles``) sees all. A customer sees their own vehicles, the fleets
that are theirs, and those they were given access to. Access at level "change" lets somebody also keep the vehicles of a
fleet whose role alone would not: what they are and how they are, not whose they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import Customer, Staff
from core.people.roles import Actor, Denied, Role, may, require
from core.records.ids import is_id
from core.records.input import Field, Fields, NotFound, Problems, one_of, row_id
from core.records.rows import added, assign, by_id, hide, row_of, shown, unhide
from core.vehicles.models import Fleet, FleetAccess, Vehicle

READ, CHANGE = "read", "change"
LEVELS: Mapping[str, str] = {READ: mark("May see"), CHANGE: mark("May change")}
WHOSE = frozenset({"customer_id", "fleet_id"})  # of a vehicle: not in the hands of who only keeps it

FIELDS = Fields(
    fleet_id=Field(row_id, required=True, of=Fleet),
    staff_id=Field(row_id, of=Staff),
    customer_id=Field(row_id, of=Customer),
    level=Field(one_of(LEVELS)),
)


class Owned(Protocol):
    """A vehicle, or what is shown of it."""

    @property
    def customer_id(self) -> str | None: ...

    @property
    def fleet_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class FleetAccessView:
    """Somebody's access to a fleet: of ``staff_id`` or ``customer_id``, at ``level`` (read, change)."""

    table: ClassVar[str] = "fleet_access"

    id: str
    fleet_id: str | None
    staff_id: str | None
    customer_id: str | None
    name: str | None
    level: str | None
    deleted_at: int | None


# Who sees -----------------------------------------------------------------------------------------------------------


def vehicles_seen_by(actor: Actor) -> ColumnElement[bool] | None:
    """What of ``Vehicle`` somebody may see; None: all of it. Raises ``Denied`` who may see no vehicles at all."""
    if may(actor, "vehicles.read"):
        return None
    return or_(Vehicle.customer_id == _customer(actor), Vehicle.fleet_id.in_(_fleets_of(actor)))


def fleets_seen_by(actor: Actor) -> ColumnElement[bool] | None:
    """What of ``Fleet`` somebody may see; None: all of it. Raises ``Denied`` who may see no fleets at all."""
    if may(actor, "vehicles.read"):
        return None
    _customer(actor)
    return Fleet.id.in_(_fleets_of(actor))


def may_see(session: Session, actor: Actor, vehicle: Owned) -> bool:
    """Whether somebody may see this vehicle."""
    if may(actor, "vehicles.read", vehicle):
        return True
    return vehicle.fleet_id is not None and _has_access(session, actor, vehicle.fleet_id, LEVELS)


def require_seeing(session: Session, actor: Actor, vehicle_id: str) -> bool:
    """Whether somebody reads all vehicles, or just this one. Raises ``Denied``, ``NotFound`` for who reads all."""
    if may(actor, "vehicles.read"):
        row_of(session, Vehicle, vehicle_id, deleted=True)
        return True
    found = session.get(Vehicle, vehicle_id) if is_id(vehicle_id) else None
    if found is None or found.deleted_at is not None or not may_see(session, actor, found):
        raise Denied(actor, "vehicles.read")  # who may not see it is not told whether it is there
    return False


def may_see_fleet(session: Session, actor: Actor, fleet_id: str) -> bool:
    """Whether somebody may see this fleet."""
    if may(actor, "vehicles.read"):
        return True
    if not _is_customer(actor):
        return False
    return session.scalar(_fleets_of(actor).where(Fleet.id == fleet_id)) is not None


def work_seen_by(session: Session, actor: Actor, vehicle_id: str) -> tuple[str, ...] | None:
    """The customers whose work on a vehicle somebody may see; None: everybody's. A vehicle had other owners before.

    Raises ``Denied`` who may not see the vehicle, ``NotFound``.
    """
    if require_seeing(session, actor, vehicle_id):
        require(actor, "repair_orders.read")
        return None
    customer, found = _customer(actor), row_of(session, Vehicle, vehicle_id)
    let_in = found.fleet_id is not None and _has_access(session, actor, found.fleet_id, LEVELS)
    return (customer, found.customer_id) if let_in and found.customer_id else (customer,)


def require_keeping(session: Session, actor: Actor, vehicle: Owned | None, fields: Collection[str]) -> None:
    """Raises ``Denied`` unless somebody may change these fields of a vehicle, by their role or by its fleet.

    None: there is none with this id, of which only those are told who may change any.
    """
    if may(actor, "vehicles.change"):
        return
    fleet = vehicle.fleet_id if vehicle is not None else None
    if fleet is None or WHOSE & set(fields) or not _has_access(session, actor, fleet, (CHANGE,)):
        raise Denied(actor, "vehicles.change")


def _is_customer(actor: Actor) -> bool:
    return actor.role is Role.CUSTOMER and actor.kind == "customer" and bool(actor.id)


def _customer(actor: Actor) -> str:
    if not _is_customer(actor):
        raise Denied(actor, "vehicles.read")
    return actor.id


def _fleets_of(actor: Actor) -> Select[Any]:
    """Ids of a customer's own fleets and of those they were given access to."""
    given = select(FleetAccess.fleet_id).where(
        FleetAccess.customer_id == actor.id, FleetAccess.level.in_(LEVELS), FleetAccess.deleted_at.is_(None)
    )
    mine = or_(Fleet.customer_id == actor.id, Fleet.id.in_(given))
    return select(Fleet.id).where(Fleet.deleted_at.is_(None), mine)


def _has_access(session: Session, actor: Actor, fleet_id: str, levels: Collection[str]) -> bool:
    if _is_customer(actor):
        whose: ColumnElement[bool] = FleetAccess.customer_id == actor.id
        own = select(Fleet.id).where(Fleet.id == fleet_id, Fleet.customer_id == actor.id, Fleet.deleted_at.is_(None))
        if READ in levels and session.scalar(own) is not None:
            return True
    elif actor.kind == "staff" and actor.id:
        whose = FleetAccess.staff_id == actor.id
    else:
        return False
    here = select(FleetAccess.id).join(Fleet, Fleet.id == FleetAccess.fleet_id)
    found = here.where(
        FleetAccess.fleet_id == fleet_id,
        FleetAccess.level.in_(levels),
        FleetAccess.deleted_at.is_(None),
        Fleet.deleted_at.is_(None),
        whose,
    )
    return session.scalar(found.limit(1)) is not None


# Who was let in ------------------------------------------------------------------------------------------------------


def give_access(session: Session, actor: Actor, fields: Mapping[str, object]) -> FleetAccessView:
    """Let somebody into a fleet: ``fleet_id``, ``staff_id`` or ``customer_id``, ``level`` (read when not said).

    Who is in already gets the level anew. Raises ``Denied``, ``Refused``.
    """
    require(actor, "workshop.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    one = [name for name in ("staff_id", "customer_id") if values.get(name) is not None]
    if len(one) != 1 and not any(name in fields and name not in values for name in ("staff_id", "customer_id")):
        problems.add("customer_id", tr("Choose one person: somebody who works here, or a customer."))
    problems.settle()
    values["level"] = values.get("level") or READ
    who = FleetAccess.staff_id if one == ["staff_id"] else FleetAccess.customer_id
    known = shown(FleetAccess, FleetAccess.fleet_id == values["fleet_id"], who == values[one[0]])
    row = session.scalars(known.order_by(FleetAccess.id).limit(1)).first()
    if row is None:
        row = added(session, FleetAccess, values)
    else:
        assign(session, row, {"level": values["level"]})
    return _views(session, [row])[0]


def change_access(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> FleetAccessView:
    """Set the ``level``. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "workshop.change")
    row = row_of(session, FleetAccess, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    for name in sorted(fields.keys() & (FIELDS_OF_WHO | {"fleet_id"})):
        problems.add(name, tr("This stays: take the access away, and give another."))
    if "level" in values and values["level"] is None:
        problems.add("level", tr("This is needed."))
    problems.settle()
    assign(session, row, values)
    return _views(session, [row])[0]


def check_is_of(session: Session, id_: str, fleet_id: str) -> None:
    """Raises ``NotFound`` unless this is an access to this fleet."""
    if row_of(session, FleetAccess, id_).fleet_id != fleet_id:
        raise NotFound(FleetAccess.__tablename__, id_)


def take_access_away(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    hide(session, FleetAccess, id_)


def restore_access(session: Session, actor: Actor, id_: str) -> FleetAccessView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "workshop.change")
    return _views(session, [unhide(session, FleetAccess, id_)])[0]


def get_access(session: Session, id_: str, *, deleted: bool = False) -> FleetAccessView:
    """One access. Raises ``NotFound``."""
    return _views(session, [row_of(session, FleetAccess, id_, deleted=deleted)])[0]


def list_access(session: Session, fleet_id: str) -> tuple[FleetAccessView, ...]:
    """Who was let into a fleet, in three statements. Raises ``NotFound``."""
    row_of(session, Fleet, fleet_id, deleted=True)
    rows = session.scalars(shown(FleetAccess, FleetAccess.fleet_id == fleet_id).order_by(FleetAccess.id))
    return _views(session, list(rows))


FIELDS_OF_WHO = frozenset({"staff_id", "customer_id"})


def _views(session: Session, rows: list[FleetAccess]) -> tuple[FleetAccessView, ...]:
    staff = by_id(session, Staff, [row.staff_id for row in rows])
    customers = by_id(session, Customer, [row.customer_id for row in rows])

    def name(row: FleetAccess) -> str | None:
        found = staff.get(row.staff_id or "") or customers.get(row.customer_id or "")
        return found.name if found else None

    return tuple(
        FleetAccessView(row.id, row.fleet_id, row.staff_id, row.customer_id, name(row), row.level, row.deleted_at)
        for row in rows
    )
