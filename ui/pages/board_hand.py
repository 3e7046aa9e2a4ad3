"""What a hand does on the board: a mouse drags at once, a finger pushes the board and lifts a card by holding it.

Small movements are not taken for a drag, and what is let go outside of a column falls back.
"""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from core.workshop.board import Card
from ui import theme
from ui.pages import board_ground
from ui.pages.board_card import clock_box, has_clock

if TYPE_CHECKING:
    from ui.pages.board_canvas import BoardCanvas

HOLD_MS = 380  # longer than a tap, shorter than a doubt
SLACK = 12.0  # px a finger may tremble
EDGE = 60.0  # px from an edge at which a card in the hand pushes the board
PUSH = 14.0  # px a frame
FRAME_MS = 16
DRAG = 0.94  # of a flick's speed from frame to frame
SLOWEST = 0.6  # px a frame


class Hand(QObject):
    """The gestures on one canvas."""

    def __init__(self, canvas: "BoardCanvas") -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self._card: Card | None = None
        self._start = QPointF()
        self._last = QPointF()
        self._status = ""
        self._finger = False
        self._down = False
        self._pushing = False
        self._speed = QPointF()
        self._moved_at = 0.0
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self._lift)
        self._run = QTimer(self)
        self._run.setInterval(FRAME_MS)
        self._run.timeout.connect(self._frame)

    def press(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._run.stop()
        self._down, self._pushing, self._speed = True, False, QPointF()
        self._start = self._last = event.position()
        self._card = self.canvas.card_at(self._start)
        self._status = self.canvas.status_at(self._start)
        self._finger = event.pointingDevice().pointerType() == QPointingDevice.PointerType.Finger
        if self._finger and self._card is not None:
            self._hold.start()

    def move(self, event: QMouseEvent) -> None:
        at = event.position()
        if not self._down:
            self._point(at)
        elif self.canvas.lifted is not None:
            self._carry(at)
        elif self._pushing:
            self._push(at)
        elif (at - self._start).manhattanLength() > SLACK:
            self._hold.stop()
            if self._finger or self._card is None:
                self._pushing = True
                self._push(at)
            else:
                self._lift()
                self._carry(at)

    def release(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._down:
            return
        self._hold.stop()
        self._down = False
        if self.canvas.lifted is not None:
            self._drop()
        elif self._pushing:
            still = time.monotonic() - self._moved_at > 0.08
            if self._finger and not still and self._speed.manhattanLength() > SLOWEST:
                self._run.start()
        else:
            self._tap(event.position())

    def forget(self) -> None:
        """Let go of whatever is in the hand; it falls back."""
        self._hold.stop()
        self._run.stop()
        self._down = self._pushing = False
        self.canvas.lifted = None
        self.canvas.unsetCursor()
        self.canvas.update()

    # --- a card in the hand

    def _lift(self) -> None:
        from ui.pages.board_canvas import Lifted

        card = self._card
        rect = self.canvas.rect_of(card.id) if card is not None else None
        if card is None or rect is None or not self._down:
            return
        self.canvas.lifted = Lifted(card, self._start - rect.topLeft(), self._last, self._status)
        self.canvas.setCursor(QCursor(Qt.CursorShape.ClosedHandCursor))
        self._run.start()
        self.canvas.update()

    def _carry(self, at: QPointF) -> None:
        self._last = at
        lifted = self.canvas.lifted
        if lifted is not None:
            lifted.at, lifted.over = at, self.canvas.status_at(at)
            self.canvas.update()

    def _drop(self) -> None:
        lifted = self.canvas.lifted
        self.forget()
        if lifted is None or not self.canvas.rect().contains(lifted.at.toPoint()):
            return
        lane = self.canvas.lane_at(lifted.at)
        if lane is not None and lifted.over and lane != self.canvas.lane_of(lifted.card.id):
            self.canvas.handed.emit(lifted.card.id, lane)
        if lifted.over and lifted.over != (lifted.card.status or ""):
            self.canvas.dropped.emit(lifted.card.id, lifted.over)

    # --- pushing the board

    def _push(self, at: QPointF) -> None:
        moved = self._last - at
        self._last, self._moved_at = at, time.monotonic()
        self._speed = self._speed * 0.4 + moved * 0.6
        self.canvas.push(self._status, moved.x(), moved.y())

    def _frame(self) -> None:
        if self.canvas.lifted is not None:
            self._push_at_the_edge()
            return
        self._speed *= DRAG
        gave = self.canvas.push(self._status, self._speed.x(), self._speed.y())
        if not gave or self._speed.manhattanLength() < SLOWEST:
            self._run.stop()

    def _push_at_the_edge(self) -> None:
        """A card at the edge pushes the board on, so that every column can be reached."""
        at, body = self._last, self.canvas.body()
        dx = -PUSH if at.x() < EDGE else PUSH if at.x() > body.right() - EDGE else 0.0
        dy = -PUSH if at.y() < body.top() + EDGE else PUSH if at.y() > body.bottom() - EDGE else 0.0
        if (dx or dy) and self.canvas.push(self.canvas.status_at(at), dx, dy):
            self._carry(at)

    # --- taps

    def _tap(self, at: QPointF) -> None:
        canvas, card = self.canvas, self.canvas.card_at(at)
        aside = next((left for _, place, left in board_ground.pills(canvas) if place.contains(at)), None)
        if aside is not None:
            canvas.push("", -canvas.width() * 0.7 if aside else canvas.width() * 0.7, 0.0)
            return
        if card is not None:
            rect = canvas.rect_of(card.id)
            if has_clock(card, canvas.shown.look) and rect is not None and clock_box(rect).contains(at):
                canvas.punched.emit(card.id)
            elif self._card is not None and card.id == self._card.id:
                canvas.select(card.id)
                self._told_once(card.id)
            return
        box = canvas.box_of(canvas.status_at(at))
        if box is None:
            return
        column = next(each for each in canvas.shown.columns if each.status == box.status)
        tail = canvas.more_rect(column, box)
        if tail is not None and tail.contains(at):
            canvas.more.emit(box.status)
        elif box.folded or at.y() < canvas.head:
            canvas.toggle(box.status)

    def _told_once(self, card: str) -> None:
        """A finger's tap is meant at once; a mouse may be about to click twice, which opens the order."""
        if self._finger:
            self.canvas.tapped.emit(card)
            return
        wait = QApplication.doubleClickInterval()
        before = self._start

        def told() -> None:
            if self._start == before and not self._down and card in self.canvas.cards:
                self.canvas.tapped.emit(card)

        QTimer.singleShot(min(wait, 250), self, told)

    def _point(self, at: QPointF) -> None:
        over = self.canvas.card_at(at) is not None or at.y() < theme.scaled(58)
        self.canvas.setCursor(QCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor))
