"""What the schedule says where there is nothing to plan with yet: no workshop, or no bays."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Paragraph, label


class Welcome(QWidget):
    """No bays yet: what they are for, and the way to make them."""

    def __init__(self, make: Callable[[], object]) -> None:
        super().__init__()
        column = _column(self, "bays", tr("Where is work done here?"))
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(
            Paragraph(
                tr(
                    "The schedule sets time aside in bays and with people. Name the bays of this workshop and what "
                    "each has, a four-post lift or a brake tester; then say when who works. Both take a minute."
                )
            ),
            0,
            middle,
        )
        self.button = Button(tr("Make the bays"), "plus", role="primary")
        self.button.clicked.connect(lambda _=False: make())
        column.addWidget(self.button, 0, middle)
        self.whom = label(tr("An owner or a manager makes them."), "muted")
        column.addWidget(self.whom, 0, middle)
        column.addStretch(1)

    def show_rights(self, may_make: bool) -> None:
        """Offer it to who may do it."""
        self.button.setVisible(may_make)
        self.whom.setVisible(not may_make)


class NoWorkshop(QWidget):
    """The schedule belongs to a workshop: how there comes to be one."""

    def __init__(self, to_bays: Callable[[], object]) -> None:
        super().__init__()
        column = _column(self, "no-workshop", tr("No workshop yet"))
        middle = Qt.AlignmentFlag.AlignHCenter
        text = tr("The schedule is kept in a workshop. On the page Bays this terminal can found one or join one.")
        column.addWidget(Paragraph(text), 0, middle)
        button = Button(tr("To the page Bays"), "bays", role="primary")
        button.clicked.connect(lambda _=False: to_bays())
        column.addWidget(button, 0, middle)
        column.addStretch(1)


def _column(host: QWidget, icon: str, heading: str) -> QVBoxLayout:
    column = QVBoxLayout(host)
    column.setSpacing(theme.space(4))
    column.setContentsMargins(0, theme.space(14), 0, 0)
    middle = Qt.AlignmentFlag.AlignHCenter
    column.addWidget(IconLabel(icon, 56, "text_muted"), 0, middle)
    column.addWidget(label(heading, "title"), 0, middle)
    return column
