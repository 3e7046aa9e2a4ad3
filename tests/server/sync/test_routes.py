"""What a stranger, a removed terminal and an attacker get of ``/sync/v1``: one answer, which says nothing."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard

from core.trust.identity import Identity
from core.trust.signing import DEVICE_HEADER, RequestSigner
from server.sync.client import Line
from server.sync.errors import CallError, FailedError, NotAdmittedError, NotHereError, SilentError, StrangerError
from server.sync.packing import MEDIA_TYPE, MOST, MOST_PACKED, PackingError, pack, unpack
from tests.server.sync.bays import PATIENCE, Running, founded, joined


@pytest.fixture(scope="module")
def bays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Identity]]:
    """A terminal that serves, and the key of another member, which does not run."""
    folder = tmp_path_factory.mktemp("bays")
    with Running(founded(folder / "1"), "Bay 1") as one:
        joined(folder / "2", one, "Bay 2")
        yield one, Identity.load(folder / "2" / "identity")


@pytest.fixture
def one(bays: tuple[Running, Identity]) -> Running:
    return bays[0]


@pytest.fixture
def member(bays: tuple[Running, Identity]) -> Identity:
    return bays[1]


@pytest.fixture
def stranger(tmp_path: Path) -> Identity:
    return Identity.create(tmp_path / "stranger", "Stranger")


@pytest.fixture
def http(one: Running) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cadata=one.bay.root.certificate_pem)
    with httpx.Client(base_url=one.address, verify=context, trust_env=False, timeout=PATIENCE) as client:
        yield client


def session_of(http: httpx.Client, who: Identity) -> str:
    answer = http.post("/sync/v1/session", headers={DEVICE_HEADER: who.device_id})
    assert answer.status_code == 200
    return str(unpack(answer.content)["session"])


def told(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()["detail"]


REQUESTS = [
    ("POST", f"/sync/v1/{kind}") for kind in ("session", "hello", "pull", "push", "digest", "chain", "poke")
] + [
    ("GET", f"/sync/v1/files/{'0' * 64}"),
    ("GET", "/sync/v1/snapshot"),
    ("DELETE", "/sync/v1/snapshot"),
    ("POST", "/sync/v1/pair/1"),
    ("POST", "/sync/v1/pair/2"),
]


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_strangers_hear_the_same_no_everywhere_and_nothing_of_the_workshop(
    method: str, path: str, http: httpx.Client, stranger: Identity
) -> None:
    body = pack({"any": "thing"}) if method == "POST" else b""
    signed = RequestSigner(stranger, "server", "session").sign(method, path, body)
    for headers in ({}, {DEVICE_HEADER: stranger.device_id}, signed):
        answer = http.request(method, path, content=body, headers=headers)
        assert told(answer) == (403, "This terminal talks to the terminals of its own workshop only.")
        assert "Ott" not in answer.text


def test_a_request_that_was_here_before_is_refused(http: httpx.Client, one: Running, member: Identity) -> None:
    signer = RequestSigner(member, one.device, session_of(http, member))
    body = pack({})
    headers = signer.sign("POST", "/sync/v1/digest", body)
    assert http.post("/sync/v1/digest", content=body, headers=headers).status_code == 200
    assert http.post("/sync/v1/digest", content=body, headers=headers).status_code == 403


def test_a_signature_is_for_one_route_and_one_body(http: httpx.Client, one: Running, member: Identity) -> None:
    signer = RequestSigner(member, one.device, session_of(http, member))
    body = pack({})
    headers = signer.sign("POST", "/sync/v1/digest", body)
    assert http.post("/sync/v1/digest", content=pack({"a": 1}), headers=headers).status_code == 403
    assert http.post("/sync/v1/digest?a=1", content=body, headers=headers).status_code == 403
    assert http.post("/sync/v1/pull", content=body, headers=headers).status_code == 403


def test_another_members_name_is_of_no_use_without_its_key(
    http: httpx.Client, one: Running, member: Identity, stranger: Identity
) -> None:
    body = pack({})
    headers = RequestSigner(stranger, one.device, session_of(http, member)).sign("POST", "/sync/v1/digest", body)
    headers[DEVICE_HEADER] = member.device_id
    assert http.post("/sync/v1/digest", content=body, headers=headers).status_code == 403


def test_what_is_too_large_is_refused_before_it_is_kept(http: httpx.Client, one: Running, member: Identity) -> None:
    signer = RequestSigner(member, one.device, session_of(http, member))
    body = b"\x00" * (MOST_PACKED + 1)
    answer = http.post("/sync/v1/push", content=body, headers=signer.sign("POST", "/sync/v1/push", body))
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x07abc", b"\x01no zstd", b"\x00\xc1", pack({"transactions": 7})])
def test_a_message_without_sense_is_said_to_be_one(
    body: bytes, http: httpx.Client, one: Running, member: Identity
) -> None:
    signer = RequestSigner(member, one.device, session_of(http, member))
    headers = {"content-type": MEDIA_TYPE, **signer.sign("POST", "/sync/v1/push", body)}
    assert http.post("/sync/v1/push", content=body, headers=headers).status_code == 400


def call(line_of: Any, story: Any) -> Any:
    async def run() -> Any:
        line = line_of()
        try:
            return await story(line)
        finally:
            await line.close()

    return asyncio.run(run())


def test_a_terminal_with_another_key_hears_nothing(one: Running, member: Identity, stranger: Identity) -> None:
    """Somebody else's machine at a known address: not even a session is asked for."""
    asked: list[str] = []
    one.bay.exchange.answer, before = lambda *each: asked.append(each[0]) or {}, one.bay.exchange.answer  # type: ignore
    try:
        with pytest.raises(StrangerError, match="Another terminal answers"):
            call(lambda: Line(one.address, member, stranger.device_id), lambda line: line.call("hello", {}))
    finally:
        one.bay.exchange.answer = before  # type: ignore[method-assign]
    assert not asked


