"""When no signal at all answered: found from what arrives, without looking at everything again."""

import numpy as np

from core.diagnostics.decimate import GAP
from core.obd.store import Signals

WITNESSES = 3  # signals whose samples stand for all: those that came most often
MERGE = 512  # gaps kept; beyond it the oldest go


class Silence:
    """Collects the stretches in which nothing came for longer than ``GAP`` seconds. ``look`` now and then."""

    def __init__(self) -> None:
        self.gaps: list[tuple[float, float]] = []
        self._last: float | None = None

    def look(self, signals: Signals) -> None:
        """Take over what came since the last look."""
        names = sorted(signals.keys(), key=signals.count, reverse=True)[:WITNESSES]
        newest = max((reading.t for name in names if (reading := signals.latest(name)) is not None), default=None)
        if newest is None or (self._last is not None and newest < self._last):
            self.gaps, self._last = [], None
        if newest is None or newest == self._last:
            return
        since = -np.inf if self._last is None else self._last
        times = np.sort(np.concatenate([signals.window(name, since, np.inf)[0] for name in names]))
        for at in np.flatnonzero(np.diff(times) > GAP):
            self.gaps.append((float(times[at]), float(times[at + 1])))
        self.gaps = self.gaps[-MERGE:]
        self._last = float(times[-1])

    def until(self, now: float) -> tuple[tuple[float, float], ...]:
        """The gaps so far, with the one that lasts until ``now``."""
        if self._last is not None and now - self._last > GAP:
            return (*self.gaps, (self._last, now))
        return tuple(self.gaps)
