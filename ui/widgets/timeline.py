"""The session so far as one stretch of time: hold it, go back in it, and return to what happens now."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.diagnostics.source import Source
from core.language import tr
from ui import theme
from ui.context import UiContext
from ui.widgets.buttons import Button, IconButton
from ui.widgets.panels import label
from ui.widgets.timeline_gaps import Silence
from ui.widgets.timeline_track import AlarmMark, TimelineTrack
from ui.widgets.trend_time import ago, clock, wall_offset

LOOK_MS = 200
STEP = 10.0  # s, the buttons at the sides
NARROW = 780  # px


class Timeline(QWidget):
    """Pause, scrub back, and live again. ``view_time_changed`` carries the moment looked at (s), or None for now.

    ``set_view_time`` is the way back: the trends may have been dragged. ``set_window`` shows which stretch the trends
    show. ``alarms`` gives the alarms to mark; without it they are those of the session's book.
    """

    view_time_changed = Signal(object)

    def __init__(
        self,
        context: UiContext,
        alarms: Callable[[], Sequence[AlarmMark]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._alarms = alarms or marks_of(context.session.alarms)
        self._source: Source | None = None
        self._view_time: float | None = None
        self._window: tuple[float, float] | None = None
        self._began: float | None = None
        self._silence = Silence()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.set_source(context.session)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        self.track = TimelineTrack()
        self.track.sought.connect(self._sought)
        self.track.toggle_asked.connect(self.toggle)
        self.hold = Button(tr("Pause"), "pause")
        self.hold.setMinimumWidth(max(self.hold.sizeHint().width(), Button(tr("Live"), "to-live").sizeHint().width()))
        self.hold.clicked.connect(self.toggle)
        self.back = IconButton("chevron-left", tr("10 seconds back"))
        self.back.setAutoRepeat(True)
        self.back.clicked.connect(lambda: self.track.step(-STEP))
        self.on = IconButton("chevron-right", tr("10 seconds on"))
        self.on.setAutoRepeat(True)
        self.on.clicked.connect(lambda: self.track.step(STEP))
        words = QVBoxLayout()
        words.setSpacing(0)
        self.clock = label("", "")
        self.clock.setFont(theme.font(theme.scaled(20), "semibold", tabular=True))
        self.ago = label("", "caption")
        self.ago.setFont(theme.font(theme.scaled(16), "regular", tabular=True))
        for each in (self.clock, self.ago):
            each.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            each.setMinimumWidth(theme.scaled(104))
            words.addWidget(each)
        row.addWidget(self.hold)
        row.addWidget(self.back)
        row.addWidget(self.track, 1)
        row.addWidget(self.on)
        row.addLayout(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for step in (self.back, self.on):  # in little room the bar itself is worth more
            step.setVisible(event.size().width() >= theme.scaled(NARROW))

    # --- what the page tells it

    def set_source(self, source: Source | None) -> None:
        """Show another session."""
        self._source, self._silence, self._began, self._view_time = source, Silence(), None, None
        self.track.offset = wall_offset(source)
        self.look()

    def set_view_time(self, t: float | None) -> None:
        """Another widget looks at ``t`` (s), or at now with None."""
        if t != self._view_time:
            self._view_time = t
            self.look()

    def set_window(self, start: float, end: float) -> None:
        """The stretch of time that the trends show."""
        self._window = (start, end)

    @property
    def live(self) -> bool:
        return self._view_time is None

    # --- what a person does

    def toggle(self) -> None:
        """Hold the time, or return to now."""
        now = self._source.now() if self._source is not None else 0.0
        self._look_at(None if self._view_time is not None else now)

    def _sought(self, t: float) -> None:
        # At the very end is now: who pulls the handle there wants to follow again.
        self._look_at(None if t >= self.track.end and not self.track.dragging else t)

    def _look_at(self, t: float | None) -> None:
        self._view_time = t
        self.look()
        self.view_time_changed.emit(t)

    # --- showing

    def look(self) -> None:
        """Look at the source once; done by itself while it can be seen."""
        source = self._source
        if source is None:
            return
        now, span = source.now(), source.signals.span()
        self._silence.look(source.signals)
        if span is None:
            self._began = None
        elif self._began is None or span[0] < self._began:
            self._began = span[0]
        start = self._began if self._began is not None else now
        self.track.show_time(
            start, now, self._view_time, view=self._window, gaps=self._silence.until(now), alarms=self._alarms()
        )
        self._say(now)

    def _say(self, now: float) -> None:
        at = now if self._view_time is None else self._view_time
        self.clock.setText(clock(at, self.track.offset))
        self.ago.setText(tr("live") if self._view_time is None else ago(now - at))
        words, icon = (tr("Pause"), "pause") if self._view_time is None else (tr("Live"), "to-live")
        if self.hold.accessibleName() != words:
            self.hold.setProperty("role", "" if self._view_time is None else "primary")
            self.hold.show_words(words, icon)
            self.hold.style().unpolish(self.hold)
            self.hold.style().polish(self.hold)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.track.offset = wall_offset(self._source)
        self.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


def marks_of(book: Any) -> Callable[[], tuple[AlarmMark, ...]]:
    """The alarms of an ``AlarmBook`` as marks, for ``Timeline``."""

    def marks() -> tuple[AlarmMark, ...]:
        alarms = {alarm.id: alarm for alarm in (*book.history(), *book.active())}
        return tuple(AlarmMark(alarm.raised_at, str(alarm.rule.severity), _words(alarm)) for alarm in alarms.values())

    return marks


def _words(alarm: Any) -> str:
    words = getattr(alarm.rule, "words", "")
    return words if isinstance(words, str) else ""
