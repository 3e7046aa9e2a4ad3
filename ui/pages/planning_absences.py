"""Who is away and which bay is out of use: entered by whole days or by the hour, with what is coming listed beneath."""

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.planning.absences import KINDS, AbsenceView
from core.planning.local_days import DAY_MIN, day_of, day_span, moment
from core.workshop.hours import zone
from ui import planning_reading, schedule_reading, theme
from ui import schedule_words as say
from ui.pages.planning_shifts import STEP, clock, narrow, times
from ui.planning_reading import Planning
from ui.widgets.buttons import Button, Choice, IconButton
from ui.widgets.panels import ElidedLabel, label

if TYPE_CHECKING:
    from ui.pages.schedule_planning import PlanningSheet


class DayStepper(QWidget):
    """A day, with a button for the one before and the one after, and a time of it; None: all of the day."""

    stepped = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.day = schedule_reading.today()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        words = label(title)
        words.setFixedWidth(theme.scaled(80))
        row.addWidget(words)
        for icon, name, step in (("chevron-left", tr("Earlier"), -1), ("chevron-right", tr("Later"), 1)):
            button = IconButton(icon, f"{title}: {name}", role="")
            button.setAutoRepeat(True)
            button.clicked.connect(lambda _=False, step=step: self.step(step))
            row.addWidget(button)
            if step < 0:
                self.words = ElidedLabel("", weight="semibold")
                self.words.setFixedWidth(theme.scaled(150))
                row.addWidget(self.words)
        self.time = narrow(Choice(tr("{title}: time", title=title)))
        self.time.addItem(tr("all day"), None)
        for minutes in times(0, DAY_MIN - STEP):
            self.time.addItem(clock(minutes), minutes)
        row.addWidget(self.time, 1)
        self.put(self.day)

    def step(self, days: int) -> None:
        """So many days on."""
        self.put(self.day + dt.timedelta(days=days))
        self.stepped.emit()

    def put(self, day: dt.date) -> None:
        """Show this day, without telling."""
        self.day = day
        self.words.set_text(say.day(day))

    def moment(self, usual: int) -> int:
        """UTC milliseconds; ``usual``: minutes after midnight when all of the day is meant."""
        minutes = self.time.currentData()
        return moment(self.day, usual if minutes is None else minutes)


class AbsencesForm(QWidget):
    """A form for a new absence, and those that are not over."""

    def __init__(self, sheet: "PlanningSheet") -> None:
        super().__init__()
        self._sheet = sheet
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), 0)
        column.setSpacing(theme.space(3))
        row = QHBoxLayout()
        self.who, self.kind = Choice(tr("Who or which bay")), Choice(tr("Why"))
        for name, words in KINDS.items():
            self.kind.addItem(tr(words), name)
        row.addWidget(self.who, 3)
        row.addWidget(self.kind, 2)
        column.addLayout(row)
        span = QVBoxLayout()
        span.setSpacing(theme.space(2))
        self.first, self.last = DayStepper(tr("from")), DayStepper(tr("until"))
        self.first.stepped.connect(lambda: self.last.put(max(self.first.day, self.last.day)))
        self.last.stepped.connect(lambda: self.first.put(min(self.first.day, self.last.day)))
        span.addWidget(self.first, 1)
        span.addWidget(self.last, 1)
        column.addLayout(span)
        self.add = Button(tr("Enter the absence"), "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self.save())
        column.addWidget(self.add)
        self.heading = label(tr("Now and coming"), "heading")
        column.addWidget(self.heading)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.space(1))
        column.addLayout(self._lines)
        column.addStretch(1)
        self.lines: list[QWidget] = []
        self._names: dict[str, str] = {}

    def show_planning(self, planning: Planning) -> None:
        """Whom it may be of, and what is known."""
        before = self.who.currentData()
        self._names = {each.id: each.name for each in planning.people} | {
            each.id: each.name or "" for each in planning.bays
        }
        self.who.clear()
        for person in planning.people:
            self.who.addItem(person.name, ("staff_id", person.id))
        for bay in planning.bays:
            self.who.addItem(bay.name or "", ("bay_id", bay.id))
        self.who.setCurrentIndex(max(0, self.who.findData(before)))
        self.add.setEnabled(self.who.count() > 0)
        for old in self.lines:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [self._line(each) for each in planning.absences]
        self.heading.setText(tr("Now and coming") if self.lines else tr("Nobody is away."))

    def _line(self, absence: AbsenceView) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        name = self._names.get(absence.staff_id or absence.bay_id or "", tr("Somebody"))
        row.addWidget(ElidedLabel(f"{name} · {say.away(absence.kind or 'other')} · {_span(absence)}"), 1)
        cross = IconButton("trash", tr("Take it back"))
        cross.clicked.connect(lambda _=False: self._remove(absence, name))
        row.addWidget(cross)
        self._lines.addWidget(line)
        return line

    def save(self) -> None:
        """Write it: whole days, both of them in it, or from one time to another."""
        field, row = self.who.currentData()
        fields: dict[str, object] = {
            field: row,
            "kind": self.kind.currentData(),
            "starts_at": self.first.moment(0),
            "ends_at": self.last.moment(DAY_MIN),
        }
        records, actor = self._sheet.records, self._sheet.actor
        self._sheet.write(lambda: planning_reading.add_absence(records, actor, fields))

    def _remove(self, absence: AbsenceView, name: str) -> None:
        records, actor = self._sheet.records, self._sheet.actor
        self._sheet.write(
            lambda: planning_reading.remove_absence(records, actor, absence.id),
            tr("The absence of {name} is taken back.", name=name),
            lambda: planning_reading.bring_absence_back(records, actor, absence.id),
        )


def _span(absence: AbsenceView) -> str:
    here = zone()
    start, end = absence.starts_at or 0, absence.ends_at
    first = say.day(day_of(start, here))
    begins = "" if start == day_span(day_of(start, here), here)[0] else f" {say.clock(start, here)}"
    if end is None:
        return tr("from {day} until further notice", day=first + begins)
    last = say.day(day_of(end - 1, here))
    ends = "" if end == day_span(day_of(end - 1, here), here)[1] else f" {say.clock(end, here)}"
    if first == last and (begins or ends):
        return f"{first}{begins or ' 00:00'}–{ends.strip() or '24:00'}"
    return first if first == last else f"{first}{begins} – {last}{ends}"
