"""A trend's own copy of one signal's past: contiguous, extended by what is new, and quick to ask about any stretch.

The store's ring forgets; a session in a workshop lasts all day. The copy keeps up to ``LIMIT`` samples (nine hours at
30 a second) and, beside them, running sums and extremes by the block, so that the mean and the range of a window cost
the same whether it holds a hundred samples or a million. Plain Python and numpy, no Qt.
"""

import zlib

import numpy as np
import numpy.typing as npt

from core.diagnostics.decimate import GAP
from core.obd.store import Reading, Signals

Array = npt.NDArray[np.float64]

LIMIT = 1 << 20  # samples: 32 MiB a signal with its sums, reached after nine hours at 30 samples a second
BLOCK = 1024  # samples whose extremes are kept together
REACH = 0.25  # s: so near to a sample its value is meant, even at the edge of a gap
_FIRST = 4096


class History:
    """Samples of the signal ``key``. ``gap`` is the time in seconds after which the car "did not answer"."""

    def __init__(self, key: str, gap: float = GAP) -> None:
        self.key = key
        self.gap = gap
        self.revision = 0  # rises whenever the past itself changes: another session, a jump in a recording
        self._newest: Reading | None = None
        self._count = 0  # in the store, when last looked at
        self._forget()

    @property
    def times(self) -> Array:
        """Times of the samples held, s, oldest first; a view, valid until the next ``pull``."""
        return self._times[: self._size]

    @property
    def values(self) -> Array:
        """The samples held, in the signal's own unit; a view, valid until the next ``pull``."""
        return self._values[: self._size]

    @property
    def size(self) -> int:
        """Samples held."""
        return self._size

    @property
    def last(self) -> float | None:
        """Time of the newest sample held, s."""
        return float(self._times[self._size - 1]) if self._size else None

    def pull(self, signals: Signals) -> float | None:
        """Take over what is new in ``signals``.

        Returns the time from which the line looks different, s (the sample before the new ones: the line from it is new
        too), or None when nothing is. After the past itself changed that is minus infinity.
        """
        newest, count = signals.latest(self.key), signals.count(self.key)
        if newest == self._newest and count >= self._count:
            return None
        last = self.last
        if newest is None or last is None or newest.t < last or count < self._count:
            return self._start_again(signals, newest, count)
        times, values = signals.window(self.key, last, np.inf)
        if not times.size or times[0] != last:
            return self._start_again(signals, newest, count)
        self._newest, self._count = newest, count
        fresh = int(np.searchsorted(times, last, side="right"))
        self._append(times[fresh:], values[fresh:])
        return last

    def forget(self) -> None:
        """Hold nothing, and take everything again at the next ``pull``."""
        self._newest = None
        self._forget()

    def _start_again(self, signals: Signals, newest: Reading | None, count: int) -> float:
        self._forget()
        self.revision += 1
        self._newest, self._count = newest, count
        self._append(*signals.window(self.key, -np.inf, np.inf))
        return -np.inf

    def _forget(self) -> None:
        self._size = 0
        self._times, self._values = np.empty(_FIRST), np.empty(_FIRST)
        self._area, self._covered = np.zeros(_FIRST), np.zeros(_FIRST)
        self._lows, self._highs = np.empty(0), np.empty(0)

    def _append(self, times: Array, values: Array) -> None:
        if not times.size:
            return
        self._make_room(times.size)
        begin, end = self._size, self._size + times.size
        self._times[begin:end] = times
        self._values[begin:end] = values
        self._size = end
        self._sum_up(max(0, begin - 1), end)
        self._block_up()

    def _make_room(self, wanted: int) -> None:
        if self._size + wanted > LIMIT:
            drop = min(self._size, max(LIMIT // 4, wanted) // BLOCK * BLOCK)
            for array in (self._times, self._values, self._area, self._covered):
                array[: self._size - drop] = array[drop : self._size].copy()
            self._lows, self._highs = self._lows[drop // BLOCK :], self._highs[drop // BLOCK :]
            self._size -= drop
        needed, capacity = self._size + wanted, self._times.size
        if needed > capacity:
            # By the name, so that signals that came equally often do not all grow in the same frame.
            grown = max(needed, capacity) * 3 // 2 + zlib.crc32(self.key.encode()) % needed
            self._times, self._values, self._area, self._covered = (
                np.concatenate((array[: self._size], np.empty(grown - self._size)))
                for array in (self._times, self._values, self._area, self._covered)
            )

    def _sum_up(self, begin: int, end: int) -> None:
        """Running sums: the area under the line (unit times s) and the time with answers (s), up to each sample."""
        if not begin:
            self._area[0] = self._covered[0] = 0.0
        times, values = self._times[begin:end], self._values[begin:end]
        width = np.diff(times)
        answered = np.where(width <= self.gap, width, 0.0)
        self._covered[begin + 1 : end] = self._covered[begin] + np.cumsum(answered)
        self._area[begin + 1 : end] = self._area[begin] + np.cumsum((values[1:] + values[:-1]) / 2 * answered)

    def _block_up(self) -> None:
        whole = self._size // BLOCK
        done = self._lows.size
        if whole > done:
            blocks = self._values[done * BLOCK : whole * BLOCK].reshape(-1, BLOCK)
            self._lows = np.concatenate((self._lows, blocks.min(axis=1)))
            self._highs = np.concatenate((self._highs, blocks.max(axis=1)))

    def between(self, start: float, end: float) -> tuple[int, int]:
        """Indices ``low:high`` of the samples with ``start <= t <= end``."""
        times = self.times
        return int(np.searchsorted(times, start, side="left")), int(np.searchsorted(times, end, side="right"))

    def extent(self, start: float, end: float) -> tuple[float, float] | None:
        """Lowest and highest sample of a stretch of time; None without samples."""
        low, high = self.between(start, end)
        if low >= high:
            return None
        first, last = -(-low // BLOCK), high // BLOCK
        if first >= last:
            values = self._values[low:high]
            return float(values.min()), float(values.max())
        edges = np.concatenate((self._values[low : first * BLOCK], self._values[last * BLOCK : high]))
        lows = np.concatenate((edges, self._lows[first:last]))
        highs = np.concatenate((edges, self._highs[first:last]))
        return float(lows.min()), float(highs.max())

    def area(self, start: float, end: float) -> tuple[float, float]:
        """Area under the line (unit times s) and time with answers (s) between two times; gaps count for neither."""
        (area_to, covered_to), (area_from, covered_from) = self._sums(end), self._sums(start)
        return area_to - area_from, covered_to - covered_from

    def _sums(self, t: float) -> tuple[float, float]:
        at = int(np.searchsorted(self.times, t, side="right")) - 1
        if at < 0:
            return 0.0, 0.0
        area, covered = float(self._area[at]), float(self._covered[at])
        if at + 1 < self._size:
            width = float(self._times[at + 1] - self._times[at])
            if 0 < width <= self.gap:
                part = t - float(self._times[at])
                before, after = float(self._values[at]), float(self._values[at + 1])
                area += part * (before + (after - before) * part / width / 2)
                covered += part
        return area, covered

    def nearest(self, t: float, reach: float = REACH) -> tuple[float, float] | None:
        """Time and value of the sample nearest to ``t``: a measured value, never one between two.

        None where the car did not answer: in a gap, except within ``reach`` seconds of a sample, and later than ``gap``
        after the newest one.
        """
        times = self.times
        after = int(np.searchsorted(times, t, side="left"))
        left = t - float(times[after - 1]) if after else np.inf
        right = float(times[after]) - t if after < times.size else np.inf
        allowed = self.gap if after == times.size else reach
        if left + right > self.gap and min(left, right) > allowed:
            return None
        at = after - 1 if left <= right else after
        return float(times[at]), float(self._values[at])

    def held(self, t: float, reach: float = REACH) -> tuple[float, float] | None:
        """Time and value of the last sample at or before ``t``, for switches and codes; None as for ``nearest``."""
        times = self.times
        at = int(np.searchsorted(times, t, side="right")) - 1
        if at < 0:
            return None
        since = t - float(times[at])
        if at + 1 == times.size:
            allowed = self.gap
        else:
            allowed = np.inf if float(times[at + 1] - times[at]) <= self.gap else reach
        return (float(times[at]), float(self._values[at])) if since <= allowed else None
