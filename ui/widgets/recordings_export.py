"""A recording as a file for other programs: asks where to, shows how far it is, and says where it is.

In kiosk mode there is no file dialog, which would be a way out: files then go to ``home/exports``.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QProgressBar, QWidget

from core.diagnostics.export import Exported, ExportError, export_can, export_csv_wide
from core.diagnostics.library import Recorded, RecordingLibrary, RecordingMissing
from core.language import mark, tr, trn
from ui import background, words
from ui.context import UiContext
from ui.widgets import icons, toast
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

Progress = Callable[[float], None]
Exporter = Callable[[str, Path, Progress], Exported]  # id of the recording, file, how far it is (0 to 1)
Where = Callable[[QWidget, Path, str], Path | None]  # asks for the file; None when a person thinks better of it

KINDS: Mapping[str, str] = {
    "csv": mark("Values as CSV"),
    "asc": mark("CAN frames as ASC"),
    "blf": mark("CAN frames as BLF"),
}
SHOW_AFTER_MS = 500


class _Stopped(Exception):  # noqa: N818 - not an error: a person pressed Cancel
    pass


def exporters(library: RecordingLibrary) -> Mapping[str, Exporter]:
    """How each of ``KINDS`` is written."""

    def csv(id: str, path: Path, progress: Progress) -> Exported:
        return export_csv_wide(library, id, path, progress=progress)

    def can(id: str, path: Path, progress: Progress) -> Exported:
        return export_can(library, id, path)

    return {"csv": csv, "asc": can, "blf": can}


def fill_menu(menu: QMenu, frames: int, chosen: Callable[[str], object]) -> None:
    """Offer the kinds of file that a recording with that many CAN frames can become."""
    for kind, title in KINDS.items():
        if kind == "csv" or frames:
            menu.addAction(icons.icon("export"), tr(title), lambda kind=kind: chosen(kind))


def file_name(recorded: Recorded, kind: str) -> str:
    """``Golf 2026-09-21 14-02.csv``: what a person would call it, and every disk accepts."""
    vehicle = re.sub(r"[^\w .-]+", " ", recorded.vehicle).strip(" .") or tr("Recording")
    return f"{vehicle} {recorded.started.astimezone():%Y-%m-%d %H-%M}.{kind}"


def ask(anchor: QWidget, proposed: Path, kind: str) -> Path | None:
    """Ask for the file with the system's own dialog."""
    chosen, _ = QFileDialog.getSaveFileName(anchor, tr("Export"), str(proposed), f"{kind.upper()} (*.{kind})")
    return Path(chosen) if chosen else None


class Export(QObject):
    """One export from the question to the message. ``ended`` carries the file, or None when there is none."""

    ended = Signal(object)

    def __init__(
        self,
        anchor: QWidget,
        context: UiContext,
        recorded: Recorded,
        kind: str,
        *,
        how: Mapping[str, Exporter] | None = None,
        where: Where | None = None,
    ) -> None:
        super().__init__(anchor.window())
        self._anchor, self._context, self._recorded, self._kind = anchor, context, recorded, kind
        self._how = (how or exporters(context.session.recordings))[kind]
        self._where = where or ask
        self._stop = Event()
        self._part = 0.0
        self._sheet: Sheet | None = None
        self._bar = QProgressBar()
        self._timer = QTimer(self)

    def start(self) -> None:
        """Ask where to, then write on a worker thread."""
        path = self._path()
        if path is None:
            self.ended.emit(None)
            self.deleteLater()
            return
        self._timer.setInterval(SHOW_AFTER_MS)
        self._timer.timeout.connect(self._show_progress)
        self._timer.start()
        background.run(self, lambda: self._work(path), lambda found: self._done(path, found), self._failed)

    def _path(self) -> Path | None:
        if self._context.preferences.kiosk:
            folder = self._context.home / "exports"
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                why = error.strerror or str(error)
                toast.show(self._anchor, tr("Nothing was exported"), detail=f"{folder}: {why}", tone="critical")
                return None
            return _free(folder / file_name(self._recorded, self._kind))
        path = self._where(self._anchor, Path.home() / file_name(self._recorded, self._kind), self._kind)
        if path is None:
            return None
        # A CAN export is told by its suffix, and a person may have typed another.
        return path if path.suffix.lower() == f".{self._kind}" else path.with_name(f"{path.name}.{self._kind}")

    def _work(self, path: Path) -> Exported:
        def tell(part: float) -> None:
            self._part = part
            if self._stop.is_set():
                raise _Stopped

        return self._how(self._recorded.id, path, tell)

    def _show_progress(self) -> None:
        if self._sheet is None:
            self._sheet = Sheet(self._anchor, tr("Exporting"), stubborn=True, width=520)
            self._sheet.body.addWidget(label(self._recorded.vehicle, "muted"))
            self._bar.setAccessibleName(tr("Exporting"))
            self._bar.setTextVisible(False)
            self._sheet.body.addWidget(self._bar)
            cancel = Button(tr("Cancel"), "close")
            cancel.clicked.connect(self._cancel)
            self._sheet.footer.addStretch(1)
            self._sheet.footer.addWidget(cancel)
            self._sheet.open(cancel)
            self._timer.setInterval(100)
        self._bar.setRange(0, 1000 if self._part else 0)
        self._bar.setValue(round(self._part * 1000))

    def _cancel(self) -> None:
        """Frames cannot be stopped half way; the file is then taken away when it is done."""
        self._stop.set()
        self._close()

    def _close(self) -> None:
        self._timer.stop()
        if self._sheet is not None:
            self._sheet.close_sheet()
            self._sheet = None

    def _done(self, path: Path, found: Exported) -> None:
        self._close()
        if self._stop.is_set():
            path.unlink(missing_ok=True)
            return self._end(None)
        n = words.count(found.rows)
        if self._kind == "csv":
            counted = trn("{n} row", "{n} rows", found.rows, n=n)
        else:
            counted = trn("{n} frame", "{n} frames", found.rows, n=n)
        if found.damaged:
            detail = tr("{path}, {count}. Left out: {what}", path=path, count=counted, what=" ".join(found.damaged))
            toast.show(self._anchor, tr("Exported, but not all of it could be read"), detail=detail, tone="warning")
        else:
            toast.show(self._anchor, tr("Exported"), detail=f"{path}, {counted}", tone="ok")
        return self._end(path)

    def _failed(self, error: Exception) -> None:
        self._close()
        if isinstance(error, ExportError | RecordingMissing):
            toast.show(self._anchor, tr("Nothing was exported"), detail=str(error), tone="critical")
        elif not isinstance(error, _Stopped):
            raise error
        self._end(None)

    def _end(self, path: Path | None) -> None:
        self.ended.emit(path)
        self.deleteLater()


def _free(path: Path) -> Path:
    """``path``, or beside it a name nobody has taken yet: an export never replaces another unasked."""
    found, n = path, 2
    while found.exists():
        found = path.with_stem(f"{path.stem} ({n})")
        n += 1
    return found
