"""Starting the window: the application, its language and look, and a clean end."""

import logging
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from core import language
from core.language import tr
from ui import background, garbage, qt_words, theme
from ui.context import UiContext
from ui.shell import Shell
from ui.widgets import icons, toast

log = logging.getLogger(__name__)

LAST_WORK_S = 2.0  # what was typed last is kept while the window closes


class _SystemSignals(QObject):
    """Ctrl+C and SIGTERM, heard at once.

    Python runs signal handlers between two of its own instructions only, and Qt's loop has none while nothing happens.
    Python writes to this socket from the C handler, which wakes the loop.
    """

    def __init__(self, end: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        self._before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

        def handle(number: int, frame: FrameType | None) -> None:
            end()

        for number in self._before:
            signal.signal(number, handle)

    def _wake(self) -> None:
        self._reader.recv(64)  # the handler runs as soon as this returns to Python

    def restore(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()


def application(context: UiContext) -> QApplication:
    """The Qt application, made on first use and dressed as the preferences say."""
    found = QApplication.instance()
    made = found if isinstance(found, QApplication) else QApplication(["bayline"])
    garbage.keep_here(made)
    made.setApplicationName("bayline")
    made.setApplicationDisplayName("Bayline")
    made.setDesktopFileName("bayline")
    language.use(context.preferences.language)
    theme.use(made, context.preferences.theme, context.preferences.text_scale)
    made.setWindowIcon(icons.icon("bayline", "accent", 64))
    qt_words.speak()
    return made


def _report_bugs(context: UiContext, shell: Shell) -> None:
    """A bug in one corner must not close the terminal: it is logged, noted, and told once."""
    told: set[str] = set()

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            shell.end()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("a bug in the window", exc_info=(kind, error, trace))  # on stderr, and in the file
        context.note(tr("Something in the program went wrong."), text)
        place = f"{kind.__name__}: {error}"
        if place not in told:
            told.add(place)
            detail = tr("The terminal goes on; what was recorded is kept. Details are in Settings, Problems.")
            toast.show(shell, tr("Something in the program went wrong."), detail=detail, tone="critical")

    sys.excepthook = report


def run(context: UiContext) -> int:
    """Show the terminal until it is closed; returns the exit status. Call it on the main thread."""
    made = application(context)
    shell = Shell(context)
    hook = sys.excepthook
    _report_bugs(context, shell)

    def end() -> None:
        shell.end()
        made.closeAllWindows()  # also a list that hangs open: the loop ends with the last window

    signals = _SystemSignals(end, shell)
    shell.present()
    try:
        return made.exec()
    finally:
        background.finish(LAST_WORK_S)
        signals.restore()
        sys.excepthook = hook


def run_pictures(context: UiContext, directory: Path, seconds: float = 20.0) -> list[Path]:
    """Draw every screen into ``directory`` once the session holds ``seconds`` of data; returns the files."""
    from ui.pictures import draw_all

    application(context)
    return draw_all(context, directory, seconds)
