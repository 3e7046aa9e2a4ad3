"""Invoices in words and shapes: what one is called, how it stands, its days."""

import datetime as dt
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QDate

from core.language import tr
from core.workshop.invoice_finding import OpenSum
from core.workshop.invoice_reading import CREDIT_NOTE, KINDS, InvoiceView
from core.workshop.invoice_standing import WORDS
from core.workshop.payments import WAYS, PaymentView
from ui import words
from ui.money_words import money

SHAPES: Mapping[str, tuple[str, str]] = {
    "open": ("clock", "warning"),
    "part_paid": ("clock", "warning"),
    "overdue": ("critical", "critical"),
    "paid": ("ok", "ok"),
    "credited": ("undo", "text_muted"),
    "void": ("close", "text_muted"),
    "issued": ("ok", "text_muted"),
}
WAY_ICONS: Mapping[str, str] = {"cash": "money", "card": "tag", "transfer": "export", "other": "more"}
NOON = dt.time(12)


def shape(invoice: InvoiceView) -> tuple[str, str]:
    """The icon and colour token of how it stands; money that is to go back is still to be done."""
    if invoice.open < 0:
        return "undo", "warning"
    return SHAPES.get(invoice.state, ("unknown", "info"))


def state(invoice: InvoiceView) -> str:
    """How it stands: "Overdue"."""
    return tr(WORDS[invoice.state]) if invoice.state in WORDS else invoice.state


def kind(invoice: InvoiceView) -> str:
    """ "Invoice" or "Credit note"."""
    return tr(KINDS[CREDIT_NOTE] if invoice.kind == CREDIT_NOTE else KINDS["invoice"])


def number(invoice: InvoiceView) -> str:
    """Its number, or that it follows from the terminal that holds the series."""
    return invoice.number or tr("number follows")


def day(iso: str | None) -> str:
    """A day as a person says it, with its year where that is not this one; "" for none or one that is no day."""
    try:
        found = dt.date.fromisoformat(iso or "")
    except ValueError:
        return ""
    if found.year == dt.date.today().year:
        return words.day(dt.datetime.combine(found, NOON).timestamp())
    return words.locale().toString(QDate(found.year, found.month, found.day), tr("d MMM yyyy"))


def due(invoice: InvoiceView) -> str:
    """ "due Mon 21 Sep", or that money goes back; "" when nothing is to be paid."""
    if invoice.open < 0:
        return tr("to pay back")
    at = day(invoice.due_on)
    return tr("due {day}", day=at) if at and invoice.open > 0 else ""


def way(payment: PaymentView) -> str:
    """How it was paid."""
    return tr(WAYS[payment.way]) if payment.way is not None and payment.way in WAYS else payment.way or ""


def owed_of(sums: Iterable[OpenSum]) -> str:
    """What the shop has to pay back."""
    return together((each.owed, each.currency) for each in sums if each.owed)


def pays_back(invoice: InvoiceView) -> bool:
    """Whether money goes back rather than comes: more came than is owed, or all of it is paid."""
    return invoice.open < 0 or (invoice.open == 0 and invoice.paid > 0)


def together(amounts: Iterable[tuple[int, str]]) -> str:
    """Sums of several currencies side by side."""
    return " + ".join(money(amount, currency) for amount, currency in amounts)


def open_of(sums: Iterable[OpenSum]) -> str:
    """What is open, in each currency."""
    return together((each.open, each.currency) for each in sums if each.open)


def overdue_of(sums: Iterable[OpenSum]) -> str:
    """What of it is overdue."""
    return together((each.overdue, each.currency) for each in sums if each.overdue)
