"""A picture or a document from a disk into the workshop's files, with its small picture. Each function waits."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from core.language import tr
from core.records.files import FileStore
from core.records.input import Refused

LARGEST = 64 * 1024 * 1024  # bytes of one file: it travels to every terminal
SMALL_PX = 320
QUALITY = 82
PDF = "application/pdf"
TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".bmp": "image/bmp",
    ".gif": "image/gif", ".tif": "image/tiff", ".tiff": "image/tiff", ".pdf": PDF,
}  # fmt: skip
ENDINGS = frozenset(TYPES)
PICTURES = tuple(ending for ending, kind in TYPES.items() if kind != PDF)
_FIRST = 1024  # bytes among which a PDF says that it is one (ISO 32000-1, annex H.3.4.1)
_THUMBNAIL_PPI = 40.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is kept now. ``small``: its small picture, None when there is none; ``size`` in bytes."""

    sha256: str
    small: str | None
    media_type: str
    size: int

    def fields(self) -> dict[str, object]:
        """As the row of a picture or a document has them."""
        found: dict[str, object] = {"file_sha256": self.sha256, "media_type": self.media_type, "size": self.size}
        return found if self.small is None else {**found, "thumbnail_sha256": self.small}


def take(files: FileStore, path: Path) -> Taken:
    """Keep a copy of a file. Raises ``Refused`` for what is too large or can be shown nowhere, ``OSError``."""
    kind = TYPES.get(path.suffix.lower())
    if kind is None:
        raise Refused(("file_sha256", tr("This is neither a picture nor a PDF: it could be opened nowhere here.")))
    size = path.stat().st_size
    if size > LARGEST:
        most = LARGEST // (1024 * 1024)
        raise Refused(("file_sha256", tr("This file is larger than {count} MB: it is not added.", count=most)))
    if kind == PDF:
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(_FIRST):
                raise Refused(("file_sha256", tr("This is no PDF, whatever its name says.")))
        small = _small_page(path)
    else:
        small = small_jpeg(path)
        if not small:
            raise Refused(("file_sha256", tr("This is no picture that can be shown.")))
    return Taken(files.add(path).sha256, files.add(small).sha256 if small else None, kind, size)


def _small_page(path: Path) -> bytes:
    """The first page of a PDF, small; b"" for one that can be kept, but not shown."""
    from core.workshop.papers_of_files import CannotBeShown, KeptFile  # with it comes typst

    try:
        return _jpeg(_fitting(QImage.fromData(KeptFile(path.name, path, PDF).first(_THUMBNAIL_PPI)), SMALL_PX))
    except CannotBeShown:
        return b""


def scaled(path: Path, px: int) -> QImage | None:
    """A picture the right way up, at most ``px`` wide and high; None when it is none."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)  # what a phone held upright took lies on its side in the file
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > px:
        reader.setScaledSize(size.scaled(QSize(px, px), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def small_jpeg(path: Path, px: int = SMALL_PX) -> bytes:
    """A JPEG of at most ``px`` a side, the right way up; b"" for what is no picture."""
    image = scaled(path, px)
    return b"" if image is None else _jpeg(image)


def _fitting(image: QImage, px: int) -> QImage:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image if max(image.width(), image.height()) <= px else image.scaled(QSize(px, px), keep, smooth)


def _jpeg(image: QImage) -> bytes:
    if image.isNull():
        return b""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_RGB32).save(buffer, "JPG", QUALITY)  # type: ignore[call-overload]
    return bytes(held.data())
