"""The join page: how a tablet gets in, told to everybody, since nobody is known yet; it says nothing of the workshop.

Over plain HTTP it only explains how to come back in TLS. In TLS it takes a token, which a terminal shows as a QR code
(``join_url``), and gives the cookie that ``server.security`` knows. The workshop's root certificate is for who is in.
"""

import base64
import hashlib
import html
from contextlib import AbstractContextManager
from http import HTTPStatus
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import language as tongue
from core.language import tr
from server.api.signals import spoken
from server.security import COOKIE, JOIN, LONGEST_TOKEN, SignIn, address_of, from_here

FOR = 400 * 24 * 3600  # s: browsers keep no cookie longer (RFC 6265bis, 5.5); taking the token back ends it at once
LONGEST_FORM = 4096  # bytes
ROOT = "/root.crt"

_STYLE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:34rem;"
    "padding:0 1rem}input,button{font:inherit;padding:.75rem 1rem;box-sizing:border-box;width:100%;margin:.5rem 0}"
    "code{overflow-wrap:anywhere}.bad{font-weight:bold}"
)
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def join_url(address: str, token: str) -> str:
    """What a QR code says to a tablet. ``address`` ends in a slash: ``"https://192.168.1.20:8420/"``."""
    return f"{address}{JOIN[1:]}?token={quote(token, safe='')}"


def router(sign_in: SignIn, root_certificate: str) -> APIRouter:
    """The join page, and the root certificate (PEM) for who is in."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(JOIN)
    async def page(request: Request, token: str = "") -> Response:
        with _tongue_of(request):
            if request.url.scheme != "https":
                return _page(_plain(request))
            return _page(_form(token[:LONGEST_TOKEN]))

    @routes.post(JOIN)
    async def join(request: Request) -> Response:
        with _tongue_of(request):
            # Another site's form would let a tablet in under a stranger's token (login CSRF). ``Origin`` is "null" for
            # our own form too, since no referrer is sent (Fetch standard, "append a request Origin header").
            if request.url.scheme != "https" or request.headers.get("sec-fetch-site", "none") not in (
                "none",
                "same-origin",
            ):
                return _page(_plain(request), HTTPStatus.FORBIDDEN)
            token = await _token_of(request)
            try:
                await sign_in.actor(token, address_of(request.scope))
            except HTTPException as error:
                return _page(f'<p class="bad">{html.escape(str(error.detail))}</p>{_form("")}', error.status_code)
        entered = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        entered.set_cookie(COOKIE, token, FOR, path="/", secure=True, httponly=True, samesite="strict")
        return entered

    @routes.get(ROOT)
    async def root() -> Response:
        headers = {"content-disposition": 'attachment; filename="bayline-root.crt"'}
        return Response(root_certificate, media_type="application/x-x509-ca-cert", headers=headers)

    return routes


async def _token_of(request: Request) -> str:
    """The field ``token`` of the form; empty when there is none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return ""
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=4).get("token", [""])[0].strip()
    except ValueError:
        return ""


def _tongue_of(request: Request) -> AbstractContextManager[None]:
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return tongue.speaking(spoken(first))


def _page(inside: str, status: int = HTTPStatus.OK) -> Response:
    title = html.escape(tr("Join this workshop"))
    text = (
        f'<!doctype html><html lang="{tongue.current()}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{inside}</body></html>"
    )
    return HTMLResponse(text, status, {"content-security-policy": _POLICY})


def _plain(request: Request) -> str:
    host = request.headers["host"]  # ``server.door`` has looked at it
    address = html.escape(f"https://{host}{JOIN}")
    parts = [
        tr("Over the network this terminal talks encrypted only. Go on at this address:"),
        f'<a href="{address}"><code>{address}</code></a>',
        tr(
            "The browser warns, because it does not know this workshop's certificate yet. Compare the fingerprint it "
            "shows for the issuer with the one on the terminal's screen. If they are equal, go on."
        ),
    ]
    if from_here(request.scope):
        parts.append(tr("On this terminal itself the page is open without a token."))
    return "".join(f"<p>{part}</p>" for part in parts)


def _form(token: str) -> str:
    value = html.escape(token, quote=True)
    asked = (
        tr("This device is about to join. From then on it may do what the token allows.")
        if token
        else tr("Scan the code that the terminal shows for this device, or type its token here.")
    )
    later = tr(
        "Afterwards the root certificate at {address} can be installed on this device, so that its browser no longer "
        "warns.",
        address=ROOT,
    )
    return (
        f"<p>{html.escape(asked)}</p>"
        f'<form method="post" action="{JOIN}"><label for="token">{html.escape(tr("Token"))}</label>'
        f'<input id="token" name="token" type="password" autocomplete="off" required value="{value}">'
        f'<button type="submit">{html.escape(tr("Join"))}</button></form><p>{html.escape(later)}</p>'
    )
