"""How an alarm is said: severity, what it watches, how far it went, since when, and where it stands."""

from collections.abc import Mapping

from core.diagnostics.alarms import SEVERITY_WORDS, Alarm
from core.language import mark, tr
from core.obd.signals import SIGNALS
from ui import words

STATES: Mapping[str, str] = {
    "active": mark("On"),
    "acknowledged": mark("On, acknowledged"),
    "cleared": mark("Over, not acknowledged"),
    "closed": mark("Over"),
}


def title(alarm: Alarm) -> str:
    """The signal, with the control unit when it is not the one that owns the plain name."""
    signal = SIGNALS.get(alarm.rule.signal)
    name = tr(signal.title) if signal else alarm.rule.signal
    _, _, ecu = alarm.key.partition("@")
    return f"{name} ({ecu})" if ecu else name


def severity(alarm: Alarm) -> str:
    return tr(SEVERITY_WORDS[alarm.rule.severity])


def amount(alarm: Alarm, value: float) -> str:
    """A value of the alarm's signal, in the units in use."""
    signal = SIGNALS.get(alarm.rule.signal)
    return words.number(value, 1) if signal is None else words.amount(signal, value)


def peak(alarm: Alarm) -> str:
    return tr("peak {value}", value=amount(alarm, alarm.peak))


def limit(alarm: Alarm) -> str:
    """What the rule allows: "over 110 °C"."""
    rule, signal = alarm.rule, SIGNALS.get(alarm.rule.signal)
    below, above = (
        "" if value is None else words.number(value, 1) if signal is None else words.limit(signal, value)
        for value in (rule.below, rule.above)
    )
    if above and below:
        return tr("outside {below} to {above}", below=below, above=above)
    return tr("over {above}", above=above) if above else tr("under {below}", below=below)


def span(alarm: Alarm, now: float) -> str:
    """When it began, and for how long it has been on or when it ended; ``now`` is the source's clock."""
    since = words.time_of_day(alarm.raised_wall, seconds=True)
    if alarm.cleared_at is None:
        return tr("since {time}, {length}", time=since, length=words.ago(now - alarm.raised_at))
    lasted = words.stretch(alarm.cleared_at - alarm.raised_at)
    return tr("began {time}, lasted {length}", time=since, length=lasted)


def state(alarm: Alarm) -> str:
    """Where it stands, with who acknowledged it and that nobody knows when the signal is silent."""
    if alarm.stale and alarm.cleared_at is None:
        return tr("The signal is silent: nobody knows whether it still holds")
    if not alarm.acknowledged_by:
        return tr(STATES[alarm.state])
    if alarm.cleared_at is None:
        return tr("On, acknowledged by {who}", who=alarm.acknowledged_by)
    return tr("Over, acknowledged by {who}", who=alarm.acknowledged_by)
