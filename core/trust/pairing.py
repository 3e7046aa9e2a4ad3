"""Joining by a code that a person reads from one screen and types at another: messages in, messages out, no socket.

Two terminals that have never met prove to each other that they were given the same eight digits, without showing them
to anybody between (SPAKE2, RFC 9382, by the library ``spake2``). What comes out is bound to both device keys: the
joiner takes the giver's from the TLS connection (``contexts.pinned``), the giver takes the joiner's from its first
message. Somebody who relays between the two has a key of his own in one of the places, so the two never agree.

    joiner                                          giver
    hello   {version, public_key, element}      ->
                                                <-  {exchange, element}
    finish  {exchange, confirm, sealed: who I am} ->    the first proof is the joiner's: a wrong code is counted here
                                                <-  {confirm, sealed: the workshop}

Nothing is sealed for who has not proved the code. Keys are separate for each purpose and direction (HKDF, RFC 5869).

A code dies after three wrong tries, 120 seconds, or one terminal that joined; for another it takes a person at the
screen. After a wrong try nothing is looked at for a second, then two, four, up to thirty, over all codes, until a
terminal has joined or an hour was quiet: guessing gets nowhere, and who mistyped is hardly held up.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError
from spake2.ed25519_basic import NotOnCurve

from core.language import tr
from core.trust.errors import CodeRefusedError, PairingError, PairingPausedError, TrustError
from core.trust.grant import Grant
from core.trust.identity import Identity, check_certificate, device_id_of
from core.trust.sealing import seal, unseal

VERSION = 1
CODE_DIGITS = 8
CODE_SECONDS = 120.0
TRIES = 3
MOST_PAUSE = 30.0  # seconds
QUIET_SECONDS = 3600.0  # after which wrong tries are forgotten
MOST_MESSAGE = 64 * 1024  # bytes of a message as JSON: a server reads no more than that
MOST_NAME = 60

_OPEN_EXCHANGES = 4  # of one code; a person types one at a time
_HELLOS = 30  # of one code: each costs some 20 ms of arithmetic
_ELEMENT = 33  # bytes: the side and a point
_EXCHANGE = 16
_CONFIRM = 32


@dataclass(frozen=True, slots=True)
class Offer:
    """The code on the screen now, how many wrong tries it stands, and how many seconds it lives."""

    code: str
    tries_left: int
    seconds_left: float


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody who knows the code, and holds the key of this device. Answer with the grant, or let it be.

    ``public_key`` is DER in base64, ``name`` is 1 to 60 characters.
    """

    device_id: str
    public_key: str
    name: str
    certificate_pem: str
    _keys: "_Keys" = field(repr=False)

    def answer(self, grant: Grant) -> dict[str, Any]:
        """The last message: the giver's proof and the workshop, sealed."""
        return {
            "confirm": _text(self._keys.proof("giver")),
            "sealed": seal(self._keys.key("giver seals"), grant.to_dict(), self._keys.transcript),
        }


