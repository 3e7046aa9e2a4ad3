"""What is known of a recorded session without reading it: its index, ``home/recordings/<id>/index.json``."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.diagnostics.files import read_whole, write_whole

INDEX = "index.json"
JOURNAL = "open.journal"
LARGEST = 1_000_000_000  # bytes of an index: a part of some hundred every minute, for a year, stays below


class IndexDamaged(Exception):  # noqa: N818 - reads like core.obd.signals.ShortData
    """An index that is not one, or was changed by something else than this program."""


@dataclass(frozen=True, slots=True)
class SessionMeta:
    """What a session was recorded from. ``ecus``: the Mode 01 PIDs each control unit offers."""

    vin: str = ""
    vehicle: str = ""  # what the vehicle was called
    profile: str = ""  # id of its profile
    address: str = ""
    protocol: str = ""
    adapter: str = ""
    mode: str = ""
    version: str = ""  # of this program
    ecus: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        return found | {"ecus": {ecu: list(pids) for ecu, pids in self.ecus.items()}}

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "SessionMeta":
        """From ``as_dict``; keys of other versions are passed over."""
        known = {one.name for one in fields(cls)} - {"ecus"}
        texts = {name: str(value) for name, value in found.items() if name in known}
        return cls(**texts, ecus={str(ecu): tuple(pids) for ecu, pids in found.get("ecus", {}).items()})


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """One chunk of a session: its file, its span in µs since the session began, and how much is inside."""

    seq: int
    sha256: str
    size: int
    first: int
    last: int
    values: int
    counts: Mapping[str, int]
    signals: tuple[str, ...]

    @classmethod
    def of(cls, sha256: str, size: int, head: Mapping[str, Any]) -> "ChunkEntry":
        """From a chunk's own head, or from the index."""
        return cls(
            int(head["seq"]), str(sha256), int(size), int(head["first"]), int(head["last"]), int(head["values"]),
            {str(kind): int(n) for kind, n in head["counts"].items()}, tuple(map(str, head["signals"])),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionIndex:
    """A session: when it began by both clocks, what it was recorded from, and its chunks in order."""

    id: str
    start_utc_ms: int
    start_monotonic: float  # ``time.monotonic()`` seconds at the same moment, of the machine that recorded
    meta: SessionMeta = field(default_factory=SessionMeta)
    chunks: tuple[ChunkEntry, ...] = ()
    closed: bool = False

    @property
    def started(self) -> datetime:
        return datetime.fromtimestamp(self.start_utc_ms / 1000, UTC)

    @property
    def duration(self) -> float:
        """Seconds from the start to the last thing recorded."""
        return max((chunk.last for chunk in self.chunks), default=0) / 1e6

    @property
    def size(self) -> int:
        """Bytes of all chunks on the disk."""
        return sum(chunk.size for chunk in self.chunks)

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the signals in it, in order of first appearance."""
        return tuple(dict.fromkeys(name for chunk in self.chunks for name in chunk.signals))

    def count(self, kind: str) -> int:
        """How many rows of a kind (``core.diagnostics.chunks.NAMES``) it holds."""
        return sum(chunk.counts.get(kind, 0) for chunk in self.chunks)

    def head(self) -> dict[str, Any]:
        """What every chunk and journal repeats, so that a lost index can be made again."""
        return {
            "session": self.id,
            "start_utc_ms": self.start_utc_ms,
            "start_monotonic": self.start_monotonic,
            "meta": self.meta.as_dict(),
        }

    @classmethod
    def of_head(cls, head: Mapping[str, Any]) -> "SessionIndex":
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` when the head is not whole."""
        return cls(
            str(head["session"]),
            int(head["start_utc_ms"]),
            float(head["start_monotonic"]),
            SessionMeta.of(head["meta"]),
        )

    def save(self, folder: Path) -> None:
        """Write it to the session's folder in one step. Raises ``OSError``."""
        found: dict[str, Any] = {
            "format": 1,
            **self.head(),
            "closed": self.closed,
            "chunks": [asdict(chunk) for chunk in self.chunks],
        }
        found["check"] = _check(found)
        write_whole(folder / INDEX, json.dumps(found, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    @classmethod
    def load(cls, folder: Path) -> "SessionIndex":
        """Read it from the session's folder. Raises ``IndexDamaged``, ``OSError``."""
        try:
            found = json.loads(read_whole(folder / INDEX, LARGEST).decode("utf-8", "surrogatepass"))
            stated = found.pop("check")
            if stated != _check(found):
                raise IndexDamaged("check")
            chunks = tuple(ChunkEntry.of(chunk["sha256"], chunk["size"], chunk) for chunk in found["chunks"])
            start = cls.of_head(found)
            return cls(start.id, start.start_utc_ms, start.start_monotonic, start.meta, chunks, bool(found["closed"]))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise IndexDamaged(str(error)) from error


def _check(found: Mapping[str, Any]) -> str:
    """A sum over the content, so that a changed byte of a number does not pass for the truth."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def new_id(utc_ms: int) -> str:
    """A folder name that sorts by time and that two terminals never share: ``20261121T221530Z-4f1c9a``."""
    return f"{datetime.fromtimestamp(utc_ms / 1000, UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
