"""What a signal is as a line: its words, its unit, its limits, and three ways to tell it from the others.

A trace has a colour, a dash and a mark at its end. Within a strip no two share a dash or a mark, so that nobody needs
the colour; over the panel no two of the first eight share a colour.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from core.diagnostics.alarm_rules import AlarmRule, Severity, rules_with
from core.language import tr
from core.obd.signals import Signal
from core.obd.units import METRIC, in_units, unit_words
from ui.widgets.gauge_model import NO_VALUE, number_text, signal_of, state_text, title_of
from ui.widgets.gauge_units import measure

COLORS = 8  # tokens trace_1 .. trace_8
IN_A_STRIP = 4  # lines that can be told apart without colour
MOST_PER_FUEL = 99.9  # mpg and km/L have no end at no consumption; instrument clusters stop here too

# Lengths on and off in px, along time.
DASHES: tuple[tuple[int, ...], ...] = ((), (15, 9), (5, 6), (18, 7, 5, 7))


class Mark(Enum):
    """What stands at the newest point of a line and before its name."""

    DISC = 0
    SQUARE = 1
    TRIANGLE = 2
    DIAMOND = 3


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit to draw, in the unit shown. ``above``: values over it are outside."""

    value: float
    severity: Severity
    above: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A signal as a line. ``minimum``, ``maximum``, ``resolution`` and ``limits`` are in ``unit``, the one shown."""

    key: str
    title: str
    unit: str
    decimals: int
    minimum: float  # of what the signal can say
    maximum: float
    resolution: float
    limits: tuple[LimitLine, ...] = ()
    signal: Signal | None = None
    own: str = ""  # the unit the values are stored in
    color: int = 0  # trace_1 is 0
    place: int = 0  # in its strip: dash and mark

    @property
    def unit_text(self) -> str:
        """The unit shown, as it is written in the language in use."""
        return unit_words(self.unit)

    @property
    def token(self) -> str:
        return f"trace_{self.color % COLORS + 1}"

    @property
    def dash(self) -> tuple[int, ...]:
        return DASHES[self.place % len(DASHES)]

    @property
    def mark(self) -> Mark:
        return Mark(self.place % len(Mark))

    @property
    def hold(self) -> bool:
        """Whether a value stands until the next: switches and codes."""
        return self.signal is not None and self.signal.kind != "number"

    def shown(self, low: Any, high: Any) -> tuple[Any, Any]:
        """Lowest and highest stored values (numbers or arrays) in the unit shown, again lowest first."""
        if self.unit == self.own:
            return low, high
        (low, _), (high, _) = in_units(self.own, low, self.unit), in_units(self.own, high, self.unit)
        if self.signal is not None and reciprocal(self.signal, self.unit):
            low, high = np.minimum(high, MOST_PER_FUEL), np.minimum(low, MOST_PER_FUEL)
        return low, high

    def number(self, value: float) -> float:
        """A stored value in the unit shown."""
        return float(self.shown(value, value)[0])

    def words(self, value: float | None) -> str:
        """The stored ``value`` as it is written, without the unit; a dash for None."""
        if value is None:
            return NO_VALUE
        if self.signal is not None and self.hold:
            return state_text(self.signal, value)
        return number_text(self.number(value), self.decimals)

    def with_unit(self, value: float | None) -> str:
        """The stored ``value`` with its unit, or that there was no answer."""
        return tr("no answer") if value is None else f"{self.words(value)} {self.unit_text}".rstrip()


def reciprocal(signal: Signal, unit: str) -> bool:
    """Whether more in the signal's own unit is less in ``unit`` (L/100 km and mpg)."""
    return unit != signal.unit and in_units(signal.unit, 1.0, unit)[0] > in_units(signal.unit, 2.0, unit)[0]


def describe(key: str, profile: Any = None, system: str = METRIC, color: int = 0, place: int = 0) -> Trace:
    """The trace of signal ``key``, with the limits and units of the vehicle ``profile`` (a ``VehicleProfile``).

    ``system`` is the one a person prefers where the profile says nothing.
    """
    signal = signal_of(key)
    if signal is None:
        return Trace(key, title_of(key), "", 2, -math.inf, math.inf, 0.01, color=color, place=place)
    units = getattr(profile, "units", None) or {}
    unit = measure(signal, units.get(signal.name, system), system)
    plain = Trace(
        key=key,
        title=title_of(key),
        unit=unit.unit if signal.kind == "number" else "",
        decimals=unit.decimals,
        minimum=signal.minimum,
        maximum=signal.maximum,
        resolution=signal.resolution,
        signal=signal,
        own=unit.own,
        color=color,
        place=place,
    )
    minimum, maximum = plain.shown(signal.minimum, signal.maximum)
    limits = limit_lines(plain, getattr(profile, "limits", None) or {})
    fine = min(unit.shown_span(signal.resolution), maximum - minimum)
    return replace(plain, minimum=float(minimum), maximum=float(maximum), resolution=fine, limits=limits)


def limit_lines(trace: Trace, edited: Mapping[str, AlarmRule]) -> tuple[LimitLine, ...]:
    """The limits of a trace in the unit shown: the table's, with the vehicle's own in their place."""
    found = []
    turned = trace.signal is not None and reciprocal(trace.signal, trace.unit)
    for rule in rules_with(edited):
        if trace.signal is not None and rule.signal == trace.signal.name and rule.enabled:
            for limit, above in ((rule.above, True), (rule.below, False)):
                if limit is not None:
                    found.append(LimitLine(trace.number(limit), rule.severity, above != turned))
    return tuple(found)
