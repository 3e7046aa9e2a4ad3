"""What one signal did in this session: lowest, highest, mean, and the last minute, kept up sample by sample."""

import math

import numpy as np

from core.obd.store import Array, Reading, Signals

KEPT = 8192  # newest samples kept for a trend: more than a minute at 100 a second


class Track:
    """Follows one key of a ``Signals``. ``advance`` reads only what is new: normally one sample, without a copy."""

    __slots__ = ("_count", "_filled", "_last", "_past", "_total", "count", "highest", "key", "lowest", "signals")

    def __init__(self, signals: Signals, key: str) -> None:
        self.signals = signals
        self.key = key
        self._past: Array = np.empty((2, 2 * KEPT))  # times and values, oldest first
        self._reset()

    def _reset(self) -> None:
        self.count = 0  # samples seen
        self.lowest = math.inf
        self.highest = -math.inf
        self._total = 0.0
        self._count = 0  # samples the store had when we last looked
        self._last: Reading | None = None
        self._filled = 0

    @property
    def mean(self) -> float | None:
        """Mean of all samples of the session; None before the first."""
        return self._total / self.count if self.count else None

    @property
    def latest(self) -> Reading | None:
        """The newest sample as of the last ``advance``."""
        return self._last

    def advance(self) -> bool:
        """Take in what was written since last time; True when there was something, or the session began anew."""
        latest = self.signals.latest(self.key)
        last = self._last
        if latest is last or latest == last:  # a recording makes its readings anew
            return False
        # The writer counts before it shows the newest sample, so this count is at least that sample's number.
        count = self.signals.count(self.key)
        if latest is None or count < self._count or (last is not None and latest.t < last.t):
            self._reset()
            last = None
        if latest is None:
            return True
        if last is not None and count == self._count + 1:
            self._add_one(latest)
        else:
            after = -math.inf if last is None else math.nextafter(last.t, math.inf)
            self._add_many(*self.signals.window(self.key, after, latest.t))
        self._count, self._last = count, latest
        return True

    def _add_one(self, sample: Reading) -> None:
        self.count += 1
        self._total += sample.value
        self.lowest = min(self.lowest, sample.value)
        self.highest = max(self.highest, sample.value)
        if self._filled == 2 * KEPT:
            self._past[:, :KEPT] = self._past[:, KEPT:]
            self._filled = KEPT
        self._past[0, self._filled] = sample.t
        self._past[1, self._filled] = sample.value
        self._filled += 1

    def _add_many(self, times: Array, values: Array) -> None:
        if not times.size:
            return
        self.count += times.size
        self._total += float(values.sum())
        self.lowest = min(self.lowest, float(values.min()))
        self.highest = max(self.highest, float(values.max()))
        held = self._past[:, : self._filled]
        joined = np.concatenate((held, np.stack((times, values))), axis=1)[:, -KEPT:]
        self._filled = joined.shape[1]
        self._past[:, : self._filled] = joined

    def since(self, start: float) -> tuple[Array, Array]:
        """Times and values from ``start`` on, of the newest ``KEPT`` at least: views, for use before ``advance``."""
        first = int(np.searchsorted(self._past[0, : self._filled], start))
        return self._past[0, first : self._filled], self._past[1, first : self._filled]

    def at(self, moment: float, within: float) -> Reading | None:
        """The newest sample at or before ``moment`` and at most ``within`` seconds older; None without one."""
        times, values = self.signals.window(self.key, moment - within, moment)
        if not times.size:
            return None
        return Reading(float(times[-1]), float(values[-1]), self._last.ecu if self._last else "")
