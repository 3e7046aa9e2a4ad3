"""Requests between terminals that nobody else can make, change or play again, whatever the clocks say.

A caller first asks for a session: a token of the server that says when, by the server's own monotonic clock, it was
given out and to whom, with a mark (HMAC) only the server can make. Giving one out costs the server no memory, so a
stranger cannot fill it or push others out. Every request then carries the token, a counter and a signature by the
device key over everything that matters. A counter is taken once: each session keeps the highest and the 63 before it,
so that requests made side by side may overtake each other and a replay is still refused.

There is no wall clock in it: clocks in workshops are wrong, and that is never a reason to refuse. A restart of the
server ends all sessions (its secret is new); callers are told so and ask for another.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.language import tr
from core.trust.device_ids import is_device_id
from core.trust.errors import TrustError
from core.trust.identity import Identity, verify

DEVICE_HEADER = "bayline-device"
SESSION_HEADER = "bayline-session"
COUNTER_HEADER = "bayline-counter"
SIGNATURE_HEADER = "bayline-signature"

SESSION_SECONDS = 3600.0
SESSIONS_A_DEVICE = 8  # a terminal has one, and another after each restart
WINDOW = 64  # counters below the highest that are still told apart

_MOST_COUNTER = (1 << 63) - 1
_MOST_SIGNATURE = 80  # bytes of DER; P-256 has 72 at most
_ISSUED = struct.Struct(">Q")  # microseconds of the server's monotonic clock since it started
_NONCE = 16
_MARK = 16
_TOKEN_BYTES = _ISSUED.size + _NONCE + _MARK


class RequestRefusedError(TrustError):
    """A request that is not answered. ``reason`` is for the caller's program, the message for people."""

    reason = "refused"


class MalformedRequestError(RequestRefusedError):
    """Something that should have been signed is missing or has no sense."""

    reason = "malformed"


class UnknownDeviceError(RequestRefusedError):
    """No terminal of this workshop, as far as it is known here."""

    reason = "unknown-device"


class RemovedDeviceError(RequestRefusedError):
    """A terminal that was removed from the workshop."""

    reason = "removed-device"


class SessionOverError(RequestRefusedError):
    """The session is too old, or from before a restart: the caller asks for another one and goes on."""

    reason = "session-over"


class BadSignatureError(RequestRefusedError):
    """Not signed by that device, or changed on the way."""

    reason = "bad-signature"


class ReplayedError(RequestRefusedError):
    """The request was here before, or is so late that this cannot be told."""

    reason = "replayed"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a device: its public key (DER in base64), and whether it was removed."""

    public_key: str
    removed: bool = False


def digest_of(body: bytes) -> str:
    """The digest of a body that goes into the signature: SHA-256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


class RequestSigner:
    """Signs the requests of one session with one server. Threads may share it: each request has its own counter."""

    def __init__(self, identity: Identity, server_device_id: str, session: str) -> None:
        self._identity = identity
        self._server = server_device_id
        self._session = session
        self._lock = threading.Lock()
        self._counter = 0

    def sign(self, method: str, target: str, body: bytes = b"", *, digest: str | None = None) -> dict[str, str]:
        """The headers of one request. ``target`` is the path with its query, as it goes over the wire.

        ``digest`` stands for a body too large to hold (``digest_of``).
        """
        with self._lock:
            self._counter += 1
            counter = self._counter
        parties = (self._session, counter, self._server, self._identity.device_id)
        text = _canonical((method.upper(), target, digest or digest_of(body)), parties)
        return {
            DEVICE_HEADER: self._identity.device_id,
            SESSION_HEADER: self._session,
            COUNTER_HEADER: str(counter),
            SIGNATURE_HEADER: base64.b64encode(self._identity.sign(text)).decode("ascii"),
        }


@dataclass(slots=True)
class _Session:
    issued: int
    highest: int = 0
    seen: int = 0  # bit n: the counter ``highest - n`` was here

    def take(self, counter: int) -> bool:
        """Whether this counter is new; then it is not new any more."""
        ahead = counter - self.highest
        if ahead > 0:
            self.seen = (self.seen << ahead if ahead < WINDOW else 0) & (1 << WINDOW) - 1 | 1
            self.highest = counter
            return True
        if -ahead >= WINDOW or self.seen >> -ahead & 1:
            return False
        self.seen |= 1 << -ahead
        return True


