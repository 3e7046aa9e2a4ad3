"""Who holds a connection and asks nothing is sent away; who asks and listens stays."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from core.people.roles import SYSTEM
from core.records.journal import newest
from core.sync.bay import Bay
from core.vehicles.vehicles import create_vehicle
from server import wire
from server.service import Server
from tests.server.conftest import PATIENCE, Tablet


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "REQUEST_WITHIN", 0.2)
    monkeypatch.setattr(wire, "ANSWER_WITHIN", 0.2)


@pytest.fixture
def raw(impatient: None, server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        yield connection


def sent_away(connection: socket.socket) -> bool:
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def closed_while_dripping(connection: socket.socket, drop: bytes) -> bool:
    """Whether the other end goes; a closed one shows to who writes."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            connection.sendall(drop)
        except ConnectionError:
            return True
        time.sleep(0.02)
    return False


def test_a_connection_that_asks_nothing_is_closed(raw: socket.socket) -> None:
    assert sent_away(raw)


def test_a_request_that_never_ends_is_closed_however_it_drips(raw: socket.socket) -> None:
    raw.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")
    assert closed_while_dripping(raw, b"a")


def test_a_body_that_never_comes_is_not_waited_for(raw: socket.socket) -> None:
    raw.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")
    assert sent_away(raw)


def test_an_answer_that_nobody_takes_is_given_up(impatient: None, server: Server) -> None:
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        taker.settimeout(PATIENCE)
        taker.connect(("127.0.0.1", server.port))
        taker.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 8)
        assert closed_while_dripping(taker, b"\r\n")


def test_the_live_channel_has_no_such_end(impatient: None, server: Server, open_tablet: Callable[[], Tablet]) -> None:
    tablet = open_tablet()
    tablet.say(type="subscribe", channel="signals", rate_hz=10, signals=["engine_speed"])
    assert [tablet.hear()["seq"] for _ in range(8)] == list(range(1, 9))  # four times as long


def test_a_long_body_that_keeps_coming_is_waited_for(impatient: None, founded: Server, token: str) -> None:
    body = b'{"plate": "' + b"X" * 900_000 + b'"}'
    with socket.create_connection(("127.0.0.1", founded.port), timeout=PATIENCE) as sender:
        sender.sendall(
            f"POST /api/v1/vehicles HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        for start in range(0, len(body), 100_000):  # five times as long as a request may take
            sender.sendall(body[start : start + 100_000])
            time.sleep(0.1)
        assert sender.recv(1000).startswith(b"HTTP/1.1 422")


def test_a_long_answer_that_is_taken_slowly_is_taken_whole(
    monkeypatch: pytest.MonkeyPatch, founded: Server, bay: Bay, token: str
) -> None:
    monkeypatch.setattr(wire, "REQUEST_WITHIN", 0.3)
    monkeypatch.setattr(wire, "ANSWER_WITHIN", 1.5)  # the system asks for more only when a third of megabytes is free
    with bay.records.read() as session:
        start = newest(session)
    notes = {"plate": "M-LG 1", "notes": "x" * 20_000}
    for _ in range(4):  # one change may have eight megabytes
        bay.records.change("system", lambda session: [create_vehicle(session, SYSTEM, notes) for _ in range(100)])
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        taker.settimeout(PATIENCE)
        taker.connect(("127.0.0.1", founded.port))
        taker.sendall(
            f"GET /api/v1/changes?after={start} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        taken, paused_at = 0, 0
        while piece := taker.recv(65536):
            taken += len(piece)
            if taken - paused_at > 300_000:  # in all several times as long as a request may take
                paused_at = taken
                time.sleep(0.1)
    assert taken > 400 * 20_000
