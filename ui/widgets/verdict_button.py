"""A large target that says what is thought of something: a shape, a word and a colour, filled when it is chosen."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

ICON_PX = 24
SMALLEST_PX = 13


class VerdictButton(QAbstractButton):
    """``token`` is its colour when chosen; ``TOKEN_surface`` what it is filled with."""

    def __init__(self, words: str, icon: str, token: str, width: int = 112, title: str = "") -> None:
        super().__init__()
        self._icon, self._token = icon, token
        self.setText(words)
        self.setAccessibleName(f"{title}: {words}" if title else words)
        self.setCheckable(True)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(theme.scaled(width), max(theme.target, theme.scaled(56))))

    def nextCheckState(self) -> None:
        """It shows what the records say, not what was pressed: what could not be written is not shown as done."""

    def show_chosen(self, chosen: bool) -> None:
        if chosen != self.isChecked():
            self.setChecked(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, chosen = QRectF(self.rect()).adjusted(1, 1, -1, -1), self.isChecked()
        fill = f"{self._token}_surface" if chosen else "surface_pressed" if self.isDown() else "surface_raised"
        painter.setBrush(theme.color(fill))
        edge = "focus" if self.hasFocus() else self._token if chosen else "outline" if self.isEnabled() else "line"
        painter.setPen(QPen(theme.color(edge), 3 if chosen or self.hasFocus() else 2))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.radius, theme.radius)
        font = self._fitting(box.width() - ICON_PX - 26)
        words = QFontMetrics(font).horizontalAdvance(self.text())
        left = box.center().x() - (words + (ICON_PX + 7 if words else ICON_PX)) / 2
        spot = QRectF(left, box.center().y() - ICON_PX / 2, ICON_PX, ICON_PX)
        # By its shape in its own colour even when not chosen: three grey boxes are found more slowly.
        icons.paint(painter, self._icon, spot, self._token if self.isEnabled() else "stale")
        painter.setFont(font)
        painter.setPen(theme.color("text" if self.isEnabled() else "stale"))
        room = QRectF(spot.right() + 7, box.top(), box.right() - spot.right() - 7, box.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _fitting(self, room: float) -> QFont:
        weight = "semibold" if self.isChecked() else "medium"
        for px in range(theme.scaled(17), SMALLEST_PX - 1, -1):
            font = theme.font(px, weight)
            if QFontMetrics(font).horizontalAdvance(self.text()) <= room:
                return font
        return theme.font(SMALLEST_PX, weight)
