"""The schedule under mouse, finger and keys: blocks are dragged and resized, cards are put from the tray onto a time.

Everything is drawn in one widget, so that a card can be dragged from the tray into any row. A finger that pushes
where nothing is scrolls; one on a block takes it along.
"""

import time
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy, QWidget

from core.language import tr
from core.planning.local_days import HOUR_MS
from core.planning.schedule import TECHNICIAN
from core.planning.schedule_views import ALLOCATION, Block, Row, Unplanned
from ui import schedule_words as say
from ui import theme
from ui.pages.schedule_layout import (
    ARRIVALS,
    SHORTEST_MS,
    Layout,
    Marks,
    Placed,
    first_gap,
    is_appointment,
    lay_out,
    same_time_on,
)
from ui.pages.schedule_paint import block_sentence, paint
from ui.schedule_reading import Board

EDGE = 12  # px inside a block's end where a mouse takes hold of it
GRIP = 26  # px around the end of a chosen block where a finger does
NOW_MS = 20_000


@dataclass(slots=True)
class Grab:
    """What is under the finger that is down. ``kind``: block, start, end, card, rows, tray."""

    kind: str
    at: QPointF
    block: Block | None = None
    row: str = ""
    card: Unplanned | None = None
    offset: int = 0  # ms from the block's beginning to the finger
    moving: bool = False
    scroll: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where something would go: a row's id ("" none), UTC ms."""

    row: str
    start: int
    end: int


