"""What all dresses of a gauge are painted with: the colours of the theme in use, fitted text, zones and signs."""

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from ui import theme
from ui.widgets import icons
from ui.widgets.gauge_scale import Level

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTERED = Qt.AlignmentFlag.AlignCenter
STRIPE = 7.0  # px from one stripe of a warning zone to the next
LEVEL_TOKENS = {Level.OK: "accent", Level.WARNING: "warning", Level.CRITICAL: "critical"}
LEVEL_SURFACES = {Level.OK: "surface_pressed", Level.WARNING: "warning_surface", Level.CRITICAL: "critical_surface"}


@dataclass(frozen=True, slots=True)
class Look:
    """The theme's colours a gauge uses, read once a theme."""

    page: QColor
    card: QColor
    line: QColor
    text: QColor
    muted: QColor
    stale: QColor
    needle: QColor
    track: QColor
    grid: QColor
    focus: QColor
    pill: QColor
    levels: dict[Level, QColor]
    level_surfaces: dict[Level, QColor]


@lru_cache(maxsize=4)
def _look(_theme: str) -> Look:
    return Look(
        page=theme.color("surface"),
        card=theme.color("surface_raised"),
        line=theme.color("line"),
        text=theme.color("text"),
        muted=theme.color("text_muted"),
        stale=theme.color("stale"),
        needle=theme.color("needle"),
        track=theme.color("track"),
        grid=theme.color("grid"),
        focus=theme.color("focus"),
        pill=theme.color("surface_pressed"),
        levels={level: theme.color(token) for level, token in LEVEL_TOKENS.items()},
        level_surfaces={level: theme.color(token) for level, token in LEVEL_SURFACES.items()},
    )


def look() -> Look:
    """The colours of the theme in use."""
    return _look(theme.current())


