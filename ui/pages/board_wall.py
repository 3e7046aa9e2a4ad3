"""The wall: the whole board in type that is read from across the shop. It needs no touch, and turns no pages.

Everything is on one picture: the type is as large as lets all cards stand; where even the smallest does not, a column
says how many more there are. A touch or a key brings the board back.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.language import tr, trn
from core.workshop.board import Board, Card, Column, is_late
from ui import theme, words
from ui.order_words import status_shape
from ui.pages.board_card import PARTS, Look, on_words, promise_words
from ui.pages.board_type import wrapped, write
from ui.widgets import icons

TICK_MS = 1000
TOP = 96.0  # px of the line with clock and counts
MARGIN = 20.0
GAP = 10.0
HEAD = 58.0
LARGEST_NAME, SMALLEST_NAME = 22, 15  # px, of a column's name
NARROW = 170.0  # px of a column
SIZES = (40, 34, 30, 27, 24, 21, 19, 17)  # px of a plate, from what is best read to what is still read
RATHER_MORE = 0.72  # how much of its size the type may lose for a card to say more
AWAY = ("booked", "delivered")  # not in the house
STILL = 17  # px, below which nothing is written


@dataclass(frozen=True, slots=True)
class Fit:
    """The type that lets all stand. ``most``: cards a column shows."""

    px: int
    most: int
    rich: bool = False


def card_height(px: int, *, rich: bool = False) -> float:
    """How high a card is whose plate is written in ``px``; ``rich`` ones say whose it is and what is asked, too."""
    return float(round(px * 1.3 + (5 if rich else 2) * _detail(px) * 1.35 + 16))


def fitting(longest: int, room: float, largest: int = SIZES[0]) -> Fit:
    """The largest type in which ``longest`` cards stand one below the other in ``room`` px. Pure.

    ``largest``: what the width of a column bears. What room is left over then is used to say more.
    """
    sizes = [each for each in SIZES if each <= largest] or [SIZES[-1]]
    best: Fit | None = None
    for px in sizes:
        for rich in (False, True):
            most = int((room + GAP) // (card_height(px, rich=rich) + GAP))
            if most >= longest and (best is None or (rich and not best.rich and px >= best.px * RATHER_MORE)):
                best = Fit(px, most, rich)
    return best or Fit(sizes[-1], max(1, int((room - 30 + GAP) // (card_height(sizes[-1]) + GAP))))


def _detail(px: int) -> int:
    return max(STILL - 1, round(px * 0.68))


def _name_px(names: Sequence[str], room: float) -> int:
    """The type in which every column's name stands whole, in two lines if need be."""
    for px in range(LARGEST_NAME, SMALLEST_NAME, -1):
        metrics = QFontMetricsF(theme.font(px, "semibold"))
        lines = (line for name in names for line in wrapped(name, room, 2, px, "semibold"))
        if all(metrics.horizontalAdvance(line) <= room for line in lines):
            return px
    return SMALLEST_NAME


