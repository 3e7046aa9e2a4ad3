"""What a signal is as a line: its words, its unit, its limits, and three ways to tell it from the others.

A trace has a colour, a dash and a mark at its end. Within a strip no two share a dash or a mark, so that nobody needs
the colour; over the panel no two of the first eight share a colour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from core.diagnostics.alarm_rules import AlarmRule, Severity, rules_with
from core.language import tr
from core.obd.signals import Signal
from ui.widgets.gauge_model import NO_VALUE, number_text, signal_of, state_text, title_of

COLORS = 8  # tokens trace_1 .. trace_8
IN_A_STRIP = 4  # lines that can be told apart without colour

# Lengths on and off in px, along time.
DASHES: tuple[tuple[int, ...], ...] = ((), (16, 7), (4, 5), (18, 6, 4, 6))


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


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Trace:
    """A signal as a line. ``shown`` turns the store's values (number or array, rising) into those of ``unit``."""

    key: str
    title: str
    unit: str
    decimals: int
    minimum: float  # of what the signal can say, in ``unit``
    maximum: float
    resolution: float
    limits: tuple[LimitLine, ...] = ()
    hold: bool = False  # switches and codes: a value stands until the next
    signal: Signal | None = None
    shown: Callable[[Any], Any] = _same
    color: int = 0  # trace_1 is 0
    place: int = 0  # in its strip: dash and mark

    @property
    def token(self) -> str:
        return f"trace_{self.color % COLORS + 1}"

    @property
    def dash(self) -> tuple[int, ...]:
        return DASHES[self.place % len(DASHES)]

    @property
    def mark(self) -> Mark:
        return Mark(self.place % len(Mark))

    def words(self, value: float | None, decimals: int | None = None) -> str:
        """``value`` (in the store's unit) as it is written, without the unit; a dash for None."""
        if value is None:
            return NO_VALUE
        if self.signal is not None and self.signal.kind != "number":
            return state_text(self.signal, value)
        return number_text(float(self.shown(value)), self.decimals if decimals is None else decimals)

    def with_unit(self, value: float | None) -> str:
        """``value`` (in the store's unit) with its unit, or that there was no answer."""
        return tr("no answer") if value is None else f"{self.words(value)} {self.unit}".rstrip()


def describe(key: str, profile: Any = None, color: int = 0, place: int = 0) -> Trace:
    """The trace of signal ``key``, with the limits of the vehicle ``profile`` (a ``VehicleProfile``)."""
    signal = signal_of(key)
    if signal is None:
        return Trace(key, title_of(key), "", 2, -1e12, 1e12, 1e-6, color=color, place=place)
    return Trace(
        key=key,
        title=title_of(key),
        unit=signal.unit,
        decimals=signal.decimals,
        minimum=signal.minimum,
        maximum=signal.maximum,
        resolution=signal.resolution,
        limits=limit_lines(signal.name, getattr(profile, "limits", None) or {}),
        hold=signal.kind != "number",
        signal=signal,
        color=color,
        place=place,
    )


def limit_lines(name: str, edited: dict[str, AlarmRule]) -> tuple[LimitLine, ...]:
    """The limits of signal ``name``: the table's, with the vehicle's own in their place."""
    found = []
    for rule in rules_with(edited):
        if rule.signal == name and rule.enabled:
            if rule.above is not None:
                found.append(LimitLine(rule.above, rule.severity, above=True))
            if rule.below is not None:
                found.append(LimitLine(rule.below, rule.severity, above=False))
    return tuple(found)
