"""The disk side of a running recording: the journal, the chunks it is turned into, and the thread that does it.

Everything here belongs to one session, so that a writer still waiting for a slow disk does not touch the next session.
"""

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.diagnostics.chunks import GAP, ChunkBuilder, ChunkFiles, Row
from core.diagnostics.files import FolderLock, NoticeKind, StorageNotice, make_folder, notice_of, remove_folder
from core.diagnostics.journal import Journal
from core.diagnostics.session import JOURNAL, ChunkEntry, SessionIndex, SessionMeta

RETRY_S = 5.0
NOTICE_S = 30.0
NOT_RECORDED = "not_recorded"  # kind of the gap that stands where rows were left out; the detail is how many

Clock = Callable[[], float]


class Intake:
    """A bounded queue that never makes the one who puts wait: what does not fit is counted and left out."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._queue: deque[Row] = deque()
        self._left_out = 0  # rows so far; only the putting thread counts, so no count is lost
        self._full_since = 0
        self._full = False
        self.dropped = 0  # rows that will never be recorded; only the writer counts

    def put(self, row: Row) -> None:
        if len(self._queue) < self._limit:
            self._queue.append(row)
            self._full = False
            return
        if not self._full:
            self._full, self._full_since = True, row[1]
        self._left_out += 1

    def take(self) -> list[Row]:
        """All that waits; behind it a gap that says how many were left out since the last call."""
        rows = [self._queue.popleft() for _ in range(len(self._queue))]
        count = self._left_out - self.dropped
        if count:
            # The queue was full when these were left out, so they came after all that was in it.
            self.dropped += count
            rows.append((GAP, self._full_since, NOT_RECORDED, str(count)))
        return rows


class SessionWriter:
    """The files of one session. Every method may raise ``OSError`` and can then be called again."""

    def __init__(self, home: Path, index: SessionIndex, clock: Clock, wall: Clock) -> None:
        self.folder = home / "recordings" / index.id
        self.index = index
        self._files = ChunkFiles(home)
        self._lock = FolderLock(self.folder)
        self._clock, self._wall = clock, wall
        self._locked = self._listed = False
        self._journal: Journal | None = None
        self._builder = ChunkBuilder()
        self._began = clock()

    def keep(self, rows: list[Row]) -> None:
        """Return when the rows are on the disk."""
        journal = self._open()
        journal.append(rows)
        for row in rows:
            self._builder.add(row)

    def _open(self) -> Journal:
        if not self._locked:
            make_folder(self.folder)
            self._locked = self._lock.take()
        if not self._listed:
            self.index.save(self.folder)
            self._listed = True
        if self._journal is None:
            self._journal = Journal(self.folder / JOURNAL, self._head())
            self._began = self._clock()
        return self._journal

    def describe(self, meta: SessionMeta) -> None:
        """Keep what became known about the session since it began."""
        if self._listed and meta != self.index.meta:
            index = replace(self.index, meta=meta)
            index.save(self.folder)
            self.index = index

    def due(self, roll_s: float, roll_bytes: int) -> bool:
        """Whether the journal is old or large enough for a chunk."""
        if self._journal is None or not len(self._builder):
            return False
        return self._journal.size >= roll_bytes or self._clock() - self._began >= roll_s

    def roll(self) -> None:
        """Turn the journal into a chunk; the next rows begin a new one."""
        if len(self._builder):
            data, head = self._builder.encode(self._head())
            sha256 = self._files.put(data)
            index = replace(self.index, chunks=(*self.index.chunks, ChunkEntry.of(sha256, len(data), head)))
            try:
                index.save(self.folder)
            except OSError:
                self._files.path(sha256).unlink(missing_ok=True)  # its rows are still in the journal
                raise
            self.index = index
            self._builder = ChunkBuilder()
        # From here the journal on the disk is of a chunk that the index has: recovery passes over it.
        self._close_journal()

    def finish(self) -> None:
        """Everything into chunks, no journal left. A session in which nothing happened leaves nothing behind."""
        self._open()
        self.roll()
        if self.index.chunks:
            index = replace(self.index, closed=True)
            index.save(self.folder)
            self.index = index
            (self.folder / JOURNAL).unlink(missing_ok=True)
        else:
            self.release()
            remove_folder(self.folder)

    def release(self) -> None:
        """Let go of the folder; what is in the journal is for the next start to recover."""
        self._close_journal()
        self._lock.release()
        self._locked = False

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _head(self) -> dict[str, Any]:
        return self.index.head() | {"seq": len(self.index.chunks), "utc_ms": round(self._wall() * 1000)}


class WriterThread(threading.Thread):
    """Takes rows to the disk every ``sync_s`` until told to stop; says when the disk refuses, and when it is well."""

    def __init__(
        self,
        writer: SessionWriter,
        intake: Intake,
        *,
        clock: Clock,
        sync_s: float,
        roll_s: float,
        roll_bytes: int,
        on_notice: Callable[[StorageNotice], None] | None,
    ) -> None:
        super().__init__(name="recorder", daemon=True)
        self._writer, self._intake, self._clock = writer, intake, clock
        self._sync_s, self._roll_s, self._roll_bytes = sync_s, roll_s, roll_bytes
        self._on_notice = on_notice
        self._rows: list[Row] = []  # in hand: those the disk has refused so far
        self._dropped_said = 0
        self._said_at = -math.inf
        self.stopping = threading.Event()
        self.meta = writer.index.meta  # replaced by whoever learns more
        self.trouble: StorageNotice | None = None

    def run(self) -> None:
        retry_at = -math.inf
        last = False
        while not last:
            last = self.stopping.wait(self._sync_s)
            if self._clock() < retry_at and not last:
                continue
            if last or not self._rows:  # else the others wait in the bounded queue
                self._rows += self._intake.take()
            try:
                self._turn(last)
            except OSError as error:
                retry_at = self._clock() + RETRY_S
                self._say_trouble(notice_of(error, self._writer.folder))
            else:
                self._say_fine()
        self._intake.dropped += len(self._rows)
        self._writer.release()

    def _turn(self, last: bool) -> None:
        if self._writer.due(self._roll_s, self._roll_bytes):
            self._writer.roll()
        if self._rows:
            self._writer.keep(self._rows)
            self._rows = []
        self._writer.describe(self.meta)
        if last:
            self._writer.finish()

    def _say_trouble(self, notice: StorageNotice) -> None:
        again = self.trouble is not None and self.trouble.kind == notice.kind
        self.trouble = notice
        if not again:
            self._say(notice)

    def _say_fine(self) -> None:
        unsaid = self._intake.dropped - self._dropped_said
        if self.trouble is not None:
            self.trouble = None
            self._say(StorageNotice(NoticeKind.RESTORED, self._writer.folder, str(unsaid)))
        elif unsaid and self._clock() - self._said_at > NOTICE_S:
            self._say(StorageNotice(NoticeKind.DISK_SLOW, self._writer.folder, str(unsaid)))

    def _say(self, notice: StorageNotice) -> None:
        self._dropped_said, self._said_at = self._intake.dropped, self._clock()
        if self._on_notice is not None:
            self._on_notice(notice)
