"""All records of another terminal, fetched as one file: by who joins, and by who was away longer than logs are kept."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from server.sync.client import Line, download
from server.sync.errors import FailedError, NotAdmittedError, SilentError, StrangerError

ASK_EVERY = 0.2  # s while the copy is being made
AWAY_FOR = 60.0  # s that the other terminal may be gone while the copy is fetched
TRY_EVERY = 1.0  # s

Told = Callable[[int, int], None]


def _nothing(_done: int, _total: int) -> None:
    return None


async def fetch_copy(line: Line, target: Path, made: Told = _nothing, fetched: Told = _nothing) -> None:
    """Have the copy made and fetch it into ``target``, however often the line breaks. Raises ``CallError``.

    ``made`` and ``fetched`` are told rows and bytes, of how many.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # of an earlier try: another moment of the records
    until = time.monotonic() + AWAY_FOR
    begun, reached = "", -1
    while True:
        try:
            sha256 = await _made(line, made)
            if sha256 != begun:  # another copy than the one that was begun: the other terminal was started anew
                begun, reached = sha256, -1
                target.unlink(missing_ok=True)
            await download(line, "snapshot", target, fetched)
            return
        except NotAdmittedError:
            raise
        except (SilentError, StrangerError, FailedError):
            size = target.stat().st_size if target.exists() else 0
            if size > reached:
                reached, until = size, time.monotonic() + AWAY_FOR
            if time.monotonic() > until:
                raise
            await asyncio.sleep(TRY_EVERY)


async def _made(line: Line, told: Told) -> str:
    """The SHA-256 of the copy, once it is there."""
    while not isinstance(now := await line.making(), str):
        told(*now)
        await asyncio.sleep(ASK_EVERY)
    return now
