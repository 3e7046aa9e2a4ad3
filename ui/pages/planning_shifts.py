"""Who works when: seven days of a week for one person, each off or with a shift or two, their hours and breaks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.planning.local_days import DAY_MIN
from core.planning.shifts import ShiftView
from ui import planning_reading, schedule_reading, theme
from ui import schedule_words as say
from ui.planning_reading import Planning, Working
from ui.widgets.buttons import Button, Choice, IconButton, Switch
from ui.widgets.panels import label

if TYPE_CHECKING:
    from ui.pages.schedule_planning import PlanningSheet

STEP = 15
USUAL = (8 * 60, 17 * 60, 60)
MOST_SHIFTS = 2  # that one enters here; more, from another program, are shown all the same


def times(first: int = 0, last: int = DAY_MIN) -> list[int]:
    """Quarters of an hour, minutes after midnight."""
    return list(range(first, last + 1, STEP))


def clock(minutes: int) -> str:
    """ "7:30"; beyond midnight it says so."""
    text = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    return tr("{time} next day", time=text) if minutes > DAY_MIN else text


def _pause(minutes: int) -> str:
    return tr("{count} min", count=minutes) if minutes else tr("no break")


def narrow(choice: Choice) -> Choice:
    """As wide as there is room for, not as its longest words."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(5)
    return choice


@dataclass(frozen=True, slots=True)
class Shift:
    """What stands in a line: minutes after midnight, and of its break; ``id`` "" is new; ``note``: on which days."""

    id: str
    hours: tuple[int, int, int]
    note: str = ""


class _Stretch(QWidget):
    """One shift: from, until, its break. The button of a day's first one adds another, of others takes them away."""

    pressed = Signal()

    def __init__(self, day: str, first: bool) -> None:
        super().__init__()
        self.id = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.starts = self._times(tr("{day} from", day=day))
        self.ends = self._times(tr("{day} until", day=day), 2 * DAY_MIN)
        self.pause = narrow(Choice(tr("Break on {day}", day=day)))
        for minutes in range(0, 121, STEP):
            self.pause.addItem(_pause(minutes), minutes)
        for each in (self.starts, self.ends, self.pause):
            row.addWidget(each, 2)
        words = tr("A second shift on {day}", day=day) if first else tr("Without this shift")
        self.button = IconButton("plus" if first else "trash", words)
        self.button.clicked.connect(lambda _=False: self.pressed.emit())
        row.addWidget(self.button)
        column.addLayout(row)
        self.note = label("", "caption")
        self.note.hide()
        column.addWidget(self.note)

    @staticmethod
    def _times(title: str, last: int = DAY_MIN - STEP) -> Choice:
        choice = narrow(Choice(title))
        for minutes in times(0, last):
            choice.addItem(clock(minutes), minutes)
        return choice

    def put(self, shift: Shift) -> None:
        self.id = shift.id
        for choice, value in zip((self.starts, self.ends, self.pause), shift.hours, strict=True):
            if choice.findData(value) < 0:  # 7:50, from another program
                choice.addItem(_pause(value) if choice is self.pause else clock(value), value)
            choice.setCurrentIndex(choice.findData(value))
        self.note.setText(shift.note)
        self.note.setVisible(bool(shift.note))

    def shift(self) -> Shift:
        hours = self.starts.currentData(), self.ends.currentData(), self.pause.currentData()
        return Shift(self.id, hours, self.note.text())

    def allow(self, *, on: bool, more: bool) -> None:
        """Whether it is worked at all, and whether the button is of use."""
        for each in (self.starts, self.ends, self.pause):
            each.setEnabled(on)
        self.button.setEnabled(on and more)


