"""The bar: the number above a track that fills up; lying when there is width, standing when there is height."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QRegion

from ui.widgets.gauge_face import Content, Moment
from ui.widgets.gauge_paint import (
    CAPS,
    CENTERED,
    LEFT,
    Figures,
    Look,
    figure_box,
    fill_zone,
    fit_px,
    font,
    marker,
    pen,
    put,
    tail,
    text_width,
)
from ui.widgets.gauge_scale import Level, Scale

SEEN = 0.3  # px
FLAT = 62.0  # px of height under which number and track stand side by side
BAND = 5.0  # px, a zone's thickness
MARKER = 7.0  # px, a mark of the session


class BarFace:
    """See ``ui.widgets.gauge_face.Face``."""

    def lay_out(self, area: QRectF, content: Content) -> None:
        self._content = content
        self._scale = content.scale or Scale(0, 1, 1)
        self._standing = area.height() > area.width() * 1.1 and area.height() > 150
        self._label_px = round(min(20.0, max(14.0, area.height() * 0.11)))
        self._label_font = font(self._label_px, "medium", True)
        if self._standing:
            self._lay_out_standing(area)
        elif area.height() < FLAT:
            self._lay_out_flat(area)
        else:
            self._lay_out_lying(area)
        self._figures = Figures(self._number, self._px, content.widest, content.unit, self._unit_px)

    def _lay_out_lying(self, area: QRectF) -> None:
        below = self._label_px * 1.2 + 9
        self._labelled = area.height() >= 36 + 12 + BAND + below
        thick = min(28.0, max(10.0, area.height() * 0.14))
        foot = below if self._labelled else 5.0
        track_top = area.bottom() - foot - thick
        self._track = QRectF(area.left() + 1, track_top, area.width() - 2, thick)
        self._band = QRectF(self._track.left(), track_top - BAND - 3, self._track.width(), BAND)
        height = self._band.top() - area.top() - 5
        width = area.width() - text_width(self._content.unit, 20, "medium") * 1.3 - 14
        hanging = tail(self._content.widest)
        self._px = fit_px(self._content.widest, width, height * 0.84 / (1 + hanging), "semibold", least=24, most=160)
        self._unit_px = round(min(26.0, max(16.0, self._px * 0.34)))
        middle = area.top() + height * 0.53 - self._px * hanging / 2
        self._number = figure_box(area.left(), middle, area.width(), self._px)

    def _lay_out_flat(self, area: QRectF) -> None:
        """Too low for two lines: the number at the left of the track."""
        self._labelled = False
        room = area.width() * 0.52 - text_width(self._content.unit, 18, "medium") - 8
        self._px = fit_px(self._content.widest, room, area.height() * 0.86, "semibold", least=20, most=80)
        self._unit_px = round(min(22.0, max(15.0, self._px * 0.4)))
        taken = text_width(self._content.widest, self._px, "semibold", True) + self._px * 0.13
        taken += text_width(self._content.unit, self._unit_px, "medium") + 16
        self._number = figure_box(area.left(), area.center().y(), taken, self._px)
        thick = min(20.0, max(10.0, area.height() * 0.34))
        left = area.left() + taken
        self._track = QRectF(left, area.center().y() - thick / 2 + 4, area.right() - left - 1, thick)
        self._band = QRectF(left, self._track.top() - BAND - 3, self._track.width(), BAND)

    def _lay_out_standing(self, area: QRectF) -> None:
        self._labelled = True
        labels = (text_width(self._scale.label(v), self._label_px, "medium", True) for v in self._scale.majors)
        self._px = fit_px(
            self._content.widest, area.width() * 0.96, area.height() * 0.16, "semibold", least=24, most=120
        )
        self._unit_px = round(min(26.0, max(16.0, self._px * 0.34)))
        unit_line = self._unit_px * 1.5 if self._content.unit else 4.0
        middle = area.bottom() - unit_line - self._px * CAPS / 2 - 2
        self._number = figure_box(area.left(), middle, area.width(), self._px)
        thick = min(52.0, max(18.0, area.width() * 0.24))
        left = area.center().x() - (thick + max(labels, default=20) + 14 - BAND) / 2
        self._track = QRectF(left, area.top() + 10, thick, self._number.top() - area.top() - 26)
        self._band = QRectF(left - BAND - 3, self._track.top(), BAND, self._track.height())

    # --- what stands still

    def paint_still(self, painter: QPainter, look: Look) -> None:
        painter.fillPath(self._piece(0.0, 1.0), look.track)
        for zone in self._content.zones:
            shape = QPainterPath()
            shape.addRoundedRect(self._along(self._band, zone.start, zone.end), 2, 2)
            fill_zone(painter, shape, zone.level, look.levels[zone.level])
            self._paint_limit(painter, look, zone.edge, zone.level)
        if self._labelled:
            self._paint_marks(painter, look)
        if self._standing:
            box = QRectF(self._number.left(), self._number.bottom() + 4, self._number.width(), self._unit_px * 1.5)
            put(painter, box, self._content.unit, font(self._unit_px, "medium"), look.muted, CENTERED)

    def _paint_limit(self, painter: QPainter, look: Look, fraction: float, level: Level) -> None:
        painter.setPen(pen(look.levels[level], 2.4, Qt.PenCapStyle.FlatCap))
        at = self._at(fraction)
        if self._standing:
            painter.drawLine(QPointF(self._band.left(), at), QPointF(self._track.right(), at))
        else:
            painter.drawLine(QPointF(at, self._band.top()), QPointF(at, self._track.bottom()))

    def _paint_marks(self, painter: QPainter, look: Look) -> None:
        scale = self._scale
        for values, length, width, color in ((scale.minors, 3.0, 1.2, look.muted), (scale.majors, 6.0, 2.0, look.text)):
            painter.setPen(pen(color, width))
            for value in values:
                painter.drawLine(*self._mark(scale.fraction(value), length))
        align = LEFT if self._standing else CENTERED
        for value in scale.majors:
            words = scale.label(value)
            box = self._label_box(scale.fraction(value), words)
            put(painter, box, words, self._label_font, look.muted, align)

    def _mark(self, fraction: float, length: float) -> tuple[QPointF, QPointF]:
        at = self._at(fraction)
        if self._standing:
            side = self._track.right() + 4
            return QPointF(side, at), QPointF(side + length, at)
        side = self._track.bottom() + 4
        return QPointF(at, side), QPointF(at, side + length)

    def _label_box(self, fraction: float, text: str) -> QRectF:
        at = self._at(fraction)
        half = self._label_px * 0.7
        if self._standing:
            return QRectF(self._track.right() + 14, at - half, 90, 2 * half)
        # The first and last label stay inside the card.
        width = text_width(text, self._label_px, "medium", True)
        left = min(max(at - width / 2, self._track.left() - 1), self._track.right() + 1 - width)
        return QRectF(left, self._track.bottom() + 11, width, 2 * half)

    # --- geometry along the track

    def _at(self, fraction: float) -> float:
        """The middle line's coordinate of a fraction; the round ends hold the half thickness."""
        if self._standing:
            return self._track.bottom() - 1 - fraction * (self._track.height() - 2)
        return self._track.left() + 1 + fraction * (self._track.width() - 2)

    def _piece(self, start: float, end: float) -> QPainterPath:
        path = QPainterPath()
        a, b = self._at(start), self._at(end)
        track = self._track
        box = (
            QRectF(track.left(), b, track.width(), a - b)
            if self._standing
            else QRectF(a, track.top(), b - a, track.height())
        )
        corner = min(5.0, min(box.width(), box.height()) / 2)
        path.addRoundedRect(box, corner, corner)
        return path

    def _along(self, strip: QRectF, start: float, end: float) -> QRectF:
        """The part of ``strip`` (the track or the band beside it) between two fractions."""
        a, b = self._at(start), self._at(end)
        if self._standing:
            return QRectF(strip.left(), b, strip.width(), a - b)
        return QRectF(a, strip.top(), b - a, strip.height())

    # --- what moves

    def paint_moving(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        if moment.needle is not None and dirty.intersects(self._track.adjusted(-3, -3, 3, 3).toAlignedRect()):
            self._paint_fill(painter, look, moment, moment.needle)
        self._paint_session(painter, look, moment, dirty)
        if dirty.intersects(self._figures.inked):
            self._paint_number(painter, look, moment)

    def _paint_number(self, painter: QPainter, look: Look, moment: Moment) -> None:
        if self._standing:
            self._figures.paint_centered(painter, moment.text, moment.ink(look))
        else:
            self._figures.paint(painter, moment.text, moment.ink(look), look.muted)

    def _paint_fill(self, painter: QPainter, look: Look, moment: Moment, needle: float) -> None:
        origin = self._scale.origin
        start, end = min(origin, needle), max(origin, needle)
        if end - start > 1e-4:
            painter.fillPath(self._piece(start, end), moment.fill(look))
        painter.setPen(pen(look.needle if moment.level is Level.OK else moment.fill(look), 4.0))
        at = self._at(needle)
        track = self._track
        if self._standing:
            painter.drawLine(QPointF(track.left() - 1, at), QPointF(track.right() + 1, at))
        else:
            painter.drawLine(QPointF(at, track.top() - 1), QPointF(at, track.bottom() + 1))

    def _paint_session(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        for fraction in (moment.lowest, moment.highest):
            if fraction is not None and dirty.intersects(self.mark_region(fraction)):
                painter.setPen(pen(look.card, 1.2))
                painter.setBrush(look.text)
                at = self._at(fraction)
                tip = QPointF(self._track.left(), at) if self._standing else QPointF(at, self._track.top())
                painter.drawPolygon(marker(tip, 0 if self._standing else 270, MARKER))

    # --- what must be painted anew

    def needle_region(self, before: float | None, after: float | None) -> QRegion:
        track = self._track.adjusted(-6, -6, 6, 6)
        if before is None or after is None:
            return QRegion(track.toAlignedRect())
        a, b = sorted((self._at(before), self._at(after)))
        if b - a < SEEN:
            return QRegion()
        if self._standing:
            return QRegion(QRectF(track.left(), a - 9, track.width(), b - a + 18).toAlignedRect())
        return QRegion(QRectF(a - 9, track.top(), b - a + 18, track.height()).toAlignedRect())

    def text_region(self) -> QRegion:
        return QRegion(self._figures.inked)

    def mark_region(self, fraction: float) -> QRegion:
        at = self._at(fraction)
        track = self._track
        if self._standing:
            return QRegion(QRectF(track.left() - MARKER - 3, at - 7, MARKER + 6, 14).toAlignedRect())
        return QRegion(QRectF(at - 7, track.top() - MARKER - 3, 14, MARKER + 6).toAlignedRect())

    def trace_region(self) -> QRegion:
        return QRegion()