@dataclass(slots=True)
class _Open:
    """A code that is on the screen."""

    code: str
    until: float
    tries_left: int = TRIES
    hellos: int = 0
    exchanges: dict[str, "_Exchange"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Somebody said hello, and what both have now if they had the same code."""

    public_key: str
    keys: "_Keys"


class Giver:
    """The terminal that shows a code. One code at a time; threads may share it. ``clock``: monotonic seconds."""

    def __init__(self, identity: Identity, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._identity = identity
        self._clock = clock
        self._lock = threading.Lock()
        self._open: _Open | None = None
        self._wrong = 0  # tries in a row, over all codes
        self._last_wrong = 0.0

    def open(self) -> Offer:
        """Show a new code; one that was there is over. Only what a person does may call this."""
        with self._lock:
            code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
            self._open = _Open(code, self._clock() + CODE_SECONDS)
            return Offer(code, TRIES, CODE_SECONDS)

    def offer(self) -> Offer | None:
        """The code that is good now."""
        with self._lock:
            return self._offer()

    def close(self) -> None:
        """Take the code back."""
        with self._lock:
            self._open = None

    def hello(self, message: object) -> dict[str, Any]:
        """The reply to a joiner's first message. Raises ``PairingError`` and its kinds."""
        content = _message(message)
        if content.get("version") != VERSION:
            raise PairingError(tr("The other terminal speaks another version of pairing. Bring both up to date."))
        public_key = _string(content, "public_key", 200)
        element = _bytes(content, "element", _ELEMENT)
        try:
            caller = device_id_of(public_key)
        except TrustError as error:
            raise PairingError(str(error)) from error
        if caller == self._identity.device_id:
            raise PairingError(tr("This is the very terminal that shows the code. Type it at the one that joins."))
        with self._lock:
            opened = self._good()
            opened.hellos += 1
            if opened.hellos > _HELLOS:
                self._open = None
                raise _refused()
            code = opened.code
        side = SPAKE2_B(code.encode("ascii"), caller.encode("ascii"), self._identity.device_id.encode("ascii"))
        mine = side.start()
        exchange = secrets.token_hex(_EXCHANGE)
        keys = _agree(side, element, (public_key, self._identity.public_key, element, mine))
        with self._lock:
            if self._open is not opened:  # taken back meanwhile
                raise _refused()
            opened.exchanges[exchange] = _Exchange(public_key, keys)
            while len(opened.exchanges) > _OPEN_EXCHANGES:
                opened.exchanges.pop(next(iter(opened.exchanges)))
        return {"exchange": exchange, "element": _text(mine)}

    def finish(self, message: object) -> JoinRequest:
        """Who joins, when the code was right; then the code is over. Raises ``PairingError`` and its kinds."""
        content = _message(message)
        exchange = _string(content, "exchange", 2 * _EXCHANGE)
        confirm = _bytes(content, "confirm", _CONFIRM)
        with self._lock:
            opened = self._good()
            found = opened.exchanges.pop(exchange, None)
            if found is None:
                raise _refused()
            if not hmac.compare_digest(confirm, found.keys.proof("joiner")):
                self._count_wrong(opened)
                raise _refused()
            self._open = None
            self._wrong = 0
        who = unseal(found.keys.key("joiner seals"), content.get("sealed"), found.keys.transcript)
        name = clean_name(who.get("name"))
        certificate = _string(who, "certificate", 8192)
        try:
            check_certificate(certificate, found.public_key)
            return JoinRequest(device_id_of(found.public_key), found.public_key, name, certificate, found.keys)
        except TrustError as error:
            raise PairingError(str(error)) from error

    def _offer(self) -> Offer | None:
        if self._open is None:
            return None
        left = self._open.until - self._clock()
        if left <= 0:
            self._open = None
            return None
        return Offer(self._open.code, self._open.tries_left, left)

    def _good(self) -> _Open:
        """The code that is good now, after the pause. Raises ``PairingPausedError`` and ``CodeRefusedError``."""
        now = self._clock()
        if now - self._last_wrong > QUIET_SECONDS:
            self._wrong = 0
        if self._wrong:
            wait = self._last_wrong + min(2.0 ** min(self._wrong - 1, 10), MOST_PAUSE) - now
            if wait > 0:
                raise PairingPausedError(tr("A wrong code was typed. Wait a moment and try again."), wait)
        if self._offer() is None or self._open is None:
            raise _refused()
        return self._open

    def _count_wrong(self, opened: _Open) -> None:
        self._wrong += 1
        self._last_wrong = self._clock()
        opened.tries_left -= 1
        if opened.tries_left <= 0:
            self._open = None


class Joiner:
    """The terminal where the code is typed. Used once: ``hello``, ``finish``, ``accept``, in this order.

    ``server_public_key``: the key of the TLS connection the messages go over (``contexts.pinned``). Raises
    ``PairingError`` for a code that cannot be one.
    """

    def __init__(self, code: str, identity: Identity, server_public_key: str, name: str) -> None:
        self._identity = identity
        self._name = clean_name(name)
        self._server = server_public_key
        digits = clean_code(code).encode("ascii")
        server_id = device_id_of(server_public_key).encode("ascii")
        self._side = SPAKE2_A(digits, identity.device_id.encode("ascii"), server_id)
        self._mine = b""
        self._keys: _Keys | None = None

    def hello(self) -> dict[str, Any]:
        """The first message."""
        self._mine = self._side.start()
        return {"version": VERSION, "public_key": self._identity.public_key, "element": _text(self._mine)}

    def finish(self, reply: object) -> dict[str, Any]:
        """The second message, after the reply to the first. Raises ``PairingError``."""
        content = _message(reply)
        exchange = _string(content, "exchange", 2 * _EXCHANGE)
        element = _bytes(content, "element", _ELEMENT)
        keys = _agree(self._side, element, (self._identity.public_key, self._server, self._mine, element))
        self._keys = keys
        who = {"name": self._name, "certificate": self._identity.certificate_pem}
        return {
            "exchange": exchange,
            "confirm": _text(keys.proof("joiner")),
            "sealed": seal(keys.key("joiner seals"), who, keys.transcript),
        }

    def accept(self, reply: object) -> Grant:
        """The workshop, from the reply to the second message. Raises ``PairingError`` and ``CodeRefusedError``."""
        if self._keys is None:
            raise PairingError(tr("What the other terminal sent is not complete."))
        content = _message(reply)
        if not hmac.compare_digest(_bytes(content, "confirm", _CONFIRM), self._keys.proof("giver")):
            raise _refused()
        opened = unseal(self._keys.key("giver seals"), content.get("sealed"), self._keys.transcript)
        return Grant.from_dict(opened, self._server)


@dataclass(frozen=True, slots=True)
class _Keys:
    """What both ends have after the exchange: a shared secret, and the hash of all that was said until then."""

    secret: bytes = field(repr=False)
    transcript: bytes

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose of one side."""
        info = f"bayline pairing {VERSION}: {purpose}".encode("ascii")
        return HKDF(hashes.SHA256(), 32, self.transcript, info).derive(self.secret)

    def proof(self, side: str) -> bytes:
        """That this side has the secret, over the transcript."""
        return hmac.digest(self.key(f"{side} confirms"), self.transcript, "sha256")


def clean_code(text: str) -> str:
    """The eight digits in what a person typed, "1234 5678" or "1234-5678". Raises ``PairingError``."""
    plain = "".join(each for each in text if not each.isspace() and each != "-")
    if len(plain) != CODE_DIGITS or not (plain.isascii() and plain.isdigit()):
        raise PairingError(tr("The code has eight digits."))
    return plain


def clean_name(name: object) -> str:
    """A name for a terminal or a workshop: 1 to 60 characters in one line. Raises ``PairingError``."""
    plain = " ".join(name.split()) if isinstance(name, str) else ""
    if not plain or len(plain) > MOST_NAME or not plain.isprintable():
        raise PairingError(tr("A name has 1 to {most} characters, in one line.", most=MOST_NAME))
    return plain


def _agree(side: SPAKE2_A | SPAKE2_B, element: bytes, said: tuple[str, str, bytes, bytes]) -> _Keys:
    """Finish the exchange. ``said``: joiner's key, giver's key, joiner's element, giver's element."""
    try:
        secret = side.finish(element)
    except (SPAKEError, NotOnCurve, ValueError, AssertionError) as error:
        raise PairingError(tr("What the other terminal sent has no sense.")) from error
    parts = (part.encode("ascii") if isinstance(part, str) else part for part in said)
    told = b"".join(len(part).to_bytes(4, "big") + part for part in (b"bayline pairing %d" % VERSION, *parts))
    return _Keys(secret, hashlib.sha256(told).digest())


def _refused() -> CodeRefusedError:
    return CodeRefusedError(tr("This code is not valid, or not any more. Have a new one shown on the other terminal."))


def _message(message: object) -> Mapping[str, Any]:
    if not isinstance(message, Mapping):
        raise PairingError(tr("What the other terminal sent has no sense."))
    return message


def _string(content: Mapping[str, Any], name: str, most: int) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value.isascii() or not 0 < len(value) <= most:
        raise PairingError(tr("What the other terminal sent has no sense."))
    return value


def _bytes(content: Mapping[str, Any], name: str, size: int) -> bytes:
    try:
        raw = base64.b64decode(_string(content, name, 2 * size), validate=True)
    except (ValueError, binascii.Error) as error:
        raise PairingError(tr("What the other terminal sent has no sense.")) from error
    if len(raw) != size:
        raise PairingError(tr("What the other terminal sent has no sense."))
    return raw


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
