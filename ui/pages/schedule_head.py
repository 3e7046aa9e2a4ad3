"""The controls over the schedule: which day, and how many hours are left of it, by skill and by equipment."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from core.language import tr
from core.planning.capacity import Hours
from ui import schedule_words as say
from ui import theme
from ui.schedule_reading import DAY, Board, monday, today
from ui.widgets.buttons import BY_KEYS, Button, IconButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.touch import scrolling

HEAD_PX = 26


class DayPicker(QWidget):
    """Back, the day that is shown, on, and today. ``turned(-1 or 1)``."""

    turned = Signal(int)
    today = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        self.back = IconButton("chevron-left", tr("The day before"), role="")
        self.back.clicked.connect(lambda _=False: self.turned.emit(-1))
        self.on = IconButton("chevron-right", tr("The day after"), role="")
        self.on.clicked.connect(lambda _=False: self.turned.emit(1))
        self.to_today = Button(tr("Today"), "calendar")
        self.to_today.clicked.connect(lambda _=False: self.today.emit())
        self.words = ElidedLabel("", px=HEAD_PX, weight="semibold").set_tabular()
        self.words.setMinimumWidth(theme.scaled(150))
        self._long = self._short = ""
        for each in (self.back, self.on, self.to_today):
            row.addWidget(each)
        row.addSpacing(theme.space(3))
        row.addWidget(self.words, 1)

    def show_day(self, day: dt.date, span: str) -> None:
        """Say which day it is, or which week."""
        if span == DAY:
            self._long, self._short = say.long_day(day), say.day(day)
            self.back.show_icon("chevron-left", tr("The day before"))
            self.on.show_icon("chevron-right", tr("The day after"))
        else:
            first = monday(day)
            last = first + dt.timedelta(days=6)
            words = tr(
                "Week {number} · {first} – {last}",
                number=first.isocalendar().week,
                first=say.short_day(first),
                last=say.short_day(last),
            )
            self._long, self._short = words, tr("Week {number}", number=first.isocalendar().week)
            self.back.show_icon("chevron-left", tr("The week before"))
            self.on.show_icon("chevron-right", tr("The week after"))
        shown = day == today() if span == DAY else monday(day) == monday(today())
        self.to_today.setEnabled(not shown)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The day in full where there is room for it, else short."""
        font = theme.font(theme.scaled(HEAD_PX), "semibold", tabular=True)
        room = self.width() - sum(each.width() for each in (self.back, self.on, self.to_today)) - theme.space(9)
        self.words.set_text(self._long if QFontMetricsF(font).horizontalAdvance(self._long) <= room else self._short)


