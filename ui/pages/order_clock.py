"""The clock of an order: on, off or over from another job in one tap, and how long it took against what was said."""

import time
from functools import partial

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.states import Status, may_move
from ui import order_clock_reading, theme, words
from ui.order_clock_reading import ClockRead
from ui.order_overview_reading import move_order
from ui.order_words import status_words
from ui.pages.order_desk import OrderDesk
from ui.widgets.buttons import Button
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

NOT_BEGUN = frozenset({Status.BOOKED.value, Status.ARRIVED.value})
TICK_MS = 20_000  # a tenth of an hour is what is shown


class _Bar(QWidget):
    """Worked against estimated; what is over it has a mark of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.done, self.all = 0, 0
        self.setFixedHeight(theme.scaled(14))
        self.setMinimumWidth(theme.scaled(120))

    def show_share(self, done: int, all_: int) -> None:
        self.done, self.all = done, all_
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box, whole = QRectF(self.rect()), max(self.done, self.all, 1)
        painter.setBrush(theme.color("track"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(theme.color("accent"))
        within = min(self.done, self.all) if self.all else self.done
        painter.drawRoundedRect(QRectF(0, 0, box.width() * within / whole, box.height()), 4, 4)
        if self.all and self.done > self.all:
            left = box.width() * self.all / whole
            painter.setBrush(theme.color("warning"))
            painter.drawRoundedRect(QRectF(left + 2, 0, box.width() - left - 2, box.height()), 4, 4)


class ClockBox(QFrame):
    """Whoever is signed in presses one button; who may correct others' hours can clock anybody on and off."""

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("surface", "card")
        self.found: ClockRead | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(3), theme.space(3))
        row.setSpacing(theme.space(4))
        self.icon = IconLabel("clock", 32, "text_muted")
        row.addWidget(self.icon)
        texts = QVBoxLayout()
        texts.setSpacing(theme.space(1))
        self.title = label("")
        self.title.setFont(theme.font(theme.scaled(20), "semibold", tabular=True))
        texts.addWidget(self.title)
        self.on = label("", "caption", wrap=True)
        texts.addWidget(self.on)
        self.bar = _Bar()
        texts.addWidget(self.bar)
        row.addLayout(texts, 1)
        self.others = Button(tr("Somebody else"), "people")
        self.others.clicked.connect(lambda _=False: self.open_others())
        row.addWidget(self.others)
        self.begun = Button(status_words(Status.IN_PROGRESS.value), "move")
        self.begun.setAccessibleName(tr("Move to {state}", state=status_words(Status.IN_PROGRESS.value)))
        self.begun.clicked.connect(lambda _=False: self._begin_work())
        self.begun.hide()
        row.addWidget(self.begun)
        self.turn = Button("", "play", role="primary")
        self.turn.setMinimumWidth(theme.scaled(210))
        self.turn.clicked.connect(lambda _=False: self.press())
        row.addWidget(self.turn)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show)
        self.begin()

    def begin(self) -> None:
        self.found = None
        self._tick.stop()
        self.begun.hide()
        self.title.setText("")
        self.on.setText("")
        self.turn.setEnabled(False)
        self.others.setEnabled(False)

    def show_clock(self, found: ClockRead) -> None:
        self.found = found
        if found.time.on:
            self._tick.start()
        else:
            self._tick.stop()
        self._show()

    def _me(self) -> str:
        return self.desk.staff_id or ""

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        since = (round(time.time() * 1000) - found.at) * len(found.time.on)
        worked = found.time.actual + max(0, since)
        done = words.hours(worked)
        if found.time.estimated:
            self.title.setText(tr("{done} of {all}", done=done, all=words.hours(found.time.estimated)))
        else:
            self.title.setText(done)
        self.bar.show_share(worked, found.time.estimated or 0)
        names = [each.name for each in found.people if each.id in found.time.on]
        over = found.time.estimated is not None and worked > found.time.estimated
        said = tr("On it now: {names}", names=", ".join(names)) if names else tr("Nobody is clocked on.")
        self.on.setText(f"{said} {tr('Over the estimate.')}" if over else said)
        self.icon.show_icon("play" if names else "clock", "accent" if names else "text_muted")
        me = self._me()
        mine = me in found.time.on
        elsewhere = found.elsewhere.get(me)
        if mine:
            self.turn.show_words(tr("Clock off"), "stop")
        elif elsewhere is not None:
            self.turn.show_words(tr("Switch here from {order}", order=elsewhere), "move")
        else:
            self.turn.show_words(tr("Clock on"), "play")
        waits = found.status in NOT_BEGUN and self.desk.may("repair_orders.change")
        self.begun.setVisible(mine and waits and may_move(self.desk.actor.role, found.status, Status.IN_PROGRESS.value))
        self.turn.setEnabled(self.desk.may("clock.punch") and (bool(me) or self.desk.may("clock.correct")))
        self.others.setEnabled(self.desk.may("clock.correct") and bool(found.people))

    def _begin_work(self) -> None:
        """Who is on it says so on the board, too: offered, for a short look is no work yet."""
        desk, before = self.desk, self.found.status if self.found is not None else None
        records, actor, row, to = desk.records, desk.actor, desk.row, Status.IN_PROGRESS.value
        back = lambda: move_order(records, actor, row, before or "", seen=to, anyway=True)  # noqa: E731
        desk.run(
            lambda: move_order(records, actor, row, to, seen=before),
            tr("Status: {value}", value=status_words(to)),
            back if before in NOT_BEGUN and may_move(actor.role, to, before) else None,
        )

    def press(self) -> None:
        """On, off, or over from another job."""
        if self.found is None:
            return
        me = self._me()
        if me:
            self._turn(None, me in self.found.time.on)
        else:
            self.open_others()  # at a terminal where nobody is signed in hours are still somebody's

    def open_others(self) -> None:
        """Clock somebody on or off."""
        found = self.found
        if found is None:
            return
        answers = tuple(
            Answer(
                each.id,
                tr("{name}: clock off", name=each.name) if each.id in found.time.on else each.name,
                "stop" if each.id in found.time.on else "play",
                "accent" if each.id in found.time.on else "text_muted",
            )
            for each in found.people
        )
        ChoiceSheet(self, tr("Who works on it"), answers, None, partial(self._chosen, found)).open()

    def _chosen(self, found: ClockRead, person: str | None) -> None:
        if person is not None:
            self._turn(person, person in found.time.on)

    def _turn(self, person: str | None, on: bool) -> None:
        desk = self.desk
        records, actor, row = desk.records, desk.actor, desk.row
        if on:
            desk.run(
                lambda: order_clock_reading.go_off(records, actor, person),
                tr("Clocked off."),
                lambda: order_clock_reading.go_on(records, actor, row, person),
            )
            return
        desk.run(
            lambda: order_clock_reading.go_on(records, actor, row, person),
            tr("Clocked on."),
            lambda: order_clock_reading.go_off(records, actor, person),
        )
