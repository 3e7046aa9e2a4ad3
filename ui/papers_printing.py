"""A paper on its way out of the window: to a printer, into a file, to the program that shows PDF.

In kiosk mode there is no file dialog, no printer dialog and no other program, which would be ways out: files go to
``home/exports``, and it is printed on the printer this computer prints on, or on one chosen on a sheet of ours.
"""

import re
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from core.language import tr

PRINT_PPI = 300.0
PDF = ".pdf"
_INCH = 25.4  # mm
_FORBIDDEN = re.compile(r"[^\w .-]+")


def ask_where(anchor: QWidget, proposed: Path) -> Path | None:
    """Ask for the file with the system's own dialog; None: a person thought better of it."""
    ending = proposed.suffix or PDF
    title = tr("Save as PDF") if ending == PDF else tr("Save a copy")
    chosen, _ = QFileDialog.getSaveFileName(anchor, title, str(proposed), f"{ending[1:].upper()} (*{ending})")
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == ending else path.with_name(f"{path.name}{ending}")


def file_name(name: str, ending: str = PDF) -> str:
    """What every disk accepts."""
    plain = _FORBIDDEN.sub(" ", name).strip(" .")
    return f"{plain[:120] or 'paper'}{ending}"


def kept(path: Path, content: bytes) -> Path:
    """Write a paper beside, then into its place: a full disk leaves no half one. Waits. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def free(path: Path) -> Path:
    """``path``, or beside it a name nobody has taken yet: nothing is replaced unasked."""
    found, n = path, 2
    while found.exists():
        found = path.with_stem(f"{path.stem} ({n})")
        n += 1
    return found


def for_a_look(name: str, content: bytes, ending: str = PDF) -> Path:
    """A copy for another program, gone when this one ends. Waits. Raises ``OSError``."""
    folder = Path(tempfile.mkdtemp(dir=_looks().name))
    return kept(folder / file_name(name, ending), content)


def print_pages(printer: QPrinter, pages: Sequence[bytes]) -> bool:
    """Print pages that were set with ``PRINT_PPI``, each in its own size; whether the printer took them. Waits."""
    if not pages:
        return False
    _fit(printer, QImage.fromData(pages[0]))
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        for at, page in enumerate(pages):
            if at and not printer.newPage():
                return False
            image = QImage.fromData(page)  # one at a time: a sheet is 35 MB in memory
            target = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
            # The page's own corner is where the printer can print; ours is that of the sheet.
            painter.drawImage(target.translated(-target.topLeft()), image)
    finally:
        painter.end()
    return True


def _fit(printer: QPrinter, page: QImage) -> None:
    """The sheet as it was set, edge to edge: the paper has its own margins."""
    inches = QSizeF(page.width() / PRINT_PPI, page.height() / PRINT_PPI)
    printer.setFullPage(True)
    printer.setPageSize(QPageSize(inches * _INCH, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))


@cache
def _looks() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="bayline-papers-")
