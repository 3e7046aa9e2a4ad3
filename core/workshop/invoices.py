"""Issuing invoices, correcting them by credit notes, declaring them void. Nothing is ever changed or deleted.

Everybody calls these functions; how papers are read is in ``invoice_reading``, numbers are in ``invoice_numbers``,
money that came is in ``payments``.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Check, Problems, Value, Wrong, day, text
from core.records.moment import now
from core.records.rows import added, row_of
from core.workshop import invoice_content
from core.workshop.invoice_content import Content, InvoiceLine, content_of
from core.workshop.invoice_models import Invoice, InvoiceVoid
from core.workshop.invoice_numbers import number_waiting_invoices
from core.workshop.invoice_reading import (
    CREDIT_NOTE,
    INVOICE,
    InvoiceView,
    get_invoice,
    invoice_row,
    local_day,
    numbers_of,
    views,
    voids_of,
)
from core.workshop.invoiceable import chosen_lines, propose_invoice
from core.workshop.models import RepairOrder
from core.workshop.shop import shop_details
from core.workshop.totals import TaxOfRate, Totals, totals

REMARK = 2_000  # characters
REASON = 500


def issue_invoice(
    session: Session,
    actor: Actor,
    order_id: str,
    *,
    line_ids: Collection[str] | None = None,
    due_on: object = None,
    performed_on: object = None,
    remark: object = None,
) -> InvoiceView:
    """Issue the invoice of an order: its approved lines that are on none yet, or the lines that are named.

    Lines the customer has not decided on are taken only when they are named: ask first (``propose_invoice``). Days are
    ISO text: ``due_on`` is the shop's ``payment_days`` from now unless said, ``performed_on`` today. The number is
    given at once where the series is held, and otherwise follows. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "invoices.issue")
    order = row_of(session, RepairOrder, order_id)
    problems = Problems()
    said = _said(problems, due_on=due_on, performed_on=performed_on, remark=remark)
    lines = chosen_lines(propose_invoice(session, order_id), line_ids, problems)
    if totals(lines).gross < 0:
        problems.add("line_ids", tr("This comes to less than nothing. What is given back needs a credit note."))
    at = now(session)
    issued_on = local_day(at)
    due = said["due_on"] or _after(issued_on, shop_details(session).payment_days)
    if due < issued_on:
        problems.add("due_on", tr("It cannot be due before it was issued."))
    problems.settle()
    content = replace(
        content_of(session, order, lines),
        kind=INVOICE,
        issued_on=issued_on,
        performed_on=said["performed_on"] or issued_on,
        due_on=due,
        remark=said["remark"],
    )
    about = {"order_id": order.id, "vehicle_id": order.vehicle_id, "customer_id": order.customer_id}
    return _issued(session, actor, content, about, at)


def credit_invoice(
    session: Session,
    actor: Actor,
    invoice_id: str,
    *,
    line_ids: Collection[str] | None = None,
    remark: object = None,
) -> InvoiceView:
    """Issue a credit note about an invoice: all lines that were not credited yet, or those that are named.

    When with it every line is credited, it comes to exactly what is left of the invoice, to the last minor unit. Raises
    ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "invoices.issue")
    row = invoice_row(session, invoice_id)
    problems = Problems()
    said = _said(problems, remark=remark)
    if row.kind == CREDIT_NOTE:
        problems.add("", tr("This is a credit note itself."))
    if voids_of(session, [invoice_id]):
        problems.add("", tr("This invoice is void: there is nothing to credit."))
    problems.settle()
    original = invoice_content.read(row.content)
    before = [invoice_content.read(each.content) for each in _valid_credits(session, invoice_id)]
    gone = {line.id for each in before for line in each.lines}
    lines = _creditable(original, gone, line_ids, problems)
    problems.settle()
    at = now(session)
    turned = tuple(line.turned() for line in lines)
    last = {line.id for line in original.lines} <= gone | {line.id for line in lines}
    content = replace(
        original,
        kind=CREDIT_NOTE,
        issued_on=local_day(at),
        due_on=None,
        remark=said["remark"],
        corrects={"number": numbers_of(session, [invoice_id]).get(invoice_id), "issued_on": original.issued_on},
        lines=turned,
        sums=_rest(original.sums, [each.sums for each in before], turned) if last else totals(turned),
    )
    about = {"order_id": row.order_id, "vehicle_id": row.vehicle_id, "customer_id": row.customer_id}
    return _issued(session, actor, content, {**about, "corrects_id": row.id}, at)


def void_invoice(session: Session, actor: Actor, invoice_id: str, reason: object) -> InvoiceView:
    """Declare a paper void: it stays, with its number, and counts no more. Its lines can be invoiced again.

    Not while money was paid on it, nor while it has a valid credit note. Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "invoices.void")
    view = get_invoice(session, invoice_id)
    problems = Problems()
    words = _checked("reason", text(REASON), reason, problems)
    if not words:
        problems.add("reason", tr("Say why it is void: the reason is kept with it."))
    if view.voided_at is not None or view.state == "void":
        problems.add("", tr("It was declared void already."))
    elif view.paid:
        problems.add("", tr("Money was paid on this invoice: record that it was paid back, or issue a credit note."))
    elif _valid_credits(session, invoice_id):  # also of nought: what it credits is not to be given back twice
        problems.add("", tr("This invoice has a credit note: that one must be declared void first."))
    problems.settle()
    values: dict[str, Value] = {
        "invoice_id": invoice_id,
        "reason": words,
        "voided_by": actor.reference,
        "voided_by_name": actor.name,
        "voided_at": now(session),
    }
    added(session, InvoiceVoid, values)
    return get_invoice(session, invoice_id)


