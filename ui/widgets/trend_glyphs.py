"""Words and marks that are drawn thirty times a second, kept ready to draw.

Measured for eight lines: shaping the names and stroking the marks anew takes 1.4 ms a frame, this 0.1 ms.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF, QStaticText

from ui import theme
from ui.widgets.trend_raster import WEAK_PART
from ui.widgets.trend_strip import WIDTH
from ui.widgets.trend_traces import Mark, Trace

SIZE = 5.0  # px from the middle of a mark to its edge
_ROOM = 2.0  # times the size: what the widest mark and its rim need


@lru_cache(maxsize=512)
def elided(text: str, width: int, px: int, weight: str) -> str:
    """``text`` cut to ``width`` px, with an ellipsis."""
    return QFontMetricsF(theme.font(px, weight)).elidedText(text, Qt.TextElideMode.ElideRight, width)


@lru_cache(maxsize=1024)
def _ready(text: str, px: int, weight: str) -> tuple[QStaticText, QFont, float, float]:
    font = theme.font(px, weight, tabular=True)
    found = QStaticText(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.prepare(font=font)
    metrics = QFontMetricsF(font)
    return found, font, metrics.horizontalAdvance(text), metrics.height()


def width_of(text: str, px: int, weight: str = "regular") -> float:
    """How wide ``put`` draws ``text``, px."""
    return _ready(text, px, weight)[2]


def put(
    painter: QPainter, box: QRectF, text: str, px: int, color: QColor, *, weight: str = "regular", side: str = "left"
) -> None:
    """Draw one line of ``text`` in the middle of the height of ``box``, at its ``side`` ("left", "right", "center").

    Digits are all equally wide. For texts that come again and again: each is kept.
    """
    ready, font, width, height = _ready(text, px, weight)
    left = {"left": box.left(), "right": box.right() - width, "center": box.center().x() - width / 2}[side]
    painter.setFont(font)
    painter.setPen(color)
    painter.drawStaticText(QPointF(left, box.center().y() - height / 2), ready)


def paint_mark(painter: QPainter, mark: Mark, at: QPointF, color: QColor, size: float = SIZE) -> None:
    """Draw ``mark`` about ``at``, filled, with a rim of the plot's ground so that it stands off its line."""
    ratio = painter.device().devicePixelRatioF()
    picture = _picture(mark, color.rgb(), theme.color("surface_sunken").rgb(), size, ratio)
    reach = picture.deviceIndependentSize().width() / 2
    painter.drawPixmap(QPointF(at.x() - reach, at.y() - reach), picture)


@lru_cache(maxsize=256)
def _picture(mark: Mark, color: int, rim: int, size: float, ratio: float) -> QPixmap:
    side = round(2 * _ROOM * size * ratio)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgb(rim), 1.5))
    painter.setBrush(QColor.fromRgb(color))
    middle = side / ratio / 2
    at = QPointF(middle, middle)
    if mark is Mark.DISC:
        painter.drawEllipse(at, size, size)
    elif mark is Mark.SQUARE:
        painter.drawRect(QRectF(middle - size * 0.9, middle - size * 0.9, size * 1.8, size * 1.8))
    else:
        points = _TRIANGLE if mark is Mark.TRIANGLE else _DIAMOND
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) * size for x, y in points]))
    painter.end()
    return picture


_TRIANGLE = ((0.0, -1.15), (1.1, 0.85), (-1.1, 0.85))
_DIAMOND = ((0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0))


def paint_sample(painter: QPainter, trace: Trace, box: QRectF) -> None:
    """Draw a piece of the trace with its dash, and its mark in the middle: what a legend shows."""
    y = box.center().y()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for dashed in (False, True) if trace.dash else (False,):
        pen = QPen(theme.color(trace.token, 1 / WEAK_PART if trace.dash and not dashed else 1.0), WIDTH)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([length / WIDTH for length in trace.dash])
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    paint_mark(painter, trace.mark, box.center(), theme.color(trace.token))
