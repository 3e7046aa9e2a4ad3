"""Playing a recording: play and hold, how fast, where in it, what to make of it, and the way back to the car."""

import math
import time
from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from core.diagnostics.library import Recorded
from core.diagnostics.playback import Playback
from core.language import mark, tr
from ui import theme, words
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.buttons import Button, IconButton
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.playback_alarms import RecordedAlarms
from ui.widgets.recordings_export import Export, Exporter, fill_menu
from ui.widgets.timeline_gaps import Silence
from ui.widgets.timeline_track import TimelineTrack
from ui.widgets.trend_time import clock, span, wall_offset

LOOK_MS = 100
SEARCH_S = 1.0
LEAST_TRACK = 260  # px
SPEEDS: Mapping[float, str] = {
    0.25: "0.25×",
    0.5: "0.5×",
    1.0: "1×",
    2.0: "2×",
    4.0: "4×",
    8.0: "8×",
    16.0: "16×",
    math.inf: mark("max"),
}


class PlaybackBar(QWidget):
    """Controls of a ``Playback``. ``live_asked``: back to the car. ``moved``: a person went to another moment (s).

    ``exporters`` says how a recording is written, by kind ("csv", "asc", "blf"); the core's own without it.
    """

    live_asked = Signal()
    moved = Signal(float)

    def __init__(
        self, context: UiContext, exporters: Mapping[str, Exporter] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._exporters = context, exporters
        self._playback: Playback | None = None
        self._silence = Silence()
        self._alarms: RecordedAlarms | None = None
        self._next_search = 0.0
        self._warned = False
        self._view: tuple[float, float] | None = None
        self._build()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def _build(self) -> None:
        self.play = IconButton("play", tr("Play"), role="")
        self.play.clicked.connect(self.toggle)
        self.vehicle = ElidedLabel("", weight="semibold")
        self.started = ElidedLabel("", "text_muted", 15)
        self.track = TimelineTrack()
        self.track.from_start = True
        self.track.sought.connect(self._seek)
        self.track.toggle_asked.connect(self.toggle)
        self.clock = label("")
        self.clock.setFont(theme.font(theme.scaled(20), "semibold", tabular=True))
        self.position = label("", "caption")
        self.position.setFont(theme.font(theme.scaled(15), "regular", tabular=True))
        self.speed = QComboBox()
        self.speed.setAccessibleName(tr("Speed"))
        for value, text in SPEEDS.items():
            self.speed.addItem(
                tr(text) if value == math.inf else text.replace(".", words.locale().decimalPoint()), value
            )
        self.speed.setCurrentIndex(list(SPEEDS).index(1.0))
        self.speed.activated.connect(self._set_speed)
        self.export = Button(tr("Export"), "export")
        self.export.setToolTip(tr("Export"))
        self.export.clicked.connect(self._open_export)
        self.live = Button(tr("Back to the car"), "to-live", "primary")
        self.live.setToolTip(tr("Back to the car"))
        self.live.clicked.connect(self.live_asked)
        for button in (self.export, self.live):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        self._names = _column(self.vehicle, self.started)
        self._names.setFixedWidth(theme.scaled(224))  # a VIN, which has 17 letters
        for each in (self.clock, self.position):
            each.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            each.setMinimumWidth(theme.scaled(112))
        row.addWidget(self.play)
        row.addWidget(self._names)
        row.addWidget(self.track, 1)
        row.addWidget(_column(self.clock, self.position))
        row.addWidget(self.speed)
        row.addWidget(self.export)
        row.addWidget(self.live)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._names.setVisible(event.size().width() >= theme.scaled(1150))
        self._say(event.size().width())

    def _say(self, width: int) -> None:
        """Words on the buttons as far as the track keeps a length a finger can aim on; else their icons alone."""
        named = self._names.width() if self._names.isVisibleTo(self) else 0
        rest = named + self.play.width() + self.speed.sizeHint().width() + theme.scaled(112) + 6 * theme.space(2)
        self.export.show_words(tr("Export"), "export")
        self.live.show_words(tr("Back to the car"), "to-live")
        for button in (self.export, self.live):
            words = self.export.sizeHint().width() + self.live.sizeHint().width()
            if width - rest - words < theme.scaled(LEAST_TRACK):
                button.setText("")

    # --- what the page tells it

    def set_playback(self, playback: Playback | None) -> None:
        """Control this recording; None for none. Closing it is the page's."""
        self._playback, self._silence, self._warned, self._view = playback, Silence(), False, None
        self._next_search = 0.0
        if self._alarms is not None:
            self._alarms.deleteLater()
        self._alarms = RecordedAlarms(playback, self) if playback is not None else None
        if playback is None:
            return
        self.track.offset = wall_offset(playback)
        recorded = Recorded.of(playback.index)
        self.vehicle.set_text(playback.profile.name or recorded.vehicle)
        started = recorded.started.timestamp()
        self.started.set_text(f"{words.day(started)}, {words.time_of_day(started)}")
        self._show_speed()
        self.look()

    @property
    def playback(self) -> Playback | None:
        return self._playback

    def set_window(self, start: float, end: float) -> None:
        """The stretch of time that the trends show."""
        self._view = (start, end)

    # --- what a person does

    def toggle(self) -> None:
        """Play, or hold."""
        if self._playback is None:
            return
        if self._playback.playing:
            self._playback.pause()
        else:
            self._playback.play()
        self.look()

    def _seek(self, t: float) -> None:
        if self._playback is not None:
            self._playback.seek(t)
            self.moved.emit(t)
            self.look()

    def _set_speed(self, n: int) -> None:
        if self._playback is not None:
            self._playback.speed = float(self.speed.itemData(n))

    def _show_speed(self) -> None:
        if self._playback is not None and self.speed.currentData() != self._playback.speed:
            self.speed.setCurrentIndex(self.speed.findData(self._playback.speed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            at = min(max(self.speed.currentIndex() + step, 0), self.speed.count() - 1)
            self.speed.setCurrentIndex(at)
            self._set_speed(at)

    def _open_export(self) -> None:
        if self._playback is None:
            return
        frames = self._playback.index.count("frame")
        if not frames:
            self.export_as("csv")
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        fill_menu(menu, frames, self.export_as)
        menu.popup(self.export.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def export_as(self, kind: str) -> Export | None:
        """Export the recording as ``kind`` ("csv", "asc", "blf")."""
        if self._playback is None:
            return None
        job = Export(self, self._context, Recorded.of(self._playback.index), kind, how=self._exporters)
        job.start()
        return job

    # --- showing

    def look(self) -> None:
        """Look at the recording once; done by itself while it can be seen."""
        playback = self._playback
        if playback is None:
            return
        at = playback.position
        self._search(playback)
        alarms = self._alarms.marks if self._alarms is not None else ()
        self.track.show_time(0.0, playback.duration, at, view=self._view, gaps=self._silence.gaps, alarms=alarms)
        self.clock.setText(clock(at, self.track.offset))
        self.position.setText(f"{span(at)} / {span(playback.duration)}")
        if playback.playing:
            self.play.show_icon("pause", tr("Pause"))
        else:
            self.play.show_icon("play", tr("Play"))
        self._show_speed()
        if playback.damaged and not self._warned:
            self._warned = True
            detail = " ".join(playback.damaged)
            toast.show(self, tr("Parts of this recording cannot be read"), detail=detail, tone="warning")

    def _search(self, playback: Playback) -> None:
        """Look for silence and alarms in what has been decoded, once a second."""
        now = time.monotonic()
        if now >= self._next_search:
            self._next_search = now + SEARCH_S
            self._silence.look(playback.whole)
            if self._alarms is not None:
                self._alarms.look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


def _column(*widgets: QWidget) -> QWidget:
    found = QWidget()
    column = QVBoxLayout(found)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addStretch(1)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return found
