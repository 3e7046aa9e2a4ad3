"""The caller's end of ``/sync/v1``: one other terminal, known by its key, wherever it is in the network now.

The key is compared inside the TLS handshake: nothing is sent before it is known who listens. Every wait has an end, and
closing ends the waits that are under way. Sessions end when the other terminal restarts; another one is asked for
without a word to anybody.

All of it runs on one asyncio loop; ``PeerTransport`` is the same for the exchange, which blocks in a thread.
"""

import asyncio
import concurrent.futures
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.language import tr
from core.sync.messages import RefusedError
from core.trust.contexts import Pinned, client_context, pinned
from core.trust.errors import TrustError
from core.trust.identity import Identity
from core.trust.signing import DEVICE_HEADER, RequestSigner
from server.sync.errors import (
    CallError,
    FailedError,
    NotAdmittedError,
    NotHereError,
    SilentError,
    StrangerError,
)
from server.sync.packing import MEDIA_TYPE, MOST_PACKED, PackingError, pack, unpack
from server.sync.routes import DIGEST_HEADER, PORT_HEADER, PREFIX, REFUSAL_HEADER, SIZE_HEADER

CONNECT_WITHIN = 5.0  # s: a machine in the same house answers in milliseconds, unless it has its hands full
SILENT_FOR = 20.0  # s without a byte
WHOLE_WITHIN = 60.0  # s for one request and its answer, however slowly it drips
# What needs little work there is answered soon or not at all: so a pulled cable is noticed before the minute is over.
SOON = {"session": 10.0, "hello": 15.0, "poke": 8.0}  # s
PIECE = 1024 * 1024  # bytes asked for at a time; a cut costs no more than that, and over the slowest WLAN it is in time


class _Strangers(ssl.SSLError):
    """Raised inside the handshake."""


