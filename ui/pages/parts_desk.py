"""What the sections of the page Parts share: who works there, and how a deed is done, told and taken back."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.people.roles import Actor, Denied, may
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from ui import background
from ui.context import UiContext
from ui.widgets import toast

EXPECTED = (Refused, Denied, NotFound, RecordsError, OSError)
READ_AFTER_MS = 60  # one reading for a burst of changes; well within the second a person is promised
T = TypeVar("T")


class Freshness(QObject):
    """Reads again what is shown, once for a burst of changes; while nobody sees it, not before it is seen."""

    def __init__(self, shown: QWidget, read: Callable[[], object]) -> None:
        super().__init__(shown)
        self._shown = shown
        self._stale = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_AFTER_MS)
        self._soon.timeout.connect(read)
        shown.installEventFilter(self)

    def outdated(self) -> None:
        """What is shown may read differently now."""
        if not self._shown.isVisible():
            self._stale = True
        elif not self._soon.isActive():
            self._soon.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._stale:
            self._stale = False
            self._soon.start()
        return super().eventFilter(watched, event)


class PartsDesk(QObject):
    """``done``: something was written from here. ``part(id)`` and ``purchase(id)``: bring one to the front."""

    done = Signal()
    part = Signal(str)
    purchase = Signal(str)

    def __init__(self, context: UiContext, records: Records, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.context, self.records, self.anchor = context, records, anchor

    @property
    def actor(self) -> Actor:
        """Who is at this terminal now; people change while the window stays."""
        actor = self.context.actor
        assert actor is not None
        return actor

    def may(self, action: str) -> bool:
        return may(self.actor, action)

    def read(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Read off this thread."""
        background.run(self, work, done, lambda error: self.failed(error, tr("This could not be read")))

    def run(
        self,
        work: Callable[[], T],
        said: str | Callable[[T], str] = "",
        undo: Callable[[T], object] | None = None,
        then: Callable[[T], object] | None = None,
        refused: Callable[[Refused], object] | None = None,
    ) -> None:
        """Do ``work`` off this thread and say so; ``undo(result)``, off it too, takes it back; then ``then(result)``.

        ``refused`` is told what a person must decide, where a message would not be enough.
        """

        def done(result: T) -> None:
            words = said if isinstance(said, str) else said(result)
            if words:
                back = (lambda: self.run(lambda: undo(result), tr("Taken back."))) if undo is not None else None
                toast.show(self.anchor, words, tone="ok", undo=back)
            if then is not None:
                then(result)
            self.done.emit()

        def failed(error: Exception) -> None:
            if refused is not None and isinstance(error, Refused):
                refused(error)
            else:
                self.failed(error, tr("That could not be done"))

        background.run(self, work, done, failed)

    def failed(self, error: Exception, what: str) -> None:
        """Tell what a person can act on; anything else is a bug."""
        if not isinstance(error, EXPECTED):
            raise error
        self.context.note(what, str(error))
        toast.show(self.anchor, what, detail=str(error), tone="critical")
