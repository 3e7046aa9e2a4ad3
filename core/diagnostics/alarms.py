"""The alarms of a running car: every sample is held against the rules; what that raises stays until a person saw it.

One alarm stands for one event of one rule at one ECU, however many samples it lasts; ``core.diagnostics.alarm_rules``
says exactly when it begins and ends. It clears by itself, but one that nobody has acknowledged stays visible.
"""

import math
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock
from typing import Literal

from core.diagnostics.alarm_rules import (
    SEVERITY_WORDS,
    AlarmRule,
    RuleError,
    RuleState,
    Severity,
    Transition,
    check,
    default_rules,
    problems,
    rules_with,
    tuning,
)
from core.language import tr
from core.obd.signals import SIGNALS
from core.obd.store import Array, Signals

__all__ = [
    "SEVERITY_WORDS", "Alarm", "AlarmBook", "AlarmChange", "AlarmChanged", "AlarmRule", "RuleError", "RuleState",
    "Severity", "Transition", "UnknownAlarm", "check", "default_rules", "problems", "rules_with", "tuning",
]  # fmt: skip

HISTORY = 500
MOST_VISIBLE = 200  # a car left flapping overnight must not fill the memory; the oldest go to the history unread
STALE_AFTER_S = 5.0
SAMPLES_MISSED = 3  # or this many samples at the wanted rate, for slow signals

State = Literal["active", "acknowledged", "cleared", "closed"]


class UnknownAlarm(LookupError):  # noqa: N818 - reads like core.obd.signals.UnknownSignal
    """There is no such alarm to acknowledge (any more); the message says so in words."""


class AlarmChange(StrEnum):
    RAISED = "raised"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"
    STALE = "stale"  # the signal fell silent while the alarm was on
    FRESH = "fresh"  # and speaks again


@dataclass(frozen=True, slots=True)
class Alarm:
    """One event. ``raised_at`` and ``cleared_at`` are on the source's clock, seconds; ``…_wall`` and
    ``acknowledged_at`` are epoch seconds. ``peak`` is the value farthest outside, in the signal's unit.
    """

    id: str
    rule: AlarmRule
    key: str  # of the store: "coolant_temperature", or "coolant_temperature@7E9" for a second ECU
    ecu: str
    raised_at: float
    raised_wall: float
    peak: float
    cleared_at: float | None = None
    cleared_wall: float | None = None
    acknowledged_at: float | None = None
    acknowledged_by: str = ""
    stale: bool = False  # on, but the signal is silent: nobody knows whether it still holds

    @property
    def state(self) -> State:
        if self.cleared_at is None:
            return "active" if self.acknowledged_at is None else "acknowledged"
        return "cleared" if self.acknowledged_at is None else "closed"


@dataclass(frozen=True, slots=True)
class AlarmChanged:
    """Told to listeners: what happened, and the alarm as it is now."""

    change: AlarmChange
    alarm: Alarm


Listener = Callable[[AlarmChanged], None]