class Wall(QWidget):
    """Lies over its window, and goes with a touch, Escape, or ``leave``."""

    left = Signal()

    def __init__(self, anchor: QWidget, title: str) -> None:
        super().__init__(anchor.window())
        self._title = title
        self._board: Board | None = None
        self._look = Look(0, 0)
        self.setAccessibleName(tr("Board on the wall"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.update)
        self.setGeometry(self.window().rect())
        self.window().installEventFilter(self)

    def open(self) -> None:
        """Lay it over the window."""
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    def leave(self) -> None:
        """Give the window back."""
        self._timer.stop()
        self.window().removeEventFilter(self)
        self.hide()
        self.left.emit()
        self.deleteLater()

    def show_board(self, board: Board, look: Look) -> None:
        self._board, self._look = board, look
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.window().rect())
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            self.leave()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("surface"))
        self._top(painter)
        columns = [each for each in self._board.columns if each.count] if self._board is not None else []
        columns = [each for each in columns if each.status != "delivered"]  # gone: of no more use up there
        body = QRectF(self.rect()).adjusted(MARGIN, TOP, -MARGIN, -MARGIN)
        if columns:
            self._columns(painter, columns, body)
        else:
            font = theme.font(40, "medium")
            write(painter, body, font, "text_muted", tr("No car in the house"), align=Qt.AlignmentFlag.AlignCenter)

    def _top(self, painter: QPainter) -> None:
        line = QRectF(MARGIN, 0, self.width() - 2 * MARGIN, TOP)
        clock = theme.font(64, "semibold", tabular=True)
        now = words.time_of_day(time.time())
        wide = QFontMetricsF(clock).horizontalAdvance(now)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        write(painter, line, clock, "text", now, align=right)
        title = theme.font(34, "semibold")
        write(painter, QRectF(line.left(), 12, line.width() - wide - 30, 42), title, "text", self._title)
        x = line.left()
        for text, token, icon in self._counts():
            font = theme.font(23, "medium", tabular=True)
            icons.paint(painter, icon, QRectF(x, 59, 24, 24), token)
            long = QFontMetricsF(font).horizontalAdvance(text)
            write(painter, QRectF(x + 32, 54, long + 4, 34), font, "text" if token != "critical" else token, text)
            x += long + 72

    def _counts(self) -> Sequence[tuple[str, str, str]]:
        """How the house stands, each with its colour and shape."""
        if self._board is None:
            return ()
        here = sum(column.count for column in self._board.columns if column.status not in AWAY)
        late = sum(1 for card in self._board.cards if is_late(card.promised_at, card.status, self._look.now))
        at_work = len({each.id for card in self._board.cards for each in card.on})
        found = [(trn("{count} car in the house", "{count} cars in the house", here), "text_muted", "car")]
        if late:
            found.append((trn("{count} late", "{count} late", late), "critical", "warning"))
        found.append((trn("{count} at work", "{count} at work", at_work), "accent", "play"))
        return found

    def _columns(self, painter: QPainter, columns: Sequence[Column], body: QRectF) -> None:
        wide = (body.width() - GAP * (len(columns) - 1)) / len(columns)
        bears = int(wide / 8.1)  # a plate of ten characters stands in its column
        here = [len(column.cards) for column in columns if column.status not in AWAY]  # bookings do not shrink the type
        fit = fitting(max(here, default=1), body.height() - HEAD - GAP, bears)
        name = _name_px([column.words for column in columns], wide - (60 if wide < NARROW else 84))
        for at, column in enumerate(columns):
            ground = QRectF(body.left() + at * (wide + GAP), body.top(), wide, body.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_sunken"))
            painter.drawRoundedRect(ground, theme.radius, theme.radius)
            self._column(painter, column, QRectF(ground), theme.font(name, "semibold"), fit)

    def _column(self, painter: QPainter, column: Column, ground: QRectF, font: QFont, fit: Fit) -> None:
        icon, token = status_shape(column.status or None)
        size, left = (18.0, 6.0) if ground.width() < NARROW else (24.0, 10.0)
        middle = ground.top() + HEAD / 2
        icons.paint(painter, icon, QRectF(ground.left() + left, middle - size / 2, size, size), token)
        count = words.count(column.count)
        wide = QFontMetricsF(font).horizontalAdvance(count)
        edge = ground.left() + left + size + 6
        name = QRectF(edge, ground.top(), ground.right() - wide - 12 - edge, HEAD)
        lines = wrapped(column.words, name.width(), 2, font.pixelSize(), "semibold")
        for at, said in enumerate(lines):
            high = font.pixelSize() * 1.2
            top = name.center().y() + (at - len(lines) / 2) * high
            write(painter, QRectF(name.left(), top, name.width() + 4, high), font, "text", said)
        write(painter, QRectF(ground.right() - wide - 12, ground.top(), wide + 2, HEAD), font, "text_muted", count)
        high = card_height(fit.px, rich=fit.rich)
        shown = column.cards[: fit.most] if column.count <= fit.most else column.cards[: max(1, fit.most - 1)]
        y = ground.top() + HEAD
        for card in shown:
            self._card(painter, card, QRectF(ground.left() + 6, y, ground.width() - 12, high), fit)
            y += high + GAP
        if column.count > len(shown):
            more = tr("and {count} more", count=words.count(column.count - len(shown)))
            line = QRectF(ground.left(), y, ground.width(), 36)
            small = theme.font(max(STILL, _detail(fit.px)), "medium", tabular=True)
            write(painter, line, small, "text", more, align=Qt.AlignmentFlag.AlignCenter)

    def _card(self, painter: QPainter, card: Card, box: QRectF, fit: Fit) -> None:
        px = fit.px
        lit, fresh = bool(card.on), (self._look.fresh or {}).get(card.id, "")
        late = is_late(card.promised_at, card.status, self._look.now)
        painter.setBrush(theme.color("accent_surface" if lit else "critical_surface" if late else "surface_raised"))
        edge = "accent" if lit or fresh else "critical" if late else "line"
        painter.setPen(QPen(theme.color(edge), 2 if edge != "line" else 1))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.radius, theme.radius)
        room = box.adjusted(12, 7, -10, -7)
        plate = theme.font(px, "semibold", tabular=True)
        line = QRectF(room.left(), room.top(), room.width(), px * 1.3)
        write(painter, line, plate, "text", card.plate or card.number or tr("No vehicle"))
        small = _detail(px)
        second = QRectF(room.left(), line.bottom(), room.width(), small * 1.35)
        second.setRight(self._part(painter, card, second))
        write(painter, second, theme.font(small), "text_muted", card.vehicle or card.customer or card.asked)
        second.setRight(room.right())
        if fit.rich:
            second.translate(0, second.height())
            write(painter, second, theme.font(small), "text", card.customer or "")
            for words_ in wrapped(card.asked, room.width(), 2, small):
                second.translate(0, second.height())
                write(painter, second, theme.font(small), "text", words_)
        self._third(painter, card, QRectF(room.left(), room.bottom() - small * 1.3, room.width(), small * 1.35), small)

    def _part(self, painter: QPainter, card: Card, line: QRectF) -> float:
        state = card.parts.state if card.parts is not None else None
        if state is None:
            return line.right()
        icon, token = PARTS[state]
        size = line.height() * 0.9
        icons.paint(painter, icon, QRectF(line.right() - size, line.center().y() - size / 2, size, size), token)
        return line.right() - size - 8

    def _third(self, painter: QPainter, card: Card, line: QRectF, px: int) -> None:
        """Who is at it at the left, when it was promised at the right."""
        late = is_late(card.promised_at, card.status, self._look.now)
        promise = promise_words(card, self._look.now)
        bold: QFont = theme.font(px, "semibold" if late else "regular", tabular=True)
        wide = min(QFontMetricsF(bold).horizontalAdvance(promise), line.width()) if promise else 0.0
        right = QRectF(line.right() - wide, line.top(), wide + 1, line.height())
        write(painter, right, bold, "critical" if late else "text", promise)
        fresh = (self._look.fresh or {}).get(card.id, "")
        who = fresh or on_words(card, self._look) or (self._look.called(card.technician) if card.technician else "")
        room = QRectF(line.left(), line.top(), line.width() - wide - 10, line.height())
        if not who or room.width() < px * 2:
            return
        lit = bool(card.on) or bool(fresh)
        size = min(px * 1.05, line.height())
        icon = "move" if fresh else "play" if card.on else "people"
        font = theme.font(px, "semibold" if lit else "regular")
        if QFontMetricsF(font).horizontalAdvance(who) + size + 6 > room.width():
            write(painter, room, font, "text" if lit else "text_muted", who)  # the name before the sign
            return
        icons.paint(painter, icon, QRectF(room.left(), room.center().y() - size / 2, size, size),
                    "accent" if lit else "text_muted")  # fmt: skip
        write(painter, room.adjusted(size + 6, 0, 0, 0), font, "text" if lit else "text_muted", who)
