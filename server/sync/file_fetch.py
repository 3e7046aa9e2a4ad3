"""Bytes of files that rows name and this terminal lacks: fetched from whoever has them, thumbnails first.

Rows come first, by the exchange. A file goes on where it stopped, whoever gives the rest, and is believed when its
SHA-256 is the name it was asked by. Which files a terminal wants at all, ``FileStore``'s quota says.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import TypeVar

from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.files import FIELDS, DamagedFile, FileStore, OutOfPlace, named_files
from core.records.records import Records
from server.sync.client import Line
from server.sync.errors import CallError, FailedError, NotHereError
from server.sync.peer import Peer

log = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 2  # files; rounds share the line
TOGETHER = 0.2  # s: rows often come in crowds
LOOK_AGAIN = 600.0  # s between looks whether a file vanished from the disk
ASK_AGAIN = 1.0  # s, doubled each time: who has the row may be about to have the file
LEAST_OFTEN = 15.0  # s
AFTER_FULL = 60.0  # s


class FileFetcher:
    """Lives on the server's loop. ``connected``: who can be asked now. ``told``: ``problem`` says something else."""

    def __init__(
        self,
        records: Records,
        files: FileStore,
        *,
        connected: Callable[[], list[Peer]],
        told: Callable[[], None],
        pool: Executor,
    ) -> None:
        self.problem = ""  # why files do not come, in the user's words
        self.missing: tuple[str, ...] = ()  # thumbnails first
        self._records = records
        self._files = files
        self._connected = connected
        self._told = told
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._stale = True  # rows may name files we have not looked for
        self._not_before = 0.0
        self._tries = 0
        self._unsubscribe = records.subscribe(self._changed)
        self._task = self._loop.create_task(self._run(), name="sync-files")

    async def stop(self) -> None:
        self._unsubscribe()
        self._task.cancel()
        await asyncio.wait({self._task}, timeout=0.5)

    def try_again(self) -> None:
        """Somebody was met who may have what is missing."""
        if self.missing:
            self._wake.set()

    def _changed(self, changes: ChangeSet) -> None:
        if any(changes.touches(table, *FIELDS) for table in changes.rows):
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        self._stale = True
        self._tries = 0
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                if self._stale:
                    self._stale = False
                    self.missing = await self._in_pool(self._list)
                if self.missing and self._loop.time() >= self._not_before:
                    await self._fetch_all()
            except Exception:
                log.exception("files could not be fetched")
            await self._rest()

    async def _rest(self) -> None:
        """Until a row names a file, somebody is met, or it is time to ask again."""
        asking = bool(self.missing and self._connected())
        self._tries = self._tries + 1 if asking else 0
        pause = min(ASK_AGAIN * 2.0 ** (self._tries - 1), LEAST_OFTEN) if asking else LOOK_AGAIN
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            self._stale = self._stale or not asking
        await asyncio.sleep(TOGETHER)

    def _list(self) -> tuple[str, ...]:
        with self._records.read() as session:
            named = named_files(session.connection(), self._records.schema)
        wanted = [
            name for field in sorted(FIELDS, key=lambda each: each != "thumbnail_sha256") for name in named[field]
        ]
        return tuple(self._files.missing(wanted))

    async def _fetch_all(self) -> None:
        waiting = iter(self.missing)
        came: set[str] = set()

        async def some() -> None:
            for sha256 in waiting:
                if self._connected() and await self._fetch(sha256):
                    came.add(sha256)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(some())
            self._say("")
        except* RecordsError as errors:  # the disk is full, or the quota is: all others would fail alike
            self._not_before = self._loop.time() + AFTER_FULL
            self._say(str(errors.exceptions[0]))
        self.missing = tuple(each for each in self.missing if each not in came)
        if came:
            self._told()

    async def _fetch(self, sha256: str) -> bool:
        """Whether the file is here now. Raises ``RecordsError`` for what the disk does."""
        peers = self._connected()
        random.shuffle(peers)
        for peer in peers:
            line = peer.line
            if line is None:
                continue
            try:
                await self._fetch_from(line, sha256)
            except NotHereError:
                continue
            except (CallError, OutOfPlace, DamagedFile) as error:
                log.warning("the file %s could not be fetched from %s: %s", sha256, peer.member.name, error)
                continue
            return True
        return False

    async def _fetch_from(self, line: Line, sha256: str) -> None:
        have = await self._in_pool(lambda: self._files.partial(sha256, 0).have)
        start = max(0, have - 1)  # the last byte again, so that there is always one to ask for
        while True:
            piece = await line.piece(f"files/{sha256}", start)
            found = self._files.partial(sha256, piece.total)
            try:
                start = await self._in_pool(partial(found.append, start, piece.data))
            except OutOfPlace:
                await self._in_pool(found.drop)  # of a damaged giver, or larger than it should be
                raise
            if start >= piece.total:
                break
            if not piece.data:
                raise FailedError("an empty piece")
        await self._in_pool(found.finish)

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self._told()

    async def _in_pool(self, work: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._pool, work)
