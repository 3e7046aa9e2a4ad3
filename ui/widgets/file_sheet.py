"""Choosing files inside the window: in kiosk mode there is no other window, and a finger needs rows it can hit."""

import os
from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from ui import background, theme
from ui.context import UiContext
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.flow import Flow
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.touch import scrolling

OWN = "exports"  # within the home of Bayline: what was written here, and what somebody put there to be read
MOST = 400  # entries of one folder: more is found by its name in a better place
_DRIVES = ("/media", "/run/media", "/mnt", "/Volumes")
_PLUGGED_IN = ("/media", "/run/media")  # where a stick appears; in kiosk mode nothing else of the computer is shown


def places() -> tuple[Path, ...]:
    """Where people keep pictures: theirs, what came by the network, and every stick that is plugged in."""
    known = QStandardPaths.StandardLocation
    wanted = (known.PicturesLocation, known.DownloadLocation, known.DocumentsLocation, known.HomeLocation)
    found = [*(Path(QStandardPaths.writableLocation(each)) for each in wanted), *_drives(_DRIVES)]
    return tuple(dict.fromkeys(each for each in found if each.is_dir()))


def allowed(context: UiContext) -> tuple[Path, ...] | None:
    """In kiosk mode the only folders that are shown: our own, and sticks; the computer is not the shop's business."""
    if not context.preferences.kiosk:
        return None
    return (context.home / OWN, *_drives(_PLUGGED_IN))


def _drives(roots: Collection[str]) -> list[Path]:
    """What is plugged in: right below such a folder, or below one of these that bears a person's name."""
    found: list[Path] = []
    for each in (each for root in map(Path, roots) for each in _folders(root) if not each.is_symlink()):
        inner = [] if os.path.ismount(each) else [stick for stick in _folders(each) if os.path.ismount(stick)]
        found += inner or [each]
    return found


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and os.access(each, os.R_OK))
    except OSError:
        return []


def entries(folder: Path, endings: Collection[str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Folders and files of a folder, the newest file first. Raises ``OSError``."""
    folders, files = [], []
    for each in folder.iterdir():
        if each.name.startswith("."):
            continue
        if each.is_dir():
            folders.append(each)
        elif each.suffix.lower() in endings:
            files.append(each)
    files.sort(key=lambda each: -each.stat().st_mtime)
    return tuple(sorted(folders)[:MOST]), tuple(files[:MOST])


class FileSheet(Sheet):
    """``chosen(path)`` for the file that is pressed. ``endings``: ".jpg", ... in small letters.

    ``only``: the folders that are offered, with nothing above them (``allowed``); None: whatever the computer has.
    """

    last: Path | None = None  # where somebody chose before

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        endings: Collection[str],
        chosen: Callable[[Path], object],
        *,
        only: tuple[Path, ...] | None,
    ) -> None:
        super().__init__(anchor, title, width=860)
        self._only = only
        self._endings, self._chosen = endings, chosen
        self._asked = 0
        starts = QWidget()
        flow = Flow(starts)
        offered = places() if only is None else only
        for place in offered:
            own = only is not None and place == only[0]
            button = Button(tr("This terminal") if own else place.name or str(place), "folder")
            button.clicked.connect(lambda _=False, place=place: self.look(place))
            flow.addWidget(button)
        self.body.addWidget(starts)
        self.here = ElidedLabel("", "text_muted", 15)
        self.body.addWidget(self.here)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(1))
        self.none = label("", "muted", wrap=True)
        self._column.addWidget(self.none)
        self._column.addStretch(1)
        area = scrolling(content)
        area.setMinimumHeight(theme.scaled(360))
        self.body.addWidget(area, 1)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.files: dict[Path, Button] = {}
        self._rows: list[Button] = []
        last = FileSheet.last
        self.look(last if last is not None and self._within(last) else next(iter(offered), Path.home()))

    def _within(self, folder: Path) -> bool:
        """Whether this folder may be looked into; a link leads nowhere else."""
        if self._only is None:
            return True
        real = folder.resolve()
        return any(real.is_relative_to(each.resolve()) for each in self._only)

    def look(self, folder: Path) -> None:
        """Show what is in a folder."""
        if not self._within(folder):
            return
        self._asked += 1
        asked, endings = self._asked, self._endings
        self.here.set_text(str(folder) if self._only is None else folder.name)

        def read() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
            if self._only is not None and folder == self._only[0]:
                folder.mkdir(parents=True, exist_ok=True)  # nothing was exported yet
            folders, files = entries(folder, endings)
            return tuple(filter(self._within, folders)), tuple(filter(self._within, files))

        background.run(
            self,
            read,
            lambda found: self._show(asked, folder, *found),
            lambda error: self._failed(asked, error),
        )

    def _failed(self, asked: int, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        if asked == self._asked:
            self._clear()
            self.none.setText(tr("This folder cannot be read: {why}", why=error.strerror or error))
            self.none.show()

    def _clear(self) -> None:
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows, self.files = [], {}

    def _show(self, asked: int, folder: Path, folders: tuple[Path, ...], files: tuple[Path, ...]) -> None:
        if asked != self._asked:
            return
        self._clear()
        FileSheet.last = folder
        if folder.parent != folder and self._within(folder.parent):
            self._row(tr("One folder up"), "arrow-up").clicked.connect(lambda _=False: self.look(folder.parent))
        for each in folders:
            self._row(each.name, "folder").clicked.connect(lambda _=False, each=each: self.look(each))
        for each in files:
            button = self.files[each] = self._row(each.name, "camera" if each.suffix.lower() != ".pdf" else "note")
            button.clicked.connect(lambda _=False, each=each: self._take(each))
        self.none.setText(tr("Nothing here that could be added."))
        self.none.setVisible(not files and not folders)

    def _row(self, name: str, icon: str) -> Button:
        button = Button(name, icon, role="plain")
        button.setProperty("align", "left")
        self._column.insertWidget(len(self._rows) + 1, button)
        self._rows.append(button)
        return button

    def _take(self, path: Path) -> None:
        self.close_sheet()
        self._chosen(path)
