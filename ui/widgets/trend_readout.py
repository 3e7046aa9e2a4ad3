"""The cursor through all strips, and the table of what every line says there; with A and B also the differences."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from core.language import tr
from ui import theme
from ui.widgets.gauge_model import NO_VALUE, number_text
from ui.widgets.trend_glyphs import elided, paint_mark
from ui.widgets.trend_model import TrendModel
from ui.widgets.trend_strip import Line, Strip, View
from ui.widgets.trend_time import MINUS, ago, clock, difference
from ui.widgets.trend_window import Cursors

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROW = 27  # px
TITLE = 196  # px


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the values as written (a dash for none), and the unit."""

    line: Line
    values: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Table:
    """What is read at the cursors: a headline, a second one beneath, column heads and rows."""

    headline: str
    beneath: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def read(model: TrendModel, view: View, cursors: Cursors, now: float, offset: float) -> Table | None:
    """The table for the cursors as they stand; None when none is set."""
    if cursors.measuring:
        return _differences(model, view, cursors, offset)
    if cursors.at is None or not view.start <= cursors.at <= view.end:
        return None
    decimals = 1 if view.step * view.ratio < 1 else 0
    rows = []
    for line in model.lines():
        found = line.at(cursors.at, view.reach)
        value = found[1] if found else None
        rows.append(
            Row(line, (line.trace.words(value) if found else tr("no answer"),), line.trace.unit_text if found else "")
        )
    return Table(clock(cursors.at, offset, decimals), ago(now - cursors.at, decimals), (), tuple(rows))


def spoken(table: Table | None) -> str:
    """The table as a sentence for a screen reader."""
    if table is None:
        return ""
    rows = (f"{row.line.trace.title} {', '.join(row.values)} {row.unit}".rstrip() for row in table.rows)
    return "; ".join((table.headline, table.beneath, *rows))


def _differences(model: TrendModel, view: View, cursors: Cursors, offset: float) -> Table:
    assert cursors.a is not None
    assert cursors.b is not None
    rows = []
    for line in model.lines():
        found = [line.at(t, view.reach) for t in (cursors.a, cursors.b)]
        a, b = (each[1] if each else None for each in found)
        rows.append(Row(line, (line.trace.words(a), line.trace.words(b), _change(line, a, b)), line.trace.unit_text))
    beneath = f"A {clock(cursors.a, offset, 1)}   B {clock(cursors.b, offset, 1)}"
    headline = tr("A to B: {time}", time=difference(cursors.b - cursors.a))
    return Table(headline, beneath, ("A", "B", "B − A"), tuple(rows))


def _change(line: Line, a: float | None, b: float | None) -> str:
    if a is None or b is None or line.trace.hold:
        return NO_VALUE
    change = number_text(line.trace.number(b) - line.trace.number(a), line.trace.decimals)
    return change if change.startswith(MINUS) else f"+{change}"


def paint_cursors(painter: QPainter, strips: list[Strip], plots: list[QRectF], view: View, cursors: Cursors) -> None:
    """The vertical lines through all plots, and a mark on every line where its value was measured."""
    if not plots:
        return
    area = plots[0].united(plots[-1])
    marks = ((cursors.a, "A"), (cursors.b, "B"))
    if cursors.measuring:
        a, b = sorted(area.left() + view.x(t) for t in (cursors.a, cursors.b) if t is not None)
        shade = QRectF(a, area.top(), b - a, area.height()).intersected(area)
        painter.fillRect(shade, theme.color("accent", 0.10))
    for t, letter in marks:
        if t is not None:
            _paint_one(painter, strips, plots, view, t=t, letter=letter)
    if cursors.at is not None and not cursors.measuring:
        _paint_one(painter, strips, plots, view, t=cursors.at, letter="")


def paint_playhead(painter: QPainter, plots: list[QRectF], view: View, t: float) -> None:
    """The moment that is shown elsewhere: what comes after it is veiled."""
    if not plots:
        return
    area = plots[0].united(plots[-1])
    x = min(max(area.left() + view.x(t), area.left()), area.right())
    for plot in plots:
        painter.fillRect(QRectF(x, plot.top(), plot.right() - x, plot.height()), theme.color("surface_sunken", 0.55))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))


def _paint_one(
    painter: QPainter, strips: list[Strip], plots: list[QRectF], view: View, *, t: float, letter: str
) -> None:
    area = plots[0].united(plots[-1])
    x = round(area.left() + view.x(t)) + 0.5
    if not area.left() <= x <= area.right() + 1:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.color("accent" if letter else "cursor"), 2 if letter else 1))
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    for strip, plot in zip(strips, plots, strict=True):
        for line in strip.lines:
            found = line.at(t, view.reach)
            if found and view.start <= found[0] <= view.end:
                y = min(max(strip.y(line, found[1], plot.height()), 0.0), plot.height())
                where = QPointF(area.left() + view.x(found[0]), plot.top() + y)
                paint_mark(painter, line.trace.mark, where, theme.color(line.trace.token), 5.5)


