"""A real server on a free loopback port around a fake source, and the clients that talk to it."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from core.sync.founding import found
from server.service import Server
from tests.server.fake_source import FakeSource
from tests.server.secure import SecureSocket

PATIENCE = 10.0  # s: a safety net, nothing here takes so long


class Talker:
    """Speaks JSON over a WebSocket."""

    def __init__(self, socket: ClientConnection | SecureSocket) -> None:
        self._socket = socket

    def say(self, **message: object) -> None:
        self._socket.send(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        """The next message."""
        found: dict[str, Any] = json.loads(self._socket.recv(timeout=PATIENCE))
        return found

    def hear_of(self, kind: str) -> dict[str, Any]:
        """The next message of that type; others are passed over."""
        while True:
            message = self.hear()
            if message["type"] == kind:
                return message


class Tablet(Talker):
    """One in the clear, whose socket a test may close or look into."""

    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self.socket = socket


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


# A founded workshop ---------------------------------------------------------------------------------------------------

CONTROL_SECRET = "the-secret-in-control.json"


@pytest.fixture(scope="session")
def bay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bay]:
    """A terminal of a workshop, for all tests that do not mind what others wrote."""
    yield from _founded(tmp_path_factory.mktemp("bay"))


@pytest.fixture
def fresh_bay(tmp_path: Path) -> Iterator[Bay]:
    """A terminal of a workshop in which nothing was written yet."""
    yield from _founded(tmp_path / "bay")


def _founded(home: Path) -> Iterator[Bay]:
    found(home, "Ott & Sons", "Bay 3")
    opened = Bay.open(home)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def founded(bay: Bay) -> Iterator[Server]:
    """A server of a founded workshop; started and stopped once."""
    source = FakeSource("engine_speed", "vehicle_speed")
    running = Server(source, port=0, terminal="Bay 3", version="9.9", bay=bay, control_secret=CONTROL_SECRET)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def token(bay: Bay) -> str:
    """An owner's token."""
    return issue_token(bay.records, SYSTEM, "owner", "tests")


@pytest.fixture(scope="session")
def trusting(bay: Bay) -> ssl.SSLContext:
    """A browser that has installed the workshop's root."""
    return ssl.create_default_context(cadata=bay.root.certificate_pem)


@pytest.fixture
def api(founded: Server, token: str) -> Iterator[httpx.Client]:
    """A program on this terminal with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{founded.port}"
    with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, headers=headers) as client:
        yield client
