"""The top of an open order: number, vehicle, customer, status, promise and what it comes to."""

import time

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import sync_words, theme
from ui.customers_reading import phone_of
from ui.money_words import money
from ui.order_summary_reading import Summary
from ui.order_words import is_late, status_shape, status_words
from ui.orders_reading import OrderRead, vehicle_words
from ui.widgets import icons
from ui.widgets.buttons import Button, IconButton
from ui.widgets.panels import ElidedLabel, label


class OrderHead(QWidget):
    """``back`` is for where the list has no room beside the order."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(3), 0)
        row.setSpacing(theme.space(4))
        self.back = IconButton("chevron-left", tr("All orders"))
        row.addWidget(self.back)
        self.number = label("", "title")
        row.addWidget(self.number)
        who = QVBoxLayout()
        who.setSpacing(0)
        self.vehicle = ElidedLabel("", "text", 18, "semibold").set_tabular()
        self.customer = ElidedLabel("", "text_muted", 15).set_tabular()
        who.addStretch(1)
        who.addWidget(self.vehicle)
        who.addWidget(self.customer)
        who.addStretch(1)
        row.addLayout(who, 1)
        facts = QVBoxLayout()
        facts.setSpacing(0)
        right = Qt.AlignmentFlag.AlignRight
        self.sum = label("")
        self.sum.setFont(theme.font(theme.scaled(18), "semibold", tabular=True))
        self.promise = label("")
        self._late(late=False)
        facts.addStretch(1)
        facts.addWidget(self.sum, 0, right)
        facts.addWidget(self.promise, 0, right)
        facts.addStretch(1)
        row.addLayout(facts)
        self.status = Button("")
        self.status.setIconSize(QSize(24, 24))
        self.status.setMinimumWidth(theme.scaled(176))
        row.addWidget(self.status)

    def begin(self) -> None:
        """Another order is being read."""
        for each in (self.number, self.sum, self.promise):
            each.setText("")
        self.vehicle.set_text("")
        self.customer.set_text("")
        self.status.setText("")

    def trouble(self, words: str) -> None:
        """It could not be read."""
        self.vehicle.set_text(words)

    def show_order(self, found: OrderRead, summary: Summary) -> None:
        order = found.order
        self.number.setText(order.number or tr("Without a number"))
        about = vehicle_words(found.vehicle)
        self.vehicle.set_text(" · ".join(part for part in (order.vehicle_plate or tr("No vehicle"), about) if part))
        who = order.customer_name or tr("No customer")
        self.customer.set_text(" · ".join(part for part in (who, phone_of(found.customer)) if part))
        self.sum.setText(money(summary.gross, summary.currency) if summary.lines else "")
        late = is_late(order, round(time.time() * 1000))
        at = sync_words.moment(order.promised_at) if order.promised_at is not None else ""
        self.promise.setText((tr("Late: {time}", time=at) if late else tr("Promised: {time}", time=at)) if at else "")
        self._late(late=late)
        icon, token = ("conflict", "warning") if order.disputed else status_shape(order.status)
        word = tr("Status to decide") if order.disputed else status_words(order.status)
        self.status.setText(f" {word}")
        self.status.setIcon(icons.icon(icon, token))
        self.status.setAccessibleName(tr("Status: {value}", value=word))

    def _late(self, *, late: bool) -> None:
        self.promise.setFont(theme.font(theme.scaled(15), "semibold" if late else "regular", tabular=True))
        palette = self.promise.palette()
        palette.setColor(palette.ColorRole.WindowText, theme.color("critical" if late else "text_muted"))
        self.promise.setPalette(palette)
        self.promise.setStyleSheet(f"color: {theme.color('critical' if late else 'text_muted').name()};")
