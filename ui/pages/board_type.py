"""The type of the board's cards: one line that ends in an ellipsis, two that are wrapped, and how high they are."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from ui import theme


def write(
    painter: QPainter,
    room: QRectF,
    font: QFont,
    token: str,
    text: str,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    """One line of words, which ends in an ellipsis where there is no room."""
    painter.setFont(font)
    painter.setPen(theme.color(token))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room, align, shown)


def wrapped(text: str, width: float, lines: int, px: int = 0, weight: str = "regular") -> tuple[str, ...]:
    """``text`` in one or two lines of type ``px`` high; the last one is elided when it is painted."""
    return _wrapped(text, round(width), lines, (px or theme.scaled(16), weight))


@lru_cache(maxsize=2048)
def _wrapped(text: str, width: int, lines: int, type_: tuple[int, str]) -> tuple[str, ...]:
    metrics = QFontMetricsF(theme.font(*type_))
    if lines == 1 or metrics.horizontalAdvance(text) <= width:
        return (text,)
    first, rest = "", text.split(" ")
    while rest and metrics.horizontalAdvance(f"{first} {rest[0]}".strip()) <= width:
        first = f"{first} {rest.pop(0)}".strip()
    return (first, " ".join(rest)) if first and rest else (text,)


def plate_font(text: str = "", width: float = 0.0) -> QFont:
    """The type of a plate: smaller where ``text`` would not stand in ``width`` whole."""
    sizes = (20, 18, 16) if text else (20,)
    fonts = [theme.font(theme.scaled(px), "semibold", tabular=True) for px in sizes]
    return next((font for font in fonts if QFontMetricsF(font).horizontalAdvance(text) <= width), fonts[-1])


def plain() -> QFont:
    """The type of what is asked."""
    return theme.font(theme.scaled(16))


def small(weight: str = "regular") -> QFont:
    """The type of everything else."""
    return theme.font(theme.scaled(15), weight, tabular=True)


def line_height(font: QFont) -> float:
    """How high a line of it is, px."""
    return _high(font.pixelSize())


@lru_cache(maxsize=64)
def _high(px: int) -> float:
    return float(round(QFontMetricsF(theme.font(px)).height() + 1))
