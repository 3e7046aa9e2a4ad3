"""What is written and photographed at an order: facts, so that nothing anybody noted is ever overwritten.

"@Tom" in a note is for Tom, when there is one active Tom; a list to pick from says it by id. Who has read what:
``mentions``.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.records.input import LARGEST, Field, Fields, Problems, Value, instant, row_id, sha256, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, hide, row_of, shown, unhide
from core.workshop.inspection_models import InspectionResult
from core.workshop.models import Mention, Note, Photo, RepairOrder

NOTE_FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    text=Field(text(20_000, lines=True), required=True),
)
PHOTO_FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    result_id=Field(row_id, of=InspectionResult),
    file_sha256=Field(sha256, required=True),
    thumbnail_sha256=Field(sha256),
    media_type=Field(text(100)),
    size=Field(whole(0, LARGEST)),
    caption=Field(text(500)),
    taken_at=Field(instant),
)


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. ``author`` as in ``Actor.reference``, ``author_name`` as it was then; ``mentions``: ids of staff."""

    table: ClassVar[str] = "notes"

    id: str
    order_id: str | None
    text: str | None
    author: str | None
    author_name: str | None
    written_at: int | None
    mentions: tuple[str, ...]
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo, perhaps of one finding of an inspection (``result_id``). ``size`` is in bytes; these are kept by their
    content (``core.records.files``).
    """

    table: ClassVar[str] = "photos"

    id: str
    order_id: str | None
    result_id: str | None
    file_sha256: str | None
    thumbnail_sha256: str | None
    media_type: str | None
    size: int | None
    caption: str | None
    author: str | None
    author_name: str | None
    taken_at: int | None
    deleted_at: int | None


def add_note(session: Session, actor: Actor, fields: Mapping[str, object], mentions: Collection[str] = ()) -> NoteView:
    """Write a note: ``order_id`` and ``text``; for those whom ``mentions`` has (ids of staff) and the text names.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "repair_orders.change")
    problems = Problems()
    values = NOTE_FIELDS.take(session, fields, None, problems)
    active = _active_staff(session) if mentions or "@" in str(values.get("text") or "") else {}
    if set(mentions) - set(active):
        problems.add("mentions", tr("There is none with this id here."))
    problems.settle()
    row = added(session, Note, {**values, **_signed(actor), "written_at": now(session)})
    named = tuple(dict.fromkeys((*mentions, *mentioned(str(values["text"]), active))))
    for staff_id in named:
        added(session, Mention, {"note_id": row.id, "order_id": row.order_id, "staff_id": staff_id})
    return _note(row, named)


def mentioned(text: str, staff: Mapping[str, str]) -> tuple[str, ...]:
    """Whom "@Name" in ``text`` means: ``staff`` is id -> name.

    The longest name that stands there counts, whole or its first word; one that several bear means nobody.
    """
    named: dict[str, set[str]] = {}
    for id_, name in staff.items():
        words = name.casefold().split()
        for each in {" ".join(words), *words[:1]} - {""}:
            named.setdefault(each, set()).add(id_)
    found: dict[str, None] = {}
    plain = " ".join(text.casefold().split())
    for at in re.finditer(r"(?<!\w)@", plain):
        rest = plain[at.end() :]
        called = [name for name in named if re.match(rf"{re.escape(name)}(?!\w)", rest)]
        meant = named[max(called, key=len)] if called else set()
        if len(meant) == 1:
            found |= dict.fromkeys(meant)
    return tuple(found)


def delete_note(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, Note, id_)


def restore_note(session: Session, actor: Actor, id_: str) -> NoteView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    row = unhide(session, Note, id_)
    return _note(row, _mentions(session, [row]).get(row.id, ()))


