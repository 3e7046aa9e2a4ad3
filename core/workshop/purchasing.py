"""Purchase orders: what is bought of whom, sent, and received line by line; what came is facts, and tells the state."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Refused, Value, day, row_id, text
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, by_id, disputed, hide, last_changed, row_of, shown, unhide
from core.records.search import SearchIndex
from core.workshop.numbers import FIRST, LAST, suffix
from core.workshop.part_states import PartState, bring_on, wait_no_more
from core.workshop.parts_models import PurchaseOrder, Supplier
from core.workshop.purchase_states import Amounts, PurchaseStatus, amounts_of, status_shown

MARK = "P"  # before the number, so that nobody takes it for a repair order's
_LARGEST_KNOWN = select(func.max(PurchaseOrder.sequence)).where(PurchaseOrder.sequence <= LAST)
_NEVER = "9999-12-31"

FIELDS = Fields(
    supplier_id=Field(row_id, of=Supplier),
    expected_on=Field(day),
    reference=Field(text(60)),
    notes=Field(text(20_000, lines=True)),
)
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("expected", func.coalesce(PurchaseOrder.expected_on, _NEVER)),
    Order("number", func.coalesce(PurchaseOrder.sequence, 0), descending=True, kind=int),
)


@dataclass(frozen=True, slots=True)
class PurchaseOrderView:
    """A purchase order. ``status`` is a value of ``PurchaseStatus``; ``disputed``: all its values, when terminals that
    were apart set different ones.

    ``lines`` of it, ``open_lines`` of which something is still to come, ``cost`` of all in minor units without tax.
    ``late``: something that was expected before today is still to come.
    """

    table: ClassVar[str] = "purchase_orders"

    id: str
    number: str | None
    supplier_id: str | None
    supplier_name: str | None
    status: str
    disputed: tuple[str, ...]
    ordered_at: int | None
    expected_on: str | None
    late: bool
    reference: str | None
    notes: str | None
    lines: int
    open_lines: int
    cost: int
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_purchase_order(session: Session, actor: Actor, fields: Mapping[str, object]) -> PurchaseOrderView:
    """A new purchase order, numbered here, not sent yet. Raises ``Denied``, ``Refused``."""
    require(actor, "purchases.change")
    values = FIELDS.settled(session, fields)
    sequence = max((session.scalar(_LARGEST_KNOWN) or 0) + 1, FIRST)
    number: dict[str, Value] = {"sequence": sequence, "number": f"{MARK}{sequence}-{suffix(session)}"}
    row = added(session, PurchaseOrder, {**values, **number, "status": PurchaseStatus.DRAFT.value})
    return purchase_views(session, [row])[row.id]


def change_purchase_order(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> PurchaseOrderView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "purchases.change")
    row = row_of(session, PurchaseOrder, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    if row.status != PurchaseStatus.DRAFT and values.get("supplier_id", row.supplier_id) != row.supplier_id:
        problems.add("supplier_id", tr("It was sent already: cancel it, and order elsewhere."))
    problems.settle()
    assign(session, row, values)
    return purchase_views(session, [row])[id_]


def delete_purchase_order(session: Session, actor: Actor, id_: str) -> None:
    """Hide a purchase order that was not sent. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "purchases.change")
    if row_of(session, PurchaseOrder, id_).status not in (None, PurchaseStatus.DRAFT, PurchaseStatus.CANCELLED):
        raise Refused(("status", tr("What was sent is not deleted: cancel it.")))
    hide(session, PurchaseOrder, id_)


def restore_purchase_order(session: Session, actor: Actor, id_: str) -> PurchaseOrderView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "purchases.change")
    return purchase_views(session, [unhide(session, PurchaseOrder, id_)])[id_]


