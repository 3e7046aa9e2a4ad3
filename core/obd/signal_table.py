"""What a signal is, and the tables of them: read from ``resources/signals``, checked row by row before use."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from core.obd.formula import LETTERS, Field, Formula, flag, invert

KINDS = ("number", "enum", "bits")
MASK_PIDS = frozenset(range(0, 0x100, 0x20))  # "which of the next 32 do you support", four bytes each
NO_STATES: Mapping[int, str] = MappingProxyType({})


class TableError(ValueError):
    """A row of a signal table is wrong; the message names the row and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a value becomes worth a warning; None where it never does. In the signal's own unit."""

    warn_low: float | None = None
    warn_high: float | None = None
    crit_low: float | None = None
    crit_high: float | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One value a car can give: what it is called, how its bytes are read, what it can be.

    ``minimum``, ``maximum`` and ``resolution`` are in ``unit`` and are those of the bytes, not of the car.
    """

    name: str  # unique, snake case
    title: str  # English; translate with ``tr`` where it is shown
    pid: int | None  # of Mode 01; None for a derived signal
    unit: str
    formula: str
    minimum: float
    maximum: float
    resolution: float
    decimals: int
    length: int  # data bytes of the whole PID, without service and PID; 0 for a derived signal
    kind: str  # "number" | "enum" | "bits"
    states: Mapping[int, str] = field(hash=False)  # "enum": code -> meaning; "bits": bit number -> meaning of a set bit
    limits: Limits
    rate_hz: float  # a sensible rate to ask for
    source: str
    group: str = ""
    supported_bit: str = ""  # the bit of the reply that says this value is there: "A0", or "!A0" when it must be clear
    absent: str = ""  # a formula; true when the bytes say "no value"
    also_length: int = 0  # another length the standard allows (PID 06 with banks 3 and 4); 0 when there is none

    @property
    def longest(self) -> int:
        """Data bytes of the longest reply the PID may give."""
        return max(self.length, self.also_length)

    @property
    def pid_text(self) -> str:
        """``"0C"``; empty for a derived signal."""
        return "" if self.pid is None else f"{self.pid:02X}"


def _number(text: str) -> float:
    """A decimal or an exact fraction, ``65535/32768``."""
    return float(Fraction(text))


def _optional(text: str) -> float | None:
    return _number(text) if text else None


def _signal(row: Mapping[str, str], states: Mapping[str, Mapping[int, str]]) -> Signal:
    if row["states"] and row["states"] not in states:
        raise TableError(f"there is no [{row['states']}] in states.toml")
    return Signal(
        name=row["name"],
        title=row["title"],
        pid=int(row["pid"], 16) if row["pid"] else None,
        unit=row["unit"],
        formula=row["formula"],
        minimum=_number(row["minimum"]),
        maximum=_number(row["maximum"]),
        resolution=_number(row["resolution"]),
        decimals=int(row["decimals"]),
        length=int(row["length"]),
        kind=row["kind"],
        states=states[row["states"]] if row["states"] else NO_STATES,
        limits=Limits(*(_optional(row[column]) for column in ("warn_low", "warn_high", "crit_low", "crit_high"))),
        rate_hz=_number(row["rate_hz"]),
        source=row["source"],
        group=row["group"],
        supported_bit=row["supported_bit"],
        absent=row["absent"],
        also_length=int(row["also_length"] or 0),
    )


def read_states(path: Path) -> dict[str, Mapping[int, str]]:
    """The named lists of codes and bits: ``{"fuel_type": {1: "Petrol", ...}}``. Raises ``TableError``."""
    lists: dict[str, Mapping[int, str]] = {}
    for name, entries in tomllib.loads(path.read_text("utf-8")).items():
        try:
            lists[name] = MappingProxyType({int(code, 0): str(text) for code, text in entries.items()})
        except ValueError as error:
            raise TableError(f"{path.name} [{name}]: {error}") from None
    return lists


def read_table(path: Path, states: Mapping[str, Mapping[int, str]]) -> list[Signal]:
    """The signals of one CSV file, in its order, each checked. Raises ``TableError`` naming file and line."""
    signals = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        for row in rows:
            try:
                signal = _signal(row, states)
                check(signal)
            except (KeyError, ValueError, TypeError, ZeroDivisionError) as error:
                raise TableError(f"{path.name}, line {rows.line_num} ({row.get('name')}): {error}") from error
            signals.append(signal)
    check_together(signals)
    return signals


def check(signal: Signal) -> None:
    """Refuse a row that contradicts itself. Raises ``TableError``."""
    if not signal.name.isidentifier() or signal.name != signal.name.lower():
        raise TableError(f"{signal.name!r} is not a snake case name")
    if signal.kind not in KINDS:
        raise TableError(f"kind {signal.kind!r} is none of {', '.join(KINDS)}")
    if not signal.title or not signal.source:
        raise TableError("a title and a source are needed")
    if signal.rate_hz <= 0:
        raise TableError("a rate is above 0 Hz")
    if signal.kind == "number" and signal.states:
        raise TableError("a number has no states")
    if signal.kind != "number" and not signal.states:
        raise TableError(f"an {signal.kind} signal needs states")
    if not signal.minimum < signal.maximum or signal.resolution <= 0:
        raise TableError("minimum, maximum and resolution make no scale")
    if signal.pid is not None:
        _check_bytes(signal)


def _check_bytes(signal: Signal) -> None:
    formula = Formula.of(signal.formula)
    conditions = [flag(signal.supported_bit)] if signal.supported_bit else []
    if signal.absent:
        conditions.append(Formula.of(signal.absent))
    for part in (formula, *conditions):
        if part.bytes_needed > signal.longest:
            raise TableError(f"{part.text!r} reads byte {LETTERS[part.bytes_needed - 1]} of {signal.longest}")
    bits = field_of(signal)
    found = {"minimum": bits.minimum, "maximum": bits.maximum, "resolution": bits.step}
    for what, computed in found.items():
        stated: float = getattr(signal, what)
        if abs(stated - computed) > 1e-9 * max(1.0, abs(computed)):
            raise TableError(f"{what} {stated!r} is stated, but {signal.formula!r} gives {computed!r}")
    if signal.kind == "bits" and max(signal.states) >= len(bits.bits):
        raise TableError(f"bit {max(signal.states)} has a meaning, but the formula reads {len(bits.bits)} bits")
    if signal.kind == "enum" and max(signal.states) > bits.maximum:
        raise TableError(f"code {max(signal.states)} cannot come out of {signal.formula!r}")


def field_of(signal: Signal) -> Field:
    """The bits behind a Mode 01 signal. Raises ``FormulaError``."""
    return invert(Formula.of(signal.formula))


def check_together(signals: Iterable[Signal]) -> None:
    """Refuse two rows of one name, or two lengths of one PID. Raises ``TableError``."""
    names: set[str] = set()
    lengths: dict[int, tuple[int, int]] = {}
    for signal in signals:
        if signal.name in names:
            raise TableError(f"{signal.name!r} stands in the table twice")
        names.add(signal.name)
        if signal.pid is None:
            continue
        if signal.pid in MASK_PIDS:
            raise TableError(f"PID {signal.pid_text} says what is supported, it has no value")
        own = (signal.length, signal.also_length)
        if lengths.setdefault(signal.pid, own) != own:
            raise TableError(
                f"PID {signal.pid_text} has different lengths in its rows: {lengths[signal.pid]} and {own}"
            )
