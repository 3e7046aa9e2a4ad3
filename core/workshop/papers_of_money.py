"""What stands on estimates, invoices, credit notes and receipts, as data for their templates."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from core.language import speaking, tr
from core.records.rows import by_id, row_of
from core.vehicles.models import Vehicle
from core.workshop import decisions, invoice_content, payments
from core.workshop.decisions import APPROVED, DECLINED, DecisionView
from core.workshop.estimates import STATES, Estimate, estimate
from core.workshop.invoice_content import Content, lines_of, spoken
from core.workshop.invoice_reading import CREDIT_NOTE, INVOICE, InvoiceView, get_invoice, invoice_row, today
from core.workshop.invoiceable import on_one_paper, propose_invoice
from core.workshop.models import RepairOrder
from core.workshop.papers import Paper
from core.workshop.papers_format import Format
from core.workshop.papers_parts import (
    Pairs,
    described,
    due,
    file_name,
    head,
    priced,
    said,
    sum_row,
    sums,
    texts,
    vehicle_strip,
)
from core.workshop.recommendations import open_recommendations
from core.workshop.shop import shop_details
from core.workshop.tax_rules import tax_names
from core.workshop.totals import PricedLine, net_of

MARKS = {APPROVED: "green", DECLINED: "red"}
COMING_BACK = 20  # pieces of advice on an estimate: more is no offer but a list
_NOT_ISSUED = InvoiceView(
    id="", kind=INVOICE, number=None, order_id=None, order_number=None, vehicle_id=None, vehicle_plate=None,
    customer_id=None, customer_name=None, corrects_id=None, corrects_number=None, currency="", net=0, tax=0, gross=0,
    cost=0, credited=0, paid=0, open=0, state="open", issued_at=None, issued_on=None, due_on=None, issued_by_name=None,
    voided_at=None, void_reason=None,
)  # fmt: skip


def invoice_paper(session: Session, invoice_id: str, *, language: str | None = None) -> Paper:
    """An invoice or a credit note as it was issued; only its number may have come since, or that it is void.

    Raises ``NotFound``.
    """
    view = get_invoice(session, invoice_id)
    content = invoice_content.read(invoice_row(session, invoice_id).content)
    form = Format(language or content.language or spoken(content.customer), content.currency)
    names = tax_names(session, content.sums, content.issued_on)
    with speaking(form.language):
        return (_credit_note if view.kind == CREDIT_NOTE else _invoice)(form, view, content, names)


def invoice_preview(session: Session, order_id: str, *, language: str | None = None) -> Paper:
    """The invoice of an order as it would be issued now, marked as not being one. Raises ``NotFound``."""
    order = row_of(session, RepairOrder, order_id)
    proposal = propose_invoice(session, order_id)
    lines = on_one_paper([each.line for each in proposal.candidates if each.line.id in proposal.approved])
    day = today(session)
    due = dt.date.fromisoformat(day) + dt.timedelta(days=shop_details(session).payment_days)
    content = replace(
        invoice_content.content_of(session, order, lines), issued_on=day, performed_on=day, due_on=due.isoformat()
    )
    form = Format(language or content.language or spoken(content.customer), content.currency)
    with speaking(form.language):
        data = _issued(form, _NOT_ISSUED, content, tr("Invoice"))
        data["sums"] = sums(form, content.sums, tr("Total to pay"), tax_names(session, content.sums, day))
        data["stamp"] = tr("PREVIEW")
        data["notes"] = [tr("This is a preview: it is no invoice."), *data["notes"]]
        return Paper("invoice", data, form.language, file_name(tr("Invoice"), order.number))


def receipt_paper(session: Session, payment_id: str, *, language: str | None = None) -> Paper:
    """The receipt of a payment, or of money that was paid back. Raises ``NotFound``."""
    payment = payments.get_payment(session, payment_id)
    view = get_invoice(session, payment.invoice_id or "")
    content = invoice_content.read(invoice_row(session, view.id).content)
    form = Format(language or content.language or spoken(content.customer), content.currency)
    with speaking(form.language):
        back = payment.amount < 0
        number = view.number or tr("Number follows")
        rows: Pairs = [
            (tr("Invoice {number} of {day}", number=number, day=form.day(content.issued_on)), form.money(view.gross)),
            (tr("Way of payment"), tr(payments.WAYS.get(payment.way or "other", payments.WAYS["other"]))),
            *texts([(tr("Reference"), payment.reference)]),
            (tr("Still open"), form.money(max(view.open, 0))),
        ]
        data = head(
            form,
            tr("Receipt"),
            content.shop,
            recipient=content.customer,
            meta=[(tr("Date"), form.moment(payment.paid_at)), (tr("Received by"), payment.recorded_by_name)],
            words={"received": tr("Paid back") if back else tr("Received"), "about": tr("For")},
        )
        data |= {"amount": form.money(abs(payment.amount)), "rows": rows}
        return Paper(
            "receipt", data, form.language, file_name(tr("Receipt"), view.number, form.day_of(payment.paid_at))
        )


def estimate_paper(session: Session, order_id: str, *, language: str | None = None) -> Paper:
    """The estimate of an order with what was said to each line, and a place to sign. Raises ``NotFound``."""
    order = row_of(session, RepairOrder, order_id, deleted=True)
    found = estimate(session, order_id)
    content = invoice_content.content_of(session, order, lines_of(each.line for each in found.lines))
    vehicle = by_id(session, Vehicle, [order.vehicle_id]).get(order.vehicle_id or "")
    form = Format(language or spoken(content.customer), content.currency)
    with speaking(form.language):
        data = _estimate_head(form, order, content, found, tax_names(session, found.wanted))
        if vehicle is not None:
            data["advice"] = _advice(session, form, vehicle.id, {each.line.id for each in found.lines})
        return Paper("estimate", data, form.language, file_name(tr("Estimate"), order.number))


def _invoice(form: Format, view: InvoiceView, content: Content, names: Mapping[int, str]) -> Paper:
    title = tr("Invoice {number}", number=view.number) if view.number else tr("Invoice")
    data = _issued(form, view, content, title)
    data["sums"] = sums(form, content.sums, tr("Total to pay"), names)
    if view.state != "void":
        pay = tr("Please pay {amount} by {day}.", amount=form.money(content.sums.gross), day=form.day(content.due_on))
        number = tr("Please give the invoice number {number} with it.", number=view.number) if view.number else ""
        data["notes"] = [" ".join((pay, number)).strip(), *_remark(content), *data["notes"]]
    return Paper("invoice", data, form.language, file_name(tr("Invoice"), view.number or form.day(content.issued_on)))


def _credit_note(form: Format, view: InvoiceView, content: Content, names: Mapping[int, str]) -> Paper:
    title = tr("Credit note {number}", number=view.number) if view.number else tr("Credit note")
    data = _issued(form, view, content, title)
    number = view.corrects_number or said(content.corrects.get("number")) or tr("Number follows")
    day = form.day(said(content.corrects.get("issued_on")))
    data["intro"] = tr("This corrects our invoice {number} of {day}.", number=number, day=day)
    data["sums"] = sums(form, content.sums, tr("Total credited"), names)
    data["notes"] = [*_remark(content), *data["notes"]]
    return Paper(
        "credit_note", data, form.language, file_name(tr("Credit note"), view.number or form.day(content.issued_on))
    )


def _issued(form: Format, view: InvoiceView, content: Content, title: str) -> dict[str, Any]:
    """What invoices and credit notes share."""
    order = content.order
    number = tr("Credit note number") if view.kind == CREDIT_NOTE else tr("Invoice number")
    data = head(
        form,
        title,
        content.shop,
        recipient=content.customer,
        meta=[
            (number, view.number or tr("follows")),
            (tr("Date"), form.day(content.issued_on)),
            (tr("Work done on"), form.day(content.performed_on) if content.performed_on else None),
            (tr("Due"), form.day(content.due_on) if content.due_on else None),
            (tr("Repair order"), said(order.get("number"))),
            (tr("Your tax number"), said(content.customer.get("tax_number"))),
        ],
    )
    odometers = [(tr("On arrival"), order.get("odometer_in")), (tr("On return"), order.get("odometer_out"))]
    read = [(label, value) for label, value in odometers if isinstance(value, int)]
    data |= {
        "vehicle": vehicle_strip(form, content.vehicle, read),
        "intro": None,
        "rows": priced(form, content.lines),
        "stamp": tr("VOID") if view.state == "void" else None,
    }
    if view.state == "void":
        words = tr("Declared void on {day}: {reason}", day=form.day_of(view.voided_at), reason=view.void_reason or "–")
        data["notes"] = [words, *data["notes"]]
    return data


def _remark(content: Content) -> list[str]:
    return [words] if (words := said(content.remark)) else []


def _estimate_head(
    form: Format, order: RepairOrder, content: Content, found: Estimate, names: Mapping[int, str]
) -> dict[str, Any]:
    data = head(
        form,
        tr("Estimate {number}", number=order.number or "–"),
        content.shop,
        recipient=content.customer,
        meta=[
            (tr("Repair order"), order.number),
            (tr("Date"), form.day_of(order.opened_at)),
            (tr("Ready by"), form.moment(order.promised_at) if order.promised_at else None),
        ],
        words={"said": tr("What was said"), "advice": tr("Advised before, and not in this estimate"), "due": tr("Due")},
    )
    wanted = [each.state != DECLINED for each in found.lines]
    rows = priced(form, content.lines, counted=wanted)
    for row, each in zip(rows, found.lines, strict=True):
        row |= {"mark": MARKS.get(each.state, "none"), "decision": tr(STATES[each.state])}
    return data | {
        "vehicle": vehicle_strip(form, content.vehicle, [(tr("On arrival"), order.odometer_in)]),
        "texts": texts([(tr("What is asked for"), order.complaint), (tr("What was found"), order.cause)]),
        "rows": rows,
        "sums": _estimate_sums(form, found, names),
        "said": _said(form, found),
        "advice": [],
    }


def _said(form: Format, found: Estimate) -> list[dict[str, str]]:
    """Who said yes or no to which lines, when and how; once for all lines of one conversation."""
    by_word: dict[tuple[str, str], list[int]] = {}
    for at, each in enumerate(found.lines, 1):
        if each.decision is not None and each.state in MARKS:
            by_word.setdefault((each.state, _word(form, each.decision)), []).append(at)
    return [
        {"mark": MARKS[state], "words": f"{tr(STATES[state])} ({spans(rows)}): {word}"}
        for (state, word), rows in by_word.items()
    ]


def spans(numbers: Iterable[int]) -> str:
    """Rising numbers as people list them: "1–4, 6, 8–9"."""
    found: list[list[int]] = []
    for each in numbers:
        if found and each == found[-1][1] + 1:
            found[-1][1] = each
        else:
            found.append([each, each])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in found)


def _word(form: Format, last: DecisionView) -> str:
    way = tr(words) if (words := decisions.WAYS.get(last.way or "")) else ""
    return ", ".join(part for part in (said(last.said_by), way, form.moment(last.decided_at)) if part)


def _estimate_sums(form: Format, found: Estimate, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What everything comes to that was not declined; then how much of it is agreed, and what is left out."""
    wanted = found.wanted
    rows = sums(form, wanted, tr("Total"), names)
    if found.approved.gross and found.approved.gross != wanted.gross:
        rows.append(sum_row(tr("Approved of this"), form.money(found.approved.gross)))
    if found.declined.gross:
        rows.append(sum_row(tr("Declined, not included"), form.money(found.declined.gross)))
    return rows


def _advice(session: Session, form: Format, vehicle_id: str, here: set[str]) -> list[dict[str, Any]]:
    """What was advised at earlier visits and is still open."""
    found = [each for each in open_recommendations(session, vehicle_id) if each.line_id not in here]
    return [
        {
            **described(each.description),
            "due": due(form, each.due_on, each.due_odometer),
            "amount": form.amount(net_of(PricedLine(each.kind, each.quantity, each.unit_price)))
            if each.unit_price is not None
            else "–",
        }
        for each in found[:COMING_BACK]
    ]
