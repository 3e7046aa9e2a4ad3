"""Messages that only the other end of a pairing can read or write: JSON in ChaCha20-Poly1305 (RFC 8439)."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from core.language import tr
from core.trust.errors import PairingError

MOST_TEXT = 48 * 1024  # characters of a sealed message; a grant has about 4,000

_NONCE = 12


def seal(key: bytes, content: Mapping[str, Any], context: bytes) -> str:
    """``content`` (JSON values) as sealed text. ``key``: 32 bytes; ``context`` must be the same when it is opened."""
    nonce = secrets.token_bytes(_NONCE)
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return base64.b64encode(nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, context)).decode("ascii")


def unseal(key: bytes, text: object, context: bytes) -> dict[str, Any]:
    """What was sealed with this key and context. Raises ``PairingError`` for anything else."""
    broken = PairingError(tr("What the other terminal sent was changed on the way."))
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise broken
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
        content = json.loads(ChaCha20Poly1305(key).decrypt(raw[:_NONCE], raw[_NONCE:], context))
    except (ValueError, binascii.Error, InvalidTag, RecursionError) as error:
        raise broken from error
    if not isinstance(content, dict):
        raise broken
    return content
