"""Money that came for an invoice, or went back: each a fact. What is open is computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, instant, one_of, row_id, text, whole
from core.records.moment import is_future, now
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, row_of
from core.workshop.invoice_models import Invoice, Payment
from core.workshop.invoice_reading import CREDIT_NOTE, InvoiceView, get_invoice, invoice_row, numbers_of

WAYS: Mapping[str, str] = {
    "cash": mark("Cash"),
    "card": mark("Card"),
    "transfer": mark("Bank transfer"),
    "other": mark("Other"),
}
_MOST = 1_000_000_000_000  # minor units

FIELDS = Fields(
    invoice_id=Field(row_id, required=True, of=Invoice),
    amount=Field(whole(-_MOST, _MOST), required=True),
    way=Field(one_of(WAYS), required=True),
    reference=Field(text(120)),
    paid_at=Field(instant),
)
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
)


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment. ``amount`` in minor units of the invoice's currency; negative: it was paid back."""

    table: ClassVar[str] = "payments"

    id: str
    invoice_id: str | None
    invoice_number: str | None
    amount: int
    way: str | None
    reference: str | None
    paid_at: int | None
    recorded_by_name: str | None


def record_payment(
    session: Session, actor: Actor, fields: Mapping[str, object], *, anyway: bool = False
) -> PaymentView:
    """Write a payment down: ``invoice_id``, ``amount``, ``way``; what is paid back has a negative amount.

    More than is open, or money for an invoice that is void, is asked about first: ``anyway`` says the person meant it.
    More than came can never go back. Raises ``Denied``, ``Refused``.
    """
    require(actor, "payments.record")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    paid_at = int(values.get("paid_at") or now(session))
    values["paid_at"] = paid_at
    if is_future(session, paid_at):
        problems.add("paid_at", tr("This has not come yet."))
    if values.get("amount") == 0:
        problems.add("amount", tr("Nothing is no payment."))
    problems.settle()
    _check(get_invoice(session, str(values["invoice_id"])), int(values["amount"] or 0), anyway, problems)
    problems.settle()
    by = {"recorded_by": actor.reference, "recorded_by_name": actor.name}
    row = added(session, Payment, {**values, **by})
    return _view(row, numbers_of(session, [str(row.invoice_id)]))


def get_payment(session: Session, id_: str) -> PaymentView:
    """One payment. Raises ``NotFound``."""
    row = row_of(session, Payment, id_, deleted=True)
    return _view(row, numbers_of(session, [row.invoice_id or ""]))


def payments_of(session: Session, invoice_id: str) -> tuple[PaymentView, ...]:
    """All payments on an invoice, the first one first. Raises ``NotFound``."""
    invoice_row(session, invoice_id)
    query = select(Payment).where(Payment.invoice_id == invoice_id)
    rows = session.scalars(query.order_by(func.coalesce(Payment.paid_at, 0), Payment.id))
    numbers = numbers_of(session, [invoice_id])
    return tuple(_view(row, numbers) for row in rows)


def list_payments(
    session: Session,
    *,
    invoice_id: str | None = None,
    way: str | None = None,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[PaymentView]:
    """Payments by the page. ``sort`` is a name in ``ORDERS``. Raises ``Refused``."""
    check_sought(invoice_id=invoice_id, way=way)
    conditions: list[ColumnElement[bool]] = []
    if invoice_id is not None:
        conditions.append(Payment.invoice_id == invoice_id)
    if way is not None:
        conditions.append(Payment.way == way)
    query = select(Payment).where(*conditions)
    page = page_of(session, query, Payment, chosen(ORDERS, sort), after=after, limit=limit)
    numbers = numbers_of(session, {row.invoice_id for row in page.items if row.invoice_id})
    return page.mapped(lambda row: _view(row, numbers))


def _check(invoice: InvoiceView, amount: int, anyway: bool, problems: Problems) -> None:
    """Whether this much can be paid on this paper."""
    if invoice.kind == CREDIT_NOTE:
        problems.add("invoice_id", tr("Payments belong to the invoice that this credit note corrects."))
    elif amount < 0 and -amount > max(invoice.paid, 0):
        problems.add("amount", tr("More than came cannot be paid back."))
    elif amount > 0 and invoice.state == "void" and not anyway:
        problems.add("amount", tr("This invoice is void: nothing is to be paid on it."))
    elif amount > max(invoice.open, 0) and not anyway:
        problems.add("amount", tr("This is more than is open."))


def _view(row: Payment, numbers: Mapping[str, str]) -> PaymentView:
    return PaymentView(
        id=row.id,
        invoice_id=row.invoice_id,
        invoice_number=numbers.get(row.invoice_id or ""),
        amount=row.amount or 0,
        way=row.way,
        reference=row.reference,
        paid_at=row.paid_at,
        recorded_by_name=row.recorded_by_name,
    )
