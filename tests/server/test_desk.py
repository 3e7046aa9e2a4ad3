"""Work of the records off the loop: in the asker's language, and never waited for when the server stops."""

import asyncio
import threading

import pytest

from core import language
from core.sync.bay import Bay
from server.desk import THREADS, Desk


@pytest.fixture
def desk(bay: Bay) -> Desk:
    return Desk(bay.records)


def test_work_runs_on_another_thread_and_gives_back_what_it_returns_or_raises(desk: Desk) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def ask() -> str:
        with pytest.raises(ZeroDivisionError):
            await desk.run(fail)
        return await desk.run(lambda: threading.current_thread().name)

    assert asyncio.run(ask()).startswith("records-desk")


def test_it_speaks_the_language_of_who_asked(desk: Desk) -> None:
    async def ask() -> str:
        with language.speaking("de"):
            return await desk.run(language.current)

    assert asyncio.run(ask()) == "de"


def test_a_database_that_does_not_answer_does_not_hold_up_the_end(desk: Desk) -> None:
    answered = threading.Event()

    async def ask() -> None:
        waiting = [asyncio.create_task(desk.run(answered.wait)) for _ in range(2 * THREADS)]
        await asyncio.sleep(0.05)
        desk.close()
        for each in waiting:
            each.cancel()

    ended = threading.Thread(target=lambda: asyncio.run(ask()))
    ended.start()
    ended.join(10)
    alive = ended.is_alive()
    answered.set()
    ended.join(10)
    assert not alive, "the loop waited for the database"
