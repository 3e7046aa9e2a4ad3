"""Row ids: UUID version 7 (RFC 9562 §5.7), so that rows sort by the moment they came into being, on any terminal."""

import random
import re
import secrets

_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Entropy = random.Random  # SystemRandom in the product, a seeded one in the simulation

SYSTEM: Entropy = secrets.SystemRandom()


def new_id(at_ms: int, entropy: Entropy = SYSTEM) -> str:
    """A fresh id in canonical text. ``at_ms`` is UTC milliseconds; 74 bits are random."""
    bits = entropy.getrandbits(74)
    value = (at_ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    """Whether ``text`` has the canonical form of a UUID (any version: other programs' ids are welcome)."""
    return _FORM.fullmatch(text) is not None


def made_at(id_: str) -> int:
    """When a version 7 id was made, UTC milliseconds by the clock of its terminal."""
    return int(id_[:8] + id_[9:13], 16)
