"""Looking for terminals to join: real announcements on the loopback interface, heard only while somebody looks."""

import asyncio
import ipaddress
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.addresses import IPAddress
from server.discovery import Discovery, Presence
from server.nearby import Nearby
from tests.server.conftest import PATIENCE

LOOPBACK: list[IPAddress] = [ipaddress.ip_address("127.0.0.1")]


@asynccontextmanager
async def announced(terminal: str, presence: Presence | None) -> AsyncIterator[None]:
    said = (lambda: presence) if presence is not None else None
    found = Discovery(terminal=terminal, version="1", port=8420, addresses=lambda: LOOPBACK, presence=said)
    task = asyncio.create_task(found.run())
    try:
        await until(lambda: bool(found.local_name))
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.05)


def test_terminals_of_a_workshop_are_heard_and_others_are_not() -> None:
    async def story() -> None:
        nearby = Nearby(addresses=lambda: LOOPBACK)
        try:
            async with announced("Bay 7", Presence("NEARBY-DEVICE", "e", "w")), announced("Founded nowhere", None):
                await until(lambda: any(each.name == "Bay 7" for each in nearby.look()))
                heard = nearby.look()
            assert next(each for each in heard if each.name == "Bay 7").urls == ("https://127.0.0.1:8420",)
            assert "Founded nowhere" not in {each.name for each in heard}
            await until(lambda: all(each.name != "Bay 7" for each in nearby.look()))  # it said goodbye
        finally:
            nearby.close()

    asyncio.run(asyncio.wait_for(story(), 3 * PATIENCE))


def test_nobody_is_looked_for_before_or_after_somebody_asks() -> None:
    async def story() -> None:
        nearby = Nearby(addresses=lambda: LOOPBACK, forgotten_s=0.3)
        assert not nearby.searching
        nearby.look()
        assert nearby.searching
        await until(lambda: not nearby.searching)
        nearby.look()
        assert nearby.searching, "asked again, it looks again"
        nearby.close()
        await until(lambda: not nearby.searching)

    asyncio.run(asyncio.wait_for(story(), 3 * PATIENCE))


def test_a_network_that_fails_stops_nothing() -> None:
    async def story() -> None:
        def broken() -> list[IPAddress]:
            raise OSError("no such device")

        nearby = Nearby(addresses=broken, forgotten_s=0.3)
        assert nearby.look() == ()
        await until(lambda: not nearby.searching)
        nearby.close()

    asyncio.run(asyncio.wait_for(story(), 3 * PATIENCE))
