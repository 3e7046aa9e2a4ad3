"""Every value of SAE J1979 service 01 that has a scaling, and those derived from them: decode, encode, find.

The numbers come from ``resources/signals/mode01.csv`` (one row a value) and ``states.toml`` (what codes and bits mean).
Lengths are data bytes, without service and PID. A decoder never guesses: data of the wrong length is refused, and
what the control unit itself flags as "not supported" is left out.

python-OBD's decoders agree with ours where ``tests/core/obd/test_signals_against_python_obd.py`` says so; ``obd`` is
not imported here (it costs 0.23 s and 28 MB), only by that test.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import resources
from core.language import tr
from core.obd.decoders import Decoder, Encoder, compile_decoder, decode_rows
from core.obd.formula import ByteRows, Column
from core.obd.signal_table import MASK_PIDS, Limits, Signal, TableError, check_together, read_states, read_table

__all__ = [
    "MASK_PIDS", "SIGNALS", "Limits", "ShortData", "Signal", "TableError", "UnknownSignal",
    "by_pid", "decode", "decode_array", "encode", "find", "pid_length", "pid_lengths", "supported_from_mask", "titles",
]  # fmt: skip


class ShortData(ValueError):  # noqa: N818 - the trade says "short", callers read better with it
    """A reply does not have the bytes its PID has; it is not decoded."""


class UnknownSignal(ValueError):  # noqa: N818
    """Nobody knows a signal of that name; the message says so in words and offers near ones."""


def _load() -> tuple[Mapping[str, Signal], Mapping[int, tuple[Signal, ...]]]:
    states = read_states(resources.path("signals", "states.toml"))
    rows = read_table(resources.path("signals", "mode01.csv"), states)
    rows += read_table(resources.path("signals", "derived.csv"), states)
    check_together(rows)
    pids: dict[int, list[Signal]] = {}
    for row in rows:
        if row.pid is not None:
            pids.setdefault(row.pid, []).append(row)
    return (
        MappingProxyType({row.name: row for row in rows}),
        MappingProxyType({pid: tuple(signals) for pid, signals in pids.items()}),
    )


SIGNALS, _BY_PID = _load()
_LENGTHS = dict.fromkeys(MASK_PIDS, 4) | {pid: signals[0].length for pid, signals in _BY_PID.items()}
_OTHER_LENGTHS = {pid: signals[0].also_length for pid, signals in _BY_PID.items() if signals[0].also_length}
_DECODERS: dict[
    tuple[int, int], Decoder
] = {}  # by PID and length, compiled at the first reply: a car offers some forty of the PIDs
_ENCODERS: dict[int, Encoder] = {}


def by_pid(pid: int) -> tuple[Signal, ...]:
    """The signals of a Mode 01 PID, in the order of their bytes; empty when the table has none."""
    return _BY_PID.get(pid, ())


def pid_length(pid: int) -> int | None:
    """Data bytes of the PID by J1979, 4 for the support masks; None when the PID is not in the table."""
    return _LENGTHS.get(pid)


def pid_lengths(pid: int) -> tuple[int, ...]:
    """All data lengths the standard allows for the PID, the usual one (``pid_length``) first; empty when unknown.

    A second length is real: PIDs 06 to 09 carry a byte more on engines with banks 3 and 4, 55 to 58 one less on those
    without, 68 had six sensors and now has two. ``decode`` takes either.
    """
    usual, other = _LENGTHS.get(pid), _OTHER_LENGTHS.get(pid)
    return () if usual is None else (usual,) if other is None else (usual, other)


def _check_length(pid: int, length: int) -> None:
    lengths = pid_lengths(pid)
    if not lengths:
        raise UnknownSignal(f"there is no PID {pid:02X} in the table")
    if length not in lengths:
        raise ShortData(f"PID {pid:02X} has {' or '.join(map(str, lengths))} data bytes, not {length}")


def decode(pid: int, data: bytes) -> dict[str, float]:
    """The values of one reply by signal name, in each signal's unit; codes and bits as their number.

    Sub-sensors that the reply flags as not supported are left out, so the result may be empty; it is for a support
    mask. Raises ``ShortData`` unless the length is one the PID has (``pid_lengths``), ``UnknownSignal`` for a PID not
    in the table.
    """
    key = (pid, len(data))
    decoder = _DECODERS.get(key)
    if decoder is None:
        _check_length(pid, len(data))
        decoder = _DECODERS[key] = compile_decoder(by_pid(pid), len(data))
    return decoder(data)


def decode_array(pid: int, rows: ByteRows) -> dict[str, Column]:
    """Many replies of one PID at once: ``rows`` is uint8 of shape (n, length), each result float64 of shape (n,).

    NaN stands where ``decode`` would leave the value out. Raises ``ShortData`` and ``UnknownSignal`` as ``decode``.
    """
    if rows.ndim != 2:
        raise ShortData(f"one row a reply is wanted, the array has {rows.ndim} dimensions")
    _check_length(pid, rows.shape[1])
    return decode_rows(by_pid(pid), rows)


def encode(pid: int, values: Mapping[str, float]) -> bytes:
    """Data bytes that decode to the nearest representable values, clamped to what the bytes can say.

    The support flag of each given value is set; a value not given is flagged unsupported, or else zero (the nearest).
    For the simulator. Raises ``UnknownSignal`` for a PID without signals and for a name that is not the PID's.
    """
    signals = by_pid(pid)
    strangers = sorted(set(values) - {signal.name for signal in signals})
    if strangers or not signals:
        raise UnknownSignal(f"PID {pid:02X} has no {', '.join(strangers) or 'signals'}")
    encoder = _ENCODERS.get(pid)
    if encoder is None:
        encoder = _ENCODERS[pid] = Encoder(signals)
    return encoder.encode(values)


def supported_from_mask(pid: int, data: bytes) -> frozenset[int]:
    """The PIDs that the answer to a support request (00, 20 ... E0) names: bit 7 of byte A is the next PID.

    Raises ``ShortData`` unless there are four bytes, ``UnknownSignal`` when the PID is not such a request.
    """
    if pid not in MASK_PIDS:
        raise UnknownSignal(f"PID {pid:02X} does not say what is supported")
    _check_length(pid, len(data))
    word = int.from_bytes(data, "big")
    return frozenset(pid + n for n in range(1, 33) if word >> (32 - n) & 1)


def find(text: str) -> tuple[Signal, ...]:
    """The signals a person means by ``0C``, ``0x0c``, ``engine_speed``, ``Engine speed`` or a title in their language.

    Raises ``UnknownSignal`` with suggestions, in the person's words.
    """
    wanted = text.strip().casefold()
    name = wanted.replace(" ", "_").replace("-", "_")
    if name in SIGNALS:
        return (SIGNALS[name],)
    if re.fullmatch(r"(0x)?[0-9a-f]{1,2}", wanted):
        found = by_pid(int(wanted, 16))
        if found:
            return found
    titled = tuple(s for s in SIGNALS.values() if wanted in (s.title.casefold(), tr(s.title).casefold()))
    if titled:
        return titled
    near = difflib.get_close_matches(name, SIGNALS, n=3)
    near += [other for other in SIGNALS if name and name in other and other not in near][: 3 - len(near)]
    if near:
        raise UnknownSignal(tr("There is no signal “{text}”. Do you mean {near}?", text=text, near=", ".join(near)))
    raise UnknownSignal(tr("There is no signal “{text}”. Give a PID such as 0C or a name.", text=text))


def titles() -> Sequence[str]:
    """Every English text of the tables that a person sees, for the catalogue: titles and the meanings of states."""
    texts = dict.fromkeys(signal.title for signal in SIGNALS.values())
    for signal in SIGNALS.values():
        texts.update(dict.fromkeys(signal.states.values()))
    return tuple(texts)
