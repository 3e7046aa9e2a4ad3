"""Moving a line of an estimate: by its grip with finger or mouse, by keys, or by words for who cannot drag."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QScrollPrepareEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolButton, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, ICON_PX
from ui.widgets.choice_sheet import Answer, ChoiceSheet

SLACK = 10  # px a press may wander and still be a tap
EDGE = 60  # px: nearer to the end of what is in sight, it scrolls
STEP = 14  # px
TICK_MS = 30

FIRST, UP, DOWN, LAST = "first", "up", "down", "last"


class Grip(QToolButton):
    """Dragged, the line goes along; tapped, it asks where to. ``held`` and ``moved`` have the place on the screen."""

    held = Signal()
    moved = Signal(QPoint)
    dropped = Signal()
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.setFocusPolicy(BY_KEYS)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setFixedSize(QSize(theme.target, theme.target))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(tr("Move this line"))
        self._from: QPoint | None = None
        self._dragging = False
        self._area: QObject | None = None
        self.tint()

    def tint(self) -> None:
        self.setIcon(icons.icon("grip", "text_muted", ICON_PX))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self.tint()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        area = scrolls(self)
        if area is not None and area.viewport() is not self._area:
            self._area = area.viewport()
            self._area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A finger that begins on the grip drags the line: the list stays where it is."""
        if event.type() == QEvent.Type.ScrollPrepare and watched is self._area and self.isVisible():
            at = cast("QScrollPrepareEvent", event).startPos().toPoint()
            if self.rect().contains(self.mapFrom(cast("QWidget", watched), at)):
                event.ignore()
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from, self._dragging = event.globalPosition().toPoint(), False
            self.setDown(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.globalPosition().toPoint()
        if self._from is None:
            return
        if not self._dragging and (at - self._from).manhattanLength() > SLACK:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.held.emit()
        if self._dragging:
            self.moved.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, dragged = self._from is not None, self._dragging
        self._from, self._dragging = None, False
        self.setDown(False)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if dragged:
            self.dropped.emit()
        elif held and self.rect().contains(event.position().toPoint()):
            self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit()
        else:
            super().keyPressEvent(event)


class LineMoving(QObject):
    """Moves rows of ``column``; ``keep(row, before)`` writes it down: None is the end."""

    def __init__(self, host: QWidget, column: QVBoxLayout, keep: Callable[[QWidget, QWidget | None], object]) -> None:
        super().__init__(host)
        self._host, self._column, self._keep = host, column, keep
        self.row: QWidget | None = None  # in the hand
        self._stood = 0
        self._at = QPoint()
        self._scroll = QTimer(self)
        self._scroll.setInterval(TICK_MS)
        self._scroll.timeout.connect(self._roll)

    def rows(self) -> list[QWidget]:
        """As they stand now."""
        found = [item.widget() for item in map(self._column.itemAt, range(self._column.count())) if item is not None]
        return [each for each in found if each is not None]

    # --- by hand

    def hold(self, row: QWidget) -> None:
        """It is in the hand from now on."""
        self.row, self._stood = row, self._column.indexOf(row)
        row.setProperty("surface", "own")
        row.style().polish(row)
        self._scroll.start()

    def move(self, at: QPoint) -> None:
        """The hand is there, on the screen: those it has passed make room."""
        row = self.row
        if row is None:
            return
        self._at = at
        y = self._host.mapFromGlobal(at).y()
        others = [each for each in self.rows() if each is not row]
        place = sum(each.geometry().center().y() < y for each in others)
        if place != self._column.indexOf(row):
            self._column.insertWidget(place, row)
            self._column.activate()

    def drop(self) -> None:
        """It is let go where it is."""
        row = self.row
        if row is None:
            return
        self.end()
        place = self._column.indexOf(row)
        if place != self._stood:
            rows = self.rows()
            self._keep(row, rows[place + 1] if place + 1 < len(rows) else None)

    def end(self) -> None:
        """Nothing is in the hand any more."""
        row, self.row = self.row, None
        self._scroll.stop()
        if row is not None:
            row.setProperty("surface", "card")
            row.style().polish(row)

    def _roll(self) -> None:
        area = scrolls(self._host)
        if area is None or self.row is None or self._at.isNull():
            return
        y = area.viewport().mapFromGlobal(self._at).y()
        step = -STEP if y < EDGE else STEP if y > area.viewport().height() - EDGE else 0
        if step:
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + step)
            self.move(self._at)

    # --- by keys and by words

    def step(self, row: QWidget, where: str) -> None:
        """One up, one down, to the beginning or to the end; nothing where it cannot go."""
        rows = self.rows()
        at = rows.index(row)
        place = {FIRST: 0, UP: max(0, at - 1), DOWN: min(len(rows) - 1, at + 1), LAST: len(rows) - 1}[where]
        if place == at:
            return
        self._column.insertWidget(place, row)
        rows = self.rows()
        self._keep(row, rows[place + 1] if place + 1 < len(rows) else None)

    def ask(self, row: QWidget, words: str) -> None:
        """Where to? For who cannot drag."""
        rows = self.rows()
        at = rows.index(row)
        ways = [
            Answer(UP, tr("One up"), "chevron-up"), Answer(DOWN, tr("One down"), "chevron-down"),
            Answer(FIRST, tr("To the top"), "arrow-up"), Answer(LAST, tr("To the end"), "arrow-down"),
        ]  # fmt: skip
        gone = ({UP, FIRST} if at == 0 else set()) | ({DOWN, LAST} if at == len(rows) - 1 else set())

        def chosen(where: str | None) -> None:
            if where is not None and row in self.rows():
                self.step(row, where)

        answers = [each for each in ways if each.value not in gone]
        hint = tr("Or drag it by its grip; with keys, Ctrl and an arrow.")
        ChoiceSheet(self._host, tr("Move: {line}", line=words), answers, None, chosen, hint=hint).open()


def scrolls(widget: QWidget) -> QAbstractScrollArea | None:
    """What ``widget`` is scrolled in."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QAbstractScrollArea):
        above = above.parentWidget()
    return above
