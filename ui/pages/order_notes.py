"""Notes of an order: what anybody wrote, who should read it, and what one has not read yet."""

from collections.abc import Callable
from typing import Any

from ui import order_notes_reading
from ui.pages.order_section import Section
from ui.pages.orders_notes import NotesBox


class NotesSection(Section):
    """The notes, the last first, and a place for one more that is never lost."""

    TABLES = frozenset({"notes", "mentions", "note_readings"})

    def build(self) -> None:
        self.notes = NotesBox(self._write)
        self.column.addWidget(self.notes)
        self.column.addStretch(1)

    def begin(self) -> None:
        self.notes.begin()

    def reading(self) -> Callable[[], Any]:
        records, row = self.desk.records, self.desk.row
        return lambda: order_notes_reading.read_notes(records, row)

    def show_read(self, found: Any) -> None:
        self.notes.show_notes(found)

    def flush(self) -> None:
        self.notes.flush()

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
