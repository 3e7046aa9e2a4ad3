"""Fleets: vehicles that are looked after together, mostly a company's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.models import Customer
from core.people.roles import Actor, require
from core.records.input import Field, Fields, row_id, text
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.vehicles.models import Fleet

FIELDS = Fields(
    name=Field(text(120), required=True),
    description=Field(text(5_000, lines=True)),
    customer_id=Field(row_id, of=Customer),
)
ORDERS = (
    Order("name", func.lower(func.coalesce(Fleet.name, ""))),
    Order("newest", descending=True),
    Order("oldest"),
)


@dataclass(frozen=True, slots=True)
class FleetView:
    """A fleet. Its members are the vehicles with its ``fleet_id``."""

    table: ClassVar[str] = "fleets"

    id: str
    name: str | None
    description: str | None
    customer_id: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_fleet(session: Session, actor: Actor, fields: Mapping[str, object]) -> FleetView:
    """A new fleet; only ``name`` is needed. Raises ``Denied``, ``Refused``."""
    require(actor, "vehicles.change")
    values = FIELDS.settled(session, fields)
    return _view(added(session, Fleet, values))


def change_fleet(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> FleetView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, Fleet, id_)
    values = FIELDS.settled(session, fields, row)
    assign(session, row, values)
    return _view(row)


def delete_fleet(session: Session, actor: Actor, id_: str) -> None:
    """Hide a fleet; its vehicles stay. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.delete")
    hide(session, Fleet, id_)


def restore_fleet(session: Session, actor: Actor, id_: str) -> FleetView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.delete")
    return _view(unhide(session, Fleet, id_))


def get_fleet(session: Session, id_: str, *, deleted: bool = False) -> FleetView:
    """One fleet. Raises ``NotFound``."""
    return _view(row_of(session, Fleet, id_, deleted=deleted))


def list_fleets(
    session: Session,
    *,
    customer_id: str | None = None,
    deleted: bool = False,
    sort: str = "name",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[FleetView]:
    """Fleets by the page. ``sort`` is a name in ``ORDERS``. Raises ``Refused``."""
    check_sought(customer_id=customer_id)
    query = shown(Fleet, deleted=deleted)
    if customer_id is not None:
        query = query.where(Fleet.customer_id == customer_id)
    return page_of(session, query, Fleet, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def _view(row: Fleet) -> FleetView:
    return FleetView(row.id, row.name, row.description, row.customer_id, born(row), last_changed(row), row.deleted_at)
