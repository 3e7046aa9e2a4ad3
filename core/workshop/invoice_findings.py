"""What does not fit about money after terminals were apart: found by pure functions, shown, never a reason to refuse.

The cure of what is there twice is to declare one of the two void: then it is no longer found.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.workshop import invoice_content
from core.workshop.discounts import is_share
from core.workshop.invoice_models import Invoice, InvoiceNumber, InvoiceVoid, Payment
from core.workshop.invoiceable import charged_lines

SAME_NUMBER = "same_invoice_number"
TWO_NUMBERS = "two_invoice_numbers"
INVOICED_TWICE = "line_invoiced_twice"
CREDITED_TWICE = "credited_twice"
CREDITED_VOID = "credited_void"
OVERPAID = "overpaid"

WORDS = {
    SAME_NUMBER: mark("{count} invoices have the number {name}. Declare all but one void, and issue them again."),
    TWO_NUMBERS: mark("One invoice was given {count} numbers: {name}. The first one counts."),
    INVOICED_TWICE: mark("“{name}” is on {count} invoices. Declare one void, or issue a credit note."),
    CREDITED_TWICE: mark("Invoice {name} was credited twice. Declare one of the credit notes void."),
    CREDITED_VOID: mark("Invoice {name} is void and was credited, too. Declare the credit note void."),
    OVERPAID: mark("More was paid on invoice {name} than was asked: pay it back, or issue what it was for."),
}
MOST = 200  # of each kind: more than anybody puts right in a day


@dataclass(frozen=True, slots=True)
class InvoiceFinding:
    """Something for a person to put right. ``rows``: ids in ``table``; ``name``: number or description."""

    kind: str
    table: str
    rows: tuple[str, ...]
    name: str
    count: int

    @property
    def words(self) -> str:
        """What was found, in the person's language."""
        return tr(WORDS[self.kind], name=self.name, count=self.count)


def same_number(given: Iterable[tuple[str, str]]) -> tuple[InvoiceFinding, ...]:
    """Of (invoice id, number): invoices that are called the same."""
    by_number: dict[str, set[str]] = defaultdict(set)
    for invoice, number in given:
        by_number[number].add(invoice)
    return tuple(
        InvoiceFinding(SAME_NUMBER, "invoices", tuple(sorted(ids)), number, len(ids))
        for number, ids in sorted(by_number.items())
        if len(ids) > 1
    )


def two_numbers(given: Iterable[tuple[str, str]]) -> tuple[InvoiceFinding, ...]:
    """Of (invoice id, number), the number given first in front: invoices with several different ones."""
    by_invoice: dict[str, dict[str, None]] = defaultdict(dict)
    for invoice, number in given:
        by_invoice[invoice][number] = None
    return tuple(
        InvoiceFinding(TWO_NUMBERS, "invoices", (invoice,), ", ".join(numbers), len(numbers))
        for invoice, numbers in sorted(by_invoice.items())
        if len(numbers) > 1
    )


def invoiced_twice(charged: Iterable[tuple[str, str, str]]) -> tuple[InvoiceFinding, ...]:
    """Of (invoice id, line id, description), without what was credited: lines that were charged more than once."""
    papers: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for invoice, line, description in charged:
        papers[line].add(invoice)
        names[line] = description
    return tuple(
        InvoiceFinding(INVOICED_TWICE, "invoices", tuple(sorted(ids)), names[line], len(ids))
        for line, ids in sorted(papers.items())
        if line and len(ids) > 1
    )


def credited_too_much(
    credited: Iterable[tuple[str, str, str, str]], void: Collection[str]
) -> tuple[InvoiceFinding, ...]:
    """Of (invoice id, its number, credit note id, line id), all of valid credit notes: invoices of which a line was
    credited more than once, and such that are ``void`` and were credited, too. ``rows``: the credit notes.
    """
    notes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names: dict[str, str] = {}
    for invoice, number, note, line in credited:
        notes[invoice][line].add(note)
        names[invoice] = number
    found: list[InvoiceFinding] = []
    for invoice, by_line in sorted(notes.items()):
        ids = set[str]().union(*(each for each in by_line.values() if invoice in void or len(each) > 1))
        if ids:
            kind = CREDITED_VOID if invoice in void else CREDITED_TWICE
            found.append(InvoiceFinding(kind, "invoices", tuple(sorted(ids)), names[invoice], len(ids)))
    return tuple(found)


