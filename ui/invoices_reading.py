"""Invoices as their page reads and writes them: by the page, one with all that is known of it. Each function waits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.people.roles import Actor
from core.records.paging import MOST, Page
from core.records.records import Records
from core.workshop.invoice_content import Content, InvoiceLine
from core.workshop.invoice_finding import OpenSum, find_invoices, open_sums
from core.workshop.invoice_findings import InvoiceFinding, invoice_findings
from core.workshop.invoice_reading import (
    CREDIT_NOTE,
    InvoiceView,
    credit_notes,
    get_content,
    get_invoice,
    list_invoices,
)
from core.workshop.invoices import credit_invoice
from core.workshop.payments import PaymentView, payments_of
from core.workshop.shop import shop_details
from core.workshop.tax_rules import tax_names
from core.workshop.totals import totals

OPEN, OVERDUE, ALL = "open", "overdue", "all"
SORTED = {OPEN: "due", OVERDUE: "due", ALL: "newest"}  # what is due first is asked for first
PAGE = 50
CREDITS_READ = 20  # credit notes of one invoice whose lines are looked at

InvoicePage = Page[InvoiceView]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is open by currency, and what does not fit. ``currency``: of the shop, for what comes to nothing."""

    sums: tuple[OpenSum, ...]
    findings: tuple[InvoiceFinding, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class InvoiceRead:
    """A paper as it was issued, what was paid on it and what corrects it. ``gone``: ids of lines already credited.

    ``tax_names``: what the shop calls the tax of a rate.
    """

    invoice: InvoiceView
    content: Content
    payments: tuple[PaymentView, ...]
    credits: tuple[InvoiceView, ...]
    gone: frozenset[str]
    tax_names: Mapping[int, str]

    @property
    def left(self) -> tuple[InvoiceLine, ...]:
        """The lines that can still be credited."""
        if self.invoice.kind == CREDIT_NOTE or self.invoice.voided_at is not None:
            return ()
        return tuple(line for line in self.content.lines if line.id not in self.gone)

    def credit_of(self, lines: Collection[str]) -> int:
        """What a credit note of these lines would come to, minor units: the last one takes all that is left."""
        chosen = [line for line in self.left if line.id in lines]
        if len(chosen) == len(self.left):
            return self.invoice.gross + self.invoice.credited
        return totals(chosen).gross


def read_invoices(
    records: Records,
    section: str,
    text: str = "",
    *,
    among: Collection[str] = (),
    after: str | None = None,
    limit: int = PAGE,
) -> InvoicePage:
    """The papers of a section, as far as ``text`` finds them, or some. Raises ``Refused``, ``RecordsError``."""
    with records.read() as session:
        found = find_invoices(session, text) if text.strip() else among or None
        only = None if section == ALL else section
        return list_invoices(session, only=only, among=found, sort=SORTED[section], after=after, limit=min(limit, MOST))


def read_overview(records: Records) -> Overview:
    """What stands above the list. Raises ``RecordsError``."""
    with records.read() as session:
        return Overview(open_sums(session), invoice_findings(session), shop_details(session).currency)


def read_invoice(records: Records, row: str) -> InvoiceRead:
    """Everything about one paper. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        invoice = get_invoice(session, row)
        notes = credit_notes(session, row)
        valid = [each for each in notes if each.voided_at is None and each.state != "void"][:CREDITS_READ]
        gone = {line.id for each in valid for line in get_content(session, each.id).lines}
        content = get_content(session, row)
        names = tax_names(session, content.sums, content.issued_on)
        return InvoiceRead(invoice, content, payments_of(session, row), notes, frozenset(gone), names)


def credit(records: Records, actor: Actor, invoice: str, lines: Collection[str], remark: str) -> InvoiceView:
    """Give these lines of an invoice back. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    work = lambda session: credit_invoice(session, actor, invoice, line_ids=lines, remark=remark or None)  # noqa: E731
    return records.change(actor.reference, work).value
