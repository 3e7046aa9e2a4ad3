"""When a value becomes an alarm: one rule, the pure state machine that follows it, and the rules a new car starts with.

The exact meaning of a rule:

- *Outside* is strictly over ``above`` or strictly under ``below``: 110.0 is not over 110.
- It is *raised* by the first sample at which the value has been outside for ``hold_s`` without a sample that was not.
  With ``hold_s`` 0 a single sample raises it.
- It is *cleared* by the first sample back inside by ``hysteresis``: at or under ``above - hysteresis`` and at or over
  ``below + hysteresis``.
- For ``cooldown_s`` after it cleared it is not raised again; if the value is outside when that time is over, it is.
- A sample that is not a number says nothing. After ``PAUSE_S`` without a sample the hold time begins anew: nobody knows
  what the value did meanwhile. An alarm is never cleared by silence.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np

from core.language import mark, number, tr
from core.obd.signals import SIGNALS, Signal
from core.obd.store import Array
from core.obd.units import unit_words

PAUSE_S = 30.0  # a K-line car read at twenty signals gives each of them every 4 s (research §4)
LONGEST_S = 3600.0


class Severity(StrEnum):
    WARNING = "warning"
    CRITICAL = "critical"


SEVERITY_WORDS: Mapping[Severity, str] = {Severity.WARNING: mark("Warning"), Severity.CRITICAL: mark("Critical")}


class RuleError(ValueError):
    """A rule that cannot work; the message says why in the user's words."""


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """A limit of one signal, in the signal's own unit; times in seconds."""

    signal: str
    severity: Severity
    above: float | None = None
    below: float | None = None
    hysteresis: float = 0.0
    hold_s: float = 0.0
    cooldown_s: float = 0.0
    enabled: bool = True

    @property
    def id(self) -> str:
        """A signal has at most one rule of each severity: ``"coolant_temperature:critical"``."""
        return f"{self.signal}:{self.severity}"

    @property
    def words(self) -> str:
        """What the rule watches for, in the user's language: "Engine speed over 6000 rpm"."""
        signal = SIGNALS.get(self.signal)
        title = tr(signal.title) if signal else self.signal
        limits = {"title": title, "above": _amount(signal, self.above), "below": _amount(signal, self.below)}
        if self.below is None:
            return tr("{title} over {above}", **limits)
        if self.above is None:
            return tr("{title} under {below}", **limits)
        return tr("{title} outside {below} to {above}", **limits)

    def excess(self, value: float) -> float:
        """How far outside ``value`` is; zero or less when it is not."""
        over = -math.inf if self.above is None else value - self.above
        under = -math.inf if self.below is None else self.below - value
        return max(over, under)

    def outside(self, values: Array) -> bool:
        """Whether any of ``values`` is outside."""
        over = self.above is not None and bool(np.any(values > self.above))
        return over or (self.below is not None and bool(np.any(values < self.below)))

    def back(self, value: float) -> bool:
        """Whether ``value`` is inside by the hysteresis."""
        return (self.above is None or value <= self.above - self.hysteresis) and (
            self.below is None or value >= self.below + self.hysteresis
        )


def _amount(signal: Signal | None, value: float | None) -> str:
    if value is None:
        return ""
    return f"{number(value)} {unit_words(signal.unit)}".rstrip() if signal else number(value)


@dataclass(frozen=True, slots=True)
class Transition:
    """An alarm began (``raised``) or ended by the sample ``value`` at ``t``; ``peak`` is the value farthest outside."""

    raised: bool
    t: float
    value: float
    peak: float


class RuleState:
    """Where one rule stands for one signal of one ECU. Pure: the same samples give the same transitions."""

    __slots__ = ("_cleared_at", "_last", "_outside_since", "active", "peak", "rule")

    def __init__(self, rule: AlarmRule) -> None:
        self.rule = rule
        self.active = False
        self.peak = math.nan
        self._outside_since: float | None = None
        self._cleared_at: float | None = None
        self._last: float | None = None

    @property
    def quiet(self) -> bool:
        """True when samples that are not outside could not change anything."""
        return not self.active and self._outside_since is None

    def step(self, t: float, value: float) -> Transition | None:
        """Follow one sample; ``t`` in seconds, not falling. Returns what it changed."""
        if math.isnan(value):
            return None
        paused = self._last is not None and t - self._last > PAUSE_S
        self._last = t
        return self._while_active(t, value) if self.active else self._while_inactive(t, value, paused)

    def _while_active(self, t: float, value: float) -> Transition | None:
        self._remember_peak(value)
        if not self.rule.back(value):
            return None
        self.active = False
        self._outside_since = None
        self._cleared_at = t
        return Transition(False, t, value, self.peak)

    def _while_inactive(self, t: float, value: float, paused: bool) -> Transition | None:
        if self.rule.excess(value) <= 0:
            self._outside_since = None
            return None
        if self._outside_since is None or paused:
            self._outside_since = t
            self.peak = value
        self._remember_peak(value)
        if t - self._outside_since < self.rule.hold_s:
            return None
        if self._cleared_at is not None and t - self._cleared_at < self.rule.cooldown_s:
            return None
        self.active = True
        return Transition(True, t, value, self.peak)

    def _remember_peak(self, value: float) -> None:
        if self.rule.excess(value) > self.rule.excess(self.peak):
            self.peak = value


