"""The AT commands of the ELM327: how each is spelt, which version brought it, and what it does.

Levels are those of the publisher's table of commands as far as they are known; a dialect of a lower level answers
``?``.
"""

import re

from core.obd.simulator.bus import bus_init
from core.obd.simulator.command_table import BYTE, SILENT, UNKNOWN, CommandTable, Unit, choose_protocol
from core.obd.simulator.settings import K_LINE, PROTOCOL_NAMES, Settings

AT = CommandTable()

# Switches: on or off, nothing else


def _switch(name: str, field: str, level: float = 1.0) -> None:
    def handler(unit: Unit, match: re.Match[str], at: float) -> str | None:
        setattr(unit.settings, field, match[1] == "1")
        return None

    AT.enter(name, "([01])", level)(handler)


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

    AT.enter(name, parameters, level)(handler)


for _name, _parameters, _level in (
    ("BI", "", 1.0), ("SS", "", 1.4), ("FE", "", 1.3), ("JE", "", 1.3), ("JS", "", 1.3), ("AR", "", 1.2),
    ("CSM", "[01]", 1.4), ("CTM", "[15]", 2.0), ("CV", "[0-9A-F]{4}", 1.4), ("IB", "(10|12|15|48|96)", 1.0),
    ("IFR", "[0-6HS]", 1.2), ("IIA", BYTE, 1.2), ("JHF", "[01]", 1.4), ("JTM", "[15]", 1.4), ("PB", BYTE * 2, 1.4),
    ("PP", BYTE + "(SV" + BYTE + "|ON|OFF)", 1.1), ("RA", BYTE, 1.3), ("SR", BYTE, 1.2), ("SW", BYTE, 1.0),
    ("TA", BYTE, 1.4), ("WM", "(" + BYTE + "){1,6}", 1.0), ("CER", BYTE, 2.2),
):  # fmt: skip
    _accepted(_name, _parameters, _level)


# Who are you


