"""The notes of an order: what anybody wrote, the last first, and a place for one more."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.notes import NoteView
from ui import sync_words, theme
from ui.orders_reading import Person
from ui.pages.bays_sheets import Trouble
from ui.pages.orders_field import GrowingText
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label


class NotesBox(QWidget):
    """``write(text)`` keeps a note; answer with ``written`` or ``not_written``."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__()
        self._write = write
        self._writing = False
        self._known: tuple[NoteView, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.editor = GrowingText(1, 6)
        self.editor.setAccessibleName(tr("New note"))
        self.editor.setPlaceholderText(tr("Write a note"))
        row.addWidget(self.editor, 1)
        self.add = Button(tr("Add"), "plus")
        self.add.clicked.connect(lambda _=False: self.flush())
        row.addWidget(self.add, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(row)
        self.trouble = Trouble()
        column.addWidget(self.trouble)
        names = QWidget()
        self._names = Flow(names)
        column.addWidget(names)
        self.names: dict[str, Button] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.space(2))
        column.addLayout(self._list)
        self.cards: list[_NoteCard] = []

    def begin(self) -> None:
        """Another order is shown; what was being typed was kept before."""
        self._writing = False
        self.add.setEnabled(True)
        self.editor.clear()
        self.trouble.say("")
        self.show_notes(())

    def show_people(self, people: Sequence[Person]) -> None:
        """Whom a note may call upon: one press writes "@Name" where the cursor is."""
        if list(self.names) == [each.name for each in people]:
            return
        for old in self.names.values():
            self._names.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.names = {}
        for each in people:
            button = self.names[each.name] = Button(f"@{each.name}", role="plain")
            button.clicked.connect(lambda _=False, name=each.name: self.call_upon(name))
            self._names.addWidget(button)

    def call_upon(self, name: str) -> None:
        """Write somebody's name into the note."""
        before = self.editor.toPlainText()
        gap = "" if not before or before[-1:].isspace() else " "
        self.editor.insertPlainText(f"{gap}@{name} ")
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_notes(self, notes: tuple[NoteView, ...]) -> None:
        """Show these, the last first; those already shown stay as they are."""
        if notes == self._known:
            return
        self._known = notes
        shown = {card.note.id: card for card in self.cards}
        wanted = {note.id for note in notes}
        for card in self.cards:
            if card.note.id not in wanted:
                card.hide()
                card.deleteLater()
        self.cards = []
        for at, note in enumerate(notes):
            card = shown.get(note.id) or _NoteCard(note)
            if self._list.indexOf(card) != at:
                self._list.insertWidget(at, card)
            self.cards.append(card)

    def flush(self) -> None:
        """Keep the note that is being typed."""
        text = self.editor.toPlainText().strip()
        if text and not self._writing:
            self._writing = True
            self.add.setEnabled(False)
            self._write(text)

    def written(self, text: str) -> None:
        """It is kept; what was typed meanwhile stays."""
        self._writing = False
        self.add.setEnabled(True)
        if self.editor.toPlainText().strip() == text:
            self.editor.clear()
        self.trouble.say("")

    def not_written(self, words: str) -> None:
        """It could not be kept: it stays in the field."""
        self._writing = False
        self.add.setEnabled(True)
        self.trouble.say(tr("The note was not kept; it stays here. {why}", why=words))


class _NoteCard(QFrame):
    def __init__(self, note: NoteView) -> None:
        super().__init__()
        self.note = note
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3))
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("note", 24, "text_muted"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        at = sync_words.moment(note.written_at) if note.written_at is not None else ""
        words.addWidget(ElidedLabel(" · ".join(part for part in (note.author_name, at) if part), "text_muted", 15))
        words.addWidget(label(note.text or "", wrap=True, select=True))
        row.addLayout(words, 1)
