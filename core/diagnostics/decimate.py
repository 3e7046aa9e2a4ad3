"""Fewer points, the same picture: what a line does within each pixel column, as its lowest and highest value.

Columns are anchored in time, not in the window: column ``k`` covers ``k * step <= t < (k + 1) * step``. A window that
scrolls therefore shows the same columns again one place further on, nothing shimmers, and only the newest columns need
computing. The envelope is that of the *drawn* line: where neighbouring samples lie in different columns, the line
between them is taken into account, so that neighbouring columns always touch; where samples lie further apart than
``gap`` there is no line.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

GAP = 2.0  # s without a sample, after which the car "did not answer"


@dataclass(frozen=True, slots=True)
class Columns:
    """Lowest and highest value per pixel column, both float64 of shape (n,); NaN where there is no line.

    ``low[i]`` belongs to column ``first + i``, which begins at ``(first + i) * step`` seconds.
    """

    first: int
    step: float
    low: Array
    high: Array

    @property
    def extent(self) -> tuple[float, float] | None:
        """The lowest and the highest value of all columns; None when there is no line in any."""
        if np.isnan(self.low).all():
            return None
        return float(np.nanmin(self.low)), float(np.nanmax(self.high))


def column_of(t: float, step: float) -> int:
    """The column that time ``t`` falls into, for columns of ``step`` seconds."""
    return math.floor(t / step)


def columns(
    times: Array, values: Array, *, step: float, first: int, count: int, gap: float = GAP, hold: bool = False
) -> Columns:
    """The envelope of the line through the samples in ``count`` columns from column ``first`` on.

    ``times`` (s, not falling) and ``values`` have equal length and may reach beyond the columns: the line into and out
    of them is then right as well. ``gap`` is in seconds. With ``hold`` the line keeps a value until the next sample
    (switches, codes) instead of going straight to it.
    """
    edges = (first + np.arange(count + 1, dtype=np.float64)) * step
    starts = np.searchsorted(times, edges, side="left")
    at_edge = _line_at(times, values, edges, starts, gap=gap, hold=hold)
    low = np.fmin(at_edge[:-1], at_edge[1:])
    high = np.fmax(at_edge[:-1], at_edge[1:])
    filled = np.flatnonzero(starts[1:] > starts[:-1])
    if filled.size:
        # Columns without samples lie between no indices, so the starts of the others alone cut the samples right.
        begin, end = int(starts[0]), int(starts[-1])
        cuts = starts[filled] - begin
        inside = values[begin:end]
        low[filled] = np.fmin(low[filled], np.minimum.reduceat(inside, cuts))
        high[filled] = np.fmax(high[filled], np.maximum.reduceat(inside, cuts))
    return Columns(first, step, low, high)


def _line_at(times: Array, values: Array, at: Array, right: npt.NDArray[np.intp], *, gap: float, hold: bool) -> Array:
    """The line's value at the times ``at``, where ``right`` is each one's next sample; NaN where there is none."""
    out = np.full(at.size, np.nan)
    between = np.flatnonzero((right > 0) & (right < times.size))
    after = right[between]
    before = after - 1
    width = times[after] - times[before]
    near = width <= gap
    between, before, after, width = between[near], before[near], after[near], width[near]
    if hold:
        out[between] = values[before]
    else:
        share = np.divide(at[between] - times[before], width, out=np.ones_like(width), where=width > 0)
        out[between] = values[before] + (values[after] - values[before]) * share
    return out


def gaps(times: Array, start: float, end: float, gap: float = GAP) -> tuple[tuple[float, float], ...]:
    """Stretches of ``start``..``end`` longer than ``gap`` in which no sample came, in seconds, oldest first."""
    if end - start <= gap:
        return ()
    low, high = (int(i) for i in np.searchsorted(times, (start, end), side="left"))
    marks = np.concatenate(((start,), times[low:high], (end,)))
    found = np.flatnonzero(np.diff(marks) > gap)
    return tuple((float(marks[i]), float(marks[i + 1])) for i in found)
