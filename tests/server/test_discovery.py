"""The announcement, seen by a real browser of the service on the loopback interface; nothing leaves this machine."""

import asyncio
import ipaddress
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from server import discovery as discovery_module
from server.addresses import IPAddress, host_label
from server.discovery import LONGEST_TEXT, SERVICE, Discovery, Presence, Sighting
from server.sync.sightings import workshop_hash
from tests.server.conftest import PATIENCE

LOOPBACK: list[IPAddress] = [ipaddress.ip_address("127.0.0.1")]


class Watcher:
    """Sees terminals come and go."""

    def __init__(self, zeroconf: AsyncZeroconf) -> None:
        self.zeroconf = zeroconf
        self.names: set[str] = set()
        self.browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE, handlers=[self._changed])

    def _changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            self.names.discard(name)
        else:
            self.names.add(name)

    async def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"only {self.names} were seen"
            await asyncio.sleep(0.02)

    async def look_up(self, name: str) -> AsyncServiceInfo:
        info = AsyncServiceInfo(SERVICE, name)
        assert await info.async_request(self.zeroconf.zeroconf, 3000)
        return info


@asynccontextmanager
async def watcher() -> AsyncIterator[Watcher]:
    zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"])
    seen = Watcher(zeroconf)
    try:
        yield seen
    finally:
        await seen.browser.async_cancel()
        await zeroconf.async_close()


@asynccontextmanager
async def announced(terminal: str = "Bay 3", port: int = 8420) -> AsyncIterator[Discovery]:
    discovery = Discovery(terminal=terminal, version="9.9", port=port, addresses=lambda: LOOPBACK)
    task = asyncio.create_task(discovery.run())
    try:
        yield discovery
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.fixture(autouse=True)
def multicast() -> None:
    """Skip, with the reason, where the loopback interface does no multicast at all (some containers)."""
    try:
        Zeroconf(interfaces=["127.0.0.1"]).close()
    except OSError as error:
        pytest.skip(f"no multicast on the loopback interface here: {error}")


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(3 * PATIENCE):
            await story()

    asyncio.run(bounded())


def test_others_find_the_terminal_with_its_address_port_and_what_it_speaks() -> None:
    async def story() -> None:
        async with watcher() as others, announced() as discovery:
            await others.until(lambda: bool(others.names))
            assert others.names == {f"Bay 3.{SERVICE}"}
            info = await others.look_up(f"Bay 3.{SERVICE}")
            assert info.port == 8420
            assert info.parsed_addresses() == ["127.0.0.1"]
            assert info.server == f"{host_label('Bay 3')}.local."
            assert info.decoded_properties == {"version": "9.9", "terminal": "Bay 3", "path": "/", "api": "1"}
            await others.until(lambda: discovery.local_name == f"{host_label('Bay 3')}.local")
            assert discovery.status == "Other devices find this terminal as “Bay 3”."

    run(story)


def test_a_stopping_terminal_says_goodbye() -> None:
    async def story() -> None:
        async with watcher() as others:
            async with announced():
                await others.until(lambda: bool(others.names))
            await others.until(lambda: not others.names)

    run(story)


def test_two_terminals_of_one_name_are_both_found() -> None:
    async def story() -> None:
        async with watcher() as others, announced(port=1001):
            await others.until(lambda: len(others.names) == 1)
            async with announced(port=1002):
                await others.until(lambda: len(others.names) == 2)
                ports = {(await others.look_up(name)).port for name in others.names}
                assert ports == {1001, 1002}

    run(story)


def test_an_endless_name_in_any_script_is_cut_to_what_dns_allows() -> None:
    async def story() -> None:
        async with watcher() as others, announced(terminal="Bühne Süd. " * 40):
            await others.until(lambda: bool(others.names))
            [name] = others.names
            assert len(name.removesuffix(f".{SERVICE}").encode()) <= 63
            text = (await others.look_up(name)).properties[b"terminal"]
            assert text is not None
            assert len(text) <= LONGEST_TEXT

    run(story)


def test_without_a_network_nothing_is_announced_and_that_is_said() -> None:
    async def story() -> None:
        discovery = Discovery(terminal="Bay 3", version="1", port=1, addresses=lambda: [])
        task = asyncio.create_task(discovery.run())
        while "no network" not in discovery.status:
            await asyncio.sleep(0.01)
        assert discovery.zeroconf is None
        task.cancel()
        await asyncio.wait({task})

    run(story)


