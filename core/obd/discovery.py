"""Who is in the car: the control units that answer, the PIDs each supports, and the VIN."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.obd.link import DiagLink, EcuMessage, Exchange
from core.obd.reply import Accepted, accept
from core.obd.signals import supported_from_mask
from core.obd.status import EcuInfo

MASKS = range(0x20, 0xC1, 0x20)
_VIN = re.compile(rb"[A-HJ-NPR-Z0-9]{17}")  # ISO 3779: no I, O, Q


@dataclass(frozen=True, slots=True)
class Car:
    """What was found. ``ecus`` in the order of their ids, so that the engine's (7E8) comes first."""

    ecus: tuple[EcuInfo, ...]
    vin: str


def first_masks(exchange: Exchange) -> dict[str, frozenset[int]]:
    """PIDs 01-20 by ECU, from the answers to 01 00."""
    return _masks(0x00, exchange)


def _masks(pid: int, exchange: Exchange) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for message in exchange.messages:
        verdict = accept(bytes([1, pid]), message.payload)
        if isinstance(verdict, Accepted) and message.ecu not in found:
            found[message.ecu] = supported_from_mask(pid, verdict.data[pid])
    return found


Recall = Callable[[str], Mapping[str, frozenset[int]] | None]


def explore(link: DiagLink, first: Mapping[str, frozenset[int]], recall: Recall) -> Car:
    """Read the VIN, then the support masks of every ECU, or take what is remembered of this VIN when it still fits.

    ``first`` are the first masks by ECU. Raises what the link raises.
    """
    vin = read_vin(link)
    known = recall(vin) if vin else None
    supported = {ecu: set(pids) for ecu, pids in first.items()}
    if known and all(first[ecu] == frozenset(p for p in known.get(ecu, ()) if p <= 0x20) for ecu in first):
        supported = {ecu: set(known[ecu]) for ecu in first}
    else:
        _complete(link, supported)
    ecus = tuple(EcuInfo(ecu, frozenset(supported[ecu])) for ecu in sorted(supported))
    return Car(ecus, vin)


def _complete(link: DiagLink, supported: dict[str, set[int]]) -> None:
    for pid in MASKS:
        wanted = [ecu for ecu, pids in supported.items() if pid in pids]
        if not wanted:
            return
        answers = _masks(pid, link.request(None, bytes([1, pid])))
        for ecu in wanted:
            if ecu not in answers:  # asked once more, alone: a lost mask would hide 32 signals for the whole session
                answers.update(_masks(pid, link.request(ecu or None, bytes([1, pid]))))
            supported[ecu] |= answers.get(ecu, frozenset())


def read_vin(link: DiagLink) -> str:
    """Mode 09 PID 02; empty when the car does not tell or tells something that is no VIN."""
    messages = link.request(None, b"\x09\x02").messages
    for ecu in sorted({message.ecu for message in messages}):
        vin = vin_from([m for m in messages if m.ecu == ecu])
        if vin:
            return vin
    return ""


def vin_from(messages: list[EcuMessage]) -> str:
    """The VIN in one ECU's answer: one message on CAN, five numbered ones of four bytes on the older protocols."""
    positive = [m.payload for m in messages if m.payload[:2] == b"\x49\x02"]
    if not positive:
        return ""
    if len(positive) == 1:
        raw = positive[0][3:]
    else:
        raw = b"".join(p[3:7] for p in sorted(positive, key=lambda p: p[2]))
    text = raw.strip(b"\x00 ")
    return text.decode("ascii") if _VIN.fullmatch(text) else ""
