"""What is thought to be missing at another terminal is looked at again, however often that one calls."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.records.log import Place, Tip
from core.sync.bay import Bay
from core.sync.exchange import RoundResult
from core.sync.views import PeerState
from core.vehicles.models import Vehicle
from server.sync.membership import Member, Membership
from server.sync.pairing_desk import PairingDesk
from server.sync.peer import EVERY, LOOK_AFTER, Around, Peer, Standing
from server.sync.peers import Peers
from tests.server.sync.bays import founded

NEWS: dict[str, dict[str, int]] = {"site": {"shop": 2}}
OLD: dict[str, dict[str, int]] = {"site": {"shop": 1}}


class Line:
    """A line at whose other end somebody comes for what is new."""

    async def call(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        return {"coming": True, "vector": OLD}


def peer(has: dict[str, dict[str, int]]) -> Peer:
    """A terminal in step that has ``has`` as far as we know; here is ``NEWS``."""
    around = SimpleNamespace(
        vector=lambda: NEWS,
        exchange=SimpleNamespace(records=SimpleNamespace(wall=lambda: 1)),
        told=lambda: None,
        met=lambda peer: None,
    )
    found = Peer(cast(Member, None), cast(Around, around), has, Standing(PeerState.IN_STEP))
    found._line = cast(Any, Line())
    return found


def left(found: Peer) -> float:
    """Seconds to its next round."""
    return found._round_at - asyncio.get_running_loop().time()


def test_a_call_of_one_that_has_everything_puts_the_next_round_off() -> None:
    async def story() -> None:
        found = peer(NEWS)
        found.called()
        assert left(found) > EVERY * 0.9

    asyncio.run(story())


def test_a_call_of_one_that_lacks_something_does_not() -> None:
    async def story() -> None:
        found = peer(OLD)
        found._round_at = asyncio.get_running_loop().time() + 1.0
        found.called()
        assert left(found) <= 1.0

    asyncio.run(story())


def test_one_that_comes_for_the_news_is_looked_at_soon_and_not_when_it_says_it_has_them() -> None:
    async def story() -> None:
        found = peer(OLD)
        found._round_at = asyncio.get_running_loop().time() + EVERY
        await found._poke()
        assert left(found) <= LOOK_AFTER
        found.has_everything()
        assert left(found) > LOOK_AFTER

    asyncio.run(story())


def test_a_round_that_something_overtook_is_followed_by_another() -> None:
    async def story() -> None:
        found = peer(OLD)
        found._succeeded(RoundResult(in_step=True, peer_vector=OLD))
        assert left(found) <= LOOK_AFTER
        found._succeeded(RoundResult(in_step=True, peer_vector=NEWS))
        assert left(found) > EVERY * 0.9

    asyncio.run(story())


def test_a_late_word_of_one_that_has_everything_is_looked_at_again() -> None:
    async def story() -> None:
        found = peer(NEWS)
        found.called()
        found.look_soon()
        assert left(found) <= LOOK_AFTER

    asyncio.run(story())


@pytest.fixture
def bay(tmp_path: Path) -> Iterator[Bay]:
    opened = Bay.open(founded(tmp_path / "1"))
    yield opened
    opened.close()


@pytest.fixture
def peers(bay: Bay) -> Peers:
    return Peers(bay, Membership(bay.records), cast(PairingDesk, None))


def test_a_poke_that_was_sent_before_its_sender_had_everything_is_looked_at_again(peers: Peers) -> None:
    async def story() -> None:
        found = peers._peers["DEVICE"] = peer(NEWS)
        peers._vector = NEWS
        found.called()
        assert peers.poked("DEVICE", {"vector": OLD})["coming"]
        assert left(found) <= LOOK_AFTER
        peers.poked("DEVICE", {"vector": NEWS})
        assert left(found) > LOOK_AFTER

    asyncio.run(story())


def test_what_was_read_earlier_does_not_replace_what_was_read_later(peers: Peers, bay: Bay) -> None:
    async def story() -> None:
        read, slow = bay.records.tips, threading.Event()

        def first_is_slow() -> dict[Place, Tip]:
            bay.records.tips = read  # type: ignore[method-assign]
            tips = read()
            slow.wait(10)
            return tips

        bay.records.tips = first_is_slow  # type: ignore[method-assign]
        with ThreadPoolExecutor(2) as pool:
            peers._pool = pool
            early = asyncio.create_task(peers._poke_all())
            while bay.records.tips is first_is_slow:
                await asyncio.sleep(0.01)
            bay.records.change("system", lambda session: session.add(Vehicle(plate="AB 1")))
            late = asyncio.create_task(peers._poke_all())
            await asyncio.wait({late}, timeout=0.2)  # it would be done by now, were it not for the first
            slow.set()
            await asyncio.gather(early, late)
        assert peers._vector == bay.records.vector()

    asyncio.run(story())