def cancel_purchase_order(session: Session, actor: Actor, id_: str) -> PurchaseOrderView:
    """Nothing of it will come any more; what came stays. Repair orders that waited show it as not ordered.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    return _ended(session, actor, id_, PurchaseStatus.CANCELLED)


def finish_purchase_order(session: Session, actor: Actor, id_: str) -> PurchaseOrderView:
    """What is missing will not come: nothing waits for it any more. Raises ``Denied``, ``NotFound``, ``Refused``."""
    return _ended(session, actor, id_, PurchaseStatus.RECEIVED)


def reopen_purchase_order(session: Session, actor: Actor, id_: str) -> PurchaseOrderView:
    """It was not cancelled or finished after all: it is as before. Raises ``Denied``, ``NotFound``."""
    require(actor, "purchases.change")
    row = row_of(session, PurchaseOrder, id_)
    sent = row.ordered_at is not None
    assign(session, row, {"status": PurchaseStatus.ORDERED.value if sent else PurchaseStatus.DRAFT.value})
    lines = amounts_of(session, [id_]).get(id_, ())
    status = status_shown(row.status, lines)
    assign(session, row, {"status": status})
    if sent:
        bring_lines_on(session, lines)
    return purchase_views(session, [row])[id_]


def get_purchase_order(session: Session, id_: str, *, deleted: bool = False) -> PurchaseOrderView:
    """One purchase order. Raises ``NotFound``."""
    return purchase_views(session, [row_of(session, PurchaseOrder, id_, deleted=deleted)])[id_]


def list_purchase_orders(
    session: Session,
    *,
    q: str | None = None,
    status: Collection[str] = (),
    number: str | None = None,
    supplier_id: str | None = None,
    deleted: bool = False,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[PurchaseOrderView]:
    """Purchase orders by the page, those that meet all conditions; of ``status`` any value will do.

    ``q``: words, each by its beginning, on one page. ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(q=q, status=status, number=number, supplier_id=supplier_id)
    query = shown(PurchaseOrder, deleted=deleted)
    if status:
        query = query.where(func.coalesce(PurchaseOrder.status, PurchaseStatus.DRAFT.value).in_(status))
    if number is not None:
        query = query.where(PurchaseOrder.number == number.strip().upper())
    if supplier_id is not None:
        query = query.where(PurchaseOrder.supplier_id == supplier_id)
    if q is not None:
        hits = [hit.row for hit in SearchIndex().find(session, q, tables=["purchase_orders"], limit=limit)]
        query = query.where(PurchaseOrder.id.in_(hits))
    page = page_of(session, query, PurchaseOrder, chosen(ORDERS, sort), after=after, limit=limit)
    views = purchase_views(session, page.items)
    return page.mapped(lambda row: views[row.id])


def purchase_views(session: Session, rows: Collection[PurchaseOrder]) -> dict[str, PurchaseOrderView]:
    """What is shown of purchase orders: their lines in one statement, their suppliers in another."""
    amounts = amounts_of(session, [row.id for row in rows])
    suppliers = by_id(session, Supplier, [row.supplier_id for row in rows])
    today = local_day(now(session))
    return {
        row.id: _view(row, amounts.get(row.id, ()), suppliers.get(row.supplier_id or ""), today.isoformat())
        for row in rows
    }


def bring_lines_on(session: Session, lines: Collection[Amounts]) -> None:
    """Lines of repair orders whose parts were ordered now, or are here."""
    for each in lines:
        bring_on(session, each.line_id, PartState.HERE if each.received and not each.open else PartState.ON_THE_WAY)


def local_day(at_ms: int) -> dt.date:
    """The calendar day at the shop, of UTC milliseconds."""
    return dt.datetime.fromtimestamp(at_ms / 1000).astimezone().date()


def _ended(session: Session, actor: Actor, id_: str, status: PurchaseStatus) -> PurchaseOrderView:
    require(actor, "purchases.change")
    row = row_of(session, PurchaseOrder, id_)
    if row.status == PurchaseStatus.DRAFT and status is PurchaseStatus.RECEIVED:
        raise Refused(("status", tr("It was not sent yet.")))
    assign(session, row, {"status": status.value})
    for each in amounts_of(session, [id_]).get(id_, ()):
        if each.open:
            wait_no_more(session, each.line_id)
    return purchase_views(session, [row])[id_]


def _view(row: PurchaseOrder, lines: Collection[Amounts], supplier: Supplier | None, today: str) -> PurchaseOrderView:
    status = status_shown(row.status, lines)
    waits = status in (PurchaseStatus.ORDERED, PurchaseStatus.PART_RECEIVED)
    return PurchaseOrderView(
        id=row.id,
        number=row.number,
        supplier_id=row.supplier_id,
        supplier_name=supplier.name if supplier else None,
        status=status,
        disputed=tuple(str(each) for each in disputed(row, "status") if each is not None),
        ordered_at=row.ordered_at,
        expected_on=row.expected_on,
        late=waits and row.expected_on is not None and row.expected_on < today,
        reference=row.reference,
        notes=row.notes,
        lines=len(lines),
        open_lines=sum(each.open > 0 for each in lines),
        cost=sum(each.cost for each in lines),
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
