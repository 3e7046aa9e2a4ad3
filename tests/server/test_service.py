"""The server as a whole: answers when ``start`` returns, gone when ``stop`` does, clear about what it cannot do."""

import socket
import threading
from functools import partial
from typing import Any

import httpx
import pytest

from server import service
from server.discovery import Discovery
from server.listening import open_sockets
from server.service import CannotListen, Server
from tests.server.conftest import PATIENCE, tablet_of
from tests.server.fake_source import FakeSource

NAMED: dict[str, Any] = {"terminal": "Bay 3", "version": "1"}


def server_threads() -> int:
    return sum(thread.name == "server" for thread in threading.enumerate())


@pytest.fixture
def session() -> FakeSource:
    return FakeSource("engine_speed")


def test_http_answers_as_soon_as_start_returns(session: FakeSource) -> None:
    before = server_threads()
    server = Server(session, **NAMED, port=0)
    port = server.start()
    try:
        assert port == server.port > 0
        assert server.address == f"http://127.0.0.1:{port}/"
        assert httpx.get(f"{server.address}health", trust_env=False, timeout=PATIENCE).status_code == 200
        assert server_threads() == before + 1
    finally:
        server.stop()


def test_after_stop_the_port_is_free_and_the_thread_is_gone(session: FakeSource) -> None:
    before = server_threads()
    server = Server(session, **NAMED, port=0)
    port = server.start()
    with tablet_of(server) as tablet:
        tablet.say(type="subscribe", rate_hz=30)
        tablet.hear()
        server.stop()
    assert server_threads() == before
    assert session.watched == {}, "nobody looks any more"
    server.stop()  # harmless

    again = Server(session, **NAMED, port=port)
    assert again.start() == port
    again.stop()


def test_a_half_sent_request_does_not_hold_up_stopping(session: FakeSource) -> None:
    before = server_threads()
    server = Server(session, **NAMED, port=0)
    with socket.create_connection(("127.0.0.1", server.start()), timeout=PATIENCE) as raw:
        raw.sendall(b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        server.stop()
    assert server_threads() == before


def test_a_port_in_use_is_said_with_its_number_and_what_to_do(session: FakeSource) -> None:
    first = Server(session, **NAMED, port=0)
    port = first.start()
    try:
        with pytest.raises(CannotListen, match=rf"Port {port} is in use.*--port"):
            Server(session, **NAMED, port=port).start()
    finally:
        first.stop()


def test_answers_do_not_wait_for_a_delayed_acknowledgement() -> None:
    """Nagle's algorithm is off on what is accepted, which asyncio does only for sockets that name their protocol."""
    [listening] = open_sockets("127.0.0.1", 0)
    with listening, socket.create_connection(listening.getsockname(), timeout=PATIENCE):
        listening.settimeout(PATIENCE)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("203.0.113.7", 0, "does not have the address 203.0.113.7"),
        ("my terminal", 0, "not an address to listen on"),
        ("127.0.0.1", 70000, "70000 is not a port"),
    ],
)
def test_what_cannot_be_opened_is_said_in_words(session: FakeSource, host: str, port: int, words: str) -> None:
    with pytest.raises(CannotListen, match=words):
        Server(session, **NAMED, host=host, port=port).start()


def test_by_default_other_devices_cannot_reach_it_and_are_not_told(session: FakeSource) -> None:
    server = Server(session, **NAMED, port=0)
    server.start()
    try:
        assert not server.on_lan
        assert server.addresses() == [f"http://127.0.0.1:{server.port}/"]
        assert "--lan" in server.discovery_status
    finally:
        server.stop()


def test_open_to_the_lan_it_answers_on_every_address_ipv6_included(
    session: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The announcement has its own tests, on loopback; this one must not speak to the network it runs in.
    monkeypatch.setattr(service, "Discovery", partial(Discovery, addresses=list))
    server = Server(session, **NAMED, host="0.0.0.0", port=0)
    port = server.start()
    try:
        assert server.on_lan
        hosts = ["127.0.0.1"]
        if _has_ipv6_loopback():
            hosts.append("[::1]")
        for host in hosts:
            assert httpx.get(f"http://{host}:{port}/health", trust_env=False, timeout=PATIENCE).status_code == 200
        assert server.addresses()
    finally:
        server.stop()


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
