"""Who asks while the terminal stops gets an answer, not a failure."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.desk import run_in
from server.problems import Refusal


def test_a_closed_desk_says_that_the_terminal_stops() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(Refusal) as refused:
        asyncio.run(run_in(pool, lambda: None))
    assert refused.value.status_code == 503


def test_work_that_was_still_waiting_when_the_desk_closed_is_refused_too() -> None:
    pool, going_on = ThreadPoolExecutor(1), threading.Event()

    async def ask() -> None:
        first = asyncio.create_task(run_in(pool, lambda: going_on.wait(10)))
        second = asyncio.create_task(run_in(pool, lambda: None))
        await asyncio.sleep(0)
        pool.shutdown(wait=False, cancel_futures=True)
        going_on.set()
        with pytest.raises(Refusal):
            await second
        assert await first

    asyncio.run(ask())


def test_a_request_that_is_cancelled_stays_cancelled() -> None:
    pool, going_on = ThreadPoolExecutor(1), threading.Event()

    async def ask() -> None:
        running = asyncio.create_task(run_in(pool, lambda: going_on.wait(10)))
        waiting = asyncio.create_task(run_in(pool, lambda: None))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        going_on.set()
        await running

    asyncio.run(ask())
    pool.shutdown()
