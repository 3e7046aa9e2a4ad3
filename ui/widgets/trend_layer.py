"""A picture that scrolls: what was drawn stays drawn, and only new columns are painted.

Columns are numbered absolutely (see ``core.diagnostics.decimate``). The image is wider than what is seen; a window that
moves on looks at a place further right, and when the image is used up what is still seen is copied to its left end.
"""

from collections.abc import Hashable

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

SLACK = 512  # columns beyond the visible ones


class Layer:
    """The picture of one strip: ``count`` columns from column ``first``, all in px of the screen."""

    def __init__(self) -> None:
        self.image = QImage()
        self._key: Hashable = None
        self._first = 0  # absolute number of the image's first column
        self._from = 0  # columns from here
        self._to = 0  # to before here are painted

    def plan(self, key: Hashable, first: int, count: int, height: int, changed: float) -> range:
        """The columns that must be painted so that ``first`` to ``first + count`` can be shown.

        ``key`` says what everything looks like (scale, theme, step ...): another one paints all. ``changed`` is the
        column from which on the lines differ; ``inf`` when they do not. Columns left of the painted ones repaint all: a
        person is dragging then, and it takes a few milliseconds.
        """
        last = first + count
        size = QSize(count + SLACK, height)
        if key != self._key or self.image.size() != size or first < self._from or first > self._to:
            return self._all(key, first, count, size)
        if last > self._first + size.width():
            self._move_up(first, size)
        self._from = first
        self._to = int(max(first, min(self._to, changed)))
        missing = range(self._to, last)
        self._to = max(self._to, last)
        return missing

    def _all(self, key: Hashable, first: int, count: int, size: QSize) -> range:
        if self.image.size() != size:
            self.image = QImage(size, QImage.Format.Format_RGB32)
        self._key, self._first, self._from, self._to = key, first, first, first + count
        return range(first, first + count)

    def _move_up(self, first: int, size: QSize) -> None:
        pixels = np.frombuffer(self.image.bits(), np.uint32).reshape(size.height(), size.width())
        seen = slice(first - self._first, self._to - self._first)
        pixels[:, : seen.stop - seen.start] = pixels[:, seen].copy()
        self._first = first

    def x(self, column: int) -> int:
        """Where absolute ``column`` lies in the image, px."""
        return column - self._first

    def show(self, painter: QPainter, target: QRectF, first: int, count: int) -> None:
        """Draw the columns from ``first`` on into ``target``, pixel for pixel."""
        painter.drawImage(target, self.image, QRectF(self.x(first), 0, count, self.image.height()))
