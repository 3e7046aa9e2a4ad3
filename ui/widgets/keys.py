"""One key of the keyboards on the screen: it never takes the focus away from what is being typed into."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui import theme
from ui.widgets import icons


class Key(QAbstractButton):
    """A key with words or an icon. ``strong`` is for the one that finishes; ``repeats`` for backspace."""

    def __init__(self, text: str, icon: str = "", *, strong: bool = False, repeats: bool = False, px: int = 0) -> None:
        super().__init__()
        self.setText(text)
        self._icon, self._strong, self._px = icon, strong, px
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoRepeat(repeats)
        self.setAutoRepeatDelay(400)
        self.setAutoRepeatInterval(60)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(40, theme.target))

    def sizeHint(self) -> QSize:
        return QSize(theme.target, theme.target)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        down = self.isDown() or self.isChecked()
        ink = "on_accent" if self._strong and self.isEnabled() else "text" if self.isEnabled() else "stale"
        fill = "accent" if self._strong and self.isEnabled() else "surface_pressed" if down else "surface_raised"
        painter.setBrush(theme.color(fill))
        painter.setPen(QPen(theme.color("text" if down else "outline"), 2 if down else 1))
        painter.drawRoundedRect(box, theme.radius - 2, theme.radius - 2)
        if self._icon:
            spot = QRectF(0, 0, 26, 26)
            spot.moveCenter(box.center())
            icons.paint(painter, self._icon, spot, ink)
            return
        painter.setFont(theme.font(self._px or theme.scaled(20), "medium", tabular=True))
        painter.setPen(theme.color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
