"""The board's cards as one painted surface: columns that scroll each by itself, or lanes that scroll together.

Only what can be seen is painted. What a hand does is told by signals; the canvas moves no order by itself.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.workshop.board import Card, Column, Lane
from ui import theme
from ui.pages import board_card, board_ground
from ui.pages.board_card import Look
from ui.pages.board_hand import Hand
from ui.pages.board_shapes import GAP, Box, Stack, boxes, neighbour, stack

HEAD = 58  # px, of a column
BAND = 40  # px, of a lane
LEAST, TIGHT, WIDEST = 186, 118, 380  # px, of a column; nine tight ones stand side by side in 1280
FLIGHT_S = 0.28
FRAME_MS = 16
LANES_FOLD = {"booked", "delivered"}  # in lanes, unless opened: they are about what is worked on
PICTURES = 160  # cards whose picture is kept
MORE = 44.0  # px, of "and 1,950 more"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is painted. ``lanes`` empty: none. ``goes``: where somebody may move a card."""

    columns: tuple[Column, ...] = ()
    lanes: tuple[Lane, ...] = ()
    look: Look = field(default_factory=lambda: Look(0, 0))
    goes: Callable[[Card], frozenset[str]] = lambda card: frozenset()


@dataclass(frozen=True, slots=True)
class Band:
    """A lane as it stands below the heads, px before scrolling; ``stacks`` by state."""

    lane: Lane | None
    top: float
    height: float
    stacks: dict[str, Stack]


@dataclass(slots=True)
class Lifted:
    """A card in the hand: where it is held, and over which state it hangs."""

    card: Card
    grip: QPointF
    at: QPointF
    over: str = ""


