"""Pictures and documents of an order: small pictures at once, the large one by a press, added from a file."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from core.language import tr
from core.records.files import FileStore
from core.workshop.notes import PhotoView
from ui import background, order_files_reading, sync_words, theme
from ui.files_taken import ENDINGS
from ui.order_files_reading import FileRead, Place
from ui.pages.kept_file import Deed, Kept, KeptSheet
from ui.pages.order_section import Section
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.file_sheet import FileSheet, allowed
from ui.widgets.file_tile import FileTile
from ui.widgets.flow import Flow
from ui.widgets.panels import label


class Tile(FileTile):
    """One picture or document, with what it is called, by whom and when; what is missing is said."""

    def __init__(self, file: FileRead) -> None:
        photo = file.photo
        at = sync_words.moment(photo.taken_at) if photo.taken_at is not None else ""
        below = " · ".join(part for part in (photo.author_name or "", at) if part)
        icon = "camera" if file.is_picture else "note"
        super().__init__(
            photo.caption or tr("Picture"), below if file.here else tr("on its way here"), file.small, icon
        )
        self.file = file


class ViewSheet(Sheet):
    """The picture as large as the window lets it; ``remove`` takes it away."""

    def __init__(self, anchor: QWidget, photo: PhotoView, remove: Callable[[], object] | None) -> None:
        window = anchor.window()
        super().__init__(anchor, photo.caption or tr("Picture"), width=window.width() - 80)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(max(240, window.height() - 260))
        self.picture.setText(tr("Reading…"))
        self.body.addWidget(self.picture, 1)
        if remove is not None:
            self.remove = Button(tr("Remove"), "trash", role="danger")
            self.remove.clicked.connect(lambda _=False: self._gone(remove))
            self.footer.addWidget(self.remove)
        self.footer.addStretch(1)
        close = Button(tr("Close"))
        close.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(close)

    def show_image(self, image: QImage | None) -> None:
        if image is None:
            self.picture.setText(tr("Its bytes are still at another terminal; they come by themselves."))
            return
        room = QSize(self.panel.width() - 60, self.picture.minimumHeight())
        smooth = Qt.TransformationMode.SmoothTransformation
        self.picture.setPixmap(QPixmap.fromImage(image).scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth))

    def _gone(self, remove: Callable[[], object]) -> None:
        self.close_sheet()
        remove()


class FilesSection(Section):
    """Everything that was photographed or added, the last first."""

    TABLES = frozenset({"photos"})

    def build(self) -> None:
        self.store = FileStore(self.desk.context.home / "files")
        self.tiles: dict[str, Tile] = {}
        self.column.setSpacing(theme.space(3))
        self.add = Button(tr("Add a picture or a document"), "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self.open_add())
        self.column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.empty = label(
            tr("No pictures yet. What is photographed at a phone or tablet of the workshop comes here by itself."),
            "muted",
            wrap=True,
        )
        self.empty.hide()
        self.column.addWidget(self.empty)
        host = QWidget()
        self._flow = Flow(host, theme.space(3))
        self.column.addWidget(host)
        self.column.addStretch(1)

    def begin(self) -> None:
        self._show(())
        self.empty.hide()

    def reading(self) -> Callable[[], tuple[FileRead, ...]]:
        records, files, row = self.desk.records, self.store, self.desk.row
        return lambda: order_files_reading.read_files(records, files, row)

    def show_read(self, found: Any) -> None:
        self._show(found)
        self.empty.setVisible(not found)
        self.add.setEnabled(self.desk.may("repair_orders.change"))

    def _show(self, found: tuple[FileRead, ...]) -> None:
        for old in self.tiles.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.tiles = {}
        for each in found:
            tile = self.tiles[each.photo.id] = Tile(each)
            tile.clicked.connect(lambda _=False, id_=each.photo.id: self.open_file(id_))
            self._flow.addWidget(tile)

    def open_add(self) -> None:
        """Choose a file and add it."""
        only = allowed(self.desk.context)
        FileSheet(self, tr("Add a picture or a document"), ENDINGS, lambda path: add_file(self, path), only=only).open()

    def open_file(self, id_: str) -> None:
        """Show a picture as large as it goes, a document page by page."""
        tile = self.tiles.get(id_)
        if tile is None:
            return
        photo = tile.file.photo
        if not tile.file.is_picture:
            self._open_document(photo)
            return
        may = self.desk.may("repair_orders.change")
        sheet = ViewSheet(self, photo, partial(self._remove, photo) if may else None)
        sheet.open()
        files, px = self.store, max(self.window().width(), self.window().height())
        background.run(sheet, lambda: order_files_reading.large(files, photo, px), sheet.show_image, self.desk.failed)

    def _open_document(self, photo: PhotoView) -> None:
        kept = Kept(photo.caption or tr("Document"), photo.file_sha256, photo.media_type)
        remove = Deed(tr("Remove"), "trash", partial(self._remove, photo), "danger")
        deeds = (remove,) if self.desk.may("repair_orders.change") else ()
        KeptSheet(self, self.desk.context, kept, deeds).open()

    def _remove(self, photo: PhotoView) -> None:
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: order_files_reading.remove_file(records, actor, photo.id),
            tr("Removed: {line}", line=photo.caption or tr("Picture")),
            lambda: order_files_reading.bring_back(records, actor, photo.id),
        )


def add_file(section: Section, path: Path, result: str | None = None) -> None:
    """Add a file to the order in front, or to a finding of it, with the way back."""
    desk = section.desk
    records, actor, place = desk.records, desk.actor, Place(desk.row, result)
    files = FileStore(desk.context.home / "files")

    def then(made: PhotoView) -> None:
        said = tr("Added: {line}", line=made.caption or "")
        desk.run(lambda: None, said, lambda: order_files_reading.remove_file(records, actor, made.id))

    desk.run(lambda: order_files_reading.add_file(records, files, actor, place, path), then=then)
