"""What the cards of the board lie on: heads with state, count and hours, the columns' ground, lanes, and tails."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from core.language import tr
from core.workshop.board import Column
from ui import theme, words
from ui.order_words import status_shape
from ui.pages.board_card import HOUR_MS, is_narrow, left_now
from ui.pages.board_shapes import GAP, Box
from ui.pages.board_type import wrapped, write
from ui.widgets import icons

if TYPE_CHECKING:
    from ui.pages.board_canvas import BoardCanvas

INSET = 5.0  # px between a column's edge and its cards


def columns(painter: QPainter, canvas: "BoardCanvas", goes: frozenset[str] | None) -> None:
    """The ground and head of every open column. ``goes``: where the card in the hand may go; None: none is."""
    for column, ground in _seen(canvas, folded=False):
        painter.setOpacity(_ground(painter, canvas, column, ground, goes))
        _head(painter, canvas, column, QRectF(ground.left(), 0, ground.width(), canvas.head))
        painter.setOpacity(1.0)


def stripes(painter: QPainter, canvas: "BoardCanvas", goes: frozenset[str] | None) -> None:
    """The folded columns, over the bands of lanes."""
    for column, ground in _seen(canvas, folded=True):
        painter.setOpacity(_ground(painter, canvas, column, ground, goes))
        _stripe(painter, column, ground)
        painter.setOpacity(1.0)


def _seen(canvas: "BoardCanvas", *, folded: bool) -> Iterator[tuple[Column, QRectF]]:
    for column, box in zip(canvas.shown.columns, canvas.boxes, strict=True):
        ground = QRectF(box.left - canvas.across, 0, box.width, canvas.height())
        if box.folded is folded and ground.right() > 0 and ground.left() < canvas.width():
            yield column, ground


def _ground(
    painter: QPainter, canvas: "BoardCanvas", column: Column, ground: QRectF, goes: frozenset[str] | None
) -> float:
    """A column's ground; returns how strongly its words are painted: faintly where the card in the hand cannot go."""
    over = canvas.lifted.over if canvas.lifted is not None else ""
    start = canvas.lifted.card.status if canvas.lifted is not None else None
    welcome = goes is not None and column.status in goes
    shut = goes is not None and not welcome and column.status != start
    painter.setPen(QPen(theme.color("accent"), 2) if welcome else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent_surface" if welcome and over == column.status else "surface_sunken"))
    painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), theme.radius, theme.radius)
    if shut and over == column.status:
        size = min(44.0, ground.width() - 12)
        spot = QRectF(ground.center().x() - size / 2, ground.bottom() - size - 24, size, size)
        icons.paint(painter, "lock", spot, "text_muted")
    return 0.4 if shut else 1.0


def pills(canvas: "BoardCanvas") -> Iterator[tuple[str, QRectF, bool]]:
    """At each edge beyond which the board goes on: how many orders lie there, where that is said, whether at the left.

    They are as high as a finger.
    """
    for left in (True, False):
        away = sum(
            column.count
            for column, box in zip(canvas.shown.columns, canvas.boxes, strict=True)
            if (box.right - canvas.across <= 30 if left else box.left - canvas.across >= canvas.width() - 30)
        )
        if away:
            said = words.count(away)
            wide = QFontMetricsF(theme.font(theme.scaled(16), "semibold", tabular=True)).horizontalAdvance(said) + 54
            high = float(theme.target)
            at = 6.0 if left else canvas.width() - wide - 6
            yield said, QRectF(at, canvas.height() - high - 6, wide, high), left


def beyond(painter: QPainter, canvas: "BoardCanvas") -> None:
    """Tell that the board goes on at its edges."""
    font = theme.font(theme.scaled(16), "semibold", tabular=True)
    for said, place, left in pills(canvas):
        pill = place.adjusted(0, 6, 0, -6)
        painter.setPen(QPen(theme.color("outline"), 2))
        painter.setBrush(theme.color("surface_raised"))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        side = QRectF(pill.left() + 9 if left else pill.right() - 33, pill.center().y() - 12, 24, 24)
        icons.paint(painter, "chevron-left" if left else "chevron-right", side, "text")
        write(painter, pill.adjusted(36 if left else 16, 0, -8, 0), font, "text", said)


def _head(painter: QPainter, canvas: "BoardCanvas", column: Column, room: QRectF) -> None:
    """State, count and hours; of a narrow column the name in two lines, and the hours without their word."""
    icon, token = status_shape(column.status or None)
    slim = is_narrow(room.width())
    size = float(theme.scaled(18 if slim else 20))
    px = theme.scaled(14.5 if slim else 16)
    left = room.left() + size + (13 if slim else 18)
    wide = room.right() - left - 4
    said = wrapped(column.words, wide, 2 if slim else 1, px, "semibold")
    high = px * 1.22
    under = theme.scaled(15) * 1.3
    top = room.top() + max(2.0, (room.height() - len(said) * high - under) / 2)
    spot = QRectF(room.left() + (7 if slim else 10), top + (high - size) / 2 + 1, size, size)
    icons.paint(painter, icon, spot, token)
    for at, text in enumerate(said):
        write(painter, QRectF(left, top + at * high, wide, high), theme.font(px, "semibold"), "text", text)
    font = theme.font(theme.scaled(14.5 if slim else 15), "regular", tabular=True)
    count, hours = words.count(column.count), _hours_left(canvas, column)
    short = words.hours(_left(canvas, column)) if hours else ""
    told = next(
        (text for text in (f"{count} · {hours}" if hours else "", f"{count} · {short}" if short else "")
         if text and QFontMetricsF(font).horizontalAdvance(text) <= wide), count,
    )  # fmt: skip
    write(painter, QRectF(left, top + len(said) * high, wide, under), font, "text_muted", told)


