"""Who asks: what an unknown caller may see, and how a bearer token, a tablet's cookie or the control secret says who.

Before a workshop is founded nothing here applies (``server.door`` says what is open then). In a workshop:

==========================  ==============================================================================
from this computer           the page, the live channel and the car's values, as before; records need a token
from the network, plain      ``/health`` and the join page; nothing else
from the network, TLS        ``/health`` and the join page; with a token everything its role may
other terminals              ``/sync/v1``: signed by their device keys (``server.sync``)
the command line             ``/control/v1``: from this computer, with the secret in ``control.json``
==========================  ==============================================================================

A tablet's browser cannot add a header to a page, so it trades its token for a cookie on the join page. The cookie opens
what can only be read; records ask for the token itself, which no other site can make a browser send.
"""

import asyncio
import hashlib
import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Any, cast

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.language import tr
from core.people.models import AccessToken
from core.people.roles import Actor
from core.people.tokens import token_actor
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from server.desk import Desk
from server.problems import of_records, problem, refuse

COOKIE = "__Host-bayline"  # the prefix makes browsers insist on TLS, this host and the whole site (RFC 6265bis, 4.1.3)
JOIN = "/join"
SYNC = "/sync/v1/"
CONTROL = "/control/v1"
OPEN = frozenset({"/health", JOIN})

MOST_GUESSES = 20  # different wrong tokens from one address in a minute; the same one again is no guess
GUESSES_FOR = 60.0  # s
MOST_ADDRESSES = 1024
LONGEST_TOKEN = 200
KNOWN_FOR = 2.0  # s
CHECK_AGAIN = 15.0  # s: a device whose token was taken back sees no more values after that


class SignIn:
    """Turns a token into who holds it.

    Who was found is known for ``KNOWN_FOR`` seconds and no longer than until the next change of any token: so a token
    is taken back the moment this terminal hears of it, and a hub's other workers follow.
    """

    def __init__(self, desk: Desk, now: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._now = now
        self._guesses = _Guesses(now)
        self._known: dict[bytes, tuple[Actor, float]] = {}
        self._unsubscribe = desk.records.subscribe(self._changed)

    def close(self) -> None:
        self._unsubscribe()

    async def actor(self, secret: str | None, address: str) -> Actor:
        """Whoever ``secret`` belongs to. Raises ``HTTPException``: 401 for nobody, 429 for one who guesses."""
        if not secret:
            raise _unauthorised(tr("Say who you are: send a token as “Authorization: Bearer …”."), "")
        digest = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
        known = self._known  # another one after the next change: what was looked up before is not known after it
        actor, since = known.get(digest, (None, 0.0))
        if actor is not None and self._now() - since < KNOWN_FOR:
            return actor
        if not self._guesses.allowed(address, digest):
            words = tr("Too many wrong tokens came from this address. Try again in a minute.")
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, words, {"Retry-After": f"{GUESSES_FOR:.0f}"})
        found = await self._desk.run(lambda: self._holder(secret)) if len(secret) <= LONGEST_TOKEN else None
        if found is None:
            self._guesses.wrong(address, digest)
            words = tr("This token is not valid here, or was taken back. A new one is made at a terminal.")
            raise _unauthorised(words, ', error="invalid_token"')
        self._guesses.right(digest)
        if len(known) >= MOST_ADDRESSES:
            known.clear()
        known[digest] = (found, self._now())
        return found

    def _holder(self, secret: str) -> Actor | None:
        with self._desk.records.read() as session:
            return token_actor(session, secret)

    def _changed(self, changes: ChangeSet) -> None:
        """On the thread that made the change."""
        if changes.touches(AccessToken.__tablename__):
            self._known = {}


class _Guesses:
    """Wrong tokens of the last minute, by address. A token that was right once is never held up by others' guesses."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._wrong: OrderedDict[str, dict[bytes, float]] = OrderedDict()
        self._right: OrderedDict[bytes, None] = OrderedDict()

    def allowed(self, address: str, digest: bytes) -> bool:
        since = self._now() - GUESSES_FOR
        guesses = {each: at for each, at in self._wrong.get(_neighbourhood(address), {}).items() if at > since}
        return digest in guesses or digest in self._right or len(guesses) < MOST_GUESSES

    def wrong(self, address: str, digest: bytes) -> None:
        key, now = _neighbourhood(address), self._now()
        guesses = {each: at for each, at in self._wrong.pop(key, {}).items() if at > now - GUESSES_FOR}
        guesses[digest] = now
        self._wrong[key] = guesses
        self._right.pop(digest, None)
        while len(self._wrong) > MOST_ADDRESSES:
            self._wrong.popitem(last=False)

    def right(self, digest: bytes) -> None:
        self._right[digest] = None
        self._right.move_to_end(digest)
        while len(self._right) > MOST_ADDRESSES:
            self._right.popitem(last=False)


def _neighbourhood(address: str) -> str:
    """What one device can change its address within: a whole /64 of IPv6 (RFC 8981)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(found) if found.version == 4 else str(ipaddress.ip_network((int(found), 64), strict=False))


