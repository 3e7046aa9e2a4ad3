"""The Live page: gauges a person arranges, trends beneath them, and time that can be held."""

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.diagnostics.alarm_rules import rules_with
from core.diagnostics.live import ProfileChanged
from core.diagnostics.playback import Playback
from core.diagnostics.source import Source
from core.language import tr
from core.obd.signals import SIGNALS
from core.obd.status import Trouble
from ui import background, theme
from ui.context import UiContext
from ui.pages.live_divider import HANDLE, Divided
from ui.pages.live_edit import GaugeEditing
from ui.pages.live_keeping import Keeper, LayoutKeeping
from ui.pages.live_layout import (
    LEAST_SHARE,
    MOST_SHARE,
    TREND_SHARE,
    Layout,
    default_gauges,
    default_trends,
)
from ui.pages.live_notice import ConnectNotice
from ui.pages.live_toolbar import LiveToolbar, MomentBadge
from ui.pages.live_vehicle import VehicleWay, open_recording
from ui.pages.live_welcome import Welcome
from ui.pages.page import Command, Page
from ui.widgets import toast
from ui.widgets.frame_clock import FrameClock
from ui.widgets.gauge_grid import GaugeGrid
from ui.widgets.recordings_drawer import RecordingsDrawer
from ui.widgets.trend_panel import TrendPanel
from ui.widgets.trend_time import clock, wall_offset

SLOW = 0.5  # s between two looks at what changes rarely
LEAST_HZ = 1.0  # a gauge is grey after 2 s without an answer, so what is shown is asked for at least this often
OWNER = "screen"
LEAST_FOR_BOTH = 500  # px of height; the smallest window, 1024 by 600, has 528
TWO_STRIPS = 820  # px of height from which two trends have room beneath the gauges


def _nothing() -> None:
    return None


class _Events(QObject):
    """Brings the session's events from whatever thread they come on to this one."""

    came = Signal(object)


