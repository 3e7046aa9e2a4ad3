"""Notes of an order: what anybody wrote, who should read it, and what one has not read yet."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer

from ui import background, order_notes_reading
from ui.order_notes_reading import NotesRead
from ui.pages.order_section import Section
from ui.pages.orders_notes import NotesBox

SEEN_AFTER_MS = 1500


class NotesSection(Section):
    """The notes, the last first, and a place for one more that is never lost."""

    TABLES = frozenset({"notes", "mentions", "note_readings"})

    def build(self) -> None:
        self.notes = NotesBox(self._write)
        self.column.addWidget(self.notes)
        self.column.addStretch(1)
        # Read is what somebody had a moment to read, and stays new to them while they only pass by.
        self._seen = QTimer(self)
        self._seen.setSingleShot(True)
        self._seen.setInterval(SEEN_AFTER_MS)
        self._seen.timeout.connect(self._mark_seen)

    def begin(self) -> None:
        self.notes.begin()

    def reading(self) -> Callable[[], NotesRead]:
        records, row, person = self.desk.records, self.desk.row, self.desk.staff_id
        return lambda: order_notes_reading.read_notes(records, row, person)

    def show_read(self, found: Any) -> None:
        self.notes.show_people(found.people)
        self.notes.show_notes(found.notes)
        if found.unread and self.front:
            self._seen.start()

    def flush(self) -> None:
        self.notes.flush()

    def _mark_seen(self) -> None:
        desk = self.desk
        if self.front and desk.row and desk.staff_id is not None:
            records, actor, row = desk.records, desk.actor, desk.row
            background.run(self, lambda: order_notes_reading.seen(records, actor, row), lambda _: None, desk.failed)

    def _write(self, text: str) -> None:
        desk, window = self.desk, self.window()
        records, actor, row = desk.records, desk.actor, desk.row

        def done(_: object) -> None:
            if desk.still(row):
                self.notes.written(text)
                desk.done.emit()

        def failed(error: Exception) -> None:
            if desk.still(row):
                self.notes.not_written(str(error))
            else:
                desk.lost(window, text, error)

        desk.keep_typed(lambda: order_notes_reading.write_note(records, actor, row, text), done, failed)
