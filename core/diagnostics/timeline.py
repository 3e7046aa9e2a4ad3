"""A recorded session as one stretch of time: every signal decoded in bulk, chunk by chunk, looked up by bisection.

Nothing is decoded twice, and winding back costs nothing: ``RecordedSignals`` is the same store cut off at a position.
"""

import math
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from core.diagnostics.chunks import GAP, STATE, Chunk, ChunkDamaged, Times
from core.diagnostics.redecode import Readings, Source, believed, decode_replies, derived, joined, recorded_values
from core.diagnostics.session import ChunkEntry
from core.obd.store import Array, Reading, Signals

CARRY_US = 1_000_000  # a reply at the very end of a chunk may have its values at the start of the next

Loader = Callable[[ChunkEntry], Chunk]


class Series:
    """Times and values that only grow at the end; what was handed out stays as it is."""

    __slots__ = ("_times", "_values", "ecu", "view")

    def __init__(self, ecu: str) -> None:
        self.ecu = ecu
        self._times, self._values = np.empty(0), np.empty(0)
        self.view: tuple[Array, Array] = (self._times, self._values)  # replaced as one, so that readers need no lock

    def extend(self, times: Array, values: Array) -> None:
        have, need = self.view[0].size, self.view[0].size + times.size
        if have and times.size and times[0] < self.view[0][-1]:  # the feeding clock went back: sorted anew, once
            all_times = np.concatenate((self.view[0], times))
            order = np.argsort(all_times, kind="stable")
            self._times, self._values = all_times[order], np.concatenate((self.view[1], values))[order]
        else:
            if need > self._times.size:
                spare = np.empty(max(need, 2 * self._times.size) - have)
                self._times = np.concatenate((self._times[:have], spare))
                self._values = np.concatenate((self._values[:have], spare))
            self._times[have:need] = times
            self._values[have:need] = values
        self.view = (self._times[:need], self._values[:need])


class StateAt(NamedTuple):
    t: float
    text: str


class Timeline:
    """The chunks of a session, decoded as far as somebody asked. Every method may be called from any thread.

    Times are seconds since the session began. A chunk that cannot be read is left out and named in ``damaged``.
    """

    def __init__(self, entries: Sequence[ChunkEntry], load: Loader, *, believe_all: bool = False) -> None:
        """``believe_all``: the session holds no decoded values to tell which replies the link believed."""
        self._entries = tuple(entries)
        self._load = load
        self._believe_all = believe_all
        self._lock = threading.Lock()
        self._next = 0
        self._carried: dict[Source, Readings] = {}
        self.series: dict[str, Series] = {}  # by key of the store
        self.gaps: dict[str, Series] = {}  # by kind; the values are of no meaning
        self.states: tuple[StateAt, ...] = ()
        self.ecus: tuple[str, ...] = ()
        self.damaged: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return self._next == len(self._entries)

    def reach(self, t: float) -> None:
        """Decode every chunk that begins at ``t`` or before."""
        wanted = max((n for n, entry in enumerate(self._entries) if entry.first <= t * 1e6), default=-1)
        while self._next <= wanted:
            self.step()

    def step(self) -> bool:
        """Decode the next chunk; False when there is none left."""
        with self._lock:
            if self.complete:
                return False
            entry = self._entries[self._next]
            try:
                self._add(self._load(entry))
            except ChunkDamaged as error:
                self.damaged += (str(error),)
            self._next += 1
            return True

    def _add(self, chunk: Chunk) -> None:
        recorded = recorded_values(chunk)
        samples = {(ecu, 0, name): found for (ecu, name), found in derived(recorded).items()}
        decoded = decode_replies(chunk)
        for source, carried in self._carried.items():
            decoded[source] = joined([carried, decoded[source]]) if source in decoded else carried
        self._carried = {}
        late = int(chunk.head["last"]) - CARRY_US
        for source, found in decoded.items():
            if self._believe_all:
                mask = np.ones(found.times.size, np.bool_)
            else:
                mask = believed(source, found, recorded)
                undecided = ~mask & (found.times >= late)
                if undecided.any():
                    self._carried[source] = found.where(undecided)
            shown = found.where(mask)
            for name, column in shown.columns.items():
                there = ~np.isnan(column)
                if there.any():
                    samples[(*source, name)] = Readings(shown.times[there], {name: column[there]})
        self._keep(samples)
        self._keep_events(chunk)

    def _keep(self, samples: dict[tuple[str, int, str], Readings]) -> None:
        """The first ECU that says a signal owns its plain name, as in ``Signals.write``."""
        for ecu, _, name in sorted(samples, key=lambda source: int(samples[source].times[0])):
            found = samples[ecu, _, name]
            owner = self.series.get(name)
            key = name if owner is None or owner.ecu == ecu else f"{name}@{ecu}"
            series = self.series.get(key) or Series(ecu)
            series.extend(_seconds(found.times), found.columns[name])
            self.series[key] = series
            if ecu not in self.ecus:
                self.ecus = (*self.ecus, ecu)

    def _keep_events(self, chunk: Chunk) -> None:
        states = list(self.states)
        gaps: dict[str, list[Array]] = {}
        for stream in chunk.streams:
            times = _seconds(stream.times)
            if stream.kind == GAP:
                gaps.setdefault(stream.about[0], []).append(times)
            elif stream.kind == STATE:
                states += [StateAt(t, stream.about[0]) for t in times.tolist()]
        for kind, found in gaps.items():
            series = self.gaps.get(kind) or Series("")
            series.extend(np.sort(np.concatenate(found)), np.zeros(sum(times.size for times in found)))
            self.gaps[kind] = series
        self.states = tuple(sorted(states, key=lambda state: state.t))


