"""The number: as large as the card allows, with a hairline scale below that shows how near its limits it is."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QRegion

from ui.widgets.gauge_face import Content, Moment
from ui.widgets.gauge_paint import (
    Figures,
    Look,
    figure_box,
    fill_zone,
    fit_px,
    font,
    marker,
    pen,
    tail,
    text_width,
)
from ui.widgets.gauge_scale import Level

SEEN = 0.3  # px
LINE = 6.0  # px, the hairline scale
WORDS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)


class NumberFace:
    """See ``ui.widgets.gauge_face.Face``. Also shows the words of codes and bits, in up to two lines."""

    def lay_out(self, area: QRectF, content: Content) -> None:
        self._content = content
        self._scale = content.scale
        shows_line = content.scale is not None and area.height() >= 56
        self._line = QRectF(area.left(), area.bottom() - LINE - 5, area.width(), LINE) if shows_line else QRectF()
        room = QRectF(area.left(), area.top(), area.width(), area.height() - (LINE + 14 if shows_line else 0))
        unit_width = text_width(content.unit, 24, "medium")
        width = room.width() - (unit_width + 14 if content.unit else 0)
        hanging = tail(content.widest)
        height = room.height() * 0.84 / (1 + hanging)
        self._px = fit_px(content.widest, width, height, "semibold", least=24, most=200)
        self._unit_px = round(min(28.0, max(16.0, self._px * 0.34)))
        self._number = (
            room
            if content.words
            else figure_box(room.left(), room.center().y() - self._px * hanging / 2, room.width(), self._px)
        )
        self._figures = Figures(self._number, self._px, content.widest, content.unit, self._unit_px)

    def paint_still(self, painter: QPainter, look: Look) -> None:
        if self._line.isEmpty():
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.track)
        painter.drawRoundedRect(self._line, LINE / 2, LINE / 2)
        for zone in self._content.zones:
            shape = QPainterPath()
            shape.addRoundedRect(
                QRectF(self._at(zone.start), self._line.top(), self._at(zone.end) - self._at(zone.start), LINE), 2, 2
            )
            painter.fillPath(shape, look.card)
            fill_zone(painter, shape, zone.level, look.levels[zone.level])

    def _at(self, fraction: float) -> float:
        return self._line.left() + 2 + fraction * (self._line.width() - 4)

    def paint_moving(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        if dirty.intersects(self._figures.inked):
            if self._content.words:
                self._paint_words(painter, look, moment)
            else:
                self._figures.paint(painter, moment.text, moment.ink(look), look.muted)
        if self._line.isEmpty() or not dirty.intersects(self._line.adjusted(-6, -9, 6, 6).toAlignedRect()):
            return
        painter.setPen(pen(look.card, 1.2))
        painter.setBrush(look.text)
        for fraction in (moment.lowest, moment.highest):
            if fraction is not None:
                painter.drawPolygon(marker(QPointF(self._at(fraction), self._line.top() + 1), 270, 7.0))
        if moment.needle is not None:
            self._paint_rider(painter, look, moment, moment.needle)

    def _paint_rider(self, painter: QPainter, look: Look, moment: Moment, needle: float) -> None:
        x, middle = self._at(needle), self._line.center().y()
        painter.setPen(pen(look.card, 3.0))
        painter.setBrush(look.needle if moment.level is Level.OK else moment.fill(look))
        painter.drawRoundedRect(QRectF(x - 4, middle - 8, 8, 16), 4, 4)

    def _paint_words(self, painter: QPainter, look: Look, moment: Moment) -> None:
        """Words in the largest size at which they stand in their room; the smallest may touch the edge."""
        box = self._number
        made = font(16, "semibold")
        for px in (48, 40, 34, 28, 24, 20, 17):
            made = font(px, "semibold")
            needed = QFontMetricsF(made).boundingRect(box, WORDS, moment.text)
            if needed.height() <= box.height() and needed.width() <= box.width():
                break
        painter.setFont(made)
        painter.setPen(moment.ink(look))
        painter.drawText(box, WORDS, moment.text)

    def needle_region(self, before: float | None, after: float | None) -> QRegion:
        if self._line.isEmpty():
            return QRegion()
        band = self._line.adjusted(-6, -6, 6, 6)
        if before is None or after is None:
            return QRegion(band.toAlignedRect())
        a, b = sorted((self._at(before), self._at(after)))
        if b - a < SEEN:
            return QRegion()
        return QRegion(QRectF(a - 7, band.top(), b - a + 14, band.height()).toAlignedRect())

    def text_region(self) -> QRegion:
        return QRegion(self._figures.inked)

    def mark_region(self, fraction: float) -> QRegion:
        if self._line.isEmpty():
            return QRegion()
        x = self._at(fraction)
        return QRegion(QRectF(x - 7, self._line.top() - 9, 14, 13).toAlignedRect())

    def trace_region(self) -> QRegion:
        return QRegion()
