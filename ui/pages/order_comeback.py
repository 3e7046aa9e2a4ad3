"""Which earlier order of the vehicle comes back: one press on it."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from core.workshop.orders import RepairOrderView
from ui import background, order_overview_reading, theme
from ui.order_words import status_words
from ui.pages.order_desk import EXPECTED, OrderDesk
from ui.vehicle_words import day_of
from ui.widgets.buttons import Button, ValueButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.touch import scrolling


class ComebackSheet(Sheet):
    """``chosen(order)``, or ``chosen(None)`` when it is none that comes back. Read off the window's thread."""

    def __init__(
        self,
        anchor: QWidget,
        desk: OrderDesk,
        order: RepairOrderView,
        chosen: Callable[[RepairOrderView | None], object],
    ) -> None:
        super().__init__(anchor, tr("Comes back from"), width=860)
        self._chosen, self._now = chosen, order.comeback_of
        told = tr("The order whose work was not right the first time. It counts as a comeback in the figures.")
        self.body.addWidget(label(told, "muted", wrap=True))
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(2))
        self.empty = label("", wrap=True)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        area = scrolling(content)
        area.setMinimumHeight(theme.scaled(320))
        self.body.addWidget(area, 1)
        self.buttons: dict[str, Button] = {}
        self.none = Button(tr("Not a comeback"), "minus")
        self.none.setEnabled(self._now is not None)
        self.none.clicked.connect(lambda _=False: self._choose(None))
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.none, 1)
        records = desk.records
        self._of_a_vehicle = order.vehicle_id is not None
        background.run(self, lambda: order_overview_reading.earlier_orders(records, order), self._show, self._failed)

    def _show(self, found: tuple[RepairOrderView, ...]) -> None:
        none = tr("There is no earlier order of this vehicle.")
        self.empty.setText(none if self._of_a_vehicle else tr("Choose the vehicle first: its earlier orders are here."))
        self.empty.setVisible(not found)
        for each in found:
            button = ValueButton(_said(each), "ok" if each.id == self._now else "orders")
            button.setCheckable(True)
            button.setChecked(each.id == self._now)
            button.clicked.connect(lambda _=False, each=each: self._choose(each))
            self._column.insertWidget(self._column.count() - 1, button)
            self.buttons[each.id] = button

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self.empty.setText(str(error))

    def _choose(self, order: RepairOrderView | None) -> None:
        self.close_sheet()
        self._chosen(order)


def _said(order: RepairOrderView) -> str:
    """The number people say, the day, how far it is, and what was asked for."""
    day = day_of(order.opened_at)
    asked = " ".join((order.complaint or "").split())
    return " · ".join(part for part in (order.number, day, status_words(order.status or ""), asked) if part)
