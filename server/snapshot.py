"""The latest values as JSON text, written once a moment and shared by everybody who wants the same.

A value is ``live`` for two seconds after its sample, then ``stale``; a signal that is offered but never came is
``no answer`` and has no value, because no answer is not zero (UI.md). The text is put together from ready-made pieces:
a tick for ten tablets costs the interpreter lock less than one ``json.dumps`` would.
"""

import json
import math
from collections.abc import Sequence

from core.diagnostics.source import Source
from core.obd.signals import SIGNALS, Signal

STALE_AFTER = 2.0  # s
MOST_PIECES = 2048  # names can be made up by a client (engine_speed@ABC): what is remembered of them is bounded

LEAST_WATCH = 1.0  # Hz: asked for more slowly, a value would be stale before it is sent

LIVE, STALE, NO_ANSWER = "live", "stale", "no answer"


def signal_of(key: str) -> Signal | None:
    """The signal behind a key of the store, ``"coolant_temperature@7E9"`` included; None for an unknown one."""
    return SIGNALS.get(key.partition("@")[0])


def offered(source: Source) -> tuple[str, ...]:
    """Every signal the car offers, then what was seen besides: all that can be shown."""
    names = source.available()
    known = set(names)
    return (*names, *(key for key in source.signals.keys() if key not in known))  # noqa: SIM118 - not a mapping


def watch_rate(name: str, rate: float) -> float:
    """How often to ask the car: as the tablet wants, but no faster than the value can change."""
    signal = signal_of(name)
    sensible = max(LEAST_WATCH, signal.rate_hz) if signal else LEAST_WATCH
    return min(max(rate, LEAST_WATCH), sensible)


class _Pieces:
    """What never changes about one signal: the text around its value."""

    __slots__ = ("after", "before", "empty", "row")

    def __init__(self, key: str) -> None:
        signal = signal_of(key)
        unit = json.dumps(signal.unit if signal else "", ensure_ascii=False)
        self.before = f'{json.dumps(key)}:{{"value":'
        self.row = f'{{"pid":{json.dumps(signal.pid_text if signal else "")},"name":{json.dumps(key)},"value":'
        self.after = f',"unit":{unit},"age_s":'
        self.empty = f'null,"unit":{unit},"age_s":null,"state":"{NO_ANSWER}"}}'


class Snapshots:
    """Writes the values of a source as JSON. One thread uses it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._pieces: dict[str, _Pieces] = {}

    def data(self, names: Sequence[str], now: float) -> str:
        """``{"engine_speed": {"value", "unit", "age_s", "state"}, …}`` of the names, as of ``now`` (source clock)."""
        parts = [(pieces := self._of(name)).before + self._value(name, pieces, now) for name in names]
        return "{" + ",".join(parts) + "}"

    def rows(self, names: Sequence[str], now: float) -> str:
        """``{"signals": [{"pid", "name", "value", "unit", "age_s", "state"}, …]}`` of the names."""
        parts = [(pieces := self._of(name)).row + self._value(name, pieces, now) for name in names]
        return '{"signals":[' + ",".join(parts) + "]}"

    def _of(self, name: str) -> _Pieces:
        pieces = self._pieces.get(name)
        if pieces is None:
            if len(self._pieces) >= MOST_PIECES:
                self._pieces.clear()
            pieces = self._pieces[name] = _Pieces(name)
        return pieces

    def _value(self, name: str, pieces: _Pieces, now: float) -> str:
        reading = self._source.signals.latest(name)
        if reading is None or not math.isfinite(reading.value):
            return pieces.empty
        age = max(0.0, now - reading.t)
        state = LIVE if age <= STALE_AFTER else STALE
        return f'{float(reading.value)!r}{pieces.after}{age:.2f},"state":"{state}"}}'
