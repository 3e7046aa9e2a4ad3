"""The dial: an open ring that fills up to a short needle, the number large in its middle."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF, QRegion

from ui import theme
from ui.widgets.gauge_face import Content, Moment
from ui.widgets.gauge_paint import (
    CENTERED,
    LEFT,
    RIGHT,
    Figures,
    Look,
    figure_box,
    fill_zone,
    fit_px,
    font,
    marker,
    pen,
    polar,
    put,
    ring,
    text_width,
)
from ui.widgets.gauge_scale import Level, Scale

START = 215.0  # degrees counter-clockwise from three o'clock: about seven o'clock
SWEEP = 250.0  # degrees, clockwise
BELOW = math.sin(math.radians(SWEEP / 2 - 90))  # of the radius: how far the ends reach below the middle
GRID = 167  # pieces of the ring, 1.5 degrees each
SEEN = 0.25  # px; a smaller movement of the needle's tip is not painted
LABELLED = 88.0  # px; a smaller ring has no room for labels beside its number
NAMED = 64.0  # px; and a still smaller one none for its ends
LEAST_NUMBER = 48  # px (UI.md)
MARKER = 8.0  # px, a mark of the session


class DialFace:
    """See ``ui.widgets.gauge_face.Face``."""

    def lay_out(self, area: QRectF, content: Content) -> None:
        self._content = content
        self._scale = content.scale or Scale(0, 1, 1)
        radius = max(20.0, min(area.width() / 2 - 1, (area.height() - 2) / (1 + BELOW)))
        spare = area.height() - radius * (1 + BELOW)
        self._center = QPointF(area.center().x(), area.top() + spare * 0.5 + radius)
        self._band = (radius - min(9.0, max(4.0, radius * 0.04)), radius)
        outer = self._band[0] - max(2.0, radius * 0.014)
        self._track = (outer - min(26.0, max(7.0, radius * 0.095)), outer)
        self._ticks_out = self._track[0] - max(3.0, radius * 0.025)
        self._long, self._short = max(5.0, radius * 0.065), max(3.0, radius * 0.035)
        label_px = round(min(26.0, max(14.0, radius * 0.098)))
        self._label_font = font(label_px, "medium", True)
        self._label_width = max(
            (text_width(self._scale.label(v), label_px, "medium", True) for v in self._scale.majors), default=0.0
        )
        self._label_radius = self._ticks_out - self._long - max(label_px * 0.62, self._label_width * 0.55) - 2
        self._needle_in = self._ticks_out - self._long * 1.6
        self._needle_width = min(9.0, max(4.0, radius * 0.032))
        self._radius = radius
        self._lay_out_arc()
        self._labelled = radius >= LABELLED
        self._lay_out_words()
        if self._labelled and self._px < LEAST_NUMBER:
            self._labelled = False  # the number matters more: only the ends of the scale are named
            self._lay_out_words()

    def _lay_out_words(self) -> None:
        """The number fills the room the labels leave; the unit stands below it."""
        radius, center, content = self._radius, self._center, self._content
        inner = (self._label_radius - self._label_width * 0.55 - 4) if self._labelled else self._ticks_out - self._long
        half = max(20.0, inner)
        self._px = fit_px(content.widest, half * 1.8, radius * 0.46, "semibold", least=20, most=220)
        middle = center.y() - (radius * 0.02 if content.unit else -radius * 0.06)
        self._number = figure_box(center.x() - half * 1.02, middle, half * 2.04, self._px)
        self._figures = Figures(self._number, self._px, content.widest, "", 0)
        unit_px = self._unit_px = round(min(30.0, max(16.0, self._px * 0.34)))
        self._unit_font = font(unit_px, "medium")
        self._unit = QRectF(center.x() - half, self._number.bottom() + self._px * 0.1, 2 * half, unit_px * 1.3)

    def paint_still(self, painter: QPainter, look: Look) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.track)
        painter.drawPolygon(self._arc(0.0, 1.0))
        for zone in self._content.zones:
            sweep = -SWEEP * (zone.end - zone.start)
            shape = ring(self._center, *self._band, self._angle(zone.start), sweep)
            fill_zone(painter, shape, zone.level, look.levels[zone.level])
        self._paint_marks(painter, look)
        put(painter, self._unit, self._content.unit, self._unit_font, look.muted, CENTERED)

    def _paint_marks(self, painter: QPainter, look: Look) -> None:
        scale, center, outer = self._scale, self._center, self._ticks_out
        painter.setPen(pen(look.muted, 1.2))
        for value in scale.minors:
            angle = self._angle(scale.fraction(value))
            painter.drawLine(polar(center, outer, angle), polar(center, outer - self._short, angle))
        painter.setPen(pen(look.text, 2.0))
        for value in scale.majors:
            angle = self._angle(scale.fraction(value))
            painter.drawLine(polar(center, outer, angle), polar(center, outer - self._long, angle))
        if not self._labelled:
            self._paint_ends(painter, look)
            return
        for value in scale.majors:
            at = polar(center, self._label_radius, self._angle(scale.fraction(value)))
            put(
                painter,
                QRectF(at.x() - 40, at.y() - 20, 80, 40),
                scale.label(value),
                self._label_font,
                look.muted,
                CENTERED,
            )
        if scale.divisor > 1:
            # Between the highest label and the number, where instrument clusters have it.
            middle = (self._number.top() + center.y() - self._label_radius) / 2 + 4
            small = font(round(max(14.0, theme.base * 0.82)), "regular")
            put(
                painter, QRectF(center.x() - 60, middle - 12, 120, 24), f"×{scale.divisor}", small, look.muted, CENTERED
            )

    def _paint_ends(self, painter: QPainter, look: Look) -> None:
        """The first and last mark in full, in the corners the number leaves."""
        scale, px = self._scale, 14
        labels = [scale.label(value, whole=True) for value in (scale.low, scale.high)]
        taken = text_width(self._content.unit, self._unit_px, "medium") / 2 + 6
        reach = self._ticks_out - self._long - 4
        room = reach * math.cos(math.radians(SWEEP / 2 - 90)) - 3 - taken
        if self._radius < NAMED or room < max(text_width(label, px, "medium", True) for label in labels):
            return
        for value, text, align in ((scale.low, labels[0], LEFT), (scale.high, labels[1], RIGHT)):
            at = polar(self._center, reach, self._angle(scale.fraction(value)))
            box = QRectF(at.x() + 3, at.y() - 14, 80, 20) if align is LEFT else QRectF(at.x() - 83, at.y() - 14, 80, 20)
            put(painter, box, text, font(px, "medium", True), look.muted, align)

    def _angle(self, fraction: float) -> float:
        return START - SWEEP * fraction

    def _lay_out_arc(self) -> None:
        """The edges of the track as points on a fixed grid of angles.

        Curves would be cut into lines anew for every length, and the edge of a growing arc would shimmer outside the
        part that is painted. At 1.5 degrees a line is within 0.02 px of the circle.
        """
        inner, outer = self._track
        angles = [self._angle(n / GRID) for n in range(GRID + 1)]
        self._inside = [polar(self._center, inner, angle) for angle in angles]
        self._outside = [polar(self._center, outer, angle) for angle in angles]
        middle, cap = (inner + outer) / 2, (outer - inner) / 2
        first, last = polar(self._center, middle, START), polar(self._center, middle, START - SWEEP)
        self._first_cap = [polar(first, cap, START + 180 - 12 * n) for n in range(16)]
        self._last_cap = [polar(last, cap, START - SWEEP - 12 * n) for n in range(16)]

    def _arc(self, start: float, end: float) -> QPolygonF:
        """The track from one fraction to another; its ends are round where the track itself ends."""
        inner, outer = self._track
        first, last = math.ceil(start * GRID), math.floor(end * GRID) + 1
        edges = [(polar(self._center, r, self._angle(start)), polar(self._center, r, self._angle(end)))
                 for r in (outer, inner)]  # fmt: skip
        points = self._first_cap[:] if start <= 0.0 else []
        points += [edges[0][0], *self._outside[first:last], edges[0][1]]
        if end >= 1.0:
            points += self._last_cap
        points += [edges[1][1], *reversed(self._inside[first:last]), edges[1][0]]
        return QPolygonF(points)

    def paint_moving(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        if moment.needle is not None:
            self._paint_fill(painter, look, moment)
        self._paint_session(painter, look, moment, dirty)
        if dirty.intersects(self._figures.inked):
            self._figures.paint_centered(painter, moment.text, moment.ink(look))
        if moment.needle is not None:
            self._paint_needle(painter, look, moment)

    def _paint_fill(self, painter: QPainter, look: Look, moment: Moment) -> None:
        needle = moment.needle or 0.0
        origin = self._scale.origin
        start, end = min(origin, needle), max(origin, needle)
        if end - start > 1e-4:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(moment.fill(look))
            painter.drawPolygon(self._arc(start, end))

    def _paint_session(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        for fraction in (moment.lowest, moment.highest):
            if fraction is not None and dirty.intersects(self.mark_region(fraction)):
                painter.setPen(pen(look.card, 1.5))
                painter.setBrush(look.text)
                angle = self._angle(fraction)
                painter.drawPolygon(marker(polar(self._center, self._track[1] + 1, angle), angle + 180, MARKER))

    def _paint_needle(self, painter: QPainter, look: Look, moment: Moment) -> None:
        angle = self._angle(moment.needle or 0.0)
        inside, outside = polar(self._center, self._needle_in, angle), polar(self._center, self._track[1], angle)
        painter.setPen(pen(look.card, self._needle_width + 5))
        painter.drawLine(inside, outside)
        painter.setPen(pen(look.needle if moment.level is Level.OK else moment.fill(look), self._needle_width))
        painter.drawLine(inside, outside)

    def needle_region(self, before: float | None, after: float | None) -> QRegion:
        if before is None or after is None:
            return QRegion(self._box(0.0, 1.0).toAlignedRect())
        if abs(before - after) * math.radians(SWEEP) * self._radius < SEEN:
            return QRegion()
        return QRegion(self._box(min(before, after), max(before, after)).toAlignedRect())

    def _box(self, start: float, end: float) -> QRectF:
        """Around everything the needle touches between two fractions."""
        points = max(2, math.ceil((end - start) * SWEEP / 10) + 1)
        pad = self._needle_width / 2 + 4
        xs, ys = [], []
        for n in range(points):
            angle = self._angle(start + (end - start) * n / (points - 1))
            for radius in (self._needle_in, self._track[1]):
                at = polar(self._center, radius, angle)
                xs.append(at.x())
                ys.append(at.y())
        # Between two points 10 degrees apart the ring bulges by less than 0.4 % of its radius.
        pad += self._radius * 0.004
        return QRectF(min(xs) - pad, min(ys) - pad, max(xs) - min(xs) + 2 * pad, max(ys) - min(ys) + 2 * pad)

    def text_region(self) -> QRegion:
        return QRegion(self._figures.inked)

    def mark_region(self, fraction: float) -> QRegion:
        at = polar(self._center, self._track[1] + MARKER / 2, self._angle(fraction))
        return QRegion(QRectF(at.x() - MARKER - 3, at.y() - MARKER - 3, 2 * MARKER + 6, 2 * MARKER + 6).toAlignedRect())

    def trace_region(self) -> QRegion:
        return QRegion()
