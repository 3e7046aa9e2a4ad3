"""What is told only when it changes: the link in words, the alarms, and what the dials of this car look like."""

import json
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.diagnostics.alarm_rules import SEVERITY_WORDS, AlarmRule, Severity, rules_with
from core.diagnostics.dial_range import dial_range
from core.diagnostics.source import Source
from core.language import mark, tr
from core.obd.signals import Signal
from core.obd.words import explain
from server.snapshot import offered, signal_of

if TYPE_CHECKING:
    from core.diagnostics.alarms import Alarm

STATE_WORDS = {
    "active": mark("Active"),
    "acknowledged": mark("Acknowledged"),
    "cleared": mark("Ended, not yet acknowledged"),
    "closed": mark("Ended"),
}

Limits = dict[str, float | None]


class Notices:
    """Writes the slow messages. ``alarms`` gives the alarms raised now; a playback has none."""

    def __init__(self, source: Source, alarms: Callable[[], "tuple[Alarm, ...]"] | None = None) -> None:
        self.source = source
        self._alarms = alarms or (lambda: ())

    def status(self) -> str:
        """The link, as a ``status`` message in the language in use."""
        status = self.source.status()
        said = explain(status)
        message = {
            "type": "status",
            "state": str(status.state),
            "words": said.headline,
            "detail": said.detail,
            "tries": said.tries,
            "vehicle": self.source.profile.title,
            "vehicle_id": self.source.profile.id,
            "catalogue": self.catalogue_mark(),
        }
        return json.dumps(message)

    def alarms(self) -> str:
        """Every alarm raised now, as an ``alarms`` message in the language in use."""
        return json.dumps({"type": "alarms", "alarms": self.alarm_rows()})

    def alarm_rows(self) -> list[dict[str, Any]]:
        """One row an alarm, the newest first."""
        return [_alarm_row(alarm) for alarm in sorted(self._alarms(), key=lambda a: a.raised_wall, reverse=True)]

    def catalogue_mark(self) -> str:
        """Changes when ``catalogue_rows`` would: another car, another signal, another limit."""
        seen = (self.source.profile.id, offered(self.source), sorted(self._rules().items()))
        return f"{zlib.crc32(repr(seen).encode()):08x}"

    def catalogue_rows(self) -> list[dict[str, Any]]:
        """What is needed to draw a dial of each signal offered, in the language in use."""
        rules = self._rules()
        return [_catalogue_row(key, signal_of(key), rules) for key in offered(self.source)]

    def _rules(self) -> dict[str, AlarmRule]:
        return {rule.id: rule for rule in rules_with(self.source.profile.limits) if rule.enabled}


def _alarm_row(alarm: "Alarm") -> dict[str, Any]:
    rule = alarm.rule
    signal = signal_of(rule.signal)
    return {
        "id": alarm.id,
        "signal": alarm.key,
        "title": tr(signal.title) if signal else rule.signal,
        "severity": str(rule.severity),
        "severity_words": tr(SEVERITY_WORDS[rule.severity]),
        "words": rule.words,
        "peak": alarm.peak,
        "unit": signal.unit if signal else "",
        "state": alarm.state,
        "state_words": tr(STATE_WORDS[alarm.state]),
        "raised_at": alarm.raised_wall,
    }


def _catalogue_row(key: str, signal: Signal | None, rules: dict[str, AlarmRule]) -> dict[str, Any]:
    if signal is None:  # a recording of a newer Bayline may hold signals that this one has no table of
        return {"name": key, "pid": "", "title": key, "unit": "", "kind": "number", "decimals": 2, "group": "",
                "low": 0.0, "high": 100.0, "limits": _limits("", {}), "states": {}}  # fmt: skip
    low, high = dial_range(signal)
    unit = key.partition("@")[2]
    return {
        "name": key,
        "pid": signal.pid_text,
        "title": f"{tr(signal.title)} ({unit})" if unit else tr(signal.title),
        "unit": signal.unit,
        "kind": signal.kind,
        "decimals": signal.decimals,
        "group": signal.group,
        "low": low,
        "high": high,
        "limits": _limits(signal.name, rules),
        "states": {str(code): tr(meaning) for code, meaning in signal.states.items()},
    }


def _limits(name: str, rules: dict[str, AlarmRule]) -> Limits:
    """The signal's limits as its alarms watch them."""
    warn = rules.get(f"{name}:{Severity.WARNING}")
    critical = rules.get(f"{name}:{Severity.CRITICAL}")
    return {
        "warn_low": warn.below if warn else None,
        "warn_high": warn.above if warn else None,
        "crit_low": critical.below if critical else None,
        "crit_high": critical.above if critical else None,
    }
