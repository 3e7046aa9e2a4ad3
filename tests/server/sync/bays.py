"""Whole terminals in one process: real records, real servers on loopback, real TLS."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from core.records.ids import new_id
from core.records.records import wall_ms
from core.sync.bay import Bay
from core.sync.founding import found
from core.sync.views import PeerState, PeerView, SyncError, WorkshopLink
from core.vehicles.models import Vehicle
from server.service import Server
from server.sync.joining import join
from tests.server.fake_source import FakeSource

PATIENCE = 15.0  # s: a safety net, nothing here takes so long


class Running:
    """A terminal that serves, as a context; ``peers`` are addresses it was told on its command line."""

    def __init__(
        self, home: Path, name: str, *, peers: Iterable[str] = (), port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        self.home = home
        self.name = name
        self._peers = tuple(peers)
        self._port = port
        self._host = host

    def __enter__(self) -> "Running":
        self.bay = Bay.open(self.home)
        self.server = Server(
            FakeSource("engine_speed"),
            host=self._host,
            port=self._port,
            terminal=self.name,
            version="9.9",
            bay=self.bay,
            peers=self._peers,
            discovery=False,
        )
        try:
            self.server.start()
        except BaseException:
            self.bay.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.stop()
        self.bay.close()

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    @property
    def device(self) -> str:
        return self.bay.identity.device_id

    @property
    def link(self) -> WorkshopLink:
        assert self.server.link is not None
        return self.server.link

    def write(self, plate: str) -> str:
        """A new vehicle; returns its row's id."""
        row = new_id(wall_ms())
        self.bay.records.change("system", lambda session: session.add(Vehicle(id=row, plate=plate)))
        return row

    def plates(self) -> set[str]:
        with self.bay.records.read() as session:
            return {plate or "" for plate in session.scalars(select(Vehicle.plate))}

    def view(self, other: "Running | str") -> PeerView:
        device = other if isinstance(other, str) else other.device
        return next(each for each in self.link.peers() if each.device_id == device)

    def sees(self, other: "Running | str", *states: PeerState) -> bool:
        device = other if isinstance(other, str) else other.device
        return any(each.device_id == device and each.state in states for each in self.link.peers())


def wait_until(true: Callable[[], bool], what: str = "it") -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"{what} never came to be"
        time.sleep(0.01)


def founded(home: Path, name: str = "Bay 1") -> Path:
    found(home, "Ott & Sons", name)
    return home


def quiet(step: str, done: int, total: int) -> None:
    """Nobody looks at the progress."""


def joined(home: Path, giver: Running, name: str) -> Path:
    """A new terminal, by way of a code that ``giver`` shows."""
    offer = giver.link.open_pairing()
    join(home, offer.address, offer.code, name, quiet)
    return home


__all__ = ["PATIENCE", "Running", "SyncError", "founded", "joined", "quiet", "wait_until"]
