"""What a hand does on the trends: drag to pan, wheel or two fingers to zoom, tap to read, twice to fit; or the keys."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTouchEvent, QWheelEvent

from ui import theme
from ui.widgets.trend_canvas import TrendCanvas
from ui.widgets.trend_window import TrendWindow

DRAG = 10  # px moved before a tap is a drag
DOUBLE_TAP = 0.45  # s
WHEEL = 1.18  # one notch of the wheel
KEY_ZOOM = 1.5
KEY_STEP = 0.005  # of the window, one press of an arrow
KEY_LEAP = 0.05


@dataclass(slots=True)
class _Press:
    """A finger or button that is down: where it began, where it was last, and what it moves."""

    start: QPointF
    last: QPointF
    moves: str  # "window", "cursor", "a" or "b"
    dragging: bool = False
    touch: bool = False


class Gestures(QObject):
    """Turns events of the canvas into changes of the time window; ``fit`` fits the strip of that number, or all."""

    def __init__(
        self,
        canvas: TrendCanvas,
        window: TrendWindow,
        fit: Callable[[int | None], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._window, self._fit, self._clock = canvas, window, fit, clock
        self._press: _Press | None = None
        self._hover: QPointF | None = None
        self._last_tap: tuple[float, QPointF] | None = None
        self._pinch: tuple[float, float] | None = None  # distance of the fingers, time between them
        canvas.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = False
        if isinstance(event, QMouseEvent):
            done = self._mouse(event)
        elif isinstance(event, QWheelEvent):
            done = self._wheel(event)
        elif isinstance(event, QTouchEvent):
            done = self._touch(event)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            done = self._key(event)
        elif event.type() == QEvent.Type.Leave:
            self._hover = None
            if not self._window.cursors.pinned:
                self._window.set_cursor(None)
        return done or super().eventFilter(watched, event)

    def follow(self) -> None:
        """The picture moved on under a pointer that stands still: the cursor stays with the pointer."""
        if self._hover is not None and self._press is None and not self._window.cursors.pinned:
            self._window.set_cursor(self._time(self._hover))

    # --- mouse

    def _mouse(self, event: QMouseEvent) -> bool:
        at = event.position()
        kind = event.type()
        if kind == QEvent.Type.MouseButtonDblClick:
            self._press = None
            self._fit(self._canvas.places.strip_at(at.y()))
        elif kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._begin(at, touch=False)
        elif kind == QEvent.Type.MouseMove:
            if self._press is not None:
                self._move(at)
            else:
                self._hover = at
                self.follow()
            self._show_pointer(at)
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            self._end(at)
        else:
            return False
        return True

    def _show_pointer(self, at: QPointF) -> None:
        if self._press is not None and self._press.dragging and self._press.moves == "window":
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._grabbed(at) != "window":
            shape = Qt.CursorShape.SizeHorCursor
        else:
            shape = Qt.CursorShape.CrossCursor
        if self._canvas.cursor().shape() != shape:
            self._canvas.setCursor(shape)

    def _time(self, at: QPointF) -> float | None:
        left, plot = self._canvas.places.axes, self._canvas.places.plot
        return self._canvas.time_at(at.x()) if left <= at.x() <= left + plot else None

    def _grabbed(self, at: QPointF) -> str:
        """What a press at ``at`` takes hold of: the nearest mark within half a target, else the window."""
        cursors = self._window.cursors
        marks = {"a": cursors.a, "b": cursors.b, "cursor": cursors.at if cursors.pinned else None}
        near = {name: abs(self._canvas.x_of(t) - at.x()) for name, t in marks.items() if t is not None}
        nearest = min(near, key=lambda name: near[name], default="window")
        return nearest if near.get(nearest, 1e9) <= theme.target / 2 else "window"

    # --- one finger or the mouse

    def _begin(self, at: QPointF, touch: bool) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        self._press = _Press(at, at, self._grabbed(at), touch=touch)

    def _move(self, at: QPointF) -> None:
        press = self._press
        if press is None:
            return
        if not press.dragging and (at - press.start).manhattanLength() < DRAG:
            return
        press.dragging = True
        if press.moves == "window":
            view = self._canvas.view
            self._window.pan((press.last.x() - at.x()) * view.ratio * view.step)
            if not press.touch:
                self._window.set_cursor(None)
        else:
            self._put(press.moves, self._canvas.time_at(at.x()))
        press.last = at

    def _end(self, at: QPointF) -> None:
        press, self._press = self._press, None
        if press is None or press.dragging:
            return
        t = self._time(at)
        cursors = self._window.cursors
        if t is not None and not cursors.measuring:
            again = cursors.pinned and press.moves == "cursor"
            self._window.set_cursor(None if again else t, pinned=not again)

    def _put(self, name: str, t: float) -> None:
        cursors = self._window.cursors
        if name == "cursor":
            self._window.set_cursor(t, pinned=True)
        else:
            self._window.set_marks(*((t, cursors.b) if name == "a" else (cursors.a, t)))

    # --- two fingers

    def _touch(self, event: QTouchEvent) -> bool:
        points = [point.position() for point in event.points()]
        kind = event.type()
        if len(points) >= 2 and kind != QEvent.Type.TouchEnd:
            self._press = None
            self._spread_fingers(points[0], points[1])
        elif kind == QEvent.Type.TouchBegin:
            self._begin(points[0], touch=True)
        elif kind == QEvent.Type.TouchUpdate and self._pinch is None:
            self._move(points[0])
        elif kind in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            if self._pinch is None and points and kind == QEvent.Type.TouchEnd:
                self._lift(points[0])
            self._pinch = self._press = None
        event.accept()
        return True

    def _lift(self, at: QPointF) -> None:
        """A finger goes up: a second tap in the same place fits, a first one reads."""
        now = self._clock()
        tapped = self._press is not None and not self._press.dragging
        last, self._last_tap = self._last_tap, (now, at) if tapped else None
        if tapped and last and now - last[0] < DOUBLE_TAP and (at - last[1]).manhattanLength() < theme.target:
            self._press = self._last_tap = None
            self._fit(self._canvas.places.strip_at(at.y()))
        else:
            self._end(at)

    def _spread_fingers(self, one: QPointF, other: QPointF) -> None:
        apart = max(24.0, abs(one.x() - other.x()), abs(one.y() - other.y()) / 2)
        middle = (one.x() + other.x()) / 2
        if self._pinch is not None:
            before, about = self._pinch
            if abs(apart / before - 1) < 0.01:
                return
            self._window.zoom(before / apart, about)
        self._pinch = (apart, self._canvas.time_at(middle))

    # --- wheel and keys

    def _wheel(self, event: QWheelEvent) -> bool:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if not turned:
            return False
        factor = WHEEL ** (-turned / 120)
        at = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_values(at, factor)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not event.angleDelta().y():
            self._window.pan(-turned / 120 * 0.1 * self._length())
        else:
            self._window.zoom(factor, self._canvas.time_at(at.x()))
        event.accept()
        return True

    def _zoom_values(self, at: QPointF, factor: float) -> None:
        n = self._canvas.places.strip_at(at.y())
        if n is None:
            return
        plot = self._canvas.plot(n)
        share = min(max((plot.bottom() - at.y()) / plot.height(), 0.0), 1.0)
        for scale in self._canvas.model.strips[n].scales.values():
            scale.zoom(factor, share)
        self._window.changed.emit()

    def _length(self) -> float:
        start, end = self._window.bounds
        return end - start

    def _key(self, event: QKeyEvent) -> bool:
        window, key = self._window, Qt.Key(event.key())
        leap = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        actions: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Left: lambda: self._step(-1, leap),
            Qt.Key.Key_Right: lambda: self._step(1, leap),
            Qt.Key.Key_PageUp: lambda: window.pan(-0.9 * self._length()),
            Qt.Key.Key_PageDown: lambda: window.pan(0.9 * self._length()),
            Qt.Key.Key_Plus: lambda: window.zoom(1 / KEY_ZOOM, window.cursors.at),
            Qt.Key.Key_Equal: lambda: window.zoom(1 / KEY_ZOOM, window.cursors.at),
            Qt.Key.Key_Minus: lambda: window.zoom(KEY_ZOOM, window.cursors.at),
            Qt.Key.Key_Home: lambda: window.look_at(window.session[0] + self._length()),
            Qt.Key.Key_End: lambda: window.look_at(None),
            Qt.Key.Key_F: lambda: self._fit(None),
            Qt.Key.Key_A: lambda: self._mark("a"),
            Qt.Key.Key_B: lambda: self._mark("b"),
        }
        if key == Qt.Key.Key_Escape:
            return self._escape()
        if key not in actions or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        actions[key]()
        return True

    def _step(self, direction: int, leap: bool) -> None:
        """Move the cursor; the first press puts it in the middle of what is in sight."""
        start, end = self._window.bounds
        at = self._window.cursors.at
        if at is None or not start <= at <= end:
            at = (start + min(end, max(start, self._window.session[1]))) / 2
        else:
            at += direction * (KEY_LEAP if leap else KEY_STEP) * (end - start)
        self._window.set_cursor(min(max(at, start), end), pinned=True)

    def _mark(self, name: str) -> None:
        cursors = self._window.cursors
        if cursors.at is None:
            self._step(1, leap=False)
        at = self._window.cursors.at
        self._window.set_marks(*((at, cursors.b) if name == "a" else (cursors.a, at)))

    def _escape(self) -> bool:
        cursors = self._window.cursors
        if cursors.a is not None or cursors.b is not None:
            self._window.set_marks(None, None)
        elif cursors.at is not None:
            self._window.set_cursor(None)
        else:
            return False
        return True
