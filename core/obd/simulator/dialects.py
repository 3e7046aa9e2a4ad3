"""Whose chip it is: the original, a clone with its quirks, or an STN; what each calls itself and gets wrong.

The quirks of clones are those people report (forum.forscan.org topic 1575: chips that claim v2.1 or v1.5 and lack
half of the commands, or send only the first two bytes of a request; python-OBD issues 150, 158-160, 200, 277:
initialisation that fails depending on timing). Each dialect is one row, so that a test can name the quirk it needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.language import tr


class Batching(Enum):
    """What becomes of a request for several PIDs."""

    ANSWERED = "answered"
    NO_DATA = "NO DATA"
    UNKNOWN = "?"
    FIRST_ONLY = "the chip sends only two bytes, so the car is asked for the first PID"


class FrameCount(Enum):
    """What becomes of the expected-responses digit."""

    HONOURED = "honoured"
    IGNORED = "ignored"
    REFUSED = "?"


class UnknownDialectError(ValueError):
    """No dialect of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an adapter says and how it errs.

    ``level`` is the ELM327 version whose commands it knows; ``missing`` are commands of that level it answers with
    ``?``, by their name in ``at_commands``; ``lip_service`` are commands it answers with OK and forgets.
    ``stray_spaces`` is n: every n-th answer comes with spaces although AT S0 was sent; 0 is never.
    ``pending_aware``: after 7F xx 78 it waits for the real answer. ELM327 data sheets of the 2.x chips have it, the
    1.x ones do not (modelled).
    """

    name: str
    title: str
    identity: str
    level: float
    description: str = "OBDII to RS232 Interpreter"
    batching: Batching = Batching.ANSWERED
    frame_count: FrameCount = FrameCount.HONOURED
    missing: frozenset[str] = frozenset()
    lip_service: frozenset[str] = frozenset()
    stray_spaces: int = 0
    drops_link_on_reset: bool = False
    pending_aware: bool = False
    stn: bool = False


_ALL = (
    Dialect("elm327", "ELM327 v2.2, original", "ELM327 v2.2", 2.2, pending_aware=True),
    Dialect("elm327-v1.4", "ELM327 v1.4b, original", "ELM327 v1.4b", 1.4),
    Dialect(
        "stn",
        "STN1110 in an OBDLink SX",
        "ELM327 v1.4b",
        1.4,
        description="OBDLink SX",
        pending_aware=True,
        stn=True,
    ),
    Dialect(
        "clone",
        "Good clone that calls itself v1.5: several PIDs and the frame count work",
        "ELM327 v1.5",
        1.3,
        description="ELM327 v1.5",
        missing=frozenset({"AL", "CRA", "IGN", "PPS"}),
        stray_spaces=23,
    ),
    Dialect(
        "clone-v2.1",
        "Bad clone that calls itself v2.1: two bytes a request, no frame count, half of the commands",
        "ELM327 v2.1",
        1.3,
        description="ELM327 v2.1",
        batching=Batching.FIRST_ONLY,
        frame_count=FrameCount.REFUSED,
        missing=frozenset(
            {
                "AL",
                "NL",
                "AT",
                "CAF",
                "CEA",
                "CF",
                "CFC",
                "CM",
                "CRA",
                "FCSD",
                "FCSH",
                "FCSM",
                "IGN",
                "PP",
                "PPS",
                "RD",
                "SD",
            }
        ),
        lip_service=frozenset({"ST"}),
        stray_spaces=7,
    ),
    Dialect(
        "clone-bt",
        "Bluetooth clone: drops the connection at ATZ, one PID a request, ignores the frame count",
        "ELM327 v1.5",
        1.3,
        description="ELM327 v1.5",
        batching=Batching.NO_DATA,
        frame_count=FrameCount.IGNORED,
        missing=frozenset({"AL", "CRA", "IGN", "PPS", "ST"}),
        drops_link_on_reset=True,
    ),
)

DIALECTS: Mapping[str, Dialect] = {row.name: row for row in _ALL}


def dialect(name: str) -> Dialect:
    """The dialect called ``name``. Raises ``UnknownDialectError``."""
    try:
        return DIALECTS[name]
    except KeyError:
        raise UnknownDialectError(
            tr("There is no dialect “{name}”. There are: {known}.", name=name, known=", ".join(DIALECTS))
        ) from None
