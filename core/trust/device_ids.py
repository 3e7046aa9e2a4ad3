"""The name of a device that nobody can take: the hash of its public key, with check digits for people who type it.

SHA-256 of the key's SubjectPublicKeyInfo (DER) in base32 (RFC 4648 §6) is 52 letters and digits; after every 13 comes
a check character, and eight groups of seven are written with hyphens: 63 characters. The form is that of Syncthing
(``lib/protocol/deviceid.go``), the check character is Luhn's modulo 32, without the slip that project has to keep.
"""

import base64
import hashlib

from core.language import tr
from core.trust.errors import TrustError

LENGTH = 63

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_GROUP = 13  # characters a check character covers
_SHOWN = 7  # characters between hyphens
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})  # digits that base32 does not have, so they were misread


def device_id_of_der(subject_public_key_info: bytes) -> str:
    """The device id of a public key given as DER."""
    digest = base64.b32encode(hashlib.sha256(subject_public_key_info).digest()).decode().rstrip("=")
    parts = [digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP)]
    checked = "".join(part + _check_character(part) for part in parts)
    return "-".join(checked[start : start + _SHOWN] for start in range(0, len(checked), _SHOWN))


def parse_device_id(text: str) -> str:
    """What a person typed, in canonical form: case, spaces and hyphens do not matter. Raises ``TrustError``."""
    plain = "".join(text.upper().split()).replace("-", "").translate(_MISREAD)
    size = _GROUP + 1
    if len(plain) != 4 * size or any(each not in _ALPHABET for each in plain):
        raise TrustError(tr("A device number has 56 letters and digits; this has not: {text}", text=text[:80]))
    for start in range(0, len(plain), size):
        part = plain[start : start + size]
        if _check_character(part[:_GROUP]) != part[_GROUP]:
            raise TrustError(tr("There is a typing mistake in this device number, in: {part}", part=part))
    return "-".join(plain[start : start + _SHOWN] for start in range(0, len(plain), _SHOWN))


def is_device_id(text: object) -> bool:
    """Whether ``text`` is a device id in canonical form, as from a wire."""
    if not isinstance(text, str) or len(text) != LENGTH:
        return False
    try:
        return parse_device_id(text) == text
    except TrustError:
        return False


def _check_character(part: str) -> str:
    """Luhn modulo 32: finds every single wrong character and nearly every swap of two neighbours."""
    total = 0
    for place, character in enumerate(reversed(part)):
        value = _ALPHABET.index(character) * (2 - place % 2)
        total += value // 32 + value % 32
    return _ALPHABET[-total % 32]
