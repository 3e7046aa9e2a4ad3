"""Invoices of an order as the window reads and writes them. Each function waits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.invoice_missing import missing_on_invoice
from core.workshop.invoice_reading import InvoiceView, list_invoices
from core.workshop.invoiceable import Proposal, propose_invoice
from core.workshop.invoices import issue_invoice, void_invoice
from core.workshop.orders import get_repair_order
from core.workshop.payments import PaymentView, list_payments, record_payment
from core.workshop.shop import shop_details
from core.workshop.tax_rules import tax_names

if TYPE_CHECKING:
    from core.workshop.papers import Paper

MOST = 100


@dataclass(frozen=True, slots=True)
class InvoiceRead:
    """What can be invoiced now, and the papers that were issued, newest first, with their payments.

    ``tax_names``: what the shop calls the tax of a rate.
    """

    proposal: Proposal
    invoices: tuple[InvoiceView, ...]
    payments: dict[str, tuple[PaymentView, ...]]
    currency: str
    customer: str
    customer_id: str | None
    missing: tuple[str, ...]  # of what an invoice should say, keys of ``invoice_missing.WORDS``
    tax_names: Mapping[int, str]


def read_invoices(records: Records, row: str) -> InvoiceRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        invoices = list_invoices(session, order_id=row, limit=MOST).items
        payments = {
            each.id: list_payments(session, invoice_id=each.id, sort="oldest", limit=MOST).items
            for each in invoices
            if each.paid or each.voided_at is not None
        }
        order = get_repair_order(session, row, deleted=True)
        proposal = propose_invoice(session, row)
        return InvoiceRead(
            proposal=proposal,
            invoices=invoices,
            payments=payments,
            currency=shop_details(session).currency,
            customer=order.customer_name or "",
            customer_id=order.customer_id,
            missing=missing_on_invoice(session, row),
            tax_names=tax_names(session, proposal.sums),
        )


def preview(records: Records, row: str) -> "Paper":
    """The invoice as it would be printed now. Raises ``NotFound``, ``RecordsError``."""
    from core.workshop.papers_of_money import invoice_preview  # with it comes typst: only when a paper is asked for

    with records.read() as session:
        return invoice_preview(session, row)


def issue(records: Records, actor: Actor, row: str, lines: Collection[str] | None = None) -> InvoiceView:
    """Issue the invoice of an order. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    return records.change(actor.reference, lambda session: issue_invoice(session, actor, row, line_ids=lines)).value


def void(records: Records, actor: Actor, invoice: str, reason: str) -> InvoiceView:
    """Declare a paper void. Raises as ``issue``."""
    return records.change(actor.reference, lambda session: void_invoice(session, actor, invoice, reason)).value


def pay(records: Records, actor: Actor, invoice: str, amount: int, way: str, *, anyway: bool = False) -> PaymentView:
    """Write a payment down; negative: it was paid back. Raises as ``issue``."""
    fields = {"invoice_id": invoice, "amount": amount, "way": way}
    return records.change(actor.reference, lambda session: record_payment(session, actor, fields, anyway=anyway)).value
