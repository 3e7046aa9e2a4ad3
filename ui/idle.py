"""Nobody touches the terminal: after a while it says so, and then that the person has gone."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

IN_KIOSK = 5  # minutes, when nothing was chosen: a terminal on the wall is shared
AUTOMATIC = -1
CHOICES = (AUTOMATIC, 0, 2, 5, 10, 30)  # minutes offered; 0 never
WARN_S = 20

_TOUCHES = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
    }
)


def minutes(chosen: int, *, kiosk: bool) -> int:
    """After how many minutes somebody is signed out; 0 never."""
    if chosen == AUTOMATIC:
        return IN_KIOSK if kiosk else 0
    return max(0, chosen)


class IdleWatch(QObject):
    """``soon`` comes ``WARN_S`` seconds before ``gone``, ``back`` when a touch took ``soon`` back."""

    soon = Signal()
    back = Signal()
    gone = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ms = 0
        self._warned = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._passed)

    def watch(self, after_ms: int) -> None:
        """Count ``after_ms`` from each touch on; 0 counts nothing."""
        if after_ms == self._ms:
            return
        application = QApplication.instance()
        if application is not None and bool(after_ms) != bool(self._ms):
            if after_ms:
                application.installEventFilter(self)
            else:
                application.removeEventFilter(self)
        self._ms = after_ms
        self._begin()

    def touched(self) -> None:
        """Somebody is there."""
        if self._ms:
            if self._warned:
                self._warned = False
                self.back.emit()
            self._begin()

    def _begin(self) -> None:
        self._warned = False
        self._timer.stop()
        if self._ms:
            self._timer.start(max(0, self._ms - WARN_S * 1000))

    def _passed(self) -> None:
        if not self._warned and self._ms > WARN_S * 1000:
            self._warned = True
            self._timer.start(WARN_S * 1000)
            self.soon.emit()
            return
        self._warned = False
        self.gone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.touched()
        return False
