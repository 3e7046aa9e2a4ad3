"""Where samples lie: per signal a ring of times and values, written by one thread and read by any.

Nobody is pushed at. Gauges pull at the frame rate, tablets at the rate they asked for, trends by window. A reader
copies a slice and then checks that the writer has not lapped it meanwhile; it never takes a lock, so a slow reader
costs the link nothing.

Times are seconds of ``time.monotonic()`` (or of the recording's own clock in playback), rising within a signal. Values
are float64; enumerations are their code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FIRST_CAPACITY = 4096
LAST_CAPACITY = 1 << 18  # 4 MiB a signal: 2.4 hours at 30 samples a second


@dataclass(frozen=True, slots=True)
class Reading:
    """One sample as it came: ``t`` in seconds, the value in the signal's own unit, the ECU that said it."""

    t: float
    value: float
    ecu: str


class _Ring:
    __slots__ = ("arrays", "count", "latest")

    def __init__(self) -> None:
        self.arrays: tuple[Array, Array] = (np.empty(FIRST_CAPACITY), np.empty(FIRST_CAPACITY))
        self.count = 0  # samples ever written
        self.latest: Reading | None = None

    def append(self, t: float, value: float, ecu: str) -> None:
        times, values = self.arrays
        if self.count == times.size < LAST_CAPACITY:
            spare = np.empty(times.size)
            times, values = np.concatenate((times, spare)), np.concatenate((values, spare))
            self.arrays = (times, values)
        at = self.count % times.size
        times[at] = t
        values[at] = value
        self.count += 1
        self.latest = Reading(t, value, ecu)

    def window(self, start: float, end: float) -> tuple[Array, Array]:
        """Samples with ``start <= t <= end``, oldest first. Only these are copied: the ring may hold megabytes."""
        while True:
            arrays = self.arrays
            count = self.count
            if self.arrays is arrays:
                break  # else it grew between the two reads
        times, values = arrays
        capacity = times.size
        at = count % capacity if count > capacity else 0
        held = min(count, capacity)
        old, new = slice(at, held), slice(0, at)  # the older part of the ring, then the newer one
        parts_t, parts_v = [], []
        first = None
        for number, part in enumerate((old, new)):
            low, high = np.searchsorted(times[part], (start, end)).tolist()
            high += int(np.searchsorted(times[part][high:], end, side="right"))
            if high > low:
                if first is None:
                    first = low + (held - at) * number  # counted from the oldest sample held
                parts_t.append(times[part][low:high].copy())
                parts_v.append(values[part][low:high].copy())
        if first is None:
            return np.empty(0), np.empty(0)
        out_t = parts_t[0] if len(parts_t) == 1 else np.concatenate(parts_t)
        out_v = parts_v[0] if len(parts_v) == 1 else np.concatenate(parts_v)
        if capacity < LAST_CAPACITY:
            return out_t, out_v  # a ring that still grows is never overwritten
        # What the writer overwrote meanwhile (one sample more: it may be half way) was the oldest part.
        lapped = self.count + 1 - capacity - (count - held) - first
        return (out_t[lapped:], out_v[lapped:]) if lapped > 0 else (out_t, out_v)


class Signals:
    """The latest values and the recent past of every signal. Keys are signal names of ``core.obd.signals``.

    When several ECUs report a signal, one of them owns the plain name (``own`` says which, else the first that reports)
    and the others are kept under ``name@ECU`` (``"coolant_temperature@7E9"``).
    """

    def __init__(self) -> None:
        self._rings: dict[str, _Ring] = {}
        self._owners: dict[str, str] = {}
        self.revision = 0  # rises with every sample: a cheap "has anything changed"

    def own(self, owners: Mapping[str, str]) -> None:
        """From now on the plain name of each signal is this ECU's: another car, or another bus, has other ids."""
        self._owners = dict(owners)

    def write(self, name: str, t: float, value: float, ecu: str) -> str:
        """Store a sample and return the key it is kept under. Only the link (or playback) thread calls this."""
        owner = self._owners.get(name)
        if owner is None:
            owner = self._owners[name] = ecu
        key = name if owner == ecu else f"{name}@{ecu}"
        ring = self._rings.get(key)
        if ring is None:
            ring = self._rings[key] = _Ring()
        ring.append(t, value, ecu)
        self.revision += 1
        return key

    def keys(self) -> tuple[str, ...]:
        """Keys that have at least one sample, in order of first appearance."""
        return tuple(self._rings)

    def latest(self, key: str) -> Reading | None:
        """The newest sample, or None when there never was one: "no answer" is not zero."""
        ring = self._rings.get(key)
        return ring.latest if ring else None

    def window(self, key: str, start: float, end: float) -> tuple[Array, Array]:
        """Times and values with ``start <= t <= end``, as fresh arrays of equal length, oldest first."""
        ring = self._rings.get(key)
        if ring is None:
            return np.empty(0), np.empty(0)
        return ring.window(start, end)

    def count(self, key: str) -> int:
        """Samples ever written under ``key``."""
        ring = self._rings.get(key)
        return ring.count if ring else 0

    def span(self) -> tuple[float, float] | None:
        """Oldest and newest time held over all signals, in seconds; None when empty."""
        oldest: float | None = None
        newest: float | None = None
        for ring in list(self._rings.values()):
            latest = ring.latest
            if latest is None:
                continue
            (times, _), count = ring.arrays, ring.count
            first = float(times[0]) if count <= times.size else float(times[count % times.size])
            oldest = first if oldest is None else min(oldest, first)
            newest = latest.t if newest is None else max(newest, latest.t)
        return None if oldest is None or newest is None else (oldest, newest)

    def clear(self) -> None:
        """Forget everything (a new session begins)."""
        self._rings = {}
        self.revision += 1
