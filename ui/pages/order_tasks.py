"""Tasks of an order: each with its own technician, done by one tap, added by typing and Enter."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.tasks import TaskView
from ui import order_work_reading, sync_words, theme
from ui.money_words import hours
from ui.orders_reading import Person
from ui.pages.order_desk import OrderDesk
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.buttons import Button, IconButton, ValueButton
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.verdict_button import VerdictButton


class TaskRow(QFrame):
    """One task."""

    def __init__(self, desk: OrderDesk, task: TaskView, people: Sequence[Person]) -> None:
        super().__init__()
        self.desk, self.task, self.people = desk, task, people
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(3))
        self.done = VerdictButton(tr("Done"), "ok", "ok", 112, task.title or "")
        self.done.clicked.connect(lambda _=False: self._toggle())
        row.addWidget(self.done)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self.title = ElidedLabel("", "text", 18, "medium")
        self.about = ElidedLabel("", "text_muted", 15).set_tabular()
        texts.addWidget(self.title)
        texts.addWidget(self.about)
        row.addLayout(texts, 1)
        self.hours = Button("")
        self.hours.setFixedWidth(theme.scaled(112))
        self.hours.clicked.connect(lambda _=False: self.open_hours())
        row.addWidget(self.hours)
        self.who = ValueButton("", "people")
        self.who.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.who.setFixedWidth(theme.scaled(220))
        self.who.clicked.connect(lambda _=False: self.open_who())
        row.addWidget(self.who)
        self.remove = IconButton("trash", tr("Remove"))
        self.remove.clicked.connect(lambda _=False: self._remove())
        row.addWidget(self.remove)
        self.show_task(task, people)

    def show_task(self, task: TaskView, people: Sequence[Person]) -> None:
        self.task, self.people = task, people
        self.title.set_text(task.title or "")
        finished = task.done_at is not None
        at = sync_words.moment(task.done_at) if task.done_at is not None else ""
        self.about.set_text(tr("Done at {time}", time=at) if finished else tr("To do"))
        self.done.show_chosen(finished)
        self.hours.show_words(hours(task.expected_hours) or tr("Hours"))
        self.who.show_words(task.technician_name or tr("Nobody yet"), "people")

    def _save(self, name: str, value: object, said: str) -> None:
        before = getattr(self.task, name)
        if value == before:
            return
        records, actor, id_ = self.desk.records, self.desk.actor, self.task.id
        self.desk.run(
            lambda: order_work_reading.save_task(records, actor, id_, {name: value}),
            said,
            lambda: order_work_reading.save_task(records, actor, id_, {name: before}),
        )

    def _toggle(self) -> None:
        records, actor, id_ = self.desk.records, self.desk.actor, self.task.id
        done = self.task.done_at is None
        self.desk.run(lambda: order_work_reading.finish_task(records, actor, id_, done))

    def open_hours(self) -> None:
        value = None if self.task.expected_hours is None else self.task.expected_hours // 10
        AmountSheet(
            self, tr("Hours expected"), value,
            lambda each: self._save("expected_hours", None if each is None else each * 10, tr("The hours are kept.")),
            unit=tr("h"), decimals=2, none=tr("Not said"),
        ).open()  # fmt: skip

    def open_who(self) -> None:
        answers = tuple(Answer(each.id, each.name, "people", "text_muted") for each in self.people)
        hint = "" if answers else tr("Nobody works here yet: people are entered in the settings.")
        said = partial(self._save, "technician_id")
        ChoiceSheet(
            self, self.task.title or tr("Task"), answers, self.task.technician_id,
            lambda value: said(value, tr("The technician is set.")), none=tr("Nobody"), hint=hint,
        ).open()  # fmt: skip

    def _remove(self) -> None:
        records, actor, task = self.desk.records, self.desk.actor, self.task
        self.desk.run(
            lambda: order_work_reading.remove_task(records, actor, task.id),
            tr("Removed: {line}", line=task.title or ""),
            lambda: order_work_reading.bring_task_back(records, actor, task.id),
        )


class TasksBox(QWidget):
    """The tasks and a field for one more; what is being typed waits at its order."""

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self.rows: dict[str, TaskRow] = {}
        self._drafts: dict[str, str] = {}
        self._row = desk.row
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(label(tr("Tasks"), "heading"))
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.space(2))
        column.addLayout(self._list)
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("New task"))
        self.field.setPlaceholderText(tr("New task: what somebody shall do"))
        self.field.setMaxLength(200)
        self.field.returnPressed.connect(self.add)
        row.addWidget(self.field, 1)
        self.button = Button(tr("Add"), "plus")
        self.button.clicked.connect(lambda _=False: self.add())
        row.addWidget(self.button)
        column.addLayout(row)

    def begin(self) -> None:
        """Another order comes."""
        if self._row and self.field.text():
            self._drafts[self._row] = self.field.text()
        self._row = self.desk.row
        self.field.setText(self._drafts.pop(self._row, ""))
        self.show_tasks((), ())

    def show_tasks(self, tasks: Sequence[TaskView], people: Sequence[Person]) -> None:
        self._row = self.desk.row
        wanted = {each.id for each in tasks}
        for id_ in [each for each in self.rows if each not in wanted]:
            old = self.rows.pop(id_)
            old.hide()
            old.deleteLater()
        for at, task in enumerate(tasks):
            row = self.rows.get(task.id)
            if row is None:
                row = self.rows[task.id] = TaskRow(self.desk, task, people)
            else:
                row.show_task(task, people)
            row.setEnabled(self.desk.may("repair_orders.change"))
            if self._list.indexOf(row) != at:
                self._list.insertWidget(at, row)

    def add(self) -> None:
        """Add what was typed; it stays in the field until it is kept."""
        title = self.field.text().strip()
        if not title:
            self.field.setFocus()
            return
        desk = self.desk
        records, actor, row = desk.records, desk.actor, desk.row

        def then(made: TaskView) -> None:
            if desk.row == row and self.field.text().strip() == title:
                self.field.clear()
            desk.run(lambda: None, tr("Added: {line}", line=title),
                     lambda: order_work_reading.remove_task(records, actor, made.id))  # fmt: skip

        desk.run(lambda: order_work_reading.add_task(records, actor, row, title), then=then)
