"""From the bytes of a reply to values, and back: one compiled function a PID, one numpy pass for a whole recording."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.obd.formula import ByteRows, Column, Field, Formula, flag
from core.obd.signal_table import Signal, field_of

Decoder = Callable[[bytes], dict[str, float]]


def within(signals: Sequence[Signal], length: int) -> list[Signal]:
    """The signals whose bytes are all in a reply of ``length`` data bytes."""
    return [signal for signal in signals if Formula.of(signal.formula).bytes_needed <= length]


def compile_decoder(signals: tuple[Signal, ...], length: int) -> Decoder:
    """One function that gives all values of a PID's reply of ``length`` bytes, but those it says are not there.

    It is generated as plain Python without a loop or a lookup: a gauge page decodes some hundred replies a second, a
    recording some hundred thousand.
    """
    lines = ["def decode(d):", " v = {}"]
    for signal in within(signals, length):
        conditions = " and ".join(condition.python for condition in _conditions(signal))
        lead = f" if {conditions}: " if conditions else " "
        lines.append(f"{lead}v[{signal.name!r}] = float({Formula.of(signal.formula).python})")
    lines.append(" return v")
    space: dict[str, Decoder] = {}
    # Safe: every expression was built from checked nodes only, and every name is an identifier.
    exec(compile("\n".join(lines), "<decoder of a PID>", "exec"), {"__builtins__": {"float": float}}, space)
    return space["decode"]


def decode_rows(signals: Sequence[Signal], rows: ByteRows) -> dict[str, Column]:
    """Many replies of one PID at once: ``rows`` (n, length) gives n values a signal, NaN where one is not there."""
    values = {}
    for signal in within(signals, rows.shape[1]):
        column = Formula.of(signal.formula).column(rows)
        for condition in _conditions(signal):
            column[condition.column(rows) == 0] = np.nan
        values[signal.name] = column
    return values


def _conditions(signal: Signal) -> list[Formula]:
    """What must be true of the bytes for the value to be there."""
    conditions = [flag(signal.supported_bit)] if signal.supported_bit else []
    if signal.absent:
        conditions.append(Formula.of(f"({signal.absent}) == 0"))
    return conditions


class Encoder:
    """Bytes from values, for the simulator: the inverse of one PID's decoder."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self._length = signals[0].length
        self._longest = signals[0].longest
        self._fields: dict[str, Field] = {signal.name: field_of(signal) for signal in signals}
        self._reach = {signal.name: Formula.of(signal.formula).bytes_needed for signal in signals}
        self._flags = {s.name: flag_bit(s.supported_bit) for s in signals if s.supported_bit}
        # A value that is not given: the bytes that say so, or the ones nearest to zero.
        self._rest = bytearray(self._longest)
        for signal in signals:
            self._fields[signal.name].write(self._rest, 0.0)
            if signal.absent:
                self._write_absent(signal)

    def _write_absent(self, signal: Signal) -> None:
        """Put all ones where that means "no value"; otherwise leave the zero."""
        ones = bytearray(self._rest)
        for position, mask in self._fields[signal.name].bits:
            ones[position] |= mask
        if Formula.of(signal.absent).value(bytes(ones)):
            self._rest = ones

    def encode(self, values: Mapping[str, float]) -> bytes:
        """The nearest bytes; unknown names are a ``KeyError``."""
        data = bytearray(self._rest)
        for name, value in values.items():
            self._fields[name].write(data, value)
        for name in values:
            if name in self._flags:
                position, mask, inverted = self._flags[name]
                data[position] = data[position] & ~mask if inverted else data[position] | mask
        longer = any(self._reach[name] > self._length for name in values)
        return bytes(data[: self._longest if longer else self._length])


def flag_bit(text: str) -> tuple[int, int, bool]:
    """``"!B3"`` as (byte position 1, mask 0x08, True). Raises ``FormulaError``."""
    condition = flag(text)
    return condition.bytes_needed - 1, 1 << int(text[-1]), text.startswith("!")
