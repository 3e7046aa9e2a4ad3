"""The gauge: one signal in one of four dresses, pulled at the frame rate and painted only where it changed."""

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.diagnostics.dial_range import dial_range
from core.diagnostics.source import Source
from core.language import tr
from core.obd.store import Array, Reading
from ui import theme
from ui.widgets.gauge_bar import BarFace
from ui.widgets.gauge_chrome import GAP, Chrome
from ui.widgets.gauge_dial import DialFace
from ui.widgets.gauge_face import Content, Face, Moment
from ui.widgets.gauge_model import (
    NO_VALUE,
    Cells,
    Condition,
    Dress,
    GaugeSpec,
    age_words,
    condition_at,
    number_text,
    signal_of,
    title_of,
    value_text,
)
from ui.widgets.gauge_motion import Needle, Pace
from ui.widgets.gauge_number import NumberFace
from ui.widgets.gauge_paint import look
from ui.widgets.gauge_scale import Bounds, Level, Scale, around, grown, make_scale
from ui.widgets.gauge_track import Track
from ui.widgets.gauge_trend import SPAN, TrendFace, thinned
from ui.widgets.gauge_units import Measure, measure

FACES: dict[Dress, type[Face]] = {
    Dress.DIAL: DialFace,
    Dress.BAR: BarFace,
    Dress.NUMBER: NumberFace,
    Dress.TREND: TrendFace,
}
STATISTICS = 0.5  # s between two texts of the foot
TRACE = 0.2  # s between two pictures of the trend: about a pixel of its time axis
ENTERING = 5.0  # s more than the trend shows, so that its line enters from outside
LONGEST_FRAME = 0.25  # s; after a longer pause the needle has arrived
PAINT_LOG = 200_000
_STAGGER = cycle((1.0, 0.91, 1.07, 0.96, 1.03, 0.93, 1.09, 0.98, 1.05))
_WINDOW_CAME_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Gauge(QWidget):
    """A gauge for ``spec``. Give it a ``source`` with ``set_source`` and call ``tick`` on every frame.

    ``preferred`` are the units wished for where the gauge has no own one, strongest first: the vehicle's unit for this
    signal, the person's system ("metric", "imperial"). With ``log_paints(True)`` the list
    ``painted`` collects ``(t_sample, t_painted)``, the stamp of a sample and when the paint that first shows it was
    finished, both ``time.monotonic()`` seconds on a live link.
    """

    def __init__(self, spec: GaugeSpec, parent: QWidget | None = None, preferred: Sequence[str] = ("metric",)) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(40, 40))
        self.painted: deque[tuple[float, float]] = deque(maxlen=PAINT_LOG)
        self._logging = False
        self._pending: float | None = None  # stamp of the newest sample, until a paint is asked for that shows it
        self._carries: float | None = None  # stamp of the sample the next paint shows first
        self._source: Source | None = None
        self._track: Track | None = None
        self._offered = True
        self._bounds = Bounds()
        self._needle = Needle()
        self._pace = Pace()
        self._moment = Moment()
        self._frame = -math.inf
        self._ring = False
        self._selected = False
        self._rate: float | None = None
        self._foot = ""
        self._back: QPixmap | None = None
        self._preferred = tuple(preferred)
        self._spec = spec
        self.set_spec(spec)
        theme.signals.changed.connect(self._restyle)

    # --- what it shows

    @property
    def spec(self) -> GaugeSpec:
        return self._spec

    @property
    def measure(self) -> Measure:
        """The unit in use and how values are turned into it."""
        return self._measure

    @property
    def scale(self) -> Scale | None:
        """The scale in the unit shown; None for codes and bits."""
        return self._scale

    @property
    def moment(self) -> Moment:
        """What is on the screen, or will be with the next paint."""
        return self._moment

    @property
    def foot(self) -> str:
        """The words at the foot: the session's figures, or what is wrong."""
        return self._foot

    @property
    def bounds(self) -> Bounds:
        """The limits drawn, in the signal's own unit."""
        return self._bounds

    @property
    def track(self) -> Track | None:
        return self._track

    def set_spec(self, spec: GaugeSpec) -> None:
        """Become another gauge."""
        other_signal = spec.signal != self._spec.signal
        self._spec = spec
        self._signal = signal_of(spec.signal)
        self._measure = measure(self._signal, spec.unit, *self._preferred)
        words = self._signal is not None and self._signal.kind != "number"
        self._face: Face = NumberFace() if words else FACES[spec.dress]()
        if other_signal and self._source is not None:
            self._track = Track(self._source.signals, spec.signal)
        self.setAccessibleName(title_of(spec.signal))
        self._begin_anew()

    def keep_cells(self, cells: Cells) -> None:
        """Remember where it stands; nothing else changes."""
        self._spec = replace(self._spec, cells=cells)

    def set_source(self, source: Source | None) -> None:
        """Read from another source (a live link, a recording) from now on."""
        self._source = source
        self._track = Track(source.signals, self._spec.signal) if source is not None else None
        self._begin_anew()

    def set_bounds(self, bounds: Bounds) -> None:
        """Draw other limits; in the signal's own unit."""
        if bounds != self._bounds:
            self._bounds = bounds
            self._begin_anew()

    def set_preferred(self, preferred: Sequence[str]) -> None:
        """Follow another choice of units."""
        if tuple(preferred) != self._preferred:
            self._preferred = tuple(preferred)
            self.set_spec(self._spec)

    def set_offered(self, offered: bool) -> None:
        """Whether this car has the signal; unknown counts as yes."""
        if offered != self._offered:
            self._offered = offered
            self._shown_for: tuple[object, ...] = ()

    def set_selected(self, on: bool) -> None:
        """Whether this is the gauge being edited."""
        if on != self._selected:
            self._selected = on
            self.update()

    def set_rate(self, hz: float | None) -> None:
        """Values a second achieved, shown when the specification asks for it."""
        shown = hz if self._spec.rate else None
        if shown != self._rate:
            self._rate = shown
            self.update(self._chrome.rate.toAlignedRect())

    def _begin_anew(self) -> None:
        """Forget what was shown: the next tick decides everything again."""
        self._moment = Moment(text=NO_VALUE)
        self._needle.jump(None)
        self._target: float | None = None
        self._sample: Reading | None = None  # the one in the text
        self._shown_for = ()
        self._moment_at: float | None = None
        # Gauges made together should not all write their figures and trends in the same frame.
        self._next_foot = self._next_trace = -math.inf
        self._stagger = next(_STAGGER)
        self._foot = ""
        self._level = Level.OK
        self._ranged = False
        self._range = self._wanted_range()
        self._lay_out()

    # --- layout: once a size, theme or setting

    def _wanted_range(self) -> tuple[float, float]:
        """In the signal's own unit."""
        if self._signal is None:
            return 0.0, 1.0
        low, high = dial_range(self._signal)
        track = self._track
        if track is not None and track.count:
            fitted = around if self._spec.dress is Dress.TREND else grown
            low, high = fitted((low, high), track.lowest, track.highest)
        spec = self._spec
        low, high = (low if spec.low is None else spec.low), (high if spec.high is None else spec.high)
        return low, (high if high > low else low + 1.0)

    def _make_scale(self, area: QRectF) -> Scale | None:
        if self._signal is None or self._signal.kind != "number":
            return None
        low, high = sorted((self._measure.shown(self._range[0]), self._measure.shown(self._range[1])))
        length = {
            Dress.DIAL: min(area.width() / 2, area.height() / 1.6) * 3.1,  # along the ring, at the labels
            Dress.BAR: max(area.width(), area.height() * 1.4) * 0.75,
            Dress.NUMBER: area.width() * 0.5,
            Dress.TREND: area.height() * 0.6,
        }[self._spec.dress]
        marks = int(min(13, max(2, length / 52)))
        return make_scale(low, high, marks, fit=self._spec.low is None and self._spec.high is None)

    def _lay_out(self) -> None:
        """Decide where everything goes, and forget the picture of what stands still."""
        self._chrome = Chrome(self._spec, self.size())
        area = self._chrome.area
        self._scale = self._make_scale(area)
        self._face.lay_out(area, self._content())
        self._back = None
        self.update()

    def _content(self) -> Content:
        scale = self._scale
        if scale is None:
            return Content("", None, (), "0", words=True)
        limits = self._measure.limits(self._bounds.limits)
        ends = [number_text(end, self._measure.decimals) for end in (scale.low, scale.high)]
        widest = max((_in_zeros(text) for text in ends), key=len)
        return Content(self._measure.unit_text, scale, scale.zones(limits), widest)

    def _restyle(self) -> None:
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:  # another screen: the picture is not sharp there
            self._back = None
            self.update()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.set_spec(self._spec)

    # --- every frame

    def tick(self, now: float, frame: float | None = None, at: float | None = None) -> None:
        """Take in what is new and ask for the paint it needs.

        ``now`` is the source's clock, ``frame`` the frame clock's (``now`` when left out), ``at`` a moment of the past
        to show instead of the newest value; all in seconds.
        """
        if self._track is None:
            return
        frame = now if frame is None else frame
        elapsed = min(LONGEST_FRAME, max(0.0, frame - self._frame)) if self._frame > -math.inf else 0.0
        self._frame = frame
        fresh = self._track.advance()
        if at is not None:
            self._show_moment(at, fresh)
            return
        returned = self._moment_at is not None
        self._moment_at = None
        last = self._track.latest
        if fresh or returned:
            self._pending = last.t if fresh and last is not None else None
            self._aim(last)
        self._move(elapsed)
        condition, age = condition_at(None if last is None else last.t, now, self._offered)
        self._write(last, condition, age, frame)
        if frame >= self._next_trace and self._spec.dress is Dress.TREND and self._scale is not None:
            self._next_trace = frame + TRACE * self._stagger
            self._draw_trace(now)

    def _aim(self, last: Reading | None) -> None:
        """Note where the newest sample wants the needle, and whether the scale still holds it."""
        if last is None or self._signal is None or self._scale is None:
            self._target = None
            return
        track = self._track
        assert track is not None
        first = not self._ranged and self._spec.dress is Dress.TREND  # a trend's range is that of its values
        self._ranged = True
        if first or track.lowest < self._range[0] or track.highest > self._range[1]:
            wanted = self._wanted_range()
            if wanted != self._range:
                self._range = wanted
                self._needle.jump(None)
                self._lay_out()
        self._target = self._scale.fraction(self._measure.shown(last.value))
        level = self._bounds.level(last.value, self._level)
        if level != self._level:
            self._level = level

    def _move(self, elapsed: float) -> None:
        before = self._moment.needle
        if not self._needle.follow(self._target, elapsed):
            return
        after = self._needle.position
        region = self._face.needle_region(before, after)
        if not region.isEmpty() or after is None or before is None:
            self._moment.needle = after
            self._carry()
            self._ask(region)

    def _write(self, last: Reading | None, condition: Condition, age: float, frame: float) -> None:
        """The words: on a new sample at a readable rate, and at once when what may be claimed changes."""
        state = (condition, int(age), self._level)
        urgent = state != self._shown_for
        newer = last is not self._sample
        if not urgent and not newer and frame < self._next_foot:
            return
        now_age = 0.0 if last is None or self._source is None else self._source.now() - last.t
        if urgent or (newer and self._pace.allows(frame, now_age)):
            self._write_value(last, condition)
        if urgent or frame >= self._next_foot:
            self._next_foot = frame + STATISTICS * self._stagger
            self._write_foot(last, condition, age)
        if urgent:
            self._shown_for = state
            self._moment.condition, self._moment.level = condition, self._level
            self.update()

    def _write_value(self, last: Reading | None, condition: Condition) -> None:
        self._sample = last
        text = NO_VALUE
        if last is not None and self._signal is not None:
            text = value_text(self._signal, self._measure.shown(last.value), self._measure.decimals)
        if text != self._moment.text:
            self._moment.text = text
            self._carry()
            self._ask(self._face.text_region())
        self._place_marks()

    def _place_marks(self) -> None:
        track, scale = self._track, self._scale
        if track is None or scale is None or not track.count or not self._spec.marks:
            return
        moment = self._moment
        ends = sorted(scale.fraction(self._measure.shown(value)) for value in (track.lowest, track.highest))
        for name, new in zip(("lowest", "highest"), ends, strict=True):
            old: float | None = getattr(moment, name)
            if old is None or abs(old - new) > 1e-3:
                setattr(moment, name, new)
                self._ask(self._face.mark_region(new) + (QRegion() if old is None else self._face.mark_region(old)))

    def _write_foot(self, last: Reading | None, condition: Condition, age: float) -> None:
        words = self._words_for(last, condition, age)
        if words != self._foot:
            self._foot = words
            self.update(self._chrome.foot.toAlignedRect())

    def _words_for(self, last: Reading | None, condition: Condition, age: float) -> str:
        if self._signal is None:
            return tr("unknown signal")
        if condition is Condition.NOT_OFFERED:
            return tr("not offered by this car")
        if condition is Condition.NO_ANSWER:
            return tr("no answer")
        if condition is Condition.STALE:
            return age_words(age)
        if self._level is not Level.OK and last is not None:
            return self._limit_words(last.value)
        track, m = self._track, self._measure
        if not self._spec.marks or self._scale is None or track is None or track.mean is None:
            return ""
        low, high = sorted((m.shown(track.lowest), m.shown(track.highest)))
        figures = [number_text(value, m.decimals) for value in (low, m.shown(track.mean), high)]
        words = (tr("min {value}"), tr("mean {value}"), tr("max {value}"))
        return GAP.join(word.format(value=figure) for word, figure in zip(words, figures, strict=True))

    def _limit_words(self, value: float) -> str:
        crossed = self._bounds.crossed(value, self._level)
        if crossed is None:
            return ""
        side, limit = crossed
        measure_ = self._measure
        amount = f"{number_text(measure_.shown(limit), measure_.limit_decimals(limit))} {measure_.unit_text}".strip()
        return tr("over {limit}", limit=amount) if side == "above" else tr("under {limit}", limit=amount)

    def _draw_trace(self, now: float) -> None:
        track = self._track
        assert track is not None
        had = self._moment.trace is not None
        self._trace_from(*track.since(now - SPAN - ENTERING), now)
        if had or self._moment.trace is not None:
            self._ask(self._face.trace_region())

    def _trace_from(self, times: Array, values: Array, now: float) -> None:
        scale = self._scale
        if scale is None or not times.size:
            self._moment.trace = None
            return
        times, values = thinned(times, values, self.width() // 2)
        self._moment.trace = (now - times, scale.fractions(self._measure.shown_all(values)))

    def _show_moment(self, at: float, fresh: bool) -> None:
        """Show the past; everything stands still, so only a change of ``at`` is work."""
        if at == self._moment_at:
            return
        track = self._track
        assert track is not None
        self._moment_at = at
        sample = track.at(at, math.inf)
        condition, age = condition_at(None if sample is None else sample.t, at, self._offered)
        self._aim(sample)
        self._needle.jump(self._target)
        moment = self._moment
        moment.needle, moment.condition, moment.level = self._target, condition, self._level
        self._write_value(sample, condition)
        self._write_foot(sample, condition, age)
        self._shown_for = ()
        if self._spec.dress is Dress.TREND and self._scale is not None:
            self._trace_from(*track.signals.window(self._spec.signal, at - SPAN - ENTERING, at), at)
        self.update()

    def _ask(self, region: QRegion) -> None:
        if not region.isEmpty():
            self.update(region)

    def _carry(self) -> None:
        """The next paint is the first that shows the newest sample, unless an earlier one did."""
        if self._pending is not None:
            self._carries, self._pending = self._pending, None

    # --- painting

    def log_paints(self, on: bool) -> None:
        """Begin (with an empty list) or end collecting ``painted``."""
        self._logging = on
        if on:
            self.painted.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = look()
        painter = QPainter(self)
        if self._back is None:
            face = self._face if self._signal is not None else None
            self._back = self._chrome.picture(colors, self.size(), self.devicePixelRatioF(), face)
        dirty = event.region()
        painter.drawPixmap(0, 0, self._back)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._face.paint_moving(painter, colors, self._moment, dirty)
        if dirty.intersects(self._chrome.foot.toAlignedRect()):
            self._chrome.paint_foot(painter, colors, self._moment, self._foot)
        if self._rate is not None and dirty.intersects(self._chrome.rate.toAlignedRect()):
            self._chrome.paint_rate(painter, colors, self._rate)
        self._chrome.paint_edge(painter, colors, self._moment, focus=self._ring, selected=self._selected)
        painter.end()
        if self._logging and self._carries is not None:
            self.painted.append((self._carries, time.monotonic()))
        self._carries = None

    # --- focus and words for those who do not see it

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in _WINDOW_CAME_BACK:
            self._ring = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.setAccessibleDescription(self.spoken())
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _WINDOW_CAME_BACK:
            self._ring = False
        self.update()

    def spoken(self) -> str:
        """What a screen reader says: the value, its unit and what is wrong."""
        parts = [f"{self._moment.text} {self._measure.unit_text}".strip()]
        if self._moment.condition is not Condition.LIVE or self._moment.level is not Level.OK:
            parts.append(self._foot)
        return ", ".join(part for part in parts if part)


def _in_zeros(text: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in text)