class BoardCanvas(QWidget):
    """``tapped`` and ``opened`` give an order, ``dropped`` an order and a state, ``handed`` an order and the lane it is
    for now, ``punched`` an order to clock.
    """

    tapped = Signal(str)
    opened = Signal(str)
    dropped = Signal(str, str)
    handed = Signal(str, str)
    punched = Signal(str)
    more = Signal(str)
    selected_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Board"))
        self.shown = Shown()
        self.cards: dict[str, Card] = {}
        self.boxes: tuple[Box, ...] = ()
        self.bands: tuple[Band, ...] = ()
        self.unfolded: set[str] = set()
        self.folded: set[str] = set()
        self.selected = ""
        self.lifted: Lifted | None = None
        self.animated = True
        self.across = 0.0
        self.down: dict[str, float] = {}
        self._flights: dict[str, tuple[QRectF, float]] = {}
        self._pictures: dict[tuple[object, ...], QPixmap] = {}
        self._flying = QTimer(self)
        self._flying.setInterval(FRAME_MS)
        self._flying.timeout.connect(self._fly)
        self.hand = Hand(self)

    def sizeHint(self) -> QSize:
        return QSize(900, 500)

    # --- what is shown

    def show_board(self, shown: Shown) -> None:
        """Show these cards; those that stand in another column than before fly there."""
        before = {card: rect for card, rect in self._places() if self._near(rect)} if self.animated else {}
        states = {id_: card.status for id_, card in self.cards.items()}
        self.shown = shown
        self.cards = {card.id: card for column in shown.columns for card in column.cards}
        self._arrange()
        now = time.monotonic()
        for card, rect in before.items():
            fresh = self.cards.get(card)
            if fresh is not None and fresh.status != states.get(card) and self.lifted is None:
                self._flights[card] = (rect, now)
        if self._flights:
            self._flying.start()
        if self.selected and self.selected not in self.cards:
            self.select("")
        if self.lifted is not None and self.lifted.card.id not in self.cards:
            self.lifted = None
        self._describe()
        self.update()

    def tick(self, look: Look) -> None:
        """Time has passed: hours and lateness are painted anew."""
        self.shown = Shown(self.shown.columns, self.shown.lanes, look, self.shown.goes)
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flights.clear()
        self._arrange()

    def _arrange(self) -> None:
        counts = [(column.status, column.count) for column in self.shown.columns]
        least, widest = float(theme.scaled(LEAST)), float(theme.scaled(WIDEST))
        self.boxes = boxes(
            counts, float(self.width()), least=least, widest=widest, tight=float(theme.scaled(TIGHT)),
            opened=self.unfolded, folded=self.folded | (LANES_FOLD if self.shown.lanes else set()),
        )  # fmt: skip
        if self.shown.lanes:
            self.bands = self._lanes()
        else:
            stacks = {box.status: self._stack(column, box) for column, box in self._open()}
            self.bands = (Band(None, 0.0, max((each.height for each in stacks.values()), default=0.0), stacks),)
        self._clamp()

    def _open(self) -> Iterator[tuple[Column, Box]]:
        return ((column, box) for column, box in zip(self.shown.columns, self.boxes, strict=True) if not box.folded)

    def _stack(self, column: Column, box: Box, top: float = 0.0) -> Stack:
        look = self.shown.look
        inner = box.width - 2 * board_ground.INSET
        return stack([(card.id, board_card.height(card, inner, look)) for card in column.cards], top=top)

    def _lanes(self) -> tuple[Band, ...]:
        found, top = [], 0.0
        widths = {box.status: box for box in self.boxes if not box.folded}
        for lane in self.shown.lanes:
            first = top + theme.scaled(BAND)
            stacks = {
                column.status: self._stack(column, widths[column.status], first)
                for column in lane.columns
                if column.status in widths
            }
            height = max((each.height for each in stacks.values()), default=first) - top + GAP
            found.append(Band(lane, top, height, stacks))
            top += height + GAP
        return tuple(found)

    # --- where things are

    @property
    def head(self) -> float:
        return float(theme.scaled(HEAD))

    def body(self) -> QRectF:
        """What lies below the heads."""
        return QRectF(0, self.head, self.width(), max(0.0, self.height() - self.head))

    def box_of(self, status: str) -> Box | None:
        return next((box for box in self.boxes if box.status == status), None)

    def scrolled(self, status: str) -> float:
        """How far a column is scrolled down."""
        return self.down.get("" if self.shown.lanes else status, 0.0)

    def rect_of(self, card: str) -> QRectF | None:
        """Where a card is now, also when it cannot be seen; None when its column is folded."""
        return next((rect for id_, rect in self._places() if id_ == card), None)

    def _places(self) -> Iterator[tuple[str, QRectF]]:
        for band in self.bands:
            for status, cards in band.stacks.items():
                box = self.box_of(status)
                if box is not None:
                    for slot in cards.slots:
                        yield slot.card, self._rect(box, slot.top, slot.height)

    def _rect(self, box: Box, top: float, height: float) -> QRectF:
        left = box.left - self.across + board_ground.INSET
        y = self.head + top - self.scrolled(box.status)
        return QRectF(left, y, box.width - 2 * board_ground.INSET, height)

    def _near(self, rect: QRectF) -> bool:
        return rect.intersects(QRectF(self.rect()))

    def visible(self) -> Iterator[tuple[Card, QRectF]]:
        """The cards one can see at least a part of, with their places."""
        height = self.body().height()
        for band in self.bands:
            for status, cards in band.stacks.items():
                box = self.box_of(status)
                if box is None or box.right - self.across < 0 or box.left - self.across > self.width():
                    continue
                down = self.scrolled(status)
                for slot in cards.between(down, down + height):
                    if slot.card in self.cards:
                        yield self.cards[slot.card], self._rect(box, slot.top, slot.height)

    def card_at(self, at: QPointF) -> Card | None:
        if at.y() < self.head:
            return None
        return next((card for card, rect in self.visible() if rect.contains(at)), None)

    def status_at(self, at: QPointF) -> str:
        """The column at a point, with half a gap at either side; "" beside them all."""
        x = at.x() + self.across
        return next((box.status for box in self.boxes if box.left - GAP / 2 <= x < box.right + GAP / 2), "")

    def lane_at(self, at: QPointF) -> str | None:
        """The lane at a point; None where there are none."""
        y = at.y() - self.head + self.scrolled("")
        lane = next(
            (band.lane for band in self.bands if band.lane and band.top <= y < band.top + band.height + GAP), None
        )
        return lane.key if lane is not None else None

    def lane_of(self, card: str) -> str | None:
        """The lane a card is in; None where there are none."""
        lanes = (band.lane for band in self.bands if any(card in _ids(each) for each in band.stacks.values()))
        return next((lane.key for lane in lanes if lane is not None), None)

    def more_rect(self, column: Column, box: Box) -> QRectF | None:
        """Where a column says that there is more of it."""
        if column.more <= 0 or box.folded or self.shown.lanes:
            return None
        return self._rect(box, self.bands[0].stacks[box.status].height + GAP, MORE)

    # --- scrolling

    def reach_down(self, status: str) -> float:
        """How far a column can be scrolled down."""
        room = self.body().height() - GAP
        if self.shown.lanes:
            return max(0.0, (self.bands[-1].top + self.bands[-1].height if self.bands else 0.0) - room)
        cards = self.bands[0].stacks.get(status) if self.bands else None
        column = next((each for each in self.shown.columns if each.status == status), None)
        tail = MORE + GAP if column is not None and column.more > 0 else 0.0
        return max(0.0, (cards.height if cards is not None else 0.0) + tail - room)

    def breadth(self) -> float:
        """How far the board can be pushed sideways."""
        return max(0.0, (self.boxes[-1].right if self.boxes else 0.0) - self.width())

    def push(self, status: str, dx: float, dy: float) -> bool:
        """Push the board under a finger; False when nothing gave way."""
        key = "" if self.shown.lanes else status
        before = (self.across, self.down.get(key, 0.0))
        self.across = min(self.breadth(), max(0.0, self.across + dx))
        if key or self.shown.lanes:
            self.down[key] = min(self.reach_down(status), max(0.0, before[1] + dy))
        self.update()
        return (self.across, self.down.get(key, 0.0)) != before

    def _clamp(self) -> None:
        self.across = min(self.across, self.breadth())
        for key in self.down:
            self.down[key] = min(self.down[key], self.reach_down(key))

    def bring_into_view(self, card: str) -> None:
        """Scroll as little as needed for a card to be seen whole."""
        rect = self.rect_of(card)
        found = self.cards.get(card)
        if rect is None or found is None:
            return
        body = self.body().adjusted(4, 4, -4, -8)
        dy = min(0.0, rect.top() - body.top()) or max(0.0, rect.bottom() - body.bottom())
        dx = min(0.0, rect.left() - body.left()) or max(0.0, rect.right() - body.right())
        self.push(self._status_of(found), dx, dy)

    def _status_of(self, card: Card) -> str:
        return next((column.status for column in self.shown.columns if card in column.cards), card.status or "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        dx, dy = (-turned.y() or -turned.x(), 0) if sideways else (-turned.x(), -turned.y())
        self.push(self.status_at(event.position()), float(dx), float(dy))
        event.accept()

    # --- hands and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self.card_at(event.position())
        if card is not None and event.button() == Qt.MouseButton.LeftButton:
            self.hand.forget()
            self.opened.emit(card.id)

    def toggle(self, status: str) -> None:
        """Fold a column, or open a folded one."""
        box = self.box_of(status)
        if box is None:
            return
        (self.unfolded.add if box.folded else self.unfolded.discard)(status)
        (self.folded.discard if box.folded else self.folded.add)(status)
        self._arrange()
        self.update()

    def select(self, card: str) -> None:
        """Mark a card for the keys."""
        if card != self.selected:
            self.selected = card
            self._describe()
            self.selected_changed.emit(card)
        if card:
            self.bring_into_view(card)
        self.update()

    def _describe(self) -> None:
        card = self.cards.get(self.selected)
        words = next((each.words for each in self.shown.columns if card in each.cards), "") if card else ""
        self.setAccessibleDescription(board_card.spoken(card, words, self.shown.look) if card else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }.get(key)  # fmt: skip
        if key == Qt.Key.Key_Escape and self.lifted is not None:
            self.hand.forget()
        elif step is not None and shift and self.selected:
            self.move_by_keys(step[0])
        elif step is not None:
            self.select(neighbour(self._grid(), self.selected, step) or "")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected:
            self.opened.emit(self.selected)
        elif key == Qt.Key.Key_Space and self.selected:
            self.tapped.emit(self.selected)
        else:
            super().keyPressEvent(event)

    def _grid(self) -> list[list[str]]:
        columns = ([band.stacks.get(box.status, Stack()) for band in self.bands] for box in self.boxes)
        return [[slot.card for cards in stacks for slot in cards.slots] for stacks in columns]

    def move_by_keys(self, step: int) -> None:
        """Move the chosen card to the next state to the right (1) or left (-1) that this person may move it to."""
        card = self.cards.get(self.selected)
        if card is None or not step:
            return
        order = [box.status for box in self.boxes]
        here, goes = order.index(self._status_of(card)), self.shown.goes(card)
        ahead = order[here + 1 :] if step > 0 else order[:here][::-1]
        end = next((status for status in ahead if status in goes), "")
        if end:
            self.dropped.emit(card.id, end)

    # --- painting

    def _fly(self) -> None:
        now = time.monotonic()
        self._flights = {card: flight for card, flight in self._flights.items() if now - flight[1] < FLIGHT_S}
        if not self._flights:
            self._flying.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        goes = self.shown.goes(self.lifted.card) if self.lifted is not None else None
        board_ground.columns(painter, self, goes)
        painter.save()
        painter.setClipRect(self.body())
        board_ground.bands(painter, self)
        painter.restore()
        board_ground.stripes(painter, self, goes)
        painter.save()
        painter.setClipRect(self.body())
        flying = []
        for card, rect in self.visible():
            if card.id in self._flights:
                flying.append((card, rect))
            elif self.lifted is not None and card.id == self.lifted.card.id:
                board_ground.gap(painter, rect)
            else:
                away = goes is not None and card.status not in goes
                painter.setOpacity(0.5 if away else 1.0)
                self._paint(painter, card, rect, selected=card.id == self.selected and self.hasFocus())
        painter.setOpacity(1.0)
        board_ground.tails(painter, self)
        painter.restore()
        board_ground.beyond(painter, self)
        for card, rect in flying:
            self._paint(painter, card, self._between(card.id, rect))
        if self.lifted is not None:
            self._paint_lifted(painter, self.lifted)

    def _paint(self, painter: QPainter, card: Card, rect: QRectF, *, selected: bool = False) -> None:
        """A card from its picture, which is made anew when something on it reads differently."""
        look = self.shown.look
        face = (*board_card.face(card, look, selected=selected), rect.size().toTuple())
        picture = self._pictures.pop(face, None)
        if picture is None:
            ratio = self.devicePixelRatioF()
            picture = QPixmap((rect.size() * ratio).toSize())
            picture.setDevicePixelRatio(ratio)
            picture.fill(theme.color("surface", 0.0))
            brush = QPainter(picture)
            board_card.paint(brush, card, QRectF(QPointF(0, 0), rect.size()), look, selected=selected)
            brush.end()
        self._pictures[face] = picture  # the last used stands last
        if len(self._pictures) > PICTURES:
            del self._pictures[next(iter(self._pictures))]
        painter.drawPixmap(QPointF(round(rect.left()), round(rect.top())), picture)

    def _between(self, card: str, end: QRectF) -> QRectF:
        start, began = self._flights[card]
        done = 1 - (1 - min(1.0, (time.monotonic() - began) / FLIGHT_S)) ** 3
        corner = start.topLeft() + (end.topLeft() - start.topLeft()) * done
        return QRectF(corner, end.size())

    def _paint_lifted(self, painter: QPainter, lifted: Lifted) -> None:
        place = self.rect_of(lifted.card.id)
        wide = place.width() if place is not None else float(theme.scaled(LEAST))
        high = board_card.height(lifted.card, wide, self.shown.look)
        painter.setOpacity(0.94)
        box = QRectF(lifted.at - lifted.grip, QRectF(0, 0, wide, high).size())
        board_card.paint(painter, lifted.card, box, self.shown.look, lifted=True)
        painter.setOpacity(1.0)


def _ids(cards: Stack) -> frozenset[str]:
    return frozenset(slot.card for slot in cards.slots)