def _unauthorised(words: str, more: str) -> HTTPException:
    return HTTPException(HTTPStatus.UNAUTHORIZED, words, {"WWW-Authenticate": f'Bearer realm="bayline"{more}'})


# For routes -----------------------------------------------------------------------------------------------------------

_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="Made at a terminal: bayline token --role ROLE --name NAME"
)


def signed_in(sign_in: SignIn) -> Callable[..., Awaitable[Actor]]:
    """A dependency: who sent the request, by the token in its header; a cookie is not enough."""

    async def who(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None
    ) -> Actor:
        return await sign_in.actor(given.credentials if given else None, address_of(request.scope))

    return who


def in_control(secret: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency: the request comes from this computer and carries the secret of ``control.json``."""
    wanted = hashlib.sha256(secret.encode()).digest()

    async def check(request: Request) -> None:
        given = _bearer_of(request.scope) or ""
        if not from_here(request.scope) or not hmac.compare_digest(hashlib.sha256(given.encode()).digest(), wanted):
            raise HTTPException(HTTPStatus.FORBIDDEN, tr("Only this terminal's own command line may do that."))

    return check


# For everything -------------------------------------------------------------------------------------------------------


class Gate:
    """ASGI middleware of a founded workshop: callers from the network show a token, in TLS, before any route."""

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self._app = app
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"] in OPEN or from_here(scope):
            await self._app(scope, receive, send)
        elif scope["scheme"] not in ("https", "wss"):
            await _send_to_tls(scope, receive, send)
        elif _below(scope["path"], CONTROL):
            words = tr("Only this terminal's own command line may do that.")
            await refuse(problem(HTTPStatus.FORBIDDEN, words), scope, receive, send)
        elif scope["path"].startswith(SYNC):  # signed by the asking terminal's device key, or the code of a pairing
            await self._app(scope, receive, send)
        else:
            await self._with_token(scope, receive, send)

    async def _with_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        secret, address = _bearer_of(scope) or _cookie_of(scope), address_of(scope)
        try:
            await self._sign_in.actor(secret, address)
        except HTTPException as error:
            if secret is None and scope["path"] == "/" and scope.get("method") in ("GET", "HEAD"):
                await RedirectResponse(JOIN, HTTPStatus.SEE_OTHER)(scope, receive, send)
            else:
                answer = problem(error.status_code, str(error.detail), dict(error.headers or {}))
                await refuse(answer, scope, receive, send)
            return
        except RecordsError as error:
            await refuse(of_records(error, scope["path"]), scope, receive, send)
            return
        if scope["type"] == "websocket" and secret is not None:
            send = _WhileValid(send, lambda: self._sign_in.actor(secret, address))
        await self._app(scope, receive, send)


class _WhileValid:
    """``send`` of a live channel, which ends when the token it was opened with is taken back."""

    def __init__(self, send: Send, check: Callable[[], Awaitable[Any]]) -> None:
        self._send = send
        self._check = check
        self._checked = asyncio.get_running_loop().time()

    async def __call__(self, message: Message) -> None:
        now = asyncio.get_running_loop().time()
        if message["type"] == "websocket.send" and now - self._checked > CHECK_AGAIN:
            self._checked = now
            try:
                await self._check()
            except HTTPException:
                await self._send({"type": "websocket.close", "code": 1008, "reason": "the token was taken back"})
                raise ConnectionAbortedError("the token was taken back") from None
        await self._send(message)


async def _send_to_tls(scope: Scope, receive: Receive, send: Send) -> None:
    """Nothing of a workshop goes over the network in the clear; a person who typed the address is told where to go."""
    if scope["path"] == "/" and scope.get("method") in ("GET", "HEAD"):
        await RedirectResponse(JOIN, HTTPStatus.SEE_OTHER)(scope, receive, send)
        return
    words = tr("Over the network this terminal talks encrypted only. Use the same address with https://.")
    await refuse(problem(HTTPStatus.FORBIDDEN, words), scope, receive, send)


def address_of(scope: Scope) -> str:
    """The caller's IP address; empty when there is none."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def from_here(scope: Scope) -> bool:
    """Whether the caller is a program on this computer."""
    try:
        found = ipaddress.ip_address(address_of(scope).partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def _below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
        if name == wanted:
            return value.decode("latin-1")
    return None


def _bearer_of(scope: Scope) -> str | None:
    kind, _, secret = (_header(scope, b"authorization") or "").partition(" ")
    return secret.strip() or None if kind.lower() == "bearer" else None


def _cookie_of(scope: Scope) -> str | None:
    """The token in the cookie, for what can only be read."""
    if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
        return None
    try:
        found = SimpleCookie(_header(scope, b"cookie") or "").get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None else None
