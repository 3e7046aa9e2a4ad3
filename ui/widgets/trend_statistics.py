"""Lowest, highest and mean of a stretch of time, honest about the time in which the car did not answer."""

from dataclasses import dataclass

from ui.widgets.trend_history import History


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one signal in one window, in the signal's own unit.

    ``mean`` weighs every value by the time it stood, along the line that is drawn.
    ``answered`` is the part of the
    window, 0 to 1, between the first sample ever and now, in which there was a line; the rest were gaps.
    """

    low: float
    high: float
    mean: float
    answered: float
    samples: int


def statistics(history: History, start: float, end: float) -> Statistics | None:
    """Statistics of the samples of ``start``..``end`` (s); None when there is no sample in it.

    The mean is that of the line from the first to the last sample in the window, so that it always lies between lowest
    and highest. Gaps weigh nothing in it; a window with only single samples between gaps has their plain mean.
    """
    extent = history.extent(start, end)
    if extent is None:
        return None
    low, high = history.between(start, end)
    area, covered = history.area(float(history.times[low]), float(history.times[high - 1]))
    mean = area / covered if covered > 1e-9 else float(history.values[low:high].mean())
    whole = end - _waiting(history, end) - max(start, float(history.times[0]))
    answered = min(1.0, history.area(start, end)[1] / whole) if whole > 1e-9 else 1.0
    return Statistics(*extent, mean, answered, high - low)


def _waiting(history: History, end: float) -> float:
    """The time since the newest sample, s, as long as that is not a gap yet: the next answer is still to come."""
    last = history.last
    since = end - last if last is not None else 0.0
    return since if 0 < since <= history.gap else 0.0
