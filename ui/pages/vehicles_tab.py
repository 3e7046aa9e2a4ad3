"""A tab of a vehicle's profile: built when it is first opened, read while it is in front."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.pages.read_in_front import ReadInFront
from ui.pages.vehicles_desk import VehiclesDesk
from ui.vehicles_reading import ProfileRead
from ui.widgets import alarm_strip
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Card, label


class ProfileTab(ReadInFront):
    """Subclasses fill ``column`` in ``build``, give what they read with ``reading`` and show it with ``show_read``.

    ``row`` is the vehicle, ``profile`` what its head read.
    """

    def __init__(self, desk: VehiclesDesk) -> None:
        super().__init__()
        self.desk = desk
        self.row = ""
        self.profile: ProfileRead | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.space(3), theme.space(3), alarm_strip.room())
        self.column.setSpacing(theme.space(3))
        self.build()
        desk.done.connect(self.outdated)

    @property
    def subject(self) -> str:
        return self.row

    def build(self) -> None:
        """Make the widgets."""

    def show_profile(self, found: ProfileRead) -> None:
        """The head was read."""
        self.profile = found

    def show_vehicle(self, row: str) -> None:
        """It is about this vehicle from now on."""
        if row != self.row:
            self.row, self.profile = row, None
            self.forget()
            if self.front:
                self.read()


class Section(Card):
    """A heading with a button at its right, and lines below. ``empty`` says what would stand there."""

    def __init__(self, heading: str, empty: str = "", button: Button | None = None) -> None:
        super().__init__()
        self.body.setContentsMargins(theme.space(5), theme.space(3), theme.space(4), theme.space(4))
        self.body.setSpacing(theme.space(1))
        self.head = head = QHBoxLayout()
        head.setSpacing(theme.space(2))
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
