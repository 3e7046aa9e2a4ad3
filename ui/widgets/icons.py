"""Our line icons, drawn in the colour of a token at any size. The drawings are ``resources/icons/*.svg``."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

import resources
from ui import theme


@cache
def _drawing(name: str) -> str:
    return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, ink: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", ink).encode()))


def paint(painter: QPainter, name: str, box: QRectF, token: str = "text") -> None:
    """Draw icon ``name`` into ``box`` in the colour ``token``. Raises ``FileNotFoundError`` for an unknown icon."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, theme.color(token).name()).render(painter, box)


def pixmap(name: str, px: int, token: str = "text") -> QPixmap:
    """The icon as a picture ``px`` wide and high, sharp on the screen in use."""
    ratio = QApplication.primaryScreen().devicePixelRatio() if QApplication.primaryScreen() else 1.0
    picture = QPixmap(round(px * ratio), round(px * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(theme.color("surface", 0.0))
    painter = QPainter(picture)
    paint(painter, name, QRectF(0, 0, px, px), token)
    painter.end()
    return picture


def icon(name: str, token: str = "text", px: int = 24) -> QIcon:
    """The icon for a button; greyed when the button is disabled."""
    found = QIcon(pixmap(name, px, token))
    found.addPixmap(pixmap(name, px, "stale"), QIcon.Mode.Disabled)
    return found


class IconLabel(QWidget):
    """An icon that stands by itself and follows the theme."""

    def __init__(self, name: str, px: int = 24, token: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token = name, token
        self.setFixedSize(QSize(px, px))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, token: str) -> None:
        """Show another icon or colour; repaints only when something changed."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(painter, self._name, QRectF(self.rect()), self._token)
