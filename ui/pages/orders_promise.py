"""Promising a time: a day and a time of day, each pressed once, without a keyboard."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from core.language import tr
from ui import theme, words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

DAYS = 8
FIRST_HOUR, LAST_HOUR = 7, 20
STEP_MIN = 30
COLUMNS = 6


class PromiseSheet(Sheet):
    """``chosen(at)`` with UTC milliseconds, or None for no promise."""

    def __init__(self, anchor: QWidget, at_ms: int | None, chosen: Callable[[int | None], object]) -> None:
        super().__init__(anchor, tr("Promised time"), width=860)
        self._chosen = chosen
        now = datetime.now()
        before = datetime.fromtimestamp(at_ms / 1000) if at_ms is not None else None
        late = now.time() >= time(LAST_HOUR)  # nothing of today can be promised any more
        self._day = before.date() if before is not None else now.date() + timedelta(days=int(late))
        self._time = before.time().replace(second=0, microsecond=0) if before is not None else None
        self._first = min(self._day, now.date()) if before is not None else now.date()
        self._today = now.date()
        row = QHBoxLayout()
        earlier = IconButton("chevron-left", tr("Earlier days"))
        earlier.clicked.connect(lambda _=False: self._turn(-DAYS))
        later = IconButton("chevron-right", tr("Later days"))
        later.clicked.connect(lambda _=False: self._turn(DAYS))
        row.addWidget(earlier)
        self._days = QGridLayout()
        self._days.setSpacing(theme.space(2))
        row.addLayout(self._days, 1)
        row.addWidget(later)
        self.body.addLayout(row)
        self.day_buttons: list[Button] = []
        for at in range(DAYS):
            button = Button("")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, at=at: self._pick_day(self._first + timedelta(days=at)))
            self._days.addWidget(button, at // 4, at % 4)
            self.day_buttons.append(button)
        self.body.addWidget(label(tr("Ready at"), "caption"))
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        self.times: dict[time, Button] = {}
        for number, minutes in enumerate(range(FIRST_HOUR * 60, LAST_HOUR * 60 + 1, STEP_MIN)):
            moment = time(minutes // 60, minutes % 60)
            button = Button(f"{moment:%H:%M}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, moment=moment: self._pick_time(moment))
            grid.addWidget(button, number // COLUMNS, number % COLUMNS)
            self.times[moment] = button
        self.body.addLayout(grid)
        none = Button(tr("No promise"), "minus")
        none.clicked.connect(lambda _=False: self._choose(None))
        none.setEnabled(at_ms is not None)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(none, 1)
        self.footer.addWidget(cancel, 1)
        self._show()

    def _turn(self, days: int) -> None:
        self._first += timedelta(days=days)
        self._show()

    def _pick_day(self, day: date) -> None:
        self._day = day
        self._show()

    def _pick_time(self, moment: time) -> None:
        at = datetime.combine(self._day, moment)
        self._choose(round(at.timestamp() * 1000))

    def _choose(self, at_ms: int | None) -> None:
        self.close_sheet()
        self._chosen(at_ms)

    def _show(self) -> None:
        for at, button in enumerate(self.day_buttons):
            day = self._first + timedelta(days=at)
            name = words.day(datetime.combine(day, time(12)).timestamp())
            if day == self._today:
                name = tr("Today")
            elif day == self._today + timedelta(days=1):
                name = tr("Tomorrow")
            button.show_words(name)
            button.setChecked(day == self._day)
        now = datetime.now()
        for moment, button in self.times.items():
            button.setChecked(moment == self._time)
            button.setEnabled(datetime.combine(self._day, moment) > now)  # nobody promises what is past
