"""The states of an order from left to right, always in the same places: where it is, and where it may go now."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from core.language import tr
from core.workshop.states import Status
from ui import theme
from ui.order_words import status_shape, status_words
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

HEIGHT = 92
SMALLEST_PX = 13


class Stop(QAbstractButton):
    """One state on the way: passed, here, open to go to, or closed."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status
        self.here = False
        self.setFocusPolicy(BY_KEYS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(HEIGHT))
        self.setMinimumWidth(theme.target)

    def show_state(self, *, here: bool, open_: bool) -> None:
        """``here``: the order is in this state; ``open_``: it may be moved to it."""
        self.here = here
        self.setEnabled(open_ and not here)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor)
        word = status_words(self.status.value)
        self.setAccessibleName(tr("Now: {state}", state=word) if here else tr("Move to {state}", state=word))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        icon, token = status_shape(self.status.value)
        if self.here:
            painter.setBrush(theme.color("accent_surface"))
            painter.setPen(QPen(theme.color("accent"), 2))
        elif self.isEnabled():
            painter.setBrush(theme.color("surface_pressed" if self.isDown() or self.underMouse() else "surface_raised"))
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "outline"), 2))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("line"), 1))
        painter.drawRoundedRect(box, theme.radius, theme.radius)
        spot = QRectF(box.center().x() - 13, box.top() + 9, 26, 26)
        icons.paint(painter, icon, spot, token if self.here or self.isEnabled() else "stale")
        self._word(
            painter, QRectF(box.left() + 3, spot.bottom() + 2, box.width() - 6, box.bottom() - spot.bottom() - 5)
        )

    def _word(self, painter: QPainter, room: QRectF) -> None:
        text = status_words(self.status.value)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        font = theme.font(SMALLEST_PX)
        for px in range(theme.scaled(16), SMALLEST_PX - 1, -1):
            font = theme.font(px, "semibold" if self.here else "medium")
            metrics = QFontMetrics(font)
            broad = max(metrics.horizontalAdvance(part) for part in text.split())
            tall = metrics.boundingRect(room.toRect(), flags, text).height()
            if broad <= room.width() and tall <= room.height():
                break
        painter.setFont(font)
        painter.setPen(theme.color("text" if self.here or self.isEnabled() else "stale"))
        painter.drawText(room, flags, text)


class StatusTrack(QWidget):
    """``wanted(status)`` when a person presses a state."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        self.stops: dict[str, Stop] = {}
        for status in Status:
            stop = self.stops[status.value] = Stop(status)
            stop.clicked.connect(lambda _=False, value=status.value: self.wanted.emit(value))
            row.addWidget(stop)

    def show_status(self, now: str | None, open_: Iterable[str]) -> None:
        """Where the order is, and where it may go."""
        free = set(open_)
        for value, stop in self.stops.items():
            stop.show_state(here=value == now, open_=value in free)
