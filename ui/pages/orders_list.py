"""The list of repair orders: newest first, fetched as it scrolls, brought up to date row by row."""

import time
from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from core.language import tr
from core.workshop.orders import RepairOrderView
from ui import sync_words, theme
from ui.order_words import is_late, status_shape, status_words
from ui.widgets import icons
from ui.widgets.drawn_text import text
from ui.widgets.paged_list import Index, PagedList, PagedModel, RowDelegate

MARGIN = 14


class OrdersModel(PagedModel[RepairOrderView]):
    """Orders, newest first."""

    def follow(self, changed: Mapping[str, RepairOrderView | None], *, insert: bool) -> None:
        """Show changed orders as they are; None removes one. With ``insert`` new ones come to their place."""
        self.update(changed)
        for id_, order in changed.items():
            if insert and order is not None and self.place(id_) < 0:
                at = next((n for n, other in enumerate(self.rows) if other.id < order.id), len(self.rows))
                if at < len(self.rows) or self.after is None:  # else it belongs below what has been read so far
                    self.insert(at, order)


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


class OrderDelegate(RowDelegate[RepairOrderView]):
    """Number and status, plate and customer, what is asked and what was promised."""

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        strong = theme.font(theme.scaled(19), "semibold", tabular=True)
        return strong, theme.font(theme.base, tabular=True), theme.font(theme.scaled(15), tabular=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        strong, plain, small = (QFontMetricsF(font).height() for font in self._fonts())
        return QSize(200, round(2 * MARGIN + strong + plain + small + 6))

    def cells(self, painter: QPainter, box: QRectF, row: RepairOrderView) -> None:
        self._lines(painter, box.adjusted(MARGIN + 4, MARGIN, -MARGIN, -MARGIN), row)

    def _lines(self, painter: QPainter, room: QRectF, order: RepairOrderView) -> None:
        strong, plain, small = self._fonts()
        height = QFontMetricsF(strong).height()
        line = QRectF(room.left(), room.top(), room.width(), height)
        left = self._status(painter, line, plain, order)
        plate = order.vehicle_plate or tr("No vehicle")
        text(painter, QRectF(line.left(), line.top(), left - line.left() - 12, height), strong, "text", plate)
        top = line.bottom() + 3
        height = QFontMetricsF(plain).height()
        who = " · ".join(part for part in (order.number, order.customer_name) if part)
        text(painter, QRectF(room.left(), top, room.width(), height), plain, "text", who)
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
            text(painter, QRectF(room.left(), top, room.width(), height), weight, token, promise)
        asked = " ".join((order.complaint or "").split())
        text(painter, QRectF(room.left() + used, top, room.width() - used, height), small, "text_muted", asked)

    def _status(self, painter: QPainter, line: QRectF, font: QFont, order: RepairOrderView) -> float:
        """Draw the status at the right end of ``line``; returns where it begins."""
        icon, token = ("conflict", "warning") if order.disputed else status_shape(order.status)
        words = " / ".join(status_words(each) for each in order.disputed or (order.status,))
        metrics = QFontMetricsF(font)
        if order.disputed and metrics.horizontalAdvance(words) > line.width() * 0.55:
            words = tr("Status to decide")  # half of the values would look like all of them
        width = min(metrics.horizontalAdvance(words), line.width() * 0.55)
        left = line.right() - width
        text(painter, QRectF(left, line.top(), width + 1, line.height()), font, "text", words)
        size = 20.0
        icons.paint(painter, icon, QRectF(left - size - 7, line.center().y() - size / 2, size, size), token)
        return left - size - 7


class OrdersList(PagedList[RepairOrderView]):
    """Repair orders."""

    shown: OrdersModel

    def __init__(self) -> None:
        super().__init__(tr("Repair orders"), OrdersModel(spoken), OrderDelegate())
