"""The control channel: for the command line of this terminal, and for nobody who only pretends to be."""

import asyncio
import socket
from typing import Any, cast

import httpx
import pytest

from core.records.records import wall_ms
from core.sync.bay import Bay
from core.sync.views import PairingOffer, PeerState, PeerView, SyncError, WorkshopLink
from server.application import Workshop, create_app
from server.service import Server
from tests.server.conftest import CONTROL_SECRET, PATIENCE
from tests.server.fake_source import FakeSource

VERBS = ["POST /pairing", "DELETE /pairing", "GET /peers", "DELETE /peers/ABC", "POST /tokens", "POST /sync"]


class FakeLink:
    """One other terminal, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.trouble: str = ""

    def open_pairing(self) -> PairingOffer:
        if self.trouble:
            raise SyncError(self.trouble)
        return PairingOffer("12345678", "https://192.168.1.20:8420", wall_ms() + 119_700)

    def close_pairing(self) -> None:
        self.asked.append("close")

    def peers(self) -> tuple[PeerView, ...]:
        return (PeerView("t", "ABC", "Bay 1", PeerState.IN_STEP, waiting_out=3),)

    def remove(self, device_id: str, actor: str) -> None:
        self.asked.append((device_id, actor))

    def sync_now(self) -> None:
        self.asked.append("sync")


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


def ask(bay: Bay, link: FakeLink, verb: str, *, secret: str = CONTROL_SECRET, **options: Any) -> httpx.Response:
    where = {"client": ("127.0.0.1", 50000), "scheme": "http"} | options.pop("where", {})
    seen = cast("WorkshopLink", link)
    workshop = Workshop(bay.records, bay.root.certificate_pem, seen, CONTROL_SECRET)
    app = create_app(FakeSource(), terminal="Bay 3", version="9.9", workshop=workshop)
    method, path = verb.split()

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=where["client"])
        async with httpx.AsyncClient(transport=transport, base_url=f"{where['scheme']}://127.0.0.1") as client:
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            return await client.request(method, f"/control/v1{path}", headers=headers, **options)

    return asyncio.run(send())


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("secret", ["", "wrong", CONTROL_SECRET[:-1], CONTROL_SECRET + "x"])
def test_without_the_secret_nothing_is_done(bay: Bay, link: FakeLink, verb: str, secret: str) -> None:
    assert ask(bay, link, verb, secret=secret).status_code == 403
    assert link.asked == []


@pytest.mark.parametrize("verb", VERBS)
def test_an_owners_token_is_not_the_secret(bay: Bay, link: FakeLink, token: str, verb: str) -> None:
    assert ask(bay, link, verb, secret=token).status_code == 403


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_from_the_network_even_the_secret_does_nothing(bay: Bay, link: FakeLink, verb: str, scheme: str) -> None:
    where = {"client": ("192.168.1.50", 50000), "scheme": scheme}
    assert ask(bay, link, verb, where=where).status_code == 403
    assert link.asked == []


def test_a_code_is_shown_and_taken_back(bay: Bay, link: FakeLink) -> None:
    shown = ask(bay, link, "POST /pairing").json()
    assert shown == {"code": "12345678", "address": "https://192.168.1.20:8420", "expires_s": 120, "tries_left": 3}
    assert ask(bay, link, "DELETE /pairing").status_code == 204
    assert link.asked == ["close"]


def test_the_other_terminals_are_listed_and_removed(bay: Bay, link: FakeLink) -> None:
    [peer] = ask(bay, link, "GET /peers").json()["peers"]
    assert (peer["device_id"], peer["state"], peer["waiting_out"]) == ("ABC", "in step", 3)
    assert ask(bay, link, "DELETE /peers/ABC").status_code == 204
    assert link.asked == [("ABC", "system")]
    unknown = ask(bay, link, "DELETE /peers/XYZ")
    assert unknown.status_code == 404
    assert "XYZ" in unknown.json()["detail"]


def test_what_sync_cannot_do_is_said_in_its_words(bay: Bay, link: FakeLink) -> None:
    link.trouble = "Another terminal is joining."
    reply = ask(bay, link, "POST /pairing")
    assert (reply.status_code, reply.json()["detail"]) == (409, "Another terminal is joining.")


def test_a_token_is_made_and_opens_the_interface(founded: Server) -> None:
    url = f"http://127.0.0.1:{founded.control_port}"
    with httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as client:
        secret = {"Authorization": f"Bearer {CONTROL_SECRET}"}
        body = {"role": "viewer", "name": "a program"}
        token = client.post("/control/v1/tokens", json=body, headers=secret).json()["token"]
        opened = client.get("/api/v1/vehicles", headers={"Authorization": f"Bearer {token}"})
        assert opened.status_code == 200


@pytest.mark.parametrize("body", [{"role": "king", "name": "x"}, {"role": "viewer"}, {"role": 1, "name": "x"}, []])
def test_a_token_that_cannot_be_is_refused(bay: Bay, link: FakeLink, body: Any) -> None:
    assert ask(bay, link, "POST /tokens", json=body).status_code == 422


@pytest.mark.parametrize("taken", [False, True])
def test_whatever_it_listens_to_this_terminal_has_it_on_loopback_too(fresh_bay: Bay, taken: bool) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        if taken:
            other.listen()
        else:
            other.close()
        server = Server(
            FakeSource(), host="127.0.0.2", port=port, terminal="Bay 3", version="9", bay=fresh_bay, control_secret="s"
        )
        server.start()
        try:
            assert (server.control_port != server.port) is taken
            url = f"http://127.0.0.1:{server.control_port}/control/v1/peers"
            reply = httpx.get(url, headers={"Authorization": "Bearer s"}, trust_env=False, timeout=PATIENCE)
            assert reply.json() == {"peers": []}
        finally:
            server.stop()