class LivePage(Page):
    """Shows any ``Source``; the live session unless ``set_source`` gave another. ``clock`` is the window's frame clock.

    ``view_time_changed``: a moment of the past is shown (s of the source's clock), or now (None).
    """

    view_time_changed = Signal(object)

    def __init__(self, context: UiContext) -> None:
        super().__init__(context)
        self.clock = FrameClock(self)
        self._source: Source = context.session
        self._view_time: float | None = None
        self._playback: Playback | None = None
        self._usual = True  # nobody has arranged this vehicle's gauges yet
        self._available: tuple[str, ...] = ()
        self._share = TREND_SHARE
        self._rules_used: object = None
        self._usual_strips = 0
        self._seen = False  # whether the page is in front
        self._trends_on = True
        self._greets = True  # until a person wants to see the gauges of no car
        self._quiet = False  # while we fill the page ourselves
        self._next_slow = 0.0
        self._wants: Mapping[str, float] | None = None
        self._unsubscribe: Callable[[], object] = _nothing
        self._events = _Events(self)
        self._events.came.connect(self._happened, Qt.ConnectionType.QueuedConnection)

    # --- building

    def load(self) -> None:
        self.toolbar = LiveToolbar(self.context)
        self.notice = ConnectNotice(self.context)
        self.welcome = Welcome()
        self.body = QWidget()
        self.grid = GaugeGrid()
        self.trends = TrendPanel(self.context, self.clock)
        self.splitter = Divided(self.grid, self.trends)
        self.badge = MomentBadge(self.body)
        self.keeping = LayoutKeeping(cast(Keeper, self.context.session), self)
        self.editing = GaugeEditing(self.grid, self.keeping, self.body)
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(theme.space(1), 0, theme.space(1), theme.space(1))
        inner.setSpacing(0)
        inner.addWidget(self.splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(2), 0, theme.space(2), 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.notice)
        column.addWidget(self.welcome, 1)
        column.addWidget(self.body, 1)
        self._connect()
        self.vehicle = VehicleWay(self, self.toolbar.vehicle)
        self._greet()
        self.grid.set_source(self._source)
        self._use_profile()

    def _connect(self) -> None:
        bar, grid, trends = self.toolbar, self.grid, self.trends
        bar.timeline.view_time_changed.connect(self.set_view_time)
        bar.playback.live_asked.connect(self.stop_playing)
        bar.playback.moved.connect(lambda _: self.set_view_time(None))
        bar.add_asked.connect(self.editing.ask_for_new)
        bar.arrange_asked.connect(grid.set_arranging)
        bar.trends_asked.connect(self.show_trends)
        bar.recordings_asked.connect(self.open_recordings)
        bar.undo_asked.connect(grid.undo)
        bar.redo_asked.connect(grid.redo)
        grid.changed.connect(self._arranged)
        grid.arranging_changed.connect(bar.show_arranging)
        grid.history_changed.connect(lambda: bar.show_history(grid.can_undo, grid.can_redo))
        trends.changed.connect(self._arranged)
        trends.wants_changed.connect(self._ask)
        trends.view_time_changed.connect(self.set_view_time)
        trends.window_changed.connect(bar.timeline.set_window)
        trends.window_changed.connect(bar.playback.set_window)
        self.splitter.moved.connect(self._divided)
        self.splitter.placed.connect(self._place_badge)
        self.welcome.recordings_asked.connect(self.open_recordings)
        self.welcome.gauges_asked.connect(self._show_gauges)
        self.welcome.connect_asked.connect(self.notice.connect_adapter)
        self.keeping.failed.connect(lambda words: toast.show(self, words, tone="warning"))
        self.keeping.damaged.connect(self._say_damaged)

    # --- what is shown

    @property
    def source(self) -> Source:
        """Where the values come from."""
        return self._source

    @property
    def view_time(self) -> float | None:
        """The moment shown, in seconds of the source's clock; None for now."""
        return self._view_time

    def set_source(self, source: Source) -> None:
        """Show another session or a recording from now on."""
        self._source.watch(OWNER, {})
        self.set_view_time(None)
        self._source, self._wants = source, None
        self.grid.set_source(source)
        self.trends.set_source(source)
        self.toolbar.timeline.set_source(source)
        self._use_profile()
        self._ask()
        self.vehicle.look()

    def play(self, playback: Playback) -> None:
        """Show a recording in place of the car, from its beginning. The page closes it."""
        self.stop_playing()
        self._playback = playback
        self.destroyed.connect(playback.close)  # the language may change while it plays, and the page is built anew
        self.set_source(playback)
        self.toolbar.playback.set_playback(playback)
        self.toolbar.show_playback(True)
        playback.play()

    def stop_playing(self) -> None:
        """Back to the car."""
        playback, self._playback = self._playback, None
        if playback is None:
            return
        self.toolbar.playback.set_playback(None)
        self.toolbar.show_playback(False)
        self.set_source(self.context.session)
        background.run(self, playback.close, lambda _: None)  # its threads may be in the middle of a chunk

    def open_recordings(self) -> None:
        """The list of earlier visits."""
        drawer = RecordingsDrawer(self, self.context)
        drawer.opened.connect(self.play)
        drawer.open()

    def set_view_time(self, t: float | None) -> None:
        """Show the values as they were at ``t`` (s of the source's clock), or as they are with None."""
        if t == self._view_time:
            return
        self._view_time = t
        self.trends.set_view_time(t)
        self.toolbar.timeline.set_view_time(t)
        words = "" if t is None else tr("paused at {time}", time=clock(t, wall_offset(self._source)))
        self.badge.show_words(words)
        self._place_badge()
        self.view_time_changed.emit(t)

    def toggle_pause(self) -> None:
        """Hold the picture, or go on with now; a recording is played or held."""
        if self._playback is not None:
            self.set_view_time(None)
            self.toolbar.playback.toggle()
            return
        self.set_view_time(self._source.now() if self._view_time is None else None)

    def _place_badge(self) -> None:
        """On the line between gauges and trends, where it hides next to nothing."""
        left = self.body.width() // 2 + theme.space(30)
        self.badge.move(left, self.splitter.line + (HANDLE - self.badge.height()) // 2)
        self.badge.raise_()
        self.editing.drawer.raise_()

    def _use_profile(self) -> None:
        """Show the vehicle's own layout, limits and units."""
        self.keeping.flush()
        profile = self._source.profile
        if profile.id != self.keeping.vehicle:
            self.set_view_time(None)  # that moment was another car's
        layout = self.keeping.take(profile)
        self._usual = layout is None
        self._available = self._source.available()
        self.editing.close()
        if layout is None:
            self._show_usual()
        else:
            self._show_layout(layout)
        self._rules_used = None
        self._use_rules()

    def _use_rules(self) -> None:
        """Draw the vehicle's limits, in its and the person's units; nothing is done for the same ones."""
        profile = self._source.profile
        used = (profile.id, dict(profile.limits), dict(profile.units), self.context.preferences.units)
        if used == self._rules_used:
            return
        self._rules_used = used
        self.grid.set_units(self.context.preferences.units, profile.units)
        self.grid.set_rules(rules_with(profile.limits))
        self.grid.set_available(self._available)
        self.trends.refresh()
        self.editing.refresh()

    def _show_layout(self, layout: Layout) -> None:
        self._quiet = True
        self.grid.set_arrangement(layout.gauges)
        self.trends.restore(layout.trend_state)
        self._share = layout.share
        self._show_trends(layout.trends)
        self._quiet = False
        self._ask()

    def _show_usual(self) -> None:
        """What suits most people, made of what the car offers."""
        self._show_layout(Layout(default_gauges(self._available)))
        self._show_usual_trends()

    def _show_usual_trends(self) -> None:
        self._usual_strips = 2 if self.height() >= TWO_STRIPS else 1
        self._quiet = True
        self.trends.restore({})
        for strip in default_trends(self._available, self._usual_strips):
            self.trends.add(*strip)
        self._quiet = False
        self._ask()

    def layout_now(self) -> Layout:
        """What would be kept."""
        return Layout(self.grid.arrangement, self._trends_on, self._share, self.trends.state())

    def _arranged(self) -> None:
        """A person changed something: keep it, and ask the car for what is shown now."""
        if self._quiet:
            return
        self._usual = False
        self.keeping.keep(self.layout_now())
        self._ask()

    def _say_damaged(self, why: str) -> None:
        toast.show(
            self,
            tr("This vehicle's gauges could not be read: {why}.", why=why),
            detail=tr("The usual ones are shown; the old file's content is kept."),
            tone="warning",
        )

    # --- trends

    def show_trends(self, on: bool) -> None:
        """Show or hide the trends beneath the gauges."""
        self._show_gauges()
        self._show_trends(on)
        self._arranged()

    def _show_trends(self, on: bool) -> None:
        self._trends_on = on
        self.toolbar.trends.setChecked(on)
        self._make_room()
        self._divide()

    def _make_room(self) -> None:
        """While the on-screen keyboard leaves too little for both, the gauges keep their size and the trends yield."""
        shown = self._trends_on and self.height() >= LEAST_FOR_BOTH
        if shown == self.trends.isHidden():
            self.trends.setVisible(shown)

    def _divide(self) -> None:
        self.splitter.share(self._share)

    def _divided(self) -> None:
        share = self.splitter.lower_share()
        self._place_badge()
        if share:
            self._share = min(MOST_SHARE, max(LEAST_SHARE, share))
            self._arranged()

    # --- frames

    def on_shown(self) -> None:
        self._unsubscribe()
        self._unsubscribe = self.context.session.subscribe(self._events.came.emit)
        if self._source is self.context.session and self.keeping.is_news(self._source.profile):
            self._use_profile()
        self._seen, self._wants = True, None
        self._next_slow = 0.0
        self.clock.add(self.beat)
        self._ask()

    def on_hidden(self) -> None:
        self._unsubscribe()
        self._unsubscribe = _nothing
        self.clock.remove(self.beat)
        self.editing.close()
        self.grid.set_arranging(False)
        if self._playback is not None:
            self._playback.pause()
        self._seen, self._wants = False, None
        self._source.watch(OWNER, {})
        self.keeping.flush()

    def beat(self, frame: float) -> None:
        """One frame at ``frame`` s of the frame clock."""
        now = self._source.now()
        self.grid.tick(now, frame, self._view_time)
        if frame >= self._next_slow:
            self._next_slow = frame + SLOW
            self._look_around()

    def _look_around(self) -> None:
        """What changes rarely: what the car offers, the rates achieved, whether there is a car at all."""
        status = self._source.status()
        self.grid.set_rates(status.hz)
        greets = self._greet()
        playing = self._source is not self.context.session
        self.notice.show_status(status, needless=playing or greets, at_once=self.context.session.signals.span() is None)
        available = self._source.available()
        if available != self._available:
            self._available = available
            if self._usual and available:
                self._show_usual()
            self.grid.set_available(available)
        self.editing.available = self._available
        self.vehicle.look()

    def _greet(self) -> bool:
        """Whether how to connect a car is said in place of gauges that would all be empty."""
        session = self.context.session
        greets = (
            self._greets
            and self._source is session
            and session.status().trouble is Trouble.NO_ADDRESS
            and session.signals.span() is None
        )
        if greets == self.welcome.isHidden():
            self.welcome.setVisible(greets)
            self.toolbar.setVisible(not greets)
            self.body.setVisible(not greets)
        return greets

    def _show_gauges(self) -> None:
        self._greets = False
        self._look_around()

    def _add_gauge(self) -> None:
        self._show_gauges()
        self.editing.ask_for_new()

    def _arrange(self) -> None:
        self._show_gauges()
        self.grid.set_arranging(not self.grid.arranging)

    def _ask(self) -> None:
        """Tell the source which signals are in sight, and how often they should come."""
        if not self._seen:
            return
        wants: dict[str, float] = {}
        for key in self.grid.signals_shown():
            name = key.partition("@")[0]
            if name in SIGNALS:
                wants[name] = max(LEAST_HZ, SIGNALS[name].rate_hz)
        if self._trends_on:
            for name, hz in self.trends.wants().items():
                wants[name] = max(hz, wants.get(name, 0.0))
        if wants != self._wants:
            self._wants = wants
            self._source.watch(OWNER, wants)

    def _happened(self, event: object) -> None:
        if not isinstance(event, ProfileChanged) or self._source is not self.context.session:
            return
        if self.keeping.is_news(event.profile):
            self._use_profile()
        else:
            self._use_rules()

    # --- keys, commands, size

    def show_signal(self, key: str) -> bool:
        self.editing.bring_into_view(key)
        return True

    def show_row(self, table: str, row: str) -> bool:
        if table == "recordings":
            open_recording(self, row)
        return table == "recordings"

    def commands(self) -> tuple[Command, ...]:
        held = self._view_time is not None
        arranging = self.grid.arranging
        return (
            Command(tr("Add gauge"), self._add_gauge, "plus", tr("new signal"), tr("+")),
            Command(
                tr("Done arranging") if arranging else tr("Arrange gauges"),
                self._arrange, "move", tr("move resize layout"), tr("Ctrl+G"),
            ),
            Command(
                tr("Back to live") if held else tr("Pause"),
                self.toggle_pause, "pause", tr("hold freeze time"), tr("Ctrl+P"),
            ),
            Command(
                tr("Hide trends") if self._trends_on else tr("Show trends"),
                lambda: self.show_trends(not self._trends_on), "trend", tr("chart plot graph"), tr("Ctrl+T"),
            ),
            Command(tr("Recordings"), self.open_recordings, "history", tr("playback earlier visits drives export")),
            Command(tr("Undo arranging"), self.grid.undo, "undo", "", tr("Ctrl+Z")),
        )  # fmt: skip

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        return (
            ("arranging", lambda: self.grid.set_arranging(True)),
            ("gauge", lambda: self.editing.edit(self.grid.arrangement[0].id)),
            ("add-gauge", self.editing.ask_for_new),
            ("recordings", self.open_recordings),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys with Ctrl, and keys that are no letters: a letter begins a search, also one from a barcode scanner."""
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        deed = self._deeds().get((held, Qt.Key(event.key())))
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def _deeds(self) -> Mapping[tuple[bool, Qt.Key], Callable[[], object]]:
        grid = self.grid
        return {
            (True, Qt.Key.Key_P): self.toggle_pause,
            (False, Qt.Key.Key_Pause): self.toggle_pause,
            (True, Qt.Key.Key_G): self._arrange,
            (True, Qt.Key.Key_T): lambda: self.show_trends(not self._trends_on),
            (False, Qt.Key.Key_Plus): self._add_gauge,
            (False, Qt.Key.Key_Insert): self._add_gauge,
            (True, Qt.Key.Key_Z): grid.undo,
            (True, Qt.Key.Key_Y): grid.redo,
        }

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "splitter"):
            self._make_room()
            self._divide()
            self._place_badge()
            self.editing.place()
            if self._usual and self._usual_strips != (2 if self.height() >= TWO_STRIPS else 1):
                self._show_usual_trends()
