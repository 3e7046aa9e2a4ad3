"""Moving and resizing a gauge by hand: it follows the finger, snaps to cells, and lands only where there is room."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer

from ui.widgets.gauge_layout import Arrangement, exchanged, placed
from ui.widgets.gauge_model import Cells
from ui.widgets.gauge_overlay import remove_grip, resize_grip

if TYPE_CHECKING:
    from ui.widgets.gauge import Gauge
    from ui.widgets.gauge_grid import GaugeGrid

SLACK = 10  # px a press may wander and still be a tap: a glove is not steady
HOLD_MS = 600  # a long press


class Hold:
    """Calls ``long`` with the place when a press stays where it is for 0.6 s."""

    def __init__(self, parent: QObject, long: Callable[[QPoint], None]) -> None:
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HOLD_MS)
        self._timer.timeout.connect(self._passed)
        self._long = long
        self._at = QPoint()

    def press(self, at: QPoint) -> None:
        self._at = at
        self._timer.start()

    def move(self, at: QPoint) -> None:
        if distance(at, self._at) > SLACK:
            self._timer.stop()

    def end(self) -> None:
        self._timer.stop()

    def _passed(self) -> None:
        self._long(self._at)


class Drag:
    """The one gauge a person holds. ``id`` is None while none is held."""

    def __init__(self, grid: "GaugeGrid") -> None:
        self._grid = grid
        self.id: str | None = None
        self._start = QPoint()
        self._rect = QRect()
        self._resize = False
        self._remove = False
        self._moved = False
        self._after: Arrangement | None = None
        self._target: Cells | None = None

    def press(self, gauge: "Gauge", at: QPoint) -> None:
        """A finger came down on ``gauge``: on its remove corner, its resize corner, or to move it."""
        rect = gauge.geometry()
        self._remove = remove_grip(rect).contains(at)
        self.take(gauge, at, resize=resize_grip(rect).contains(at))

    def take(self, gauge: "Gauge", at: QPoint, *, resize: bool) -> None:
        """Take hold of ``gauge`` at a point of the grid."""
        self.id = gauge.spec.id
        self._start, self._rect, self._resize, self._moved = at, gauge.geometry(), resize, False
        self._after = self._target = None
        gauge.raise_()
        gauge.stackUnder(self._grid.overlay)

    def move(self, at: QPoint) -> None:
        """The finger moved: the gauge follows, the others make way or the place is refused."""
        if self.id is None:
            return
        if not self._moved and distance(at, self._start) <= SLACK:
            return
        self._moved = True
        self._remove = False
        grid, step = self._grid, at - self._start
        spec = grid.spec_of(self.id)
        if self._resize:
            rect = self._rect.adjusted(0, 0, step.x(), step.y())
        else:
            rect = self._rect.translated(step)
        target = grid.cells_at(rect, spec, self._resize)
        after = self._after if target == self._target else placed(grid.arrangement, self.id, target)
        if after is None and not self._resize:
            under = grid.spec_at(at, but=self.id)
            after = None if under is None else exchanged(grid.arrangement, self.id, under.id)
            target = target if after is None or under is None else under.cells
        self._target, self._after = target, after
        gauge = grid.gauges[self.id]
        gauge.setGeometry(grid.rect_of(target) if self._resize else rect)
        grid.preview(self._after, target, refused=self._after is None)

    def release(self) -> None:
        """The finger went up: the gauge lands, goes back, was tapped, or is removed."""
        id = self.id
        if id is None:
            return
        self.id = None
        grid, after, moved, remove, target = self._grid, self._after, self._moved, self._remove, self._target
        grid.preview(None, None, refused=False)
        if moved and target is not None:
            if after is not None:
                grid.land(after)
            else:
                grid.put(id, target)  # says why not
        elif remove:
            grid.remove(id)
        elif not moved and not self._resize:
            grid.properties_asked.emit(id)

    def cancel(self) -> None:
        """Put it back where it was."""
        if self.id is not None:
            self.id = None
            self._grid.preview(None, None, refused=False)


def distance(a: QPoint, b: QPoint) -> float:
    """Of two points, in px."""
    return math.hypot(a.x() - b.x(), a.y() - b.y())
