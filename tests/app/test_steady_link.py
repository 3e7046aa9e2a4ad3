"""What a window sees of the other terminals outlives the page it comes from."""

from collections.abc import Callable

import pytest

from app.steady_link import SteadyLink
from core.sync.views import PairingOffer, PeerState, PeerView, SyncError, SyncSummary


class _Link:
    """What a page has."""

    def __init__(self, *names: str) -> None:
        self.asked: list[str] = []
        self.tell: Callable[[], None] = lambda: None
        self._peers = tuple(PeerView(name, name, name, PeerState.IN_STEP) for name in names)

    def summary(self) -> SyncSummary:
        return SyncSummary(founded=True, in_step=len(self._peers), peers=len(self._peers))

    def peers(self) -> tuple[PeerView, ...]:
        return self._peers

    def offer(self) -> PairingOffer | None:
        return None

    def open_pairing(self) -> PairingOffer:
        return PairingOffer("12345678", "https://192.168.1.20:8420", 0)

    def close_pairing(self) -> None:
        self.asked.append("close")

    def remove(self, device_id: str, actor: str) -> None:
        self.asked.append(f"remove {device_id} by {actor}")

    def sync_now(self) -> None:
        self.asked.append("sync")

    def add_address(self, address: str) -> None:
        self.asked.append(f"look at {address}")

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.tell = listener

        def unsubscribe() -> None:
            self.tell = lambda: None

        return unsubscribe


def test_while_the_page_is_off_it_says_so_and_remembers_the_others() -> None:
    steady = SteadyLink()
    assert (steady.summary().founded, steady.peers(), steady.offer()) == (True, (), None)
    steady.use(_Link("Bay 2", "Bay 3"))
    assert steady.summary().in_step == 2
    steady.use(None)
    assert [one.name for one in steady.peers()] == ["Bay 2", "Bay 3"]
    assert "page of this terminal is off" in steady.summary().problem
    assert (steady.summary().in_step, steady.summary().peers) == (0, 2)
    steady.close_pairing()
    for ask in (steady.open_pairing, steady.sync_now, lambda: steady.remove("D", "system")):
        with pytest.raises(SyncError, match="page of this terminal is off"):
            ask()


def test_what_is_asked_reaches_the_page_that_runs_now() -> None:
    before, now = _Link("Bay 2"), _Link("Bay 2")
    steady = SteadyLink()
    steady.use(before)
    steady.use(now)
    steady.sync_now()
    steady.remove("D", "terminal:T")
    steady.add_address("bay-3.local")
    steady.close_pairing()
    assert steady.open_pairing().code == "12345678"
    assert (before.asked, now.asked) == ([], ["sync", "remove D by terminal:T", "look at bay-3.local", "close"])


def test_who_listens_hears_of_every_page_until_the_window_closes() -> None:
    heard: list[str] = []
    before, now = _Link(), _Link()
    steady = SteadyLink()
    steady.use(before)
    end = steady.subscribe(lambda: heard.append("news"))
    before.tell()
    assert heard == ["news"]
    steady.use(now)
    before.tell()
    now.tell()
    assert heard == ["news"] * 3  # the page changed, and told something
    end()
    now.tell()
    steady.subscribe(lambda: heard.append("more"))
    steady.close()
    now.tell()
    assert heard == ["news"] * 3


def test_one_listeners_fault_is_not_the_next_ones(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[str] = []

    def broken() -> None:
        raise RuntimeError("on purpose")

    steady = SteadyLink()
    steady.subscribe(broken)
    steady.subscribe(lambda: heard.append("news"))
    steady.use(_Link())
    assert heard == ["news"]
    assert "on purpose" in caplog.text
