"""Choosing a day: the next two weeks, each pressed once, and further weeks by the arrows."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from core.language import tr
from ui import theme, words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.dialogs import Sheet

DAYS, COLUMNS = 15, 5


def _read(day: str | None) -> date | None:
    """The day, None too when another program wrote what is none."""
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:
        return None


class DaySheet(Sheet):
    """``chosen(day)`` as ISO text, or None for no day."""

    def __init__(self, anchor: QWidget, title: str, day: str | None, chosen: Callable[[str | None], object]) -> None:
        super().__init__(anchor, title, width=820)
        self._chosen = chosen
        self._today = datetime.now().date()
        self._day = _read(day)
        self._first = min(self._today, self._day) if self._day else self._today
        row = QHBoxLayout()
        earlier, later = IconButton("chevron-left", tr("Earlier days")), IconButton("chevron-right", tr("Later days"))
        earlier.clicked.connect(lambda _=False: self._turn(-DAYS))
        later.clicked.connect(lambda _=False: self._turn(DAYS))
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        self.days: list[Button] = []
        for at in range(DAYS):
            button = Button("")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, at=at: self._choose(self._first + timedelta(days=at)))
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            self.days.append(button)
        row.addWidget(earlier)
        row.addLayout(grid, 1)
        row.addWidget(later)
        self.body.addLayout(row)
        none = Button(tr("No day"), "minus")
        none.setEnabled(day is not None)
        none.clicked.connect(lambda _=False: self._choose(None))
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(none, 1)
        self._show()

    def _turn(self, days: int) -> None:
        self._first += timedelta(days=days)
        self._show()

    def _choose(self, day: date | None) -> None:
        self.close_sheet()
        self._chosen(day.isoformat() if day is not None else None)

    def _show(self) -> None:
        for at, button in enumerate(self.days):
            day = self._first + timedelta(days=at)
            near = {self._today: tr("Today"), self._today + timedelta(days=1): tr("Tomorrow")}
            button.show_words(near.get(day) or words.day(datetime.combine(day, time(12)).timestamp()))
            button.setChecked(day == self._day)
