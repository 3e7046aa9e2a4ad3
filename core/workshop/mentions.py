"""Who has read which note, and what they were asked to read.

A reading is kept for each note, by its moment: a note that was written before the others on a terminal that was cut
off, and arrives after they were read, has not been read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, by_id, row_of, shown
from core.workshop.models import Mention, Note, NoteReading, RepairOrder
from core.workshop.notes import NoteView, note_views


@dataclass(frozen=True, slots=True)
class MentionView:
    """A note that somebody should read, of an order with this number."""

    table: ClassVar[str] = "mentions"

    id: str
    note: NoteView
    order_id: str | None
    order_number: str | None
    read: bool


def mark_read(session: Session, actor: Actor, order_id: str) -> int:
    """Whoever does this has read all notes of an order that are here; how many were new to them.

    Only staff read. Raises ``Denied``, ``NotFound``.
    """
    require(actor, "repair_orders.read")
    row_of(session, RepairOrder, order_id, deleted=True)
    if actor.kind != "staff":
        return 0
    query = select(_MOMENT).where(Note.order_id == order_id, *_unread(actor.id))
    moments = list(session.scalars(query))
    for up_to in dict.fromkeys(moments):
        added(session, NoteReading, {"order_id": order_id, "staff_id": actor.id, "up_to": up_to})
    return len(moments)


def unread_counts(session: Session, staff_id: str, order_ids: Collection[str]) -> dict[str, int]:
    """How many notes of these orders somebody has not read, in one statement; orders without any are left out.

    What they wrote themselves they know.
    """
    if not order_ids:
        return {}
    query = (
        select(Note.order_id, func.count())
        .where(Note.order_id.in_(order_ids), *_unread(staff_id))
        .group_by(Note.order_id)
    )
    return {str(row[0]): row[1] for row in session.execute(query)}


def mentions_of(
    session: Session, staff_id: str, *, unread: bool = True, after: str | None = None, limit: int = LIMIT
) -> Page[MentionView]:
    """The notes that mention somebody, the last first; with ``unread`` only those they have not read.

    Raises ``Refused``.
    """
    query = shown(Mention, Mention.staff_id == staff_id, _of_a_note(staff_id, unread))
    page = page_of(session, query, Mention, Order("newest", descending=True), after=after, limit=limit)
    notes = {row.id: row for row in session.scalars(select(Note).where(Note.id.in_([m.note_id for m in page.items])))}
    orders = by_id(session, RepairOrder, [row.order_id for row in notes.values()])
    open_ = set(session.scalars(select(Note.id).where(Note.id.in_(list(notes)), *_unread(staff_id))))
    views = note_views(session, notes.values())

    def view(row: Mention) -> MentionView:
        note = views[row.note_id or ""]
        order = orders.get(note.order_id or "")
        return MentionView(row.id, note, note.order_id, order.number if order else None, note.id not in open_)

    return page.mapped(view)


def unread_mentions(session: Session, staff_id: str) -> int:
    """How many notes wait for somebody by name, in one statement."""
    here = (Mention.staff_id == staff_id, Mention.deleted_at.is_(None), _of_a_note(staff_id, True))
    return session.scalar(select(func.count()).select_from(Mention).where(*here)) or 0


_MOMENT = func.coalesce(Note.written_at, 0)


def _unread(staff_id: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions for notes that somebody has not read."""
    read = exists().where(
        NoteReading.order_id == Note.order_id,
        NoteReading.staff_id == staff_id,
        NoteReading.up_to == _MOMENT,
        NoteReading.deleted_at.is_(None),
    )
    return Note.deleted_at.is_(None), func.coalesce(Note.author, "") != f"staff:{staff_id}", ~read


def _of_a_note(staff_id: str, unread: bool) -> ColumnElement[bool]:
    """That the note of a mention is here, and shown."""
    wanted = _unread(staff_id) if unread else (Note.deleted_at.is_(None),)
    return exists().where(Note.id == Mention.note_id, *wanted)