class _Day(QWidget):
    """One day of the week: off, or one shift and as many more as somebody works."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.shifts = number, list[_Stretch]()
        self._name = name = say.weekday(number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        words = label(name)
        words.setFixedWidth(theme.scaled(130))
        words.setFixedHeight(theme.target)
        self.works = Switch(False, name)
        self.works.toggled.connect(lambda _: self._show())
        for each in (words, self.works):
            row.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.space(1))
        row.addLayout(self._column, 1)
        self.put(())

    def _show(self) -> None:
        for each in self.shifts:
            each.allow(on=self.works.isChecked(), more=each is not self.shifts[0] or len(self.shifts) < MOST_SHIFTS)

    def put(self, shifts: Sequence[Shift]) -> None:
        """Show these shifts; none: a day off."""
        self.works.set_value(bool(shifts))
        wanted = list(shifts) or [Shift("", USUAL)]
        while len(self.shifts) > len(wanted):
            self._drop(self.shifts[-1])
        while len(self.shifts) < len(wanted):
            self._add()
        for stretch, shift in zip(self.shifts, wanted, strict=True):
            stretch.put(shift)
        self._show()

    def _add(self) -> _Stretch:
        first = not self.shifts
        made = _Stretch(self._name, first)
        made.pressed.connect(self.split if first else lambda: self._drop(made))
        self.shifts.append(made)
        self._column.addWidget(made)
        return made

    def _drop(self, gone: _Stretch) -> None:
        self.shifts.remove(gone)
        self._column.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
        self._show()

    def split(self) -> None:
        """A second shift: the first one ends where its break would begin, the second has what comes after."""
        first = self.shifts[-1].shift()
        starts, ends, pause = first.hours
        middle, pause = (starts + ends) // 2 // STEP * STEP, pause or 60
        noon = max(starts + STEP, middle - pause // 2 // STEP * STEP)
        self.shifts[-1].put(Shift(first.id, (starts, noon, 0), first.note))
        self._add().put(Shift("", (noon + pause, max(ends, noon + pause + STEP), 0)))
        self._show()

    def worked(self) -> list[Shift]:
        """The shifts of the day as they are chosen."""
        return [each.shift() for each in self.shifts] if self.works.isChecked() else []


def _titles() -> QHBoxLayout:
    """What stands over the three choices of a day."""
    row = QHBoxLayout()
    row.setSpacing(theme.space(2))
    switch = Switch(False, "").sizeHint().width()
    row.addSpacing(theme.scaled(130) + switch + theme.space(2) + theme.space(2))
    for words in (tr("from"), tr("until"), tr("break")):
        row.addWidget(label(words, "caption"), 2)
    row.addSpacing(theme.target)
    return row


class ShiftsForm(QWidget):
    """A person, their week, and one button that keeps it."""

    def __init__(self, sheet: "PlanningSheet") -> None:
        super().__init__()
        self._sheet = sheet
        self._planning: Planning | None = None
        self._known: set[str] = set()  # the shifts of this person that are shown
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
        self.bar = QWidget()  # at the foot of the sheet: also of a week that does not fit into it
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        same = Button(tr("Tuesday to Friday as Monday"), "copy")
        same.clicked.connect(lambda _=False: self._same())
        self.keep = Button(tr("Save this week"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.save())
        row.addWidget(same, 1)
        row.addWidget(self.keep, 1)
        self.bar.setLayout(row)
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
        mine = [each for each in (planning.shifts if planning else ()) if each.staff_id == who]
        for day in self.days:
            day.put([_shown(each) for each in mine if each.weekday == day.number and each.starts is not None])
        self._known = {each.id for day in self.days for each in day.worked() if each.id}

    def _same(self) -> None:
        monday = self.days[0].worked()
        for day in self.days[1:5] if monday else ():
            ids = [each.id for each in day.worked()] + [""] * len(monday)
            day.put([Shift(id_, each.hours) for id_, each in zip(ids, monday, strict=False)])

    def save(self) -> None:
        """Write the week of this person."""
        records, actor, who = self._sheet.records, self._sheet.actor, self.who.currentData()
        wanted = [Working(each.id, day.number, *each.hours) for day in self.days for each in day.worked()]
        gone = sorted(self._known - {each.id for each in wanted})
        words = tr("The week of {name} is saved.", name=self.who.currentText())
        self._sheet.write(lambda: planning_reading.keep_week(records, actor, who, wanted, gone), words)


def _shown(shift: ShiftView) -> Shift:
    """A shift that is known; which days it is for, when it does not hold from now on."""
    today, until = schedule_reading.today().isoformat(), shift.until or ""
    since = shift.since if (shift.since or "") > today else ""
    days = [say.day(dt.date.fromisoformat(each)) if each else "" for each in (since or "", until)]
    note = tr("only from {first} until {last}", first=days[0], last=days[1]) if all(days) else ""
    note = note or (
        tr("only until {day}", day=days[1]) if days[1] else tr("from {day} on", day=days[0]) if days[0] else ""
    )
    return Shift(shift.id, (shift.starts or 0, shift.ends or 0, shift.break_minutes or 0), note)
