"""Parts, their moves and purchase orders as words, shapes and colours."""

import datetime as dt
from collections.abc import Mapping

from PySide6.QtCore import QDate

from core.language import mark, tr
from core.workshop.parts import PartView
from core.workshop.purchase_states import WORDS as PURCHASE_WORDS
from core.workshop.purchase_states import PurchaseStatus
from core.workshop.purchasing import PurchaseOrderView
from core.workshop.stock_moves import REASONS
from ui import words
from ui.money_words import NO_BREAK, pieces

SHORT_UNITS: Mapping[str, str] = {
    "pc": mark("pc"),
    "set": mark("set"),
    "l": mark("l"),
    "kg": mark("kg"),
    "m": mark("m"),
}
MOVE_SHAPES: Mapping[str, tuple[str, str]] = {
    "receipt": ("arrow-down", "ok"),
    "import": ("arrow-down", "info"),
    "returned": ("undo", "info"),
    "fitted": ("arrow-up", "text"),
    "scrapped": ("trash", "warning"),
    "count": ("number", "accent"),
}
PURCHASE_SHAPES: Mapping[str, tuple[str, str]] = {
    PurchaseStatus.DRAFT: ("edit", "text_muted"),
    PurchaseStatus.ORDERED: ("export", "accent"),
    PurchaseStatus.PART_RECEIVED: ("arrow-down", "info"),
    PurchaseStatus.RECEIVED: ("ok", "ok"),
    PurchaseStatus.CANCELLED: ("close", "stale"),
}


def unit_words(unit: str) -> str:
    """ "pc", "l"; a unit of a newer program by its own name."""
    return tr(SHORT_UNITS[unit]) if unit in SHORT_UNITS else unit


def amount(quantity: int, unit: str) -> str:
    """ "4", "1.5 l": what is counted by the piece needs no word for it. Below zero with a true minus."""
    shown = pieces(quantity).replace("-", "−")
    return shown if unit == "pc" else f"{shown}{NO_BREAK}{unit_words(unit)}"


def signed(quantity: int) -> str:
    """ "+3", "−1", "0"."""
    return f"{'+' if quantity > 0 else ''}{pieces(quantity)}".replace("-", "−")


def stock_state(part: PartView) -> tuple[str, str, str]:
    """Icon, colour token and words for how it stands with the stock of a part; no words: there is enough."""
    if part.on_hand < 0:
        return "critical", "critical", tr("Below zero: count it")
    if not part.active:
        return "stale", "stale", tr("Not kept any more")
    if part.low:
        if part.on_hand - part.reserved + part.on_order >= (part.minimum or 0):
            return "export", "info", tr("On the way")
        if part.on_hand == 0:
            return "critical", "critical", tr("None left")
        return "warning", "warning", tr("Too few")
    return "ok", "ok", ""


def move_words(reason: str | None) -> str:
    """Why something moved; a reason of a newer program by its own name."""
    known = REASONS.get(reason or "")
    return tr(known) if known else reason or tr("Moved")


def move_shape(reason: str | None) -> tuple[str, str]:
    return MOVE_SHAPES.get(reason or "", ("move", "text_muted"))


def purchase_words(status: str) -> str:
    """A purchase order's state; one of a newer program by its own name."""
    return tr(PURCHASE_WORDS[PurchaseStatus(status)]) if status in tuple(PurchaseStatus) else status


def purchase_shape(order: PurchaseOrderView) -> tuple[str, str]:
    """Icon and colour token; what is late is a warning whatever its state."""
    if order.disputed:
        return "conflict", "warning"
    if order.late:
        return "warning", "critical"
    return PURCHASE_SHAPES.get(order.status, ("unknown", "info"))


def expected_words(order: PurchaseOrderView) -> str:
    """ "Expected Mon 23 Nov", "Late: was expected Fri 20 Nov"; "" when it is not waited for."""
    if order.expected_on is None or order.status not in (PurchaseStatus.ORDERED, PurchaseStatus.PART_RECEIVED):
        return ""
    day = day_words(order.expected_on)
    return tr("Late: expected {day}", day=day) if order.late else tr("Expected {day}", day=day)


def day_words(day: str) -> str:
    """An ISO day, short: "Mon 23 Nov"."""
    try:
        found = dt.date.fromisoformat(day)
    except ValueError:
        return day
    return words.locale().toString(QDate(found.year, found.month, found.day), tr("ddd d MMM"))
