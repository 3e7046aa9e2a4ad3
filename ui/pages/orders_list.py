"""The list of repair orders: newest first, fetched as it scrolls, brought up to date row by row."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.language import tr
from core.workshop.orders import RepairOrderView
from ui import sync_words, theme
from ui.order_words import is_late, status_shape, status_words
from ui.orders_reading import OrderPage
from ui.widgets import icons
from ui.widgets.touch import flick

Index = QModelIndex | QPersistentModelIndex
ORDER = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
MARGIN = 14


class OrdersModel(QAbstractListModel):
    """Orders read so far, newest first. ``wanted(after)`` asks for the next page."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[RepairOrderView] = []
        self.after: str | None = None
        self._asked = False

    def begin(self, page: OrderPage) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.orders, self.after, self._asked = list(page.items), page.after, False
        self.endResetModel()

    def add(self, page: OrderPage) -> None:
        """Put the next page below."""
        self._asked, self.after = False, page.after
        known = {order.id for order in self.orders}
        fresh = [order for order in page.items if order.id not in known]
        if fresh:
            self.beginInsertRows(ROOT, len(self.orders), len(self.orders) + len(fresh) - 1)
            self.orders += fresh
            self.endInsertRows()

    def place(self, row: str) -> int:
        """Where an order stands; -1 when it is not shown."""
        return next((at for at, order in enumerate(self.orders) if order.id == row), -1)

    def update(self, changed: Mapping[str, RepairOrderView | None], *, insert: bool) -> None:
        """Show changed orders as they are; None removes one. With ``insert`` new ones come to their place."""
        for row, order in changed.items():
            at = self.place(row)
            if at >= 0 and order is None:
                self.beginRemoveRows(ROOT, at, at)
                del self.orders[at]
                self.endRemoveRows()
            elif at >= 0 and order is not None:
                if self.orders[at] != order:
                    self.orders[at] = order
                    self.dataChanged.emit(self.index(at, 0), self.index(at, 0))
            elif order is not None and insert:
                self._insert(order)

    def _insert(self, order: RepairOrderView) -> None:
        at = next((n for n, other in enumerate(self.orders) if other.id < order.id), len(self.orders))
        if at == len(self.orders) and self.after is not None:
            return  # it belongs below what has been read so far
        self.beginInsertRows(ROOT, at, at)
        self.orders.insert(at, order)
        self.endInsertRows()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.orders)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        order = self.orders[index.row()]
        if role == ORDER:
            return order
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in spoken(order) if part)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self.after is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.after is not None and not self._asked:
            self._asked = True
            self.wanted.emit(self.after)


def spoken(order: RepairOrderView) -> tuple[str, ...]:
    """An order in words: number, status, plate, customer, promise."""
    now = round(time.time() * 1000)
    return (
        order.number or "",
        status_words(order.status),
        tr("set differently on two terminals") if order.disputed else "",
        order.vehicle_plate or "",
        order.customer_name or "",
        promise_words(order, now),
    )


def promise_words(order: RepairOrderView, now_ms: int) -> str:
    """ "Late: 14:00", "Promised: Tue 24 Nov, 16:00"; "" when nothing was promised."""
    if order.promised_at is None:
        return ""
    at = sync_words.moment(order.promised_at)
    return tr("Late: {time}", time=at) if is_late(order, now_ms) else tr("Promised: {time}", time=at)


class OrderDelegate(QStyledItemDelegate):
    """Number and status, plate and customer, what is asked and what was promised."""

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        strong = theme.font(theme.scaled(19), "semibold", tabular=True)
        return strong, theme.font(theme.base, tabular=True), theme.font(theme.scaled(15), tabular=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        strong, plain, small = (QFontMetricsF(font).height() for font in self._fonts())
        return QSize(200, round(2 * MARGIN + strong + plain + small + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        order: RepairOrderView = index.data(ORDER)
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
        self._lines(painter, box.adjusted(MARGIN + 4, MARGIN, -MARGIN, -MARGIN), order)
        painter.restore()

    def _lines(self, painter: QPainter, room: QRectF, order: RepairOrderView) -> None:
        strong, plain, small = self._fonts()
        height = QFontMetricsF(strong).height()
        line = QRectF(room.left(), room.top(), room.width(), height)
        left = self._status(painter, line, plain, order)
        plate = order.vehicle_plate or tr("No vehicle")
        self._text(painter, QRectF(line.left(), line.top(), left - line.left() - 12, height), strong, "text", plate)
        top = line.bottom() + 3
        height = QFontMetricsF(plain).height()
        who = " · ".join(part for part in (order.number, order.customer_name) if part)
        self._text(painter, QRectF(room.left(), top, room.width(), height), plain, "text", who)
        top += height + 3
        now = round(time.time() * 1000)
        promise = promise_words(order, now)
        height = QFontMetricsF(small).height()
        used = 0.0
        if promise:
            late = is_late(order, now)
            weight = theme.font(theme.scaled(15), "semibold" if late else "regular", tabular=True)
            used = QFontMetricsF(weight).horizontalAdvance(promise) + 14
            token = "critical" if late else "text_muted"
            self._text(painter, QRectF(room.left(), top, room.width(), height), weight, token, promise)
        asked = " ".join((order.complaint or "").split())
        self._text(painter, QRectF(room.left() + used, top, room.width() - used, height), small, "text_muted", asked)

    def _status(self, painter: QPainter, line: QRectF, font: QFont, order: RepairOrderView) -> float:
        """Draw the status at the right end of ``line``; returns where it begins."""
        icon, token = ("conflict", "warning") if order.disputed else status_shape(order.status)
        words = " / ".join(status_words(each) for each in order.disputed or (order.status,))
        metrics = QFontMetricsF(font)
        if order.disputed and metrics.horizontalAdvance(words) > line.width() * 0.55:
            words = tr("Status to decide")  # half of the values would look like all of them
        width = min(metrics.horizontalAdvance(words), line.width() * 0.55)
        left = line.right() - width
        self._text(painter, QRectF(left, line.top(), width + 1, line.height()), font, "text", words)
        size = 20.0
        icons.paint(painter, icon, QRectF(left - size - 7, line.center().y() - size / 2, size, size), token)
        return left - size - 7

    def _text(self, painter: QPainter, room: QRectF, font: QFont, token: str, text: str) -> None:
        painter.setFont(font)
        painter.setPen(theme.color(token))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class OrdersList(QListView):
    """The list. ``chosen(row)``: a person wants to see that order."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.orders = OrdersModel()
        self.setModel(self.orders)
        self.setItemDelegate(OrderDelegate(self))
        self.setProperty("role", "feed")
        self.setUniformItemSizes(True)
        self.setAccessibleName(tr("Repair orders"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._moved)

    def select(self, row: str) -> None:
        """Mark an order without telling, as far as it is in the list."""
        at = self.orders.place(row)
        if at < 0:
            return
        self.quietly(lambda: self.setCurrentIndex(self.orders.index(at, 0)))

    def quietly(self, change: Callable[[], object]) -> None:
        """Do ``change`` without taking it for a person's choice."""
        before, self._quiet = self._quiet, True
        try:
            change()
        finally:
            self._quiet = before

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            order: RepairOrderView = current.data(ORDER)
            self.chosen.emit(order.id)