def test_a_line_asks_for_a_new_session_by_itself(one: Running, member: Identity) -> None:
    async def story(line: Line) -> None:
        assert "tables" in await line.call("digest", {})
        assert line._signer is not None
        line._signer._session = "of-before-a-restart"
        assert "tables" in await line.call("digest", {})

    call(lambda: Line(one.address, member, one.device), story)


def test_a_line_says_why_nothing_came(one: Running, member: Identity, stranger: Identity) -> None:
    with pytest.raises(NotAdmittedError):
        call(lambda: Line(one.address, stranger, one.device), lambda line: line.open())
    with pytest.raises(NotHereError):
        call(lambda: Line(one.address, member, one.device), lambda line: line.piece(f"files/{'0' * 64}", 0))
    with pytest.raises(NotHereError):
        call(lambda: Line(one.address, member, one.device), lambda line: line.piece("files/passwd", 0))
    with pytest.raises(FailedError):
        call(lambda: Line(one.address, member, one.device), lambda line: line.call("pull", {"vector": 3}))
    with pytest.raises(SilentError):
        call(lambda: Line("https://127.0.0.1:9", member, one.device), lambda line: line.open())
    assert issubclass(SilentError, CallError)


def test_nothing_is_said_in_the_clear(one: Running, member: Identity) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{one.server.port}", trust_env=False, timeout=PATIENCE) as plain:
        answer = plain.post("/sync/v1/session", headers={DEVICE_HEADER: member.device_id})
        assert answer.status_code == 403
        assert "encrypted only" in answer.json()["detail"]
    with pytest.raises(ValueError, match="in the clear"):
        call(lambda: Line("http://127.0.0.1:80", member, one.device), lambda line: line.open())


def test_messages_are_packed_and_unpacked_and_bombs_are_not() -> None:
    message = {"text": "x" * 10_000, "numbers": [1, 2, -3], "bytes": b"\x00\xff", "nested": {"a": None}}
    assert unpack(pack(message)) == message
    assert len(pack(message)) < 1000
    bomb = pack({"zeros": b"\x00" * (MOST - 100)})
    assert len(bomb) < 100_000
    assert unpack(bomb)
    with pytest.raises(PackingError, match="too large"):
        pack({"zeros": b"\x00" * (MOST + 1)})
    larger = b"\x01" + zstandard.ZstdCompressor().compress(b"\x00" * (MOST + 1))
    with pytest.raises(PackingError, match="too large"):
        unpack(larger)
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(b"\x00" * (MOST + 1))
    with pytest.raises(PackingError):
        unpack(b"\x01" + unsized)
