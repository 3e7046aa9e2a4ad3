"""One port speaks TLS and plain HTTP, by the first byte; nobody who says nothing keeps others out."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from core.obd.signals import SIGNALS
from core.sync.bay import Bay
from core.trust.contexts import client_context, pinned
from server import accepting, wire
from server.service import Server
from tests.server.conftest import PATIENCE, Talker, wait_until
from tests.server.fake_source import FakeSource
from tests.server.secure import secure_socket
from tests.server.test_wire import closed_while_dripping, sent_away

ASK = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@contextmanager
def raw_to(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        yield connection


def answer_of(connection: socket.socket) -> bytes:
    said = b""
    while piece := connection.recv(65536):
        said += piece
    return said


@pytest.fixture
def running(fresh_bay: Bay) -> Iterator[Server]:
    """A server of its own, for what leaves marks."""
    source = FakeSource(*SIGNALS)
    for name in SIGNALS:
        source.put(name, 1.0)
    server = Server(source, port=0, terminal="Bay 3", version="9.9", bay=fresh_bay)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_same_port_answers_in_both(founded: Server, trusting: ssl.SSLContext, scheme: str) -> None:
    url = f"{scheme}://localhost:{founded.port}/health"
    reply = httpx.get(url, verify=trusting, trust_env=False, timeout=PATIENCE)
    assert reply.json()["terminal"] == "Bay 3"


def test_the_certificate_is_of_the_terminals_own_key(founded: Server, bay: Bay) -> None:
    with raw_to(founded) as raw, client_context().wrap_socket(raw) as secure:
        assert pinned(secure).device_id == bay.identity.device_id


def test_a_browser_that_does_not_know_the_root_is_told_so_by_its_own_library(founded: Server) -> None:
    with pytest.raises(ssl.SSLCertVerificationError), raw_to(founded) as raw:
        ssl.create_default_context().wrap_socket(raw, server_hostname="localhost")


def test_a_first_byte_that_comes_alone_and_late_is_enough(founded: Server) -> None:
    with raw_to(founded) as raw:
        raw.sendall(ASK[:1])
        time.sleep(0.1)
        raw.sendall(ASK[1:])
        assert answer_of(raw).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "rubbish", [b"\x00\x01\x02", b"\xff" * 100, b"\r\n\r\n", b"\x80\x2e\x01\x00\x02", b"SSH-2.0-x\r\n"]
)
def test_rubbish_is_no_handshake_and_no_request(founded: Server, rubbish: bytes) -> None:
    with raw_to(founded) as raw:
        raw.sendall(rubbish + b"\r\n\r\n")
        said = answer_of(raw)
    assert said.startswith(b"HTTP/1.1 400")


def test_rubbish_after_the_byte_of_a_handshake_ends_it(founded: Server) -> None:
    with raw_to(founded) as raw:
        raw.sendall(b"\x16" + b"GET / HTTP/1.1\r\n\r\n")
        assert not answer_of(raw).startswith(b"HTTP/")
    httpx.get(f"http://127.0.0.1:{founded.port}/health", trust_env=False, timeout=PATIENCE).raise_for_status()


def test_who_says_nothing_is_sent_away(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "FIRST_BYTE_WITHIN", 0.2)
    with raw_to(running) as raw:
        assert sent_away(raw)


def test_who_drips_a_client_hello_is_sent_away(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "HANDSHAKE_WITHIN", 0.2)
    with raw_to(running) as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        assert closed_while_dripping(raw, b"a")


def test_who_asks_nothing_in_tls_is_sent_away(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "REQUEST_WITHIN", 0.2)
    with raw_to(running) as raw, client_context().wrap_socket(raw) as secure:
        secure.sendall(b"GET /health HTTP/1.1\r\nX: ")
        assert sent_away(secure)


def test_half_a_connection_more_than_there_is_room_for_does_not_keep_others_out(running: Server) -> None:
    with ExitStack() as silent:
        held = [silent.enter_context(raw_to(running)) for _ in range(accepting.MOST_UNDECIDED + 20)]
        url = f"https://127.0.0.1:{running.port}/health"
        httpx.get(url, verify=client_context(), trust_env=False, timeout=PATIENCE).raise_for_status()
        assert sent_away(held[0]), "the oldest gives way"


def test_a_connection_that_is_closed_before_its_first_byte_is_forgotten(running: Server) -> None:
    for _ in range(50):
        with raw_to(running):
            pass
    httpx.get(f"http://127.0.0.1:{running.port}/health", trust_env=False, timeout=PATIENCE).raise_for_status()


def test_stopping_waits_for_none_of_them(fresh_bay: Bay) -> None:
    before = set(threading.enumerate())
    server = Server(FakeSource(), port=0, terminal="Bay 3", version="9.9", bay=fresh_bay)
    server.start()
    [own] = {thread for thread in threading.enumerate() if thread.name == "server"} - before
    with raw_to(server) as silent, raw_to(server) as dripping, raw_to(server) as idle:
        dripping.sendall(b"\x16\x03\x01")
        with client_context().wrap_socket(idle) as secure:
            secure.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert secure.recv(15).startswith(b"HTTP/1.1 200")
            server.stop()
            assert sent_away(silent)
    assert not own.is_alive()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)


@contextmanager
def secure_phone(server: Server) -> Iterator[Talker]:
    """A phone in TLS whose socket holds next to nothing."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    url = f"wss://127.0.0.1:{server.port}/live"
    with secure_socket(url, sock=raw, max_queue=1, close_timeout=0.1, ping_interval=None) as opened:
        yield Talker(opened)


def test_a_slow_phone_in_tls_gets_the_newest_too_and_not_what_it_missed(running: Server) -> None:
    everything = {"type": "subscribe", "channel": "signals", "rate_hz": 30}
    source = running._session
    assert isinstance(source, FakeSource)
    with secure_phone(running) as phone:
        phone.say(**everything)
        first = phone.hear()
        with secure_phone(running) as witness:
            witness.say(**everything)
            while witness.hear()["seq"] < 45:
                pass
        source.put("engine_speed", 4242.0)
        heard = [phone.hear()]
        while heard[-1]["data"]["engine_speed"]["value"] != 4242.0:
            heard.append(phone.hear())
    assert len(heard) < 15, "old values were kept for it"
    assert [message["seq"] for message in heard] == list(range(first["seq"] + 1, first["seq"] + 1 + len(heard)))


def test_a_live_channel_in_tls_lives_on(running: Server) -> None:
    with secure_phone(running) as phone:
        for number in range(20):
            phone.say(type="ping", id=number)
            assert phone.hear() == {"type": "pong", "id": number}


def test_a_new_address_is_in_the_certificate_without_a_restart(
    running: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen() -> bytes:
        with raw_to(running) as raw, client_context().wrap_socket(raw) as secure:
            return secure.getpeercert(binary_form=True) or b""

    before = seen()
    assert seen() == before
    assert running._leaf is not None
    monkeypatch.setattr(running._leaf, "_addresses", lambda: ["192.168.77.5"])
    running._leaf.renew()
    wait_until(lambda: seen() != before)
