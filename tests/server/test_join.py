"""How a tablet gets in: by the page, with a token, in TLS; and nobody is let in by another site."""

import asyncio
import ssl
from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from server.application import Workshop, create_app
from server.join import join_url
from server.security import COOKIE
from server.service import Server
from tests.server.conftest import PATIENCE
from tests.server.fake_source import FakeSource

TABLET = "192.168.1.51"


def tablet(bay: Bay, method: str, path: str, scheme: str = "https", **options: Any) -> httpx.Response:
    workshop = Workshop(bay.records, bay.root.certificate_pem)
    app = create_app(FakeSource("engine_speed"), terminal="Bay 3", version="9.9", workshop=workshop)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(TABLET, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://192.168.1.20:8420") as client:
            return await client.request(method, path, **options)

    return asyncio.run(ask())


def test_a_tablet_joins_with_the_token_of_the_code_it_scanned(
    founded: Server, bay: Bay, trusting: ssl.SSLContext
) -> None:
    token = issue_token(bay.records, SYSTEM, "viewer", "a tablet")
    base = f"https://localhost:{founded.port}/"
    with httpx.Client(base_url=base, verify=trusting, trust_env=False, timeout=PATIENCE) as browser:
        page = browser.get(join_url(base, token))
        assert f'value="{token}"' in page.text
        entered = browser.post("/join", data={"token": token})
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"].lower()
        for part in ("httponly", "secure", "samesite=strict", "path=/", "max-age="):
            assert part in cookie
        assert "domain" not in cookie
        assert browser.cookies[COOKIE] == token


def test_after_joining_the_page_is_open_to_the_tablet(bay: Bay, token: str) -> None:
    entered = tablet(bay, "POST", "/join", data={"token": token})
    cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
    assert tablet(bay, "GET", "/", headers=cookie).status_code == 200
    root = tablet(bay, "GET", "/root.crt", headers=cookie)
    assert root.text == bay.root.certificate_pem
    assert root.headers["content-type"] == "application/x-x509-ca-cert"


@pytest.mark.parametrize(
    "form", [{"token": "wrong"}, {"token": ""}, {}, {"tokens": "x"}, {"token": "x" * 5000}, {"token": "\u00e4\u0000"}]
)
def test_a_wrong_token_stays_outside_and_is_told_so(bay: Bay, form: dict[str, str]) -> None:
    reply = tablet(bay, "POST", "/join", data=form)
    assert reply.status_code in (401, 429)
    assert "set-cookie" not in reply.headers
    assert 'class="bad"' in reply.text


def test_nothing_is_taken_in_the_clear(bay: Bay, token: str) -> None:
    page = tablet(bay, "GET", f"/join?token={token}", scheme="http")
    assert token not in page.text
    assert "https://192.168.1.20:8420/join" in page.text
    reply = tablet(bay, "POST", "/join", scheme="http", data={"token": token})
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_form_lets_nobody_in(bay: Bay, token: str, site: str) -> None:
    reply = tablet(bay, "POST", "/join", data={"token": token}, headers={"Sec-Fetch-Site": site})
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


def test_what_stands_in_the_address_is_text_on_the_page(bay: Bay) -> None:
    page = tablet(bay, "GET", '/join?token="><script>alert(1)</script>')
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy


def test_the_page_speaks_the_visitors_language(bay: Bay) -> None:
    assert '<html lang="de">' in tablet(bay, "GET", "/join", headers={"Accept-Language": "de-AT,en;q=0.5"}).text
    assert '<html lang="en">' in tablet(bay, "GET", "/join", headers={"Accept-Language": "fr"}).text


def test_nobody_is_sent_to_a_name_that_is_not_ours(bay: Bay) -> None:
    reply = tablet(bay, "GET", "/join", scheme="http", headers={"Host": "evil.example"})
    assert reply.status_code == 421
    assert "evil" not in reply.text
