"""Who works when: seven days of a week for one person, each on or off, with its hours and its break."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.planning.local_days import DAY_MIN
from ui import planning_reading, theme
from ui import schedule_words as say
from ui.planning_reading import Planning, Working
from ui.widgets.buttons import Button, Choice, Switch
from ui.widgets.panels import label

if TYPE_CHECKING:
    from ui.pages.schedule_planning import PlanningSheet

STEP = 15
USUAL = (8 * 60, 17 * 60, 60)


def times(first: int = 0, last: int = DAY_MIN) -> list[int]:
    """Quarters of an hour, minutes after midnight."""
    return list(range(first, last + 1, STEP))


def clock(minutes: int) -> str:
    """ "7:30"; beyond midnight it says so."""
    text = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    return tr("{time} next day", time=text) if minutes > DAY_MIN else text


def _narrow(choice: Choice) -> Choice:
    """As wide as there is room for, not as its longest words."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(5)
    return choice


class _Day(QWidget):
    """One day of the week."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.id = number, ""
        name = say.weekday(number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        words = label(name)
        words.setFixedWidth(theme.scaled(130))
        self.works = Switch(False, name)
        self.works.toggled.connect(lambda _: self._show())
        self.starts, self.ends = (
            self._times(tr("{day} from", day=name)),
            self._times(tr("{day} until", day=name), 2 * DAY_MIN),
        )
        self.pause = _narrow(Choice(tr("Break on {day}", day=name)))
        for minutes in range(0, 121, STEP):
            self.pause.addItem(tr("{count} min", count=minutes) if minutes else tr("no break"), minutes)
        for each, stretch in ((words, 0), (self.works, 0), (self.starts, 2), (self.ends, 2), (self.pause, 2)):
            row.addWidget(each, stretch)
        self.put("", None)

    @staticmethod
    def _times(title: str, last: int = DAY_MIN - STEP) -> Choice:
        choice = _narrow(Choice(title))
        for minutes in times(0, last):
            choice.addItem(clock(minutes), minutes)
        return choice

    def _show(self) -> None:
        for each in (self.starts, self.ends, self.pause):
            each.setEnabled(self.works.isChecked())

    def put(self, id_: str, hours: tuple[int, int, int] | None) -> None:
        """Show these hours; None: no shift."""
        self.id = id_
        self.works.set_value(hours is not None)
        for choice, value in zip((self.starts, self.ends, self.pause), hours or USUAL, strict=True):
            if choice.findData(value) < 0:  # 7:50, from another program
                choice.addItem(clock(value) if choice is not self.pause else tr("{count} min", count=value), value)
            choice.setCurrentIndex(choice.findData(value))
        self._show()

    def hours(self) -> tuple[int, int, int]:
        return self.starts.currentData(), self.ends.currentData(), self.pause.currentData()


def _titles() -> QHBoxLayout:
    """What stands over the three choices of a day."""
    row = QHBoxLayout()
    row.setSpacing(theme.space(2))
    switch = Switch(False, "").sizeHint().width()
    row.addSpacing(theme.scaled(130) + switch + theme.space(2) + theme.space(2))
    for words in (tr("from"), tr("until"), tr("break")):
        row.addWidget(label(words, "caption"), 2)
    return row


class ShiftsForm(QWidget):
    """A person, their week, and one button that keeps it."""

    def __init__(self, sheet: "PlanningSheet") -> None:
        super().__init__()
        self._sheet = sheet
        self._planning: Planning | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), 0)
        column.setSpacing(theme.space(2))
        self.who = Choice(tr("Who"))
        self.who.currentIndexChanged.connect(lambda _: self._show_week())
        column.addWidget(self.who)
        self.days = [_Day(number) for number in range(1, 8)]
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        grid.addLayout(_titles(), 0, 0)
        for at, day in enumerate(self.days, 1):
            grid.addWidget(day, at, 0)
        column.addLayout(grid)
        row = QHBoxLayout()
        same = Button(tr("Tuesday to Friday as Monday"), "copy")
        same.clicked.connect(lambda _=False: self._same())
        self.keep = Button(tr("Keep this week"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.save())
        row.addWidget(same, 1)
        row.addWidget(self.keep, 1)
        column.addLayout(row)
        self.note = label(tr("Times are those of the clock on the wall, also when the clocks change."), "caption")
        column.addWidget(self.note)
        column.addStretch(1)

    def show_planning(self, planning: Planning) -> None:
        """The people and the shifts there are."""
        before = self.who.currentData()
        self._planning = planning
        self.who.blockSignals(True)
        self.who.clear()
        for person in planning.people:
            self.who.addItem(person.name, person.id)
        if not planning.people:
            self.who.addItem(tr("Nobody is known yet: people are entered on the page Settings."), "")
        self.who.setCurrentIndex(max(0, self.who.findData(before)))
        self.who.blockSignals(False)
        self.keep.setEnabled(bool(planning.people))
        self._show_week()

    def _show_week(self) -> None:
        planning, who = self._planning, self.who.currentData()
        mine = {each.weekday: each for each in (planning.shifts if planning else ()) if each.staff_id == who}
        for day in self.days:
            shift = mine.get(day.number)
            if shift is None or shift.starts is None or shift.ends is None:
                day.put("", None)
            else:
                day.put(shift.id, (shift.starts, shift.ends, shift.break_minutes or 0))

    def _same(self) -> None:
        monday = self.days[0]
        if monday.works.isChecked():
            for day in self.days[1:5]:
                day.put(day.id, monday.hours())

    def save(self) -> None:
        """Write the week of this person."""
        records, actor, who = self._sheet.records, self._sheet.actor, self.who.currentData()
        wanted = [Working(day.id, day.number, *day.hours()) for day in self.days if day.works.isChecked()]
        gone = [day.id for day in self.days if day.id and not day.works.isChecked()]
        words = tr("The week of {name} is kept.", name=self.who.currentText())
        self._sheet.write(lambda: planning_reading.keep_week(records, actor, who, wanted, gone), words)
