"""Where the server's loop has the records read and written: on threads of its own, so that nobody waits for a disk."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from core.records.records import Records

T = TypeVar("T")

THREADS = 4  # reads at a time; writes queue behind the one writer anyway


class Desk:
    """Runs blocking work for the loop, in the language of who asked. ``records`` is what the work is about.

    Not Starlette's pool: that one is waited for when the loop ends, and a database that does not answer must not keep
    the server from stopping.
    """

    def __init__(self, records: Records) -> None:
        self.records = records
        self._pool = ThreadPoolExecutor(THREADS, "records-desk")

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` returns; raises what it raises. Cancelled, it is not waited for, but it runs to its end."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, work)

    def close(self) -> None:
        """Begin nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
