"""The trend: the number small, the last minute as a line, its limits across it."""

import math
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QRegion

from core.language import tr
from core.obd.store import Array
from ui.widgets.gauge_face import Content, Moment
from ui.widgets.gauge_model import Condition
from ui.widgets.gauge_paint import (
    CAPS,
    LEFT,
    Figures,
    Look,
    figure_box,
    fill_zone,
    fit_px,
    font,
    pen,
    put,
    text_width,
)
from ui.widgets.gauge_scale import Level, Scale, Zone

SPAN = 60.0  # s shown
PAUSE = 3.0  # s between two samples that the line does not bridge: nobody knows what was there
ZONE = 5.0  # px, the zone at the right edge


class TrendFace:
    """See ``ui.widgets.gauge_face.Face``."""

    def lay_out(self, area: QRectF, content: Content) -> None:
        self._content = content
        self._scale = content.scale or Scale(0, 1, 1)
        beside = area.width() > area.height() * 2.6
        room = QRectF(area.left(), area.top(), area.width() * 0.34, area.height()) if beside else QRectF(
            area.left(), area.top(), area.width(), min(area.height() * 0.4, 96.0)
        )  # fmt: skip
        unit = text_width(content.unit, 20, "medium") + 12
        self._px = fit_px(content.widest, room.width() - unit, room.height() * 0.84, "semibold", least=24, most=120)
        self._unit_px = round(min(24.0, max(16.0, self._px * 0.34)))
        middle = room.center().y() if beside else room.top() + self._px * CAPS / 2 + 2
        self._number = figure_box(room.left(), middle, room.width(), self._px)
        self._figures = Figures(self._number, self._px, content.widest, content.unit, self._unit_px)
        if not beside:
            room.setBottom(self._number.bottom() + 4)
        label_px = 14
        self._label_font = font(label_px, "medium", True)
        labels = max((text_width(self._scale.label(v), label_px, "medium", True) for v in self._ends()), default=0.0)
        self._plot = (
            QRectF(room.right() + 14, area.top() + 4, area.right() - room.right() - 14, area.height() - 8) if beside
            else QRectF(area.left(), room.bottom() + 6, area.width(), area.bottom() - room.bottom() - 8)
        )  # fmt: skip
        self._plot.setRight(self._plot.right() - labels - 10)

    def _ends(self) -> tuple[float, ...]:
        majors = self._scale.majors
        return (majors[0], majors[-1]) if len(majors) > 1 else majors

    def paint_still(self, painter: QPainter, look: Look) -> None:
        plot, scale = self._plot, self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen(look.grid, 1.0))
        for value in scale.majors:
            y = round(self._y(scale.fraction(value)))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for value in self._ends():
            box = QRectF(plot.right() + 8, self._y(scale.fraction(value)) - 9, 80, 18)
            text = scale.label(value) + ("k" if scale.divisor > 1 and value else "")
            put(painter, box, text, self._label_font, look.muted, LEFT)
        for zone in self._content.zones:
            self._paint_zone(painter, look, zone)
        caption = QRectF(plot.left(), plot.bottom() - 18, plot.width() - 4, 18)
        put(painter, caption, tr("last {n} s", n=int(SPAN)), self._label_font, look.muted, LEFT)

    def _paint_zone(self, painter: QPainter, look: Look, zone: Zone) -> None:
        plot, color = self._plot, look.levels[zone.level]
        shape = QPainterPath()
        shape.addRect(QRectF(plot.right() + 1, self._y(zone.end), ZONE, self._y(zone.start) - self._y(zone.end)))
        fill_zone(painter, shape, zone.level, color)
        line = pen(color, 1.6, Qt.PenCapStyle.FlatCap)
        line.setStyle(Qt.PenStyle.DashLine if zone.level is Level.WARNING else Qt.PenStyle.SolidLine)
        painter.setPen(line)
        painter.drawLine(QPointF(plot.left(), self._y(zone.edge)), QPointF(plot.right(), self._y(zone.edge)))

    def _y(self, fraction: float) -> float:
        return self._plot.bottom() - fraction * self._plot.height()

    def paint_moving(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        if dirty.intersects(self._figures.inked):
            self._figures.paint(painter, moment.text, moment.ink(look), look.muted)
        if dirty.intersects(self._plot.toAlignedRect()):
            self._paint_trace(painter, look, moment)

    def _paint_trace(self, painter: QPainter, look: Look, moment: Moment) -> None:
        plot = self._plot
        color = moment.fill(look) if moment.condition is not Condition.LIVE else look.levels[Level.OK]
        painter.save()
        painter.setClipRect(plot.adjusted(-1, -3, ZONE, 3), Qt.ClipOperation.IntersectClip)
        lines = self._lines(moment)
        under = QColor(color)
        under.setAlphaF(0.13)
        base = self._y(0.0)
        for line in lines:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(under)
            painter.drawPolygon(QPolygonF([QPointF(line[0].x(), base), *line, QPointF(line[-1].x(), base)]))
            trace = QPen(color, 2.0)
            trace.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # round joins of a thousand points cost a millisecond
            painter.setPen(trace)
            painter.drawPolyline(line)
        if lines and moment.condition is Condition.LIVE:
            painter.setPen(pen(look.card, 2.0))
            painter.setBrush(look.needle if moment.level is Level.OK else moment.fill(look))
            painter.drawEllipse(lines[-1][-1], 5.0, 5.0)
        painter.restore()

    def _lines(self, moment: Moment) -> list[list[QPointF]]:
        """The trace in pixels, cut where samples are missing: no line is drawn over what nobody measured."""
        if moment.trace is None:
            return []
        plot = self._plot
        ages, fractions = moment.trace
        xs = (plot.right() - ages * (plot.width() / SPAN)).tolist()
        ys = (plot.bottom() - fractions * plot.height()).tolist()
        cuts = [0, *(np.flatnonzero(-np.diff(ages) > PAUSE) + 1).tolist(), len(xs)]
        points = list(map(QPointF, xs, ys))
        return [points[start:end] for start, end in pairwise(cuts) if end > start]

    def needle_region(self, before: float | None, after: float | None) -> QRegion:
        return QRegion()

    def text_region(self) -> QRegion:
        return QRegion(self._figures.inked)

    def mark_region(self, fraction: float) -> QRegion:
        return QRegion()

    def trace_region(self) -> QRegion:
        return QRegion(self._plot.adjusted(-2, -6, ZONE + 2, 6).toAlignedRect())


def thinned(times: Array, values: Array, columns: int) -> tuple[Array, Array]:
    """At most two samples a pixel column: the lowest and highest of each group in their order, so no spike is lost."""
    size = math.ceil(times.size / max(1, columns))
    if size <= 2:
        return times, values
    whole = times.size // size * size
    rows = values[:whole].reshape(-1, size)
    low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    starts = np.arange(rows.shape[0]) * size
    picked = np.stack((starts + np.minimum(low, high), starts + np.maximum(low, high)), axis=1).ravel()
    kept = np.unique(np.concatenate((picked, np.arange(whole, times.size))))
    return times[kept], values[kept]
