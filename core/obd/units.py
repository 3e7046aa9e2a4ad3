"""The unit a person reads a value in: metric, imperial, or the one chosen for that signal.

Signals keep the unit of the standard everywhere inside the program; this is for the screen, the page and the export
only. Works on floats and numpy arrays alike. Exact definitions: international mile, pound, US and imperial gallon
(NIST SP 811, appendix B), mechanical horsepower of 550 ft·lbf/s, metric horsepower of 75 kgf·m/s, inch of mercury at
0 °C, inch of water at 4 °C.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from core.language import mark, tr

METRIC = "metric"
IMPERIAL = "imperial"
SYSTEMS = (METRIC, IMPERIAL)

Value = TypeVar("Value", float, npt.NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class _Rule:
    """``shown = value * factor + offset``, or ``factor / value`` where more of the one is less of the other."""

    factor: float
    offset: float = 0.0
    reciprocal: bool = False


_SAME = _Rule(1.0)
_MILE = 1.609344  # km
_POUND = 0.45359237  # kg
_US_GALLON = 3.785411784  # L
_UK_GALLON = 4.54609  # L

# Per unit of the signals: the units it can be shown in. The first is the metric one, the second the imperial one.
_RULES: Mapping[str, Mapping[str, _Rule]] = {
    "km/h": {"km/h": _SAME, "mph": _Rule(1 / _MILE)},
    "km": {"km": _SAME, "mi": _Rule(1 / _MILE)},
    "°C": {"°C": _SAME, "°F": _Rule(1.8, 32.0)},
    "kPa": {
        "kPa": _SAME,
        "psi": _Rule(1 / 6.894757293168361),
        "bar": _Rule(0.01),
        "inHg": _Rule(1 / 3.386388640341),
    },
    "Pa": {"Pa": _SAME, "inH₂O": _Rule(1 / 249.08891), "mbar": _Rule(0.01)},
    "L": {"L": _SAME, "gal": _Rule(1 / _US_GALLON), "gal (UK)": _Rule(1 / _UK_GALLON)},
    "L/h": {"L/h": _SAME, "gal/h": _Rule(1 / _US_GALLON), "gal/h (UK)": _Rule(1 / _UK_GALLON)},
    "L/100 km": {
        "L/100 km": _SAME,
        "mpg": _Rule(100 * _US_GALLON / _MILE, reciprocal=True),
        "mpg (UK)": _Rule(100 * _UK_GALLON / _MILE, reciprocal=True),
        "km/L": _Rule(100.0, reciprocal=True),
    },
    "g/s": {"g/s": _SAME, "lb/min": _Rule(0.06 / _POUND), "kg/h": _Rule(3.6)},
    "kg/h": {"kg/h": _SAME, "lb/h": _Rule(1 / _POUND)},
    "N·m": {"N·m": _SAME, "lb·ft": _Rule(1 / 1.3558179483314004)},
    "kW": {"kW": _SAME, "hp": _Rule(1 / 0.7456998715822702), "PS": _Rule(1 / 0.73549875)},
    # Longer times read better in longer units; there is nothing imperial about them.
    "s": {"s": _SAME, "min": _Rule(1 / 60), "h": _Rule(1 / 3600)},
    "min": {"min": _SAME, "h": _Rule(1 / 60)},
}
_NO_IMPERIAL = frozenset({"s", "min"})

# The units that are written otherwise in another language: a German instrument says 1/min (DIN 1301-2) and a German
# workshop Nm. The catalogues have the words; programs (the API, JSON, exports, profiles) keep these names.
UNIT_WORDS: Mapping[str, str] = {
    "rpm": mark("rpm"),
    "mg/stroke": mark("mg/stroke"),
    "N·m": mark("N·m"),
    "L": mark("L"),
    "L/h": mark("L/h"),
    "L/100 km": mark("L/100 km"),
    "km/L": mark("km/L"),
}


def unit_words(unit: str) -> str:
    """``unit`` as a person writes it in the language in use: ``"rpm"`` is ``"1/min"`` in German."""
    words = UNIT_WORDS.get(unit)
    return tr(words) if words else unit


def choices(unit: str) -> tuple[str, ...]:
    """The units a signal of ``unit`` can be shown in, its own first; only its own when there is nothing to convert."""
    return tuple(_RULES.get(unit, {unit: _SAME}))


def shown_unit(unit: str, wanted: str) -> str:
    """The unit that ``wanted`` means for a signal of ``unit``: a system (``"imperial"``) or a unit by name.

    What cannot be had falls back to the signal's own unit, so that one preference fits all signals.
    """
    offered = choices(unit)
    if wanted == IMPERIAL and unit not in _NO_IMPERIAL and len(offered) > 1:
        return offered[1]
    return wanted if wanted in offered else unit


def in_units(unit: str, value: Value, wanted: str) -> tuple[Value, str]:
    """``value`` of a signal of ``unit`` as it is shown, and the unit it is then in; ``wanted`` as in ``shown_unit``.

    Arrays give arrays. Where the scale is a reciprocal (mpg) zero becomes infinity.
    """
    shown = shown_unit(unit, wanted)
    rule = _rule(unit, shown)
    if rule.reciprocal:
        return _reciprocal(rule.factor, value), shown
    return (value if rule is _SAME else value * rule.factor + rule.offset), shown


def from_units(unit: str, shown_value: Value, shown: str) -> Value:
    """The way back: what a person typed in ``shown`` (a unit of ``choices``), in the signal's own ``unit``.

    Raises ``ValueError`` when a signal of ``unit`` cannot be shown in ``shown``.
    """
    if shown not in choices(unit):
        raise ValueError(f"{unit} cannot be given in {shown}; it can in {', '.join(choices(unit))}")
    rule = _rule(unit, shown)
    if rule.reciprocal:
        return _reciprocal(rule.factor, shown_value)
    return (shown_value - rule.offset) / rule.factor


def shown_decimals(unit: str, decimals: int, shown: str) -> int:
    """Decimals that keep the fineness of a value when it is shown in another unit: 101 kPa, 14.6 psi, 1.01 bar."""
    rule = _rule(unit, shown)
    if rule.reciprocal:
        return 1
    return max(0, decimals + round(-math.log10(rule.factor)))


def _rule(unit: str, shown: str) -> _Rule:
    return _RULES.get(unit, {}).get(shown, _SAME)


def _reciprocal(factor: float, value: Value) -> Value:
    if isinstance(value, np.ndarray):
        with np.errstate(divide="ignore"):
            return np.asarray(factor / value, dtype=np.float64)
    return factor / value if value else math.inf
