"""Notes of an order as the window reads and writes them. Each function waits."""

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.notes import NoteView, add_note, list_notes

NOTES = 200


def read_notes(records: Records, row: str) -> tuple[NoteView, ...]:
    """The notes, the last first. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        return list_notes(session, row, limit=NOTES).items


def write_note(records: Records, actor: Actor, row: str, text: str) -> NoteView:
    """Add a note. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    fields = {"order_id": row, "text": text}
    return records.change(actor.reference, lambda session: add_note(session, actor, fields)).value
