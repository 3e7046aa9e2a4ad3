"""Lowest, highest and mean of a stretch of time, honest about the time in which the car did not answer."""

from dataclasses import dataclass

from ui.widgets.trend_history import History


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one signal in one window, in the signal's own unit.

    ``mean`` weighs every value by the time it stood, along the line that is drawn. ``answered`` is the part of the
    window, 0 to 1, between the first sample ever and now, in which there was a line; the rest were gaps.
    """

    low: float
    high: float
    mean: float
    answered: float
    samples: int


def statistics(history: History, start: float, end: float) -> Statistics | None:
    """Statistics of the samples of ``start``..``end`` (s); None when there is no sample in it.

    Gaps weigh nothing in the mean. A window with only single samples between gaps has their plain mean.
    """
    extent = history.extent(start, end)
    if extent is None:
        return None
    low, high = history.between(start, end)
    area, covered = history.area(start, end)
    mean = area / covered if covered > 1e-9 else float(history.values[low:high].mean())
    began = max(start, float(history.times[0]))
    silent = _tail(history, end)
    whole = end - silent - began
    answered = min(1.0, covered / whole) if whole > 1e-9 else 1.0
    # The line into and out of the window may lie outside its samples; a mean outside low..high would only puzzle.
    return Statistics(*extent, min(max(mean, extent[0]), extent[1]), answered, high - low)


def _tail(history: History, end: float) -> float:
    """The time since the newest sample, s, as long as that is not a gap yet: the next answer is still to come."""
    last = history.last
    since = end - last if last is not None else 0.0
    return since if 0 < since <= history.gap else 0.0
