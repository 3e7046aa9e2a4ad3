"""A slow phone costs nobody anything: it gets fewer and newer values, and is given up when it takes none at all."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.client import connect

from core.obd.signals import SIGNALS
from server import live as live_module
from server.service import Server
from tests.server.conftest import PATIENCE, Tablet, wait_until
from tests.server.fake_source import FakeSource

EVERYTHING = {"type": "subscribe", "channel": "signals", "rate_hz": 30}


@pytest.fixture
def source() -> FakeSource:
    full = FakeSource(*SIGNALS)  # about 20 KB a message
    for name in SIGNALS:
        full.put(name, 1.0)
    return full


@contextmanager
def phone_at_the_edge(server: Server) -> Iterator[Tablet]:
    """A phone whose socket holds next to nothing, and whose library reads ahead no further than one message."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    with connect(
        f"ws://127.0.0.1:{server.port}/live", sock=raw, max_queue=1, close_timeout=0.1, ping_interval=None, proxy=None
    ) as connection:
        yield Tablet(connection)


def test_after_a_pause_a_phone_gets_the_newest_and_not_what_it_missed(
    server: Server, source: FakeSource, open_tablet: Callable[[], Tablet]
) -> None:
    with phone_at_the_edge(server) as phone:
        phone.say(**EVERYTHING)
        phone.hear()
        witness = open_tablet()
        witness.say(**EVERYTHING)
        while witness.hear()["seq"] < 45:
            pass
        source.put("engine_speed", 4242.0)

        heard = [phone.hear()]
        while heard[-1]["data"]["engine_speed"]["value"] != 4242.0:
            heard.append(phone.hear())

    assert len(heard) < 15, "old values were kept for it"
    numbers = [message["seq"] for message in heard]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "leaving out must leave no gaps"


def test_who_takes_nothing_is_given_up_and_no_longer_asks_the_car(
    server: Server, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "BLOCKED_FOR", 0.3)
    with phone_at_the_edge(server) as phone:
        phone.say(**EVERYTHING)
        wait_until(lambda: bool(source.watched))
        wait_until(lambda: source.watched == {})


def test_a_client_that_asks_but_never_listens_is_no_longer_heard(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "TALK_PAUSE", 0.0)

    def ask(raw: socket.socket) -> None:
        for id in range(1_000_000):
            raw.sendall(_frame({"type": "ping", "id": id}))

    with phone_at_the_edge(server) as phone:
        phone.socket.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            ask(phone.socket.socket)


def _frame(message: object) -> bytes:
    """A masked text frame with an all-zero mask (RFC 6455, section 5.2)."""
    body = json.dumps(message).encode()
    return bytes((0x81, 0x80 | len(body))) + b"\0\0\0\0" + body


def test_a_blocked_phone_does_not_hold_up_stopping(server: Server) -> None:
    with phone_at_the_edge(server) as phone:
        phone.say(**EVERYTHING)
        phone.hear()
        time.sleep(0.3)  # it is blocked by now
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
