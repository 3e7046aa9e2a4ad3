"""The list of invoices: fetched as it scrolls; what changes is put in place without moving what is looked at."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

from core.language import tr
from core.workshop.invoice_reading import CREDIT_NOTE, InvoiceView
from ui import invoice_words, theme
from ui.money_words import money
from ui.widgets import icons
from ui.widgets.drawn_text import text
from ui.widgets.paged_list import Index, PagedList, PagedModel, RowDelegate

MARGIN = 12
STATE = 24  # px of the shape
GAP = 14  # px between columns


def spoken(invoice: InvoiceView) -> tuple[str, ...]:
    """A paper in words: what it is, its number, how it stands, whose, which car, how much and what of it is open."""
    left = money(invoice.open, invoice.currency)
    return (
        invoice_words.kind(invoice),
        invoice_words.number(invoice),
        invoice_words.state(invoice),
        invoice_words.day(invoice.issued_on),
        invoice.customer_name or "",
        invoice.vehicle_plate or "",
        money(invoice.gross, invoice.currency),
        tr("open: {amount}", amount=left) if invoice.open else "",
    )


def columns(width: float) -> tuple[float, float, float]:
    """Where the customer, the amount and what is open begin, in px from the left."""
    amount = max(theme.scaled(134), width * 0.19)
    who = max(theme.scaled(172), width * 0.24)
    return who, width - MARGIN - 2 * amount - GAP, width - MARGIN - amount


class InvoicesHead(QWidget):
    """What stands in the columns of ``rows`` below."""

    def __init__(self, rows: QListView) -> None:
        super().__init__()
        self._rows = rows
        self.setFixedHeight(theme.scaled(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme.font(theme.scaled(15), "medium")
        view = self._rows.viewport()
        painter.translate(self.mapFromGlobal(view.mapToGlobal(view.rect().topLeft())).x(), 0)
        width, height = float(view.width()), float(self.height())
        who, amount, left = columns(width)
        begin = MARGIN + 4 + STATE + GAP
        text(painter, QRectF(begin, 0, who - begin, height), font, "text_muted", tr("Invoice"))
        text(painter, QRectF(who, 0, amount - who, height), font, "text_muted", tr("Customer, vehicle"))
        text(painter, QRectF(amount, 0, left - GAP - amount, height), font, "text_muted", tr("With tax"), right=True)
        text(painter, QRectF(left, 0, width - MARGIN - left, height), font, "text_muted", tr("Open"), right=True)


class InvoiceDelegate(RowDelegate[InvoiceView]):
    """Number and how it stands, customer and vehicle, how much it is, what of it is open and since when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(_strong()).height() + QFontMetricsF(_small()).height()
        return QSize(200, max(theme.target, round(2 * MARGIN + lines + 2)))

    def cells(self, painter: QPainter, box: QRectF, row: InvoiceView) -> None:
        invoice = row
        icon, token = invoice_words.shape(invoice)
        who, amount, open_at = (box.left() + each for each in columns(box.width()))
        left = box.left() + MARGIN + 4
        icons.paint(painter, icon, QRectF(left, box.center().y() - STATE / 2, STATE, STATE), token)
        left += STATE + GAP
        high, low = QFontMetricsF(_strong()).height(), QFontMetricsF(_small()).height()
        first, second = box.top() + MARGIN, box.top() + MARGIN + high + 2
        room = who - left - GAP / 2
        known = _strong() if invoice.number else _small()
        text(painter, QRectF(left, first, room, high), known, "text", invoice_words.number(invoice))
        credit = invoice.kind == CREDIT_NOTE and invoice.state == "issued"
        how = invoice_words.kind(invoice) if credit else invoice_words.state(invoice)
        urgent = invoice.state == "overdue"
        weight = theme.font(theme.scaled(15), "semibold" if urgent else "medium")
        text(painter, QRectF(left, second, room, low), weight, "critical" if urgent else "text", how)
        room = amount - who - GAP
        text(painter, QRectF(who, first, room, high), _plain(), "text", invoice.customer_name or tr("No customer"))
        text(painter, QRectF(who, second, room, low), _small(), "text_muted", _about(invoice))
        gross, room = money(invoice.gross, invoice.currency), open_at - GAP - amount
        muted = "text_muted" if invoice.state in ("void", "credited") else "text"
        text(painter, QRectF(amount, first, room, high), _plain(), muted, gross, right=True)
        day = invoice_words.day(invoice.issued_on)
        text(painter, QRectF(amount, second, room, low), _small(), "text_muted", day, right=True)
        self._open(painter, QRectF(open_at, box.top(), box.right() - MARGIN - open_at, box.height()), invoice)

    def _open(self, painter: QPainter, room: QRectF, invoice: InvoiceView) -> None:
        """What is still to be paid, and when it is due; nothing where nothing is."""
        if not invoice.open:
            text(painter, room, _plain(), "text_muted", "–", right=True)
            return
        under = invoice_words.due(invoice)
        high, low = QFontMetricsF(_strong()).height(), QFontMetricsF(_small()).height()
        left = QRectF(room.left(), room.top() + MARGIN, room.width(), high) if under else room
        text(painter, left, _strong(), "text", money(abs(invoice.open), invoice.currency), right=True)
        below = QRectF(room.left(), room.top() + MARGIN + high + 2, room.width(), low)
        text(painter, below, _small(), "text_muted", under, right=True)


def _about(invoice: InvoiceView) -> str:
    """The car, and what a credit note corrects."""
    corrects = tr("corrects {number}", number=invoice.corrects_number) if invoice.corrects_number else ""
    return " · ".join(each for each in (invoice.vehicle_plate, corrects) if each)


def _strong() -> QFont:
    return theme.font(theme.scaled(18), "semibold", tabular=True)


def _plain() -> QFont:
    return theme.font(theme.scaled(17), tabular=True)


def _small() -> QFont:
    return theme.font(theme.scaled(15), tabular=True)


class InvoicesList(PagedList[InvoiceView]):
    """Invoices and credit notes."""

    def __init__(self) -> None:
        super().__init__(tr("Invoices"), PagedModel(spoken), InvoiceDelegate())
