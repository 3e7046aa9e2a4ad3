"""Is a recording what was recorded? Every chunk against its name, every raw reply decoded again and compared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.diagnostics.chunks import NAMES, REPLY, Chunk, ChunkDamaged
from core.diagnostics.redecode import Readings, decode_replies, is_derived, joined, recorded_values
from core.diagnostics.session import ChunkEntry, SessionIndex
from core.diagnostics.timeline import Loader
from core.language import tr

EXAMPLES = 20

Source = tuple[str, str]  # ECU, signal name


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that was recorded otherwise than the decoder now says; ``decoded`` is None when no reply says it."""

    t: float  # seconds since the session began
    ecu: str
    signal: str
    recorded: float
    decoded: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. ``problems`` is in words, one a damaged part; ``differences`` gives some of ``different``."""

    id: str
    parts: int
    replies: int
    values: int  # compared
    different: int  # of these
    differences: tuple[Difference, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems and not self.different


def verify(index: SessionIndex, load: Loader, problems: Sequence[str] = ()) -> Report:
    """Check a session; ``problems`` are what was found wrong with it before."""
    found = list(problems)
    replies = 0
    recorded: dict[Source, list[Readings]] = {}
    decoded: dict[Source, list[Readings]] = {}
    for number, entry in enumerate(index.chunks, 1):
        try:
            chunk = load(entry)
            if _says(chunk) != _says_index(entry):
                raise ChunkDamaged(tr("it does not hold what the list of parts says"))
            replies += sum(len(stream.times) for stream in chunk.streams if stream.kind == REPLY)
            for source, values in recorded_values(chunk).items():
                if not is_derived(source[1]):
                    recorded.setdefault(source, []).append(values)
            for (ecu, _), readings in decode_replies(chunk).items():
                for name, column in readings.columns.items():
                    there = ~np.isnan(column)
                    part = Readings(readings.times[there], {name: column[there]})
                    decoded.setdefault((ecu, name), []).append(part)
        except ChunkDamaged as error:
            found.append(tr("Part {number} of {count}: {why}.", number=number, count=len(index.chunks), why=error))
    compared, wrong = 0, list[Difference]()
    for source, parts in recorded.items():
        told = joined(parts)
        compared += told.times.size
        wrong += _differences(source, told, joined(decoded[source]) if source in decoded else None)
    return Report(index.id, len(index.chunks), replies, compared, len(wrong), tuple(wrong[:EXAMPLES]), tuple(found))


def _says(chunk: Chunk) -> tuple[object, ...]:
    counted: Counter[str] = Counter()
    for stream in chunk.streams:
        counted[NAMES[stream.kind]] += len(stream.times)
    times = [stream.times for stream in chunk.streams if len(stream.times)]
    first, last = min(int(one.min()) for one in times), max(int(one.max()) for one in times)
    return int(chunk.head["seq"]), first, last, {kind: counted[kind] for kind in NAMES}


def _says_index(entry: ChunkEntry) -> tuple[object, ...]:
    return entry.seq, entry.first, entry.last, {kind: entry.counts.get(kind, 0) for kind in NAMES}


def _differences(source: Source, told: Readings, decoded: Readings | None) -> list[Difference]:
    """Recorded values for which no reply of the same time says the same. A NaN is the same as a NaN."""
    ecu, name = source
    values = told.columns[name]
    if decoded is None:
        said: dict[int, list[float]] = {}
    else:
        again = decoded.columns[name]
        if np.array_equal(told.times, decoded.times) and np.array_equal(values, again, equal_nan=True):
            return []
        # Replies that the link did not believe have no recorded value: only those with one are looked up.
        said = {}
        for t, value in zip(decoded.times.tolist(), again.tolist(), strict=True):
            said.setdefault(t, []).append(value)
    return [
        Difference(t / 1e6, ecu, name, value, said[t][0] if t in said else None)
        for t, value in zip(told.times.tolist(), values.tolist(), strict=True)
        if value not in said.get(t, ())
    ]
