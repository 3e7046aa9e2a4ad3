"""Who asks: a caller from the network sees nothing without a token, whatever they try; this terminal is as before."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Message

from core.people.roles import SYSTEM, Actor
from core.people.tokens import issue_token, revoke_token, token_actor
from core.records.errors import Corrupt
from core.sync.bay import Bay
from server import security
from server.application import Workshop, create_app
from server.desk import Desk
from server.security import COOKIE, MOST_GUESSES, SignIn, from_here
from tests.server.fake_source import FakeSource

TABLET = "192.168.1.50"
EVERYTHING = [
    "/", "/docs", "/openapi.json", "/page/page.css", "/page/theme.css", "/fonts/nothing.ttf", "/nothing", "/root.crt",
    "/live", "/api/v1/signals", "/api/v1/alarms", "/api/v1/vehicles", "/api/v1/changes", "/health/", "/joint",
    "/join/", "/control/v1/peers", "/sync/v1", "/Health",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(bay: Bay) -> FastAPI:
    workshop = Workshop(bay.records, bay.root.certificate_pem)
    return create_app(FakeSource("engine_speed"), terminal="Bay 3", version="9.9", workshop=workshop)


@pytest.fixture
def from_network(app: FastAPI) -> "Caller":
    return Caller(app, TABLET)


class Caller:
    """A device with this address; each call says in which scheme."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self._app = app
        self._address = address

    def __call__(self, method: str, path: str, *, scheme: str = "https", **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, client=(self._address, 50000))
            url = f"{scheme}://192.168.1.20:8420"
            async with httpx.AsyncClient(transport=transport, base_url=url) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_health_and_the_join_page_are_for_everybody(from_network: Caller, scheme: str) -> None:
    assert from_network("GET", "/health", scheme=scheme).status_code == 200
    assert from_network("GET", "/join", scheme=scheme).status_code == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", EVERYTHING)
def test_nothing_else_answers_who_is_not_known(from_network: Caller, scheme: str, method: str, path: str) -> None:
    reply = from_network(method, path, scheme=scheme)
    if reply.status_code == 303:
        assert (path, reply.headers["location"]) == ("/", "/join")
    else:
        assert reply.status_code in (401, 403)
        assert reply.headers["content-type"] == "application/problem+json"
    assert "Ott" not in reply.text


def test_the_join_page_says_nothing_of_the_workshop(from_network: Caller, bay: Bay) -> None:
    for scheme in ("http", "https"):
        text = from_network("GET", "/join", scheme=scheme).text
        assert "Ott" not in text
        assert bay.identity.device_id not in text


def test_with_a_token_the_network_gets_what_its_role_may(from_network: Caller, token: str) -> None:
    for path in ("/", "/api/v1/signals", "/api/v1/vehicles", "/root.crt"):
        assert from_network("GET", path, headers=bearer(token)).status_code == 200


def test_a_token_in_the_clear_opens_nothing(from_network: Caller, token: str) -> None:
    assert from_network("GET", "/api/v1/vehicles", scheme="http", headers=bearer(token)).status_code == 403


def test_a_cookie_opens_what_can_be_read_and_no_records(from_network: Caller, token: str) -> None:
    headers = {"Cookie": f"{COOKIE}={token}"}
    assert from_network("GET", "/", headers=headers).status_code == 200
    assert from_network("GET", "/api/v1/signals", headers=headers).status_code == 200
    assert from_network("GET", "/api/v1/vehicles", headers=headers).status_code == 401
    assert from_network("POST", "/api/v1/vehicles", headers=headers, json={"plate": "X"}).status_code == 401


@pytest.mark.parametrize("header", ["Basic dTpw", "Bearer", "Bearer ", "bearer wrong", "Bearer " + "x" * 5000, "\xe4"])
def test_what_is_no_token_opens_nothing(from_network: Caller, header: str) -> None:
    reply = from_network("GET", "/api/v1/vehicles", headers={"Authorization": header.encode("latin-1")})
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"].startswith("Bearer ")


