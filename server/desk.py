"""Where the server's loop has the records read and written: on threads of its own, so that nobody waits for a disk."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import TypeVar

from core.language import tr
from core.records.records import Records
from server.problems import Refusal

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
        return await run_in(self._pool, lambda: context.run(work))

    def close(self) -> None:
        """Begin nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def run_in(pool: Executor, work: Callable[[], T]) -> T:
    """What ``work`` returns, from a thread of ``pool``. Raises what it raises, and ``Refusal`` (503) once the pool is
    closed: terminals and tablets go on asking while the server stops.
    """
    try:
        begun: Future[T] = pool.submit(work)
    except RuntimeError:
        raise _stopping() from None
    try:
        return await asyncio.wrap_future(begun)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if begun.cancelled() and task is not None and not task.cancelling():  # the pool was closed, not the request
            raise _stopping() from None
        raise


def _stopping() -> Refusal:
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, tr("This terminal is stopping."))
