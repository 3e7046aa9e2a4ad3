"""Schedule: bays or technicians down, time across, the work that waits at the side, and how many hours are left."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from core.language import tr
from core.people.roles import Actor, Denied, may
from core.planning.allocations import AllocationView
from core.planning.local_days import day_of
from core.planning.schedule import BAY, TECHNICIAN
from core.planning.schedule_views import APPOINTMENT, Block, Unplanned
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from core.workshop.hours import zone
from ui import background, schedule_reading, theme
from ui import schedule_words as say
from ui.pages.page import Command, Page
from ui.pages.schedule_block import BlockSheet
from ui.pages.schedule_booking import BookingSheet, Wish
from ui.pages.schedule_canvas import ScheduleCanvas
from ui.pages.schedule_head import CapacityStrip, DayPicker
from ui.pages.schedule_mine import DaySheet, MyDay
from ui.pages.schedule_planning import PlanningSheet
from ui.pages.schedule_welcome import NoWorkshop, Welcome
from ui.schedule_reading import DAY, WEEK, Board
from ui.widgets import toast
from ui.widgets.buttons import Button, Segmented
from ui.widgets.panels import label

CHANGED_MS = 80
MINE = "mine"
TABLES = frozenset(
    {"allocations", "appointments", "work_bays", "shifts", "absences", "staff", "repair_orders", "repair_order_lines",
     "line_decisions", "vehicles", "customers", "tasks", "clock_punches"}
)  # fmt: skip
Writing = Callable[[Records, Actor], object]
Failure = Refused | Denied | NotFound | RecordsError | OSError


class SchedulePage(Page):
    """Two rows of controls, the board beneath."""

    def load(self) -> None:
        self.records: Records | None = self.context.records
        self._asked = 0
        self.day = schedule_reading.today()
        self.span, self.by = DAY, BAY
        self.board: Board | None = None
        self._posed = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(5), theme.space(4), theme.space(4), theme.space(3))
        outer.setSpacing(theme.space(3))
        if self.records is None or self.context.actor is None:
            outer.addWidget(label(tr("Schedule"), "title"))
            outer.addWidget(NoWorkshop(self._to_bays), 1)
            return
        outer.addLayout(self._head())
        outer.addLayout(self._second())
        self.canvas = ScheduleCanvas()
        self._connect(self.canvas)
        self.welcome = Welcome(lambda: self.open_planning("bays"))
        self.mine = MyDay(self.context, self.open_order)
        self.stack = QStackedWidget()
        for each in (self.canvas, self.welcome, self.mine):
            self.stack.addWidget(each)
        outer.addWidget(self.stack, 1)
        self._changed_soon = QTimer(self)
        self._changed_soon.setSingleShot(True)
        self._changed_soon.setInterval(CHANGED_MS)
        self._changed_soon.timeout.connect(self.refresh)
        self.refresh()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        self.picker = DayPicker()
        self.picker.turned.connect(self.turn)
        self.picker.today.connect(self.go_today)
        head.addWidget(self.picker, 1)
        self.planning = Button(tr("Work bays and shifts"), "people")
        self.planning.clicked.connect(lambda _=False: self.open_planning())
        head.addWidget(self.planning)
        self.book = Button(tr("Book a vehicle in"), "plus", role="primary")
        self.book.clicked.connect(lambda _=False: self.open_booking())
        head.addWidget(self.book)
        return head

    def _second(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        self.spans = Segmented({DAY: tr("Day"), WEEK: tr("Week")}, DAY, tr("How much is shown"))
        self.spans.chosen.connect(self._choose_span)
        self._views_row = row
        self.strip = CapacityStrip()
        self.strip.shifts_wanted.connect(lambda: self.open_planning("shifts"))
        row.addWidget(self.spans)
        self._offer_views()
        row.addWidget(self.strip, 1)
        self.context.people.changed.connect(self._somebody_else)
        return row

    def _offer_views(self) -> None:
        """The views there are for who is signed in: only people have a day of their own."""
        views = {BAY: tr("Work bays"), TECHNICIAN: tr("Technicians")}
        self._own = self.actor().kind == "staff"
        if self._own:
            views[MINE] = tr("My day")
        self.views = Segmented(views, self.by, tr("What stands down the side"))
        self.views.chosen.connect(self._choose_view)
        self._views_row.insertWidget(1, self.views)

    def _somebody_else(self) -> None:
        """Another person stands at the terminal: what they may do and what is theirs is shown."""
        if self.context.actor is None:
            return
        if self._own == (self.actor().kind == "staff"):
            self.refresh()
            return
        before, mine = self.views, self.views.value() == MINE
        self._offer_views()
        self._views_row.removeWidget(before)
        before.hide()
        before.deleteLater()
        if mine and self.actor().kind == "staff":
            self.views.set_value(MINE)
        elif mine:
            self.stack.setCurrentWidget(self.canvas)
        self.refresh()

    def _connect(self, canvas: ScheduleCanvas) -> None:
        canvas.moved.connect(self._moved)
        canvas.planned.connect(self._planned)
        canvas.opened.connect(self.open_block)
        canvas.slot.connect(self._slot)
        canvas.removed.connect(self.remove)
        canvas.headed.connect(self.open_day)
        canvas.turned.connect(self.turn)
        canvas.wanted_today.connect(self.go_today)

    def actor(self) -> Actor:
        """Who does what is done here."""
        found = self.context.actor
        if found is None:
            raise RuntimeError("nobody acts at a terminal without a workshop")
        return found

    # --- reading

    def refresh(self) -> None:
        """Read what is shown anew."""
        records = self.records
        if records is None:
            return
        self._asked += 1
        asked, span, day, by = self._asked, self.span, self.day, self.by
        self._show_rights()
        self.picker.show_day(day, span)
        if self.views.value() == MINE:
            self.mine.show_day(day)
            return
        background.run(
            self,
            lambda: schedule_reading.read_board(records, span, day, by),
            lambda board: self._loaded(asked, board),
            lambda error: self._failed(tr("The schedule cannot be read"), error),
        )

    def _show_rights(self) -> None:
        actor = self.actor()
        self.canvas.may_change = may(actor, "schedule.change")
        self.book.setVisible(self.canvas.may_change)
        self.planning.setVisible(may(actor, "planning.change"))
        self.strip.show_rights(may_plan=may(actor, "planning.change"))

    def _loaded(self, asked: int, board: Board) -> None:
        if asked != self._asked:
            return
        self.board = board
        self.canvas.show_board(board)
        self.strip.show_capacity(board)
        self.welcome.show_rights(may(self.actor(), "planning.change"))
        if self.views.value() != MINE:
            self.stack.setCurrentWidget(self.canvas if board.schedule.has_bays or self._some(board) else self.welcome)

    def _some(self, board: Board) -> bool:
        seen = board.schedule
        return bool(seen.arrivals or any(row.blocks for row in seen.rows))

    def on_change(self, changes: ChangeSet) -> None:
        if self.records is not None and TABLES & changes.rows.keys():
            self._changed_soon.start()

    def on_shown(self) -> None:
        if self.records is not None:
            self.refresh()

    # --- days and views

    def turn(self, step: int) -> None:
        """So many days or weeks on."""
        self.day += dt.timedelta(days=step if self.span == DAY else 7 * step)
        self.refresh()

    def go_today(self) -> None:
        self.day = schedule_reading.today()
        self.refresh()

    def show_day(self, day: dt.date) -> None:
        """Bring a day to the front."""
        self.day = day
        self.refresh()

    def show_row(self, table: str, row: str) -> bool:
        records = self.records
        if records is None or table not in ("appointments", "allocations"):
            return False

        def found(start: int | None) -> None:
            if start is not None:
                self.canvas.chosen = row
                self.show_day(day_of(start, zone()))

        background.run(
            self, lambda: schedule_reading.when(records, table, row), found,
            lambda error: self._failed(tr("This is not on the schedule"), error),
        )  # fmt: skip
        return True

    def _choose_span(self, span: object) -> None:
        self.span = str(span)
        if self.views.value() == MINE:
            self.views.set_value(self.by)
            self.stack.setCurrentWidget(self.canvas)
        self.refresh()

    def _choose_view(self, view: object) -> None:
        if view == MINE:
            self.span = DAY
            self.spans.set_value(DAY)
            self.stack.setCurrentWidget(self.mine)
        else:
            self.by = str(view)
            self.stack.setCurrentWidget(self.canvas)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.records is not None and self.stack.currentWidget() is self.canvas and not self.canvas.hasFocus():
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            self.canvas.keyPressEvent(event)
            return
        super().keyPressEvent(event)

    # --- what a person does

    def _held(self, row: str) -> dict[str, object]:
        """What a row of the board stands for, as a field of an allocation."""
        return {"bay_id" if self.by == BAY else "staff_id": row or None}

    def _moved(self, block: Block, row: str, start: int, end: int) -> None:
        if block.kind == APPOINTMENT:
            before: dict[str, object] = {"starts_at": block.start, "ends_at": block.end}
            self._change_appointment(block, {"starts_at": start, "ends_at": end}, before, self._told(block, start))
            return
        fields: dict[str, object] = {}
        back: dict[str, object] = {}
        if (start, end) != (block.start, block.end):
            fields |= {"starts_at": start, "ends_at": end}
            back |= {"starts_at": block.start, "ends_at": block.end}
        held = self._held(row)
        was = {"bay_id": block.bay_id} if self.by == BAY else {"staff_id": block.staff_id}
        if held != was:
            fields |= held
            back |= was
        self.change_block(block, fields, back, self._told(block, start))

    def _told(self, block: Block, start: int) -> str:
        board = self.board
        when = say.clock(start, board.here) if board is not None else ""
        name = say.title(block.job.plate, block.job.number, tr("Appointment"))
        return tr("{name} is at {time} now.", name=name, time=when)

    def change_times(self, block: Block, row: str, start: int, end: int) -> None:
        """Move or resize a block within its row."""
        self._moved(block, row, start, end)

    @staticmethod
    def moved_copy(block: Block, start: int, end: int) -> Block:
        """The block as it is once it is moved."""
        return replace(block, start=start, end=end)

    @staticmethod
    def given_copy(block: Block, name: str, to: str | None) -> Block:
        """The block as it is once a bay or somebody else has it."""
        return replace(block, bay_id=to) if name == "bay_id" else replace(block, staff_id=to)

    def arrived(self, order: str) -> None:
        """A vehicle was received: its order can be opened."""
        toast.show(self, tr("It is here. Its order stands at “Arrived”."), tone="ok")
        self.refresh()

    def change_block(self, block: Block, fields: dict[str, object], back: dict[str, object], words: str) -> None:
        """Write what differs of a block, with a way back."""
        if fields:
            self._write(
                lambda records, actor: schedule_reading.move(records, actor, block.id, fields),
                words,
                lambda records, actor: schedule_reading.move(records, actor, block.id, back),
            )

    def _change_appointment(self, block: Block, fields: dict[str, object], back: dict[str, object], words: str) -> None:
        self._write(
            lambda records, actor: schedule_reading.move_appointment(records, actor, block.id, fields),
            words,
            lambda records, actor: schedule_reading.move_appointment(records, actor, block.id, back),
        )

    def _planned(self, card: Unplanned, row: str, start: int, end: int) -> None:
        records, actor = self.records, self.actor()
        if records is None:
            return
        if not row:
            self._failed(tr("Nothing was set aside"), Refused(("", tr("Choose the row of a bay or of somebody."))))
            return
        fields = {"order_id": card.job.order_id, "starts_at": start, "ends_at": end, **self._held(row)}
        name, length = say.title(card.job.plate, card.job.number, ""), say.hours(end - start)

        def done(made: AllocationView) -> None:
            self.canvas.chosen = made.id
            self._say_done(
                tr("{hours} set aside for {name}.", hours=length, name=name),
                lambda records, actor: schedule_reading.give_free(records, actor, made.id),
            )

        background.run(self, lambda: schedule_reading.set_aside(records, actor, fields), done, self.not_done)

    def remove(self, block: Block) -> None:
        """Give the time of a block free; an appointment is cancelled."""
        name = say.title(block.job.plate, block.job.number, tr("Appointment"))
        if block.kind == APPOINTMENT:
            words = tr("The appointment of {name} is cancelled.", name=name)
            self._change_appointment(block, {"status": "cancelled"}, {"status": block.status or "booked"}, words)
            return
        self._write(
            lambda records, actor: schedule_reading.give_free(records, actor, block.id),
            tr("The time of {name} is free again.", name=name),
            lambda records, actor: schedule_reading.bring_back(records, actor, block.id),
        )

    def _write(self, work: Writing, words: str = "", undo: Writing | None = None) -> None:
        """Do ``work`` as whoever is signed in now; ``undo`` as whoever presses it."""
        records, actor = self.records, self.actor()
        if records is None:
            return
        background.run(self, lambda: work(records, actor), lambda _: self._say_done(words, undo), self.not_done)

    def _say_done(self, words: str, undo: Writing | None) -> None:
        if words:
            toast.show(self, words, tone="ok", undo=None if undo is None else lambda: self._write(undo))

    def not_done(self, error: Exception) -> None:
        """Say why something was not written, and show what is."""
        self._failed(tr("It was not changed"), error)
        self.refresh()

    def _slot(self, row: str, start: int) -> None:
        self.open_booking(Wish(start, *((row, "") if self.by == BAY else ("", row))))

    # --- sheets

    def open_block(self, block: Block) -> None:
        """Everything about a block, and what can be done with it."""
        if self.board is not None:
            BlockSheet(self, block).open()

    def open_day(self, who: str, name: str) -> None:
        """The day of one technician, with the way to their calendar."""
        DaySheet(self, self.context, (who, name), self.day, self.open_order).open()

    def open_booking(self, wish: Wish | None = None) -> None:
        """Book a vehicle in, at the next free time or at one that was tapped."""
        if self.records is not None and self.canvas.may_change:
            sheet = BookingSheet(self, self.records, self.actor, wish, self._booked)
            sheet.open(sheet.vehicle)

    def _booked(self, start: int, words: str) -> None:
        board = self.board
        if board is not None:
            self.day = dt.datetime.fromtimestamp(start / 1000, board.here).date()
        self.refresh()
        toast.show(self, words, tone="ok")

    def open_planning(self, part: str = "bays") -> None:
        """Bays, shifts and absences."""
        if self.records is not None and may(self.actor(), "planning.change"):
            PlanningSheet(self, self.records, self.actor, part).open()

    def open_order(self, row: str) -> None:
        """Bring an order to the front, on its own page."""
        if self.context.frame is not None:
            self.context.frame.open_row("repair_orders", row)

    def _to_bays(self) -> None:
        if self.context.frame is not None:
            self.context.frame.go("bays")

    def _failed(self, what: str, error: Exception) -> None:
        if not isinstance(error, Failure):
            raise error
        self.context.note(what, str(error))
        toast.show(self, what, detail=str(error), tone="critical")

    # --- for the search box and for pictures

    def commands(self) -> tuple[Command, ...]:
        if self.records is None:
            return ()
        return (
            Command(tr("Book a vehicle in"), self.open_booking, "plus", tr("appointment calendar")),
            Command(tr("Work bays, shifts and absences"), self.open_planning, "people", tr("holiday sick lift")),
            Command(tr("Schedule: today"), self.go_today, "calendar", keys="T"),
            Command(tr("Schedule: the day after"), lambda: self.turn(1), "chevron-right", keys="+"),
            Command(tr("Schedule: the day before"), lambda: self.turn(-1), "chevron-left", keys="−"),
        )

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.records is None:
            return ()
        return (
            ("schedule-week", lambda: self._pose(WEEK, BAY)),
            ("schedule-technicians", lambda: self._pose(DAY, TECHNICIAN)),
            ("schedule-booking", self._pose_booking),
            ("schedule-planning", lambda: self.open_planning("shifts")),
            ("schedule-block", self._pose_block),
        )

    def _pose(self, span: str, by: str) -> None:
        self._posed = True
        self.span, self.by = span, by
        self.spans.set_value(span)
        self.views.set_value(by)
        self.stack.setCurrentWidget(self.canvas)
        self.refresh()

    def _pose_booking(self) -> None:
        self._pose(DAY, BAY)
        self.open_booking()

    def _pose_block(self) -> None:
        self._pose(DAY, BAY)
        blocks = self.canvas.blocks()
        if blocks:
            shown = next((each for each in blocks if each.conflicts), blocks[0])
            self.canvas.chosen = shown.id
            self.open_block(shown)

    def on_hidden(self) -> None:
        """What was posed for a picture is taken back; what a person chose stays."""
        if self.records is not None and self._posed:
            self._pose(DAY, BAY)
            self.canvas.chosen, self._posed = "", False
