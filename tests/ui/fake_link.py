"""The other terminals as a window sees them, without a network: the test says how they are."""

import time
from collections.abc import Callable
from dataclasses import replace

from core.sync.views import PairingOffer, PeerState, PeerView, SyncError, SyncSummary


def ms(seconds_ago: float = 0.0) -> int:
    """UTC milliseconds so many seconds ago."""
    return round((time.time() - seconds_ago) * 1000)


class FakeLink:
    """A ``WorkshopLink`` whose peers and answers the test sets. ``calls`` remembers what was asked of it."""

    def __init__(self, *peers: PeerView) -> None:
        self.shown = list(peers)
        self.said: SyncSummary | None = None
        self.open: PairingOffer | None = None
        self.calls: list[tuple[str, ...]] = []
        self.error: SyncError | None = None
        self.listeners: list[Callable[[], None]] = []

    def summary(self) -> SyncSummary:
        if self.said is not None:
            return self.said
        there = [peer for peer in self.shown if peer.state is not PeerState.REMOVED]
        return SyncSummary(True, sum(peer.state is PeerState.IN_STEP for peer in there), len(there))

    def peers(self) -> tuple[PeerView, ...]:
        return tuple(self.shown)

    def offer(self) -> PairingOffer | None:
        return self.open

    def open_pairing(self) -> PairingOffer:
        self._asked("open_pairing")
        self.open = PairingOffer("48210937", "https://192.168.1.20:8420", ms(-120))
        return self.open

    def close_pairing(self) -> None:
        self._asked("close_pairing")
        self.open = None

    def remove(self, device_id: str, actor: str) -> None:
        self._asked("remove", device_id, actor)
        self.shown = [
            replace(peer, state=PeerState.REMOVED) if peer.device_id == device_id else peer for peer in self.shown
        ]
        self.tell()

    def sync_now(self) -> None:
        self._asked("sync_now")

    def add_address(self, address: str) -> None:
        self._asked("add_address", address)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def tell(self) -> None:
        for listener in list(self.listeners):
            listener()

    def _asked(self, *call: str) -> None:
        self.calls.append(call)
        if self.error is not None:
            raise self.error


def peer(name: str, state: PeerState = PeerState.IN_STEP, **fields: object) -> PeerView:
    """A terminal called ``name``."""
    known: dict[str, object] = {
        "address": f"https://192.168.1.{20 + len(name)}:8420",
        "last_contact": ms(2),
        "clock_difference_ms": 120,
        **fields,
    }
    return PeerView(f"terminal-{name}", f"device-{name}", name, state, **known)  # type: ignore[arg-type]


def workshop_of_all_states() -> FakeLink:
    """One terminal in each state, for the pictures and the tests of their looks."""
    return FakeLink(
        peer("Bay 1", waiting_out=0),
        peer("Bay 2", PeerState.SYNCING, waiting_in=1240),
        peer("Reception", PeerState.AWAY, last_contact=ms(5400), waiting_out=6, clock_difference_ms=-430_000),
        peer("Body shop", PeerState.NEVER_SEEN, last_contact=None, clock_difference_ms=None, address=""),
        peer("Parts counter", PeerState.DIFFERS, waiting_in=0),
        peer(
            "Bay 7",
            PeerState.REFUSED,
            problem="A second machine in this network has the same id, probably a copy of this terminal's disk. "
            "Both have drawn a new one; nothing is lost.",
        ),
        peer("Old tablet", PeerState.REMOVED, last_contact=ms(40 * 86_400)),
    )