# Hysteresis in the signal's unit, hold and cool-down in seconds. Coolant moves slowly and its sensor flickers at a bad
# contact, so it must stay for 2 s. A driver revs past a limit and back within a second: that is one event worth
# telling, but not ten in a row. Full load is ordinary for a moment; only staying there is not.
_TUNING: Mapping[str, tuple[float, float, float]] = {
    "coolant_temperature": (3.0, 2.0, 60.0),
    "engine_speed": (250.0, 0.0, 10.0),
    "engine_load": (5.0, 2.0, 30.0),
}


def tuning(signal: Signal) -> tuple[float, float, float]:
    """Sensible hysteresis (signal's unit), hold time and cool-down (s) for a new rule of ``signal``."""
    found = _TUNING.get(signal.name)
    if found is not None:
        return found
    return round((signal.maximum - signal.minimum) * 0.01, max(signal.decimals, 0)), 1.0, 30.0


def default_rules() -> tuple[AlarmRule, ...]:
    """The rules of a car nobody has edited: from the limits in the signal table."""
    found: list[AlarmRule] = []
    for signal in SIGNALS.values():
        limits = signal.limits
        hysteresis, hold, cooldown = tuning(signal)
        for severity, low, high in (
            (Severity.WARNING, limits.warn_low, limits.warn_high),
            (Severity.CRITICAL, limits.crit_low, limits.crit_high),
        ):
            if low is not None or high is not None:
                found.append(AlarmRule(signal.name, severity, high, low, hysteresis, hold, cooldown))
    return tuple(found)


def rules_with(edited: Mapping[str, AlarmRule | None]) -> tuple[AlarmRule, ...]:
    """The defaults with a profile's own rules in place of, and beside, them; None stands for the default.

    A rule is told by its signal and severity; the mapping's keys do not matter.
    """
    rules = {rule.id: rule for rule in default_rules()}
    rules.update({rule.id: rule for rule in edited.values() if rule is not None})
    return tuple(rules.values())


def check(rule: AlarmRule) -> None:
    """Raise ``RuleError`` with the first thing that is wrong, in the user's words."""
    for problem in problems(rule):
        raise RuleError(problem)


def problems(rule: AlarmRule) -> Iterable[str]:
    """Everything that is wrong with a rule, each in the user's words; nothing for a good one."""
    signal = SIGNALS.get(rule.signal)
    if signal is None:
        return (tr("There is no signal “{name}” to watch.", name=rule.signal),)
    title = tr(signal.title)
    numbers = (rule.above, rule.below, rule.hysteresis, rule.hold_s, rule.cooldown_s)
    if not all(number is None or math.isfinite(number) for number in numbers):
        return (tr("{title}: every limit and time must be a number.", title=title),)
    found = [*_limit_problems(rule, signal, title), *_time_problems(rule, title)]
    if not found and not _can_clear(rule, signal):
        found.append(tr("{title}: with this hysteresis the alarm could never clear. Make it smaller.", title=title))
    return tuple(found)


def _limit_problems(rule: AlarmRule, signal: Signal, title: str) -> Iterable[str]:
    limits = [limit for limit in (rule.above, rule.below) if limit is not None]
    if not limits:
        yield tr("{title}: give an upper limit, a lower limit or both.", title=title)
    for limit in limits:
        if not signal.minimum <= limit <= signal.maximum:
            yield tr(
                "{title}: a limit of {limit} can never be reached, the signal goes from {low} to {high}.",
                title=title,
                limit=_amount(signal, limit),
                low=_amount(signal, signal.minimum),
                high=_amount(signal, signal.maximum),
            )
    if rule.above is not None and rule.below is not None and rule.below >= rule.above:
        yield tr("{title}: the lower limit must be less than the upper limit.", title=title)
    if rule.hysteresis < 0:
        yield tr("{title}: the hysteresis must not be negative.", title=title)


def _time_problems(rule: AlarmRule, title: str) -> Iterable[str]:
    if not 0 <= rule.hold_s <= LONGEST_S:
        yield tr("{title}: the hold time must be between 0 seconds and one hour.", title=title)
    if not 0 <= rule.cooldown_s <= LONGEST_S:
        yield tr("{title}: the cool-down must be between 0 seconds and one hour.", title=title)


def _can_clear(rule: AlarmRule, signal: Signal) -> bool:
    highest = signal.maximum if rule.above is None else rule.above - rule.hysteresis
    lowest = signal.minimum if rule.below is None else rule.below + rule.hysteresis
    return lowest <= highest and highest >= signal.minimum and lowest <= signal.maximum


def to_json(rule: AlarmRule) -> dict[str, Any]:
    """A rule as JSON has it; see ``from_json``."""
    return {field.name: getattr(rule, field.name) for field in fields(rule)}


def from_json(found: Any) -> AlarmRule:
    """A rule as ``to_json`` wrote it. Raises ``RuleError`` for anything else."""
    known = {field.name for field in fields(AlarmRule)}
    try:
        values = {name: value for name, value in dict(found).items() if name in known}
        numbers = ("above", "below", "hysteresis", "hold_s", "cooldown_s")
        for name in numbers:
            if name in values and (values[name] is not None or name not in ("above", "below")):
                values[name] = float(values[name])
        rule = AlarmRule(**values | {"severity": Severity(values["severity"])})
    except (TypeError, ValueError, KeyError) as error:
        raise RuleError(tr("This is not an alarm rule: {found}", found=found)) from error
    check(rule)
    return rule
