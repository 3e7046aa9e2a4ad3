"""What is missing before an order can be moved, said before it is moved anyway."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.language import tr
from core.workshop.moving import Target
from ui import theme
from ui.order_words import status_words
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class MoveSheet(Sheet):
    """``anyway`` is called when the person wants it all the same; without the right to, the sheet only explains."""

    def __init__(self, anchor: QWidget, target: Target, anyway: Callable[[], object]) -> None:
        title = tr("Move to {state}", state=status_words(target.status.value))
        super().__init__(anchor, title, width=680)
        for words in (*(each.words for each in target.unmet), *((target.hint,) if target.hint else ())):
            row = QHBoxLayout()
            row.setSpacing(theme.space(3))
            row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(words, wrap=True), 1)
            self.body.addLayout(row)
        if not target.open:
            self.body.addWidget(label(tr("Somebody at the desk can move it all the same."), "muted", wrap=True))
        self.stay = Button(tr("Leave it"), role="" if target.open else "primary")
        self.stay.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(self.stay, 1)
        self.anyway = Button(tr("Move it anyway"), role="primary")
        self.anyway.setVisible(target.open)
        self.anyway.clicked.connect(lambda _=False: self._go(anyway))
        self.footer.addWidget(self.anyway, 1)

    def _go(self, anyway: Callable[[], object]) -> None:
        self.close_sheet()
        anyway()