def test_a_network_that_comes_later_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery_module, "LOOK_AGAIN", 0.05)
    plugged_in: list[IPAddress] = []

    async def story() -> None:
        discovery = Discovery(terminal="Bay 3", version="1", port=1, addresses=lambda: list(plugged_in))
        task = asyncio.create_task(discovery.run())
        async with watcher() as others:
            while "no network" not in discovery.status:
                await asyncio.sleep(0.01)
            plugged_in.extend(LOOPBACK)
            await others.until(lambda: bool(others.names))
            plugged_in.clear()
            await others.until(lambda: not others.names)
        task.cancel()
        await asyncio.wait({task})

    run(story)


def test_a_network_that_refuses_is_said_in_words_and_stops_nothing() -> None:
    async def story() -> None:
        nowhere: list[IPAddress] = [ipaddress.ip_address("203.0.113.7")]  # no interface of this machine has it
        discovery = Discovery(terminal="Bay 3", version="1", port=1, addresses=lambda: nowhere)
        task = asyncio.create_task(discovery.run())
        while "do not find" not in discovery.status:
            assert not task.done()
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})

    run(story)


class Heard:
    """What a terminal's discovery told."""

    def __init__(self) -> None:
        self.found: dict[str, Sighting] = {}
        self.clone: Sighting | None = None
        self.changes = 0

    def seen(self, sighting: Sighting) -> None:
        self.found[sighting.device_id] = sighting

    def lost(self, sighting: Sighting) -> None:
        del self.found[sighting.device_id]

    def cloned(self, sighting: Sighting | None) -> None:
        self.clone = sighting

    def network_changed(self) -> None:
        self.changes += 1


class Bay:
    """A terminal of a workshop that announces itself and looks for others."""

    def __init__(self, device_id: str, port: int, name: str = "") -> None:
        self.heard = Heard()
        self.presence = Presence(device_id, "11" * 8, workshop_hash("w"))
        self.discovery = Discovery(
            terminal=name or f"Bay {device_id}",
            version="1",
            port=port,
            addresses=lambda: LOOPBACK,
            presence=lambda: self.presence,
            watcher=self.heard,
        )


@asynccontextmanager
async def running(*bays: Bay) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(bay.discovery.run()) for bay in bays]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(2 * PATIENCE):  # what gets lost is said or asked again after seconds
        while not true():
            await asyncio.sleep(0.02)


def test_terminals_of_a_workshop_find_each_other_and_not_themselves() -> None:
    async def story() -> None:
        one, two = Bay("ONE", 1001), Bay("TWO", 1002)
        async with running(one):
            async with running(two):
                await until(lambda: "TWO" in one.heard.found and "ONE" in two.heard.found)
                found = one.heard.found["TWO"]
                assert (found.urls, found.epoch, found.workshop, found.protocol) == (
                    ("https://127.0.0.1:1002",),
                    "11" * 8,
                    workshop_hash("w"),
                    1,
                )
            await until(lambda: not one.heard.found)
            assert one.heard.clone is None

    run(story)


def test_another_machine_with_our_id_is_a_clone_until_it_leaves() -> None:
    async def story() -> None:
        one, copy = Bay("ONE", 1001), Bay("ONE", 1002)
        async with running(one):
            async with running(copy):
                await until(lambda: one.heard.clone is not None and copy.heard.clone is not None)
                assert one.heard.clone is not None
                assert one.heard.clone.urls == ("https://127.0.0.1:1002",)
            await until(lambda: one.heard.clone is None)

    run(story)


def test_two_of_one_name_that_are_switched_on_in_the_same_moment_find_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(discovery_module, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr("zeroconf._core._PROBE_RANDOM_DELAY_INTERVAL", (20, 20))  # ms: both ask in step

    async def story() -> None:
        one, two = Bay("ONE", 1001, "Bay 1"), Bay("TWO", 1002, "Bay 1")
        async with running(one, two):
            await until(lambda: all("find this" in each.discovery.status for each in (one, two)))
            await until(lambda: one.discovery.status != two.discovery.status)
            await until(lambda: "TWO" in one.heard.found and "ONE" in two.heard.found)

    run(story)


def test_a_new_epoch_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery_module, "LOOK_AGAIN", 0.05)

    async def story() -> None:
        one, two = Bay("ONE", 1001), Bay("TWO", 1002)
        async with running(one, two):
            await until(lambda: "TWO" in one.heard.found)
            two.presence = Presence("TWO", "22" * 8, two.presence.workshop)
            await until(lambda: one.heard.found["TWO"].epoch == "22" * 8)

    run(story)


def test_the_others_are_asked_for_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery_module, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(discovery_module, "ASK_AGAIN", 0.1)

    async def story() -> None:
        one, two = Bay("ONE", 1001), Bay("TWO", 1002)
        async with running(one, two):
            await until(lambda: "TWO" in one.heard.found)
            one.heard.found.clear()
            await until(lambda: "TWO" in one.heard.found)

    run(story)
