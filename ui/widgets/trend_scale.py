"""The value scale of a trend: it follows what is in sight, in round steps, and does not jitter.

It grows at once when a value would leave it, and with room to spare on that side. It shrinks only after the values have
needed clearly less for a while, and never below a least span, so that the last digit of a steady value does not look
like a mountain range.
"""

import math
from dataclasses import dataclass

PAD = 0.08  # of the span, above and below
SPARE = 0.15  # of the span, on the side a value has just crossed
SHRINK_BELOW = 0.6  # of the present span
SHRINK_AFTER = 3.0  # s
LEAST_PART = 0.02  # of what the signal can say at all
LEAST_STEPS = 10  # of the signal's resolution


def nice_step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def decimals_of(step: float) -> int:
    """Decimals that write multiples of a nice step exactly."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def least_span(minimum: float, maximum: float, resolution: float) -> float:
    """The smallest span worth showing of a signal with this range and resolution."""
    whole = maximum - minimum
    return max(LEAST_PART * whole if math.isfinite(whole) else 0.0, LEAST_STEPS * resolution, 1e-6)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of values, ``low`` < ``high``."""

    low: float
    high: float

    @property
    def size(self) -> float:
        return self.high - self.low

    def ticks(self, most: int) -> tuple[tuple[float, ...], int]:
        """At most ``most`` + 1 round values within, and the decimals to write them with."""
        step = nice_step(self.size / max(1, most))
        first, last = math.ceil(self.low / step - 1e-6), math.floor(self.high / step + 1e-6)
        return tuple(n * step for n in range(first, last + 1)), decimals_of(step)


class SteadyScale:
    """A scale between ``minimum`` and ``maximum`` (beyond only if a value is), at least ``least`` wide."""

    def __init__(self, minimum: float, maximum: float, least: float) -> None:
        self._minimum, self._maximum, self._least = minimum, maximum, least
        self._small_since: float | None = None
        self._empty = True  # nothing has been shown yet
        self.manual = False  # a person chose; nothing moves it until ``fit``
        low = minimum if math.isfinite(minimum) else 0.0
        self.span = Span(low, low + least)

    @property
    def known(self) -> bool:
        """Whether there ever was a value, so that the span means something."""
        return not self._empty

    def fit(self, extent: tuple[float, float] | None) -> bool:
        """Show exactly ``extent`` (lowest, highest), padded; True when the scale moved."""
        self.manual = False
        self._small_since = None
        return extent is not None and self._set(self._fitted(*extent))

    def update(self, extent: tuple[float, float] | None, now: float) -> bool:
        """Follow what is in sight at ``now`` (s, any steady clock); True when the scale moved."""
        if extent is None or self.manual:
            return False
        if self._empty:
            return self.fit(extent)
        low, high = extent
        if low < self.span.low or high > self.span.high:
            self._small_since = None
            return self._set(self._grown(low, high))
        wanted = self._fitted(low, high)
        if wanted.size >= SHRINK_BELOW * self.span.size:
            self._small_since = None
        elif self._small_since is None or now < self._small_since:
            self._small_since = now
        elif now - self._small_since >= SHRINK_AFTER:
            self._small_since = None
            return self._set(wanted)
        return False

    def zoom(self, factor: float, share: float) -> None:
        """Make the span ``factor`` times as wide, about the value at ``share`` (0 low end, 1 high end) of it."""
        widest = max(self._maximum - self._minimum, self.span.size)
        size = min(max(self.span.size * factor, self._least / 10), widest if math.isfinite(widest) else 1e12)
        about = self.span.low + self.span.size * share
        self.span = Span(about - size * share, about + size * (1 - share))
        self.manual, self._empty = True, False

    def _set(self, span: Span) -> bool:
        moved = self._empty or span != self.span
        self.span, self._empty = span, False
        return moved

    def _grown(self, low: float, high: float) -> Span:
        """The present span, longer on the side that was crossed."""
        spare = SPARE * max(high - low, self.span.size)
        bottom = low - spare if low < self.span.low else self.span.low
        top = high + spare if high > self.span.high else self.span.high
        return self._rounded(bottom, top, low, high)

    def _fitted(self, low: float, high: float) -> Span:
        pad = max(PAD * (high - low), (self._least - (high - low)) / 2)
        return self._rounded(low - pad, high + pad, low, high)

    def _rounded(self, bottom: float, top: float, low: float, high: float) -> Span:
        """Out to round values, but with no room below or above what a signal can say unless it has said it."""
        half = nice_step((top - bottom) / 4) / 2
        bottom, top = math.floor(bottom / half + 1e-9) * half, math.ceil(top / half - 1e-9) * half
        if low >= self._minimum:
            bottom = max(bottom, self._minimum)
        if high <= self._maximum:
            top = min(top, self._maximum)
        return Span(bottom, top)
