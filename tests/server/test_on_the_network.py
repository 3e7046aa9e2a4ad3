"""A terminal of a workshop on a real address of this machine: from there even this machine is a stranger."""

import ipaddress
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from core.sync.bay import Bay
from core.trust.contexts import client_context
from core.trust.root import NETWORKS
from server.addresses import lan_addresses
from server.security import COOKIE
from server.service import Server
from tests.server.conftest import PATIENCE
from tests.server.fake_source import FakeSource
from tests.server.secure import secure_socket


@dataclass
class Outside:
    """How others reach it."""

    host: str
    server: Server

    def get(self, path: str, scheme: str = "https", **headers: str) -> httpx.Response:
        url = f"{scheme}://{self.host}:{self.server.port}{path}"
        return httpx.get(url, headers=headers, verify=client_context(), trust_env=False, timeout=PATIENCE)


@pytest.fixture
def outside(fresh_bay: Bay) -> Iterator[Outside]:
    hosts = [str(each) for each in lan_addresses() if each.version == 4]
    if not hosts:
        pytest.skip("this machine is in no network: there is no address but loopback")
    source = FakeSource("engine_speed")
    server = Server(
        source, host=hosts[0], port=0, terminal="Bay 3", version="9", bay=fresh_bay, control_secret="s", discovery=False
    )
    server.start()
    yield Outside(hosts[0], server)
    server.stop()


@pytest.fixture
def own_token(outside: Outside) -> str:
    """Made as the command line makes it, on loopback."""
    url = f"http://127.0.0.1:{outside.server.control_port}/control/v1/tokens"
    body = {"role": "viewer", "name": "a tablet"}
    headers = {"Authorization": "Bearer s"}
    return str(httpx.post(url, json=body, headers=headers, trust_env=False, timeout=PATIENCE).json()["token"])


def test_in_the_clear_there_is_health_and_the_way_in(outside: Outside) -> None:
    assert outside.get("/health", "http").status_code == 200
    assert "https://" in outside.get("/join", "http").text
    assert outside.get("/", "http").headers["location"] == "/join"
    assert outside.get("/api/v1/signals", "http").status_code == 403
    assert outside.get("/control/v1/peers", "http", authorization="Bearer s").status_code == 403


def test_in_tls_a_token_opens_the_page_and_its_live_channel(outside: Outside, own_token: str) -> None:
    assert outside.get("/").headers["location"] == "/join"
    assert outside.get("/api/v1/signals").status_code == 401
    cookie = f"{COOKIE}={own_token}"
    assert outside.get("/", cookie=cookie).status_code == 200

    url = f"wss://{outside.host}:{outside.server.port}/live"
    with pytest.raises(InvalidStatus) as refused, secure_socket(url):
        pass
    assert refused.value.response.status_code == 401
    with secure_socket(url, additional_headers={"Cookie": cookie}) as live:
        live.send(json.dumps({"type": "ping", "id": 1}))
        assert json.loads(live.recv(timeout=PATIENCE)) == {"type": "pong", "id": 1}


def test_its_address_is_said_with_https_and_stands_in_its_certificate(outside: Outside, fresh_bay: Bay) -> None:
    assert outside.server.addresses() == [f"https://{outside.host}:{outside.server.port}/"]
    if not any(ipaddress.ip_address(outside.host) in network for network in NETWORKS):
        pytest.skip(f"{outside.host} is no private address: the root may not vouch for it")
    trusting = ssl.create_default_context(cadata=fresh_bay.root.certificate_pem)
    reply = httpx.get(f"{outside.server.address}health", verify=trusting, trust_env=False, timeout=PATIENCE)
    assert reply.status_code == 200
