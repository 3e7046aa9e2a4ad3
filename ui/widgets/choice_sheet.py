"""A sheet of a few things to choose from, each pressed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

COLUMNS = 2
FEW = 8  # so many fit without scrolling


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing to choose: what it stands for, its words, and a shape with its colour."""

    value: str
    words: str
    icon: str = ""
    token: str = "text"


class ChoiceSheet(Sheet):
    """``chosen(value)``, or ``chosen(None)`` for what ``none`` says when it may be empty. ``now`` is marked."""

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        answers: Sequence[Answer],
        now: str | None,
        chosen: Callable[[str | None], object],
        *,
        none: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(anchor, title, width=720)
        self._chosen = chosen
        if hint:
            self.body.addWidget(label(hint, "muted", wrap=True))
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.space(2))
        self.buttons: dict[str, Button] = {}
        for at, answer in enumerate(answers):
            button = Button(answer.words)
            if answer.icon:
                button.setText(f" {button.text()}")
                button.setIcon(icons.icon(answer.icon, answer.token))
            button.setProperty("align", "left")
            button.setCheckable(True)
            button.setChecked(answer.value == now)
            button.clicked.connect(lambda _=False, value=answer.value: self._choose(value))
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            self.buttons[answer.value] = button
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        if len(answers) > FEW:
            area = scrolling(content)
            area.setMinimumHeight(theme.scaled(360))
            self.body.addWidget(area, 1)
        else:
            self.body.addWidget(content)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        if none:
            self.none = Button(none, "minus")
            self.none.setEnabled(now is not None)
            self.none.clicked.connect(lambda _=False: self._choose(None))
            self.footer.addWidget(self.none, 1)

    def _choose(self, value: str | None) -> None:
        self.close_sheet()
        self._chosen(value)
