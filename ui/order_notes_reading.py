"""Notes of an order as the window reads and writes them. Each function waits."""

from dataclasses import dataclass

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.mentions import mark_read, unread_counts
from core.workshop.notes import NoteView, add_note, list_notes
from ui.orders_reading import Person, read_people

NOTES = 200


@dataclass(frozen=True, slots=True)
class NotesRead:
    """The notes, the last first; whom one may call upon; ``unread``: how many the person has not seen."""

    notes: tuple[NoteView, ...] = ()
    people: tuple[Person, ...] = ()
    unread: int = 0


def read_notes(records: Records, row: str, staff_id: str | None) -> NotesRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        unread = unread_counts(session, staff_id, [row]).get(row, 0) if staff_id else 0
        return NotesRead(list_notes(session, row, limit=NOTES).items, read_people(session), unread)


def seen(records: Records, actor: Actor, row: str) -> int:
    """Whoever is signed in has read the notes that are here. Raises ``Denied``, ``NotFound``, ``RecordsError``."""
    return records.change(actor.reference, lambda session: mark_read(session, actor, row)).value


def write_note(records: Records, actor: Actor, row: str, text: str) -> NoteView:
    """Add a note. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    fields = {"order_id": row, "text": text}
    return records.change(actor.reference, lambda session: add_note(session, actor, fields)).value
