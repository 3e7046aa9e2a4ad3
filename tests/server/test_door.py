"""Who is let in: our own names, our own page, nobody who was sent by another site."""

import asyncio
import socket
from collections.abc import Callable

import httpx
import pytest
from starlette.requests import ClientDisconnect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from server.addresses import host_label
from server.door import Door, own_names
from server.service import Server
from tests.server.conftest import PATIENCE


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.0.0.1:8420", "[::1]:8420", "192.168.1.20:8420", "[fe80::1]",
        "LOCALHOST", "localhost.", "bay-3", "bay-3.local", "Bay-3.local:8420", f"{host_label('Bay 3')}.local",
        socket.gethostname(),
    ],
)  # fmt: skip
def test_our_addresses_and_names_are_let_in(lasting_http: httpx.Client, host: str) -> None:
    assert lasting_http.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "localhost:8420:1", "a b", "[::1"]
)
def test_any_other_name_is_refused_so_that_no_name_can_be_rebound_to_us(lasting_http: httpx.Client, host: str) -> None:
    reply = lasting_http.get("/api/v1/signals", headers={"Host": host})
    assert reply.status_code in (400, 421)
    assert "signals" not in reply.text


def test_the_refusal_is_a_problem_in_words(lasting_http: httpx.Client) -> None:
    reply = lasting_http.get("/", headers={"Host": "evil.example"})
    assert reply.status_code == 421
    assert reply.headers["content-type"] == "application/problem+json"
    assert "address" in reply.json()["detail"]


def test_a_socket_from_our_own_page_and_from_a_program_is_let_in(lasting_server: Server) -> None:
    url = f"127.0.0.1:{lasting_server.port}"
    for origin in (Origin(f"http://{url}"), None):
        with connect(f"ws://{url}/live", origin=origin, open_timeout=PATIENCE, proxy=None) as opened:
            opened.send('{"type": "ping"}')
            assert "pong" in str(opened.recv(timeout=PATIENCE))


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://", "http://127.0.0.1", "http://["]
)
def test_a_socket_from_another_site_is_refused(lasting_server: Server, origin: str) -> None:
    url = f"ws://127.0.0.1:{lasting_server.port}/live"
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(url, origin=Origin(origin), open_timeout=PATIENCE, proxy=None),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_socket_by_a_foreign_name_is_refused(lasting_server: Server) -> None:
    with socket.create_connection(("127.0.0.1", lasting_server.port), timeout=PATIENCE) as raw:
        raw.sendall(
            b"GET /live HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert raw.recv(1000).startswith(b"HTTP/1.1 421")


@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/signals", "/docs", "/page/page.css", "/nothing", "/live"])
def test_every_answer_carries_the_headers_that_keep_other_sites_out(lasting_http: httpx.Client, path: str) -> None:
    headers = lasting_http.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert not [name for name in headers if name.startswith("access-control")], "no other site may read this"


def test_values_are_never_kept_by_a_cache(lasting_http: httpx.Client) -> None:
    assert lasting_http.get("/api/v1/signals").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/health", "/api/v1/signals", "/api/v1/alarms", "/"])
def test_nothing_can_be_changed(lasting_http: httpx.Client, method: str, path: str) -> None:
    reply = lasting_http.request(method, path)
    assert reply.status_code == 405
    assert reply.json()["detail"] == f"{path} can only be read, with GET."


def test_a_fault_of_ours_is_a_problem_without_its_insides(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    reply = _ask(Door(broken, own_names("Bay 3")))

    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert "secret" not in reply.text
    assert "a secret" in caplog.text, "the log must say why"


def test_somebody_who_hangs_up_in_the_middle_is_no_fault_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async def interrupted(*_: object) -> None:
        raise ClientDisconnect

    with pytest.raises(AssertionError):  # httpx's transport: nobody is there to be answered
        _ask(Door(interrupted, own_names("Bay 3")))
    assert not caplog.records


def _ask(app: Callable[..., object]) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/")

    return asyncio.run(get())
