"""Long work with a bar and a way to stop it: it shows itself after half a second, and goes when the work is done."""

from collections.abc import Callable
from threading import Event
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from core.language import tr
from ui import background, words
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

SHOW_AFTER_MS = 500
EVERY_MS = 100
T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 - not an error: a person pressed Cancel
    """Raise it from work that was told to stop and has left nothing behind."""


class Telling:
    """What the work is given: ``told(done, total, step)`` and ``stop()``. Both may be called from its thread."""

    def __init__(self) -> None:
        self.at = (0, 0, "")
        self._stop = Event()

    def told(self, done: int, total: int, step: str = "") -> None:
        self.at = (done, total, step)

    def stop(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        self._stop.set()


class ProgressSheet(QObject, Generic[T]):
    """``work(telling)`` off this thread, then ``done(result)`` or ``failed(error)``; nothing for ``Stopped``."""

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        work: Callable[[Telling], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        super().__init__(anchor.window())
        self._anchor, self._title, self._done, self._failed = anchor, title, done, failed
        self.telling = Telling()
        self._sheet: Sheet | None = None
        self._bar = QProgressBar()
        self._words = label("", "muted")
        self._timer = QTimer(self)
        self._timer.setInterval(SHOW_AFTER_MS)
        self._timer.timeout.connect(self._show)
        self._timer.start()
        background.run(self, lambda: work(self.telling), self._finished, self._broken)

    def _show(self) -> None:
        if self._sheet is None:
            self._sheet = Sheet(self._anchor, self._title, stubborn=True, width=560)
            self._bar.setAccessibleName(self._title)
            self._bar.setTextVisible(False)
            self._sheet.body.addWidget(self._words)
            self._sheet.body.addWidget(self._bar)
            self.cancel = Button(tr("Stop"), "stop")
            self.cancel.clicked.connect(lambda _=False: self._cancel())
            self._sheet.footer.addStretch(1)
            self._sheet.footer.addWidget(self.cancel)
            self._sheet.open(self.cancel)
            self._timer.setInterval(EVERY_MS)
        done, total, step = self.telling.at
        count = tr("{done} of {total}", done=words.count(done), total=words.count(total)) if total else ""
        self._words.setText(" · ".join(filter(None, (step, count))))
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _cancel(self) -> None:
        self.telling.cancel()
        self.cancel.setEnabled(False)

    def _close(self) -> None:
        self._timer.stop()
        if self._sheet is not None:
            self._sheet.close_sheet()
        self.deleteLater()

    def _finished(self, result: T) -> None:
        self._close()
        self._done(result)

    def _broken(self, error: Exception) -> None:
        self._close()
        if not isinstance(error, Stopped):
            self._failed(error)
