"""Numbers that people read, "1042-B3K7": given by a terminal that may be alone, and yet never given twice.

The whole number goes on from the largest that is known here; the suffix is that of the site that gives it. A site draws
its suffix from its own random name and writes it down for all to see. A restored backup or a cloned disk is a new site,
and so has a new suffix. Two sites that could not see each other draw the same suffix once in 440,000 times; as soon as
they meet, the one that wrote it down later draws another. What was given double until then ``findings`` shows.
"""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.records.moment import site
from core.records.rows import added
from core.workshop.models import NumberSeries, RepairOrder

FIRST = 1001
LAST = 999_999_999  # beyond it a number came from a fault, and does not raise the others
SUFFIX = 4  # characters
_FIRST_LETTER = "BCDFGHJKMNPQRSTVWXYZ"  # no vowels, so that no words come out; no L, which reads like 1
_LETTERS = _FIRST_LETTER + "23456789"
_LARGEST_KNOWN = select(func.max(RepairOrder.sequence)).where(RepairOrder.sequence <= LAST)


def next_number(session: Session) -> tuple[int, str]:
    """The whole number and the text of the next repair order."""
    sequence = max((session.scalar(_LARGEST_KNOWN) or 0) + 1, FIRST)
    return sequence, f"{sequence}-{suffix(session)}"


def suffix(session: Session) -> str:
    """The suffix of this terminal's present site; drawn and written down the first time."""
    mine = site(session)
    # A series that was hidden still counts: numbers were given under it.
    claims = session.scalars(select(NumberSeries).order_by(NumberSeries.id)).all()
    first: dict[str, str | None] = {}
    for claim in claims:
        if claim.suffix:
            first.setdefault(claim.suffix, claim.site)
    for claim in claims:
        if claim.site == mine and claim.suffix and first[claim.suffix] == mine:
            return claim.suffix
    attempt = 0
    while (drawn := drawn_suffix(mine, attempt)) in first:
        attempt += 1
    added(session, NumberSeries, {"site": mine, "suffix": drawn})
    return drawn


def drawn_suffix(site_: str, attempt: int = 0) -> str:
    """The suffix a site draws at its n-th attempt; the same every time it is asked."""
    value = int.from_bytes(hashlib.sha256(f"{site_}/{attempt}".encode()).digest()[:8])
    value, letter = divmod(value, len(_FIRST_LETTER))
    text = _FIRST_LETTER[letter]
    for _ in range(SUFFIX - 1):
        value, letter = divmod(value, len(_LETTERS))
        text += _LETTERS[letter]
    return text
