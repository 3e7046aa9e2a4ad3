"""Trouble codes as the car says them: per control unit, and "no faults" only where a unit said so itself.

python-OBD reports an empty list for NO DATA, bus errors and refusals alike, and merges all units (research §2.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.language import tr
from core.obd.gaps import GapKind
from core.obd.link import DiagLink, EcuMessage, Exchange
from core.obd.reply import Refused
from core.obd.signals import ShortData, decode, pid_length

STORED, PENDING, PERMANENT = 0x03, 0x07, 0x0A
TRIES = 3
_LETTERS = "PCBU"  # ISO 15031-6 clause 5: the first two bits


class CodesError(ValueError):
    """A reply that is no list of codes."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What one control unit answered. An empty list is the unit's own word that there are none."""

    ecu: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodesReading:
    """``silent`` means that no control unit gave a positive answer: then nothing is known.

    ``disturbed`` means that something was lost on the way: then what was heard is true, but perhaps not all.
    """

    units: tuple[Codes, ...]
    refusals: Mapping[str, Refused]
    disturbed: bool = False

    @property
    def silent(self) -> bool:
        return not self.units

    def words(self) -> str:
        """The verdict, never better than what was heard."""
        if self.silent:
            return tr("the car did not answer")
        count = sum(len(unit.codes) for unit in self.units)
        if count == 0 and self.disturbed:
            return tr("part of the answer was lost")
        verdict = tr("no faults") if count == 0 else tr("{count} faults", count=count)
        if self.disturbed:
            return tr("{verdict}, perhaps more: part of the answer was lost", verdict=verdict)
        quiet = ", ".join(sorted(set(self.refusals) - {unit.ecu for unit in self.units}))
        return tr("{verdict}; {units} would not say", verdict=verdict, units=quiet) if quiet else verdict


def code_text(first: int, second: int) -> str:
    """``0x01, 0x71`` is P0171 (ISO 15031-6 figure 1)."""
    return f"{_LETTERS[first >> 6]}{first >> 4 & 3}{first & 15:X}{second:02X}"


def decode_codes(service: int, payload: bytes, *, counted: bool) -> tuple[str, ...]:
    """Codes of one message. On CAN a count byte follows the service (ISO 15031-5 clause 8.3); older protocols pad with
    zeros instead. Raises ``CodesError`` when count and length disagree.
    """
    if not payload or payload[0] != service | 0x40:
        raise CodesError(payload.hex())
    body = payload[1:]
    if counted:
        if not body or len(body) - 1 != 2 * body[0]:
            raise CodesError(payload.hex())
        body = body[1:]
    if len(body) % 2:
        raise CodesError(payload.hex())
    pairs = zip(body[::2], body[1::2], strict=True)
    return tuple(code_text(a, b) for a, b in pairs if counted or (a, b) != (0, 0))


def read_codes(link: DiagLink, service: int, *, counted: bool) -> CodesReading:
    """Ask everybody for stored, pending or permanent codes; again when an answer was disturbed on its way.

    Raises what the link raises.
    """
    reading = CodesReading((), {})
    for _ in range(TRIES):
        reading = _reading(link.request(None, bytes([service])), service, counted)
        if not reading.disturbed:
            break
    return reading


def _reading(exchange: Exchange, service: int, counted: bool) -> CodesReading:
    found: dict[str, list[str]] = {}
    refusals: dict[str, Refused] = {}
    for message in exchange.messages:
        if message.payload[:2] == bytes([0x7F, service]) and len(message.payload) == 3:
            refusals[message.ecu] = Refused(message.payload[2])
            continue
        try:
            codes = decode_codes(service, message.payload, counted=counted)
        except CodesError:
            continue  # a stray answer to another question (python-OBD issue #254)
        found.setdefault(message.ecu, []).extend(codes)
    units = tuple(Codes(ecu, tuple(codes)) for ecu, codes in sorted(found.items()))
    return CodesReading(units, refusals, any(kind is not GapKind.NO_DATA for kind, _ in exchange.gaps))


def read_freeze_frame(link: DiagLink, ecu: str, pid: int, frame: int = 0) -> dict[str, float] | None:
    """One PID of a freeze frame, asked with its frame number and decoded by the Mode 01 decoder.

    None when the unit did not answer this very question. Raises what the link raises.
    """
    for message in link.request(ecu, bytes([2, pid, frame])).messages:
        values = freeze_frame_values(message, pid, frame)
        if values is not None:
            return values
    return None


def freeze_frame_values(message: EcuMessage, pid: int, frame: int) -> dict[str, float] | None:
    """``42 0C 00 1A F8`` is 1,726 rpm: service, PID, frame number, data."""
    payload = message.payload
    if payload[:3] != bytes([0x42, pid, frame]) or len(payload) - 3 != pid_length(pid):
        return None
    try:
        return decode(pid, payload[3:])
    except ShortData:
        return None


def freeze_frame_code(message: EcuMessage, frame: int) -> str | None:
    """The code that stored the frame: ``42 02 00 01 71`` is P0171; None when it is no such answer or none is stored."""
    payload = message.payload
    if payload[:3] != bytes([0x42, 0x02, frame]) or len(payload) != 5 or payload[3:] == b"\x00\x00":
        return None
    return code_text(payload[3], payload[4])
