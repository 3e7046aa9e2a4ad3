"""A part of a page that reads its rows while it is in front, once for a burst of changes, and shows the last answer."""

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.people.roles import Denied
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from ui import background
from ui.widgets import toast

READ_AFTER_MS = 60  # one reading for a burst of changes; well within the second a person is promised
EXPECTED = (Refused, Denied, NotFound, RecordsError, OSError)


class ReadInFront(QWidget):
    """``subject`` is the row it is about, ``TABLES`` are those whose changes it shows.

    ``reading`` gives what runs off this thread, ``show_read`` shows its answer.
    """

    TABLES: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.front = False
        self.waiting = False  # for what was asked
        self._stale = True
        self._asked = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_AFTER_MS)
        self._soon.timeout.connect(self.read)

    # --- what a part says

    @property
    def subject(self) -> str:
        """The id of what it is about; "": nothing yet, and nothing is read."""
        return ""

    def begin(self) -> None:
        """Another subject comes: forget the one before."""

    def reading(self) -> Callable[[], Any] | None:
        """What reads its rows, off this thread; None: there is nothing of its own to read."""
        return None

    def show_read(self, found: Any) -> None:
        """Show what ``reading`` read."""

    # --- when it reads

    def come(self) -> None:
        """It has come to the front."""
        self.front = True
        if self._stale:
            self.read()

    def go(self) -> None:
        """Something else is in front."""
        self.front = False

    def forget(self) -> None:
        """It is about something else from now on."""
        self._asked += 1
        self._stale = True
        self.begin()

    def on_change(self, changes: ChangeSet) -> None:
        """Rows changed somewhere."""
        if any(changes.touches(table) for table in self.TABLES):
            self.outdated()

    def outdated(self) -> None:
        """What is shown may read differently now."""
        self._stale = True
        if self.front and not self._soon.isActive():
            self._soon.start()

    def read(self) -> None:
        """Read now."""
        work = self.reading() if self.subject else None
        if work is None:
            return
        self._stale = False
        self.waiting = True
        self._asked += 1
        asked = self._asked
        background.run(self, work, lambda found: self._arrived(asked, found), lambda error: self._failed(asked, error))

    def _arrived(self, asked: int, found: Any) -> None:
        if asked == self._asked:
            self.waiting = False
            self.show_read(found)

    def _failed(self, asked: int, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        if asked == self._asked:
            self.waiting = False
            self._stale = True
            toast.show(self, tr("This could not be read"), detail=str(error), tone="critical")
