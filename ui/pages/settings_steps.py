"""What is still missing before the first invoice: each line leads to its place, and ticks itself when it is there."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from core.language import tr, trn
from core.people.roles import Actor
from core.people.staff import StaffView
from core.records.records import Records
from ui.context import UiContext
from ui.pages.schedule_planning import PlanningSheet
from ui.pages.settings_list import ListCard
from ui.steps_reading import Steps, read_steps
from ui.widgets.settings_card import Report
from ui.widgets.settings_row import SettingsRow


@dataclass(frozen=True, slots=True)
class Places:
    """Where the steps lead: the forms of the other cards."""

    shop: Callable[[], object]
    tax: Callable[[], object]
    person: Callable[[StaffView | None], object]


class StepsCard(ListCard):
    """Gone when nothing is missing, for who may not enter it anyway, and in a throw-away garage."""

    tables = ("shop_details", "tax_rules", "work_bays", "staff", "shifts")

    def __init__(self, context: UiContext, report: Report, places: Places) -> None:
        super().__init__(tr("Before the first invoice"), context, report)
        self._places = places
        self.steps: dict[str, SettingsRow] = {}
        self.hide()

    def read(self, records: Records) -> Steps:
        return read_steps(records)

    def words(self, found: Steps) -> str:
        missing = sum(not done for done in (found.shop, found.tax, found.bay, found.pin, found.shifts))
        return trn("{count} thing is still missing. Tap it to enter it.",
                   "{count} things are still missing. Tap one to enter it.", missing)  # fmt: skip

    def rows_of(self, found: Steps) -> list[QWidget]:
        self.setVisible(self.may_change and not found.all_done and not self.context.demo)
        steps = (
            ("shop", found.shop, tr("Name and address of the shop"),
             tr("They stand at the head of every estimate and invoice."), self._places.shop),
            ("tax", found.tax, tr("A tax rate"), tr("Without one every line is written without tax."),
             self._places.tax),
            ("bay", found.bay, tr("A work bay"), tr("The schedule plans cars into bays."),
             lambda: self.open_planning("bays")),
            ("pin", found.pin, tr("Somebody with a PIN"), tr("From then on everything bears the name of who did it."),
             lambda: self._places.person(found.without_pin)),
            ("shifts", found.shifts, tr("Shifts"), tr("Who works when: only then times can be offered."),
             lambda: self.open_planning("shifts")),
        )  # fmt: skip
        self.steps = {}
        for name, done, title, why, go in steps:
            row = SettingsRow(
                "ok" if done else "wait", title, "" if done else why, tr("Done") if done else tr("Missing"),
                token="ok" if done else "warning", opens=not done, quiet=done,
            )  # fmt: skip
            row.clicked.connect(lambda _=False, go=go: go())
            self.steps[name] = row
        return list(self.steps.values())

    def open_planning(self, part: str) -> None:
        """Bays or shifts, over this page."""
        records = self.context.records
        if records is not None:
            PlanningSheet(self, records, self._actor, part).open()

    def _actor(self) -> Actor:
        return self.desk[1]
