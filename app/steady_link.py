"""The window's view of the other terminals, which stays while the page behind it is opened, closed and opened anew."""

import logging
import threading
from collections.abc import Callable

from core.language import tr
from core.sync.views import PairingOffer, PeerView, SyncError, SyncSummary, WorkshopLink

log = logging.getLogger(__name__)


class SteadyLink:
    """A ``WorkshopLink`` of its own. ``use`` gives it the one of the page that runs now; None: nothing is exchanged."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._link: WorkshopLink | None = None
        self._peers: tuple[PeerView, ...] = ()  # as last seen
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._unsubscribe: Callable[[], None] = lambda: None

    def use(self, link: WorkshopLink | None) -> None:
        """From now on this one; whoever listens is told."""
        with self._lock:
            if self._link is not None:
                self._peers = self._link.peers()
            self._unsubscribe()
            self._unsubscribe = link.subscribe(self._tell) if link is not None else lambda: None
            self._link = link
        self._tell()

    def close(self) -> None:
        """Nobody listens any more: the window is gone."""
        with self._lock:
            self._listeners = ()
        self.use(None)

    def summary(self) -> SyncSummary:
        link = self._link
        return SyncSummary(founded=True, peers=len(self._peers), problem=_off()) if link is None else link.summary()

    def peers(self) -> tuple[PeerView, ...]:
        link = self._link
        return self._peers if link is None else link.peers()

    def offer(self) -> PairingOffer | None:
        link = self._link
        return None if link is None else link.offer()

    def open_pairing(self) -> PairingOffer:
        return self._running().open_pairing()

    def close_pairing(self) -> None:
        if (link := self._link) is not None:
            link.close_pairing()

    def remove(self, device_id: str, actor: str) -> None:
        self._running().remove(device_id, actor)

    def sync_now(self) -> None:
        self._running().sync_now()

    def add_address(self, address: str) -> None:
        self._running().add_address(address)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

        return unsubscribe

    def _running(self) -> WorkshopLink:
        link = self._link
        if link is None:
            raise SyncError(_off())
        return link

    def _tell(self) -> None:
        for listener in self._listeners:
            try:
                listener()
            except Exception:  # one listener's fault is not the other terminals'
                log.exception("a listener failed on news of the other terminals")


def _off() -> str:
    return tr(
        "The page of this terminal is off, so it exchanges nothing with the others. What is written here is kept."
    )
