"""Pictures and documents of an order: small pictures at once, the large one by a press, added from a file."""

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontMetrics, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from core.language import tr
from core.records.files import FileStore
from core.workshop.notes import PhotoView
from ui import background, order_files_reading, sync_words, theme
from ui.order_files_reading import ENDINGS, FileRead, Place
from ui.pages.order_section import Section
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, Button, pressed_by_enter
from ui.widgets.dialogs import Sheet
from ui.widgets.file_sheet import FileSheet
from ui.widgets.flow import Flow
from ui.widgets.panels import label

TILE = QSize(252, 236)


class Tile(QAbstractButton):
    """One picture or document, with what it is called, by whom and when."""

    def __init__(self, file: FileRead) -> None:
        super().__init__()
        self.file = file
        self._pixmap = QPixmap.fromImage(file.small) if file.small is not None else None
        photo = file.photo
        self.setAccessibleName(photo.caption or tr("Picture"))
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QSize(theme.scaled(TILE.width()), theme.scaled(TILE.height())))

    def words(self) -> tuple[str, str]:
        """What it is called, and by whom and when; what is missing is said."""
        photo = self.file.photo
        at = sync_words.moment(photo.taken_at) if photo.taken_at is not None else ""
        below = " · ".join(part for part in (photo.author_name or "", at) if part)
        return photo.caption or "", below if self.file.here else tr("on its way here")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(theme.color("surface_pressed" if self.isDown() else "surface_raised"))
        painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "line"), 2))
        painter.drawRoundedRect(box, theme.radius, theme.radius)
        room = QRectF(box.left() + 7, box.top() + 7, box.width() - 14, box.height() - 62)
        painter.fillRect(room, theme.color("surface_sunken"))
        if self._pixmap is not None:
            size = self._pixmap.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            spot = QRectF(0, 0, size.width(), size.height())
            spot.moveCenter(room.center())
            painter.drawPixmap(spot, self._pixmap, QRectF(self._pixmap.rect()))
        else:
            spot = QRectF(0, 0, 56, 56)
            spot.moveCenter(room.center())
            icons.paint(painter, "camera" if self.file.is_picture else "note", spot, "text_muted")
        top = room.bottom() + 5
        for text, token, px in zip(self.words(), ("text", "text_muted"), (16, 14), strict=True):
            font = theme.font(theme.scaled(px), "medium" if px > 14 else "regular")
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(room.width()))
            painter.drawText(QRectF(room.left(), top, room.width(), metrics.height()), 0, shown)
            top += metrics.height()


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
        FileSheet(self, tr("Add a picture or a document"), ENDINGS, lambda path: add_file(self, path)).open()

    def open_file(self, id_: str) -> None:
        """Show a picture in the window, a document in its own program."""
        tile = self.tiles.get(id_)
        if tile is None:
            return
        photo = tile.file.photo
        if not tile.file.is_picture and tile.file.here and not self.desk.context.preferences.kiosk:
            self._open_outside(photo)
            return
        may = self.desk.may("repair_orders.change")
        sheet = ViewSheet(self, photo, partial(self._remove, photo) if may else None)
        sheet.open()
        files, px = self.store, max(self.window().width(), self.window().height())
        background.run(sheet, lambda: order_files_reading.large(files, photo, px), sheet.show_image, self.desk.failed)

    def _open_outside(self, photo: PhotoView) -> None:
        """A copy with its own name, so that the computer knows what opens it."""
        source = self.store.path(photo.file_sha256 or "")

        def copied() -> Path:
            target = Path(tempfile.mkdtemp(prefix="bayline-")) / Path(photo.caption or "document").name
            shutil.copyfile(source, target)
            return target

        def done(path: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        background.run(self, copied, done, self.desk.failed)

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
