"""What stands where there is nothing yet: what it would be, and how it comes to be."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Paragraph, label

WIDTH = 400  # px: what there is beside a list on the smallest screen


class Teaching(QWidget):
    """A shape, a headline, a sentence, and a button when there is a next step to press."""

    def __init__(
        self, icon: str, headline: str, words: str, deed: str = "", press: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        column.addWidget(IconLabel(icon, 48, "text_muted"), 0, middle)
        column.addWidget(label(headline, "heading"), 0, middle)
        self.words = Paragraph(words, WIDTH)
        column.addWidget(self.words, 0, middle)
        self.button: Button | None = None
        if press is not None:
            self.button = Button(deed, "plus", role="primary")
            self.button.clicked.connect(lambda _=False: press())
            column.addWidget(self.button, 0, middle)
        column.addStretch(3)
