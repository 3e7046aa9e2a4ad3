"""What stands around the picture of a strip: value axes, names at the lines' ends, words at the limits."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from core.language import current, mark, tr
from ui import theme
from ui.widgets.gauge_model import number_text, state_text
from ui.widgets.trend_glyphs import SIZE, elided, paint_mark, put, width_of
from ui.widgets.trend_places import AXIS, MOST_AXES
from ui.widgets.trend_strip import INSET, Line, Strip, View, height_of, tick_count

LIMIT_WORDS = {"warning": mark("Warning {value}"), "critical": mark("Critical {value}")}
AXIS_PX = 14
NAME_PX = 15
NAME_ROOM = 20  # px of height a name at a line's end wants
LIMIT_PX = 13


@lru_cache(maxsize=256)
def _tick_words(value: float, decimals: int, language: str) -> str:
    return number_text(value, decimals)


def paint_axes(painter: QPainter, strip: Strip, plot: QRectF) -> None:
    """The first two value scales, left of ``plot``; each with the marks of the lines it is for."""
    painter.fillRect(QRectF(0, plot.top(), plot.left(), plot.height()), theme.color("surface_sunken"))
    keys = list(strip.scales)[:MOST_AXES]
    width = theme.scaled(AXIS)
    for n, key in enumerate(keys):
        right = plot.left() - n * width
        box = QRectF(right - width, plot.top(), width, plot.height())
        _paint_axis(painter, strip, strip.on_scale(key), box, marks=len(strip.lines) > 1)


def _paint_axis(painter: QPainter, strip: Strip, lines: list[Line], box: QRectF, *, marks: bool) -> None:
    span, signal = strip.scale_of(lines[0]).span, lines[0].trace.signal
    if not strip.scale_of(lines[0]).known:
        return
    ticks, decimals = span.ticks(tick_count(box.height()))
    px, half = theme.scaled(AXIS_PX), theme.scaled(10)
    for value in ticks:
        words = _tick_words(value, decimals, current())
        if signal is not None and lines[0].trace.hold and len(ticks) <= len(signal.states) + 1:
            words = (
                elided(state_text(signal, value), int(box.width()) - 8, px, "regular") if value in signal.states else ""
            )
        y = box.top() + height_of(value, span, box.height())
        y = min(max(y, box.top() + half), box.bottom() - half)
        put(
            painter,
            QRectF(box.left(), y - half, box.width() - 8, 2 * half),
            words,
            px,
            theme.color("text_muted"),
            side="right",
        )
        if marks and value == ticks[-1]:
            x = box.right() - 8 - width_of(words, px) - SIZE - 4
            for line in lines:
                paint_mark(painter, line.trace.mark, QPointF(x, y), theme.color(line.trace.token), SIZE - 1)
                x -= 2 * SIZE + 2


def paint_limit_words(painter: QPainter, strip: Strip, plot: QRectF) -> None:
    """At each limit in sight what it is, so that its colour is not needed."""
    px = theme.scaled(LIMIT_PX)
    left = plot.left() + 8
    for line in strip.lines:
        span = strip.scale_of(line).span
        for limit in line.trace.limits:
            if not span.low < limit.value < span.high:
                continue
            value = number_text(limit.value, 0 if limit.value == round(limit.value) else 1)
            words = tr(LIMIT_WORDS[str(limit.severity)], value=value)
            width = width_of(words, px, "medium") + 12
            y = plot.top() + height_of(limit.value, span, plot.height())
            box = QRectF(left, y + 1 if y < plot.top() + px + 8 else y - px - 7, width, px + 6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_sunken", 0.82))
            painter.drawRoundedRect(box, 4, 4)
            put(painter, box, words, px, theme.color(str(limit.severity)), weight="medium", side="center")
            left += width + 8


def paint_ends(painter: QPainter, strip: Strip, plot: QRectF, view: View, names: int) -> None:
    """The mark of each line at its newest point in sight, and right of the plot its name at that height."""
    ends = []
    for line in strip.lines:
        found = line.end(view)
        if found is not None:
            y = height_of(line.trace.number(found[1]), strip.scale_of(line).span, plot.height())
            y = plot.top() + min(max(y, float(INSET)), plot.height() - INSET)
            ends.append((y, min(plot.left() + view.x(found[0]), plot.right()), line))
    if not ends:
        return
    ends.sort(key=lambda end: end[0])
    room, px, ink = theme.scaled(NAME_ROOM), theme.scaled(NAME_PX), theme.color("text")
    heights = spread([end[0] for end in ends], room, plot.top(), plot.bottom())
    for y, (point, x, line) in zip(heights, ends, strict=True):
        color = theme.color(line.trace.token)
        paint_mark(painter, line.trace.mark, QPointF(x, point), color)
        if names < 2 * NAME_ROOM:
            continue
        if abs(y - point) > 3 or x < plot.right() - 24:  # the name stands away from its line: say whose it is
            paint_mark(painter, line.trace.mark, QPointF(plot.right() + 15, y), color)
        words = elided(line.trace.title, names - 30, px, "medium")
        put(painter, QRectF(plot.right() + 26, y - room / 2, names - 28, room), words, px, ink, weight="medium")


def spread(wanted: list[float], room: float, top: float, bottom: float) -> list[float]:
    """The heights ``wanted`` (rising), moved apart to at least ``room`` and kept between ``top`` and ``bottom``."""
    found = list(wanted)
    for n in range(len(found)):
        least = found[n - 1] + room if n else top + room / 2
        found[n] = max(found[n], least)
    for n in reversed(range(len(found))):
        most = found[n + 1] - room if n + 1 < len(found) else bottom - room / 2
        found[n] = min(found[n], most)
    return found
