"""Customers and how to reach them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import NAME, NOTES, VALUE, ContactWay, Customer
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, Wrong, one_of, row_id, text
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide

KINDS: Mapping[str, str] = {"person": mark("Person"), "company": mark("Company")}
WAYS: Mapping[str, str] = {
    "phone": mark("Telephone"),
    "mobile": mark("Mobile"),
    "email": mark("E-mail"),
    "address": mark("Address"),
}


@dataclass(frozen=True, slots=True)
class ContactWayView:
    """One way to reach a customer. ``kind`` is a key of ``WAYS``."""

    id: str
    customer_id: str | None
    kind: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer. ``phone``, ``mobile``, ``email`` and ``address`` are the first of each kind of ``contact_ways``."""

    table: ClassVar[str] = "customers"

    id: str
    kind: str | None
    name: str | None
    contact_person: str | None
    tax_number: str | None
    language: str | None
    notes: str | None
    phone: str | None
    mobile: str | None
    email: str | None
    address: str | None
    contact_ways: tuple[ContactWayView, ...]
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def _way(kind: str, value: object) -> Value:
    plain = text(VALUE, lines=kind == "address")(value)
    if plain is None:
        return None
    words = str(plain)
    if kind == "email" and (not all(words.rpartition("@")) or any(each.isspace() for each in words)):
        raise Wrong(tr("This is not an e-mail address."))
    if kind in ("phone", "mobile") and not any(each.isdigit() for each in words):
        raise Wrong(tr("This is not a telephone number."))
    return plain


FIELDS = Fields(
    kind=Field(one_of(KINDS)),
    name=Field(text(NAME), required=True),
    contact_person=Field(text(NAME)),
    tax_number=Field(text(40)),
    language=Field(text(16)),
    notes=Field(text(NOTES, lines=True)),
    phone=Field(lambda value: _way("phone", value)),
    mobile=Field(lambda value: _way("mobile", value)),
    email=Field(lambda value: _way("email", value)),
    address=Field(lambda value: _way("address", value)),
)
WAY_FIELDS = Fields(
    customer_id=Field(row_id, required=True, of=Customer),
    kind=Field(one_of(WAYS), required=True),
    value=Field(text(VALUE, lines=True), required=True),
)
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("name", func.lower(func.coalesce(Customer.name, ""))),
)


