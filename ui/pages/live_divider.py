"""Gauges above, trends below, and a divider between them that a finger and the arrow keys can move."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from core.language import tr
from ui import theme

HANDLE = 16  # px between the two
GRIP = QSize(168, 44)  # px; the part a finger takes lies over both sides
STEP = 24  # px an arrow key moves it


class Grip(QWidget):
    """Lies over the middle of the divider, larger than it looks."""

    dragged = Signal(int)  # to this y of the parent

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._from = 0.0
        self.setFixedSize(GRIP)
        self.setCursor(Qt.CursorShape.SplitVCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Divider between gauges and trends"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.position().y()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(round(self.y() + event.position().y() - self._from + self.height() / 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -STEP, Qt.Key.Key_Down: STEP}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.dragged.emit(self.y() + self.height() // 2 + step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, 0, 72, 5)
        bar.moveCenter(QRectF(self.rect()).center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("focus" if self.hasFocus() else "outline"))
        painter.drawRoundedRect(bar, 2.5, 2.5)


class _Handle(QSplitterHandle):
    """Empty: the grip is what is seen."""

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("surface"))


class _Splitter(QSplitter):
    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(HANDLE)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class Divided(QWidget):
    """Two widgets over one another. ``moved`` when a person moved the divider."""

    moved = Signal()
    placed = Signal()  # the divider stands elsewhere, whoever moved it

    def __init__(self, upper: QWidget, lower: QWidget) -> None:
        super().__init__()
        self._upper, self._lower = upper, lower
        self._share = 0.0
        self._splitter = _Splitter()
        self._splitter.addWidget(upper)
        self._splitter.addWidget(lower)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self.grip = Grip(self)  # not the splitter's child: that would make it a third pane
        self.grip.dragged.connect(self._drag)
        self._splitter.splitterMoved.connect(lambda *_: self._moved())
        # It also moves by itself: when what lies below it needs another least height than it did.
        self._splitter.handle(1).installEventFilter(self)

    def _drag(self, y: int) -> None:
        self._splitter.moveSplitter(y - HANDLE // 2, 1)
        self._moved()

    def _moved(self) -> None:
        self._share = self.lower_share() or self._share
        self.place_grip()
        self.moved.emit()

    def share(self, lower: float) -> None:
        """Give the lower one this share of the height."""
        self._share = lower
        below = round(max(1, self.height()) * lower)
        self._splitter.setSizes([self.height() - below, below])
        self.place_grip()

    def lower_share(self) -> float:
        """The share of the height the lower one has; 0 while it is hidden."""
        upper, lower = self._splitter.sizes()
        return lower / (upper + lower) if upper + lower else 0.0

    def place_grip(self) -> None:
        """Keep the grip on the divider."""
        shown = not self._lower.isHidden()
        self.grip.setVisible(shown)
        if shown:
            handle = self._splitter.handle(1).geometry().center()
            self.grip.move(handle.x() - GRIP.width() // 2, handle.y() - GRIP.height() // 2)
            self.grip.raise_()

    @property
    def line(self) -> int:
        """The y at which the upper one ends."""
        return self._upper.geometry().bottom()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.place_grip()
            self.placed.emit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.share(self._share)