def test_this_terminal_has_its_page_as_before_and_records_for_a_token(app: FastAPI, token: str) -> None:
    here = Caller(app, "127.0.0.1")
    assert here("GET", "/", scheme="http").status_code == 200
    assert here("GET", "/api/v1/signals", scheme="http").status_code == 200
    for path in ("/api/v1/vehicles", "/api/v1/customers", "/api/v1/repair-orders", "/api/v1/changes"):
        assert here("GET", path, scheme="http").status_code == 401
        assert here("GET", path, scheme="http", headers=bearer(token)).status_code == 200


def test_a_revoked_token_opens_nothing_from_that_moment(from_network: Caller, bay: Bay) -> None:
    token = issue_token(bay.records, SYSTEM, "viewer", "to be revoked")
    assert from_network("GET", "/api/v1/vehicles", headers=bearer(token)).status_code == 200
    with bay.records.read() as session:
        actor = token_actor(session, token)
    assert actor is not None
    bay.records.change("system", lambda session: revoke_token(session, SYSTEM, actor.id))
    assert from_network("GET", "/api/v1/vehicles", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize(
    ("role", "asked", "status"),
    [
        ("viewer", "GET /api/v1/vehicles", 200),
        ("viewer", "POST /api/v1/vehicles", 403),
        ("viewer", "GET /api/v1/changes", 403),
        ("device", "GET /api/v1/vehicles", 403),
        ("device", "GET /api/v1/vehicles/01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b", 403),
        ("customer", "GET /api/v1/customers", 403),
        ("technician", "POST /api/v1/customers", 403),
        ("technician", "DELETE /api/v1/vehicles/01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b", 403),
    ],
)
def test_a_role_may_what_it_may(from_network: Caller, bay: Bay, role: str, asked: str, status: int) -> None:
    method, path = asked.split()
    token = issue_token(bay.records, SYSTEM, role, f"a {role}")
    body: dict[str, Any] = {"json": {"plate": "M-X 1", "name": "x"}} if method == "POST" else {}
    assert from_network(method, path, headers=bearer(token), **body).status_code == status


def test_who_guesses_is_held_up_and_nobody_else(app: FastAPI, token: str) -> None:
    guessing, neighbour = Caller(app, "192.168.1.66"), Caller(app, "192.168.1.67")
    assert guessing("GET", "/", headers=bearer(token)).status_code == 200
    found = [guessing("GET", "/api/v1/vehicles", headers=bearer(f"guess {n}")).status_code for n in range(30)]
    assert found == [401] * MOST_GUESSES + [429] * (30 - MOST_GUESSES)
    assert int(guessing("GET", "/", headers=bearer("another")).headers["retry-after"]) > 0
    assert neighbour("GET", "/", headers=bearer("a guess")).status_code == 401
    assert guessing("GET", "/", headers=bearer(token)).status_code == 200, "a token that is known is no guess"


def test_the_same_wrong_token_again_is_no_guess(app: FastAPI) -> None:
    stubborn = Caller(app, "192.168.1.68")
    found = {stubborn("GET", "/", headers=bearer("revoked long ago")).status_code for _ in range(MOST_GUESSES + 5)}
    assert found == {401}


def test_guesses_are_forgotten_after_a_minute_and_held_within_bounds(bay: Bay) -> None:
    moment = [0.0]
    guesses = security._Guesses(lambda: moment[0])
    for number in range(MOST_GUESSES):
        assert guesses.allowed("2001:db8::1", bytes([number]))
        guesses.wrong("2001:db8::1", bytes([number]))
    assert not guesses.allowed("2001:db8::ffff", b"new"), "one device has a whole /64"
    moment[0] = security.GUESSES_FOR + 1
    assert guesses.allowed("2001:db8::1", b"new")
    for number in range(3 * security.MOST_ADDRESSES):
        guesses.wrong(f"10.{number >> 8}.{number & 255}.1", b"x")
    assert len(guesses._wrong) <= security.MOST_ADDRESSES


@pytest.mark.parametrize(
    ("client", "here"),
    [
        (("127.0.0.1", 1), True), (("127.8.9.1", 1), True), (("::1", 1), True), (("::ffff:127.0.0.1", 1), True),
        (("192.168.1.20", 1), False), (("fe80::1%eth0", 1), False), (("::ffff:192.168.1.20", 1), False),
        (("", 1), False), (("localhost", 1), False), (None, False),
    ],
)  # fmt: skip
def test_here_is_told_by_the_address_of_the_connection(client: tuple[str, int] | None, here: bool) -> None:
    assert from_here({"type": "http", "client": client}) is here


def test_no_header_makes_a_caller_local(from_network: Caller) -> None:
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP"):
        assert from_network("GET", "/api/v1/signals", headers={name: "127.0.0.1"}).status_code == 401


def test_a_live_channel_from_the_network_needs_a_token(app: FastAPI) -> None:
    said = asyncio.run(_socket(app, []))
    assert said[0]["type"] == "websocket.http.response.start"
    assert said[0]["status"] == 401


def test_a_live_channel_ends_when_its_token_is_taken_back(
    app: FastAPI, bay: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "CHECK_AGAIN", 0.0)
    token = issue_token(bay.records, SYSTEM, "viewer", "a tablet")

    def take_back() -> None:
        with bay.records.read() as session:
            actor = token_actor(session, token)
        assert actor is not None
        bay.records.change("system", lambda session: revoke_token(session, SYSTEM, actor.id))

    said = asyncio.run(_socket(app, [(b"cookie", f"{COOKIE}={token}".encode())], take_back))
    assert said[0]["type"] == "websocket.accept"
    assert [each["type"] for each in said].count("websocket.send") >= 1
    assert said[-1] == {"type": "websocket.close", "code": 1008, "reason": "the token was taken back"}


async def _socket(app: FastAPI, headers: list[tuple[bytes, bytes]], after_first: Any = None) -> list[Message]:
    """What a live channel from a tablet is sent, when it subscribes and then only listens."""
    said: list[Message] = []
    done = asyncio.Event()
    told = [{"type": "websocket.connect"}]
    told.append({"type": "websocket.receive", "text": '{"type":"subscribe","channel":"signals","rate_hz":30}'})

    async def receive() -> Message:
        if told:
            return told.pop(0)
        await done.wait()
        return {"type": "websocket.disconnect", "code": 1005}

    async def send(message: Message) -> None:
        said.append(message)
        if message["type"] == "websocket.send" and after_first is not None and len(said) == 2:
            await asyncio.to_thread(after_first)
        if message["type"] in ("websocket.close", "websocket.http.response.body"):
            done.set()

    scope = {
        "type": "websocket", "scheme": "wss", "path": "/live", "raw_path": b"/live", "query_string": b"",
        "headers": [(b"host", b"192.168.1.20:8420"), *headers], "client": (TABLET, 50000),
        "server": ("192.168.1.20", 8420), "subprotocols": [], "http_version": "1.1",
        "extensions": {"websocket.http.response": {}}, "asgi": {"version": "3.0"}, "root_path": "",
    }  # fmt: skip
    async with asyncio.timeout(10):
        await app(scope, receive, send)
    return said


def test_records_that_cannot_be_read_let_nobody_in_and_say_why(
    app: FastAPI, bay: Bay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise Corrupt(bay.home / "records.db", "malformed")

    monkeypatch.setattr(bay.records, "read", fail)
    for address, path in ((TABLET, "/api/v1/signals"), ("127.0.0.1", "/api/v1/vehicles")):
        reply = Caller(app, address)("GET", path, headers=bearer("a token that nobody has asked for yet"))
        assert reply.status_code == 503
        assert "damaged" in reply.json()["detail"]


def test_who_asks_while_the_terminal_stops_is_told_so(bay: Bay) -> None:
    desk = Desk(bay.records)
    desk.close()

    async def ask() -> Actor:
        return await SignIn(desk).actor("anything", "10.0.0.1")

    with pytest.raises(HTTPException) as refused:
        asyncio.run(ask())
    assert refused.value.status_code == 503
