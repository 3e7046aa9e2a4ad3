"""Records a session while it runs, so that at most a second is lost to ``kill -9`` or a power cut.

The link thread only puts rows into a bounded queue. A writer thread appends them to a journal on the disk every
``SYNC_S`` and, when that is old or large enough, turns it into a chunk (``core.diagnostics.chunks``) and begins anew.
When the disk cannot keep up, rows are counted and left out, never waited for. When it fails, that is said, the rows
wait as long as there is room, and recording goes on as soon as the disk does.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.diagnostics.chunks import EXTENDED, FRAME, GAP, OUTGOING, REPLY, STATE, VALUES
from core.diagnostics.files import NoticeKind, StorageNotice
from core.diagnostics.session import SessionIndex, SessionMeta, new_id
from core.diagnostics.session_writer import NOT_RECORDED, Clock, Intake, SessionWriter, WriterThread
from core.obd.gaps import GapKind

__all__ = ["NOT_RECORDED", "NoticeKind", "Recorder", "SessionMeta", "StorageNotice"]

SYNC_S = 0.4  # leaves more than half a second for a slow disk
ROLL_S = 60.0
ROLL_BYTES = 4 << 20  # of the journal; a tenth of that as a chunk
QUEUE_ROWS = 50_000  # two minutes of the fastest adapter; some 20 MiB


class Recorder:
    """Takes what the link thread gives and never makes it wait. One session at a time.

    ``clock`` is the clock of the times given (``time.monotonic``), ``wall`` gives epoch seconds. ``on_notice`` is
    called on the writer thread with what a person should know about the disk.
    """

    def __init__(
        self,
        home: Path,
        *,
        clock: Clock = time.monotonic,
        wall: Clock = time.time,
        on_notice: Callable[[StorageNotice], None] | None = None,
        sync_s: float = SYNC_S,
        roll_s: float = ROLL_S,
        roll_bytes: int = ROLL_BYTES,
        queue_rows: int = QUEUE_ROWS,
    ) -> None:
        self._home = home
        self._clock, self._wall = clock, wall
        self._on_notice = on_notice
        self._sync_s, self._roll_s, self._roll_bytes, self._limit = sync_s, roll_s, roll_bytes, queue_rows
        self._control = threading.Lock()
        self._intake = Intake(queue_rows)
        self._thread: WriterThread | None = None
        self._recording = False
        self._began = 0.0
        self.session = ""  # id of the session being recorded, or of the last one

    def start(self, meta: SessionMeta | None = None) -> str:
        """Begin a session and return its id; nothing is written on this thread.

        Raises ``RuntimeError`` when one runs already.
        """
        with self._control:
            if self._recording:
                raise RuntimeError("a session is being recorded already")
            utc_ms = round(self._wall() * 1000)
            self._began = self._clock()
            index = SessionIndex(new_id(utc_ms), utc_ms, self._began, meta or SessionMeta())
            self._intake = Intake(self._limit)
            self._thread = WriterThread(
                SessionWriter(self._home, index, self._clock, self._wall),
                self._intake,
                clock=self._clock,
                sync_s=self._sync_s,
                roll_s=self._roll_s,
                roll_bytes=self._roll_bytes,
                on_notice=self._on_notice,
            )
            self._thread.start()
            self.session = index.id
            self._recording = True
            return index.id

    def describe(self, **found: Any) -> None:
        """Fill in fields of ``SessionMeta`` that became known since (``vin=…``)."""
        with self._control:
            if self._thread is not None:
                self._thread.meta = replace(self._thread.meta, **found)

    def stop(self, timeout: float = 5.0) -> bool:
        """End the session and wait for the disk; False when it took longer (then the next start recovers the rest)."""
        with self._control:
            self._recording = False
            thread = self._thread
        if thread is None:
            return True
        thread.stopping.set()
        thread.join(timeout)
        return not thread.is_alive()

    @property
    def recording(self) -> bool:
        return self._recording

    @property
    def began(self) -> float:
        """When the session began, on the clock of the times given."""
        return self._began

    @property
    def dropped(self) -> int:
        """Rows of this session that were left out because the disk did not keep up."""
        return self._intake.dropped

    @property
    def trouble(self) -> StorageNotice | None:
        """Why nothing reaches the disk at the moment; None when all is well."""
        return self._thread.trouble if self._thread is not None else None

    # What the link gives. Each returns at once, and does nothing while no session runs.

    def reply(self, t: float, ecu: str, request: bytes, payload: bytes) -> None:
        """A complete message of an ECU, as it came."""
        if self._recording:
            self._intake.put((REPLY, self._us(t), ecu, bytes(request), bytes(payload)))

    def values(self, t: float, ecu: str, values: Mapping[str, float]) -> None:
        """What was decoded from it, or derived, by signal name."""
        if self._recording:
            self._intake.put((VALUES, self._us(t), ecu, tuple(values), tuple(map(float, values.values()))))

    def gap(self, t: float, kind: GapKind | str, detail: str = "") -> None:
        """Why there was no number."""
        if self._recording:
            self._intake.put((GAP, self._us(t), str(kind), detail))

    def state(self, t: float, text: str) -> None:
        """The link changed its state (``LinkState``)."""
        if self._recording:
            self._intake.put((STATE, self._us(t), str(text)))

    def frame(self, t: float, arbitration_id: int, extended: bool, data: bytes, outgoing: bool) -> None:
        """A raw CAN frame of a direct link."""
        if self._recording:
            flags = EXTENDED * extended | OUTGOING * outgoing
            self._intake.put((FRAME, self._us(t), arbitration_id, flags, bytes(data)))

    def _us(self, t: float) -> int:
        return round((t - self._began) * 1e6)
