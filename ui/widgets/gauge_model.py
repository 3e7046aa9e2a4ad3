"""What a gauge is asked to show and what it may claim: the specification a layout keeps, and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QLocale

from core.language import current, mark, tr
from core.obd.signals import SIGNALS, Signal

STALE_AFTER = 2.0  # s (UI.md)
NO_VALUE = "–"


class Dress(StrEnum):
    """The four ways one gauge looks. The values are the ones a layout is saved with."""

    DIAL = "dial"
    BAR = "bar"
    NUMBER = "number"
    TREND = "trend"


DRESS_NAMES: Mapping[Dress, str] = {
    Dress.DIAL: mark("Dial"),
    Dress.BAR: mark("Bar"),
    Dress.NUMBER: mark("Number"),
    Dress.TREND: mark("Trend"),
}

# Of 12 by 12. The least in which a dress can be read from two metres on the smallest terminal (1280 x 800).
LEAST_CELLS: Mapping[Dress, tuple[int, int]] = {
    Dress.DIAL: (2, 4),
    Dress.BAR: (1, 2),
    Dress.NUMBER: (2, 2),
    Dress.TREND: (2, 3),
}
USUAL_CELLS: Mapping[Dress, tuple[int, int]] = {
    Dress.DIAL: (3, 6),
    Dress.BAR: (3, 3),
    Dress.NUMBER: (3, 3),
    Dress.TREND: (4, 4),
}


class Condition(StrEnum):
    """How much a gauge may claim."""

    LIVE = "live"
    STALE = "stale"  # there was a value, but the last one is old
    NO_ANSWER = "no answer"  # asked for, never answered
    NOT_OFFERED = "not offered"  # this car does not have it


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of grid cells: column, row, width, height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def overlaps(self, other: "Cells") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class GaugeSpec:
    """One gauge of a layout. ``signal`` is a key of ``Signals``; ``low`` and ``high`` are in the signal's own unit."""

    id: str
    signal: str
    dress: Dress
    cells: Cells
    unit: str = ""  # "": the one the person prefers
    low: float | None = None  # None: automatic
    high: float | None = None
    marks: bool = True  # lowest, highest and mean of the session
    rate: bool = False  # achieved values a second


@dataclass(frozen=True, slots=True)
class Readout:
    """What the words of a gauge say at a moment. ``age`` is in seconds, 0 while live."""

    condition: Condition
    text: str
    age: float = 0.0


def signal_of(key: str) -> Signal | None:
    """The signal behind a key such as ``coolant_temperature@7E9``; None when no table knows it."""
    return SIGNALS.get(key.partition("@")[0])


def title_of(key: str) -> str:
    """The title a person reads, in their language, with the control unit when it is a second one's."""
    name, _, ecu = key.partition("@")
    signal = SIGNALS.get(name)
    title = tr(signal.title) if signal else name.replace("_", " ")
    return f"{title} ({ecu})" if ecu else title


def condition_at(last: float | None, now: float, offered: bool) -> tuple[Condition, float]:
    """What may be claimed at ``now`` when the last sample came at ``last`` (s), and that sample's age in seconds."""
    if last is None:
        return (Condition.NO_ANSWER if offered else Condition.NOT_OFFERED), 0.0
    age = max(0.0, now - last)
    return (Condition.LIVE, 0.0) if age <= STALE_AFTER else (Condition.STALE, age)


def age_words(seconds: float) -> str:
    """``3 s old``, ``4 min old``, ``2 h old``."""
    if seconds < 100:
        return tr("{n} s old", n=int(seconds))
    if seconds < 6000:
        return tr("{n} min old", n=int(seconds / 60))
    return tr("{n} h old", n=int(seconds / 3600))


def number_text(value: float, decimals: int) -> str:
    """``value`` with fixed decimals as the person's language writes it, with a true minus sign and no minus zero."""
    if abs(value) >= 1e6:
        return "∞" if value > 0 else "−∞"
    rounded = round(value, decimals) + 0.0
    locale = QLocale(current())
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(rounded, "f", decimals).replace("-", "−")


def state_text(signal: Signal, value: float) -> str:
    """The words of a code, or of every bit that is set, joined; a code without a meaning is shown as its number."""
    code = int(value)
    if signal.kind == "bits":
        words = [tr(words) for bit, words in signal.states.items() if code >> bit & 1]
        return ", ".join(words) if words else tr("none")
    words_ = signal.states.get(code)
    return tr(words_) if words_ is not None else tr("code {n}", n=code)


def value_text(signal: Signal, value: float, decimals: int) -> str:
    """How a gauge writes ``value``, already in the unit shown."""
    return number_text(value, decimals) if signal.kind == "number" else state_text(signal, value)
