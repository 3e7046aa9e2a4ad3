"""Who is let in: the checks before any route sees a request, and the headers on every answer.

In a founded workshop ``server.security`` asks who it is. Before that nobody is asked, and this is open to whom:

- By default the server listens on loopback only: programs and browsers on this terminal.
- After ``--lan``: every device on the networks this terminal is in. It can read the values, the alarms, the state of
  the link and which car it is (its name or VIN), and by looking at a signal make the terminal ask the car for it. It
  can change nothing: every route is a read.
- A web page of another site, open in a browser on this network, can do none of it: the name in ``Host`` must be one of
  ours (DNS rebinding), a WebSocket must come from our own page (``Origin``), and no CORS header is ever sent.
"""

import ipaddress
import logging
import re
import socket
from collections.abc import Iterable
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.language import tr
from server.addresses import host_label, label
from server.problems import problem, refuse

log = logging.getLogger(__name__)

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.%]+\]|[a-z0-9._-]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' {live}://{host}; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


def own_names(terminal: str) -> frozenset[str]:
    """Names a browser may call this terminal by, besides its addresses."""
    machine = socket.gethostname().lower()
    plain = {"localhost", machine, machine.partition(".")[0], label(terminal), host_label(terminal)}
    return frozenset(plain | {f"{name}.local" for name in plain if "." not in name})


class Door:
    """ASGI middleware around everything. ``names`` are the host names that are ours."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = _first(scope)
        host = headers.get(b"host", "")
        answer = _Answer(send, host, scope.get("scheme") in ("https", "wss"))
        if not self._ours(host):
            words = tr("This terminal does not go by that name. Use its address, as shown on its screen.")
            said = problem(HTTPStatus.MISDIRECTED_REQUEST, words)
            await refuse(said, scope, receive, _Answer(send, "localhost"))
        elif scope["type"] == "websocket" and not _same_origin(headers.get(b"origin"), host):
            words = tr("The live channel is only for this terminal's own page.")
            await refuse(problem(HTTPStatus.FORBIDDEN, words), scope, receive, answer)
        else:
            await self._pass(scope, receive, answer)

    async def _pass(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if scope.get("method") == "HEAD":  # as GET (RFC 9110, 9.3.2); h11 leaves the body out
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            log.debug("who asked for %s hung up, or was killed, before all was said", scope.get("path"))
        except Exception:
            # Starlette answers with a plain text, then raises; here nothing has been said yet when that is still to do.
            if scope["type"] != "http" or answer.started:
                raise
            log.exception("the request for %s failed", scope.get("path"))
            words = tr("The terminal failed to answer. Nothing was changed; the log says why.")
            await problem(HTTPStatus.INTERNAL_SERVER_ERROR, words)(scope, receive, answer)

    def _ours(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower().rstrip(".")
        return name in self._names or _is_address(name.strip("[]"))


class _Answer:
    """``send``, with the headers every answer carries."""

    def __init__(self, send: Send, host: str, encrypted: bool = False) -> None:
        self._send = send
        # ``host`` has been checked by now; Safari before 16 does not count ws: as 'self'.
        policy = _POLICY.format(host=host, live="wss" if encrypted else "ws")
        self._policy = (b"content-security-policy", policy.encode("latin-1"))
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.started = True
            given = list(message.get("headers", ()))
            if not any(name == b"cache-control" for name, _ in given):
                given.append((b"cache-control", b"no-store"))  # a value from a cache would be an old one, unseen
            if not any(name == b"content-security-policy" for name, _ in given):  # the join page has one of its own
                given.append(self._policy)
            message["headers"] = [*given, *_HEADERS]
        await self._send(message)


def _first(scope: Scope) -> dict[bytes, str]:
    """The first value of each header; ``Host`` twice is refused by h11 before it gets here (RFC 9112, 3.2)."""
    found: dict[bytes, str] = {}
    for name, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
        found.setdefault(name, value.decode("latin-1"))
    return found


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same_origin(origin: str | None, host: str) -> bool:
    """Whether a WebSocket comes from our own page; a client that is no browser sends no ``Origin`` (RFC 6455, 10.2)."""
    if origin is None:
        return True
    try:
        page = urlsplit(origin)
    except ValueError:  # "http://[" is an address that was never closed
        return False
    return page.scheme in ("http", "https") and page.netloc == host
