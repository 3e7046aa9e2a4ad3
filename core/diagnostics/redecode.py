"""What the raw replies of a chunk say, through the reply rule and the decoders the live link uses, in bulk.

A message was recorded believed or not: the link also weighs what a single reply cannot show (an answer of an ECU that
was not asked, two answers that differ, one that comes too late). Where it believed one, the decoded values stand beside
it under the same time and ECU. So a reply counts where values of its PID were recorded with it, and what it says is
decoded anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.diagnostics.chunks import REPLY, VALUES, Chunk, Stream, Times
from core.obd.maxima import SCALE_PIDS, factor
from core.obd.reply import Accepted, accept
from core.obd.signals import SIGNALS, by_pid, decode_array
from core.obd.store import Array

SERVICE = 0x01  # current data; answers to other services are kept, but are no signals

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Readings:
    """Samples of one ECU: ``times`` int64 µs, rising, shape (n,); columns float64 (n,), NaN where it left one out."""

    times: Times
    columns: Mapping[str, Array]

    def where(self, mask: Mask) -> "Readings":
        return Readings(self.times[mask], {name: column[mask] for name, column in self.columns.items()})


Source = tuple[str, int]  # ECU, PID


def joined(parts: Iterable[Readings]) -> Readings:
    """Readings of the same signals as one, in the order of time; those of one time stay in the order given."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    times = np.concatenate([part.times for part in found])
    order = np.argsort(times, kind="stable")
    columns = {name: np.concatenate([part.columns[name] for part in found])[order] for name in found[0].columns}
    return Readings(times[order], columns)


def decode_replies(chunk: Chunk) -> dict[Source, Readings]:
    """Every positive Mode 01 reply that answers its request, decoded, by ECU and PID."""
    taken: dict[Source, tuple[list[int], list[bytes]]] = {}
    for stream in chunk.streams:
        if stream.kind == REPLY and stream.about[1][:1] == bytes([SERVICE]):
            _take(stream, taken)
    found = {source: _decoded(source[1], times, data) for source, (times, data) in taken.items() if by_pid(source[1])}
    for ecu in {ecu for ecu, pid in found if pid in SCALE_PIDS}:
        _stretch(ecu, found)
    return found


def _stretch(ecu: str, found: dict[Source, Readings]) -> None:
    """Scale what an ECU said by the full scales it stated; the engine asks for them in every part of a recording."""
    stated = {
        name: float(column[-1])
        for pid in SCALE_PIDS
        if (ecu, pid) in found
        for name, column in found[(ecu, pid)].columns.items()
    }
    for source, readings in found.items():
        if source[0] == ecu:
            columns = {name: column * factor(name, stated) for name, column in readings.columns.items()}
            found[source] = Readings(readings.times, columns)


def _take(stream: Stream, taken: dict[Source, tuple[list[int], list[bytes]]]) -> None:
    ecu, request = stream.about
    for t, row in zip(stream.times.tolist(), stream.rows, strict=True):
        verdict = accept(request, row.tobytes())
        if isinstance(verdict, Accepted):
            for pid, data in verdict.data.items():
                times, datas = taken.setdefault((ecu, pid), ([], []))
                times.append(t)
                datas.append(data)


def _decoded(pid: int, times: list[int], data: list[bytes]) -> Readings:
    rows = np.frombuffer(b"".join(data), np.uint8).reshape(len(data), -1)
    at = np.array(times, np.int64)
    order = np.argsort(at, kind="stable")
    columns = decode_array(pid, rows)
    return Readings(at[order], {name: column[order] for name, column in columns.items()})


def recorded_values(chunk: Chunk) -> dict[tuple[str, str], Readings]:
    """The values as they were recorded, by ECU and signal name; one column each."""
    parts: dict[tuple[str, str], list[Readings]] = {}
    for stream in chunk.streams:
        if stream.kind == VALUES:
            ecu, names = stream.about
            numbers = stream.numbers()
            for n, name in enumerate(names):
                parts.setdefault((ecu, name), []).append(Readings(stream.times, {name: numbers[:, n]}))
    return {source: joined(found) for source, found in parts.items()}


def derived(recorded: Mapping[tuple[str, str], Readings]) -> dict[tuple[str, str], Readings]:
    """Those of ``recorded`` that no reply says by itself: worked out while the car ran, from what was known of it."""
    return {source: found for source, found in recorded.items() if is_derived(source[1])}


def is_derived(name: str) -> bool:
    """Whether no reply says it by itself; also for a name that this version does not know."""
    signal = SIGNALS.get(name)
    return signal is None or signal.pid is None


def believed(source: Source, found: Readings, recorded: Mapping[tuple[str, str], Readings]) -> Mask:
    """Which of the replies the link believed: those that have values of their PID recorded beside them."""
    ecu, pid = source
    told = [recorded[ecu, signal.name].times for signal in by_pid(pid) if (ecu, signal.name) in recorded]
    return np.isin(found.times, np.concatenate(told)) if told else np.zeros(found.times.size, np.bool_)
