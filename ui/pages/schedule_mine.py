"""One person's own day: what comes when, in big cards, with the break of a line for what waits; and as a file."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.planning.schedule_views import Block, Unplanned
from core.planning.technician_day import TechnicianSchedule
from core.records.errors import RecordsError
from core.records.input import NotFound
from core.workshop.hours import zone
from ui import background, schedule_reading, theme
from ui import schedule_words as say
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.touch import scrolling

DAYS = 28  # in the calendar file
WIDEST = 980


class MyDay(QWidget):
    """The day of who is signed in, or of ``whose``: an id and a name."""

    def __init__(
        self, context: UiContext, open_order: Callable[[str], object], whose: tuple[str, str] | None = None
    ) -> None:
        super().__init__()
        self._context, self._open, self._whose = context, open_order, whose
        self._asked = 0
        self._day = schedule_reading.today()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.space(3))
        head = QHBoxLayout()
        self.sum = label("", "heading")
        head.addWidget(self.sum, 1)
        self.file = Button(tr("Save as calendar"), "export")
        self.file.clicked.connect(lambda _=False: self.save())
        head.addWidget(self.file)
        outer.addLayout(head)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(3), 0)
        self._column.setSpacing(theme.space(2))
        self._column.addStretch(1)
        outer.addWidget(scrolling(content), 1)
        self.cards: list[QWidget] = []

    def show_day(self, day: dt.date) -> None:
        """Read this day of who is signed in."""
        records, person = self._context.records, self._person()
        self._day = day
        self._asked += 1
        asked = self._asked
        if records is None or person is None:
            self.sum.setText(tr("Sign in to see your own day."))
            return
        who, _ = person
        background.run(
            self,
            lambda: schedule_reading.read_mine(records, who, day),
            lambda mine: self._show(asked, mine),
            self._failed,
        )

    def _person(self) -> tuple[str, str] | None:
        """Whose day it is: an id and a name."""
        actor = self._context.actor
        return self._whose or ((actor.id, actor.name) if actor is not None and actor.kind == "staff" else None)

    def _show(self, asked: int, mine: TechnicianSchedule) -> None:
        if asked != self._asked:
            return
        for old in self.cards:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = []
        words = tr(
            "{name}: {planned} of {hours} planned",
            name=mine.name,
            planned=say.about(mine.planned),
            hours=say.about(mine.on_shift),
        )
        self.sum.setText(
            words
            if mine.on_shift
            else tr("{name}: {planned} planned, no shift", name=mine.name, planned=say.about(mine.planned))
        )
        for away in mine.away:
            self._add(self._plain(say.away(away.kind), away.remark))
        for block in mine.blocks:
            self._add(self._block(block))
        if not mine.blocks:
            self._add(self._plain(tr("Nothing is set aside for this day."), tr("What the desk plans appears here.")))
        if mine.unplanned:
            words = tr("Theirs, without a time yet") if self._whose else tr("Yours, without a time yet")
            self._add(label(words, "heading"))
        for card in mine.unplanned:
            self._add(self._waiting(card))

    def _add(self, card: QWidget) -> None:
        self._column.insertWidget(len(self.cards), card)
        self.cards.append(card)

    def _card(self) -> tuple[QFrame, QHBoxLayout]:
        card = QFrame()
        card.setProperty("surface", "card")
        card.setMaximumWidth(theme.scaled(WIDEST))
        row = QHBoxLayout(card)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3))
        row.setSpacing(theme.space(4))
        return card, row

    def _plain(self, words: str, detail: str) -> QWidget:
        card, row = self._card()
        column = QVBoxLayout()
        column.addWidget(label(words))
        if detail:
            column.addWidget(label(detail, "caption"))
        row.addWidget(IconLabel("calendar", 28, "text_muted"))
        row.addLayout(column, 1)
        return card

    def _block(self, block: Block) -> QWidget:
        card, row = self._card()
        here = zone()
        times = label(f"{say.clock(block.start, here)}\n{say.clock(block.end, here)}")
        times.setFont(theme.font(theme.scaled(24), "semibold", tabular=True))
        times.setFixedWidth(theme.scaled(92))
        row.addWidget(times)
        icon, token = say.shape(block)
        row.addWidget(IconLabel(icon, 28, token), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.space(1))
        name = say.title(block.job.plate, block.job.number, "")
        column.addWidget(
            ElidedLabel(" · ".join(part for part in (name, block.job.vehicle) if part), px=20, weight="bold")
        )
        column.addWidget(ElidedLabel(block.task or block.job.title))
        detail = (say.state(block), block.bay, block.remark, *(each.words for each in block.conflicts))
        column.addWidget(ElidedLabel(" · ".join(part for part in detail if part), "text_muted", 15))
        row.addLayout(column, 1)
        self._opener(row, block.job.order_id)
        return card

    def _waiting(self, card: Unplanned) -> QWidget:
        frame, row = self._card()
        column = QVBoxLayout()
        name = say.title(card.job.plate, card.job.number, "")
        column.addWidget(ElidedLabel(" · ".join(part for part in (name, card.job.vehicle) if part), weight="semibold"))
        column.addWidget(
            ElidedLabel(" · ".join(part for part in (card.job.title, say.left(card)) if part), "text_muted", 15)
        )
        row.addWidget(IconLabel("history" if card.carried else "wait", 28, "warning" if card.carried else "info"))
        row.addLayout(column, 1)
        self._opener(row, card.job.order_id)
        return frame

    def _opener(self, row: QHBoxLayout, order: str | None) -> None:
        if order:
            button = Button(tr("Open it"), "orders")
            button.clicked.connect(lambda _=False: self._open(order))
            row.addWidget(button)

    # --- the calendar file

    def save(self) -> None:
        """Four weeks as a calendar file; in kiosk mode into ``home/exports``, since a file dialog is a way out."""
        records, person = self._context.records, self._person()
        if records is None or person is None:
            return
        who, called = person
        plain = re.sub(r"[^\w-]+", " ", called).strip()
        name = f"{plain} {self._day.isoformat()}.ics"
        folder = self._context.home / "exports"
        if self._context.preferences.kiosk:
            path = folder / name
        else:
            chosen, _ = QFileDialog.getSaveFileName(self.window(), tr("Save as calendar"), str(Path.home() / name))
            if not chosen:
                return
            path = Path(chosen)
        day = self._day

        def work() -> Path:
            body = schedule_reading.calendar_of(records, who, day, DAYS)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            return path

        background.run(self, work, self._saved, self._failed)

    def _saved(self, path: Path) -> None:
        toast.show(self, tr("The calendar is saved."), detail=str(path), tone="ok")

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, NotFound | RecordsError | OSError):
            raise error
        toast.show(self, tr("Your day cannot be read"), detail=str(error), tone="critical")


class DaySheet(Sheet):
    """Somebody's day, for whoever asks: by a press on their name among the technicians."""

    def __init__(
        self, anchor: QWidget, context: UiContext, whose: tuple[str, str], day: dt.date, go: Callable[[str], object]
    ) -> None:
        super().__init__(anchor, f"{whose[1]} · {say.day(day)}", side="right", width=760)

        def open_order(order: str) -> None:
            self.close_sheet()
            go(order)

        self.mine = MyDay(context, open_order, whose)
        self.body.addWidget(self.mine, 1)
        self.mine.show_day(day)
