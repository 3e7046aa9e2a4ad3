"""Things beside each other that go on in the next line where there is no room."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ui import theme


class Flow(QLayout):
    """A layout of lines; ``gap`` px between things and between lines."""

    def __init__(self, parent: QWidget | None = None, gap: int | None = None) -> None:
        super().__init__(parent)
        self._gap = theme.space(2) if gap is None else gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), place=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, place=True)

    def _lay(self, rect: QRect, *, place: bool) -> int:
        left, top, height = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # a widget that is hidden
                continue
            hint = item.sizeHint().expandedTo(item.minimumSize())
            if left > rect.x() and left + hint.width() > rect.right() + 1:
                left, top, height = rect.x(), top + height + self._gap, 0
            if place:
                item.setGeometry(QRect(QPoint(left, top), hint))
            left += hint.width() + self._gap
            height = max(height, hint.height())
        return top + height - rect.y()
