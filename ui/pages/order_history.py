"""History of an order: who changed what of it and of everything that belongs to it, the last first."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import order_history_reading, sync_words, theme
from ui.order_history_reading import Event
from ui.pages.order_section import Section
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, Separator, label


class HistorySection(Section):
    """A list that says it in words; more of it comes when somebody asks."""

    TABLES = frozenset(order_history_reading.TABLES)

    def build(self) -> None:
        self.empty = label("", "muted", wrap=True)
        self.column.addWidget(self.empty)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.column.addLayout(self._list)
        self.more = Button(tr("Show earlier ones"), "history")
        self.more.clicked.connect(lambda _=False: self._ask_more())
        self.more.hide()
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.rows: list[EventRow] = []
        self._limit = order_history_reading.FIRST

    def begin(self) -> None:
        self._limit = order_history_reading.FIRST
        self._show(())
        self.empty.setText(tr("Reading…"))
        self.empty.show()

    def reading(self) -> Callable[[], Any]:
        records, row, limit = self.desk.records, self.desk.row, self._limit
        return lambda: order_history_reading.read_history(records, row, limit)

    def show_read(self, found: Any) -> None:
        self._show(found.events)
        self.more.setVisible(found.more)
        self.empty.setText(tr("Nothing is known of this order's past here."))
        self.empty.setVisible(not found.events)

    def _ask_more(self) -> None:
        self._limit *= 3
        self.read()

    def _show(self, events: Sequence[Event]) -> None:
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = [EventRow(event) for event in events]
        for row in self.rows:
            self._list.addWidget(row)


class EventRow(QWidget):
    """One change: when and who at the left, what it was at the right."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event_shown = event
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, theme.space(3), 0, theme.space(3))
        row.setSpacing(theme.space(4))
        row.addWidget(IconLabel(event.icon, 26, event.token), 0, Qt.AlignmentFlag.AlignTop)
        who = QWidget()
        who.setFixedWidth(theme.scaled(230))
        left = QVBoxLayout(who)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(ElidedLabel(sync_words.moment(event.at), "text", 16, "medium").set_tabular())
        left.addWidget(ElidedLabel(event.who, "text_muted", 15))
        left.addStretch(1)
        row.addWidget(who)
        what = QVBoxLayout()
        what.setSpacing(theme.space(1))
        for line in event.lines:
            what.addWidget(label(line, wrap=True, select=True))
        what.addStretch(1)
        row.addLayout(what, 1)
        column.addLayout(row)
        column.addWidget(Separator())
