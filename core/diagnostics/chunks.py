"""A stretch of a recording as one compressed file named by the SHA-256 of its bytes.

What was recorded is a series of *rows* in the order they came, times in whole microseconds since the session began:

    (REPLY, t, ecu, request, payload)      (VALUES, t, ecu, names, values)      (GAP, t, kind, detail)
    (STATE, t, text)                       (FRAME, t, arbitration id, flags, data)

Rows that are alike but for time and numbers (one control unit answering one request) form a *stream*. A chunk keeps
the order of the streams, the time steps, and each stream's bytes transposed, first bytes first: what hardly changes
lies together, so that a reply with its decoded values costs a few bytes. The file: ``MAGIC``, the length of the head
(4 bytes, little-endian), the head (msgpack: enough to put it back into its session), the body (msgpack under zstd).
"""

import hashlib
import re
import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgpack  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import zstandard

from core.diagnostics.files import make_folder, write_whole
from core.language import tr

_NAME = re.compile(r"[0-9a-f]{64}")
MAGIC = b"BLREC1\r\n"  # the line end shows a transfer that "corrected" line ends
LEVEL = 9  # zstd; measured on a minute of driving: 19 is a sixth smaller and takes seven times as long

REPLY, VALUES, GAP, STATE, FRAME = range(5)
NAMES = ("reply", "values", "gap", "state", "frame")
EXTENDED, OUTGOING = 1, 2  # flags of a FRAME

Row = tuple[Any, ...]
Times = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


class Reply(NamedTuple):
    """A complete message of an ECU as it came; ``t`` in seconds since the session began, as in all of these."""

    t: float
    ecu: str
    request: bytes
    payload: bytes


class Values(NamedTuple):
    """What the program made of it, by signal name, in each signal's unit."""

    t: float
    ecu: str
    values: Mapping[str, float]


class Gap(NamedTuple):
    """Why there was no number: a ``GapKind``, or ``NOT_RECORDED``."""

    t: float
    kind: str
    detail: str


class State(NamedTuple):
    """The link changed its state; the text is the ``LinkState``, or words."""

    t: float
    text: str


class Frame(NamedTuple):
    """A raw frame of a direct CAN link."""

    t: float
    arbitration_id: int
    extended: bool
    data: bytes
    outgoing: bool


Event = Reply | Values | Gap | State | Frame


class ChunkDamaged(Exception):  # noqa: N818 - reads like core.obd.signals.ShortData
    """A chunk that is missing or not what was written; the message says what is wrong, in words."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Alike rows of a chunk: ``times`` int64 of shape (n,), µs since the session began; ``rows`` uint8 (n, bytes)."""

    kind: int
    about: Row  # REPLY: ecu, request · VALUES: ecu, names · GAP: kind, detail · STATE: text · FRAME: id, flags
    times: Times
    rows: Bytes

    def numbers(self) -> npt.NDArray[np.float64]:
        """The rows of a VALUES stream as float64 of shape (n, names)."""
        return np.ascontiguousarray(self.rows).view("<f8").reshape(len(self.times), len(self.about[1]))


def _about(row: Row) -> tuple[Row, bytes]:
    """The stream a row belongs to (kind, about, bytes a row) and its own bytes."""
    kind = row[0]
    if kind == REPLY:
        return (REPLY, (row[2], row[3]), len(row[4])), row[4]
    if kind == VALUES:
        return (VALUES, (row[2], tuple(row[3])), 8 * len(row[4])), struct.pack(f"<{len(row[4])}d", *row[4])
    if kind == FRAME:
        return (FRAME, (row[2], row[3]), len(row[4])), row[4]
    return (kind, tuple(row[2:]), 0), b""


