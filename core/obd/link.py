"""A question to a car and what came back, the same for every kind of adapter."""

from dataclasses import dataclass, field
from typing import Protocol

from core.obd.gaps import GapKind
from core.obd.status import AdapterInfo

FUNCTIONAL = None  # the target that means: every ECU that feels addressed


@dataclass(frozen=True, slots=True)
class EcuMessage:
    """One complete message of one ECU: id as on the wire, payload without framing, ``time.monotonic()`` of receipt."""

    ecu: str
    payload: bytes
    t: float


@dataclass(slots=True)
class Exchange:
    """Everything that came back to one request. ``frames`` counts the lines or CAN frames of the messages."""

    messages: list[EcuMessage] = field(default_factory=list)
    gaps: list[tuple[GapKind, str]] = field(default_factory=list)
    frames: int = 0
    elapsed: float = 0.0


class DiagLink(Protocol):
    """An open adapter with a car behind it. One thread owns it."""

    info: AdapterInfo
    protocol: str  # in words: "ISO 15765-4 (CAN 11 bit, 500 kbit/s)"
    max_pids: int  # a request may hold this many Mode 01 PIDs

    def request(self, target: str | None, payload: bytes, frames: int | None = None) -> Exchange:
        """Ask ``target`` (an ECU's response id, or ``FUNCTIONAL``) and collect the answers.

        ``frames`` is the number of frames the answer will have, when known: an adapter may return that much sooner.
        Raises ``LinkError`` when the adapter is gone, ``Cancelled`` when stopped. Never waits longer than a second
        without a byte.
        """

    def find_car(self) -> Exchange:
        """Ask every ECU for its first support mask, finding the protocol if need be; may take seconds."""

    def voltage(self) -> float | None:
        """Volts at the diagnostic connector, None when the adapter cannot say."""

    def close(self) -> None: ...