class ScheduleCanvas(QWidget):
    """``moved(Block, row, start, end)``, ``planned(Unplanned, row, start, end)``, ``opened(Block)``,
    ``card_opened(Unplanned)``, ``slot(row, start)``, ``removed(Block)``.
    """

    moved = Signal(object, str, object, object)
    planned = Signal(object, str, object, object)
    opened = Signal(object)
    slot = Signal(str, object)
    headed = Signal(str, str)  # a person's id and name, in their row's head
    removed = Signal(object)
    turned = Signal(int)  # days, by keys
    wanted_today = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Schedule"))
        self.board: Board | None = None
        self.may_change = True
        self.laid: Layout | None = None
        self.chosen = ""
        self.armed: Unplanned | None = None
        self._rows_scroll = self._tray_scroll = 0.0
        self._grab: Grab | None = None
        self._target: Target | None = None
        self._fixed_now: int | None = None  # for pictures and tests
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search what waits"))
        self.search.setAccessibleName(tr("Search what waits"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._arrange())
        self.search.hide()
        self._clock = QTimer(self)
        self._clock.setInterval(NOW_MS)
        self._clock.timeout.connect(self.update)

    # --- what is shown

    def show_board(self, board: Board) -> None:
        """Show other data; what is chosen stays chosen while it is there."""
        if self._grab is not None and self._grab.moving:
            self._grab = self._target = None
        before, self.board = self.board, board
        if before is None or (before.span, before.by) != (board.span, board.by):
            self._rows_scroll = 0.0
        ids = {block.id for block in self.blocks()}
        if self.chosen not in ids:
            self.chosen = ""
        if self.armed is not None:
            cards = (*board.schedule.unplanned, *board.schedule.carried_over)
            self.armed = next((each for each in cards if each.job.order_id == self.armed.job.order_id), None)
        self._arrange()

    def blocks(self) -> tuple[Block, ...]:
        """All blocks, row by row."""
        if self.board is None:
            return ()
        seen = self.board.schedule
        return (*seen.arrivals, *(block for row in seen.rows for block in row.blocks))

    def now(self) -> int:
        return self._fixed_now if self._fixed_now is not None else round(time.time() * 1000)

    def stop_clock_at(self, instant: int) -> None:
        """Show this moment as now, for pictures."""
        self._fixed_now = instant
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(640), theme.scaled(280))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QEvent) -> None:
        self._clock.start()

    def hideEvent(self, event: QEvent) -> None:
        self._clock.stop()

    def _arrange(self) -> None:
        if self.board is None or self.width() < 10:
            return
        size, sought = (self.width(), self.height()), self.search.text()
        self.laid = lay_out(self.board, size, self._rows_scroll, self._tray_scroll, sought)
        rows = max(0.0, self.laid.rows_height - self.laid.chart.height())
        tray = max(0.0, self.laid.tray_height - self.laid.tray.height())
        kept = min(self._rows_scroll, rows), min(self._tray_scroll, tray)
        if kept != (self._rows_scroll, self._tray_scroll):
            self._rows_scroll, self._tray_scroll = kept
            self.laid = lay_out(self.board, size, *kept, sought)
        place = self.laid.search.toRect()
        self.search.setVisible(not place.isEmpty() or bool(sought))
        if self.search.geometry() != place and not place.isEmpty():
            self.search.setGeometry(place)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.laid is not None:
            paint(QPainter(self), self.laid, self._marks(self.laid))

    def _marks(self, laid: Layout) -> Marks:
        grab, target = self._grab, self._target
        dragging = grab is not None and grab.moving and target is not None
        ghost, words = self._ghost(laid, target) if dragging and target is not None else (None, "")
        return Marks(
            chosen=self.chosen,
            armed=self.armed.job.order_id or "" if self.armed else "",
            dragged=grab.block.id if dragging and grab is not None and grab.block is not None else "",
            ghost=ghost,
            ghost_words=words,
            now=self.now(),
            focused=self.hasFocus(),
            may_change=self.may_change,
        )

    def _ghost(self, laid: Layout, target: Target) -> tuple[QRectF | None, str]:
        line = next((each for each in laid.lines if each.row.id == target.row), None)
        if line is None:
            return None, ""
        rect = line.rect.adjusted(0, theme.space(2), 0, -theme.space(2))
        times = f"{say.clock(target.start, laid.board.here)}–{say.clock(target.end, laid.board.here)}"
        if laid.daily:
            left, right = laid.x_of(target.start), laid.x_of(target.end)
            return QRectF(left, rect.top(), max(right - left, 8.0), rect.height()), times
        column = next((each for each in laid.columns if target.start < each.span[1]), laid.columns[-1])
        return QRectF(column.left + 3, rect.top(), column.right - column.left - 6, rect.height()), times

    # --- mouse and finger

    def mousePressEvent(self, event: QMouseEvent) -> None:
        laid, point = self.laid, event.position()
        if laid is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._grab = self._grabbed(laid, point)
        event.accept()

    def _grabbed(self, laid: Layout, point: QPointF) -> Grab:
        if laid.tray.contains(point):
            place = laid.card_at(point)
            return Grab(
                "card" if place else "tray", point, card=place.card if place else None, scroll=self._tray_scroll
            )
        placed = self._chosen_end(laid, point) or laid.block_at(point)
        if placed is None:
            return Grab("rows", point, scroll=self._rows_scroll)
        offset = round((point.x() - laid.x_of(placed.block.start)) * laid.ms_per_px())
        return Grab(self._part(laid, placed, point), point, placed.block, placed.row, offset=offset)

    def _chosen_end(self, laid: Layout, point: QPointF) -> Placed | None:
        """The chosen block, when a finger is on one of its grips, which stand out a little."""
        for placed in laid.blocks:
            if placed.block.id == self.chosen and placed.rect.adjusted(-GRIP, 0, GRIP, 0).contains(point):
                near = min(abs(point.x() - placed.rect.left()), abs(point.x() - placed.rect.right())) <= GRIP
                return placed if near or placed.rect.contains(point) else None
        return None

    def _part(self, laid: Layout, placed: Placed, point: QPointF) -> str:
        """The block itself, or one of its ends."""
        if not laid.daily or is_appointment(placed.block) or not self.may_change:
            return "block"
        reach = min(GRIP if placed.block.id == self.chosen else EDGE, placed.rect.width() / 3)
        if point.x() >= placed.rect.right() - reach:
            return "end"
        return "start" if point.x() <= placed.rect.left() + reach else "block"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        laid, grab, point = self.laid, self._grab, event.position()
        if laid is None:
            return
        if grab is None:
            self._show_cursor(laid, point)
            return
        if not grab.moving:
            far = (point - grab.at).manhattanLength()
            if far < QApplication.startDragDistance():
                return
            grab.moving = True
            if grab.kind == "card" and abs(point.y() - grab.at.y()) > abs(point.x() - grab.at.x()):
                grab.kind, grab.scroll = "tray", self._tray_scroll  # a finger that pushes the tray up or down
            elif grab.block is not None:
                self.chosen = grab.block.id
        if grab.kind in ("rows", "tray"):
            self._scroll_to(grab, point)
        elif self.may_change:
            self._target = self._aim(laid, grab, point)
        self.update()

    def _show_cursor(self, laid: Layout, point: QPointF) -> None:
        placed = self._chosen_end(laid, point) or laid.block_at(point)
        part = self._part(laid, placed, point) if placed is not None else ""
        over = placed is not None or laid.card_at(point) is not None
        shape = Qt.CursorShape.SizeHorCursor if part in ("start", "end") else Qt.CursorShape.OpenHandCursor
        self.setCursor(shape if over and self.may_change else Qt.CursorShape.ArrowCursor)
        self.setToolTip(block_sentence(placed.block, laid) if placed is not None else "")

    def _scroll_to(self, grab: Grab, point: QPointF) -> None:
        wanted = max(0.0, grab.scroll - (point.y() - grab.at.y()))
        if grab.kind == "rows":
            self._rows_scroll = wanted
        else:
            self._tray_scroll = wanted
        self._arrange()

    def _aim(self, laid: Layout, grab: Grab, point: QPointF) -> Target | None:
        """Where what is dragged would go if it were let go here; None: nowhere."""
        block = grab.block
        if block is not None and grab.kind in ("start", "end"):
            edge = laid.time_at(point.x())
            if grab.kind == "start":
                return Target(grab.row, min(edge, block.end - SHORTEST_MS), block.end)
            return Target(grab.row, block.start, max(edge, block.start + SHORTEST_MS))
        line = laid.line_at(point.y())
        if line is None or not laid.chart.contains(QPointF(max(point.x(), laid.chart.left()), point.y())):
            return None
        if block is not None and (is_appointment(block) or line.row.id == ARRIVALS):
            line = next(each for each in laid.lines if each.row.id == grab.row)  # it moves in time only
        if line.row.id == ARRIVALS and block is None:
            return None
        if block is None:
            return self._card_target(laid, line.row, grab, point) if grab.card is not None else None
        length = block.end - block.start
        if not laid.daily:
            start = same_time_on(laid.board, block.start, laid.column_at(point.x()).day)
        else:
            start = laid.time_at(point.x() - grab.offset / laid.ms_per_px())
        return Target(line.row.id, start, start + length)

    def _card_target(self, laid: Layout, row: Row, grab: Grab, point: QPointF) -> Target:
        return self._at(laid, row, grab.card, point) if grab.card is not None else Target("", 0, 0)

    def _at(self, laid: Layout, row: Row, card: Unplanned, point: QPointF) -> Target:
        """Where a card would go: the time under the finger, or in a week the first gap of that day."""
        length = max(card.left or HOUR_MS, SHORTEST_MS)
        if laid.daily:
            start = laid.time_at(point.x())
        else:
            start = first_gap(laid.board, row, laid.column_at(point.x()).day, length, self.now())
        return Target(row.id, start, start + length)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        laid, grab, target = self.laid, self._grab, self._target
        self._grab = self._target = None
        if laid is None or grab is None:
            return
        if grab.moving:
            self._drop(grab, target)
        else:
            self._tap(laid, grab, event.position())
        self.update()

    def _drop(self, grab: Grab, target: Target | None) -> None:
        if target is None or not self.may_change:
            return
        if grab.card is not None:
            self.armed = None
            self.planned.emit(grab.card, target.row, target.start, target.end)
        elif grab.block is not None:
            same = (grab.row, grab.block.start, grab.block.end) == (target.row, target.start, target.end)
            if not same:
                self._pretend(grab.block, target)
                self.moved.emit(grab.block, target.row, target.start, target.end)

    def _tap(self, laid: Layout, grab: Grab, point: QPointF) -> None:
        if grab.card is not None:
            again = self.armed is not None and self.armed.job.order_id == grab.card.job.order_id
            self.armed = None if again or not self.may_change else grab.card
            return
        line = laid.line_at(point.y()) if laid.chart.contains(point) else None
        head = next((each.row for each in laid.lines if each.head.contains(point)), None)
        below = point.y() >= laid.chart.top() and laid.board.by == TECHNICIAN
        if head is not None and below and head.id not in ("", ARRIVALS):
            self.headed.emit(head.id, head.name)
            return
        if self.armed is not None and line is not None and line.row.id != ARRIVALS:
            card, self.armed = self.armed, None
            target = self._at(laid, line.row, card, point)
            self.planned.emit(card, target.row, target.start, target.end)
        elif grab.block is not None:
            again = self.chosen == grab.block.id
            self.chosen = grab.block.id
            self.setAccessibleDescription(block_sentence(grab.block, laid))
            if again:
                self.opened.emit(grab.block)
        elif self.chosen:
            self.chosen = ""
        elif line is not None and self.may_change:
            start = laid.time_at(point.x())
            if not laid.daily:
                start = first_gap(laid.board, line.row, laid.column_at(point.x()).day, HOUR_MS, self.now())
            self.slot.emit("" if line.row.id == ARRIVALS else line.row.id, start)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        placed = self.laid.block_at(event.position()) if self.laid is not None else None
        if placed is not None:
            self.chosen = placed.block.id
            self.opened.emit(placed.block)
            self._grab = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.laid is None:
            return
        step = -event.angleDelta().y() / 120 * theme.scaled(60)
        if self.laid.tray.contains(event.position()):
            self._tray_scroll = max(0.0, self._tray_scroll + step)
        else:
            self._rows_scroll = max(0.0, self._rows_scroll + step)
        self._arrange()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def _pretend(self, block: Block, target: Target) -> None:
        """Show it where it was put until the records say so: nothing jumps back under the finger."""
        board = self.board
        if board is None:
            return
        moved = replace(block, start=target.start, end=target.end, conflicts=())
        seen = board.schedule

        def without(row: Row) -> Row:
            kept = tuple(each for each in row.blocks if each.id != block.id)
            return replace(row, blocks=(*kept, moved) if row.id == target.row else kept)

        arrivals = tuple(moved if each.id == block.id else each for each in seen.arrivals)
        schedule = replace(seen, rows=tuple(without(row) for row in seen.rows), arrivals=arrivals)
        self.board = replace(board, schedule=schedule)
        self._arrange()

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        arrows = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        block = next((each for each in self.blocks() if each.id == self.chosen), None)
        if key in arrows and (shift or control) and block is not None:
            self._nudge(block, *arrows[Qt.Key(key)], resize=control)
        elif key in arrows:
            self._choose_next(*arrows[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and block is not None:
            self.opened.emit(block)
        elif key == Qt.Key.Key_Delete and block is not None and self.may_change:
            self.removed.emit(block)
        elif key == Qt.Key.Key_Escape and (self.armed is not None or self.chosen or self._grab is not None):
            self.armed = self._grab = self._target = None
            self.chosen = ""
            self.update()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_PageDown, Qt.Key.Key_Minus, Qt.Key.Key_PageUp):
            self.turned.emit(1 if key in (Qt.Key.Key_Plus, Qt.Key.Key_PageDown) else -1)
        elif key == Qt.Key.Key_T and not event.modifiers():
            self.wanted_today.emit()
        else:
            super().keyPressEvent(event)

    def _nudge(self, block: Block, across: int, down: int, *, resize: bool) -> None:
        """Move the chosen block a quarter of an hour, to the row above or below, or its end."""
        if not self.may_change or self.laid is None:
            return
        row = next((placed.row for placed in self.laid.blocks if placed.block.id == block.id), "")
        ids = [line.row.id for line in self.laid.lines if line.row.id != ARRIVALS]
        if down and row in ids and block.kind == ALLOCATION:
            row = ids[max(0, min(len(ids) - 1, ids.index(row) + down))]
        step = across * SHORTEST_MS
        start = block.start if resize else block.start + step
        target = Target(row, start, max(block.end + step, start + SHORTEST_MS))
        if target != Target(row, block.start, block.end) or down:
            self._pretend(block, target)
            self.moved.emit(block, target.row, target.start, target.end)

    def _choose_next(self, across: int, down: int) -> None:
        """The next block in time, or the nearest one of another row."""
        laid = self.laid
        if laid is None or not laid.blocks:
            return
        here = next((each for each in laid.blocks if each.block.id == self.chosen), None)
        if here is None:
            found: Placed | None = laid.blocks[0]
        elif across:
            same = sorted((each for each in laid.blocks if each.row == here.row), key=lambda each: each.block.start)
            at = max(0, min(len(same) - 1, same.index(here) + across))
            found = same[at]
        else:
            others = [each for each in laid.blocks if (each.rect.top() - here.rect.top()) * down > 1]
            found = min(
                others,
                key=lambda each: (abs(each.rect.top() - here.rect.top()), abs(each.block.start - here.block.start)),
                default=here,
            )
        if found is not None:
            self.chosen = found.block.id
            self.setAccessibleDescription(block_sentence(found.block, laid))
            self.update()
