"""A section of an open order: built when it is first opened, read while it is in front, never losing what is typed."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.orders_reading import OrderRead
from ui.pages.order_desk import OrderDesk
from ui.pages.read_in_front import ReadInFront
from ui.widgets import alarm_strip


class Section(ReadInFront):
    """Subclasses fill ``column`` in ``build`` and say what they read."""

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self.foot: QWidget | None = None  # stands still below what scrolls
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.space(1), theme.space(3), alarm_strip.room())
        self.column.setSpacing(theme.space(4))
        self.build()
        self.begin()  # nothing can be pressed that has not been read
        desk.done.connect(self.outdated)

    @property
    def subject(self) -> str:
        return self.desk.row

    # --- what a section says

    def build(self) -> None:
        """Make the widgets."""

    def begin(self) -> None:
        """Another order comes to the front: forget the one before. What was typed was kept with ``flush``."""

    def show_order(self, found: OrderRead, *, fresh: bool) -> None:
        """The order reads so now; ``fresh``: for the first time since ``begin``."""

    def take_typed(self, text: str) -> bool:
        """Something was typed or scanned while no field had the keyboard; False: it is not for this section."""
        return False

    def flush(self) -> None:
        """Keep everything typed so far."""

    def go(self) -> None:
        """Another section, another page or another order is in front."""
        self.flush()
        super().go()
