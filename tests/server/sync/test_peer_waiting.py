"""What is thought to be missing at another terminal is looked at again, however often that one calls."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from core.sync.exchange import RoundResult
from core.sync.views import PeerState
from server.sync.membership import Member
from server.sync.peer import EVERY, LOOK_AFTER, Around, Peer, Standing

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
