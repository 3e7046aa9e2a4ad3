"""What every gauge wears whatever its dress: the card, its title, the foot with figures or with what is wrong."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from core.language import tr
from ui import theme
from ui.widgets.gauge_face import Face, Moment
from ui.widgets.gauge_model import Condition, Dress, GaugeSpec, number_text, title_of
from ui.widgets.gauge_paint import CENTERED, FADE, LEFT, RIGHT, Look, elided, fade, font, icon, pen, put, text_width
from ui.widgets.gauge_scale import Level

MARGIN = 5  # px between the card and its cell: ten between two cards
RATE_WIDTH = 92.0  # px
TALL = 230.0  # px of height from which a title may take two lines
LOW = 118.0  # px of height up to which there is no line for the foot
CONDITION_ICONS = {Condition.STALE: "stale", Condition.NO_ANSWER: "minus", Condition.NOT_OFFERED: "plug-off"}


class Chrome:
    """Lays out and paints the card of one gauge; ``area`` is what it leaves to the dress."""

    def __init__(self, spec: GaugeSpec, size: QSize) -> None:
        self._dial = spec.dress is Dress.DIAL
        card = QRectF(0, 0, size.width(), size.height()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        pad = min(18.0, max(10.0, card.width() * 0.05))
        inner = card.adjusted(pad, min(12.0, pad), -pad, -min(9.0, pad))
        self.card = card
        self._px = round(min(theme.scaled(22), max(theme.scaled(16), card.height() * 0.09)))
        room = round(inner.width() - (RATE_WIDTH if spec.rate else 0.0))
        title, lines = title_of(spec.signal), 2 if card.height() > TALL else 1
        while self._px > theme.scaled(15) and text_width(title, self._px, "medium") > room * lines * 0.95:
            self._px -= 1
        self._lines = title_lines(title, room, self._px, lines)
        self._title = QRectF(inner.left(), inner.top(), inner.width(), self._px * 1.3 * len(self._lines))
        self.rate = QRectF(inner.right() - RATE_WIDTH, inner.top(), RATE_WIDTH, self._px * 1.3)
        self._foot_px = max(14, round(theme.base * 0.82))
        self._has_foot = card.height() > LOW
        self._corners = False
        height = self._foot_px * 1.7 if self._has_foot else 0.0
        bottom = inner.bottom()
        if self._has_foot:
            self.foot = QRectF(inner.left(), bottom - height, inner.width(), height)
            # A dial's ring is open below. Beside it, in a wide card, there is room for lowest and highest.
            top = self._title.bottom() + 2
            radius = min(inner.width() / 2, (bottom - height * 0.4 - top) / 1.6)
            self._corners = self._dial and inner.width() / 2 - radius * 0.95 > theme.scaled(76)
            bottom = bottom - height * 0.4 if self._corners else self.foot.top() - 2
        else:  # what is wrong stands over the end of the title
            left = inner.left() + inner.width() * 0.4
            self.foot = QRectF(left, self._title.top() - 1, inner.right() - left, self._title.height() + 2)
        top = self._title.bottom() + 2
        self.area = QRectF(inner.left(), top, inner.width(), max(20.0, bottom - top))

    def picture(self, look: Look, size: QSize, ratio: float, face: Face | None) -> QPixmap:
        """Everything that stands still, in the screen's own pixels."""
        picture = QPixmap(QSize(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(look.page)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(look.line, 1.0))
        painter.setBrush(look.card)
        painter.drawRoundedRect(self.card.adjusted(0.5, 0.5, -0.5, -0.5), theme.radius, theme.radius)
        height = self._title.height() / len(self._lines)
        for n, line in enumerate(self._lines):
            box = QRectF(self._title.left(), self._title.top() + n * height, self._title.width(), height)
            put(painter, box, line, font(self._px, "medium"), look.text, LEFT)
        if face is not None:
            face.paint_still(painter, look)
        painter.end()
        return picture

    def paint_edge(self, painter: QPainter, look: Look, moment: Moment, *, focus: bool, selected: bool) -> None:
        """The card's edge: the keyboard's focus, else that it is being edited, else its level, to be seen from afar."""
        if focus:
            color = look.focus
        elif selected:
            color = look.levels[Level.OK]
        elif moment.condition is Condition.LIVE and moment.level is not Level.OK:
            color = look.levels[moment.level]
        else:
            return
        painter.setPen(pen(color, 3.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.card.adjusted(1.5, 1.5, -1.5, -1.5), theme.radius, theme.radius)

    def paint_rate(self, painter: QPainter, look: Look, hz: float) -> None:
        """Values a second, small."""
        words = tr("{n} Hz", n=number_text(hz, 1))
        put(painter, self.rate, words, font(self._foot_px, "medium", True), look.muted, RIGHT)

    def paint_foot(self, painter: QPainter, look: Look, moment: Moment, words: str) -> None:
        """The session's figures, or in their place a sign and the words for what is wrong."""
        if not words:
            return
        if moment.condition is not Condition.LIVE or moment.level is not Level.OK:
            self._paint_pill(painter, look, moment, words)
        elif self._has_foot:
            self._paint_figures(painter, look, words)

    def _paint_pill(self, painter: QPainter, look: Look, moment: Moment, words: str) -> None:
        px, foot, live = self._foot_px, self.foot, moment.condition is Condition.LIVE
        room = round(foot.width()) - px - 30
        if moment.condition is Condition.NOT_OFFERED and text_width(words, px, "semibold", True) > room:
            words = tr("not offered")
        words = elided(words, room, px, "semibold")
        width = text_width(words, px, "semibold", True) + px + 30
        left = foot.left() if self._has_foot else foot.right() - width
        if self._dial and self._has_foot:
            left = foot.center().x() - width / 2
        pill = QRectF(left, foot.center().y() - px * 0.85, width, px * 1.7)
        if not self._has_foot:
            fade(painter, look.card, QRectF(left - FADE, foot.top(), foot.right() - left + FADE, foot.height()))
        painter.setPen(pen(look.levels[moment.level] if live else look.line, 1.2))
        painter.setBrush(look.level_surfaces[moment.level] if live else look.pill)
        painter.drawRoundedRect(pill.adjusted(0.6, 0.6, -0.6, -0.6), px * 0.85, px * 0.85)
        level_sign = "critical" if moment.level is Level.CRITICAL else "warning"
        sign = CONDITION_ICONS.get(moment.condition, level_sign)
        picture = icon(sign, px + 2, level_sign if live else "text")
        painter.drawPixmap(QRectF(pill.left() + 9, pill.center().y() - (px + 2) / 2, 1, 1).topLeft(), picture)
        put(painter, pill.adjusted(px + 16, 0, 0, 0), words, font(px, "semibold", True), look.text, LEFT)

    def _paint_figures(self, painter: QPainter, look: Look, words: str) -> None:
        """All three figures, or lowest and highest, or none, as the width allows."""
        px, foot = self._foot_px, self.foot
        made = font(px, "regular", True)
        parts = words.split(GAP)
        if self._corners:
            for part, align in zip(parts, (LEFT, CENTERED, RIGHT), strict=False):
                put(painter, foot, part, made, look.muted, align)
            return
        if text_width(words, px, "regular", True) > foot.width():
            words = GAP.join(parts[::2])
        if text_width(words, px, "regular", True) <= foot.width():
            put(painter, foot, words, made, look.muted, CENTERED if self._dial else LEFT)


GAP = "   "  # between two figures of the foot


def title_lines(text: str, width: int, px: int, most: int) -> tuple[str, ...]:
    """``text`` in one line, or broken at a space into two when ``most`` allows; cut where it must be."""
    if most < 2 or text_width(text, px, "medium") <= width or " " not in text:
        return (elided(text, width, px, "medium"),)
    words = text.split(" ")
    fitting = [n for n in range(1, len(words)) if text_width(" ".join(words[:n]), px, "medium") <= width]
    split = fitting[-1] if fitting else 1
    return tuple(elided(" ".join(part), width, px, "medium") for part in (words[:split], words[split:]))
