"""The list of alarms: what is on, what is over and unseen, and what was seen before."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.diagnostics.alarms import Alarm, AlarmBook
from core.language import tr
from ui import theme
from ui.widgets import alarm_words, icons
from ui.widgets.alarm_strip import unseen
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

MOST_SHOWN = 60


class AlarmItem(QWidget):
    """One alarm: its shape, its words, and the button while nobody has acknowledged it."""

    def __init__(self, alarm: Alarm, now: float, acknowledge: Callable[[str], object]) -> None:
        super().__init__()
        self._alarm = alarm
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3))
        row.setSpacing(theme.space(4))
        on = alarm.state in ("active", "acknowledged")
        token = str(alarm.rule.severity)
        row.addWidget(icons.IconLabel(token, 32, token if on else "stale"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        headline = label(f"{alarm_words.title(alarm)} {alarm_words.limit(alarm)}", wrap=True)
        headline.setFont(theme.font(theme.base, "semibold"))
        words.addWidget(headline)
        words.addWidget(label(f"{alarm_words.severity(alarm)} · {alarm_words.peak(alarm)}"))
        self.span = label("", "caption", wrap=True)
        words.addWidget(self.span)
        words.addWidget(label(alarm_words.state(alarm), "caption", wrap=True))
        row.addLayout(words, 1)
        if alarm.state in ("active", "cleared"):
            self.button = Button(tr("Acknowledge"))
            self.button.clicked.connect(lambda: acknowledge(alarm.id))
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_now(now)

    def show_now(self, now: float) -> None:
        self.span.setText(alarm_words.span(self._alarm, now))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state, token = self._alarm.state, str(self._alarm.rule.severity)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(theme.color(f"{token}_surface" if state == "active" else "surface"))
        pen = QPen(theme.color("line" if state == "closed" else token), 1 if state == "closed" else 2)
        if state == "cleared":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(box, theme.radius, theme.radius)


class AlarmDrawer(Sheet):
    """The drawer at the right. ``show_now`` rebuilds the list only when an alarm changed."""

    def __init__(self, anchor: QWidget, book: AlarmBook, acknowledge: Callable[[str], object]) -> None:
        super().__init__(anchor, tr("Alarms"), side="right", width=600)
        self._book, self._acknowledge = book, acknowledge
        self._shown: tuple[object, ...] | None = None
        self.items: list[AlarmItem] = []
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, theme.space(2), 0)
        self._list.setSpacing(theme.space(3))
        self.body.addWidget(scrolling(holder))
        self.all = Button(tr("Acknowledge all"), "ok")
        self.all.clicked.connect(self._acknowledge_all)
        self.footer.addWidget(self.all)

    def show_now(self, now: float) -> None:
        """Bring the list up to date."""
        active, history = self._book.active(), self._book.history()[:MOST_SHOWN]
        # A peak that grows is no reason to rebuild under a finger that is about to acknowledge.
        state = tuple((alarm.id, alarm.state, alarm.stale, alarm_words.peak(alarm)) for alarm in (*active, *history))
        if state != self._shown:
            self._shown = state
            self._rebuild(active, history, now)
        for item in self.items:
            item.show_now(now)

    def _rebuild(self, active: tuple[Alarm, ...], history: tuple[Alarm, ...], now: float) -> None:
        while (entry := self._list.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.items = []
        for heading, alarms in ((tr("Now"), active), (tr("Earlier"), history)):
            if alarms:
                self._list.addWidget(label(heading, "heading"))
            for alarm in alarms:
                item = AlarmItem(alarm, now, self._acknowledge)
                self.items.append(item)
                self._list.addWidget(item)
        if not active and not history:
            self._list.addWidget(label(tr("Nothing has been out of its limits."), "heading"))
            self._list.addWidget(
                label(tr("Limits belong to the gauges: open a gauge on the Live page to set them."), "muted", wrap=True)
            )
        self._list.addStretch()
        self.all.setVisible(len(unseen(active)) > 1)

    def _acknowledge_all(self) -> None:
        for alarm in unseen(self._book.active()):
            self._acknowledge(alarm.id)
