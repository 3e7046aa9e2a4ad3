"""One line of a profile's lists: a shape, what it is, a line below, and an amount at the right; pressed, it opens."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout

from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter
from ui.widgets.drawn_text import text

HEIGHT = 64


class Line(QAbstractButton):
    """``press``: what a person does with it; None: it only says something."""

    def __init__(  # noqa: PLR0917 - written like the line it draws
        self,
        icon: str,
        token: str,
        title: str,
        below: str = "",
        right: str = "",
        right_below: str = "",
        press: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.icon_name, self.token = icon, token
        self.title, self.below, self.right, self.right_below = title, below, right, right_below
        self.opens = press is not None
        self.setAccessibleName(", ".join(each for each in (title, below, right, right_below) if each))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(HEIGHT))
        if press is not None:
            self.setFocusPolicy(BY_KEYS)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.clicked.connect(lambda _=False: press())
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(300, theme.scaled(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.opens and (self.isDown() or self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_pressed"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -2), theme.radius - 2, theme.radius - 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -3), theme.radius - 2, theme.radius - 2)
        icons.paint(painter, self.icon_name, QRectF(8, box.center().y() - 12, 24, 24), self.token)
        end = box.right() - (32 if self.opens else 8)
        if self.opens:
            icons.paint(painter, "chevron-right", QRectF(box.right() - 26, box.center().y() - 10, 20, 20), "text_muted")
        side = max(150.0, box.width() * 0.26) if self.right or self.right_below else 0.0
        room = end - side - 48 - (10 if side else 0)
        half = box.height() / 2
        strong, small = theme.font(theme.scaled(17), "medium"), theme.font(theme.scaled(15), tabular=True)
        number = theme.font(theme.scaled(18), "semibold", tabular=True)
        if self.below:
            text(painter, QRectF(46, 6, room, half - 6), strong, "text", self.title)
            text(painter, QRectF(46, half, room, half - 8), small, "text_muted", self.below)
        else:
            text(painter, QRectF(46, 0, room, box.height()), strong, "text", self.title)
        if self.right_below and not self.right:
            text(painter, QRectF(end - side, 0, side, box.height()), small, "text", self.right_below, right=True)
        elif self.right_below:
            text(painter, QRectF(end - side, 6, side, half - 6), number, "text", self.right, right=True)
            text(painter, QRectF(end - side, half, side, half - 8), small, "text_muted", self.right_below, right=True)
        elif self.right:
            text(painter, QRectF(end - side, 0, side, box.height()), number, "text", self.right, right=True)
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), theme.color("line"))


class Lines(QVBoxLayout):
    """Lines under each other: ``show_lines``."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(0)
        self.lines: list[Line] = []

    def show_lines(self, lines: list[Line]) -> None:
        """These and no others."""
        self.clear()
        self.add_lines(lines)

    def add_lines(self, lines: list[Line]) -> None:
        for each in lines:
            self.addWidget(each)
            self.lines.append(each)

    def clear(self) -> None:
        for old in self.lines:
            self.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = []
