"""The unit a gauge shows: values, limits and decimals turned into it, and what a person types turned back."""

import math
from dataclasses import dataclass

import numpy as np

from core.obd.signals import Limits, Signal
from core.obd.store import Array
from core.obd.units import choices, from_units, in_units, shown_decimals, shown_unit, unit_words

MOST_SHOWN = 1e6  # stands for infinity where a reciprocal unit (mpg at no consumption) has no end


@dataclass(frozen=True, slots=True)
class Measure:
    """A signal's ``own`` unit and the ``unit`` it is shown in."""

    own: str
    unit: str
    decimals: int  # of the unit shown

    @property
    def unit_text(self) -> str:
        """The unit shown, as it is written in the language in use."""
        return unit_words(self.unit)

    def shown(self, value: float) -> float:
        """A value of the signal in the unit shown."""
        if self.unit == self.own:
            return value
        converted, _ = in_units(self.own, value, self.unit)
        return converted if math.isfinite(converted) else MOST_SHOWN

    def shown_all(self, values: Array) -> Array:
        """Many values of the signal in the unit shown."""
        if self.unit == self.own:
            return values
        converted, _ = in_units(self.own, values, self.unit)
        return np.nan_to_num(converted, posinf=MOST_SHOWN)

    def stored(self, value: float) -> float:
        """What a person means by ``value`` in the unit shown, in the signal's own unit."""
        return value if self.unit == self.own else from_units(self.own, value, self.unit)

    def shown_span(self, span: float) -> float:
        """A difference (a hysteresis) in the unit shown: 3 °C are 5.4 °F, not 37.4."""
        return abs(self.shown(span) - self.shown(0.0))

    def stored_span(self, span: float) -> float:
        """A difference a person typed, in the signal's own unit."""
        return abs(self.stored(span) - self.stored(0.0))

    def limits(self, limits: Limits) -> Limits:
        """Limits of the signal in the unit shown."""
        ends = (limits.warn_low, limits.warn_high, limits.crit_low, limits.crit_high)
        warn_low, warn_high, crit_low, crit_high = (None if end is None else self.shown(end) for end in ends)
        if self.shown(1.0) > self.shown(2.0):  # a reciprocal unit: what was low is high
            warn_low, warn_high, crit_low, crit_high = warn_high, warn_low, crit_high, crit_low
        return Limits(warn_low, warn_high, crit_low, crit_high)

    def limit_decimals(self, limit: float) -> int:
        """Decimals a limit needs when it is said: "over 110 °C", but "under 11.5 V"."""
        shown = self.shown(limit)
        return next(
            (places for places in range(self.decimals) if abs(shown - round(shown, places)) < 1e-6), self.decimals
        )


def measure(signal: Signal | None, *wishes: str) -> Measure:
    """The first of ``wishes`` that means something for ``signal``: a unit by name, or a system ("imperial")."""
    if signal is None or signal.kind != "number":
        return Measure("", "", 0)
    for wish in wishes:
        if wish in choices(signal.unit) or wish == wishes[-1]:
            unit = shown_unit(signal.unit, wish)
            return Measure(signal.unit, unit, shown_decimals(signal.unit, signal.decimals, unit))
    return Measure(signal.unit, signal.unit, signal.decimals)
