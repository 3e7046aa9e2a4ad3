"""Pictures and documents of an order as the window reads and adds them. Each function waits."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from core.people.roles import Actor
from core.records.files import FileStore
from core.records.records import Records
from core.workshop.notes import PhotoView, add_photo, delete_photo, list_photos, restore_photo
from ui.files_taken import SMALL_PX, scaled, take

MOST = 200


@dataclass(frozen=True, slots=True)
class FileRead:
    """One picture or document. ``small`` is None while its bytes are on their way, or when it is no picture."""

    photo: PhotoView
    small: QImage | None
    here: bool

    @property
    def is_picture(self) -> bool:
        return (self.photo.media_type or "").startswith("image/")


def read_files(records: Records, files: FileStore, row: str) -> tuple[FileRead, ...]:
    """All of an order, the last first. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        photos = list_photos(session, row, limit=MOST).items
    return tuple(_read(files, each) for each in photos)


def _read(files: FileStore, photo: PhotoView) -> FileRead:
    name = photo.thumbnail_sha256 or photo.file_sha256 or ""
    small = None
    picture = photo.thumbnail_sha256 is not None or (photo.media_type or "").startswith("image/")
    if name and picture and files.has(name):
        small = scaled(files.path(name), SMALL_PX)
    return FileRead(photo, small, bool(photo.file_sha256 and files.has(photo.file_sha256)))


def large(files: FileStore, photo: PhotoView, px: int) -> QImage | None:
    """The picture itself, as large as it is shown; None while its bytes are not here."""
    name = photo.file_sha256 or ""
    return scaled(files.path(name), px) if name and files.has(name) else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file goes: an order, perhaps a finding of it."""

    order: str
    result: str | None = None


def add_file(records: Records, files: FileStore, actor: Actor, place: Place, path: Path) -> PhotoView:
    """Add a file to an order, or to a finding of it, with its small picture.

    Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``, ``OSError``.
    """
    fields = {**take(files, path).fields(), "order_id": place.order, "caption": path.name[:500]}
    if place.result is not None:
        fields["result_id"] = place.result
    return records.change(actor.reference, lambda session: add_photo(session, actor, fields)).value


def remove_file(records: Records, actor: Actor, photo: str) -> None:
    """Raises as ``add_file``."""
    records.change(actor.reference, lambda session: delete_photo(session, actor, photo))


def bring_back(records: Records, actor: Actor, photo: str) -> PhotoView:
    """Raises as ``add_file``."""
    return records.change(actor.reference, lambda session: restore_photo(session, actor, photo)).value