def create_customer(session: Session, actor: Actor, fields: Mapping[str, object]) -> CustomerView:
    """A new customer; only ``name`` is needed. Raises ``Denied``, ``Refused``."""
    require(actor, "customers.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    problems.settle()
    ways = {kind: values.pop(kind) for kind in WAYS if kind in values}
    row = added(session, Customer, {**values, "kind": values.get("kind") or "person"})
    _set_ways(session, row.id, ways)
    return _view(row, _ways_of(session, [row.id]))


def change_customer(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> CustomerView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "customers.change")
    row = row_of(session, Customer, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    problems.settle()
    ways = {kind: values.pop(kind) for kind in WAYS if kind in values}
    assign(session, row, values)
    _set_ways(session, id_, ways)
    return _view(row, _ways_of(session, [id_]))


def delete_customer(session: Session, actor: Actor, id_: str) -> None:
    """Hide a customer. Orders and vehicles keep naming them. Raises ``Denied``, ``NotFound``."""
    require(actor, "customers.delete")
    hide(session, Customer, id_)


def restore_customer(session: Session, actor: Actor, id_: str) -> CustomerView:
    """Show a deleted customer again. Raises ``Denied``, ``NotFound``."""
    require(actor, "customers.delete")
    row = unhide(session, Customer, id_)
    return _view(row, _ways_of(session, [id_]))


def get_customer(session: Session, id_: str, *, deleted: bool = False) -> CustomerView:
    """One customer. Raises ``NotFound``."""
    return _view(row_of(session, Customer, id_, deleted=deleted), _ways_of(session, [id_]))


def list_customers(
    session: Session,
    *,
    name: str | None = None,
    kind: str | None = None,
    deleted: bool = False,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[CustomerView]:
    """Customers by the page. ``name``: exactly this, but for case; the search finds parts of names.

    ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(name=name, kind=kind)
    query = shown(Customer, deleted=deleted)
    if name is not None:
        query = query.where(func.lower(Customer.name) == func.lower(name))
    if kind is not None:
        query = query.where(Customer.kind == kind)
    page = page_of(session, query, Customer, chosen(ORDERS, sort), after=after, limit=limit)
    ways = _ways_of(session, [row.id for row in page.items])
    return page.mapped(lambda row: _view(row, ways))


def add_contact_way(session: Session, actor: Actor, fields: Mapping[str, object]) -> ContactWayView:
    """One more way to reach a customer: ``customer_id``, ``kind``, ``value``. Raises ``Denied``, ``Refused``."""
    require(actor, "customers.change")
    problems = Problems()
    values = WAY_FIELDS.take(session, fields, None, problems)
    _check_way(values, problems)
    problems.settle()
    return _way_view(added(session, ContactWay, values))


def change_contact_way(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> ContactWayView:
    """Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "customers.change")
    row = row_of(session, ContactWay, id_)
    problems = Problems()
    values = WAY_FIELDS.take(session, fields, row, problems)
    _check_way({"kind": row.kind, "value": row.value} | values, problems)
    problems.settle()
    assign(session, row, values)
    return _way_view(row)


def delete_contact_way(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "customers.change")
    hide(session, ContactWay, id_)


def restore_contact_way(session: Session, actor: Actor, id_: str) -> ContactWayView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "customers.change")
    return _way_view(unhide(session, ContactWay, id_))


def _check_way(values: Mapping[str, Value], problems: Problems) -> None:
    kind, value = values.get("kind"), values.get("value")
    if kind and value:
        try:
            _way(str(kind), value)
        except Wrong as wrong:
            problems.add("value", str(wrong))


def _set_ways(session: Session, customer_id: str, ways: Mapping[str, Value]) -> None:
    """Make the first way of each kind this value; without a value it is deleted, and the next one is first."""
    if not ways:
        return
    present = _ways_of(session, [customer_id]).get(customer_id, ())
    for kind, value in ways.items():
        first = next((each for each in present if each.kind == kind), None)
        if first is None and value is not None:
            added(session, ContactWay, {"customer_id": customer_id, "kind": kind, "value": value})
        elif first is not None and value is None:
            hide(session, ContactWay, first.id)
        elif first is not None:
            assign(session, row_of(session, ContactWay, first.id), {"value": value})


def _ways_of(session: Session, customers: Sequence[str]) -> dict[str, tuple[ContactWayView, ...]]:
    """Contact ways by customer, oldest first, in one query."""
    found: dict[str, list[ContactWayView]] = {each: [] for each in customers}
    if customers:
        query = select(ContactWay).where(ContactWay.customer_id.in_(customers), ContactWay.deleted_at.is_(None))
        for row in session.scalars(query.order_by(ContactWay.id)):
            found[str(row.customer_id)].append(_way_view(row))
    return {each: tuple(ways) for each, ways in found.items()}


def _way_view(row: ContactWay) -> ContactWayView:
    return ContactWayView(row.id, row.customer_id, row.kind, row.value)


def _view(row: Customer, ways: Mapping[str, tuple[ContactWayView, ...]]) -> CustomerView:
    mine = ways.get(row.id, ())
    first = {kind: next((each.value for each in mine if each.kind == kind), None) for kind in WAYS}
    return CustomerView(
        id=row.id,
        kind=row.kind,
        name=row.name,
        contact_person=row.contact_person,
        tax_number=row.tax_number,
        language=row.language,
        notes=row.notes,
        **first,
        contact_ways=mine,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
