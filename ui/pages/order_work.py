"""Work on an order: complaint, cause and correction, each kept when it is left, alive while others write."""

from collections.abc import Callable
from typing import Any

from core.language import tr
from ui import order_work_reading, orders_reading
from ui.order_work_reading import WorkRead
from ui.orders_reading import OrderRead
from ui.pages.order_clock import ClockBox
from ui.pages.order_quality import QualityBox
from ui.pages.order_section import Section
from ui.pages.order_tasks import TasksBox
from ui.pages.orders_field import TextField


class WorkSection(Section):
    """What a technician does: who is clocked on, what is found and done, which tasks there are, and the last look."""

    TABLES = frozenset(
        {"clock_punches", "staff", "repair_order_lines", "line_decisions", "tasks", "quality_checks", "status_moves"}
    )

    def build(self) -> None:
        self.clock = ClockBox(self.desk)
        self.column.addWidget(self.clock)
        self.texts = {
            "complaint": TextField("complaint", tr("Complaint: what the customer says")),
            "cause": TextField("cause", tr("Cause: what was found")),
            "correction": TextField("correction", tr("Correction: what was done")),
        }
        for field in self.texts.values():
            field.save.connect(self._save_text)
            self.column.addWidget(field)
        self.tasks = TasksBox(self.desk)
        self.column.addWidget(self.tasks)
        self.quality = QualityBox(self.desk)
        self.column.addWidget(self.quality)
        self.column.addStretch(1)

    # --- what is shown

    def begin(self) -> None:
        self.clock.begin()
        self.tasks.begin()
        self.quality.show_check(None)
        for field in self.texts.values():
            field.begin("", ready=False)  # until it is read: words of one order never end up in another

    def show_order(self, found: OrderRead, *, fresh: bool) -> None:
        for name, field in self.texts.items():
            if fresh:
                field.begin(getattr(found.order, name))
            else:
                field.show_shared(getattr(found.order, name), found.writers.get(name))

    def reading(self) -> Callable[[], WorkRead]:
        records, row = self.desk.records, self.desk.row
        return lambda: order_work_reading.read_work(records, row)

    def show_read(self, found: Any) -> None:
        self.clock.show_clock(found.clock)
        self.tasks.show_tasks(found.tasks, found.clock.people)
        self.quality.show_check(found.check)

    def flush(self) -> None:
        for field in self.texts.values():
            field.leave()

    # --- what a person does

    def _save_text(self, name: str, text: str) -> None:
        desk, field, window = self.desk, self.texts[name], self.window()
        row, records, actor = desk.row, desk.records, desk.actor

        def done(order: object) -> None:
            if desk.still(row):
                field.saved(getattr(order, name))
                desk.done.emit()

        def failed(error: Exception) -> None:
            if desk.still(row):
                field.not_saved(str(error))
            else:
                desk.lost(window, text, error)

        desk.keep_typed(lambda: orders_reading.save_field(records, actor, row, name, text), done, failed)
