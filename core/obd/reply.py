"""The reply rule: a number only from a positive reply that echoes the service and PID that were asked for.

Everything else is a typed refusal or a gap (DESIGN §4; python-OBD decodes ``7F 01 12`` as 1,088 rpm, research §2.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.language import mark
from core.obd.gaps import GapKind
from core.obd.signals import pid_length, pid_lengths

# ISO 14229-1 table A.1 and SAE J1979 clause 4.2.4: the codes an emissions-related ECU may give.
REFUSALS: Mapping[int, str] = {
    0x10: mark("general reject"),
    0x11: mark("service not supported"),
    0x12: mark("sub-function not supported"),
    0x13: mark("incorrect message length"),
    0x21: mark("busy, repeat the request"),
    0x22: mark("conditions not correct"),
    0x31: mark("request out of range"),
    0x33: mark("security access denied"),
    0x78: mark("request received, answer pending"),
    0x7F: mark("not supported in this session"),
}
BUSY = 0x21
PENDING = 0x78


@dataclass(frozen=True, slots=True)
class Accepted:
    """Data bytes by PID, complete and asked for."""

    data: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Refused:
    """A negative response to the service that was asked."""

    code: int

    @property
    def words(self) -> str:
        return REFUSALS.get(self.code, f"0x{self.code:02X}")


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not an answer to this question."""

    kind: GapKind
    detail: str


def answers(request: bytes, payload: bytes) -> bool:
    """Whether a message is meant for this very question, well formed or not: service and PID, or its refusal.

    What is not shows that question and answer have slipped: the link then waits on or finds the order again.
    """
    if payload[:1] == b"\x7f":
        return payload[1:2] == request[:1]
    echoed = payload[:1] == bytes([request[0] | 0x40])
    return echoed and (len(request) == 1 or (len(payload) > 1 and payload[1] in request[1:]))


def accept(
    request: bytes, payload: bytes, learned: Mapping[int, int] = MappingProxyType({})
) -> Accepted | Refused | Rejected:
    """Hold a message against the Mode 01 request it should answer.

    A reply with several PIDs may have them in any order and leave some out (SAE J1979 clause 5.3), but each must have
    been asked for, come once and be complete. One bad byte spoils the whole reply: a length error shifts all behind it.

    A few PIDs have a second length that real cars send (06-09 with and without banks 3 and 4). Alone in a reply either
    is accepted; in company only the usual one, or the one ``learned`` of this ECU.
    """
    if len(payload) >= 1 and payload[0] == 0x7F:
        return _refusal(request[0], payload)
    if len(payload) < 2:
        return Rejected(GapKind.SHORT, payload.hex())
    if payload[0] != request[0] | 0x40:
        return Rejected(GapKind.FOREIGN, payload.hex())
    asked = request[1:]
    found: dict[int, bytes] = {}
    at = 1
    while at < len(payload):
        pid = payload[at]
        length = len(payload) - 2 if len(asked) == 1 and len(payload) - 2 in pid_lengths(pid) else None
        length = length or learned.get(pid) or pid_length(pid)
        if pid not in asked or length is None:
            # The first byte says what it answers; later on it is a length error inside the reply.
            return Rejected(GapKind.FOREIGN if at == 1 else GapKind.GARBLED, payload.hex())
        if pid in found:
            return Rejected(GapKind.DUPLICATE, payload.hex())
        data = payload[at + 1 : at + 1 + length]
        if len(data) < length:
            return Rejected(GapKind.SHORT, payload.hex())
        found[pid] = bytes(data)
        at += 1 + length
    return Accepted(found)


def _refusal(service: int, payload: bytes) -> Refused | Rejected:
    if len(payload) < 3:
        return Rejected(GapKind.SHORT, payload.hex())
    if payload[1] != service:
        return Rejected(GapKind.FOREIGN, payload.hex())
    if len(payload) > 3:
        return Rejected(GapKind.GARBLED, payload.hex())
    return Refused(payload[2])