def _seconds(times: Times) -> Array:
    return times / 1e6


class RecordedSignals(Signals):
    """The store of a recording, as it was at a position: nothing later is there."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self._timeline = timeline
        self._position = 0.0

    @classmethod
    def whole(cls, timeline: Timeline) -> "RecordedSignals":
        """Not cut off at any position: all that is decoded so far, and more when more is."""
        found = cls(timeline)
        found._position = math.inf  # without ``reach``: nobody waits for the decoding
        return found

    def move(self, position: float) -> None:
        """Show everything up to and including ``position`` (seconds since the session began)."""
        self._timeline.reach(position)
        self._position = position
        self.revision += 1

    def _until_now(self, key: str) -> tuple[Array, Array, int]:
        series = self._timeline.series.get(key)
        if series is None:
            return np.empty(0), np.empty(0), 0
        times, values = series.view
        return times, values, int(np.searchsorted(times, self._position, side="right"))

    def write(self, name: str, t: float, value: float, ecu: str) -> str:
        """A recording is never written to: raises ``TypeError``."""
        raise TypeError("a recording is not written to")

    def keys(self) -> tuple[str, ...]:
        found = []
        for key in list(self._timeline.series):
            times, _, count = self._until_now(key)
            if count:
                found.append((float(times[0]), key))
        found.sort(key=lambda one: one[0])
        return tuple(key for _, key in found)

    def latest(self, key: str) -> Reading | None:
        times, values, count = self._until_now(key)
        if not count:
            return None
        return Reading(float(times[count - 1]), float(values[count - 1]), self._timeline.series[key].ecu)

    def window(self, key: str, start: float, end: float) -> tuple[Array, Array]:
        times, values, count = self._until_now(key)
        low = int(np.searchsorted(times[:count], start, side="left"))
        high = int(np.searchsorted(times[:count], end, side="right"))
        return times[low:high].copy(), values[low:high].copy()

    def count(self, key: str) -> int:
        return self._until_now(key)[2]

    def count_between(self, key: str, start: float, end: float) -> int:
        """Samples with ``start < t <= end``."""
        times, _, count = self._until_now(key)
        low, high = np.searchsorted(times[:count], (start, end), side="right").tolist()
        return int(high - low)

    def span(self) -> tuple[float, float] | None:
        ends = [
            (float(times[0]), float(times[count - 1]))
            for times, _, count in map(self._until_now, list(self._timeline.series))
            if count
        ]
        return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None

    def clear(self) -> None:
        """Back to the beginning."""
        self.move(0.0)
