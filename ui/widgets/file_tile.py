"""A file as a tile: its small picture, what it is called, and a line below."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton

from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

TILE = QSize(252, 236)


class FileTile(QAbstractButton):
    """``icon`` stands where there is no small picture."""

    def __init__(self, name: str, below: str, small: QImage | None, icon: str) -> None:
        super().__init__()
        self.words = (name, below)
        self._icon = icon
        self._pixmap = QPixmap.fromImage(small) if small is not None else None
        self.setAccessibleName(", ".join(each for each in self.words if each))
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QSize(theme.scaled(TILE.width()), theme.scaled(TILE.height())))

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
            icons.paint(painter, self._icon, spot, "text_muted")
        top = room.bottom() + 5
        for text, token, px in zip(self.words, ("text", "text_muted"), (16, 14), strict=True):
            font = theme.font(theme.scaled(px), "medium" if px > 14 else "regular")
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(room.width()))
            painter.drawText(QRectF(room.left(), top, room.width(), metrics.height()), 0, shown)
            top += metrics.height()
