"""Kiosk mode: the terminal on the wall has no way out without its PIN.

What a window can hold back is held back here: closing, the usual escape keys, context menus, being minimised. A person
who can pull the plug or switch to a text console is the operating system's business (installer/kiosk).
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

FREE_TRIES = 3
FIRST_WAIT = 30.0  # seconds, after the third wrong PIN; doubled by each further one
LONGEST_WAIT = 1800.0
PIN_LENGTHS = range(4, 9)


class PinGate:
    """Checks PINs, and makes guessing slow: after three wrong ones each try costs twice the wait of the last."""

    def __init__(self, check: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._check, self._clock = check, clock
        self._wrong = 0
        self._open_at = clock()

    def wait(self) -> float:
        """Seconds until the next PIN is looked at; 0 when one may be tried now."""
        return max(0.0, self._open_at - self._clock())

    def tries_left(self) -> int:
        """Tries before the next wait."""
        return max(1, FREE_TRIES - self._wrong)

    def offer(self, pin: str) -> bool:
        """Whether ``pin`` is right. While waiting nothing is right."""
        if self.wait() > 0:
            return False
        if self._check(pin):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= FREE_TRIES:
            delay = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self._wrong - FREE_TRIES))
            self._open_at = self._clock() + delay
        return False


def is_escape(event: QKeyEvent) -> bool:
    """Whether a key is one that leads out of a full-screen program."""
    key, held = event.key(), event.modifiers()
    alt = bool(held & Qt.KeyboardModifier.AltModifier)
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    if key in (Qt.Key.Key_Meta, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Menu, Qt.Key.Key_Print):
        return True
    if held & Qt.KeyboardModifier.MetaModifier or key == Qt.Key.Key_F11:
        return True
    if alt and (control or key in (Qt.Key.Key_F4, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)):
        return True
    if alt and key in (Qt.Key.Key_Space, Qt.Key.Key_F2):
        return True
    if held & Qt.KeyboardModifier.ShiftModifier and key == Qt.Key.Key_F10:
        return True
    return control and key in (Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_Escape)


class KioskGuard(QObject):
    """Holds ``window`` on the screen while ``locked``. ``on_attempt`` is called when somebody tries to leave."""

    def __init__(self, window: QWidget, on_attempt: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._on_attempt = window, on_attempt
        self._normal_flags = window.windowFlags()
        self._handle: QWindow | None = None
        self.locked = False

    def lock(self) -> None:
        """Full screen, no frame, no way out."""
        if self.locked:
            return
        self.locked = True
        self._dress(self._normal_flags | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        # Also where no window manager runs, as in a bare kiosk session: nobody else would give it the size.
        self._window.setGeometry(self._window.screen().geometry())
        self._window.showFullScreen()
        self._window.activateWindow()
        self._window.installEventFilter(self)
        self._hold(self._window.windowHandle())

    def unlock(self) -> None:
        """An ordinary window again."""
        if not self.locked:
            return
        self.release()
        self._dress(self._normal_flags)
        self._window.showMaximized()
        self._window.activateWindow()

    def _dress(self, flags: Qt.WindowType) -> None:
        """Give the window its frame or take it, while it stays where it is.

        ``setWindowFlags`` hides a window that is shown, and Qt then never takes it for the active one again: its native
        window still counts as the one with the focus, so the focus coming back is no news. Nothing could be typed.
        """
        handle = self._window.windowHandle()
        if handle is None:
            self._window.setWindowFlags(flags)
            return
        self._window.overrideWindowFlags(flags)
        handle.setFlags(flags)

    def release(self) -> None:
        """Hold nothing back any more, and leave the window as it looks: it is about to close."""
        self.locked = False
        self._hold(None)
        self._window.removeEventFilter(self)

    def _hold(self, handle: QWindow | None) -> None:
        """Listen at the native window: there keys arrive before any widget or shortcut sees them."""
        before = self._handle
        if before is not None and not isValid(before):
            before = self._window.windowHandle()  # a sheet that was closed took the name with it, not the window
        for window, on in ((before, False), (handle, True)):
            if window is None or not isValid(window):
                continue
            if on:
                window.installEventFilter(self)
            else:
                window.removeEventFilter(self)
            if QApplication.platformName() == "xcb":
                # Keeps Alt+Tab and the like from the window manager. Other platforms refuse it.
                window.setKeyboardGrabEnabled(on)
        self._handle = handle

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.locked:
            return False
        kind = event.type()
        if watched is self._window:
            if kind in (QEvent.Type.WinIdChange, QEvent.Type.Show):
                self._hold(self._window.windowHandle())  # Qt may make a new native window, which nobody watches yet
            if kind in (QEvent.Type.WindowStateChange, QEvent.Type.Hide):
                # Answered later: inside this event the window has not finished leaving.
                QApplication.postEvent(self, QEvent(QEvent.Type.User))
            return False
        if kind == QEvent.Type.ContextMenu:
            return True
        if isinstance(event, QMouseEvent):
            return event.button() == Qt.MouseButton.RightButton
        if isinstance(event, QKeyEvent) and is_escape(event):
            if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._on_attempt()
            return True
        return False

    def customEvent(self, event: QEvent) -> None:
        window = self._window
        if self.locked and not (window.isVisible() and window.isFullScreen() and not window.isMinimized()):
            self._window.showFullScreen()
