"""What is written and photographed at an order: facts, so that nothing anybody noted is ever overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import LARGEST, Field, Fields, Problems, Value, instant, row_id, sha256, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, hide, row_of, shown, unhide
from core.workshop.models import Note, Photo, RepairOrder

NOTE_FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    text=Field(text(20_000, lines=True), required=True),
)
PHOTO_FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    file_sha256=Field(sha256, required=True),
    thumbnail_sha256=Field(sha256),
    media_type=Field(text(100)),
    size=Field(whole(0, LARGEST)),
    caption=Field(text(500)),
    taken_at=Field(instant),
)


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. ``author`` as in ``Actor.reference``, ``author_name`` as it was then."""

    table: ClassVar[str] = "notes"

    id: str
    order_id: str | None
    text: str | None
    author: str | None
    author_name: str | None
    written_at: int | None
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo; its bytes are kept by content (``core.records.files``). ``size`` is in bytes."""

    table: ClassVar[str] = "photos"

    id: str
    order_id: str | None
    file_sha256: str | None
    thumbnail_sha256: str | None
    media_type: str | None
    size: int | None
    caption: str | None
    author: str | None
    author_name: str | None
    taken_at: int | None
    deleted_at: int | None


def add_note(session: Session, actor: Actor, fields: Mapping[str, object]) -> NoteView:
    """Write a note: ``order_id`` and ``text``. Raises ``Denied``, ``Refused``."""
    require(actor, "repair_orders.change")
    problems = Problems()
    values = NOTE_FIELDS.take(session, fields, None, problems)
    problems.settle()
    return _note(added(session, Note, {**values, **_signed(actor), "written_at": now(session)}))


def delete_note(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, Note, id_)


def restore_note(session: Session, actor: Actor, id_: str) -> NoteView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _note(unhide(session, Note, id_))


def list_notes(session: Session, order_id: str, *, after: str | None = None, limit: int = LIMIT) -> Page[NoteView]:
    """The notes of an order, the last first. Raises ``NotFound``, ``Refused``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    order = Order("written_at", func.coalesce(Note.written_at, 0), descending=True, kind=int)
    return page_of(session, shown(Note, Note.order_id == order_id), Note, order, after=after, limit=limit).mapped(_note)


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


def _signed(actor: Actor) -> dict[str, Value]:
    return {"author": actor.reference, "author_name": actor.name}


def _note(row: Note) -> NoteView:
    return NoteView(row.id, row.order_id, row.text, row.author, row.author_name, row.written_at, row.deleted_at)


def _photo(row: Photo) -> PhotoView:
    return PhotoView(
        id=row.id,
        order_id=row.order_id,
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