def pinned_context(device_id: str | None, met: list[Pinned]) -> ssl.SSLContext:
    """TLS that goes no further than the handshake unless the other end is ``device_id``. None: anybody (pairing).

    Who it was comes into ``met``. ``sslobject_class`` is Python's own place for this (documentation of ``ssl``), and
    what asyncio and httpx make their connections of.
    """
    context = client_context()

    class Pinning(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            try:
                who = pinned(self)
            except TrustError as error:
                raise _Strangers(str(error)) from error
            met[:] = [who]
            if device_id is not None and who.device_id != device_id:
                raise _Strangers("another key")

    context.sslobject_class = Pinning
    return context


class Line:
    """Calls to one address. ``device_id``: who must be there; None, while pairing: see ``met`` for who it was.

    ``port``: ours, so that the other end knows where to call back. Only on the loop it is used on; ``close`` ends it.
    """

    def __init__(self, address: str, identity: Identity, device_id: str | None, *, port: int = 0) -> None:
        if not address.startswith("https://"):
            raise ValueError(f"{address} would be spoken to in the clear, and nobody would be compared with anything")
        self.address = address.rstrip("/")
        self.met: list[Pinned] = []
        self._identity = identity
        self._device_id = device_id
        self._signer: RequestSigner | None = None
        self._asking = asyncio.Lock()
        self._context = pinned_context(device_id, self.met)
        self._client = httpx.AsyncClient(
            base_url=self.address,
            verify=self._context,
            headers={PORT_HEADER: str(port)} if port else {},
            trust_env=False,  # no proxy stands between two terminals of a workshop
            follow_redirects=False,
            timeout=httpx.Timeout(SILENT_FOR, connect=CONNECT_WITHIN),
            limits=httpx.Limits(max_connections=4, keepalive_expiry=12.0),  # the server lets go after 15 s
        )

    async def open(self) -> None:
        """Find out whether the right one is there, and lets us in. Raises ``CallError`` and its kinds."""
        await self._session()

    async def close(self) -> None:
        await self._client.aclose()

    async def meet(self) -> str:
        """The public key of whoever answers there; nothing but a handshake. Raises ``SilentError``."""
        parts = urlsplit(self.address)
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                _, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=self._context)
        except (OSError, TimeoutError, ValueError) as error:
            raise self._silence(error) from error
        writer.transport.abort()
        return self.met[0].public_key

    async def call(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to a signed message. Raises ``CallError`` and its kinds."""
        try:
            packed = await asyncio.to_thread(pack, message) if kind == "push" else pack(message)
        except PackingError as error:
            raise FailedError(str(error)) from error
        async with self._signed("POST", f"{PREFIX}/{kind}", packed) as response:
            return await self._message(response)

    async def unsigned(self, path: str, message: dict[str, Any]) -> dict[str, Any]:
        """As ``call``, for pairing: from somebody who is nobody yet."""
        async with self._sent("POST", f"{PREFIX}/{path}", pack(message), {}) as response:
            return await self._message(response)

    async def making(self) -> tuple[int, int] | str:
        """How much of the copy for us is made, of how much; its SHA-256 when it is there."""
        async with self._signed("GET", f"{PREFIX}/snapshot", b"", {"range": "bytes=0-0"}) as response:
            if response.status_code != HTTPStatus.ACCEPTED:
                return str(response.headers.get(DIGEST_HEADER, ""))
            said = json.loads(await self._read(response, 1000))
            return int(said["done"]), int(said["total"])

    async def piece(self, path: str, start: int) -> "Piece":
        """Up to ``PIECE`` bytes of ``/sync/v1/PATH`` from ``start`` on."""
        size = PIECE
        headers = {"range": f"bytes={start}-{start + size - 1}"}
        async with self._signed("GET", f"{PREFIX}/{path}", b"", headers) as response:
            if response.status_code == HTTPStatus.ACCEPTED:
                raise FailedError(tr("The other terminal is not ready yet."))
            if response.status_code == HTTPStatus.PARTIAL_CONTENT:
                total = response.headers.get("content-range", "").rpartition("/")[2]
            else:
                total = response.headers.get("content-length", "")
            if not total.isdecimal() or (response.status_code == HTTPStatus.OK and start):
                raise FailedError(tr("The other terminal answered something that has no sense."))
            data = await self._read(response, size)
            return Piece(data, int(total), response.headers.get(DIGEST_HEADER, ""))

    async def drop(self, path: str) -> None:
        async with self._signed("DELETE", f"{PREFIX}/{path}", b""):
            pass

    # How -------------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _signed(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """A signed request; when the session is over, once more with a new one."""
        for last in (False, True):
            signer = await self._session()
            try:
                async with self._sent(
                    method, target, body, {**(headers or {}), **signer.sign(method, target, body)}
                ) as r:
                    yield r
                    return
            except _SessionOver:
                if self._signer is signer:
                    self._signer = None
                if last:
                    raise FailedError(tr("The other terminal ends every session.")) from None

    async def _session(self) -> RequestSigner:
        async with self._asking:
            if self._signer is None:
                assert self._device_id is not None, "a signed request goes to a terminal that is known"
                whoami = {DEVICE_HEADER: self._identity.device_id}
                async with self._sent("POST", f"{PREFIX}/session", b"", whoami) as response:
                    token = (await self._message(response)).get("session")
                if not isinstance(token, str) or not 0 < len(token) < 200:
                    raise FailedError(tr("The other terminal answered something that has no sense."))
                self._signer = RequestSigner(self._identity, self._device_id, token)
            return self._signer

    @asynccontextmanager
    async def _sent(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """A request that was answered with something good, within its time."""
        kind = {"content-type": MEDIA_TYPE} if body else {}
        try:
            async with (
                asyncio.timeout(SOON.get(target.rpartition("/")[2], WHOLE_WITHIN)),
                self._client.stream(method, target, content=body, headers={**kind, **headers}) as response,
            ):
                if response.status_code >= 300:
                    raise await self._problem(response)
                yield response
        except (httpx.TransportError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise self._silence(error) from error

    def _silence(self, error: Exception) -> CallError:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, _Strangers):
                return StrangerError(tr("Another terminal answers at {address}.", address=self.address))
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return SilentError(tr("{address} is not an address.", address=self.address))
        return SilentError(tr("Nobody answers at {address}.", address=self.address))

    async def _problem(self, response: httpx.Response) -> Exception:
        try:
            words = str(json.loads(await self._read(response, 20_000))["detail"])[:500]
        except (ValueError, LookupError, TypeError):
            words = tr("The other terminal answered with {status}.", status=response.status_code)
        reason = response.headers.get(REFUSAL_HEADER, "")
        if response.status_code == HTTPStatus.UNAUTHORIZED and reason == "session":
            return _SessionOver()
        if response.status_code == HTTPStatus.CONFLICT and reason == "exchange":
            return RefusedError(words)
        if response.status_code == HTTPStatus.FORBIDDEN:
            return NotAdmittedError(words, code=reason == "code")
        if response.status_code == HTTPStatus.NOT_FOUND:
            return NotHereError(words)
        wait = response.headers.get("retry-after", "")
        return FailedError(words, wait_s=float(wait) if wait.isdecimal() and len(wait) < 5 else 0.0)

    async def _message(self, response: httpx.Response) -> dict[str, Any]:
        try:
            return unpack(await self._read(response, MOST_PACKED))
        except PackingError as error:
            raise FailedError(tr("The other terminal answered something that has no sense.")) from error

    @staticmethod
    async def _read(response: httpx.Response, most: int) -> bytes:
        pieces: list[bytes] = []
        total = 0
        async for piece in response.aiter_raw():
            total += len(piece)
            if total > most:
                raise FailedError(tr("The other terminal answered more than it should."))
            pieces.append(piece)
        return b"".join(pieces)


class _SessionOver(Exception):  # noqa: N818 - never seen by anybody else
    """The other end wants a new session."""


class Piece:
    """Some bytes of something. ``total`` is the size of the whole, ``sha256`` what the giver says it hashes to."""

    __slots__ = ("data", "sha256", "total")

    def __init__(self, data: bytes, total: int, sha256: str) -> None:
        self.data = data
        self.total = total
        self.sha256 = sha256


class PeerTransport:
    """A ``Line`` for ``Exchange.round``, which waits in a thread of its own. ``abort`` ends its waits at once."""

    def __init__(self, line: Line, loop: asyncio.AbstractEventLoop) -> None:
        self._line = line
        self._loop = loop
        self._aborted = False
        self._waiting: concurrent.futures.Future[dict[str, Any]] | None = None

    def request(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        """The other terminal's answer, for any thread but the loop's. Raises ``TransportError``, ``RefusedError``."""
        if self._aborted:
            raise SilentError(tr("This terminal is stopping."))
        call = self._line.call(kind, message)
        try:
            self._waiting = asyncio.run_coroutine_threadsafe(call, self._loop)
        except RuntimeError as error:  # the loop has ended
            call.close()
            raise SilentError(tr("This terminal is stopping.")) from error
        if self._aborted:  # meanwhile: nobody else would end this wait
            self._waiting.cancel()
        try:
            return self._waiting.result(2 * WHOLE_WITHIN)
        except (concurrent.futures.CancelledError, concurrent.futures.TimeoutError) as error:
            self._waiting.cancel()
            raise SilentError(tr("This terminal is stopping.")) from error

    def abort(self) -> None:
        """From any thread: what waits now, and all that would, fails."""
        self._aborted = True
        if self._waiting is not None:
            self._waiting.cancel()


async def download(line: Line, path: str, target: Path, told: Any = None) -> None:
    """Fetch ``/sync/v1/PATH`` into ``target``, going on where an earlier try ended; checked before it is believed.

    Raises ``CallError``; ``FailedError`` when what arrived is not what was promised (then nothing is kept).
    """
    start = target.stat().st_size if target.exists() else 0
    with target.open("ab") as file:
        while True:
            piece = await line.piece(path, start)
            await asyncio.to_thread(file.write, piece.data)
            start += len(piece.data)
            if told is not None:
                told(start, piece.total)
            if start >= piece.total:
                break
            if not piece.data:
                raise FailedError(tr("The other terminal answered something that has no sense."))
        file.flush()
    if await asyncio.to_thread(sha256_of, target) != piece.sha256:
        target.unlink(missing_ok=True)
        raise FailedError(tr("What arrived was damaged on its way. It will be fetched again."))


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()


__all__ = ["SIZE_HEADER", "Line", "PeerTransport", "Piece", "download", "pinned_context", "sha256_of"]