def list_notes(session: Session, order_id: str, *, after: str | None = None, limit: int = LIMIT) -> Page[NoteView]:
    """The notes of an order, the last first. Raises ``NotFound``, ``Refused``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    order = Order("written_at", func.coalesce(Note.written_at, 0), descending=True, kind=int)
    page = page_of(session, shown(Note, Note.order_id == order_id), Note, order, after=after, limit=limit)
    views = note_views(session, page.items)
    return page.mapped(lambda row: views[row.id])


def note_views(session: Session, rows: Collection[Note]) -> dict[str, NoteView]:
    """What is shown of notes, with whom they mention in one query."""
    named = _mentions(session, rows)
    return {row.id: _note(row, named.get(row.id, ())) for row in rows}


def add_photo(session: Session, actor: Actor, fields: Mapping[str, object]) -> PhotoView:
    """Add a picture: ``order_id`` and ``file_sha256``. Raises ``Denied``, ``Refused``."""
    require(actor, "repair_orders.change")
    problems = Problems()
    values = PHOTO_FIELDS.take(session, fields, None, problems)
    problems.settle()
    taken = values.get("taken_at")
    values["taken_at"] = now(session) if taken is None else taken
    return _photo(added(session, Photo, {**values, **_signed(actor)}))


def delete_photo(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, Photo, id_)


def restore_photo(session: Session, actor: Actor, id_: str) -> PhotoView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _photo(unhide(session, Photo, id_))


def list_photos(session: Session, order_id: str, *, after: str | None = None, limit: int = LIMIT) -> Page[PhotoView]:
    """The photos of an order, the last first. Raises ``NotFound``, ``Refused``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    order = Order("taken_at", func.coalesce(Photo.taken_at, 0), descending=True, kind=int)
    query = shown(Photo, Photo.order_id == order_id)
    return page_of(session, query, Photo, order, after=after, limit=limit).mapped(_photo)


def photos_of_results(session: Session, result_ids: Collection[str]) -> dict[str, tuple[PhotoView, ...]]:
    """The photos of findings, the first first, by the id of the result, in one statement."""
    found: dict[str, tuple[PhotoView, ...]] = {}
    query = shown(Photo, Photo.result_id.in_(result_ids)).order_by(func.coalesce(Photo.taken_at, 0), Photo.id)
    for row in session.scalars(query) if result_ids else ():
        found[str(row.result_id)] = (*found.get(str(row.result_id), ()), _photo(row))
    return found


def _signed(actor: Actor) -> dict[str, Value]:
    return {"author": actor.reference, "author_name": actor.name}


def _active_staff(session: Session) -> dict[str, str]:
    """Who works here now: id -> name."""
    query = select(Staff.id, Staff.name).where(Staff.deleted_at.is_(None), func.coalesce(Staff.active, True).is_(True))
    return {row[0]: row[1] or "" for row in session.execute(query)}


def _mentions(session: Session, rows: Iterable[Note]) -> dict[str, tuple[str, ...]]:
    """Whom notes mention, by the note's id."""
    ids = [row.id for row in rows]
    found: dict[str, tuple[str, ...]] = {}
    for row in session.scalars(shown(Mention, Mention.note_id.in_(ids)).order_by(Mention.id)) if ids else ():
        if row.note_id and row.staff_id:
            found[row.note_id] = (*found.get(row.note_id, ()), row.staff_id)
    return found


def _note(row: Note, mentions: tuple[str, ...]) -> NoteView:
    return NoteView(
        id=row.id,
        order_id=row.order_id,
        text=row.text,
        author=row.author,
        author_name=row.author_name,
        written_at=row.written_at,
        mentions=mentions,
        deleted_at=row.deleted_at,
    )


def _photo(row: Photo) -> PhotoView:
    return PhotoView(
        id=row.id,
        order_id=row.order_id,
        result_id=row.result_id,
        file_sha256=row.file_sha256,
        thumbnail_sha256=row.thumbnail_sha256,
        media_type=row.media_type,
        size=row.size,
        caption=row.caption,
        author=row.author,
        author_name=row.author_name,
        taken_at=row.taken_at,
        deleted_at=row.deleted_at,
    )
