"""Insights: the shop at a glance, and how each technician did, with definitions that can be told."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout

from core.insights.dashboard import Dashboard
from core.insights.technicians import Performance
from core.language import tr, trn
from core.people.roles import may
from core.records.changes import ChangeSet
from core.records.errors import explained
from ui import background, insights_reading, theme
from ui.order_opening import open_order
from ui.pages.insights_people import PeopleSection
from ui.pages.insights_shop import ShopSection
from ui.pages.page import Command, Page
from ui.pages.parts_empty import Teaching
from ui.papers_printing import free
from ui.widgets import toast
from ui.widgets.buttons import Button, Segmented
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

SHOP, PEOPLE = "shop", "people"
READ_AFTER_MS = 400
TABLES = frozenset(
    {
        "repair_orders", "repair_order_lines", "status_moves", "clock_punches", "line_decisions", "invoices",
        "invoice_voids", "allocations", "shifts", "absences", "staff", "stock_moves",
    }
)  # fmt: skip


class InsightsPage(Page):
    """Reads when it is shown, and again a moment after something it counts has changed."""

    def load(self) -> None:
        self._shown = False
        self._outdated = True
        self.dashboard: Dashboard | None = None
        self.performance: Performance | None = None
        self._asked = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(3), 0)
        outer.setSpacing(theme.space(4))
        if self.context.records is None or self.context.actor is None:
            outer.addWidget(label(tr("Insights"), "title"))
            words = tr(
                "Figures come from the work of a workshop. On the page Bays this terminal can found or join one."
            )
            outer.addWidget(Teaching("no-workshop", tr("No workshop yet"), words), 1)
            return
        outer.addLayout(self._head())
        self.shop, self.people = ShopSection(), PeopleSection()
        self.people.asked.connect(self._read_person)
        self.people.opened.connect(lambda order: open_order(self.context, order))
        self.private = Teaching(
            "lock", tr("These figures are for the desk"), tr("Your own are under Technicians, once you are signed in.")
        )
        self.stack = QStackedWidget()
        self._areas = {SHOP: scrolling(self.shop), PEOPLE: scrolling(self.people)}
        for area in (*self._areas.values(), self.private):
            self.stack.addWidget(area)
        outer.addWidget(self.stack, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_AFTER_MS)
        self._soon.timeout.connect(self.refresh)
        self.context.people.changed.connect(self._somebody_else)
        self.open_section(SHOP)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(label(tr("Insights"), "title"))
        head.addSpacing(theme.space(2))
        self.which = Segmented({SHOP: tr("The shop"), PEOPLE: tr("Technicians")}, SHOP, tr("Section"))
        self.which.chosen.connect(lambda name: self.open_section(str(name)))
        head.addWidget(self.which)
        head.addStretch(1)
        self.save = Button(tr("Save as CSV"), "export")
        self.save.clicked.connect(lambda _=False: self.export())
        head.addWidget(self.save)
        head.addSpacing(theme.space(4))
        return head

    def open_section(self, name: str) -> None:
        """Bring a section to the front."""
        self.which.set_value(name)
        actor = self.context.actor
        closed = name == SHOP and (actor is None or not may(actor, "figures.read"))
        self.stack.setCurrentWidget(self.private if closed else self._areas[name])
        self.save.setVisible(not closed)
        self.refresh()

    def on_shown(self) -> None:
        self._shown = True
        if self._outdated and self.context.records is not None:
            self.refresh()

    def on_hidden(self) -> None:
        self._shown = False

    def on_change(self, changes: ChangeSet) -> None:
        if TABLES & changes.rows.keys():
            self._outdated = True
            if self._shown and self.context.records is not None and not self._soon.isActive():
                self._soon.start()

    def refresh(self) -> None:
        """Read the section in front anew."""
        records, actor = self.context.records, self.context.actor
        if records is None or actor is None or not hasattr(self, "stack"):
            return
        self._outdated = False
        if self.stack.currentWidget() is self._areas[SHOP]:
            background.run(self, lambda: insights_reading.read_dashboard(records, actor), self._show_shop, self._failed)
        elif self.stack.currentWidget() is self._areas[PEOPLE]:
            background.run(
                self, lambda: insights_reading.read_people(records, actor), self.people.show_people, self._failed
            )

    def _show_shop(self, found: Dashboard) -> None:
        self.dashboard = found
        self.shop.show_figures(found)

    def _read_person(self, staff_id: str, days: int) -> None:
        records, actor = self.context.records, self.context.actor
        if records is None or actor is None:
            return
        self._asked += 1
        asked = self._asked

        def shown(found: Performance) -> None:
            if asked == self._asked:  # nobody else was chosen meanwhile
                self.performance = found
                self.people.show_figures(found)

        background.run(
            self, lambda: insights_reading.read_performance(records, actor, staff_id, days), shown, self._failed
        )

    def _somebody_else(self) -> None:
        self.open_section(str(self.which.value()))

    def _failed(self, error: Exception) -> None:
        toast.show(self, tr("The figures could not be read."), detail=str(error), tone="warning")

    def export(self) -> None:
        """Save what is in front as CSV, where the person says; in kiosk mode beside the other exports."""
        people = self.stack.currentWidget() is self._areas[PEOPLE]
        found, name = (self.performance, "technician") if people else (self.dashboard, "gross-profit")
        if found is None:
            return
        file = self._place(f"{name}.csv")
        if file is None:
            return

        def write() -> int:
            if isinstance(found, Performance):
                return insights_reading.write_performance(found, file)
            return insights_reading.write_money(found, file)

        def failed(error: Exception) -> None:
            if not isinstance(error, OSError):
                raise error
            why = explained(error, file) or f"{file}: {error.strerror or error}"
            toast.show(self, tr("The file could not be written."), detail=str(why), tone="critical")

        def done(count: int) -> None:
            said = trn("{count} row is in {file}", "{count} rows are in {file}", count, file=file)
            toast.show(self, said, tone="ok")

        background.run(self, write, done, failed)

    def _place(self, name: str) -> Path | None:
        if self.context.preferences.kiosk:
            return free(self.context.home / "exports" / name)
        chosen, _ = QFileDialog.getSaveFileName(
            self.window(), tr("Save as CSV"), str(Path.home() / name), "CSV (*.csv)"
        )
        path = Path(chosen) if chosen else None
        return path if path is None or path.suffix else path.with_name(f"{path.name}.csv")

    def commands(self) -> tuple[Command, ...]:
        return (
            Command(tr("Figures of the shop"), lambda: self._go(SHOP), "insights", tr("dashboard profit late")),
            Command(tr("Figures of technicians"), lambda: self._go(PEOPLE), "insights", tr("performance efficiency")),
        )

    def _go(self, section: str) -> None:
        if self.context.frame is not None and self.context.frame.go("insights") and hasattr(self, "stack"):
            self.open_section(section)

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.context.records is None:
            return ()
        return (("people", lambda: self.open_section(PEOPLE)),)
