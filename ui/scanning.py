"""A barcode scanner that types: told from a person by its speed and the Enter at its end (a keyboard wedge)."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

PAUSE_MS = 90  # scanners send a key every few milliseconds; the fastest typist takes longer than this between two
SHORTEST = 3  # characters of a code
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class Wedge(QObject):
    """Give it the keys that no field took. ``scanned(code)``; or ``typed(text)``, when it was a person after all."""

    scanned = Signal(str)
    typed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._text = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._rest)

    @property
    def resting(self) -> bool:
        """Whether no key of a code has come."""
        return not self._text

    def take(self, event: QKeyEvent) -> bool:
        """Take a key; False when it is none of a code."""
        if self._text and Qt.Key(event.key()) in _ENDS:
            self._pause.stop()
            text, self._text = self._text, ""
            (self.scanned if len(text) >= SHORTEST else self.typed).emit(text)
            return True
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        text = event.text()
        if not plain or not text.isprintable() or not text or (not self._text and text.isspace()):
            return False
        self._text += text
        self._pause.start()
        return True

    def _rest(self) -> None:
        text, self._text = self._text, ""
        if text:
            self.typed.emit(text)
