"""What the schedule stands on, entered in one sheet: bays and what they have, who works when, who is away."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from core.language import tr
from core.people.roles import Actor, Denied
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from ui import background, planning_reading
from ui.pages.bays_sheets import Trouble
from ui.pages.planning_absences import AbsencesForm
from ui.pages.planning_bays import BaysForm
from ui.pages.planning_shifts import ShiftsForm
from ui.planning_reading import Planning
from ui.widgets import toast
from ui.widgets.buttons import Segmented
from ui.widgets.dialogs import Sheet
from ui.widgets.touch import scrolling

PARTS = ("bays", "shifts", "absences")


class PlanningSheet(Sheet):
    """At the right; what is pressed is written at once."""

    def __init__(self, anchor: QWidget, records: Records, actor: Callable[[], Actor], part: str) -> None:
        super().__init__(anchor, tr("Work bays, shifts and absences"), side="right", width=900)
        self.records, self._actor = records, actor
        words = {"bays": tr("Work bays"), "shifts": tr("Shifts"), "absences": tr("Absences")}
        self.parts = Segmented(words, part, tr("What is entered"))
        self.parts.chosen.connect(self._choose)
        self.body.addWidget(self.parts)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        self.bays, self.shifts, self.absences = BaysForm(self), ShiftsForm(self), AbsencesForm(self)
        self.stack = QStackedWidget()
        for form in (self.bays, self.shifts, self.absences):
            self.stack.addWidget(scrolling(form))
        self.body.addWidget(self.stack, 1)
        self.footer.addWidget(self.shifts.bar, 1)
        self._choose(part)
        self.read()

    def open(self, focus: QWidget | None = None) -> None:
        """The keyboard begins at the part that is in front."""
        super().open(focus or self.parts.front())

    @property
    def actor(self) -> Actor:
        """Who writes now."""
        return self._actor()

    def _choose(self, part: object) -> None:
        self.stack.setCurrentIndex(PARTS.index(str(part)))
        self.shifts.bar.setVisible(part == "shifts")
        self.trouble.say("")

    def read(self) -> None:
        """Show what is there now."""
        records = self.records
        background.run(self, lambda: planning_reading.read_planning(records), self._show, self.failed)

    def _show(self, planning: Planning) -> None:
        self.bays.show_planning(planning)
        self.shifts.show_planning(planning)
        self.absences.show_planning(planning)

    def write(self, work: Callable[[], object], words: str = "", undo: Callable[[], object] | None = None) -> None:
        """Do ``work`` off this thread; ``undo`` is another work that takes it back."""

        def done(_: object) -> None:
            self.trouble.say("")
            self.read()
            if words:
                anchor = self.window()
                back = None if undo is None else lambda: background.run(anchor, undo, lambda _: None, lambda _: None)
                toast.show(anchor, words, tone="ok", undo=back)

        background.run(self, work, done, self.failed)

    def failed(self, error: Exception) -> None:
        """Say what was wrong; what was typed stays."""
        if not isinstance(error, Refused | Denied | NotFound | RecordsError | OSError):
            raise error
        self.trouble.say(str(error))