def invoice_findings(session: Session) -> tuple[InvoiceFinding, ...]:
    """All that does not fit now, in seven questions at most, whatever the number of invoices."""
    given = _repeated_numbers(session)
    doubled = (*same_number(given), *two_numbers(given), *invoiced_twice(_charged(session)))
    return (*doubled, *credited_too_much(*_credited(session)), *_overpaid(session))


def _repeated_numbers(session: Session) -> list[tuple[str, str]]:
    """Numbers that more than one paper has, and papers with more than one number; void papers left out.

    By the whole numbers, which have an index; whether what stands before them is the same is seen later.
    """
    valid = ~select(InvoiceVoid.id).where(InvoiceVoid.invoice_id == InvoiceNumber.invoice_id).exists()
    often = select(InvoiceNumber.sequence).group_by(InvoiceNumber.sequence).having(func.count() > 1)
    many = select(InvoiceNumber.invoice_id).group_by(InvoiceNumber.invoice_id).having(func.count() > 1)
    query = select(InvoiceNumber.invoice_id, InvoiceNumber.number).where(
        InvoiceNumber.sequence.in_(often) | InvoiceNumber.invoice_id.in_(many), valid
    )
    rows = session.execute(query.order_by(InvoiceNumber.id).limit(MOST))
    return [(invoice, number) for invoice, number in rows if invoice and number]


def _charged(session: Session) -> list[tuple[str, str, str]]:
    """The lines of orders that have several valid invoices: only there can a line be twice."""
    void = select(InvoiceVoid.id).where(InvoiceVoid.invoice_id == Invoice.id).exists()
    papers = select(Invoice.order_id).where(Invoice.order_id.is_not(None)).group_by(Invoice.order_id)
    several = (
        select(Invoice.order_id)
        .where(Invoice.order_id.in_(papers.having(func.count() > 1)), Invoice.kind == "invoice", ~void)
        .group_by(Invoice.order_id)
        .having(func.count() > 1)
        .order_by(Invoice.order_id.desc())
        .limit(MOST)
    )
    orders = session.scalars(several).all()
    rows = session.scalars(select(Invoice).where(Invoice.order_id.in_(orders), ~void)).all() if orders else ()
    charged = charged_lines(rows)
    return [(id_, line.id, line.description or "") for id_, line in charged if not is_share(line)]


def _credited(session: Session) -> tuple[list[tuple[str, str, str, str]], frozenset[str]]:
    """What was credited of invoices that have several credit notes or are void, and which of them are void."""
    void = select(InvoiceVoid.id).where(InvoiceVoid.invoice_id == Invoice.id).exists()
    several = select(Invoice.corrects_id).where(Invoice.corrects_id.is_not(None)).group_by(Invoice.corrects_id)
    gone = select(InvoiceVoid.invoice_id).where(InvoiceVoid.invoice_id.is_not(None))
    number = select(func.min(InvoiceNumber.number)).where(InvoiceNumber.invoice_id == Invoice.corrects_id)
    query = select(Invoice, number.correlate(Invoice).scalar_subquery()).where(
        Invoice.corrects_id.in_(several.having(func.count() > 1)) | Invoice.corrects_id.in_(gone), ~void
    )
    rows = session.execute(query.order_by(Invoice.id.desc()).limit(MOST)).all()
    voids = (
        session.scalars(gone.where(InvoiceVoid.invoice_id.in_([row.corrects_id for row, _ in rows]))) if rows else ()
    )
    return [
        (row.corrects_id or "", name or "", row.id, line.id)
        for row, name in rows
        for line in invoice_content.read(row.content).lines
    ], frozenset(str(each) for each in voids)


def _overpaid(session: Session) -> list[InvoiceFinding]:
    """Two terminals wrote the same payment down: more came than was asked."""
    several = select(Payment.invoice_id).group_by(Payment.invoice_id).having(func.count() > 1)
    paid = (
        select(Payment.invoice_id, func.sum(Payment.amount).label("paid"))
        .where(Payment.invoice_id.in_(several))
        .group_by(Payment.invoice_id)
        .subquery()
    )
    number = select(func.min(InvoiceNumber.number)).where(InvoiceNumber.invoice_id == Invoice.id).scalar_subquery()
    valid = ~select(InvoiceVoid.id).where(InvoiceVoid.invoice_id == Invoice.id).exists()
    query = (
        select(Invoice.id, number)
        .join(paid, paid.c.invoice_id == Invoice.id)
        .where(paid.c.paid > func.coalesce(Invoice.gross, 0), Invoice.gross > 0, valid)
        .order_by(Invoice.id.desc())
        .limit(MOST)
    )
    return [InvoiceFinding(OVERPAID, "invoices", (id_,), name or "", 1) for id_, name in session.execute(query)]
