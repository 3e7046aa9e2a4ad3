"""Papers of a vehicle: the row says what a file is; its bytes are kept by content (``core.records.files``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from core.language import mark
from core.people.roles import Actor, require
from core.records.input import LARGEST, Field, Fields, row_id, sha256, text, whole
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.vehicles.models import Document, Vehicle

# Words for a document's kind, to pick from; others may be written, too.
KINDS: Mapping[str, str] = {
    "registration": mark("Registration document"),
    "insurance_card": mark("Insurance card"),
    "service_booklet": mark("Page of the service booklet"),
    "inspection_report": mark("Inspection report"),
    "bill": mark("Bill"),
    "photo": mark("Photograph"),
}

FIELDS = Fields(
    vehicle_id=Field(row_id, required=True, of=Vehicle),
    order_id=Field(row_id),  # vehicles know no orders: one that is not here is shown with the vehicle alone
    name=Field(text(200), required=True),
    kind=Field(text(40)),
    file_sha256=Field(sha256, required=True),
    thumbnail_sha256=Field(sha256),
    media_type=Field(text(100)),
    size=Field(whole(0, LARGEST)),
)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A paper of a vehicle, ``order_id``: of the work it belongs to. ``size`` is in bytes."""

    table: ClassVar[str] = "documents"

    id: str
    vehicle_id: str | None
    order_id: str | None
    name: str | None
    kind: str | None
    file_sha256: str | None
    thumbnail_sha256: str | None
    media_type: str | None
    size: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_document(session: Session, actor: Actor, fields: Mapping[str, object]) -> DocumentView:
    """A new paper: ``vehicle_id``, ``name`` and ``file_sha256``. Raises ``Denied``, ``Refused``."""
    require(actor, "vehicles.change")
    values = FIELDS.settled(session, fields)
    return view_of(added(session, Document, values))


def change_document(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> DocumentView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "vehicles.change")
    row = row_of(session, Document, id_)
    values = FIELDS.settled(session, fields, row)
    assign(session, row, values)
    return view_of(row)


def delete_document(session: Session, actor: Actor, id_: str) -> None:
    """Hide a paper; its file stays. Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    hide(session, Document, id_)


def restore_document(session: Session, actor: Actor, id_: str) -> DocumentView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "vehicles.change")
    return view_of(unhide(session, Document, id_))


def get_document(session: Session, id_: str, *, deleted: bool = False) -> DocumentView:
    """One paper. Raises ``NotFound``."""
    return view_of(row_of(session, Document, id_, deleted=deleted))


def list_documents(
    session: Session, vehicle_id: str, *, after: str | None = None, limit: int = LIMIT
) -> Page[DocumentView]:
    """The papers of a vehicle, the newest first. Raises ``NotFound``, ``Refused``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    query = shown(Document, Document.vehicle_id == vehicle_id)
    order = Order("newest", descending=True)
    return page_of(session, query, Document, order, after=after, limit=limit).mapped(view_of)


def view_of(row: Document) -> DocumentView:
    """What is shown of a row."""
    return DocumentView(
        id=row.id,
        vehicle_id=row.vehicle_id,
        order_id=row.order_id,
        name=row.name,
        kind=row.kind,
        file_sha256=row.file_sha256,
        thumbnail_sha256=row.thumbnail_sha256,
        media_type=row.media_type,
        size=row.size,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
