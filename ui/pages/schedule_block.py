"""A block of the schedule close up: what it is, what does not fit, and every change that can also be dragged."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import may
from core.planning.appointments import EXPECTED
from core.planning.local_days import MINUTE_MS, day_of
from core.planning.schedule import BAY
from core.planning.schedule_views import APPOINTMENT, Block
from ui import background, schedule_reading, theme
from ui import schedule_words as say
from ui.widgets import toast
from ui.widgets.buttons import Button, Choice
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Separator, label
from ui.widgets.touch import scrolling

if TYPE_CHECKING:
    from ui.pages.schedule import SchedulePage

STEP_MS = 15 * MINUTE_MS


class BlockSheet(Sheet):
    """At the right. Each press is written at once and can be taken back; the sheet shows what it is then."""

    def __init__(self, page: "SchedulePage", block: Block) -> None:
        name = say.title(block.job.plate, block.job.number, tr("Appointment"))
        super().__init__(page, name, side="right", width=560)
        self._page = page
        self.block = block
        board = page.board
        assert board is not None
        self._here = board.here
        self.may_change = page.canvas.may_change
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(3), 0)
        self._column.setSpacing(theme.space(2))
        self.body.addWidget(scrolling(content), 1)
        whose = " · ".join(part for part in (block.job.vehicle, block.job.customer) if part)
        for words in (whose, block.task or block.job.title, block.remark):
            if words:
                self._column.addWidget(label(words, wrap=True))
        self._state(block)
        self.when = label("", "heading")
        self._column.addWidget(self.when)
        for conflict in block.conflicts:
            self._line("conflict", "critical", conflict.words)
        if self.may_change:
            self._column.addWidget(Separator())
            self._times()
            if block.kind != APPOINTMENT:
                self._where()
        self._column.addStretch(1)
        self._deeds()
        self._say_when()

    def _line(self, icon: str, token: str, words: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        row.addWidget(IconLabel(icon, 24, token))
        row.addWidget(label(words, wrap=True), 1)
        self._column.addLayout(row)

    def _state(self, block: Block) -> None:
        icon, token = say.shape(block)
        self._line(icon, token, say.state(block))
        if block.waiting:
            self._line("people", "warning", tr("The customer waits for it"))
        promised = block.job.promised_at
        if promised is not None:
            when = f"{say.day(day_of(promised, self._here))} {say.clock(promised, self._here)}"
            if say.late(promised, block.job.status, self._page.canvas.now()):
                self._line("clock", "critical", tr("Late: promised for {time}", time=when))
            else:
                self._line("clock", "text_muted", tr("Promised: {time}", time=when))

    def _say_when(self) -> None:
        block = self.block
        day = say.long_day(day_of(block.start, self._here))
        times = f"{say.clock(block.start, self._here)}–{say.clock(block.end, self._here)}"
        self.when.setText(f"{day}, {times} · {say.hours(block.end - block.start)}")

    def _times(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        deeds: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (tr("15 min earlier"), "chevron-left", lambda: self._shift(-STEP_MS, -STEP_MS)),
            (tr("15 min later"), "chevron-right", lambda: self._shift(STEP_MS, STEP_MS)),
            (tr("15 min shorter"), "minus", lambda: self._shift(0, -STEP_MS)),
            (tr("15 min longer"), "plus", lambda: self._shift(0, STEP_MS)),
        )
        for at, (words, icon, deed) in enumerate(deeds):
            button = Button(words, icon)
            button.clicked.connect(lambda _=False, deed=deed: deed())
            grid.addWidget(button, at // 2, at % 2)
        self._column.addLayout(grid)

    def _where(self) -> None:
        board = self._page.board
        assert board is not None
        for title, name, options, chosen, none in (
            (tr("Bay"), "bay_id", board.bays, self.block.bay_id, tr("No bay")),
            (tr("Technician"), "staff_id", board.people, self.block.staff_id, tr("Nobody yet")),
        ):
            self._column.addWidget(label(title, "caption"))
            choice = Choice(title)  # as wide as the sheet, not as all that a bay has
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.addItem(none, "")
            for each in options:
                if each.planned or each.id == chosen:
                    choice.addItem(" · ".join(part for part in (each.name, ", ".join(each.words)) if part), each.id)
            choice.setCurrentIndex(max(0, choice.findData(chosen or "")))
            choice.activated.connect(lambda at, name=name, choice=choice: self._give(name, choice.itemData(at)))
            self._column.addWidget(choice)

    def _deeds(self) -> None:
        block, page = self.block, self._page
        actor = page.actor()
        if block.kind == APPOINTMENT and (block.status or "booked") in EXPECTED and may(actor, "repair_orders.change"):
            here = Button(tr("It is here"), "car", role="primary")
            here.clicked.connect(lambda _=False: self._receive())
            self.body.addWidget(here)
        if block.job.order_id:
            order = Button(tr("Open the order"), "orders", role="primary" if block.kind != APPOINTMENT else "")
            order.clicked.connect(lambda _=False: self._open())
            self.body.addWidget(order)
        if self.may_change:
            gone = Button(
                tr("Cancel the appointment") if block.kind == APPOINTMENT else tr("Give the time free"), "trash"
            )
            gone.clicked.connect(lambda _=False: self._remove())
            self.body.addWidget(gone)

    def _shift(self, start: int, end: int) -> None:
        block = self.block
        wanted = block.start + start, max(block.end + end, block.start + start + STEP_MS)
        if wanted == (block.start, block.end):
            return
        row = block.bay_id if self._page.by == BAY else block.staff_id
        self._page.change_times(block, row or "", *wanted)
        self.block = self._page.moved_copy(block, *wanted)
        self._say_when()

    def _give(self, name: str, to: str) -> None:
        before = self.block.bay_id if name == "bay_id" else self.block.staff_id
        if (to or None) == before:
            return
        other = self.block.staff_id if name == "bay_id" else self.block.bay_id
        if not to and not other:
            toast.show(self, tr("A bay or somebody is needed; to take both away, give the time free."), tone="warning")
            return
        words = tr("{name} is given to another.", name=say.title(self.block.job.plate, self.block.job.number, ""))
        self._page.change_block(self.block, {name: to or None}, {name: before}, words)
        self.block = self._page.given_copy(self.block, name, to or None)

    def _open(self) -> None:
        self.close_sheet()
        self._page.open_order(self.block.job.order_id or "")

    def _remove(self) -> None:
        self.close_sheet()
        self._page.remove(self.block)

    def _receive(self) -> None:
        page, records, actor = self._page, self._page.records, self._page.actor()
        self.close_sheet()
        if records is None:
            return
        row = self.block.id
        background.run(page, lambda: schedule_reading.receive(records, actor, row), page.arrived, page.not_done)
