"""Brings what the records and the other terminals report, on whatever thread, to the window's own."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ui import background
from ui.changes_reading import waiting_for_a_person
from ui.context import UiContext
from ui.membership import Membership

COUNT_AFTER_MS = 250  # one count for a page of changes that arrives at once


class WorkshopNews(QObject):
    """``changed(ChangeSet)`` and ``link_moved()``, on this thread, from the membership last given to ``listen``."""

    changed = Signal(object)
    link_moved = Signal()
    _came = Signal(object)
    _moved = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ends: tuple[Callable[[], None], ...] = ()
        self._told = False
        self._came.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._moved.connect(self._tell_moved, Qt.ConnectionType.QueuedConnection)

    def listen(self, membership: Membership | None) -> None:
        """Hear this membership's news from now on and no other's; None: no more."""
        for end in self._ends:
            end()
        self._ends = ()
        if membership is not None:
            self._ends = (membership.records.subscribe(self._came.emit), membership.link.subscribe(self._link))

    def _link(self) -> None:
        if not self._told:  # a sync of many pages reports at each: one look at the end of the queue is enough
            self._told = True
            self._moved.emit()

    def _tell_moved(self) -> None:
        self._told = False
        self.link_moved.emit()


class Unread(QObject):
    """How many replaced values and conflicts wait for a person; ``counted`` tells."""

    counted = Signal(int)

    def __init__(self, context: UiContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.last = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_AFTER_MS)
        self._timer.timeout.connect(self.count)

    def count_soon(self) -> None:
        """Count when no further change comes for a moment."""
        if not self._timer.isActive():
            self._timer.start()

    def count(self) -> None:
        """Count now, off this thread."""
        records = self._context.records
        if records is not None:
            background.run(self, lambda: waiting_for_a_person(records), self._counted, lambda error: None)

    def _counted(self, count: int) -> None:
        self.last = count
        self.counted.emit(count)
