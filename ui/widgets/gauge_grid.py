"""The grid of gauges: shows an arrangement, and lets a person change it with a mouse, a finger or the keyboard."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.diagnostics.alarm_rules import AlarmRule
from core.diagnostics.source import Source
from core.language import tr
from ui import theme
from ui.widgets.gauge import Gauge
from ui.widgets.gauge_drag import Drag, Hold
from ui.widgets.gauge_layout import (
    COLUMNS,
    ROWS,
    Arrangement,
    History,
    added,
    changed,
    clamped,
    neighbour,
    placed,
    without,
)
from ui.widgets.gauge_model import Cells, GaugeSpec
from ui.widgets.gauge_overlay import ArrangeOverlay, EmptyGrid
from ui.widgets.gauge_paint import look, pen
from ui.widgets.gauge_scale import bounds_of

GLIDE_MS = 130  # a gauge that makes way
ARROWS: Mapping[Qt.Key, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class GaugeGrid(QWidget):
    """Gauges of an ``Arrangement`` on 12 by 12 cells that fill the widget, so that nothing scrolls.

    ``changed``: a person changed the arrangement. ``properties_asked(id)``, ``add_asked``: a person wants to.
    ``removed(spec)``: a gauge is gone (``put_back`` undoes it). ``refused(words)``: why something was not done.
    ``arranging_changed(on)``: gauges can be moved now, or no longer. ``history_changed``: undo or redo became possible.
    """

    changed = Signal()
    properties_asked = Signal(str)
    add_asked = Signal()
    removed = Signal(object)
    refused = Signal(str)
    arranging_changed = Signal(bool)
    history_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Gauges"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.gauges: dict[str, Gauge] = {}
        self._source: Source | None = None
        self._rules: tuple[AlarmRule, ...] = ()
        self._units: Mapping[str, str] = {}
        self._system = "metric"
        self._available: frozenset[str] = frozenset()
        self._history = History()
        self._preview: Arrangement | None = None  # while a gauge is dragged: how the others make way
        self._arranging = False
        self._selected = ""
        self._glides: dict[str, QPropertyAnimation] = {}
        self._drag = Drag(self)
        self._hold = Hold(self, self._held_long)
        self._empty = EmptyGrid(self)
        self.overlay = ArrangeOverlay(self)
        self.overlay.hide()
        theme.signals.changed.connect(self.update)

    # --- what it shows

    @property
    def arrangement(self) -> Arrangement:
        """The gauges and their places, as kept."""
        return self._history.now

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """Show another layout; what was done before cannot be undone in it."""
        self._drag.cancel()
        self._history.begin(arrangement)
        self._show_arrangement()
        self.history_changed.emit()

    def set_source(self, source: Source | None) -> None:
        """Read from another source from now on."""
        self._source = source
        for gauge in self.gauges.values():
            gauge.set_source(source)

    def set_rules(self, rules: Iterable[AlarmRule]) -> None:
        """Draw these alarm limits."""
        self._rules = tuple(rules)
        for gauge in self.gauges.values():
            self._dress(gauge)

    def set_units(self, system: str, units: Mapping[str, str]) -> None:
        """The person's system ("metric", "imperial") and the units chosen for single signals of this vehicle."""
        self._system, self._units = system, dict(units)
        for gauge in self.gauges.values():
            self._dress(gauge)

    def set_available(self, available: Collection[str]) -> None:
        """The signals this car offers; empty while that is not known."""
        self._available = frozenset(available)
        for gauge in self.gauges.values():
            self._dress(gauge)

    def set_rates(self, hz: Mapping[str, float]) -> None:
        """Values a second achieved, by key."""
        for gauge in self.gauges.values():
            gauge.set_rate(hz.get(gauge.spec.signal))

    def signals_shown(self) -> tuple[str, ...]:
        """The signals shown, each once."""
        return tuple(dict.fromkeys(spec.signal for spec in self.arrangement))

    def tick(self, now: float, frame: float, at: float | None = None) -> None:
        """A frame; see ``Gauge.tick``."""
        for gauge in self.gauges.values():
            gauge.tick(now, frame, at)

    @property
    def rules(self) -> tuple[AlarmRule, ...]:
        """The alarm rules drawn."""
        return self._rules

    def preferred(self, key: str) -> tuple[str, ...]:
        """The units wished for a signal, strongest first: see ``Gauge``."""
        return (self._units.get(key.partition("@")[0], ""), self._system)

    def select(self, id: str) -> None:
        """Show which gauge is being edited; none with an empty id."""
        self._selected = id
        for each, gauge in self.gauges.items():
            gauge.set_selected(each == id)

    def _dress(self, gauge: Gauge) -> None:
        """Tell a gauge what it shares with all others."""
        name = gauge.spec.signal.partition("@")[0]
        gauge.set_preferred(self.preferred(name))
        gauge.set_selected(gauge.spec.id == self._selected)
        gauge.set_bounds(bounds_of(name, self._rules))
        gauge.set_offered(not self._available or name in self._available)

    def _show_arrangement(self, glide: bool = False) -> None:
        """Make the widgets follow the arrangement, or its preview while one is dragged."""
        shown = self._preview or self.arrangement
        specs = {spec.id: spec for spec in shown}
        for id in [id for id in self.gauges if id not in specs]:
            gauge = self.gauges.pop(id)
            gauge.hide()
            gauge.deleteLater()
        for spec in shown:
            self._show_gauge(spec, glide)
        self._empty.setVisible(not shown)
        self._chain_focus()
        self._mark()

    def _show_gauge(self, spec: GaugeSpec, glide: bool) -> None:
        gauge = self.gauges.get(spec.id)
        if gauge is None:
            gauge = self.gauges[spec.id] = Gauge(spec, self)
            gauge.set_source(self._source)
            self._dress(gauge)
            gauge.setGeometry(self.rect_of(spec.cells))
            gauge.show()
            self.overlay.raise_()
            return
        if gauge.spec != replace(spec, cells=gauge.spec.cells):
            gauge.set_spec(spec)
            self._dress(gauge)
        gauge.keep_cells(spec.cells)
        if spec.id != self._drag.id:
            self._glide(gauge, self.rect_of(spec.cells), glide)

    def _glide(self, gauge: Gauge, rect: QRect, glide: bool) -> None:
        running = self._glides.pop(gauge.spec.id, None)
        if running is not None:
            running.stop()
        if not glide or rect.size() != gauge.size() or not self.isVisible():
            gauge.setGeometry(rect)
            return
        animation = QPropertyAnimation(gauge, b"pos", self)
        animation.setDuration(GLIDE_MS)
        animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        animation.setEndValue(rect.topLeft())
        animation.start(QPropertyAnimation.DeletionPolicy.KeepWhenStopped)
        self._glides[gauge.spec.id] = animation

    def _chain_focus(self) -> None:
        """Tab goes in reading order."""
        ordered = sorted(self.arrangement, key=lambda spec: (spec.cells.y, spec.cells.x))
        chain = [self.gauges[spec.id] for spec in ordered if spec.id in self.gauges]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    # --- cells and pixels

    def rect_of(self, cells: Cells) -> QRect:
        """The pixels of a rectangle of cells."""
        left, top = round(cells.x * self.width() / COLUMNS), round(cells.y * self.height() / ROWS)
        right, bottom = round(cells.right * self.width() / COLUMNS), round(cells.bottom * self.height() / ROWS)
        return QRect(left, top, right - left, bottom - top)

    def cells_at(self, rect: QRect, spec: GaugeSpec, resize: bool) -> Cells:
        """The cells a dragged rectangle means: its corner snaps, and its size too while it is resized."""
        x, y = round(rect.x() * COLUMNS / max(1, self.width())), round(rect.y() * ROWS / max(1, self.height()))
        w, h = spec.cells.w, spec.cells.h
        if resize:
            x, y = spec.cells.x, spec.cells.y
            w = max(1, round(rect.width() * COLUMNS / max(1, self.width())))
            h = max(1, round(rect.height() * ROWS / max(1, self.height())))
            w, h = min(w, COLUMNS - x), min(h, ROWS - y)
        return clamped(Cells(x, y, w, h), spec.dress)

    def gauge_at(self, at: QPoint) -> Gauge | None:
        """The gauge under a point."""
        return next((gauge for gauge in self.gauges.values() if gauge.geometry().contains(at)), None)

    def spec_at(self, at: QPoint, but: str) -> GaugeSpec | None:
        """The gauge that is kept at a point, other than ``but``."""
        found = (spec for spec in self.arrangement if spec.id != but and self.rect_of(spec.cells).contains(at))
        return next(found, None)

    def spec_of(self, id: str) -> GaugeSpec:
        """The kept specification of a gauge. Raises ``KeyError``."""
        for spec in self.arrangement:
            if spec.id == id:
                return spec
        raise KeyError(id)

    # --- changes

    def add(self, spec: GaugeSpec) -> bool:
        """Add a gauge where there is room; False, and ``refused``, when there is none."""
        after = added(self.arrangement, spec)
        if after is None:
            self.refused.emit(tr("There is no room for another gauge. Make one smaller or remove one first."))
            return False
        self._step(after)
        self.gauges[spec.id].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def replace(self, spec: GaugeSpec) -> bool:
        """Change a gauge's signal, dress, unit or scale; False, and ``refused``, when it then finds no room."""
        after = changed(self.arrangement, spec)
        if after is None:
            self.refused.emit(tr("There is no room for it in this form. Make room beside it first."))
            return False
        self._step(after)
        return True

    def put(self, id: str, target: Cells) -> bool:
        """Put a gauge at ``target`` if the others can make way; False, and ``refused``, when they cannot."""
        after = placed(self.arrangement, id, target)
        if after is None:
            self.refused.emit(tr("There is no room there: the gauges in the way have nowhere to go."))
            return False
        self._step(after, glide=True)
        return True

    def land(self, after: Arrangement) -> None:
        """A dragged gauge found its place."""
        self._step(after, glide=True)

    def remove_quietly(self, id: str) -> None:
        """Take a gauge away without a word."""
        self._step(without(self.arrangement, id))

    def remove(self, id: str) -> None:
        """Take a gauge away."""
        spec = self.spec_of(id)
        beside = neighbour(self.arrangement, id, -1, 0) or neighbour(self.arrangement, id, 0, -1)
        self._step(without(self.arrangement, id))
        next_one = self.gauges.get(beside or "") or next(iter(self.gauges.values()), None)
        (next_one or self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.removed.emit(spec)

    def put_back(self, spec: GaugeSpec) -> None:
        """Undo a ``remove``, whatever was done since."""
        if all(one.id != spec.id for one in self.arrangement):
            self.add(spec)

    def new_id(self) -> str:
        """A name no gauge of this arrangement has."""
        taken = {spec.id for spec in self.arrangement}
        return next(f"g{n}" for n in range(1, len(taken) + 2) if f"g{n}" not in taken)

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def undo(self) -> None:
        """Back to the arrangement before the last change."""
        if self._history.undo():
            self._after_history()

    def redo(self) -> None:
        """Take back the last undo."""
        if self._history.redo():
            self._after_history()

    def _after_history(self) -> None:
        self._show_arrangement(glide=True)
        self.changed.emit()
        self.history_changed.emit()

    def _step(self, after: Arrangement, glide: bool = False) -> None:
        if self._history.step(after):
            self._show_arrangement(glide)
            self.changed.emit()
            self.history_changed.emit()
        else:
            self._show_arrangement(glide)

    # --- arranging

    @property
    def arranging(self) -> bool:
        """Whether gauges can be moved by touch: a glove must not do it by accident."""
        return self._arranging

    def set_arranging(self, on: bool) -> None:
        """Unlock or lock the gauges' places."""
        if on == self._arranging:
            return
        self._drag.cancel()
        self._arranging = on
        self.overlay.setVisible(on)
        self.overlay.raise_()
        self._mark()
        self.update()
        self.arranging_changed.emit(on)

    def preview(self, arrangement: Arrangement | None, target: Cells | None, refused: bool) -> None:
        """While a gauge is dragged: how the others make way, where it would land, and whether it may not."""
        self._preview = arrangement
        self._show_arrangement(glide=True)
        self._mark(None if target is None else self.rect_of(target), refused)

    def _mark(self, target: QRect | None = None, refused: bool = False) -> None:
        if not self._arranging:
            return
        held = self.gauges.get(self._drag.id or "")
        rects = [self.rect_of(spec.cells) for spec in self.arrangement] if held is None else []
        self.overlay.show_state(rects, None if held is None else held.geometry(), target, refused)

    def _held_long(self, at: QPoint) -> None:
        """A finger stayed on a gauge: unlock, and take hold of it."""
        gauge = self.gauge_at(at)
        if gauge is not None and not self._arranging:
            self.set_arranging(True)
            self._drag.take(gauge, at, resize=False)
            self._mark()

    # --- mouse and touch (Qt turns an unhandled touch into these)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.mapFromGlobal(event.globalPosition().toPoint())
        gauge = self.gauge_at(at)
        if event.button() is not Qt.MouseButton.LeftButton or gauge is None:
            super().mousePressEvent(event)
            return
        event.accept()
        if self._arranging:
            self._drag.press(gauge, at)
            self._mark()
        else:
            self._hold.press(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.mapFromGlobal(event.globalPosition().toPoint())
        self._hold.move(at)
        self._drag.move(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hold.end()
        self._drag.release()
        self._mark()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        gauge = self.gauge_at(self.mapFromGlobal(event.globalPos()))
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            gauge = self.focused()
        if gauge is not None:
            self.properties_asked.emit(gauge.spec.id)

    # --- keyboard

    def focused(self) -> Gauge | None:
        """The gauge that has the keyboard."""
        return next((gauge for gauge in self.gauges.values() if gauge.hasFocus()), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if control and key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
            redo = key == Qt.Key.Key_Y or shift
            (self.redo if redo else self.undo)()
            return True
        if key == Qt.Key.Key_Insert or (key == Qt.Key.Key_Plus and not control):
            self.add_asked.emit()
            return True
        if key == Qt.Key.Key_Escape and self._arranging:
            if self._drag.id is not None:
                self._drag.cancel()
            else:
                self.set_arranging(False)
            return True
        gauge = self.focused()
        if gauge is None:
            return self._enter_by_key(key)
        if key in ARROWS:
            self._arrow(gauge.spec, ARROWS[key], control, shift)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.properties_asked.emit(gauge.spec.id)
            return True
        if key == Qt.Key.Key_Delete:
            self.remove(gauge.spec.id)
            return True
        return False

    def _enter_by_key(self, key: Qt.Key) -> bool:
        """An arrow on the grid itself goes to the first gauge."""
        if key not in ARROWS or not self.arrangement:
            return False
        first = min(self.arrangement, key=lambda spec: (spec.cells.y, spec.cells.x))
        self.gauges[first.id].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _arrow(self, spec: GaugeSpec, step: tuple[int, int], control: bool, shift: bool) -> None:
        dx, dy = step
        cells = spec.cells
        if control or shift:
            wanted = (
                Cells(cells.x + dx, cells.y + dy, cells.w, cells.h) if control
                else Cells(cells.x, cells.y, cells.w + dx, cells.h + dy)
            )  # fmt: skip
            target = clamped(wanted, spec.dress)
            if target != cells and (control or (target.x, target.y) == (cells.x, cells.y)):
                self.put(spec.id, target)
            return
        other = neighbour(self.arrangement, spec.id, dx, dy)
        if other is not None:
            self.gauges[other].setFocus(Qt.FocusReason.TabFocusReason)

    # --- painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overlay.setGeometry(self.rect())
        self._empty.setGeometry(self.rect())
        self._drag.cancel()
        self._show_arrangement()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = look()
        painter.fillRect(event.rect(), colors.page)
        if not self._arranging:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(theme.color("outline", 0.5), 3.0))
        for column in range(COLUMNS + 1):
            for row in range(ROWS + 1):
                x = min(max(2, round(column * self.width() / COLUMNS)), self.width() - 2)
                y = min(max(2, round(row * self.height() / ROWS)), self.height() - 2)
                painter.drawPoint(x, y)
