"""Pictures and documents of an order as the window reads and adds them. Each function waits."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from core.language import tr
from core.people.roles import Actor
from core.records.files import FileStore
from core.records.input import Refused
from core.records.records import Records
from core.workshop.notes import PhotoView, add_photo, delete_photo, list_photos, restore_photo

MOST = 200
LARGEST = 64 * 1024 * 1024  # bytes of one file: it travels to every terminal
SMALL_PX = 320
QUALITY = 82
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
ENDINGS = frozenset({*PICTURES, ".pdf"})


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
        small = _scaled(files.path(name), SMALL_PX)
    return FileRead(photo, small, bool(photo.file_sha256 and files.has(photo.file_sha256)))


def _scaled(path: Path, px: int) -> QImage | None:
    """A picture the right way up, at most ``px`` wide and high; None when it is none."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)  # what a phone held upright took lies on its side in the file
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > px:
        reader.setScaledSize(size.scaled(QSize(px, px), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def large(files: FileStore, photo: PhotoView, px: int) -> QImage | None:
    """The picture itself, as large as it is shown; None while its bytes are not here."""
    name = photo.file_sha256 or ""
    return _scaled(files.path(name), px) if name and files.has(name) else None


def small_jpeg(path: Path) -> bytes:
    """A JPEG of at most 320 px a side; b"" for what is no picture."""
    image = _scaled(path, SMALL_PX)
    if image is None:
        return b""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_RGB32).save(buffer, "JPG", QUALITY)  # type: ignore[call-overload]
    return bytes(held.data())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file goes: an order, perhaps a finding of it."""

    order: str
    result: str | None = None


def add_file(records: Records, files: FileStore, actor: Actor, place: Place, path: Path) -> PhotoView:
    """Add a file to an order, or to a finding of it, with its small picture.

    Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``, ``OSError``.
    """
    size = path.stat().st_size
    if size > LARGEST:
        most = LARGEST // (1024 * 1024)
        raise Refused(("file_sha256", tr("This file is larger than {count} MB: it is not added.", count=most)))
    small = small_jpeg(path)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("image/") and not small:
        raise Refused(("file_sha256", tr("This is no picture that can be shown.")))
    fields: dict[str, object] = {
        "order_id": place.order,
        "file_sha256": files.add(path).sha256,
        "media_type": kind,
        "size": size,
        "caption": path.name[:500],
    }
    if place.result is not None:
        fields["result_id"] = place.result
    if small:
        fields["thumbnail_sha256"] = files.add(small).sha256
    return records.change(actor.reference, lambda session: add_photo(session, actor, fields)).value


def remove_file(records: Records, actor: Actor, photo: str) -> None:
    """Raises as ``add_file``."""
    records.change(actor.reference, lambda session: delete_photo(session, actor, photo))


def bring_back(records: Records, actor: Actor, photo: str) -> PhotoView:
    """Raises as ``add_file``."""
    return records.change(actor.reference, lambda session: restore_photo(session, actor, photo)).value