class RequestVerifier:
    """Says who made a request to this server, or refuses it. Threads may share it.

    ``known`` looks a device up among the workshop's terminals and is asked at every request, so that a removal counts
    at once. ``clock`` is monotonic, in seconds.
    """

    def __init__(
        self, device_id: str, known: Callable[[str], Known | None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._device_id = device_id
        self._known = known
        self._clock = clock
        self._started = clock()
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._issued = 0
        self._sessions: dict[str, dict[str, _Session]] = {}  # device -> token -> its counters
        self._ended: dict[str, int] = {}  # device -> tokens issued up to then are over, for want of room

    def session(self, caller: str) -> str:
        """A token for a caller who says to be this device. Needs no proof and keeps nothing: see the module.

        Raises ``MalformedRequestError``, ``UnknownDeviceError`` and ``RemovedDeviceError``.
        """
        if not is_device_id(caller):
            raise MalformedRequestError(tr("This request does not say which device it comes from."))
        self._standing(caller)
        with self._lock:
            self._issued = issued = max(self._now(), self._issued + 1)  # rising, however coarse the clock
        head = _ISSUED.pack(issued) + secrets.token_bytes(_NONCE)
        return base64.urlsafe_b64encode(head + self._mark(head, caller)).decode("ascii")

    def verify(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        digest: str | None = None,
    ) -> str:
        """The device id of who made this request. Raises the kinds of ``RequestRefusedError``.

        ``headers`` by lower-case names (Starlette's and httpx' take any case); ``target`` is the path with its query
        as it came over the wire. ``digest`` stands for a body that was read piece by piece.
        """
        caller, token, counter, signature = _read_headers(headers)
        known = self._standing(caller)
        issued = self._check_token(token, caller)
        text = _canonical((method, target, digest or digest_of(body)), (token, counter, self._device_id, caller))
        if not verify(known.public_key, signature, text):
            raise BadSignatureError(tr("This request was not signed by the terminal it names."))
        with self._lock:
            if not self._session_of(caller, token, issued).take(counter):
                raise ReplayedError(tr("This request was here before."))
        return caller

    def forget(self, device_id: str) -> None:
        """End the sessions of a device that was removed."""
        with self._lock:
            if self._sessions.pop(device_id, None):
                self._ended[device_id] = self._issued

    def _standing(self, caller: str) -> Known:
        known = self._known(caller)
        if known is None:
            raise UnknownDeviceError(tr("This device does not belong to this workshop."))
        if known.removed:
            raise RemovedDeviceError(tr("This terminal was removed from the workshop."))
        return known

    def _now(self) -> int:
        return max(0, round((self._clock() - self._started) * 1_000_000))

    def _mark(self, head: bytes, caller: str) -> bytes:
        message = b"bayline session 1\n" + head + f"{self._device_id}\n{caller}".encode()
        return hmac.digest(self._secret, message, "sha256")[:_MARK]

    def _check_token(self, token: str, caller: str) -> int:
        """When the token was given out, microseconds since the start. Raises ``SessionOverError``."""
        over = SessionOverError(tr("This session is over."))
        try:
            raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error) as error:
            raise over from error
        head, mark = raw[:-_MARK], raw[-_MARK:]
        canonical = base64.urlsafe_b64encode(raw).decode("ascii") == token  # one session has one text
        if len(raw) != _TOKEN_BYTES or not canonical or not hmac.compare_digest(mark, self._mark(head, caller)):
            raise over
        issued = int(_ISSUED.unpack(head[: _ISSUED.size])[0])
        if self._now() - issued > SESSION_SECONDS * 1_000_000:
            raise over
        return issued

    def _session_of(self, caller: str, token: str, issued: int) -> _Session:
        """The counters of a session. Only callers with the device's key get here, so only they take up room.

        A session that is dropped must not begin again with a counter of nothing, or its requests could be replayed:
        with the oldest one all tokens up to its age are over.
        """
        oldest_good = self._now() - round(SESSION_SECONDS * 1_000_000)
        sessions = self._sessions.setdefault(caller, {})
        for old in [each for each, state in sessions.items() if state.issued < oldest_good]:
            del sessions[old]
        if token in sessions:
            return sessions[token]
        if issued <= self._ended.get(caller, -1):
            raise SessionOverError(tr("This session is over."))
        if len(sessions) >= SESSIONS_A_DEVICE:
            oldest = min(sessions, key=lambda each: sessions[each].issued)
            self._ended[caller] = sessions.pop(oldest).issued
            if issued <= self._ended[caller]:
                raise SessionOverError(tr("This session is over."))
        return sessions.setdefault(token, _Session(issued))


def _read_headers(headers: Mapping[str, str]) -> tuple[str, str, int, bytes]:
    caller = headers.get(DEVICE_HEADER, "")
    token = headers.get(SESSION_HEADER, "")
    number = headers.get(COUNTER_HEADER, "")
    mark = headers.get(SIGNATURE_HEADER, "")
    malformed = MalformedRequestError(tr("This request is not signed as requests between terminals are."))
    digits = number.isascii() and number.isdigit() and len(number) < 20 and not number.startswith("0")
    if not is_device_id(caller) or not 0 < len(token) < 100 or not digits or not 0 < len(mark) < 2 * _MOST_SIGNATURE:
        raise malformed
    try:
        signature = base64.b64decode(mark.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise malformed from error
    counter = int(number)
    canonical = base64.b64encode(signature).decode("ascii") == mark
    if counter > _MOST_COUNTER or len(signature) > _MOST_SIGNATURE or not canonical:
        raise malformed
    return caller, token, counter, signature


def _canonical(request: tuple[str, str, str], parties: tuple[str, int, str, str]) -> bytes:
    """What is signed: one part a line, each with its length, so that no two requests have the same text.

    ``request``: method, target, digest of the body; ``parties``: session, counter, server's and caller's device id.
    """
    parts = ("bayline request 1", *request, *(str(each) for each in parties))
    return b"".join(b"%d:%s\n" % (len(raw), raw) for raw in (part.encode("utf-8", "surrogatepass") for part in parts))
