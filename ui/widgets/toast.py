"""Short messages in the bar on top, with a way back: undo beats "are you sure".

There they cover nothing one reaches for next: a page has its buttons at its head and its foot, the bar tells how things
stand. They lie on one another, the newest on top; a failure, which waits for a person, comes to light again.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

SECONDS = 8.0  # long enough to read it, and to take it back with a glove on
MOST = 3
WIDEST = 760  # px
PLACE = "place of toasts"  # name of the widget they are laid over, if the window has one
TONES = {"info": "info", "ok": "connected", "warning": "warning", "critical": "critical"}


class Toast(QFrame):
    """One message. It leaves by itself, except a failure, which waits for a person."""

    def __init__(
        self, text: str, detail: str, tone: str, undo: Callable[[], None] | None, back: tuple[str, str]
    ) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(1), theme.space(1), theme.space(1))
        row.setSpacing(theme.space(3))
        self._token = tone
        row.addWidget(IconLabel(TONES[tone], 28, tone))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        headline = label(text, wrap=True)
        headline.setFont(theme.font(theme.base, "medium"))
        words.addWidget(headline)
        if detail:
            words.addWidget(label(detail, "caption", wrap=True))
        words.addStretch()
        row.addLayout(words, 1)
        if undo is not None:
            self.undo = Button(*back)
            self.undo.clicked.connect(self.leave)
            self.undo.clicked.connect(lambda _=False: undo())
            row.addWidget(self.undo)
        cross = IconButton("close", tr("Close"))
        cross.clicked.connect(self.leave)
        row.addWidget(cross)
        if tone != "critical":
            QTimer.singleShot(round(SECONDS * 1000), self, self.leave)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(self._token), 2))  # so that it is seen at the edge of the eye
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.radius, theme.radius)

    def leave(self) -> None:
        """Go away now."""
        host = self.parentWidget()
        self.hide()
        self.setParent(None)
        self.deleteLater()
        if isinstance(host, _Host):
            host.place()


class _Host(QWidget):
    """What toasts lie in, one over the other."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        window.installEventFilter(self)

    def toasts(self) -> list[Toast]:
        return self.findChildren(Toast)

    def place(self) -> None:
        window = self.parentWidget()
        if window is None or not self.toasts():
            self.hide()
            return
        *beneath, newest = self.toasts()
        for each in beneath:
            each.hide()
        newest.show()
        room = _room(window)
        width = min(theme.scaled(WIDEST), room.width())
        height = max(self.column.totalHeightForWidth(width), self.column.sizeHint().height(), room.height())
        self.setGeometry(room.left() + (room.width() - width) // 2, room.top(), width, height)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self.place)  # once the bar has its new size
        return super().eventFilter(watched, event)


def _room(window: QWidget) -> QRect:
    """Where toasts lie: over the bar's chips, or at the top edge where there is no bar."""
    place = window.findChild(QWidget, PLACE)
    if place is not None and place.width() > 0:
        return QRect(place.mapTo(window, QPoint(0, 0)), place.size())
    margin = theme.space(2)
    return QRect(margin, margin, window.width() - 2 * margin, 0)


def show(
    anchor: QWidget,
    text: str,
    *,
    detail: str = "",
    tone: str = "info",
    undo: Callable[[], None] | None = None,
    back: tuple[str, str] | None = None,
) -> Toast:
    """Say ``text`` over the window ``anchor`` is in; ``tone`` is a key of ``TONES``; ``undo`` takes the deed back.

    ``back``: words and icon of its button, where it is not simply "Undo".
    """
    window = anchor.window()
    host = window.findChild(_Host, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Host(window)
    for old in host.toasts()[: -MOST + 1 or None]:
        if len(host.toasts()) >= MOST:
            old.leave()
    toast = Toast(text, detail, tone, undo, back or (tr("Undo"), "undo"))
    host.column.addWidget(toast)
    host.place()
    return toast


def shown(window: QWidget) -> list[Toast]:
    """The messages now over ``window``, oldest first."""
    host = window.findChild(_Host, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return host.toasts() if host else []
