"""What stands in place of an empty board: what it is for, and the next step."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Paragraph, label

MIDDLE = Qt.AlignmentFlag.AlignHCenter


class NoCars(QWidget):
    """No card at all: ``words`` say how there comes to be one, the button goes there."""

    def __init__(self, heading: str, button: str, deed: Callable[[], object], words: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.addStretch(2)
        column.addWidget(IconLabel("board", 64, "text_muted"), 0, MIDDLE)
        column.addWidget(label(heading, "heading"), 0, MIDDLE)
        said = words or tr(
            "Repair orders are kept in a workshop. On the page Bays this terminal can found one or join one."
        )
        column.addWidget(Paragraph(said), 0, MIDDLE)
        self.button = Button(button, "plus" if words else "bays", role="primary")
        self.button.clicked.connect(lambda _=False: deed())
        column.addWidget(self.button, 0, MIDDLE)
        column.addStretch(3)


class NothingFound(QWidget):
    """Cards there are, but none that meets what is asked for."""

    def __init__(self, everything: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.addStretch(2)
        column.addWidget(IconLabel("filter", 56, "text_muted"), 0, MIDDLE)
        column.addWidget(label(tr("No card like that"), "heading"), 0, MIDDLE)
        self.words = Paragraph("")
        column.addWidget(self.words, 0, MIDDLE)
        self.button = Button(tr("Show everything"), "undo", role="primary")
        self.button.clicked.connect(lambda _=False: everything())
        column.addWidget(self.button, 0, MIDDLE)
        column.addStretch(3)

    def say(self, filters: str) -> None:
        """What was asked for."""
        self.words.setText(tr("Looked for: {filters}", filters=filters) if filters else "")
