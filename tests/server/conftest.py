"""A real server on a free loopback port around a fake source, and the clients that talk to it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from server.service import Server
from tests.server.fake_source import FakeSource

PATIENCE = 10.0  # s: a safety net, nothing here takes so long


class Tablet:
    """A WebSocket client that speaks JSON."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, **message: object) -> None:
        self.socket.send(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        """The next message."""
        found: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE))
        return found

    def hear_of(self, kind: str) -> dict[str, Any]:
        """The next message of that type; others are passed over."""
        while True:
            message = self.hear()
            if message["type"] == kind:
                return message


def wait_until(true: Callable[[], bool]) -> None:
    """Return when it is so; fail when it never becomes so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


@contextmanager
def tablet_of(server: Server, **options: Any) -> Iterator[Tablet]:
    """A tablet connected to ``server``; ``options`` are those of ``websockets``."""
    url = f"ws://127.0.0.1:{server.port}/live"
    with connect(url, open_timeout=PATIENCE, close_timeout=0.2, proxy=None, **options) as socket:
        yield Tablet(socket)


@pytest.fixture
def source() -> FakeSource:
    return FakeSource("engine_speed", "vehicle_speed", "coolant_temperature")


@pytest.fixture
def server(source: FakeSource) -> Iterator[Server]:
    running = Server(source, port=0, terminal="Bay 3", version="9.9")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, timeout=PATIENCE, trust_env=False) as client:
        yield client


@pytest.fixture
def open_tablet(server: Server) -> Iterator[Callable[..., Tablet]]:
    with ExitStack() as open_ones:
        yield lambda **options: open_ones.enter_context(tablet_of(server, **options))


@pytest.fixture
def tablet(open_tablet: Callable[..., Tablet]) -> Tablet:
    return open_tablet()


@pytest.fixture(scope="session")
def lasting_server() -> Iterator[Server]:
    """One server for all tests that do not change its source; starting and stopping takes half a second."""
    running = Server(FakeSource("engine_speed", "vehicle_speed"), port=0, terminal="Bay 3", version="9.9")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def lasting_tablet(lasting_server: Server) -> Iterator[Tablet]:
    with tablet_of(lasting_server) as tablet:
        yield tablet


@pytest.fixture
def lasting_http(lasting_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=lasting_server.address, timeout=PATIENCE, trust_env=False) as client:
        yield client
