"""Times and amounts as a person reads them, in the language in use."""

from datetime import datetime

from PySide6.QtCore import QDate, QLocale

from core import language
from core.language import tr
from core.obd.signals import Signal
from core.obd.units import METRIC, SYSTEMS, in_units, shown_decimals, unit_words

_units = METRIC


def use_units(system: str) -> None:
    """Say amounts in ``system`` ("metric" or "imperial") from now on. Raises ``ValueError`` for another word."""
    global _units  # noqa: PLW0603 - one window speaks one system, as it speaks one language
    if system not in SYSTEMS:
        raise ValueError(f"{system!r} is not one of {', '.join(SYSTEMS)}")
    _units = system


def amount(signal: Signal, value: float, unit: str = "") -> str:
    """A value of a signal with its unit, in the system in use or in ``unit`` where a person chose one for it."""
    shown, shown_unit = in_units(signal.unit, value, unit or _units)
    return (
        f"{number(shown, shown_decimals(signal.unit, signal.decimals, shown_unit))} {unit_words(shown_unit)}".rstrip()
    )


def limit(signal: Signal, value: float) -> str:
    """A limit of a signal: as ``amount``, but "90 %" where nobody set "90.0 %"."""
    shown, shown_unit = in_units(signal.unit, value, _units)
    decimals = 0 if shown == round(shown) else shown_decimals(signal.unit, signal.decimals, shown_unit)
    return f"{number(shown, decimals)} {unit_words(shown_unit)}".rstrip()


def locale() -> QLocale:
    """Qt's locale of the language in use."""
    return QLocale(language.current())


def time_of_day(epoch: float, seconds: bool = False) -> str:
    """The local time of ``epoch`` seconds: "14:02", or "14:02:11"."""
    moment = datetime.fromtimestamp(epoch)
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def day(epoch: float) -> str:
    """The local date of ``epoch`` seconds, short: "Mon 21 Sep", "Mo. 21.9."."""
    moment = datetime.fromtimestamp(epoch)
    return locale().toString(QDate(moment.year, moment.month, moment.day), tr("ddd d MMM"))


def stretch(seconds: float) -> str:
    """A length of time as a clock counts it: "0:07", "12:04", "1:02:11"."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def ago(seconds: float) -> str:
    """How long something has been so, roughly: "for 8 s", "for 5 min", "for 2 h"."""
    if seconds < 100:
        return tr("for {count} s", count=max(0, int(seconds)))
    if seconds < 6000:
        return tr("for {count} min", count=int(seconds / 60))
    return tr("for {count} h", count=int(seconds / 3600))


def hours(ms: int) -> str:
    """Hours of work to a tenth, "1.5 h", and minutes below one: a clock that just began to run does not say zero."""
    minutes = max(1, round(ms / 60_000)) if ms > 0 else 0
    if 0 < minutes < 60:
        return tr("{count} min", count=minutes)
    return tr("{count} h", count=number(ms / 3_600_000, 1 if ms else 0))


def number(value: float, decimals: int = 0) -> str:
    """A number with the decimal sign of the language, "13.9" or "13,9", and thousands together as on the gauges.

    "6.000 rpm" is six thousand to a German and six to an Englishman; both may stand at the same car.
    """
    plain = locale()
    plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return plain.toString(float(value), "f", decimals)


def count(value: int) -> str:
    """A whole number with its thousands apart."""
    return locale().toString(value)
