"""Getting to know an adapter: its speed, its name, and what it can really do, whatever it claims.

Clones claim to be ELM327 v2.1 and answer OK to things they do not do, and some drop their Bluetooth link on ATZ
(AndrOBD #52, #57, #64). So the start is soft (defaults, not reset), and abilities are tried, not read off a version.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.language import tr
from core.obd.address import BAUD_RATES, SerialAddress, TcpAddress
from core.obd.bytelink import LinkError, SerialLink, Stop, TcpLink
from core.obd.elm_session import ElmSession
from core.obd.status import Trouble

# What ELM327 v1.4 and later know and cheap copies do not; a chip that claims v1.5 (which ELM never sold as v1.5a)
# or refuses one of these is treated as a clone: slower steps, no trust in OK.
GENUINE_TRIALS = ("ATAL", "ATCFC1", "AT@1", "ATPPS")


@dataclass(slots=True)
class Chip:
    """Who is there: ``dialect`` is "elm327", "clone" or "stn"."""

    model: str
    dialect: str
    spaces_off: bool
    headers: bool


def open_session(address: SerialAddress | TcpAddress, stop: Stop) -> ElmSession:
    """Open the port at the right speed and get a first prompt. Raises ``LinkError``."""
    if isinstance(address, TcpAddress):
        session = ElmSession(TcpLink(address, stop))
        return _greeted(session, final=True)
    if address.baud:
        return _greeted(ElmSession(SerialLink(address, address.baud, stop)), final=True)
    session = ElmSession(SerialLink(address, BAUD_RATES[0], stop))
    heard = False
    try:
        for baud in BAUD_RATES[:6]:
            session.link.set_baud(baud)
            outcome = _greet(session, patience=0.25)
            if outcome == "prompt":
                return session
            heard = heard or outcome == "noise"
        session.link.set_baud(BAUD_RATES[0])
        return _greeted(session, final=True)
    except BaseException:
        session.close()
        raise


def _greet(session: ElmSession, patience: float) -> str:
    """ "prompt" when the adapter answered, "noise" for bytes without one, "silence"."""
    # Twice: the first line may be spoilt by what was in the adapter's buffer.
    heard = False
    for _ in range(2):
        answer = session.command("ATE0", patience, budget=patience)
        if answer.complete:
            return "prompt"
        heard = heard or bool(answer.lines) or bool(answer.noise)
    return "noise" if heard else "silence"


def _greeted(session: ElmSession, *, final: bool) -> ElmSession:
    try:
        outcome = _greet(session, 0.5)
        if outcome != "prompt" and final:
            # Only now the hard reset: it takes a second and drops some clones' Bluetooth link.
            answer = session.command("ATZ", 1.0, budget=2.5)
            outcome = "prompt" if answer.complete else ("noise" if answer.lines else outcome)
    except BaseException:
        session.close()
        raise
    if outcome == "prompt":
        return session
    session.close()
    if outcome == "noise":
        raise LinkError(Trouble.NOT_AN_ADAPTER, tr("It answers, but never with a prompt."))
    raise LinkError(Trouble.ADAPTER_SILENT, tr("It does not answer at all."))


def identify(session: ElmSession) -> Chip:
    """Bring the adapter into a known state and find out who it is. Raises ``LinkError``."""
    for command in ("ATD", "ATE0"):
        _settle(session, command)
    name = next((line for line in session.command("ATI").lines if not line.startswith("AT")), "")
    if not name or name == "?":
        raise LinkError(Trouble.NOT_AN_ADAPTER, tr("It does not say its name."))
    session.name = name
    session.resync()
    _settle(session, "ATL0")
    stn = _first(session, "STI")
    spaces_off = _ok(session, "ATS0")
    headers = _ok(session, "ATH1")
    _ok(session, "ATM0")
    genuine = all(_known(session, trial) for trial in GENUINE_TRIALS)
    _ok(session, "ATAT1")
    if stn.startswith("STN"):
        return Chip(f"{stn} ({name})", "stn", spaces_off, headers)
    return Chip(name, "elm327" if genuine else "clone", spaces_off, headers)


def _settle(session: ElmSession, command: str) -> None:
    """A command that must be answered; one retry after a resync."""
    if session.command(command, 0.6).complete:
        return
    session.in_doubt = False
    if not session.command(command, 1.0).complete:
        raise LinkError(Trouble.ADAPTER_SILENT, tr("It stopped answering during the start."))


def _ok(session: ElmSession, command: str) -> bool:
    return any(line.upper() == "OK" for line in session.command(command, 0.6).lines)


def _known(session: ElmSession, command: str) -> bool:
    answer = session.command(command, 0.6)
    return bool(answer.lines) and "?" not in answer.lines


def _first(session: ElmSession, command: str) -> str:
    lines = session.command(command, 0.6).lines
    return lines[0] if lines and lines[0] != "?" else ""


_VOLTS = re.compile(r"^(\d{1,2}(?:\.\d{1,2})?)V?$")


def read_voltage(session: ElmSession) -> float | None:
    """ATRV in volts; None when the adapter has no such pin."""
    match = _VOLTS.match(_first(session, "ATRV").replace(" ", ""))
    return float(match[1]) if match else None


def faster(session: ElmSession, chip: Chip, sleep: Callable[[float], None] = time.sleep) -> None:
    """From 38400 baud to 115200 where the adapter can (data sheet, "Using Higher RS232 Baud Rates"); else no change.

    Only genuine chips: a clone that says OK and stays at the old speed would be lost.
    """
    if session.link.baud != 38400 or chip.dialect == "clone":
        return
    trial = session.command("ATBRD23", 0.3)  # 4,000,000 / 0x23 = 114,286 baud
    if "OK" not in trial.lines:
        return
    session.in_doubt = False
    session.link.set_baud(115200)
    # The adapter now sends its name at the new speed and waits 75 ms for a carriage return.
    hello = session.link.read(0.15)
    if b"ELM" in hello or session.name.encode() in hello:
        session.link.write(b"\r")
        back = session.link.read(0.3)
        if b"OK" in back:
            session.link.read(0.02)
            return
    session.link.set_baud(38400)
    sleep(0.1)
