"""The scale of a gauge: from where to where, which marks, and where it becomes a warning."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QLocale

from core.diagnostics.alarm_rules import AlarmRule, Severity
from core.language import current
from core.obd.signals import Limits
from core.obd.store import Array


class Level(IntEnum):
    """How a value stands to its limits; a higher number is worse."""

    OK = 0
    WARNING = 1
    CRITICAL = 2


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits a gauge draws, in the signal's own unit, and how far a value must come back to count as well again.

    The comparisons are those of ``core.diagnostics.alarm_rules``: 110.0 is not over 110.
    """

    limits: Limits = NO_LIMITS
    warn_hysteresis: float = 0.0
    crit_hysteresis: float = 0.0

    def level(self, value: float, before: Level = Level.OK) -> Level:
        """Where ``value`` stands; a level it already had is kept until it is back by the hysteresis."""
        limits = self.limits
        slack = self.crit_hysteresis if before is Level.CRITICAL else 0.0
        if _beyond(value, limits.crit_low, limits.crit_high, slack):
            return Level.CRITICAL
        slack = self.warn_hysteresis if before is not Level.OK else 0.0
        return Level.WARNING if _beyond(value, limits.warn_low, limits.warn_high, slack) else Level.OK

    def crossed(self, value: float, level: Level) -> tuple[str, float] | None:
        """Which limit of ``level`` the value is at: ``("above", 110.0)``; None when there is none."""
        limits = self.limits
        critical = level is Level.CRITICAL
        low = limits.crit_low if critical else limits.warn_low
        high = limits.crit_high if critical else limits.warn_high
        if high is not None and (low is None or value >= (low + high) / 2):
            return "above", high
        return None if low is None else ("below", low)


def bounds_of(name: str, rules: Iterable[AlarmRule]) -> Bounds:
    """What the enabled alarm rules of signal ``name`` draw on its scale."""
    found = {rule.severity: rule for rule in rules if rule.signal == name and rule.enabled}
    warn, crit = found.get(Severity.WARNING), found.get(Severity.CRITICAL)
    return Bounds(
        Limits(
            warn.below if warn else None,
            warn.above if warn else None,
            crit.below if crit else None,
            crit.above if crit else None,
        ),
        warn.hysteresis if warn else 0.0,
        crit.hysteresis if crit else 0.0,
    )


def _beyond(value: float, low: float | None, high: float | None, slack: float) -> bool:
    return (high is not None and value > high - slack) or (low is not None and value < low + slack)


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the scale, as fractions, where the value is not well. ``edge`` is the fraction of the limit."""

    level: Level
    start: float
    end: float
    edge: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A range in the unit shown, with the values of its long and short marks."""

    low: float
    high: float
    step: float
    minor: int = 2  # short marks a step, counting the long one

    def fraction(self, value: float) -> float:
        """Where ``value`` stands, 0 to 1; a value outside stands at the end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def fractions(self, values: Array) -> Array:
        """Where each of ``values`` stands, 0 to 1."""
        return np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)

    @property
    def majors(self) -> tuple[float, ...]:
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        return tuple(n * self.step for n in range(first, last + 1))

    @property
    def minors(self) -> tuple[float, ...]:
        small = self.step / self.minor
        first = math.ceil(self.low / small - 1e-9)
        last = math.floor(self.high / small + 1e-9)
        return tuple(n * small for n in range(first, last + 1) if n % self.minor)

    @property
    def divisor(self) -> int:
        """1000 for a scale in thousands, whose labels are then short (0 1 2 ... 8, times 1000)."""
        return 1000 if self.step >= 500 and self.step % 500 == 0 else 1

    @property
    def origin(self) -> float:
        """Where a fill begins, as a fraction: at zero when the scale passes it, else at the low end."""
        return self.fraction(0.0) if self.low < 0.0 < self.high and self.low >= -self.high else 0.0

    def label(self, value: float, whole: bool = False) -> str:
        """A mark's number, as short as it is exact; ``whole``: not in thousands."""
        divisor = 1 if whole else self.divisor
        text = f"{value / divisor:.{_places(self.step / divisor)}f}"
        return "0" if float(text) == 0 else text.replace("-", "−").replace(".", QLocale(current()).decimalPoint())

    def zones(self, limits: Limits) -> tuple[Zone, ...]:
        """The stretches beyond the limits that lie on this scale; a critical one cuts the warning before it."""
        found = []
        high_end = limits.crit_high if limits.crit_high is not None else math.inf
        low_end = limits.crit_low if limits.crit_low is not None else -math.inf
        if limits.warn_high is not None:
            found.append((Level.WARNING, limits.warn_high, high_end, limits.warn_high))
        if limits.crit_high is not None:
            found.append((Level.CRITICAL, limits.crit_high, math.inf, limits.crit_high))
        if limits.warn_low is not None:
            found.append((Level.WARNING, low_end, limits.warn_low, limits.warn_low))
        if limits.crit_low is not None:
            found.append((Level.CRITICAL, -math.inf, limits.crit_low, limits.crit_low))
        zones = []
        for level, start, end, edge in found:
            first, last = max(start, self.low), min(end, self.high)
            if first < last:
                zones.append(Zone(level, self.fraction(first), self.fraction(last), self.fraction(edge)))
        return tuple(zones)


def nice_step(span: float, marks: int) -> float:
    """The round step (1, 2, 5 times a power of ten) that makes about ``marks`` long marks over ``span``."""
    rough = span / max(1, marks)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        if rough <= factor * power * 1.2:
            return factor * power
    return 10.0 * power


def make_scale(low: float, high: float, marks: int, *, fit: bool) -> Scale:
    """A scale from ``low`` to ``high`` with about ``marks`` long marks; ``fit`` moves the ends out to round ones."""
    if not low < high:
        high = low + 1.0
    step = nice_step(high - low, marks)
    if fit:
        # An end that would grow by more than a tenth of the range stays where it is: 0-240 in steps of 50 ends at 240.
        outer_low, outer_high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        slack = (high - low) / 10
        low = outer_low if low - outer_low <= slack else low
        high = outer_high if outer_high - high <= slack else high
    leading = round(step / 10.0 ** math.floor(math.log10(step) + 1e-9))
    return Scale(low, high, step, {1: 5, 2: 4, 5: 5}.get(leading, 2))


def around(expected: tuple[float, float], lowest: float, highest: float) -> tuple[float, float]:
    """A range close about what was seen, for a trend: its line should use the height it has.

    Never less than a fifth of what is expected, so that a steady value looks steady.
    """
    span = max((expected[1] - expected[0]) / 5, (highest - lowest) * 1.2)
    middle = (lowest + highest) / 2
    return middle - span / 2, middle + span / 2


def grown(range_: tuple[float, float], lowest: float, highest: float) -> tuple[float, float]:
    """``range_`` widened by round steps until it holds what was seen; unchanged when it already does."""
    low, high = range_
    step = nice_step(high - low, 5)
    if lowest < low:
        low = math.floor(lowest / step) * step
    if highest > high:
        high = math.ceil(highest / step) * step
    return low, high


def _places(step: float) -> int:
    """Decimals that show multiples of ``step`` exactly (up to 6)."""
    for places in range(7):
        if abs(step * 10**places - round(step * 10**places)) < 1e-6 * 10**places * step:
            return places
    return 6
