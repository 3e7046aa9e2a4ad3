"""What makes lists and pages comfortable under a finger."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QFrame, QScrollArea, QScroller, QWidget


def flick(area: QAbstractScrollArea) -> None:
    """Let a finger push ``area``; a mouse keeps selecting and dragging as it is used to."""
    if isinstance(area, QAbstractItemView):
        area.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)


def scrolling(content: QWidget) -> QScrollArea:
    """``content`` in a frameless area that scrolls when it is too tall."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # words wrap; only lists are long
    area.setFrameShape(QFrame.Shape.NoFrame)
    content.setProperty("surface", "clear")
    area.setWidget(content)
    flick(area)
    return area
