"""A section of an open order: built when it is first opened, read while it is in front, never losing what is typed."""

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from core.records.changes import ChangeSet
from ui import background, theme
from ui.orders_reading import OrderRead
from ui.pages.order_desk import EXPECTED, OrderDesk
from ui.widgets import alarm_strip, toast

READ_AFTER_MS = 60  # one reading for a burst of changes; well within the second a person is promised


class Section(QWidget):
    """Subclasses fill ``column`` in ``build`` and say what they read.

    ``reading`` gives what runs off this thread, ``show_read`` shows its answer. ``TABLES`` are those whose changes it
    shows.
    """

    TABLES: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self.foot: QWidget | None = None  # stands still below what scrolls
        self.front = False
        self._stale = True
        self._asked = 0
        self.waiting = False  # for what was asked
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.space(1), theme.space(3), alarm_strip.room())
        self.column.setSpacing(theme.space(4))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_AFTER_MS)
        self._soon.timeout.connect(self.read)
        self.build()
        self.begin()  # nothing can be pressed that has not been read
        desk.done.connect(self.outdated)

    # --- what a section says

    def build(self) -> None:
        """Make the widgets."""

    def begin(self) -> None:
        """Another order comes to the front: forget the one before. What was typed was kept with ``flush``."""

    def show_order(self, found: OrderRead, *, fresh: bool) -> None:
        """The order reads so now; ``fresh``: for the first time since ``begin``."""

    def reading(self) -> Callable[[], Any] | None:
        """What reads this section's own rows, off this thread; None when the order itself is all it shows."""
        return None

    def show_read(self, found: Any) -> None:
        """Show what ``reading`` read."""

    def take_typed(self, text: str) -> bool:
        """Something was typed or scanned while no field had the keyboard; False: it is not for this section."""
        return False

    def flush(self) -> None:
        """Keep everything typed so far."""

    # --- when it reads

    def come(self) -> None:
        """It has come to the front."""
        self.front = True
        if self._stale:
            self.read()

    def go(self) -> None:
        """Another section, another page or another order is in front."""
        self.flush()
        self.front = False

    def forget(self) -> None:
        """Another order comes."""
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
        work = self.reading() if self.desk.row else None
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
