"""Several trends over one another, with one time axis and one cursor: the panel a page embeds."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.diagnostics.source import Source
from core.language import tr
from core.obd.store import Signals
from ui import theme
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.trend_axis import LABEL_ROOM, TrendAxis
from ui.widgets.trend_canvas import TrendCanvas
from ui.widgets.trend_chooser import TrendChooser
from ui.widgets.trend_empty import TrendEmpty
from ui.widgets.trend_gestures import Gestures
from ui.widgets.trend_header import TrendHeader
from ui.widgets.trend_menu import strip_menu
from ui.widgets.trend_model import TrendModel
from ui.widgets.trend_places import least_height, places
from ui.widgets.trend_strip import View
from ui.widgets.trend_time import TimeTick, tick_step, time_ticks, wall_offset
from ui.widgets.trend_toolbar import TrendToolbar
from ui.widgets.trend_window import TrendWindow

FRAME = 1 / 30  # s between two pictures at the least
VALUES = 0.1  # s between two numbers: faster ones cannot be read
FIGURES = 0.25  # s between two minima, means and maxima


Picker = Callable[[str, tuple[str, ...], Callable[[str], None]], object]


class Beat(Protocol):
    """What tells the time to what moves; ``ui.widgets.frame_clock.FrameClock`` is one."""

    def add(self, listener: Callable[[float], None]) -> None: ...

    def remove(self, listener: Callable[[float], None]) -> None: ...


@runtime_checkable
class Recording(Protocol):
    """A source whose end is known and in which one can go anywhere: ``core.diagnostics.playback.Playback``."""

    whole: Signals
    duration: float

    def seek(self, t: float) -> None: ...


class TrendPanel(QWidget):
    """Trends of the signals of a ``Source``.

    ``changed``: a person changed what is shown (keep ``state()``). ``wants_changed``: other signals are needed (ask the
    source for ``wants()``). ``view_time_changed``: a person looks at another moment (s of the source's clock, None for
    now); the way back is ``set_view_time``. ``window_changed``: the trends now show that stretch, s. A recording is
    sought in directly. With ``clock`` its beat is used, else a timer of its own; nothing is done while the panel cannot
    be seen.
    """

    changed = Signal()
    wants_changed = Signal()
    view_time_changed = Signal(object)
    window_changed = Signal(float, float)

    def __init__(self, context: UiContext, clock: Beat | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = TrendModel(self)
        self.model.system = context.preferences.units
        self.time_window = TrendWindow(self)
        self.toolbar = TrendToolbar(self.time_window)
        self._body = QWidget()
        self._body.setProperty("surface", "clear")
        self.canvas = TrendCanvas(self.model, self.time_window, self._body)
        self.axis = TrendAxis(self.canvas, self.time_window)
        self.empty = TrendEmpty(self)
        self.headers: list[TrendHeader] = []
        self.gestures = Gestures(self.canvas, self.time_window, self._fit_strip)
        self._picker: Picker | None = None
        self._offset: float | None = None
        self._dirty = True
        self._last_frame = self._last_values = self._last_figures = -1e9
        self._key: object = None
        self._told: object = None
        self._ticks_key: object = None
        self._ticks_kept: tuple[TimeTick, ...] = ()
        self._lay_out()
        self._connect()
        self._beat = clock
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(FRAME * 1000))
        self._timer.timeout.connect(lambda: self.beat(time.monotonic()))
        self._rebuild()
        self.set_source(context.session)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._body)
        self._body.installEventFilter(self)
        column.addWidget(self.toolbar)
        column.addWidget(self._area, 1)
        column.addWidget(self.axis)
        column.addWidget(self.empty, 1)

    def _connect(self) -> None:
        self.model.changed.connect(self._rebuild)
        self.time_window.changed.connect(self.invalidate)
        self.time_window.view_time_changed.connect(self._look_at)
        self.toolbar.add_asked.connect(self._choose_new)
        self.toolbar.fit_asked.connect(self.fit)
        self.toolbar.length_chosen.connect(self.changed)
        self.empty.add_asked.connect(self._choose_new)
        theme.signals.changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        return QSize(900, 420)

    # --- what the page tells it

    def set_source(self, source: Source | None) -> None:
        """Show another session or recording; everything else stays."""
        self.time_window.set_view_time(None)
        self.time_window.set_cursor(None)
        self.time_window.set_marks(None, None)
        self.time_window.recorded = isinstance(source, Recording)
        self.model.set_source(source)
        self._told = None
        self.canvas.offset = self.wall_offset
        self.invalidate()

    def set_view_time(self, t: float | None) -> None:
        """Look at ``t`` (s of the source's clock), or at now with None."""
        self.time_window.set_view_time(t)

    def set_wall_offset(self, seconds: float | None) -> None:
        """What to add to the source's clock to get epoch seconds; None: found out from the source."""
        self._offset = seconds
        self.canvas.offset = self.wall_offset
        self.invalidate()

    @property
    def wall_offset(self) -> float:
        """Seconds from the source's clock to the epoch."""
        return wall_offset(self.model.source) if self._offset is None else self._offset

    def refresh(self) -> None:
        """Limits, units or the vehicle changed: say and draw everything anew."""
        self.model.system = self._context.preferences.units
        self.model.describe_again()

    def wants(self) -> Mapping[str, float]:
        """Signal names and the rates in Hz to watch them at."""
        return self.model.wants()

    def state(self) -> dict[str, Any]:
        """What a layout keeps (JSON-able)."""
        return {"strips": self.model.state(), "length": self.time_window.length}

    def restore(self, state: Any) -> None:
        """Show what ``state()`` gave once; what cannot be understood is left out."""
        kept = state if isinstance(state, Mapping) else {}
        length = kept.get("length", self.time_window.length)
        if length is None or (isinstance(length, int | float) and length > 0):
            self.time_window.set_length(length)
        self.model.restore(kept.get("strips"))

    # --- what a person does

    def add(self, *keys: str) -> None:
        """A new strip with these signals, fitted."""
        if self.model.add(keys) is None and self.model.full:
            toast.show(
                self, tr("There is no room for another trend. Remove one, or add the signal to an existing one.")
            )
            return
        self.changed.emit()

    def set_picker(self, picker: Picker) -> None:
        """Ask for signals with ``picker(title, shown, chosen)`` instead of with a list of our own."""
        self._picker = picker

    def choose(self, strip: int | None = None) -> None:
        """Ask which signal to add: in a strip of its own, or in strip ``strip``."""
        source = self.model.source
        offered = dict.fromkeys((*source.available(), *source.signals.keys())) if source is not None else {}
        found = self.model.strip(strip) if strip is not None else None
        shown = found.keys if found else self.model.keys()
        title = tr("Add to this trend") if found else tr("Add a trend")
        if self._picker is not None:
            self._picker(title, shown, lambda key: self._add_chosen(strip, key))
            return
        sheet = TrendChooser(self, title, offered, shown)
        sheet.chosen.connect(lambda key: self._add_chosen(strip, key))
        sheet.open(sheet.search)

    def _choose_new(self) -> None:
        self.choose()

    def _add_chosen(self, strip: int | None, key: str) -> None:
        if strip is None:
            self.add(key)
        elif self.model.add_line(strip, key):
            self.changed.emit()

    def fit(self) -> None:
        """Fit all scales to what is in sight."""
        self._fit_strip(None)

    def fit_one(self, strip: int) -> None:
        """Fit the scales of one strip."""
        self._fit_strip([each.id for each in self.model.strips].index(strip))

    def _fit_strip(self, n: int | None) -> None:
        view = self.canvas.view
        for strip in self.model.strips if n is None else self.model.strips[n : n + 1]:
            strip.fit(view)
        self.invalidate()

    def _open_menu(self, header: TrendHeader) -> None:
        menu = strip_menu(self, header.strip.id)
        menu.popup(header.mapToGlobal(QPoint(header.width() // 2, theme.target // 2)))

    def share(self, strip: int, on: bool) -> None:
        """One scale for all lines of a unit in a strip, or one for each."""
        self.model.share(strip, on)
        self.changed.emit()

    def move_strip(self, strip: int, by: int) -> None:
        """Move a strip up or down."""
        if self.model.move(strip, by):
            self.changed.emit()
            moved = next((header for header in self.headers if header.strip.id == strip), None)
            if moved is not None:
                moved.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self, strip: int, key: str | None = None) -> None:
        """Take away a strip, or one signal of it; a message offers the way back."""
        found = self.model.strip(strip)
        if found is None:
            return
        title = found.title if key is None else next(x.trace.title for x in found.lines if x.trace.key == key)
        back = self.model.undo_point()
        if key is None:
            self.model.remove(strip)
        else:
            self.model.remove_line(strip, key)
        self.changed.emit()
        toast.show(self, tr("{title} removed from the trends", title=title), undo=lambda: self._take_back(back))

    def _take_back(self, back: Callable[[], None]) -> None:
        back()
        self.changed.emit()

    # --- arranging

    def _rebuild(self) -> None:
        """Other strips: other headers."""
        for header in self.headers:
            header.hide()
            header.deleteLater()
        self.headers = []
        for strip in self.model.strips:
            header = TrendHeader(strip, self._body)
            header.clicked.connect(lambda _=False, header=header: self._open_menu(header))
            header.moved.connect(lambda by, id=strip.id: self.move_strip(id, by))
            header.show()
            self.headers.append(header)
        some = bool(self.model.strips)
        self._area.setVisible(some)
        self.axis.setVisible(some)
        self.toolbar.set_usable(some)
        self.empty.setVisible(not some)
        self._arrange()
        self.wants_changed.emit()

    def _arrange(self) -> None:
        strips = self.model.strips
        self._body.setMinimumHeight(least_height(len(strips)))
        axes = max((len(strip.scales) for strip in strips), default=1)
        spots = places(self._body.width(), self._body.height(), len(strips), axes)
        self.canvas.set_places(spots)
        self.canvas.setGeometry(spots.header, 0, max(0, self._body.width() - spots.header), self._body.height())
        for header, top, height in zip(self.headers, spots.tops, spots.heights, strict=False):
            header.setGeometry(0, top, spots.header, height)
        self.invalidate()

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if watched is self._body and event.type() == QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)

    def _restyle(self) -> None:
        for strip in self.model.strips:
            strip.look_again()
        self.axis.setFixedHeight(self.axis.sizeHint().height())
        self.toolbar.fold()
        self._arrange()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.canvas.offset = self.wall_offset  # the wall's clock may have been set meanwhile
        self.invalidate()
        if self._beat is not None:
            self._beat.add(self.beat)
        else:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        if self._beat is not None:
            self._beat.remove(self.beat)

    # --- drawing

    def invalidate(self) -> None:
        """Draw with the next beat, whatever it is."""
        self._dirty = True

    def beat(self, at: float) -> None:
        """A beat at ``at`` s of any steady clock: draw if it is time and there is something to draw."""
        source = self.model.source
        if at - self._last_frame < FRAME * 0.75 or source is None or not self.model.strips or not self.isVisible():
            return
        window = self.time_window
        if not window.live and not self._dirty:
            return
        self._last_frame = at
        now = source.now()
        fresh = self.model.pull()
        window.follow(now, self._span(source))
        view, ticks = self._view()
        due = at - self._last_values >= VALUES
        moving = window.recorded and now != self.canvas.now
        if not (self._dirty or fresh or due or moving or view.first != self.canvas.view.first):
            return
        figures = self._dirty or at - self._last_figures >= FIGURES
        if figures:
            self._last_figures = at
            for strip in self.model.strips:
                strip.measure(view, window.session[1])
        moved = [strip.rescale(view, at) for strip in self.model.strips if figures or strip.outgrown(view)]
        self._show(view, ticks, any(moved), now)
        self.gestures.follow()
        if self._dirty or due:
            self._last_values = at
            for header in self.headers:
                header.say(window.moment, window.live)
        if window.bounds != self._told:
            self._told = window.bounds
            self.window_changed.emit(*window.bounds)
        self._dirty = False

    def _show(self, view: View, ticks: tuple[TimeTick, ...], moved: bool, now: float) -> None:
        canvas = self.canvas
        canvas.now = now
        canvas.show_view(view, everything=moved or self._dirty or self.time_window.playhead is not None)
        left = canvas.x() + canvas.places.axes
        key = (view.first, view.step, left, self._dirty)
        if key != self._key:
            self._key = key
            self.axis.follow(ticks, left)

    def _span(self, source: Source) -> tuple[float, float] | None:
        if isinstance(source, Recording):
            return 0.0, source.duration
        span, first = source.signals.span(), self.model.first_sample()
        if span is None:
            return None
        return (min(span[0], first) if first is not None else span[0]), span[1]

    def _look_at(self, t: float | None) -> None:
        source = self.model.source
        if isinstance(source, Recording) and t is not None:
            source.seek(t)
            self.invalidate()
        else:
            self.view_time_changed.emit(t)

    def _view(self) -> tuple[View, tuple[TimeTick, ...]]:
        """What is to be seen now, in whole columns, so that what scrolls does not shimmer."""
        start, end = self.time_window.bounds
        ratio = self.devicePixelRatioF()
        count = max(1, round(self.canvas.places.plot * ratio))
        step = (end - start) / count
        first = int(start // step) if self._fixed_start else int(end // step) - count + 1
        spacing = tick_step(end - start, max(1, int(self.canvas.places.plot / theme.scaled(LABEL_ROOM))))
        ticks = self._ticks(first * step, (first + count) * step, spacing)
        return View(first, count, step, ratio, tuple(tick.t for tick in ticks), spacing), ticks

    @property
    def _fixed_start(self) -> bool:
        """Whether the window hangs on its start instead of on now."""
        return self.time_window.length is None or self.time_window.recorded

    def _ticks(self, start: float, end: float, spacing: float) -> tuple[TimeTick, ...]:
        """The ticks in sight; worked out anew only when one comes or goes."""
        shift = self.canvas.offset
        key = (spacing, shift, math.ceil((start + shift) / spacing), math.floor((end + shift) / spacing))
        if key != self._ticks_key:
            self._ticks_key = key
            self._ticks_kept = time_ticks(start, end, spacing, shift)
        return self._ticks_kept