class CapacityStrip(QAbstractButton):
    """Hours left, as a bar and a number each: of all people, by skill, by equipment; all of them when pressed."""

    shifts_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.entries: list[tuple[str, Hours]] = []
        self.may_plan = False
        self.setFocusPolicy(BY_KEYS)
        self.clicked.connect(lambda _=False: self.open_all())

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(400), max(theme.target, theme.scaled(56)))

    def show_rights(self, *, may_plan: bool) -> None:
        """The way to the shifts is offered to who may enter some."""
        self.may_plan = may_plan
        self._offer()

    def _offer(self) -> None:
        self.setEnabled(bool(self.entries) or self.may_plan)
        self.update()

    def show_capacity(self, board: Board) -> None:
        """The hours of the days that are shown."""
        all_of = sum((each.people for each in board.capacity), Hours())
        skills = _summed(each.skills for each in board.capacity)
        bays = _summed(each.equipment for each in board.capacity)
        named = [
            (tr("Bay: {equipment}", equipment=name) if name in skills else name, each) for name, each in bays.items()
        ]
        some = [(name, hours) for name, hours in (*skills.items(), *named) if hours.on_shift]
        self.entries = [(tr("Everybody"), all_of), *some] if all_of.on_shift else []
        self.setAccessibleName(self.sentence())
        self.setToolTip(self.sentence())
        self._offer()

    def open_all(self) -> None:
        """Everything there is, as a list; nothing: the way to the shifts, which there are none of."""
        if self.entries:
            CapacitySheet(self, self.entries).open()
        elif self.may_plan:
            self.shifts_wanted.emit()

    def sentence(self) -> str:
        """All of it in words."""
        return "\n".join(
            tr("{name}: {left} left of {hours}", name=name, left=say.about(hours.left), hours=say.about(hours.ahead))
            for name, hours in self.entries
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.entries:
            if self.may_plan:
                self._say_nothing(painter)
            return
        gap = theme.space(2)
        least, tail = theme.scaled(112), theme.scaled(44)
        room = max(1, int((self.width() + gap) // (least + gap)))
        more = len(self.entries) > room
        shown = self.entries[: max(1, int((self.width() - tail) // (least + gap))) if more else room]
        width = self.width() - (tail + gap if more else 0)
        wide = min(theme.scaled(190), (width - gap * (len(shown) - 1)) / len(shown))
        left = 0.0
        for name, hours in shown:
            self._entry(painter, QRectF(left, 1, wide, self.height() - 2), name, hours)
            left += wide + gap
        if more:
            painter.setFont(theme.font(theme.scaled(16), "semibold"))
            painter.setPen(theme.color("text_muted"))
            rest = QRectF(left, 0, tail, self.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignCenter, f"+{len(self.entries) - len(shown)}")

    def _say_nothing(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.scaled(15)))
        painter.setPen(theme.color("text_muted"))
        words = tr("Nobody is on shift: press here to enter who works when.")
        shown = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 8)
        painter.drawText(QRectF(self.rect()).adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def _entry(self, painter: QPainter, box: QRectF, name: str, hours: Hours) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_raised"))
        painter.drawRoundedRect(box, 8, 8)
        inner = box.adjusted(10, 5, -10, -6)
        share = hours.left / max(1, hours.ahead)
        full = hours.left <= 0 < hours.ahead
        token = "critical" if full else "warning" if share < 0.2 else "ok"
        small = theme.font(theme.scaled(14), "medium")
        painter.setFont(small)
        painter.setPen(theme.color("text_muted"))
        top = QRectF(inner.left(), inner.top(), inner.width(), theme.scaled(19))
        painter.drawText(
            top,
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(small).elidedText(name, Qt.TextElideMode.ElideRight, top.width()),
        )
        painter.setFont(theme.font(theme.scaled(16), "semibold", tabular=True))
        painter.setPen(theme.color("text"))
        left = tr("{hours} left", hours=say.about(hours.left))
        words = tr("Full") if full else left if hours.ahead else tr("Day over")
        painter.drawText(
            QRectF(inner.left(), top.bottom() - 1, inner.width(), theme.scaled(21)),
            Qt.AlignmentFlag.AlignVCenter,
            words,
        )
        track = QRectF(inner.left(), inner.bottom() - 4, inner.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("track"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(theme.color(token))
        painter.drawRoundedRect(
            QRectF(track.left(), track.top(), track.width() * min(1.0, share), track.height()), 2, 2
        )


class CapacitySheet(Sheet):
    """Hours on shift, ahead, booked and left: everybody, then each skill and what bays have."""

    def __init__(self, anchor: QWidget, entries: Sequence[tuple[str, Hours]]) -> None:
        super().__init__(anchor, tr("Hours left"), width=820)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setHorizontalSpacing(theme.space(6))
        grid.setVerticalSpacing(theme.space(2))
        grid.setColumnStretch(0, 1)
        for at, words in enumerate(("", tr("On shift"), tr("Away"), tr("Still ahead"), tr("Booked"), tr("Left"))):
            grid.addWidget(label(words, "caption"), 0, at)
        for row, (name, hours) in enumerate(entries, 1):
            grid.addWidget(label(name), row, 0)
            values = (hours.on_shift, hours.away, hours.ahead, hours.booked, hours.left)
            for at, value in enumerate(values, 1):
                cell = label(say.about(value))
                cell.setFont(theme.font(theme.base, "semibold" if at == len(values) else "regular", tabular=True))
                grid.addWidget(cell, row, at)
        self.body.addWidget(scrolling(content), 1)
        for words in (
            tr("Ahead: on shift, not away, less breaks not yet taken. Finished work books nothing."),
            tr("A person with several skills counts in each of them."),
        ):
            self.body.addWidget(label(words, "caption", wrap=True))


def _summed(days: Iterable[Mapping[str, Hours]]) -> dict[str, Hours]:
    """The hours of several days, by skill or by equipment."""
    found: dict[str, Hours] = {}
    for day in days:
        for name, hours in day.items():
            found[name] = found.get(name, Hours()) + hours
    return found
