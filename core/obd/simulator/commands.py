"""The AT and ST commands: how each is spelt, which chips know it, and what it does.

A command is matched without spaces and in capitals. ``level`` is the ELM327 version that brought it, as far as its
publisher's command table is known; a dialect of a lower level answers ``?``. Handlers return the text to print, None
for ``OK``, or ``SILENT`` when they have printed (or will print) by themselves.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from core.obd.simulator.bus import Bus, bus_init
from core.obd.simulator.dialects import Dialect
from core.obd.simulator.settings import CAN, K_LINE, PROTOCOL_NAMES, WIDE, Settings

SILENT = "\x00"
UNKNOWN = "?"


class Unit(Protocol):
    """What a command may do to its adapter."""

    settings: Settings
    bus: Bus
    dialect: Dialect
    baud_wait_s: float
    saved_protocol: tuple[str, bool]
    stored_byte: int
    st_override_s: float | None

    def restart(self, at: float, *, cold: bool) -> None: ...
    def monitor(self, at: float) -> None: ...
    def sleep(self, at: float) -> None: ...
    def hold_bus(self, at: float, until: float, started: str, ended: str) -> None: ...
    def try_baud(self, at: float, baud: int, greeting: str) -> None: ...
    def switch_baud(self, at: float, baud: int) -> None: ...
    def request(self, at: float, digits: str, expected: int | None, wait_s: float | None) -> None: ...
    def volts(self, at: float) -> float: ...
    def ignition_on(self, at: float) -> bool: ...


Handler = Callable[[Unit, re.Match[str], float], str | None]


@dataclass(frozen=True, slots=True)
class Command:
    """``name`` is what dialects list as missing."""

    name: str
    pattern: re.Pattern[str]
    level: float
    handler: Handler


_TABLE: list[Command] = []
_ST_TABLE: list[Command] = []


def _at(name: str, parameters: str = "", level: float = 1.0) -> Callable[[Handler], Handler]:
    """Enter a handler into the table of AT commands."""

    def enter(handler: Handler) -> Handler:
        _TABLE.append(Command(name, re.compile(re.escape(name) + parameters), level, handler))
        return handler

    return enter


def _st(name: str, parameters: str = "") -> Callable[[Handler], Handler]:
    def enter(handler: Handler) -> Handler:
        _ST_TABLE.append(Command(name, re.compile(re.escape(name) + parameters), 0.0, handler))
        return handler

    return enter


@lru_cache(maxsize=4096)
def find(text: str, dialect: Dialect) -> tuple[Handler, re.Match[str], str] | None:
    """Handler, parameters and name of a command such as ``"ATSP6"``; None when this chip does not know it."""
    table = _TABLE if text.startswith("AT") else _ST_TABLE if dialect.stn and text.startswith("ST") else []
    for command in table:
        match = command.pattern.fullmatch(text, 2)
        if match and command.level <= dialect.level and command.name not in dialect.missing:
            return command.handler, match, command.name
    return None


# Switches: on or off, nothing else


def _switch(name: str, field: str, level: float = 1.0) -> None:
    def handler(unit: Unit, match: re.Match[str], at: float) -> str | None:
        setattr(unit.settings, field, match[1] == "1")
        return None

    _at(name, "([01])", level)(handler)


for _name, _field, _level in (
    ("E", "echo", 1.0),
    ("L", "linefeeds", 1.0),
    ("S", "spaces", 1.3),
    ("H", "headers", 1.0),
    ("M", "memory", 1.0),
    ("R", "responses", 1.0),
    ("CAF", "formatting", 1.0),
    ("CFC", "flow_control", 1.0),
    ("D", "dlc", 1.3),
    ("V", "variable_dlc", 1.3),
    ("KW", "keywords_checked", 1.3),
):
    _switch(_name, _field, _level)


# Commands that are accepted and change nothing a client of this simulator could see


def _accepted(name: str, parameters: str = "", level: float = 1.0) -> None:
    def handler(unit: Unit, match: re.Match[str], at: float) -> str | None:
        return None

    _at(name, parameters, level)(handler)


_BYTE = "[0-9A-F]{2}"
for _name, _parameters, _level in (
    ("BI", "", 1.0), ("SS", "", 1.4), ("FE", "", 1.3), ("JE", "", 1.3), ("JS", "", 1.3), ("AR", "", 1.2),
    ("CSM", "[01]", 1.4), ("CTM", "[15]", 2.0), ("CV", "[0-9A-F]{4}", 1.4), ("IB", "(10|12|15|48|96)", 1.0),
    ("IFR", "[0-6HS]", 1.2), ("IIA", _BYTE, 1.2), ("JHF", "[01]", 1.4), ("JTM", "[15]", 1.4), ("PB", _BYTE * 2, 1.4),
    ("PP", _BYTE + "(SV" + _BYTE + "|ON|OFF)", 1.1), ("RA", _BYTE, 1.3), ("SR", _BYTE, 1.2), ("SW", _BYTE, 1.0),
    ("TA", _BYTE, 1.4), ("WM", "(" + _BYTE + "){1,6}", 1.0), ("CER", _BYTE, 2.2),
):  # fmt: skip
    _accepted(_name, _parameters, _level)


# Who are you


@_at("I")
def _identity(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return unit.dialect.identity


@_at("@1")
def _description(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return unit.dialect.description


@_at("RV")
def _voltage(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return f"{unit.volts(at):.1f}V"


@_at("IGN", level=1.4)
def _ignition(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "ON" if unit.ignition_on(at) else "OFF"


@_at("PPS", level=1.1)
def _parameters_summary(unit: Unit, match: re.Match[str], at: float) -> str | None:
    cells = [f"{number:02X}:FF {'N' if number == 3 else 'F'}" for number in range(0x30)]
    return "\r".join("  ".join(cells[row : row + 4]) for row in range(0, len(cells), 4))


@_at("BD")
def _buffer_dump(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "00 " * 13


@_at("RD", level=1.4)
def _read_byte(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return f"{unit.stored_byte:02X}"


@_at("SD", f"({_BYTE})", level=1.4)
def _store_byte(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.stored_byte = int(match[1], 16)
    return None


@_at("CS")
def _can_status(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "T:00 R:00"


@_at("KW", level=1.3)
def _key_words(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "1:08 2:08" if unit.bus.active in K_LINE else "1:-- 2:--"


# Starting over


@_at("Z")
def _reset(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.restart(at, cold=True)
    return SILENT


@_at("WS", level=1.3)
def _warm_start(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.restart(at, cold=False)
    return SILENT


@_at("D")
def _defaults(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings = Settings()
    return None


@_at("LP", level=1.4)
def _low_power(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.sleep(at)
    return SILENT


# Timing and message length


@_at("ST", f"({_BYTE})")
def _timeout(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.st = int(match[1], 16) or 0x32  # 00 is the default (data sheet)
    unit.st_override_s = None
    return None


@_at("AT", "([012])", level=1.2)
def _adaptive(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.adaptive = int(match[1])
    return None


@_at("AL")
def _long(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.long_messages = True
    return None


@_at("NL")
def _normal_length(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.long_messages = False
    return None


# Addressing


@_at("SH", "([0-9A-F]{3}|[0-9A-F]{6}|[0-9A-F]{8})")
def _header(unit: Unit, match: re.Match[str], at: float) -> str | None:
    if len(match[1]) == 8 and unit.dialect.level < 2.0 and not unit.dialect.stn:
        return UNKNOWN  # four bytes came with the 2.x chips
    unit.settings.header = match[1]
    return None


@_at("CP", f"({_BYTE})")
def _priority(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.priority = int(match[1], 16) & 0x1F
    return None


@_at("CRA", "([0-9A-FX]{3}|[0-9A-FX]{8})?", level=1.3)
def _receive_address(unit: Unit, match: re.Match[str], at: float) -> str | None:
    pattern = match[1]
    if pattern is None:
        unit.settings.filter = None
        return None
    unit.settings.filter = int(pattern.replace("X", "0"), 16)
    unit.settings.mask = int("".join("0" if digit == "X" else "F" for digit in pattern), 16)
    return None


@_at("CF", "([0-9A-F]{3}|[0-9A-F]{8})")
def _can_filter(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.filter = int(match[1], 16)
    return None


@_at("CM", "([0-9A-F]{3}|[0-9A-F]{8})")
def _can_mask(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.mask = int(match[1], 16)
    return None


@_at("CEA", f"({_BYTE})?", level=1.4)
def _extended_address(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return None


@_at("FCSM", "([012])", level=1.1)
def _flow_mode(unit: Unit, match: re.Match[str], at: float) -> str | None:
    mode = int(match[1])
    if (mode and not unit.settings.flow_data) or (mode == 1 and not unit.settings.flow_header):
        return UNKNOWN  # the data sheet: set header and data first
    unit.settings.flow_mode = mode
    return None


@_at("FCSH", "([0-9A-F]{3}|[0-9A-F]{8})", level=1.1)
def _flow_header(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.flow_header = match[1]
    return None


@_at("FCSD", f"((?:{_BYTE}){{1,5}})", level=1.1)
def _flow_data(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.flow_data = match[1]
    return None


# Protocols


def _choose(unit: Unit, automatic: bool, protocol: str) -> str | None:
    if protocol not in PROTOCOL_NAMES:
        return UNKNOWN
    unit.bus.choose(protocol, automatic)
    return None


@_at("SP", "(A?)([0-9A-C])")
def _set_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    automatic = bool(match[1]) or match[2] == "0"
    if unit.settings.memory:
        unit.saved_protocol = (match[2], automatic)
    return _choose(unit, automatic, match[2])


@_at("SP00", level=1.3)
def _erase_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.saved_protocol = ("0", True)
    return _choose(unit, True, "0")


@_at("TP", "(A?)([0-9A-C])")
def _try_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return _choose(unit, bool(match[1]), match[2])


@_at("DP")
def _describe_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    name = PROTOCOL_NAMES[unit.bus.protocol]
    return f"AUTO, {name}" if unit.bus.auto and unit.bus.protocol != "0" else name


@_at("DPN", level=1.0)
def _protocol_number(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return ("A" if unit.bus.auto else "") + unit.bus.protocol


@_at("PC")
def _close(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.bus.close()
    return None


@_at("SI", level=1.4)
@_at("FI", level=1.4)
def _start_bus(unit: Unit, match: re.Match[str], at: float) -> str | None:
    protocol = "5" if match.string == "ATFI" else unit.bus.protocol
    if protocol not in K_LINE or unit.bus.protocol not in K_LINE:
        return UNKNOWN
    unit.bus.close()
    opening = unit.bus.open(at)
    unit.hold_bus(at, opening.ready, bus_init(protocol), "ERROR" if opening.failed else "OK")
    return SILENT


@_at("MA")
@_at("DM1", level=1.2)
@_at("MP", "[0-9A-F]{4,6}", level=1.2)
@_at("MR", f"({_BYTE})")
@_at("MT", f"({_BYTE})")
def _monitor(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.monitor(at)
    return SILENT


# Baud rate


@_at("BRD", f"({_BYTE})", level=1.2)
def _baud_divisor(unit: Unit, match: re.Match[str], at: float) -> str | None:
    divisor = int(match[1], 16)
    if divisor < 8:
        return UNKNOWN  # 500 kbit/s is the fastest the data sheet allows
    unit.try_baud(at, round(4_000_000 / divisor), unit.dialect.identity)
    return SILENT


@_at("BRT", f"({_BYTE})", level=1.2)
def _baud_wait(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.baud_wait_s = (int(match[1], 16) or 256) * 0.005
    return None


# STN commands (STN1100 family reference and programming manual)

STN_IDENTITY = "STN1110 v4.0.4"
# STP numbers of the manual and the ELM327 protocols they come down to.
_STN_PROTOCOLS = {
    "11": "1", "12": "2", "21": "3", "22": "3", "23": "5", "24": "4", "25": "5",
    "31": "6", "32": "7", "33": "6", "34": "7", "35": "8", "36": "9",
}  # fmt: skip


@_st("I")
def _stn_identity(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return STN_IDENTITY


@_st("DI")
def _stn_device(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "OBDLink SX r4.2"


@_st("MFR")
def _stn_maker(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "Bayline simulator"


@_st("SN")
def _stn_serial(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "111000000042"


@_st("VR")
def _stn_voltage(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return f"{unit.volts(at):.2f}"


@_st("P", r"(\d\d)")
def _stn_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    protocol = _STN_PROTOCOLS.get(match[1])
    return UNKNOWN if protocol is None else _choose(unit, False, protocol)


@_st("PR")
def _stn_protocol_number(unit: Unit, match: re.Match[str], at: float) -> str | None:
    numbers = {"1": "11", "2": "12", "3": "22", "4": "24", "5": "25", "6": "33", "7": "34", "8": "35", "9": "36"}
    return numbers.get(unit.bus.protocol, "0")


@_st("PTO", r"(\d{1,5})")
def _stn_timeout(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.st_override_s = int(match[1]) / 1000
    return None


@_st("SBR", r"(\d{3,8})")
def _stn_switch_baud(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.switch_baud(at, int(match[1]))
    return SILENT


@_st("BR", r"(\d{3,8})")
def _stn_try_baud(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.try_baud(at, int(match[1]), STN_IDENTITY)
    return SILENT


@_st("BRT", r"(\d{1,5})")
def _stn_baud_wait(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.baud_wait_s = int(match[1]) / 1000
    return None


@_st("M")
@_st("MA")
def _stn_monitor(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.monitor(at)
    return SILENT


@_st("PX", r"([A-Z]:[0-9A-F]+(?:,[A-Z]:[0-9A-F]+)*)")
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
