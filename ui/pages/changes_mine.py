"""My last changes: each with what it was, whether it can still be taken back, and the button that does."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import background, sync_words, theme
from ui.changes_mine_reading import MyChange, read_mine
from ui.context import UiContext
from ui.pages.changes_feed import line_words, title
from ui.widgets import alarm_strip
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, Paragraph, label
from ui.widgets.touch import scrolling

LINES = 3


class MyChangeCard(QFrame):
    """One change. ``turn`` carries the id that turns it round; ``opened`` its table and row."""

    turn = Signal(str)
    opened = Signal(str, str)

    def __init__(self, change: MyChange) -> None:
        super().__init__()
        self.change = change
        item, deed = change.item, change.deed
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), theme.space(3), theme.space(4), theme.space(3))
        row.setSpacing(theme.space(4))
        shape, ink = ("undo", "text_muted") if deed.undone else ("changes", "accent")
        row.addWidget(IconLabel(shape, 28, ink), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        place = tr("This terminal") if item.here else item.terminal
        words.addWidget(ElidedLabel(f"{sync_words.moment(item.at)} · {place}", "text_muted", 15).set_tabular())
        token = "text_muted" if deed.undone else "text"
        words.addWidget(ElidedLabel(title(item), token, weight="semibold"))
        for line in item.lines[:LINES]:
            words.addWidget(ElidedLabel(line_words(line), "text_muted", 16))
        self.state = label(self._state(), "caption", wrap=True)
        self.state.setVisible(bool(self.state.text()))
        words.addWidget(self.state)
        row.addLayout(words, 1)
        again = deed.undone
        self.button = Button(tr("Do again") if again else tr("Take back"), "redo" if again else "undo")
        self.button.setMinimumWidth(theme.scaled(168))  # both words: the one under the finger does not change its size
        self.button.setEnabled(deed.possible)
        self.button.clicked.connect(lambda _=False: self._pressed())
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _state(self) -> str:
        deed = self.change.deed
        if not deed.possible:
            return deed.why_not
        if deed.stays:
            return tr("Would stay: {why}", why=" ".join(deed.stays))
        return tr("Taken back.") if deed.undone else ""

    def _pressed(self) -> None:
        self.button.setEnabled(False)
        deed = self.change.deed
        self.turn.emit(deed.turn if deed.undone else deed.id)


class MyChanges(QWidget):
    """The list; ``refresh`` reads it anew."""

    def __init__(self, context: UiContext, failed: Callable[[Exception], object]) -> None:
        super().__init__()
        self._context, self._failed = context, failed
        self._actor = context.actor  # a page belongs to one person
        self.cards: list[MyChangeCard] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.empty = Paragraph()
        outer.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignHCenter)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, theme.space(2), alarm_strip.room())
        self._column.setSpacing(theme.space(3))
        self._column.addStretch(1)
        self._area = scrolling(holder)
        outer.addWidget(self._area, 1)
        self._show(())

    def refresh(self) -> None:
        """Read it anew, off this thread."""
        records, actor = self._context.records, self._actor
        if records is not None and actor is not None:
            background.run(self, lambda: read_mine(records, actor), self._show, self._failed)

    def _show(self, changes: tuple[MyChange, ...]) -> None:
        if changes == tuple(card.change for card in self.cards) and changes:
            for card in self.cards:
                card.button.setEnabled(card.change.deed.possible)
            return
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        for change in changes:
            card = MyChangeCard(change)
            card.turn.connect(self._turn)
            self._column.insertWidget(len(self.cards), card)
            self.cards.append(card)
        self._area.setVisible(bool(changes))
        self.empty.setVisible(not changes)
        self.empty.setText(
            tr(
                "What you write, on any terminal, is listed here for a while, and can be taken back: here, with Ctrl+Z "
                "or with “Undo” at the foot of the rail."
            )
        )

    def _turn(self, id_: str) -> None:
        if self._context.frame is not None:
            self._context.frame.turn(id_, self.refresh)
