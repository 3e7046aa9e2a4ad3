"""Whom parts are bought from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import Field, Fields, text, whole
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.records.search import SearchIndex
from core.workshop.parts_models import Supplier

LONGEST_LEAD = 365  # days

FIELDS = Fields(
    name=Field(text(120), required=True),
    customer_number=Field(text(60)),
    phone=Field(text(60)),
    email=Field(text(200)),
    address=Field(text(2_000, lines=True)),
    lead_days=Field(whole(0, LONGEST_LEAD)),
    notes=Field(text(20_000, lines=True)),
)
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("name", func.lower(func.coalesce(Supplier.name, ""))),
)


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier. ``customer_number`` is ours with them; ``lead_days`` from ordering until it is here."""

    table: ClassVar[str] = "suppliers"

    id: str
    name: str | None
    customer_number: str | None
    phone: str | None
    email: str | None
    address: str | None
    lead_days: int | None
    notes: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_supplier(session: Session, actor: Actor, fields: Mapping[str, object]) -> SupplierView:
    """A new supplier; only ``name`` is needed. Raises ``Denied``, ``Refused``."""
    require(actor, "parts.change")
    return _view(added(session, Supplier, FIELDS.settled(session, fields)))


def change_supplier(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> SupplierView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "parts.change")
    row = row_of(session, Supplier, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _view(row)


def delete_supplier(session: Session, actor: Actor, id_: str) -> None:
    """Hide a supplier. Parts and purchase orders keep naming it. Raises ``Denied``, ``NotFound``."""
    require(actor, "parts.change")
    hide(session, Supplier, id_)


def restore_supplier(session: Session, actor: Actor, id_: str) -> SupplierView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "parts.change")
    return _view(unhide(session, Supplier, id_))


def get_supplier(session: Session, id_: str, *, deleted: bool = False) -> SupplierView:
    """One supplier. Raises ``NotFound``."""
    return _view(row_of(session, Supplier, id_, deleted=deleted))


def list_suppliers(
    session: Session,
    *,
    q: str | None = None,
    name: str | None = None,
    deleted: bool = False,
    sort: str = "name",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[SupplierView]:
    """Suppliers by the page. ``name``: exactly this, but for case; ``q``: words, each by its beginning, on one page.

    ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(q=q, name=name)
    query = shown(Supplier, deleted=deleted)
    if name is not None:
        query = query.where(func.lower(Supplier.name) == func.lower(name))
    if q is not None:
        hits = [hit.row for hit in SearchIndex().find(session, q, tables=["suppliers"], limit=limit)]
        query = query.where(Supplier.id.in_(hits))
    return page_of(session, query, Supplier, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def _view(row: Supplier) -> SupplierView:
    return SupplierView(
        id=row.id,
        name=row.name,
        customer_number=row.customer_number,
        phone=row.phone,
        email=row.email,
        address=row.address,
        lead_days=row.lead_days,
        notes=row.notes,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