def _issued(session: Session, actor: Actor, content: Content, about: Mapping[str, str | None], at: int) -> InvoiceView:
    """Write the paper down; where the series is held, with its number."""
    name = content.customer.get("name")
    values: dict[str, Value] = {
        "kind": content.kind,
        **about,
        "customer_name": str(name) if name else None,
        "content": invoice_content.written(content),
        "currency": content.currency,
        "net": content.sums.net,
        "tax": content.sums.tax,
        "gross": content.sums.gross,
        "cost": content.sums.cost,
        "issued_at": at,
        "due_on": content.due_on,
        "issued_by": actor.reference,
        "issued_by_name": actor.name,
    }
    row = added(session, Invoice, values)
    number_waiting_invoices(session, actor, among=[row.id])
    return views(session, [row])[row.id]


def _creditable(
    original: Content, gone: Collection[str], wanted: Collection[str] | None, problems: Problems
) -> tuple[InvoiceLine, ...]:
    """The lines of an invoice that are to be credited, each once."""
    lines = {line.id: line for line in original.lines}
    for id_ in dict.fromkeys(wanted or ()):
        if id_ not in lines:
            problems.add("line_ids", tr("This invoice has no such line: {line}.", line=id_))
        elif id_ in gone:
            words = tr("“{line}” was credited already.", line=lines[id_].description or "")
            problems.add("line_ids", words)
    chosen = tuple(each for each in original.lines if each.id not in gone and (wanted is None or each.id in wanted))
    if not chosen and not wanted:
        problems.add("line_ids", tr("Every line of this invoice was credited already."))
    return chosen


def _rest(original: Totals, before: Sequence[Totals], lines: Sequence[InvoiceLine]) -> Totals:
    """The sums of the last credit note of an invoice: what is left, so that roundings leave nothing behind."""
    left = {each.rate: [-each.net, -each.tax] for each in original.taxes}
    for each in before:
        for of_rate in each.taxes:
            rate = left.setdefault(of_rate.rate, [0, 0])
            rate[0] -= of_rate.net
            rate[1] -= of_rate.tax
    taxes = tuple(TaxOfRate(of, *amounts) for of, amounts in sorted(left.items()))
    net, tax = sum(each.net for each in taxes), sum(each.tax for each in taxes)
    return replace(totals(lines), taxes=taxes, net=net, tax=tax, gross=net + tax)


def _valid_credits(session: Session, invoice_id: str) -> list[Invoice]:
    void = select(InvoiceVoid.id).where(InvoiceVoid.invoice_id == Invoice.id).exists()
    query = select(Invoice).where(Invoice.corrects_id == invoice_id, Invoice.kind == CREDIT_NOTE, ~void)
    return list(session.scalars(query.order_by(Invoice.id)))


def _said(problems: Problems, **given: object) -> dict[str, str | None]:
    """What the person said about the paper, checked."""
    checks = {"due_on": day, "performed_on": day, "remark": text(REMARK, lines=True)}
    return {name: _checked(name, checks[name], value, problems) for name, value in given.items()}


def _checked(name: str, check: Check, value: object, problems: Problems) -> str | None:
    try:
        kept = check(value)
    except Wrong as wrong:
        problems.add(name, str(wrong))
        return None
    return None if kept is None else str(kept)


def _after(start: str, days: int) -> str:
    return (dt.date.fromisoformat(start) + dt.timedelta(days=days)).isoformat()
