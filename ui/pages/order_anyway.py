"""Something speaks against it, and a person may want it all the same: said once, decided by one press."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class AnywaySheet(Sheet):
    """``why`` is said; ``yes`` with its words does it."""

    def __init__(self, anchor: QWidget, title: str, why: str, words: str, yes: Callable[[], object]) -> None:
        super().__init__(anchor, title, width=680)
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(why, wrap=True), 1)
        self.body.addLayout(row)
        self.stay = Button(tr("Leave it"))
        self.stay.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(self.stay, 1)
        self.yes = Button(words, role="primary")
        self.yes.clicked.connect(lambda _=False: self._go(yes))
        self.footer.addWidget(self.yes, 1)

    def _go(self, yes: Callable[[], object]) -> None:
        self.close_sheet()
        yes()
