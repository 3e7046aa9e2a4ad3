"""One strip of the trends: its lines with their pasts, their scales, and the picture of them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter, QPen

from core.diagnostics.alarm_rules import Severity
from core.diagnostics.decimate import Array, column_of, columns
from core.obd.store import Signals
from ui import theme
from ui.widgets.trend_history import REACH, History
from ui.widgets.trend_layer import Layer
from ui.widgets.trend_raster import PAD, SUB, ink
from ui.widgets.trend_scale import Span, SteadyScale, least_span
from ui.widgets.trend_statistics import Statistics, statistics
from ui.widgets.trend_traces import LimitLine, Trace

WIDTH = 2.2  # px, of a line
INSET = 7  # px between a scale's ends and the strip's edges, so that a line at the end keeps its width
COVERED = 5  # columns under the mark at a line's end
DENSE = 12  # samples a pixel
ZONE = 0.09  # of the colour of a limit beyond it
TICK_ROOM = 36  # px of height a tick of the value scale wants


@dataclass(frozen=True, slots=True)
class View:
    """What is seen of time: ``count`` columns of ``step`` seconds from column ``first``, in px of the screen.

    ``ratio`` of these are a logical px. ``ticks`` are the times of the vertical lines.
    """

    first: int
    count: int
    step: float
    ratio: float = 1.0
    ticks: tuple[float, ...] = ()
    tick_step: float = 1.0

    @property
    def start(self) -> float:
        return self.first * self.step

    @property
    def end(self) -> float:
        return (self.first + self.count) * self.step

    def x(self, t: float) -> float:
        """Logical px from the left edge."""
        return (t / self.step - self.first) / self.ratio

    def t(self, x: float) -> float:
        """The time at ``x`` logical px from the left edge."""
        return (self.first + x * self.ratio) * self.step

    @property
    def reach(self) -> float:
        """Seconds about a sample in which a cursor means it: what a person can aim at, at least REACH."""
        return max(REACH, 3 * self.step * self.ratio)


@dataclass(slots=True)
class Line:
    """A trace, the past of its signal, and its figures for what is in sight."""

    trace: Trace
    history: History
    figures: Statistics | None = None

    def end(self, view: View) -> tuple[float, float] | None:
        """Time and value of the newest sample in sight; None when there is none."""
        last = self.history.last
        if last is None:
            return None
        if view.start <= last <= view.end:  # while it follows now: no need to look for it
            return last, float(self.history.values[-1])
        low, high = self.history.between(view.start, view.end)
        if low >= high:
            return None
        return float(self.history.times[high - 1]), float(self.history.values[high - 1])

    def at(self, t: float, reach: float = REACH) -> tuple[float, float] | None:
        """Time and value of the sample meant by a cursor at ``t``; None where there was no answer."""
        return self.history.held(t, reach) if self.trace.hold else self.history.nearest(t, reach)


@dataclass(slots=True)
class Strip:
    """Lines over one another, each on a scale of its own; with ``shared`` those of the same unit on one."""

    id: int
    lines: list[Line] = field(default_factory=list)
    scales: dict[str, SteadyScale] = field(default_factory=dict)  # by what ``_scale_key`` says
    shared: bool = False
    layer: Layer = field(default_factory=Layer)
    _changed: float = -math.inf  # time from which the lines differ from the picture
    _looks: int = 0  # rises when everything must be painted anew
    _shown: object = None  # how and from which column it was painted last

    @property
    def title(self) -> str:
        return ", ".join(line.trace.title for line in self.lines)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(line.trace.key for line in self.lines)

    def set_lines(self, lines: Iterable[Line]) -> None:
        """Show these lines; scales that are still needed stay as they are."""
        self.lines = list(lines)
        old, self.scales = self.scales, {}
        for line in self.lines:
            key = self._scale_key(line)
            if key not in self.scales:
                self.scales[key] = old.get(key) or self._scale(key)
        self.look_again()

    def share(self, on: bool) -> None:
        """One scale for all lines of a unit, or one for each line."""
        self.shared = on
        self.set_lines(self.lines)

    def _scale_key(self, line: Line) -> str:
        return line.trace.unit if self.shared else f"{line.trace.key} {line.trace.unit}"

    def on_scale(self, key: str) -> list[Line]:
        """The lines on one of ``scales``."""
        return [line for line in self.lines if self._scale_key(line) == key]

    def _scale(self, key: str) -> SteadyScale:
        traces = [line.trace for line in self.on_scale(key)]
        least = max(least_span(trace.minimum, trace.maximum, trace.resolution) for trace in traces)
        return SteadyScale(min(t.minimum for t in traces), max(t.maximum for t in traces), least)

    def scale_of(self, line: Line) -> SteadyScale:
        return self.scales[self._scale_key(line)]

    def look_again(self) -> None:
        """Paint everything anew next time."""
        self._looks += 1

    def pull(self, signals: Signals) -> bool:
        """Take over new samples; True when there were any."""
        changed = [t for line in self.lines if (t := line.history.pull(signals)) is not None]
        self._changed = min([self._changed, *changed])
        return bool(changed)

    def rescale(self, view: View, now: float) -> bool:
        """Let the scales follow what is in sight; True when one moved."""
        moved = [scale.update(self._extent(key, view), now) for key, scale in self.scales.items()]
        return any(moved)

    def outgrown(self, view: View) -> bool:
        """Whether a newest value in sight lies outside its scale, so that ``rescale`` cannot wait."""
        for line in self.lines:
            end = line.end(view)
            if end is not None:
                value, scale = line.trace.number(end[1]), self.scale_of(line)
                if not scale.manual and not scale.span.low <= value <= scale.span.high:
                    return True
        return False

    def fit(self, view: View) -> None:
        """Show exactly what is in sight."""
        for key, scale in self.scales.items():
            scale.fit(self._extent(key, view))

    def _extent(self, key: str, view: View) -> tuple[float, float] | None:
        found = []
        for line in self.on_scale(key):
            extent = line.history.extent(view.start, view.end)
            if extent is not None:
                found.append(line.trace.shown(*extent))
        if not found:
            return None
        return float(min(low for low, _ in found)), float(max(high for _, high in found))

    def measure(self, view: View, last: float) -> bool:
        """Work out the figures for what is in sight; True when one changed.

        After ``last`` (s) there is nothing yet, or the recording is over: that is no silence of the car's.
        """
        changed = False
        for line in self.lines:
            figures = statistics(line.history, view.start, max(view.start, min(view.end, last)))
            changed |= figures != line.figures
            line.figures = figures
        return changed

    def y(self, line: Line, value: float, height: float) -> float:
        """Logical px from the top of a strip ``height`` px high at which the stored ``value`` lies."""
        return height_of(line.trace.number(value), self.scale_of(line).span, height)

    def render(self, view: View, height: int) -> bool:
        """Bring the picture up to date for a strip ``height`` logical px high; True when it changed.

        Samples that fall into the newest columns wait for the next column: the line's end mark covers these.
        """
        ratio, rows = view.ratio, round(height * view.ratio)
        spans = tuple((scale.span.low, scale.span.high) for scale in self.scales.values())
        key = (view.step, ratio, rows, spans, theme.current(), view.tick_step, self._looks)
        since = column_of(self._changed, view.step) - 2 if math.isfinite(self._changed) else self._changed
        if (key, view.first) == self._shown and since >= view.first + view.count - COVERED:
            return False
        self._shown = (key, view.first)
        missing = self.layer.plan(key, view.first, view.count, rows, since)
        self._changed = math.inf
        if missing:
            painter = QPainter(self.layer.image)
            self._paint(painter, view, missing, rows)
            painter.end()
        return bool(missing)

    def _paint(self, painter: QPainter, view: View, part: range, rows: int) -> None:
        area = QRect(self.layer.x(part.start), 0, len(part), rows)
        painter.setClipRect(area)
        painter.fillRect(area, theme.color("surface_sunken"))
        for line in self.lines:
            self._paint_zones(painter, view, line, area)
        self._paint_grid(painter, view, area, rows)
        for line in self.lines:
            self._paint_limits(painter, view, line, area, first=part.start)
        for line in reversed(self.lines):  # the first one lies on top
            self._paint_line(painter, view, line, part, rows)

    def _paint_grid(self, painter: QPainter, view: View, area: QRect, rows: int) -> None:
        grid = theme.color("grid")
        thick = max(1, round(view.ratio))
        if self.lines:
            span = self.scale_of(self.lines[0]).span
            for value in span.ticks(tick_count(rows / view.ratio))[0]:
                y = round(height_of(value, span, rows / view.ratio) * view.ratio)
                painter.fillRect(area.left(), y, area.width(), thick, grid)
        for t in view.ticks:
            x = self.layer.x(column_of(t, view.step))
            if area.left() <= x <= area.right():
                painter.fillRect(x, 0, thick, rows, grid)

    def _limits(self, line: Line) -> list[LimitLine]:
        """The limits of a line that lie on its scale; critical ones last, over the others."""
        span = self.scale_of(line).span
        inside = [limit for limit in line.trace.limits if span.low < limit.value < span.high]
        return sorted(inside, key=lambda limit: limit.severity is Severity.CRITICAL)

    def _paint_zones(self, painter: QPainter, view: View, line: Line, area: QRect) -> None:
        """What lies outside the limits, tinted. Opaque: blending costs ten times as much."""
        for limit in self._limits(line):
            y = round(height_of(limit.value, self.scale_of(line).span, area.height() / view.ratio) * view.ratio)
            zone = area.adjusted(0, 0, 0, y - area.height()) if limit.above else area.adjusted(0, y, 0, 0)
            painter.fillRect(zone, theme.mix("surface_sunken", str(limit.severity), ZONE))

    def _paint_limits(self, painter: QPainter, view: View, line: Line, area: QRect, *, first: int) -> None:
        for limit in self._limits(line):
            y = height_of(limit.value, self.scale_of(line).span, area.height() / view.ratio) * view.ratio
            pen = QPen(theme.color(str(limit.severity)), 1.5 * view.ratio)
            if limit.severity is Severity.WARNING:
                pen.setDashPattern([6, 4])
                pen.setDashOffset(first / pen.widthF())
            painter.setPen(pen)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + area.width(), y))

    def _paint_line(self, painter: QPainter, view: View, line: Line, part: range, rows: int) -> None:
        low, high = line.trace.shown(*_envelope(line, view, part))
        span, ratio = self.scale_of(line).span, view.ratio
        left = self.layer.x(part.start)
        for column, row, picture in ink(
            _rows_of(high, span, rows, ratio),
            _rows_of(low, span, rows, ratio),
            first=part.start,
            height=rows,
            width=WIDTH * ratio,
            color=theme.color(line.trace.token),
            dash=line.trace.dash,
            ratio=ratio,
        ):
            painter.drawImage(left + column, row, picture)


def _envelope(line: Line, view: View, part: range) -> tuple[Array, Array]:
    """Lowest and highest stored values in columns of 1/SUB px with PAD more at each end, as ``ink`` takes them."""
    history = line.history
    low, high = history.between(part.start * view.step, part.stop * view.step)
    # Where many samples fall into a pixel, halves of it look the same.
    fine = SUB if high - low < DENSE * len(part) else 1
    pad = PAD // (SUB // fine)
    found = columns(
        history.times,
        history.values,
        step=view.step / fine,
        first=part.start * fine - pad,
        count=len(part) * fine + 2 * pad,
        gap=history.gap,
        hold=line.trace.hold,
    )
    if fine == SUB:
        return found.low, found.high
    return np.repeat(found.low, SUB), np.repeat(found.high, SUB)


def height_of(value: float, span: Span, height: float) -> float:
    """Px from the top at which ``value`` lies in a strip ``height`` px high."""
    return INSET + (span.high - value) / span.size * (height - 2 * INSET)


def _rows_of(values: Array, span: Span, rows: int, ratio: float) -> Array:
    """As ``height_of``, for many values and in px of the screen."""
    return INSET * ratio + (span.high - values) * ((rows - 2 * INSET * ratio) / span.size)


def tick_count(height: float) -> int:
    """How many ticks a value scale ``height`` px high has room for."""
    return max(1, int(height / TICK_ROOM))
