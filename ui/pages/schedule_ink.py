"""Strokes the schedule is drawn with: lines of words, hatching, the hint that there is more."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from ui import theme

HATCH = 9.0  # px from one stripe to the next
FLAGS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def write_line(
    painter: QPainter, box: QRectF, text: str, *, px: float, weight: str = "regular", token: str = "text"
) -> float:
    """One line, shortened where there is no room; returns how wide it became."""
    font = theme.font(theme.scaled(px), weight, tabular=True)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, box.width()))
    painter.setFont(font)
    painter.setPen(theme.color(token))
    painter.drawText(box, FLAGS, shown)
    return metrics.horizontalAdvance(shown)


def largest(text: str, width: float, sizes: Sequence[float], weight: str = "bold") -> float:
    """The first of ``sizes`` (px) in which ``text`` fits into ``width``, else the last."""
    fits = (
        px
        for px in sizes
        if QFontMetricsF(theme.font(theme.scaled(px), weight, tabular=True)).horizontalAdvance(text) <= width
    )
    return next(fits, sizes[-1])


def lines_of(text: str, metrics: QFontMetricsF, width: float, most: int) -> list[str]:
    """Words on at most so many lines, each as full as it can be; the last has all the rest and may be too long."""
    found: list[str] = []
    for word in _pieces(text, metrics, width):
        longer = f"{found[-1]} {word}" if found else word
        if found and (len(found) == most or metrics.horizontalAdvance(longer) <= width):
            found[-1] = longer
        else:
            found.append(word)
    return found[:most]


def _pieces(text: str, metrics: QFontMetricsF, width: float) -> Iterator[str]:
    """The words; one that is longer than a line in parts."""
    for word in text.split():
        rest = word
        while len(rest) > 2 and metrics.horizontalAdvance(rest) > width:
            fitting = (at for at in range(len(rest) - 1, 1, -1) if metrics.horizontalAdvance(f"{rest[:at]}-") <= width)
            cut = next(fitting, 2)
            yield f"{rest[:cut]}-"
            rest = rest[cut:]
        yield rest


def write_wrapped(painter: QPainter, box: QRectF, text: str, px: float) -> float:
    """Words in one line or, where they do not fit, in two; returns how high they are."""
    font = theme.font(theme.scaled(px), "semibold")
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    fits = QFontMetricsF(font).horizontalAdvance(text) <= box.width()
    tall = box.height() / 2 if fits else box.height()
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(QRectF(box.left(), box.top(), box.width(), tall), flags, text)
    return tall


def thumb(painter: QPainter, right: float, top: float, height: float, share: tuple[float, float]) -> None:
    """That there is more: where one is, as a share of all there is."""
    box = QRectF(right - 5, top + height * share[0], 4, max(28.0, height * (share[1] - share[0])))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("outline"))
    painter.drawRoundedRect(box, 2, 2)


def hatch(painter: QPainter, box: QRectF, token: str, alpha: float, radius: float = 0.0) -> None:
    """Stripes, for what cannot be told by colour alone."""
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(theme.color(token, alpha), 2))
    x = box.left() - box.height()
    while x < box.right():
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += HATCH
    painter.restore()