def pen(color: QColor, width: float, cap: Qt.PenCapStyle = Qt.PenCapStyle.RoundCap) -> QPen:
    made = QPen(color, width)
    made.setCapStyle(cap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


@lru_cache(maxsize=512)
def font(px: int, weight: str, tabular: bool = False) -> QFont:
    """The theme's font, kept: a QFont with features is costly to make for every paint."""
    made = theme.font(px, weight, tabular)
    if px >= 24:  # hinting would move large figures to whole pixels, and their gaps would differ
        made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@lru_cache(maxsize=512)
def metrics(px: int, weight: str, tabular: bool = False) -> QFontMetricsF:
    return QFontMetricsF(font(px, weight, tabular))


@lru_cache(maxsize=2048)
def text_width(text: str, px: int, weight: str, tabular: bool = False) -> float:
    return metrics(px, weight, tabular).horizontalAdvance(text)


@lru_cache(maxsize=1024)
def fit_px(text: str, width: float, height: float, weight: str, *, least: int, most: int) -> int:
    """The largest pixel size in which the digits of ``text`` fill at most ``width`` by ``height``.

    Heights are those of capitals, about 0.73 of the size in Inter, since numbers have nothing below the line. The
    result is never under ``least``: text that small is worse than text that is cut.
    """
    by_height = height / 0.78
    unit_width = text_width(text, 100, weight, True) / 100
    by_width = width / unit_width if unit_width else by_height
    return int(max(least, min(most, by_height, by_width)))


def tail(text: str) -> float:
    """What of the size hangs below the line: the comma of "22,4" must not touch what lies beneath."""
    return 0.15 if "," in text else 0.0


@lru_cache(maxsize=1024)
def elided(text: str, width: int, px: int, weight: str) -> str:
    return metrics(px, weight).elidedText(text, Qt.TextElideMode.ElideRight, width)


def put(  # noqa: PLR0917 - a drawing call, read like drawText
    painter: QPainter, rect: QRectF, text: str, made: QFont, color: QColor, align: Qt.AlignmentFlag
) -> None:
    """Text in one line, at ``align`` of ``rect``."""
    painter.setFont(made)
    painter.setPen(color)
    painter.drawText(rect, int(align) | int(Qt.TextFlag.TextSingleLine) | int(Qt.TextFlag.TextDontClip), text)


def polar(center: QPointF, radius: float, degrees: float) -> QPointF:
    """The point at ``degrees`` counter-clockwise from three o'clock, as Qt counts."""
    angle = math.radians(degrees)
    return QPointF(center.x() + radius * math.cos(angle), center.y() - radius * math.sin(angle))


def ring(center: QPointF, inner: float, outer: float, start: float, sweep: float) -> QPainterPath:
    """The piece of a ring from ``start`` over ``sweep`` degrees (negative: clockwise)."""
    path = QPainterPath()
    outside = QRectF(center.x() - outer, center.y() - outer, 2 * outer, 2 * outer)
    inside = QRectF(center.x() - inner, center.y() - inner, 2 * inner, 2 * inner)
    path.arcMoveTo(outside, start)
    path.arcTo(outside, start, sweep)
    path.arcTo(inside, start + sweep, -sweep)
    path.closeSubpath()
    return path


def fill_zone(painter: QPainter, shape: QPainterPath, level: Level, color: QColor) -> None:
    """A zone that is told by its pattern too: a warning is striped, a critical zone is solid."""
    if level is Level.CRITICAL:
        painter.fillPath(shape, color)
        return
    faint = QColor(color)
    faint.setAlphaF(0.28)
    painter.fillPath(shape, faint)
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.setPen(pen(color, STRIPE * 0.42, Qt.PenCapStyle.FlatCap))
    box = shape.boundingRect()
    x = box.left() - box.height()
    while x < box.right() + box.height():
        painter.drawLine(QPointF(x, box.bottom() + 1), QPointF(x + box.height() + 2, box.top() - 1))
        x += STRIPE
    painter.restore()


@lru_cache(maxsize=64)
def _icon(name: str, px: int, token: str, _theme: str) -> QPixmap:
    return icons.pixmap(name, px, token)


def icon(name: str, px: int, token: str) -> QPixmap:
    """An icon in the theme in use, rendered once."""
    return _icon(name, px, token, theme.current())


CAPS = 0.73  # height of a figure by its pixel size, in Inter


def figure_box(left: float, middle: float, width: float, px: int) -> QRectF:
    """Where a number of ``px`` stands with its figures centred on ``middle``.

    In Inter the middle of a line is the middle of its figures (ascent 0.97, descent 0.24, figures 0.73).
    """
    return QRectF(left, middle - px * CAPS / 2, width, px * CAPS)


@dataclass(frozen=True, slots=True)
class Figures:
    """A number's place and sizes, and the unit that stands behind it on the same base line."""

    box: QRectF
    px: int
    widest: str
    unit: str
    unit_px: int

    def size_for(self, text: str) -> int:
        """The pixel size of ``text``: the usual one, smaller only for a number longer than the scale foresees."""
        if len(text) <= len(self.widest):
            return self.px
        return fit_px(text, self.box.width(), self.px * CAPS, "semibold", least=14, most=self.px)

    def paint(self, painter: QPainter, text: str, color: QColor, unit_color: QColor) -> None:
        """The number at the left of its place, and the unit."""
        px = self.size_for(text)
        put(painter, self.box, text, font(px, "semibold", True), color, LEFT)
        if not self.unit:
            return
        left = self.box.left() + text_width(text, px, "semibold", True) + px * 0.13
        painter.setFont(font(self.unit_px, "medium"))
        painter.setPen(unit_color)
        painter.drawText(QPointF(left, self.box.center().y() + px * CAPS / 2), self.unit)

    def paint_centered(self, painter: QPainter, text: str, color: QColor) -> None:
        """The number alone, in the middle of its place."""
        put(painter, self.box, text, font(self.size_for(text), "semibold", True), color, CENTERED)

    @property
    def inked(self) -> QRect:
        """What must be painted anew for the number: commas go below the line, and edges are soft."""
        over = max(0.0, text_width(self.widest, self.px, "semibold", True) - self.box.width())
        return self.box.adjusted(-2 - over, -self.px * 0.04 - 2, 2 + over, self.px * 0.22 + 2).toAlignedRect()


def marker(tip: QPointF, degrees: float, size: float) -> QPolygonF:
    """A small triangle whose tip points towards ``degrees`` (as Qt counts): a mark of the session on a scale."""
    back = polar(tip, size, degrees + 180)
    return QPolygonF([tip, polar(back, size * 0.62, degrees + 90), polar(back, size * 0.62, degrees - 90)])


FADE = 26.0  # px over which what lies beneath a sign fades out


def fade(painter: QPainter, color: QColor, box: QRectF) -> None:
    """Let what lies beneath fade out instead of being cut."""
    clear = QColor(color)
    clear.setAlpha(0)
    shade = QLinearGradient(box.topLeft(), box.topRight())
    shade.setColorAt(0.0, clear)
    shade.setColorAt(FADE / max(FADE + 1.0, box.width()), color)
    painter.fillRect(box, shade)