class ChunkBuilder:
    """Takes rows one by one, so that closing a chunk does not hold up the writer."""

    def __init__(self) -> None:
        self._streams: dict[Row, int] = {}
        self._data: list[bytearray] = []
        self._order = array("I")
        self._times = array("q")

    def __len__(self) -> int:
        return len(self._order)

    def add(self, row: Row) -> None:
        stream, data = _about(row)
        at = self._streams.get(stream)
        if at is None:
            at = self._streams[stream] = len(self._data)
            self._data.append(bytearray())
        self._order.append(at)
        self._times.append(row[1])
        self._data[at] += data

    def encode(self, head: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """The chunk's bytes, and its head: ``head`` with what is inside (times in µs, counts, names of signals)."""
        order = np.frombuffer(self._order, np.uint32)
        times = np.frombuffer(self._times, np.int64)
        per_stream = np.bincount(order, minlength=len(self._data))
        full = {**head, **self._summary(times, per_stream.tolist())}
        body = {
            "streams": list(self._streams),
            "order": _planes(order.astype("<u4").view(np.uint8).reshape(-1, 4)),
            "times": _planes(np.diff(times, prepend=0).astype("<i8").view(np.uint8).reshape(-1, 8)),
            "data": [
                _planes(np.frombuffer(data, np.uint8).reshape(-1, stream[2])) if data else b""
                for stream, data in zip(self._streams, self._data, strict=True)
            ],
        }
        packed = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(pack(body))
        head_bytes = pack(full)
        return MAGIC + struct.pack("<I", len(head_bytes)) + head_bytes + packed, full

    def _summary(self, times: Times, per_stream: Sequence[int]) -> dict[str, Any]:
        counts = dict.fromkeys(NAMES, 0)
        values = 0
        signals: dict[str, None] = {}
        for (kind, about, _), n in zip(self._streams, per_stream, strict=True):
            counts[NAMES[kind]] += n
            if kind == VALUES:
                values += n * len(about[1])
                signals.update(dict.fromkeys(about[1]))
        first, last = (int(times.min()), int(times.max())) if times.size else (0, 0)
        return {"first": first, "last": last, "counts": counts, "values": values, "signals": list(signals)}

    def chunk(self, head: Mapping[str, Any]) -> "Chunk":
        """What has been taken so far, readable like a file."""
        return Chunk.from_bytes(self.encode(head)[0])


class Chunk:
    """A chunk that was read: its head, its streams, its events."""

    def __init__(self, head: dict[str, Any], streams: list[Stream], order: npt.NDArray[np.uint32]) -> None:
        self.head = head
        self.streams = streams
        self._order = order

    @classmethod
    def from_bytes(cls, data: bytes) -> "Chunk":
        """Raises ``ChunkDamaged``."""
        head, at = _head(data)
        try:
            body = msgpack.unpackb(
                zstandard.ZstdDecompressor().decompress(data[at:]),
                use_list=False,
                unicode_errors="surrogatepass",
            )
            order = _rows(body["order"], 4).view("<u4").reshape(-1)
            times = np.cumsum(_rows(body["times"], 8).view("<i8").reshape(-1), dtype=np.int64)
            # A stable sort by stream keeps each stream's rows in the order they came.
            by_stream = np.argsort(order, kind="stable")
            edges = np.searchsorted(order[by_stream], np.arange(len(body["streams"]) + 1))
            streams = [
                Stream(kind, about, times[by_stream[edges[n] : edges[n + 1]]], _rows(body["data"][n], width, edges, n))
                for n, (kind, about, width) in enumerate(body["streams"])
            ]
        except (zstandard.ZstdError, ValueError, KeyError, TypeError, IndexError, msgpack.UnpackException) as error:
            raise ChunkDamaged(tr("a part of the recording cannot be read ({why})", why=error)) from error
        return cls(head, streams, order)

    def events(self) -> Iterator[Event]:
        """Everything recorded, in the order it came."""
        readers = [_read(stream) for stream in self.streams]
        for at in self._order.tolist():
            yield next(readers[at])

    def rows(self) -> Iterator[Row]:
        """As ``events``, in the form a ``ChunkBuilder`` takes."""
        for event in self.events():
            yield row_of(event)


def row_of(event: Event) -> Row:
    """The row of an event; its time is rounded to whole microseconds."""
    t = round(event.t * 1e6)
    match event:
        case Reply():
            return (REPLY, t, event.ecu, event.request, event.payload)
        case Values():
            return (VALUES, t, event.ecu, tuple(event.values), tuple(event.values.values()))
        case Gap():
            return (GAP, t, event.kind, event.detail)
        case State():
            return (STATE, t, event.text)
        case Frame():
            flags = EXTENDED * event.extended | OUTGOING * event.outgoing
            return (FRAME, t, event.arbitration_id, flags, event.data)


def _read(stream: Stream) -> Iterator[Event]:
    times = (stream.times / 1e6).tolist()
    about = stream.about
    if stream.kind == VALUES:
        for t, numbers in zip(times, stream.numbers().tolist(), strict=True):
            yield Values(t, about[0], dict(zip(about[1], numbers, strict=True)))
        return
    for t, row in zip(times, stream.rows, strict=True):
        if stream.kind == REPLY:
            yield Reply(t, about[0], about[1], row.tobytes())
        elif stream.kind == FRAME:
            yield Frame(t, about[0], bool(about[1] & EXTENDED), row.tobytes(), bool(about[1] & OUTGOING))
        elif stream.kind == GAP:
            yield Gap(t, about[0], about[1])
        else:
            yield State(t, about[0])


def pack(value: object) -> bytes:
    """msgpack that also takes the half characters an adapter's noise can be decoded to."""
    packed: bytes = msgpack.packb(value, unicode_errors="surrogatepass")
    return packed


def _planes(rows: Bytes) -> bytes:
    return rows.T.tobytes()


def _rows(planes: bytes, width: int, edges: npt.NDArray[np.intp] | None = None, n: int = 0) -> Bytes:
    """The rows of transposed bytes; where a row has no bytes, ``edges`` says how many there are."""
    if not planes:
        count = int(edges[n + 1] - edges[n]) if edges is not None else 0
        return np.empty((count, width), np.uint8)
    found = np.frombuffer(planes, np.uint8).reshape(width, -1).T
    return np.ascontiguousarray(found)


def _head(data: bytes) -> tuple[dict[str, Any], int]:
    if data[: len(MAGIC)] != MAGIC or len(data) < len(MAGIC) + 4:
        raise ChunkDamaged(tr("this is not a part of a recording"))
    at = len(MAGIC) + 4
    (length,) = struct.unpack("<I", data[len(MAGIC) : at])
    try:
        head = msgpack.unpackb(data[at : at + length], unicode_errors="surrogatepass")
        return dict(head), at + length
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise ChunkDamaged(tr("a part of the recording cannot be read ({why})", why=error)) from error


class ChunkFiles:
    """The chunks under ``home/files``, each in ``ab/ab12…`` by the SHA-256 of its bytes."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "files"

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its name, once it is on the disk. Raises ``OSError``."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        make_folder(path.parent)
        write_whole(path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of that name, checked against it. Raises ``ChunkDamaged``."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError as error:
            why = error.strerror or str(error)
            raise ChunkDamaged(tr("a part of the recording is not there ({why})", why=why)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ChunkDamaged(tr("a part of the recording was changed: its bytes do not match its name"))
        return data

    def heads(self) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Name, size and head of every chunk there is: what a lost index can be made from again."""
        for path in sorted(self.folder.glob("??/*")):
            if not _NAME.fullmatch(path.name):
                continue  # being written just now, or none of ours
            with path.open("rb") as file:
                start = file.read(len(MAGIC) + 4)
                if start[: len(MAGIC)] != MAGIC or len(start) < len(MAGIC) + 4:
                    continue
                start += file.read(struct.unpack("<I", start[-4:])[0])
            try:
                yield path.name, path.stat().st_size, _head(start)[0]
            except ChunkDamaged:
                continue
