"""A car behind an adapter that types what a test tells it to: real traces, line by line, through the real link."""

from collections.abc import Callable, Mapping

from core.obd.elm_link import ElmLink
from core.obd.elm_probe import identify
from core.obd.elm_session import ElmSession
from tests.core.obd.scripted import ScriptedBytes

NAME = "ELM327 v1.5"
CAN_11 = {"0100": "7E8064100BE3FA813", "ATDPN": "A6"}
CAN_29 = {"0100": "18DAF110064100BE3FA813", "ATDPN": "A7"}
ISO_9141 = {"0100": "BUS INIT: ...OK\r486B104100BE3EB811C6", "ATDPN": "A3"}

Reply = str | Callable[[], str]


def scripted_car(answers: Mapping[str, Reply], bus: Mapping[str, str] = CAN_11) -> tuple[ElmLink, ScriptedBytes]:
    """A connected link. ``answers``: lines by command, as typed; ``\\r`` between lines, no prompt; None is NO DATA."""
    script: dict[str, Reply] = {"ATI": NAME, "ATRV": "12.6V", "STI": "?", **bus, **answers}

    def answer(command: str) -> bytes:
        reply = script.get(command)
        if reply is None:
            reply = "OK" if command.startswith("AT") else "NO DATA"
        return (reply if isinstance(reply, str) else reply()).encode("latin-1") + b"\r\r>"

    port = ScriptedBytes(answer)
    session = ElmSession(port)
    link = ElmLink(session, identify(session))
    link.find_car()
    port.sent.clear()
    return link, port


def lines(ecu: str, payload: bytes) -> str:
    """A payload as an adapter prints it with headers on and spaces off (ISO 15765-2 frames, unpadded)."""
    if len(payload) <= 7:
        return f"{ecu}{len(payload):02X}{payload.hex().upper()}"
    first = f"{ecu}1{len(payload):03X}{payload[:6].hex().upper()}"
    rest = [
        f"{ecu}2{number & 15:X}{payload[at : at + 7].hex().upper()}"
        for number, at in enumerate(range(6, len(payload), 7), 1)
    ]
    return "\r".join([first, *rest])


def legacy(payload: bytes, header: str = "486B10") -> str:
    """A message of an older protocol as printed with headers on: header, data, sum."""
    raw = bytes.fromhex(header) + payload
    return (raw + bytes([sum(raw) & 0xFF])).hex().upper()
