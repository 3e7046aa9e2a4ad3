"""What a sheet holds: as tall as it wants to be, and where there is less room it scrolls before a field gets lower."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScroller, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.touch import Area, flick


class _Content(QWidget):
    """Says when what is in it wants another size."""

    changed = Signal()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.changed.emit()
        return handled


class SheetBody(Area):
    """Fill ``column``. Lists in it that scroll by themselves give way first; only then the whole of it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._pushed = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._content = content = _Content()
        content.setProperty("surface", "clear")
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.space(3))
        self.setWidget(content)
        content.changed.connect(self._other_content)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def _other_content(self) -> None:
        self._fit()
        self.updateGeometry()

    def _focus_moved(self) -> None:
        # Never under a finger: what was pressed would have moved away before it is let go.
        if self._pushed and QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.follow()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        # A layout without wrapping words answers -1 for a width, which its margins then hide.
        wraps = self.column.hasHeightForWidth()
        return self.column.totalHeightForWidth(width) if wraps else self.column.totalSizeHint().height()

    def _least(self, width: int) -> int:
        wraps = self.column.hasHeightForWidth()
        return self.column.totalMinimumHeightForWidth(width) if wraps else self.column.totalMinimumSize().height()

    def sizeHint(self) -> QSize:
        return self.column.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(theme.target, self.column.totalMinimumSize().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        room = self.viewport().size()
        least = self._least(room.width())
        self._content.resize(room.width(), max(room.height(), least))
        if self._pushed is not (least > room.height()):
            self._pushed = not self._pushed
            self.column.setContentsMargins(0, 0, theme.space(2) if self._pushed else 0, 0)  # clear of the bar
            if self._pushed:
                flick(self)
            else:  # what is dragged in a sheet that does not scroll is dragged at once
                QScroller.ungrabGesture(self.viewport())
