"""What stands where no trend has been added yet: what trends are for, and the next step."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class TrendEmpty(QWidget):
    """``add_asked`` when a person takes the next step."""

    add_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel("trend", 48, "text_muted"), 0, middle)
        column.addWidget(label(tr("No trends yet"), "heading"), 0, middle)
        words = label(
            tr("A trend shows how a signal moved, and several of them what happened at the same time."),
            "muted",
            wrap=True,
        )
        words.setAlignment(middle)
        words.setMinimumWidth(theme.scaled(420))
        column.addWidget(words, 0, middle)
        self.add = Button(tr("Add a trend"), "plus", "primary")
        self.add.clicked.connect(self.add_asked)
        column.addWidget(self.add, 0, middle)
        column.addStretch(1)
