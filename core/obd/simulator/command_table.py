"""How a command is entered and found: its spelling, the chips that know it, and what it may do to the adapter.

A command is matched without spaces and in capitals. Handlers return the text to print, None for ``OK``, or ``SILENT``
when they have printed (or will print) by themselves.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from core.obd.simulator.bus import Bus
from core.obd.simulator.dialects import Dialect
from core.obd.simulator.settings import PROTOCOL_NAMES, Settings

SILENT = "\x00"
UNKNOWN = "?"
BYTE = "[0-9A-F]{2}"


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
    """``name`` is what dialects list as missing; ``level`` the ELM327 version that brought it."""

    name: str
    pattern: re.Pattern[str]
    level: float
    handler: Handler


class CommandTable:
    """Commands with one prefix of two letters, in the order in which they were entered."""

    def __init__(self) -> None:
        self._commands: list[Command] = []

    def enter(self, name: str, parameters: str = "", level: float = 1.0) -> Callable[[Handler], Handler]:
        """Decorate a handler; ``parameters`` is a regular expression for what follows the name."""

        def entered(handler: Handler) -> Handler:
            self._commands.append(Command(name, re.compile(re.escape(name) + parameters), level, handler))
            return handler

        return entered

    def find(self, text: str, dialect: Dialect) -> tuple[Command, re.Match[str]] | None:
        """The command, and its parameters as groups; None when this chip does not know it."""
        for command in self._commands:
            match = command.pattern.fullmatch(text, 2)
            if match and command.level <= dialect.level and command.name not in dialect.missing:
                return command, match
        return None

    def names(self) -> frozenset[str]:
        return frozenset(command.name for command in self._commands)


def choose_protocol(unit: Unit, automatic: bool, protocol: str) -> str | None:
    """What AT SP, AT TP and STP have in common."""
    if protocol not in PROTOCOL_NAMES:
        return UNKNOWN
    unit.bus.choose(protocol, automatic)
    return None
