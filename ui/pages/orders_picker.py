"""Picking a vehicle or a customer: type a few letters, press one of what is found, or make a new one."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from ui import background, theme
from ui.orders_reading import Option
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

PAUSE_MS = 150  # after the last key, before it is looked for


class PickerSheet(Sheet):
    """``find(text)`` waits and is called off this thread; ``picked(id)`` and ``made(text)`` are called here.

    ``made`` None: one that is new is not for who stands here.
    """

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        find: Callable[[str], tuple[Option, ...]],
        picked: Callable[[str], object],
        made: Callable[[str], object] | None,
    ) -> None:
        super().__init__(anchor, title, side="top", width=720)
        self._find, self._picked, self._made = find, picked, made
        self._asked = 0
        self.field = QLineEdit()
        self.field.setAccessibleName(title)
        self.field.setPlaceholderText(tr("Type to find") if made is None else tr("Type to find, or to make a new one"))
        self.field.textEdited.connect(lambda _: self._typed())
        self.field.returnPressed.connect(self._first)
        self.body.addWidget(self.field)
        self.make = Button(tr("New"), "plus")
        self.make.clicked.connect(lambda _=False: self._new())
        self.make.hide()
        self.body.addWidget(self.make)
        self.none = label(tr("Nothing found."), "muted")
        self.none.hide()
        self.body.addWidget(self.none)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(1))
        self._column.addStretch(1)
        area = scrolling(content)
        area.setMinimumHeight(theme.scaled(320))
        self.body.addWidget(area, 1)
        self.options: list[Button] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.look()

    def _typed(self) -> None:
        text = self.field.text().strip()
        self.make.setVisible(bool(text) and self._made is not None)
        self.make.show_words(tr("New: {text}", text=text), "plus")
        self._pause.start()

    def look(self) -> None:
        """Look for what was typed."""
        self._asked += 1
        asked, text, find = self._asked, self.field.text(), self._find
        background.run(self, lambda: find(text), lambda found: self._show(asked, found), self._failed)

    def _show(self, asked: int, found: tuple[Option, ...]) -> None:
        if asked != self._asked:
            return  # more was typed meanwhile
        for old in self.options:
            old.hide()
            old.deleteLater()
        self.options = []
        for option in found:
            words = f"{option.title} · {option.detail}" if option.detail else option.title
            button = Button(words, role="plain")
            button.setProperty("align", "left")
            button.clicked.connect(lambda _=False, option=option: self._pick(option.id))
            self._column.insertWidget(len(self.options), button)
            self.options.append(button)
        self.none.setVisible(not found)

    def _failed(self, error: Exception) -> None:
        self.none.setText(str(error))
        self.none.show()

    def _first(self) -> None:
        """Enter takes the first that is found; with none, what was typed becomes a new one."""
        if self.options and not self._pause.isActive():
            self.options[0].click()
        elif self.field.text().strip() and not self.options:
            self._new()

    def _pick(self, id_: str) -> None:
        self.close_sheet()
        self._picked(id_)

    def _new(self) -> None:
        text = self.field.text().strip()
        if text and self._made is not None:
            self.close_sheet()
            self._made(text)

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