def _hours_left(canvas: "BoardCanvas", column: Column) -> str:
    """The work that is left in a column: "6.5 h left"."""
    if column.status in ("ready", "delivered") or column.more:
        return ""  # of a part of the cards it would be wrong
    left = _left(canvas, column)
    return tr("{hours} left", hours=words.hours(left)) if left >= HOUR_MS / 20 else ""


def _left(canvas: "BoardCanvas", column: Column) -> int:
    return sum(max(0, left_now(card, canvas.shown.look) or 0) for card in column.cards)


def _stripe(painter: QPainter, column: Column, ground: QRectF) -> None:
    """A folded column: shape, count, and its name from below upwards."""
    icon, token = status_shape(column.status or None)
    size = float(theme.scaled(20))
    quiet = column.count == 0
    spot = QRectF(ground.center().x() - size / 2, 12, size, size)
    icons.paint(painter, icon, spot, "text_muted" if quiet else token)
    bold = theme.font(theme.scaled(16), "regular" if quiet else "bold", tabular=True)
    count = QRectF(ground.left(), spot.bottom() + 4, ground.width(), 24)
    write(painter, count, bold, "text_muted" if quiet else "text", words.count(column.count),
          align=Qt.AlignmentFlag.AlignCenter)  # fmt: skip
    painter.save()
    painter.translate(ground.center().x(), count.bottom() + 14)
    painter.rotate(90)
    long = max(0.0, ground.height() - count.bottom() - 24)
    font = theme.font(theme.scaled(16), "medium")
    write(painter, QRectF(0, -12, long, 24), font, "text_muted" if quiet else "text", column.words)
    painter.restore()


def bands(painter: QPainter, canvas: "BoardCanvas") -> None:
    """The heads of lanes, across all columns."""
    open_ = {box.status for box in canvas.boxes if not box.folded}
    left = max(0.0, next((box.left for box in canvas.boxes if not box.folded), 0.0) - canvas.across)
    right = max((box.right for box in canvas.boxes if not box.folded), default=0.0) - canvas.across
    for band in canvas.bands:
        if band.lane is None:
            continue
        top = canvas.head + band.top - canvas.scrolled("")
        high = float(theme.scaled(34))
        if top > canvas.height() or top + band.height < canvas.head:
            continue
        line = QRectF(left, top + 3, right - left, high)
        over = canvas.lifted is not None and canvas.lane_at(canvas.lifted.at) == band.lane.key
        painter.fillRect(line, theme.color("accent_surface" if over else "surface_pressed"))
        sign = "bays" if canvas.shown.look.by == "bay" else "people"
        font = theme.font(theme.scaled(17), "semibold")
        icons.paint(painter, sign, QRectF(left + 12, line.center().y() - 10, 20, 20), "text_muted")
        write(painter, QRectF(left + 42, line.top(), line.width() - 60, high), font, "text", band.lane.name)
        wide = QFontMetricsF(font).horizontalAdvance(band.lane.name)
        small = theme.font(theme.scaled(15), "regular", tabular=True)
        count = sum(column.count for column in band.lane.columns if column.status in open_)
        beside = QRectF(left + wide + 56, line.top(), 200, high)
        write(painter, beside, small, "text_muted", words.count(count))


def gap(painter: QPainter, rect: QRectF) -> None:
    """Where the card in the hand lay."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("outline"), 2, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.radius, theme.radius)


def tails(painter: QPainter, canvas: "BoardCanvas") -> None:
    """ "and 1,950 more" where a column has more than it shows, and bars that tell how far it is scrolled."""
    for column, box in zip(canvas.shown.columns, canvas.boxes, strict=True):
        tail = canvas.more_rect(column, box)
        if tail is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("outline"), 1))
            painter.drawRoundedRect(tail.adjusted(0, 0, 0, -2), theme.radius, theme.radius)
            text = tr("and {count} more", count=words.count(column.more))
            font = theme.font(theme.scaled(16), "medium", tabular=True)
            write(painter, tail, font, "text", text, align=Qt.AlignmentFlag.AlignCenter)
        if not box.folded and not canvas.shown.lanes:
            _bar(painter, canvas, box)


def _bar(painter: QPainter, canvas: "BoardCanvas", box: Box) -> None:
    depth, body = canvas.reach_down(box.status), canvas.body()
    if depth <= 0 or body.height() <= 0:
        return
    long = max(28.0, body.height() * body.height() / (body.height() + depth))
    top = body.top() + (body.height() - long) * canvas.scrolled(box.status) / depth
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("outline", 0.6))
    painter.drawRoundedRect(QRectF(box.right - canvas.across - 4, top + GAP / 2, 3, long - GAP), 1.5, 1.5)