@AT.enter("I")
def _identity(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return unit.dialect.identity


@AT.enter("@1")
def _description(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return unit.dialect.description


@AT.enter("RV")
def _voltage(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return f"{unit.volts(at):.1f}V"


@AT.enter("IGN", level=1.4)
def _ignition(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "ON" if unit.ignition_on(at) else "OFF"


@AT.enter("PPS", level=1.1)
def _parameters_summary(unit: Unit, match: re.Match[str], at: float) -> str | None:
    cells = [f"{number:02X}:FF {'N' if number == 3 else 'F'}" for number in range(0x30)]
    return "\r".join("  ".join(cells[row : row + 4]) for row in range(0, len(cells), 4))


@AT.enter("BD")
def _buffer_dump(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "00 " * 13


@AT.enter("RD", level=1.4)
def _read_byte(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return f"{unit.stored_byte:02X}"


@AT.enter("SD", f"({BYTE})", level=1.4)
def _store_byte(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.stored_byte = int(match[1], 16)
    return None


@AT.enter("CS")
def _can_status(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "T:00 R:00"


@AT.enter("KW", level=1.3)
def _key_words(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return "1:08 2:08" if unit.bus.active in K_LINE else "1:-- 2:--"


# Starting over


@AT.enter("Z")
def _reset(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.restart(at, cold=True)
    return SILENT


@AT.enter("WS", level=1.3)
def _warm_start(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.restart(at, cold=False)
    return SILENT


@AT.enter("D")
def _defaults(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings = Settings()
    return None


@AT.enter("LP", level=1.4)
def _low_power(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.sleep(at)
    return SILENT


# Timing and message length


@AT.enter("ST", f"({BYTE})")
def _timeout(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.st = int(match[1], 16) or 0x32  # 00 is the default (data sheet)
    unit.st_override_s = None
    return None


@AT.enter("AT", "([012])", level=1.2)
def _adaptive(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.adaptive = int(match[1])
    return None


@AT.enter("AL")
def _long(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.long_messages = True
    return None


@AT.enter("NL")
def _normal_length(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.long_messages = False
    return None


# Addressing


@AT.enter("SH", "([0-9A-F]{3}|[0-9A-F]{6}|[0-9A-F]{8})")
def _header(unit: Unit, match: re.Match[str], at: float) -> str | None:
    if len(match[1]) == 8 and unit.dialect.level < 2.0 and not unit.dialect.stn:
        return UNKNOWN  # four bytes came with the 2.x chips
    unit.settings.header = match[1]
    return None


@AT.enter("CP", f"({BYTE})")
def _priority(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.priority = int(match[1], 16) & 0x1F
    return None


@AT.enter("CRA", "([0-9A-FX]{3}|[0-9A-FX]{8})?", level=1.3)
def _receive_address(unit: Unit, match: re.Match[str], at: float) -> str | None:
    pattern = match[1]
    if pattern is None:
        unit.settings.filter = None
        return None
    unit.settings.filter = int(pattern.replace("X", "0"), 16)
    unit.settings.mask = int("".join("0" if digit == "X" else "F" for digit in pattern), 16)
    return None


@AT.enter("CF", "([0-9A-F]{3}|[0-9A-F]{8})")
def _can_filter(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.filter = int(match[1], 16)
    return None


@AT.enter("CM", "([0-9A-F]{3}|[0-9A-F]{8})")
def _can_mask(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.mask = int(match[1], 16)
    return None


@AT.enter("CEA", f"({BYTE})?", level=1.4)
def _extended_address(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return None


@AT.enter("FCSM", "([012])", level=1.1)
def _flow_mode(unit: Unit, match: re.Match[str], at: float) -> str | None:
    mode = int(match[1])
    if (mode and not unit.settings.flow_data) or (mode == 1 and not unit.settings.flow_header):
        return UNKNOWN  # the data sheet: set header and data first
    unit.settings.flow_mode = mode
    return None


@AT.enter("FCSH", "([0-9A-F]{3}|[0-9A-F]{8})", level=1.1)
def _flow_header(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.flow_header = match[1]
    return None


@AT.enter("FCSD", f"((?:{BYTE}){{1,5}})", level=1.1)
def _flow_data(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.settings.flow_data = match[1]
    return None


# Protocols


@AT.enter("SP", "(A?)([0-9A-C])")
def _set_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    automatic = bool(match[1]) or match[2] == "0"
    if unit.settings.memory:
        unit.saved_protocol = (match[2], automatic)
    return choose_protocol(unit, automatic, match[2])


@AT.enter("SP00", level=1.3)
def _erase_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.saved_protocol = ("0", True)
    return choose_protocol(unit, True, "0")


@AT.enter("TP", "(A?)([0-9A-C])")
def _try_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return choose_protocol(unit, bool(match[1]), match[2])


@AT.enter("DP")
def _describe_protocol(unit: Unit, match: re.Match[str], at: float) -> str | None:
    name = PROTOCOL_NAMES[unit.bus.protocol]
    return f"AUTO, {name}" if unit.bus.auto and unit.bus.protocol != "0" else name


@AT.enter("DPN", level=1.0)
def _protocol_number(unit: Unit, match: re.Match[str], at: float) -> str | None:
    return ("A" if unit.bus.auto else "") + unit.bus.protocol


@AT.enter("PC")
def _close(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.bus.close()
    return None


@AT.enter("SI", level=1.4)
@AT.enter("FI", level=1.4)
def _start_bus(unit: Unit, match: re.Match[str], at: float) -> str | None:
    protocol = "5" if match.string == "ATFI" else unit.bus.protocol
    if protocol not in K_LINE or unit.bus.protocol not in K_LINE:
        return UNKNOWN
    unit.bus.close()
    opening = unit.bus.open(at)
    unit.hold_bus(at, opening.ready, bus_init(protocol), "ERROR" if opening.failed else "OK")
    return SILENT


@AT.enter("MA")
@AT.enter("DM1", level=1.2)
@AT.enter("MP", "[0-9A-F]{4,6}", level=1.2)
@AT.enter("MR", f"({BYTE})")
@AT.enter("MT", f"({BYTE})")
def _monitor(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.monitor(at)
    return SILENT


# Baud rate


@AT.enter("BRD", f"({BYTE})", level=1.2)
def _baud_divisor(unit: Unit, match: re.Match[str], at: float) -> str | None:
    divisor = int(match[1], 16)
    if divisor < 8:
        return UNKNOWN  # 500 kbit/s is the fastest the data sheet allows
    unit.try_baud(at, round(4_000_000 / divisor), unit.dialect.identity)
    return SILENT


@AT.enter("BRT", f"({BYTE})", level=1.2)
def _baud_wait(unit: Unit, match: re.Match[str], at: float) -> str | None:
    unit.baud_wait_s = (int(match[1], 16) or 256) * 0.005
    return None
