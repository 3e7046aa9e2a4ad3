"""A tab of a vehicle's profile: built when it is first opened, read while it is in front."""

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.records.changes import ChangeSet
from ui import theme
from ui.pages.parts_desk import READ_AFTER_MS
from ui.pages.vehicles_desk import VehiclesDesk
from ui.vehicles_reading import ProfileRead
from ui.widgets import alarm_strip
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Card, label


class ProfileTab(QWidget):
    """Subclasses fill ``column`` in ``build``, give what they read with ``reading`` and show it with ``show_read``.

    ``TABLES`` are those whose changes it shows. ``row`` is the vehicle, ``profile`` what its head read.
    """

    TABLES: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: VehiclesDesk) -> None:
        super().__init__()
        self.desk = desk
        self.row = ""
        self.profile: ProfileRead | None = None
        self.front = False
        self._stale = True
        self._asked = 0
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.space(3), theme.space(3), alarm_strip.room())
        self.column.setSpacing(theme.space(3))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_AFTER_MS)
        self._soon.timeout.connect(self.read)
        self.build()
        desk.done.connect(self.outdated)

    def build(self) -> None:
        """Make the widgets."""

    def begin(self) -> None:
        """Another vehicle comes: forget the one before."""

    def reading(self) -> Callable[[], Any] | None:
        """What reads this tab's rows, off this thread; None: the head's reading is all it shows."""
        return None

    def show_read(self, found: Any) -> None:
        """Show what ``reading`` read."""

    def show_profile(self, found: ProfileRead) -> None:
        """The head was read."""
        self.profile = found

    def show_vehicle(self, row: str) -> None:
        """It is about this vehicle from now on."""
        if row != self.row:
            self.row, self.profile = row, None
            self._asked += 1
            self._stale = True
            self.begin()
            if self.front:
                self.read()

    def come(self) -> None:
        """It has come to the front."""
        self.front = True
        if self._stale:
            self.read()

    def go(self) -> None:
        """Another tab is in front."""
        self.front = False

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
        work = self.reading() if self.row else None
        if work is None:
            return
        self._stale = False
        self._asked += 1
        asked = self._asked
        self.desk.read(work, lambda found: self._arrived(asked, found))

    def _arrived(self, asked: int, found: Any) -> None:
        if asked == self._asked:
            self.show_read(found)


class Section(Card):
    """A heading with a button at its right, and lines below. ``empty`` says what would stand there."""

    def __init__(self, heading: str, empty: str = "", button: Button | None = None) -> None:
        super().__init__()
        self.body.setContentsMargins(theme.space(5), theme.space(3), theme.space(4), theme.space(4))
        self.body.setSpacing(theme.space(1))
        head = QHBoxLayout()
        self.heading = label(heading, "heading")
        head.addWidget(self.heading, 1)
        self.button = button
        if button is not None:
            head.addWidget(button)
        self.body.addLayout(head)
        self.empty = Teach(empty)
        self.empty.hide()
        self.body.addWidget(self.empty)


class Teach(QWidget):
    """What would stand here, and how it comes to be."""

    def __init__(self, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space(2), 0, theme.space(2))
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("info", 24, "info"))
        self.words = label(words, "muted", wrap=True)
        row.addWidget(self.words, 1)
