"""Times as a person reads them on an axis, a cursor and a timeline: the clock on the wall, and how long ago.

A source counts seconds of its own clock; ``offset`` added to them gives epoch seconds.
"""

import math
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QLocale

from core.language import current, tr

# Steps that divide the face of a clock, s.
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
MINUS = "−"


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A mark at ``t`` (s of the source's clock) with the words at it."""

    t: float
    text: str


def wall_offset(source: Any) -> float:
    """Seconds from a source's clock to the epoch: a recording began at a known time, a live one counts monotonic."""
    index = getattr(source, "index", None)
    return index.start_utc_ms / 1000 if index is not None else time.time() - time.monotonic()


def tick_step(length: float, most: int) -> float:
    """The smallest step of ``STEPS`` that makes at most ``most`` ticks over ``length`` seconds."""
    return next((step for step in STEPS if length / step <= most), STEPS[-1])


def time_ticks(start: float, end: float, step: float, offset: float) -> tuple[TimeTick, ...]:
    """Marks between two times of the source's clock, at round times of the clock on the wall."""
    zone = _zone(start + offset)
    shift = offset + zone
    first, last = math.ceil((start + shift) / step - 1e-9), math.floor((end + shift) / step + 1e-9)
    return tuple(TimeTick(n * step - shift, _tick_text(n * step - zone, step)) for n in range(first, last + 1))


def _zone(epoch: float) -> float:
    """Seconds that the local clock is ahead of UTC at that moment."""
    return float(datetime.fromtimestamp(epoch).astimezone().utcoffset().total_seconds())  # type: ignore[union-attr]


def _tick_text(epoch: float, step: float) -> str:
    # A float just under the round time would read a second early; half a millisecond keeps 14:03:00 from 14:02:59.
    at = datetime.fromtimestamp(epoch + 0.0005)
    if step < 1:
        return f"{at:%H:%M:%S}{_point()}{at.microsecond // 100_000}"
    return f"{at:%H:%M:%S}" if step < 60 else f"{at:%H:%M}"


def _point() -> str:
    return QLocale(current()).decimalPoint()


def clock(t: float, offset: float, decimals: int = 0) -> str:
    """``14:03:12`` or, with decimals, ``14:03:12.4``: the clock on the wall at ``t`` of the source's clock."""
    at = datetime.fromtimestamp(t + offset)
    tail = f"{_point()}{at.microsecond:06d}"[: 1 + decimals] if decimals else ""
    return f"{at:%H:%M:%S}{tail}"


def span(seconds: float, decimals: int = 0) -> str:
    """``2:13``, ``1:02:13`` or, with decimals, ``2:13.4``; without a sign."""
    unit = 10**decimals
    whole, part = divmod(round(abs(seconds) * unit), unit)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    tail = f"{_point()}{part:0{decimals}d}" if decimals else ""
    return f"{hours}:{minute:02d}:{second:02d}{tail}" if hours else f"{minute:02d}:{second:02d}{tail}"


def ago(seconds: float, decimals: int = 0) -> str:
    """``−02:13``: that long before now; ``now`` for less than half of the last digit."""
    if abs(seconds) < 0.5 / 10**decimals:
        return tr("now")
    return (MINUS if seconds > 0 else "+") + span(seconds, decimals)


def difference(seconds: float) -> str:
    """A measured length of time: ``0.42 s``, ``12.8 s``, ``2:13.4``."""
    locale = QLocale(current())
    if abs(seconds) < 60:
        text = locale.toString(abs(seconds), "f", 2 if abs(seconds) < 10 else 1) + " s"
    else:
        text = span(seconds, 1)
    return (MINUS if seconds < 0 else "") + text
