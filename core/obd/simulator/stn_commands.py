"""The ST commands of an STN1110 (STN1100 family reference and programming manual), next to the AT commands."""

import re

from core.obd.simulator.command_table import SILENT, UNKNOWN, CommandTable, Unit, choose_protocol
from core.obd.simulator.settings import CAN, WIDE

ST = CommandTable()

STN_IDENTITY = "STN1110 v4.0.4"
# STP numbers of the manual and the ELM327 protocols they come down to.
_STN_PROTOCOLS = {
    "11": "1", "12": "2", "21": "3", "22": "3", "23": "5", "24": "4", "25": "5",
    "31": "6", "32": "7", "33": "6", "34": "7", "35": "8", "36": "9",
}  # fmt: skip


@ST.enter("I")
def _stn_identity(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return STN_IDENTITY


@ST.enter("DI")
def _stn_device(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "OBDLink SX r4.2"


@ST.enter("MFR")
def _stn_maker(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "Bayline simulator"


@ST.enter("SN")
def _stn_serial(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "111000000042"


@ST.enter("VR")
def _stn_voltage(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return f"{unit.volts(at):.2f}"


@ST.enter("P", r"(\d\d)")
def _stn_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    protocol = _STN_PROTOCOLS.get(match[1])
    return UNKNOWN if protocol is None else choose_protocol(unit, False, protocol)


@ST.enter("PR")
def _stn_protocol_number(unit: Unit, match: re.Match[str], at: float) -> str | None:
    numbers = {"1": "11", "2": "12", "3": "22", "4": "24", "5": "25", "6": "33", "7": "34", "8": "35", "9": "36"}
    return numbers.get(unit.bus.protocol, "0")


@ST.enter("PTO", r"(\d{1,5})")
def _stn_timeout(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.st_override_s = int(match[1]) / 1000
    return None


@ST.enter("SBR", r"(\d{3,8})")
def _stn_switch_baud(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.switch_baud(at, int(match[1]))
    return SILENT


@ST.enter("BR", r"(\d{3,8})")
def _stn_try_baud(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.try_baud(at, int(match[1]), STN_IDENTITY)
    return SILENT


@ST.enter("BRT", r"(\d{1,5})")
def _stn_baud_wait(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.baud_wait_s = int(match[1]) / 1000
    return None


@ST.enter("M")
@ST.enter("MA")
def _stn_monitor(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.monitor(at)
    return SILENT


@ST.enter("PX", r"([A-Z]:[0-9A-F]+(?:,[A-Z]:[0-9A-F]+)*)")
def _stn_transmit(unit: Unit, match: re.Match[str], at: float) -> str | None:
    """STPX: one request with its own header (H), data (D), number of frames (R), timeout in ms (T), length (L)."""
    parts = [part.split(":") for part in match[1].split(",")]
    given = dict(parts)
    if len(given) != len(parts) or not set(given) <= set("HDRTLF"):
        return UNKNOWN
    digits = given.get("D", "")
    counts = [given.get(key, "0") for key in "RTL"]
    if not digits or len(digits) % 2 or not all(count.isdigit() for count in counts):
        return UNKNOWN
    if "L" in given and int(given["L"]) != len(digits) // 2:
        return UNKNOWN
    if "H" in given and len(given["H"]) not in _header_lengths(unit.bus.protocol):
        return UNKNOWN
    before = unit.settings.header
    unit.settings.header = given.get("H", before)
    wait_s = int(given["T"]) / 1000 if "T" in given else None
    expected = int(given["R"]) if "R" in given else None
    try:
        unit.request(at, digits, expected, 0.0 if expected == 0 else wait_s)
    finally:
        unit.settings.header = before
    return SILENT


def _header_lengths(protocol: str) -> tuple[int, ...]:
    if protocol in WIDE:
        return (6, 8)
    return (3,) if protocol in CAN else (3, 6, 8) if protocol == "0" else (6,)
