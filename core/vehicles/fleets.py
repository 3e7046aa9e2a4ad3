"""Fleets: vehicles that are looked after together, mostly a company's. Who may see one: ``fleet_access``."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Customer
from core.people.roles import Actor, require
from core.records.ids import is_id
from core.records.input import Field, Fields, NotFound, Refused, row_id, text
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.vehicles.models import Fleet, Vehicle

FIELDS = Fields(
    name=Field(text(120), required=True),
    description=Field(text(5_000, lines=True)),
    customer_id=Field(row_id, of=Customer),
)
MOST_AT_ONCE = 500  # vehicles put into a fleet
ORDERS = (
    Order("name", func.lower(func.coalesce(Fleet.name, ""))),
    Order("newest", descending=True),
    Order("oldest"),
)


@dataclass(frozen=True, slots=True)
class FleetView:
    """A fleet. Its members are the vehicles with its ``fleet_id``, ``vehicle_count`` of them."""

    table: ClassVar[str] = "fleets"

    id: str
    name: str | None
    description: str | None
    customer_id: str | None
    vehicle_count: int
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_fleet(session: Session, actor: Actor, fields: Mapping[str, object]) -> FleetView:
    """A new fleet; only ``name`` is needed. Raises ``Denied``, ``Refused``."""
    require(actor, "vehicles.change")
    values = FIELDS.settled(session, fields)
    return _views(session, [added(session, Fleet, values)])[0]


def change_fleet(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> FleetView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, Fleet, id_)
    values = FIELDS.settled(session, fields, row)
    assign(session, row, values)
    return _views(session, [row])[0]


def delete_fleet(session: Session, actor: Actor, id_: str) -> None:
    """Hide a fleet; its vehicles stay. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.delete")
    hide(session, Fleet, id_)


def restore_fleet(session: Session, actor: Actor, id_: str) -> FleetView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.delete")
    return _views(session, [unhide(session, Fleet, id_)])[0]


def get_fleet(session: Session, id_: str, *, deleted: bool = False) -> FleetView:
    """One fleet. Raises ``NotFound``."""
    return _views(session, [row_of(session, Fleet, id_, deleted=deleted)])[0]


def list_fleets(
    session: Session,
    *,
    customer_id: str | None = None,
    seen: ColumnElement[bool] | None = None,
    deleted: bool = False,
    sort: str = "name",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[FleetView]:
    """Fleets by the page, in two statements. ``seen``: what the person may see of them (``fleet_access``).

    ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(customer_id=customer_id)
    query = shown(Fleet, deleted=deleted)
    if customer_id is not None:
        query = query.where(Fleet.customer_id == customer_id)
    if seen is not None:
        query = query.where(seen)
    page = page_of(session, query, Fleet, chosen(ORDERS, sort), after=after, limit=limit)
    return Page(tuple(_views(session, page.items)), page.after)


def add_members(session: Session, actor: Actor, id_: str, vehicles: Collection[str]) -> FleetView:
    """Put vehicles into a fleet, out of the one where they were. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, Fleet, id_)
    if not vehicles or len(vehicles) > MOST_AT_ONCE or not all(isinstance(each, str) for each in vehicles):
        words = tr("This must be a list of 1 to {count} ids of vehicles.", count=MOST_AT_ONCE)
        raise Refused(("vehicle_ids", words))
    wanted = set(vehicles)
    here = {each.id: each for each in session.scalars(shown(Vehicle, Vehicle.id.in_([v for v in wanted if is_id(v)])))}
    if len(here) < len(wanted):
        raise Refused(("vehicle_ids", tr("There is none with this id here.")))
    for vehicle in here.values():
        assign(session, vehicle, {"fleet_id": id_})
    return _views(session, [row])[0]


def remove_member(session: Session, actor: Actor, id_: str, vehicle_id: str) -> None:
    """Take a vehicle out of a fleet; it stays. Raises ``Denied``, ``NotFound`` when it is not in it."""
    require(actor, "vehicles.change")
    vehicle = row_of(session, Vehicle, vehicle_id)
    if vehicle.fleet_id != id_:
        raise NotFound(Vehicle.__tablename__, vehicle_id)
    assign(session, vehicle, {"fleet_id": None})


def _views(session: Session, rows: Collection[Fleet]) -> list[FleetView]:
    if not rows:
        return []
    query = select(Vehicle.fleet_id, func.count()).where(
        Vehicle.fleet_id.in_([row.id for row in rows]), Vehicle.deleted_at.is_(None)
    )
    members = {str(each[0]): int(each[1]) for each in session.execute(query.group_by(Vehicle.fleet_id))}
    return [
        FleetView(
            id=row.id,
            name=row.name,
            description=row.description,
            customer_id=row.customer_id,
            vehicle_count=members.get(row.id, 0),
            created_at=born(row),
            changed_at=last_changed(row),
            deleted_at=row.deleted_at,
        )
        for row in rows
    ]
