"""Which signal to add to the trends: those the car offers, found by typing."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from core.language import tr
from ui import theme
from ui.widgets.dialogs import Sheet
from ui.widgets.gauge_model import signal_of, title_of
from ui.widgets.panels import label
from ui.widgets.touch import flick

KEY = Qt.ItemDataRole.UserRole


class _Search(QLineEdit):
    """Up and Down walk through the list while one types."""

    walk = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step:
            self.walk.emit(step)
        else:
            super().keyPressEvent(event)


class TrendChooser(Sheet):
    """A list of signals from the right. ``chosen`` carries the key of the one a person took; the sheet then closes."""

    chosen = Signal(str)

    def __init__(self, anchor: QWidget, title: str, offered: Iterable[str], shown: Iterable[str]) -> None:
        super().__init__(anchor, title, side="right", width=520)
        self._shown = set(shown)
        self._offered = sorted(dict.fromkeys(offered), key=lambda key: title_of(key).casefold())
        self.search = _Search()
        self.search.setPlaceholderText(tr("Find a signal"))
        self.search.setAccessibleName(tr("Find a signal"))
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._take_current)
        self.search.walk.connect(self._walk)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Signals"))
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        flick(self.list)
        self.nothing = label("", "muted", wrap=True)
        self.body.addWidget(self.search)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.list, 1)
        self._fill("")

    def _fill(self, text: str) -> None:
        words = text.casefold().split()
        self.list.clear()
        for key in self._offered:
            signal = signal_of(key)
            title = title_of(key)
            beside = " ".join((title, key, signal.unit, signal.pid_text)) if signal else title
            if all(word in beside.casefold() for word in words):
                unit = f"   {signal.unit}" if signal and signal.unit else ""
                there = "   " + tr("(shown)") if key in self._shown else ""
                item = QListWidgetItem(f"{title}{unit}{there}")
                item.setData(KEY, key)
                item.setSizeHint(QSize(0, theme.target))
                self.list.addItem(item)
        if self.list.count():
            self.list.setCurrentRow(0)
        self.list.setVisible(bool(self.list.count()))
        self.nothing.setVisible(not self.list.count())
        if not self._offered:
            self.nothing.setText(tr("The car has not said yet which signals it has. Connect to it first."))
        else:
            self.nothing.setText(tr("This car has no signal “{text}”.", text=text))

    def _walk(self, step: int) -> None:
        row = self.list.currentRow() + step
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))

    def _take_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        key = str(item.data(KEY))
        self.close_sheet()
        self.chosen.emit(key)
