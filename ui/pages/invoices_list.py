"""The list of invoices: fetched as it scrolls; what changes is put in place without moving what is looked at."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.language import tr
from core.workshop.invoice_reading import CREDIT_NOTE, InvoiceView
from ui import invoice_words, theme
from ui.invoices_reading import InvoicePage
from ui.money_words import money
from ui.pages.parts_list import text
from ui.widgets import icons
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
INVOICE = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
MARGIN = 12
STATE = 24  # px of the shape
GAP = 14  # px between columns


class InvoicesModel(QAbstractListModel):
    """Papers read so far. ``wanted(after)`` asks for the next page."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.invoices: list[InvoiceView] = []
        self.after: str | None = None
        self._asked = False

    def begin(self, page: InvoicePage) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.invoices, self.after, self._asked = list(page.items), page.after, False
        self.endResetModel()

    def again(self, page: InvoicePage) -> None:
        """Show the same list as it is now: row by row where the same papers stand in it, else anew."""
        if [each.id for each in page.items] != [each.id for each in self.invoices]:
            self.begin(page)
            return
        self.after, self._asked = page.after, False
        for at, invoice in enumerate(page.items):
            if invoice != self.invoices[at]:
                self.invoices[at] = invoice
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def add(self, page: InvoicePage) -> None:
        """Put the next page below."""
        self._asked, self.after = False, page.after
        known = {each.id for each in self.invoices}
        fresh = [each for each in page.items if each.id not in known]
        if fresh:
            self.beginInsertRows(ROOT, len(self.invoices), len(self.invoices) + len(fresh) - 1)
            self.invoices += fresh
            self.endInsertRows()

    def place(self, row: str) -> int:
        """Where a paper stands; -1 when it is not shown."""
        return next((at for at, each in enumerate(self.invoices) if each.id == row), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.invoices)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        invoice = self.invoices[index.row()]
        if role == INVOICE:
            return invoice
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(each for each in spoken(invoice) if each)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self.after is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.after is not None and not self._asked:
            self._asked = True
            self.wanted.emit(self.after)


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


class InvoiceDelegate(QStyledItemDelegate):
    """Number and how it stands, customer and vehicle, how much it is, what of it is open and since when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetricsF(_strong()).height() + QFontMetricsF(_small()).height()
        return QSize(200, max(theme.target, round(2 * MARGIN + lines + 2)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        invoice: InvoiceView = index.data(INVOICE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("accent_surface"))
            painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), theme.color("accent"))
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        self._cells(painter, box, invoice)
        painter.restore()

    def _cells(self, painter: QPainter, box: QRectF, invoice: InvoiceView) -> None:
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
        under = tr("to pay back") if invoice.open < 0 else invoice_words.due(invoice)
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


class InvoicesList(QListView):
    """The list. ``chosen(row)``: a person wants to see that paper."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.invoices = InvoicesModel()
        self.setModel(self.invoices)
        self.setItemDelegate(InvoiceDelegate(self))
        self.setProperty("role", "feed")
        self.setUniformItemSizes(True)
        self.setAccessibleName(tr("Invoices"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._moved)

    def select(self, row: str) -> None:
        """Mark a paper without telling, as far as it is in the list."""
        at = self.invoices.place(row)
        index = self.invoices.index(at, 0) if at >= 0 else QModelIndex()
        self.quietly(lambda: self.setCurrentIndex(index))

    def show_again(self, page: InvoicePage, row: str) -> None:
        """The list as it is now, with the paper that stood at the top of the window still there; ``row`` is marked."""
        bar = self.verticalScrollBar()
        top = self.indexAt(QPoint(8, 1))
        kept = self.invoices.invoices[top.row()].id if top.isValid() and bar.value() > 0 else ""
        within = self.visualRect(top).top() if top.isValid() else 0
        self.quietly(lambda: self.invoices.again(page))
        at = self.invoices.place(row)
        if at >= 0 and self.currentIndex().row() != at:
            self.quietly(lambda: self.selectionModel().setCurrentIndex(
                self.invoices.index(at, 0), self.selectionModel().SelectionFlag.ClearAndSelect))  # fmt: skip
        stands = self.invoices.place(kept) if kept else -1
        if stands >= 0:
            self.scrollTo(self.invoices.index(stands, 0), QListView.ScrollHint.PositionAtTop)
            bar.setValue(bar.value() - within)

    def quietly(self, change: Callable[[], object]) -> None:
        """Do ``change`` without taking it for a person's choice."""
        before, self._quiet = self._quiet, True
        try:
            change()
        finally:
            self._quiet = before

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            invoice: InvoiceView = current.data(INVOICE)
            self.chosen.emit(invoice.id)
