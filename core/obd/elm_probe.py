"""Getting to know an adapter: its speed, its name, and what it can really do, whatever it claims.

Clones claim to be ELM327 v2.1 and answer OK to things they do not do, and some drop their Bluetooth link on ATZ
(AndrOBD #52, #57, #64). So the start is soft (defaults, not reset), and abilities are tried, not read off a version.
"""

import re
import time
from contextlib import suppress
from dataclasses import dataclass

from core.language import tr
from core.obd.address import BAUD_RATES, SerialAddress, TcpAddress
from core.obd.bytelink import ByteLink, LinkError, SerialLink, Stop, TcpLink
from core.obd.elm_session import PROMPT, ElmSession
from core.obd.status import Trouble

# What ELM327 v1.4 and later know and cheap copies do not; a chip that claims v1.5 (which ELM never sold as v1.5a)
# or refuses one of these is treated as a clone: slower steps, no trust in OK.
GENUINE_TRIALS = ("ATAL", "ATCFC1", "AT@1", "ATPPS")

NOT_A_NAME = ("OK", "?", "STOPPED")  # a late answer to something else


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
        return greeted(session)
    if address.baud:
        return greeted(ElmSession(SerialLink(address, address.baud, stop)))
    session = ElmSession(SerialLink(address, BAUD_RATES[0], stop))
    try:
        for baud in BAUD_RATES[:6]:
            with suppress(ValueError):  # a rate the port does not know
                session.link.set_baud(baud)
                if _greet(session, patience=0.25) == "prompt":
                    return session
        session.link.set_baud(BAUD_RATES[0])
        return greeted(session)
    except BaseException:
        session.close()
        raise


def _greet(session: ElmSession, patience: float) -> str:
    """ "prompt" when the adapter answered, "noise" for bytes without one, "silence"."""
    # Twice: the first line may be spoilt by what was in the adapter's buffer.
    heard = False
    for _ in range(2):
        answer = session.command("ATE0", patience, budget=patience)
        if answer.complete and not answer.noise:  # at the wrong speed anything may look like a prompt
            return "prompt"
        heard = heard or bool(answer.lines) or bool(answer.noise)
    return "noise" if heard else "silence"


def greeted(session: ElmSession) -> ElmSession:
    """The session once a prompt came, after a hard reset if need be. Closes it and raises ``LinkError`` if none did."""
    try:
        outcome = _greet(session, 0.5)
        if outcome != "prompt":
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
    _learn_name(session)
    _settle(session, "ATL0")
    stn = _first(session, "STI")
    spaces_off = _ok(session, "ATS0")
    headers = _ok(session, "ATH1")
    _ok(session, "ATM0")
    genuine = all(_known(session, trial) for trial in GENUINE_TRIALS)
    _ok(session, "ATAT1")
    if stn.startswith("STN"):
        return Chip(f"{stn} ({session.name})", "stn", spaces_off, headers)
    return Chip(session.name, "elm327" if genuine else "clone", spaces_off, headers)


def restore(session: ElmSession) -> None:
    """The settings of ``identify`` again, for an adapter that may have lost them or has been on another bus."""
    for command in ("ATD", "ATE0", "ATL0"):
        _settle(session, command)
    for command in ("ATS0", "ATH1", "ATM0", "ATAT1"):
        _ok(session, command)


def _learn_name(session: ElmSession) -> None:
    """What ATI answers, heard twice: the first answer may be late or spoilt, and ``resync`` relies on this one."""
    for _ in range(3):
        answer = session.command("ATI")
        if not answer.complete:
            raise LinkError(Trouble.ADAPTER_SILENT, tr("It stopped answering during the start."))
        names = [line for line in answer.lines if line not in NOT_A_NAME and not line.startswith("AT")]
        if not names:
            continue
        session.name, session.round_trip = names[-1], answer.elapsed
        with suppress(LinkError):
            session.resync()
            return
        session.name = ""
    raise LinkError(Trouble.NOT_AN_ADAPTER, tr("It does not say its name."))


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


def faster(session: ElmSession, chip: Chip) -> None:
    """From 38400 baud to 115200 where the adapter can (data sheet, "Using Higher RS232 Baud Rates"); else no change.

    Only genuine chips: a clone that says OK and stays at the old speed would be lost. Raises ``LinkError`` when the
    adapter cannot be understood at either speed afterwards.
    """
    link = session.link
    if link.baud != 38400 or chip.dialect == "clone":
        return
    link.write(b"ATBRD23\r")  # 4,000,000 / 0x23 = 114,286 baud
    answer = _hear(link, (b"OK\r", PROMPT), 0.3)  # no prompt follows the OK
    if b"OK" not in answer:
        session.in_doubt = PROMPT not in answer
        return
    with suppress(ValueError):
        link.set_baud(115200)
        # 75 ms later it says its name at the new speed, and waits another 75 ms for a carriage return.
        name = session.name.encode("ascii") + b"\r"
        if name in _hear(link, (name,), 0.25):
            link.write(b"\r")
            if b"OK" in _hear(link, (PROMPT,), 0.3):
                return
    link.set_baud(38400)
    _hear(link, (PROMPT,), 0.3)  # it takes the new speed back and gives a prompt
    session.in_doubt = True


def _hear(link: ByteLink, wanted: tuple[bytes, ...], seconds: float) -> bytes:
    """What comes until one of ``wanted`` has, or the time is up."""
    heard = b""
    deadline = time.monotonic() + seconds
    while not any(words in heard for words in wanted) and (left := deadline - time.monotonic()) > 0:
        heard += link.read(left)
    return heard
