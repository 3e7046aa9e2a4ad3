"""The strips of a trend panel: which signals, in which order, with which colours; and what a layout keeps of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.diagnostics.source import Source
from core.obd.store import Signals
from core.obd.units import METRIC
from ui.widgets.gauge_model import signal_of
from ui.widgets.trend_history import History
from ui.widgets.trend_strip import Line, Strip
from ui.widgets.trend_traces import COLORS, IN_A_STRIP, describe

MOST_STRIPS = 8
LEAST_HZ = 1.0  # a line is broken after 2 s without an answer, so what is drawn is asked for at least this often


class TrendModel(QObject):
    """Strips and their lines. ``changed`` after every change of what is shown (also by ``restore``)."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.strips: list[Strip] = []
        self.system = METRIC
        self._source: Source | None = None
        self._next = 1

    # --- where the values come from

    @property
    def source(self) -> Source | None:
        return self._source

    def set_source(self, source: Source | None) -> None:
        """Read from another session or recording."""
        self._source = source
        for strip in self.strips:
            strip.scales = {}
            for line in strip.lines:
                line.history.forget()
                line.figures = None
        self.describe_again()

    def describe_again(self) -> None:
        """Limits, units or the language changed: the same lines in other words."""
        for strip in self.strips:
            strip.set_lines(
                Line(self._trace(line.trace.key, line.trace.color, place), line.history, line.figures)
                for place, line in enumerate(strip.lines)
            )
        self.changed.emit()

    def _trace(self, key: str, color: int, place: int) -> Any:
        profile = self._source.profile if self._source is not None else None
        return describe(key, profile, self.system, color, place)

    def pull(self) -> bool:
        """Take over new samples of all lines; True when there were any."""
        if self._source is None:
            return False
        # A recording knows what comes after its position; a trend shows that too.
        signals: Signals = getattr(self._source, "whole", self._source.signals)
        pulled = [strip.pull(signals) for strip in self.strips]
        return any(pulled)

    def first_sample(self) -> float | None:
        """The oldest time any line knows, s."""
        return min((float(line.history.times[0]) for line in self.lines() if line.history.size), default=None)

    # --- what is shown

    def lines(self) -> Iterable[Line]:
        """All lines of all strips, top to bottom."""
        return (line for strip in self.strips for line in strip.lines)

    def keys(self) -> tuple[str, ...]:
        """The signals shown, each once, in order."""
        return tuple(dict.fromkeys(line.trace.key for line in self.lines()))

    def wants(self) -> Mapping[str, float]:
        """Signal names and the rates in Hz the trends want them at, for ``Source.watch``."""
        found = {}
        for key in self.keys():
            signal = signal_of(key)
            if signal is not None:
                found[signal.name] = max(LEAST_HZ, signal.rate_hz)
        return found

    def strip(self, id: int) -> Strip | None:
        """The strip of that id, or None when it has gone."""
        return next((strip for strip in self.strips if strip.id == id), None)

    @property
    def full(self) -> bool:
        """Whether no further strip fits."""
        return len(self.strips) >= MOST_STRIPS

    def add(self, keys: Iterable[str], at: int | None = None) -> Strip | None:
        """A new strip with the signals ``keys``, at the end or at place ``at``; None when there is no room for it."""
        wanted = list(dict.fromkeys(keys))[:IN_A_STRIP]
        if self.full or not wanted:
            return None
        strip = Strip(self._next)
        self._next += 1
        self.strips.insert(len(self.strips) if at is None else at, strip)
        for key in wanted:
            self._put(strip, key)
        self.changed.emit()
        return strip

    def add_line(self, id: int, key: str) -> bool:
        """One more signal in a strip; False when it is there already or no further line could be told apart."""
        strip = self.strip(id)
        if strip is None or key in strip.keys or len(strip.lines) >= IN_A_STRIP:
            return False
        self._put(strip, key)
        self.changed.emit()
        return True

    def _put(self, strip: Strip, key: str) -> None:
        taken = {line.trace.color for line in self.lines()}
        color = next((n for n in range(COLORS) if n not in taken), sum(1 for _ in self.lines()) % COLORS)
        trace = self._trace(key, color, len(strip.lines))
        strip.set_lines([*strip.lines, Line(trace, History(key))])

    def remove_line(self, id: int, key: str) -> None:
        """Take a signal out of a strip; the strip goes with its last one."""
        strip = self.strip(id)
        if strip is None or key not in strip.keys:
            return
        if len(strip.lines) == 1:
            self.strips.remove(strip)
        else:
            rest = [line for line in strip.lines if line.trace.key != key]
            strip.set_lines(
                Line(self._trace(line.trace.key, line.trace.color, place), line.history, line.figures)
                for place, line in enumerate(rest)
            )
        self.changed.emit()

    def remove(self, id: int) -> None:
        """Take a whole strip away."""
        self.strips = [strip for strip in self.strips if strip.id != id]
        self.changed.emit()

    def move(self, id: int, by: int) -> bool:
        """Move a strip ``by`` places down (up when negative); False when it is at the end already."""
        at = next((n for n, strip in enumerate(self.strips) if strip.id == id), None)
        if at is None or not 0 <= at + by < len(self.strips):
            return False
        self.strips.insert(at + by, self.strips.pop(at))
        self.changed.emit()
        return True

    def share(self, id: int, on: bool) -> None:
        """One scale for all lines of a unit in a strip, or one for each line."""
        strip = self.strip(id)
        if strip is not None and strip.shared != on:
            strip.share(on)
            self.changed.emit()

    # --- what a layout keeps

    def state(self) -> list[dict[str, Any]]:
        """The strips as a layout keeps them (JSON-able)."""
        return [{"signals": list(strip.keys), "shared": strip.shared} for strip in self.strips]

    def restore(self, state: Any) -> None:
        """Show what ``state`` says; what cannot be understood is left out. Pasts of signals still shown are kept."""
        pasts = {line.trace.key: line.history for line in self.lines()}
        self.strips = []
        blocked = self.blockSignals(True)
        for entry in state if isinstance(state, list) else ():
            keys = entry.get("signals") if isinstance(entry, Mapping) else None
            strip = self.add(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else None
            if strip is None:
                continue
            strip.share(entry.get("shared") is True)
            for line in strip.lines:
                line.history = pasts.pop(line.trace.key, line.history)
        self.blockSignals(blocked)
        self.changed.emit()

    def undo_point(self) -> Callable[[], None]:
        """What brings back the strips as they are now."""
        state = self.state()
        return lambda: self.restore(state)
