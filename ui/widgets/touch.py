"""What makes lists and pages comfortable under a finger."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QFrame, QScrollArea, QScroller, QWidget


def flick(area: QAbstractScrollArea) -> None:
    """Let a finger push ``area``; a mouse keeps selecting and dragging as it is used to."""
    if isinstance(area, QAbstractItemView):
        area.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)


class Area(QScrollArea):
    """Keeps what is being typed into in sight when the on-screen keyboard takes its room."""

    whole = False

    def sizeHint(self) -> QSize:
        """Qt shows 24 lines of any content; in a sheet as much is wanted as there is."""
        content = self.widget()
        return content.sizeHint() if self.whole and content is not None else super().sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.follow)

    def follow(self) -> None:
        """Bring what has the focus in sight."""
        focus, content = self.window().focusWidget(), self.widget()
        if focus is not None and content is not None and content.isAncestorOf(focus):
            foot = focus.mapTo(content, focus.rect().bottomLeft())
            self.ensureVisible(0, foot.y(), 0, 12)
            self.ensureWidgetVisible(focus, 0, 12)  # of a field taller than the room, the line with the cursor


def scrolling(content: QWidget, *, whole: bool = False) -> QScrollArea:
    """``content`` in a frameless area that scrolls when it is too tall; ``whole``: it wants to be seen without."""
    area = Area()
    area.whole = whole
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # words wrap; only lists are long
    area.setFrameShape(QFrame.Shape.NoFrame)
    content.setProperty("surface", "clear")
    area.setWidget(content)
    flick(area)
    return area