class AlarmBook:
    """Rules, what they stand at, and the alarms they raised. Every method may be called from any thread.

    ``wall`` gives epoch seconds. Listeners are called on the thread that caused the change, after the book is
    consistent; they may call the book.
    """

    def __init__(self, rules: Iterable[AlarmRule] | None = None, *, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._lock = Lock()
        self._rules: dict[str, AlarmRule] = {}
        self._states: dict[tuple[str, str], RuleState] = {}  # (rule id, key)
        self._alarm_of: dict[tuple[str, str], str] = {}  # the alarm that is on
        self._cursors: dict[str, tuple[float, int]] = {}  # key: time of the last sample seen, and how many had it
        self._visible: dict[str, Alarm] = {}
        self._history: deque[Alarm] = deque(maxlen=HISTORY)
        self._listeners: list[Listener] = []
        self._now = -math.inf
        self.set_rules(default_rules() if rules is None else rules)

    # --- rules

    def rules(self) -> tuple[AlarmRule, ...]:
        """The rules in force, disabled ones included."""
        with self._lock:
            return tuple(self._rules.values())

    def set_rules(self, rules: Iterable[AlarmRule]) -> None:
        """Replace all rules (``rules_with(profile.limits)`` gives a vehicle's). Unchanged rules go on undisturbed.

        The alarm of a rule that changed or went away is cleared: its event is over, a new rule finds a new one.
        Raises ``RuleError`` in the user's words and changes nothing when any of them is wrong.
        """
        wanted = {rule.id: rule for rule in rules}
        for rule in wanted.values():
            check(rule)
        with self._lock:
            changed = {id for id, rule in self._rules.items() if wanted.get(id) != rule}
            self._rules = wanted
            changes = [self._clear(at, self._now) for at in list(self._alarm_of) if at[0] in changed]
            self._states = {at: state for at, state in self._states.items() if at[0] not in changed}
        self._tell(changes)

    # --- samples

    def evaluate(self, signals: Signals, now: float) -> None:
        """Hold every sample since the last call against the rules. ``now`` is the source's clock, in seconds."""
        changes: list[AlarmChanged] = []
        with self._lock:
            self._now = now
            by_signal: dict[str, list[AlarmRule]] = {}
            for rule in self._rules.values():
                if rule.enabled:
                    by_signal.setdefault(rule.signal, []).append(rule)
            for key in signals.keys():  # noqa: SIM118 - a method of the store, not of a dict
                name, _, _ = key.partition("@")
                times, values = self._new_samples(signals, key)
                for rule in by_signal.get(name, ()):
                    changes += self._follow(rule, key, signals, times, values)
            changes += self._mark_stale(signals, now)
        self._tell(changes)

    def _new_samples(self, signals: Signals, key: str) -> tuple[Array, Array]:
        """What came under ``key`` since the last call. Two samples may bear the same time, even across calls."""
        since, seen = self._cursors.get(key, (-math.inf, 0))
        latest = signals.latest(key)
        if latest is not None and latest.t < since:  # the source went back in time: a recording was rewound
            self._cursors[key] = (latest.t, int(signals.window(key, latest.t, latest.t)[0].size))
            self._states = {at: state for at, state in self._states.items() if at[1] != key or state.active}
            return signals.window(key, math.inf, math.inf)
        times, values = signals.window(key, since, math.inf)
        if times.size:
            last = float(times[-1])
            self._cursors[key] = (last, int((times == last).sum()))
        known = min(seen, int((times == since).sum()))
        return times[known:], values[known:]

    def _follow(
        self, rule: AlarmRule, key: str, signals: Signals, times: Array, values: Array
    ) -> Iterable[AlarmChanged]:
        at = (rule.id, key)
        state = self._states.get(at)
        if state is None:
            state = self._states[at] = RuleState(rule)
        if state.quiet and not rule.outside(values):
            return
        for t, value in zip(times.tolist(), values.tolist(), strict=True):
            transition = state.step(t, value)
            if transition is None:
                continue
            if transition.raised:
                latest = signals.latest(key)
                yield self._raise(at, rule, latest.ecu if latest else "", transition)
            else:
                self._keep_peak(at, transition.peak)
                yield self._clear(at, transition.t)
        if state.active:
            self._keep_peak(at, state.peak)

    def _raise(self, at: tuple[str, str], rule: AlarmRule, ecu: str, transition: Transition) -> AlarmChanged:
        wall = self._wall() - max(0.0, self._now - transition.t)
        alarm = Alarm(uuid.uuid4().hex, rule, at[1], ecu, transition.t, wall, transition.peak)
        self._alarm_of[at] = alarm.id
        self._visible[alarm.id] = alarm
        self._make_room()
        return AlarmChanged(AlarmChange.RAISED, alarm)

    def _make_room(self) -> None:
        if len(self._visible) <= MOST_VISIBLE:
            return
        oldest = next((alarm for alarm in self._visible.values() if alarm.state == "cleared"), None)
        if oldest is not None:
            self._history.append(self._visible.pop(oldest.id))

    def _keep_peak(self, at: tuple[str, str], peak: float) -> None:
        alarm = self._visible[self._alarm_of[at]]
        if alarm.peak != peak:
            self._visible[alarm.id] = replace(alarm, peak=peak)

    def _clear(self, at: tuple[str, str], t: float) -> AlarmChanged:
        alarm = self._visible[self._alarm_of.pop(at)]
        wall = self._wall() - max(0.0, self._now - t)
        return AlarmChanged(
            AlarmChange.CLEARED, self._keep(replace(alarm, cleared_at=t, cleared_wall=wall, stale=False))
        )

    def _keep(self, alarm: Alarm) -> Alarm:
        if alarm.state == "closed":
            self._visible.pop(alarm.id, None)
            self._history.append(alarm)
        else:
            self._visible[alarm.id] = alarm
        return alarm

    def _mark_stale(self, signals: Signals, now: float) -> Iterable[AlarmChanged]:
        for id in self._alarm_of.values():
            alarm = self._visible[id]
            latest = signals.latest(alarm.key)
            stale = latest is None or now - latest.t > stale_after(alarm.rule.signal)
            if stale != alarm.stale:
                change = AlarmChange.STALE if stale else AlarmChange.FRESH
                yield AlarmChanged(change, self._keep(replace(alarm, stale=stale)))

    def begin(self) -> None:
        """Start with another car: alarms still on are cleared, since nobody will hear of their signals again."""
        with self._lock:
            changes = [self._clear(at, self._now) for at in list(self._alarm_of)]
            self._states.clear()
        self._tell(changes)

    # --- people

    def active(self) -> tuple[Alarm, ...]:
        """The alarms to show: on, or over but not yet acknowledged. Critical ones first, then the newest."""
        with self._lock:
            shown = list(self._visible.values())
        return tuple(sorted(shown, key=lambda alarm: (alarm.rule.severity != Severity.CRITICAL, -alarm.raised_at)))

    def history(self) -> tuple[Alarm, ...]:
        """The alarms that are over and acknowledged, newest first; the last ``HISTORY`` of them."""
        with self._lock:
            return tuple(reversed(self._history))

    def acknowledge(self, id: str, who: str) -> Alarm:
        """A person has seen it; the first one to say so stands.

        Raises ``UnknownAlarm`` when it is not to be acknowledged any more, ``ValueError`` when ``who`` is nobody.
        """
        if not who.strip():
            raise ValueError(tr("Say who acknowledges the alarm."))
        with self._lock:
            alarm = self._visible.get(id)
            if alarm is None:
                raise UnknownAlarm(tr("This alarm is over and was acknowledged already."))
            if alarm.acknowledged_at is not None:
                return alarm
            alarm = self._keep(replace(alarm, acknowledged_at=self._wall(), acknowledged_by=who.strip()))
        self._tell([AlarmChanged(AlarmChange.ACKNOWLEDGED, alarm)])
        return alarm

    # --- listeners

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every change; returns what ends that."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def _tell(self, changes: Iterable[AlarmChanged]) -> None:
        changes = list(changes)
        if not changes:
            return
        with self._lock:
            listeners = tuple(self._listeners)
        for change in changes:
            for listener in listeners:
                listener(change)


def stale_after(signal: str) -> float:
    """Seconds of silence after which nobody may claim to know a signal's value."""
    known = SIGNALS.get(signal)
    return max(STALE_AFTER_S, SAMPLES_MISSED / known.rate_hz) if known and known.rate_hz > 0 else STALE_AFTER_S
