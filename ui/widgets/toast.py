"""Short messages at the foot of the window, with a way back: undo beats "are you sure"."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets import alarm_strip
from ui.widgets.buttons import Button, IconButton
from ui.widgets.dialogs import BOTTOM_INSET
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

SECONDS = 8.0  # long enough to read it, and to take it back with a glove on
MOST = 3
TONES = {"info": "info", "ok": "connected", "warning": "warning", "critical": "critical"}


class Toast(QFrame):
    """One message. It leaves by itself, except a failure, which waits for a person."""

    def __init__(self, text: str, detail: str, tone: str, undo: Callable[[], None] | None) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), theme.space(2), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(4))
        row.addWidget(IconLabel(TONES[tone], 28, "ok" if tone == "ok" else tone))
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
            self.undo = Button(tr("Undo"), "undo")
            self.undo.clicked.connect(self.leave)
            self.undo.clicked.connect(lambda _=False: undo())
            row.addWidget(self.undo)
        cross = IconButton("close", tr("Close"))
        cross.clicked.connect(self.leave)
        row.addWidget(cross)
        if tone != "critical":
            QTimer.singleShot(round(SECONDS * 1000), self, self.leave)

    def leave(self) -> None:
        """Go away now."""
        host = self.parentWidget()
        self.hide()
        self.setParent(None)
        self.deleteLater()
        if isinstance(host, _Host):
            host.place()


class _Host(QWidget):
    """The column toasts stand in, over the foot of the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.space(2))
        window.installEventFilter(self)

    def toasts(self) -> list[Toast]:
        return [toast for toast in self.findChildren(Toast) if not toast.isHidden()]

    def place(self) -> None:
        window = self.parentWidget()
        if window is None or not self.toasts():
            self.hide()
            return
        width = min(theme.scaled(720), window.width() - 2 * theme.space(6))
        height = max(self.column.totalHeightForWidth(width), self.column.sizeHint().height())
        # Above the alarm strip, whether or not there is one: "Undo" must not slip away under a finger.
        foot = window.height() - int(window.property(BOTTOM_INSET) or 0) - alarm_strip.room()
        self.setGeometry((window.width() - width) // 2, foot - height, width, height)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.DynamicPropertyChange):
            self.place()
        return super().eventFilter(watched, event)


def show(
    anchor: QWidget, text: str, *, detail: str = "", tone: str = "info", undo: Callable[[], None] | None = None
) -> Toast:
    """Say ``text`` over the window ``anchor`` is in; ``tone`` is a key of ``TONES``; ``undo`` takes the deed back."""
    window = anchor.window()
    host = window.findChild(_Host, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Host(window)
    for old in host.toasts()[: -MOST + 1 or None]:
        if len(host.toasts()) >= MOST:
            old.leave()
    toast = Toast(text, detail, tone, undo)
    host.column.addWidget(toast)
    toast.show()
    host.place()
    return toast


def shown(window: QWidget) -> list[Toast]:
    """The messages now over ``window``, oldest first."""
    host = window.findChild(_Host, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return host.toasts() if host else []
