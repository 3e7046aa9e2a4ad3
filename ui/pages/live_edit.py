"""Adding, editing and removing gauges on the Live page: the drawer and the grid, tied together."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from core.diagnostics.alarm_rules import AlarmRule, rules_with
from core.diagnostics.dial_range import dial_range
from core.language import tr
from ui.pages.live_drawer import LiveDrawer
from ui.pages.live_keeping import LayoutKeeping
from ui.pages.live_properties import defaults_of, usual_dress
from ui.widgets import toast
from ui.widgets.gauge_grid import GaugeGrid
from ui.widgets.gauge_model import USUAL_CELLS, Cells, GaugeSpec, signal_of, title_of


class GaugeEditing(QObject):
    """Answers what the grid and the drawer ask for. ``available`` are the signals the car offers."""

    def __init__(self, grid: GaugeGrid, keeping: LayoutKeeping, over: QWidget) -> None:
        super().__init__(over)
        self.grid, self.keeping = grid, keeping
        self.drawer = LiveDrawer(over)
        self.available: tuple[str, ...] = ()
        self._editing = ""  # id of the gauge in the drawer
        grid.add_asked.connect(self.ask_for_new)
        grid.properties_asked.connect(self.edit)
        grid.removed.connect(self._say_removed)
        grid.refused.connect(lambda words: toast.show(grid, words, tone="warning"))
        grid.history_changed.connect(self._history_changed)
        properties = self.drawer.properties
        properties.changed.connect(self._change)
        properties.rule_made.connect(self._set_rule)
        properties.signal_asked.connect(self._ask_for_other)
        properties.reset_asked.connect(self._reset)
        properties.remove_asked.connect(lambda: self.grid.remove(self._editing))
        self.drawer.closed.connect(self._closed)

    # --- adding

    def ask_for_new(self) -> None:
        """Open the list of signals to add one."""
        self._editing = ""
        self.drawer.stand(left=False)
        self.drawer.pick(tr("Add a gauge"), self.available, self.grid.signals_shown(), self._add)

    def _add(self, key: str) -> None:
        self.drawer.close_drawer()
        self.add(key)

    def add(self, key: str) -> bool:
        """Add a gauge for a signal in its usual dress and size; False when there is no room."""
        dress = usual_dress(key)
        w, h = USUAL_CELLS[dress]
        return self.grid.add(GaugeSpec(self.grid.new_id(), key, dress, Cells(0, 0, w, h)))

    def bring_into_view(self, key: str) -> None:
        """Give the keyboard to the gauge of a signal; add one when there is none."""
        found = next((spec.id for spec in self.grid.arrangement if spec.signal == key), None)
        if found is not None:
            self.grid.gauges[found].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.add(key):
            added = self.grid.arrangement[-1].id
            words = tr("{title} was added to the gauges", title=title_of(key))
            toast.show(self.grid, words, undo=lambda: self._take_back(added))

    def _take_back(self, id: str) -> None:
        if id in self.grid.gauges:
            self.grid.remove_quietly(id)

    def _say_removed(self, spec: GaugeSpec) -> None:
        if spec.id == self._editing:
            self.drawer.close_drawer()
        words = tr("{title} was removed", title=title_of(spec.signal))
        toast.show(self.grid, words, undo=lambda: self.grid.put_back(spec))

    # --- editing

    def edit(self, id: str) -> None:
        """Open the properties of a gauge."""
        self._editing = id
        gauge = self.grid.gauges[id]
        self.grid.select(id)
        self.drawer.properties.begin()
        self._fill()
        self.drawer.stand(left=gauge.geometry().center().x() > self.grid.width() / 2)
        self.drawer.show_properties(tr("Gauge"))
        self.drawer.properties.signal.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Limits or units changed elsewhere."""
        if self._editing in self.grid.gauges and self.drawer.editing:
            self._fill()

    def close(self) -> None:
        """Put the drawer away."""
        self.drawer.close_drawer()

    def place(self) -> None:
        """The page has another size."""
        self.drawer.place()

    def _fill(self) -> None:
        spec = self.grid.spec_of(self._editing)
        signal = signal_of(spec.signal)
        automatic = dial_range(signal) if signal is not None else (0.0, 1.0)
        self.drawer.properties.show_gauge(spec, self.grid.rules, self.grid.preferred(spec.signal), automatic)

    def _change(self, spec: GaugeSpec) -> None:
        cells = self.grid.spec_of(spec.id).cells
        self.grid.replace(replace(spec, cells=cells))
        self._fill()

    def _ask_for_other(self) -> None:
        spec = self.grid.spec_of(self._editing)
        self.drawer.pick(
            tr("Signal of this gauge"), self.available, [spec.signal], self._use_signal, lambda: self.edit(spec.id)
        )

    def _use_signal(self, key: str) -> None:
        spec = self.grid.spec_of(self._editing)
        if key != spec.signal:
            # Ends, unit and limits belong to the old signal.
            self.grid.replace(GaugeSpec(spec.id, key, spec.dress, spec.cells, marks=spec.marks, rate=spec.rate))
        self.edit(spec.id)

    def _set_rule(self, rule: AlarmRule) -> None:
        self.grid.set_rules([one for one in self.grid.rules if one.id != rule.id] + [rule])
        self.keeping.set_rule(rule)

    def _reset(self) -> None:
        """Back to the usual; the way back is offered."""
        before = self.grid.spec_of(self._editing)
        name = before.signal.partition("@")[0]
        own = [rule for rule in self.grid.rules if rule.signal == name]
        self.grid.replace(defaults_of(before))
        usual = [rule for rule in rules_with({}) if rule.signal == name]
        self.grid.set_rules([rule for rule in self.grid.rules if rule.signal != name] + usual)
        self.keeping.reset_rules(name)
        self._fill()

        def back() -> None:
            if before.id in self.grid.gauges:
                self.grid.replace(replace(before, cells=self.grid.spec_of(before.id).cells))
            for rule in own:
                if rule not in usual:
                    self._set_rule(rule)
            self.refresh()

        toast.show(self.grid, tr("{title} is back to the usual", title=title_of(before.signal)), undo=back)

    def _history_changed(self) -> None:
        if not self._editing:
            return
        if self._editing in self.grid.gauges:
            self.refresh()
        else:
            self.drawer.close_drawer()

    def _closed(self) -> None:
        edited = self.grid.gauges.get(self._editing)
        self._editing = ""
        self.grid.select("")
        reason = Qt.FocusReason.OtherFocusReason if self.drawer.by_key else Qt.FocusReason.MouseFocusReason
        (edited or self.grid).setFocus(reason)