def place(size: QSizeF, area: QRectF, clear: tuple[float, float], room: float) -> QRectF:
    """Where a card of that size stands; see ``paint_table``."""
    width, away = size.width(), 14.0
    left, right = area.left() + 12, area.right() - width - 12
    before = min(left, clear[0] - width - away)  # over the axes if need be
    after = max(right, clear[1] + away)  # over the names
    sides = [before, after] if clear[0] - area.left() > area.right() - clear[1] else [after, before]
    between = [clear[0] + away] if clear[1] - clear[0] >= width + 2 * away else []
    wholly = [x for x in (*sides, *between) if left <= x <= right]
    fits = [x for x in (*wholly, *sides) if 4 <= x <= room - width - 4]
    left = fits[0] if fits else min(max(sides[0], 4.0), room - width - 4)
    return QRectF(QPointF(left, area.top() + 12), size)


def paint_table(painter: QPainter, table: Table, area: QRectF, clear: tuple[float, float], room: float) -> None:
    """The table as a card at the top of ``area``, on the side with more room beside ``clear``, where the cursors are.

    Rather than over the cursors it stands over the axes or names, within ``room`` px.
    """
    px = theme.scaled(16)
    values = theme.font(px, "semibold", tabular=True)
    metrics = QFontMetricsF(values)
    widths = _widths(table, metrics)
    units = max((QFontMetricsF(theme.font(px)).horizontalAdvance(row.unit) for row in table.rows), default=0.0)
    names = QFontMetricsF(theme.font(px))
    longest = max((names.horizontalAdvance(row.line.trace.title) for row in table.rows), default=0.0) + 8
    title = min(float(theme.scaled(TITLE)), area.width() * 0.3, longest)
    pad = theme.space(3)
    width = 26 + title + sum(widths) + units + 2 * pad + (8 if units else 0)
    width = max(width, _head_width(table) + 2 * pad)
    head = theme.scaled(52) if not table.heads else theme.scaled(76)
    row = min(float(theme.scaled(ROW)), max(18.0, (area.height() - 24 - head - pad) / max(1, len(table.rows))))
    height = head + row * len(table.rows) + pad
    box = place(QSizeF(width, height), area, clear, room)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("outline"), 1))
    painter.setBrush(theme.color("surface_raised"))
    painter.drawRoundedRect(box, theme.radius, theme.radius)
    inner = box.adjusted(pad, theme.space(2), -pad, 0)
    _paint_head(painter, table, inner, widths, units)
    top = box.top() + head
    for each in table.rows:
        _paint_row(painter, each, QRectF(inner.left(), top, inner.width(), row), title=title, widths=widths, px=px)
        top += row


def _head_width(table: Table) -> float:
    headline = QFontMetricsF(theme.font(theme.scaled(17), "semibold", tabular=True)).horizontalAdvance(table.headline)
    beneath = QFontMetricsF(theme.font(theme.scaled(15), "regular", tabular=True)).horizontalAdvance(table.beneath)
    return max(headline, beneath)


def _widths(table: Table, metrics: QFontMetricsF) -> list[float]:
    count = max((len(row.values) for row in table.rows), default=0)
    found = []
    for n in range(count):
        texts = [row.values[n] for row in table.rows] + ([table.heads[n]] if table.heads else [])
        # Digits change with every step of the cursor; a little room keeps the card from breathing.
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        found.append(max(widest, metrics.horizontalAdvance("00000")) + theme.space(4))
    return found


def _paint_head(painter: QPainter, table: Table, inner: QRectF, widths: list[float], units: float) -> None:
    line = theme.scaled(22)
    painter.setPen(theme.color("text"))
    painter.setFont(theme.font(theme.scaled(17), "semibold", tabular=True))
    painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), line), LEFT, table.headline)
    painter.setPen(theme.color("text_muted"))
    painter.setFont(theme.font(theme.scaled(15), "regular", tabular=True))
    painter.drawText(QRectF(inner.left(), inner.top() + line - 2, inner.width(), line), LEFT, table.beneath)
    x = inner.right() - units - (8 if units else 0) - sum(widths)
    for width, text in zip(widths, table.heads, strict=False):
        painter.drawText(QRectF(x, inner.top() + 2 * line, width, line), RIGHT, text)
        x += width


def _paint_row(painter: QPainter, row: Row, box: QRectF, *, title: float, widths: list[float], px: int) -> None:
    paint_mark(
        painter, row.line.trace.mark, QPointF(box.left() + 9, box.center().y()), theme.color(row.line.trace.token)
    )
    painter.setPen(theme.color("text"))
    painter.setFont(theme.font(px))
    words = elided(row.line.trace.title, int(title) - 6, px, "regular")
    painter.drawText(QRectF(box.left() + 24, box.top(), title, box.height()), LEFT, words)
    painter.setFont(theme.font(px, "semibold", tabular=True))
    x = box.left() + 26 + title
    for width, text in zip(widths, row.values, strict=False):
        painter.drawText(QRectF(x, box.top(), width, box.height()), RIGHT, text)
        x += width
    if row.unit:
        painter.setPen(theme.color("text_muted"))
        painter.setFont(theme.font(px))
        painter.drawText(QRectF(x + 8, box.top(), box.right() - x, box.height()), LEFT, row.unit)
