"""Faults as a person writes them: kinds, their parameters, and the script file that says when they strike.

A script is TOML, a list of ``[[fault]]`` tables. Each has a ``kind``, exactly one trigger and the kind's parameters:

- ``at_s = 10.0``: once, ten seconds after the adapter was switched on;
- ``every_n = 50``: at every fiftieth request to the car;
- ``probability = 0.01``: at one request in a hundred, by the seed of the simulator.

``from_s`` and ``until_s`` limit the last two to a time. AT commands are not requests to the car and are not counted.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.language import tr

FOREVER = float("inf")


class FaultError(ValueError):
    """A fault or a script that cannot be used; the message says what is wrong and what to write."""


class FaultKind(StrEnum):
    """What can go wrong, by the name used in scripts and in ``FaultBoard.inject``."""

    UNPLUG = "unplug"
    SILENCE = "silence"
    ADAPTER_RESET = "adapter_reset"
    VOLTAGE_SAG = "voltage_sag"
    IGNITION_OFF = "ignition_off"
    GARBAGE = "garbage"
    DROP = "drop"
    LATE = "late"
    DUPLICATE = "duplicate"
    FOREIGN = "foreign"
    SHORT = "short"
    NEGATIVE = "negative"
    NO_DATA = "no_data"
    CAN_ERROR = "can_error"
    BUS_INIT_ERROR = "bus_init_error"
    BUFFER_FULL = "buffer_full"
    STOPPED = "stopped"
    COMPLAINT = "complaint"


# These befall the adapter or the car by themselves; all others befall the answer to a request.
EVENTS = frozenset(
    {
        FaultKind.UNPLUG,
        FaultKind.SILENCE,
        FaultKind.ADAPTER_RESET,
        FaultKind.VOLTAGE_SAG,
        FaultKind.IGNITION_OFF,
    }
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a kind: its default decides the type; ``choices`` for texts, ``low``..``high`` for numbers."""

    default: bool | int | float | str
    low: float = 0
    high: float = 1e6
    choices: tuple[str, ...] = ()

    def check(self, kind: str, name: str, value: object) -> Any:
        """``value`` in the type of the default. Raises ``FaultError``."""
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise FaultError(tr("{kind}: {name} must be true or false.", kind=kind, name=name))
            return value
        if isinstance(self.default, str):
            if not isinstance(value, str) or (self.choices and value not in self.choices):
                wanted = ", ".join(self.choices) or tr("text in quotes")
                raise FaultError(tr("{kind}: {name} must be one of: {wanted}.", kind=kind, name=name, wanted=wanted))
            return value
        whole = isinstance(self.default, int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            word = tr("a whole number") if whole else tr("a number")
            raise FaultError(tr("{kind}: {name} must be {word}.", kind=kind, name=name, word=word))
        if not self.low <= value <= self.high:
            raise FaultError(
                tr("{kind}: {name} must lie between {low:g} and {high:g}.", kind=kind, name=name, low=self.low,
                   high=self.high)
            )  # fmt: skip
        return value if whole else float(value)


def _lasting(seconds: float, **more: Parameter) -> Mapping[str, Parameter]:
    return {"seconds": Parameter(seconds, 0.0, 86400), **more}


def _requests(**more: Parameter) -> Mapping[str, Parameter]:
    # seconds = 0 means "count requests"; match is the beginning of the request in hexadecimal, ecu who answers.
    return {
        "count": Parameter(1, 1, 10**9),
        "seconds": Parameter(0.0, 0.0, 86400),
        "match": Parameter(""),
        "ecu": Parameter(""),
        **more,
    }


CHATTER = "+CONNECTING<<\r\n"
COMPLAINTS = (
    "?", "ACT ALERT", "BUS BUSY", "BUS ERROR", "DATA ERROR", "<DATA ERROR", "<RX ERROR", "ERR94", "FB ERROR",
    "LV RESET", "LP ALERT",
)  # fmt: skip

PARAMETERS: Mapping[FaultKind, Mapping[str, Parameter]] = {
    FaultKind.UNPLUG: _lasting(2.0, power=Parameter(True)),
    FaultKind.SILENCE: _lasting(3.0, hold=Parameter(False)),
    FaultKind.ADAPTER_RESET: {"notice": Parameter("", choices=("", "LV RESET"))},
    FaultKind.VOLTAGE_SAG: _lasting(5.0, volts=Parameter(8.5, 0.0, 20.0)),
    FaultKind.IGNITION_OFF: _lasting(10.0),
    FaultKind.GARBAGE: _requests(
        mode=Parameter("random", choices=("random", "insert", "lose", "chatter", "nul")),
        bytes=Parameter(3, 1, 1000),
        text=Parameter(CHATTER),
    ),
    FaultKind.DROP: _requests(),
    FaultKind.LATE: _requests(mode=Parameter("frame", choices=("frame", "answer"))),
    FaultKind.DUPLICATE: _requests(),
    FaultKind.FOREIGN: _requests(mode=Parameter("random", choices=("random", "ecu", "pid", "service"))),
    FaultKind.SHORT: _requests(bytes=Parameter(1, 1, 7)),
    FaultKind.NEGATIVE: _requests(nrc=Parameter(0x12, 0x01, 0xFF), delay_s=Parameter(0.15, 0.0, 60.0)),
    FaultKind.NO_DATA: _requests(),
    FaultKind.CAN_ERROR: _requests(),
    FaultKind.BUS_INIT_ERROR: _requests(),
    FaultKind.BUFFER_FULL: _requests(),
    FaultKind.STOPPED: _requests(),
    FaultKind.COMPLAINT: _requests(text=Parameter("<RX ERROR", choices=COMPLAINTS)),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong, with every parameter of its kind."""

    kind: FaultKind
    parameters: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def concerns(self, request: bytes) -> bool:
        """Whether ``match`` lets this request be hit."""
        match: str = self.parameters.get("match", "")
        return not match or request.hex().startswith(match)

    def concerns_ecu(self, ecu: int) -> bool:
        """Whether ``ecu`` lets the answer of this control unit be hit."""
        wanted: str = self.parameters.get("ecu", "")
        return not wanted or int(wanted, 16) == ecu


def make_fault(kind: str, parameters: Mapping[str, object]) -> Fault:
    """A fault with defaults filled in. Raises ``FaultError`` for an unknown kind or a parameter that cannot be."""
    try:
        known = FaultKind(kind)
    except ValueError:
        raise FaultError(
            tr("There is no fault “{kind}”. There are: {known}.", kind=kind, known=", ".join(FaultKind))
        ) from None
    wanted = PARAMETERS[known]
    for name in parameters:
        if name not in wanted:
            raise FaultError(
                tr("{kind}: it has no parameter “{name}”. It has: {known}.", kind=kind, name=name,
                   known=", ".join(wanted))
            )  # fmt: skip
    values = {name: spec.check(kind, name, parameters.get(name, spec.default)) for name, spec in wanted.items()}
    for name in ("match", "ecu"):
        if name in values:
            values[name] = _hex(kind, name, values[name])
    return Fault(known, values)


def _hex(kind: str, name: str, text: str) -> str:
    plain = text.replace(" ", "").lower()
    if plain.strip("0123456789abcdef"):
        raise FaultError(tr("{kind}: {name} must be hexadecimal digits, for example 010C.", kind=kind, name=name))
    return plain


@dataclass(frozen=True, slots=True)
class Scripted:
    """A fault and what sets it off; exactly one of the three triggers is given."""

    fault: Fault
    at_s: float | None = None
    every_n: int | None = None
    probability: float | None = None
    from_s: float = 0.0
    until_s: float = FOREVER


_TRIGGERS: Mapping[str, Parameter] = {
    "at_s": Parameter(0.0, 0.0, 1e9),
    "every_n": Parameter(1, 1, 10**9),
    "probability": Parameter(0.0, 0.0, 1.0),
}
_LIMITS: Mapping[str, Parameter] = {"from_s": Parameter(0.0, 0.0, 1e9), "until_s": Parameter(0.0, 0.0, 1e9)}


@dataclass(frozen=True, slots=True)
class FaultScript:
    """A fault script, checked."""

    entries: tuple[Scripted, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "FaultScript":
        """The script in ``path``. Raises ``FaultError`` naming the file and the number of the table."""
        try:
            return cls.parse(path.read_text("utf-8-sig"))
        except OSError as error:
            raise FaultError(
                tr("{file}: cannot be read: {why}.", file=path.name, why=error.strerror or str(error))
            ) from error
        except (FaultError, UnicodeDecodeError) as error:
            raise FaultError(f"{path.name}: {error}") from error

    @classmethod
    def parse(cls, text: str) -> "FaultScript":
        """The script in ``text``. Raises ``FaultError``."""
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # no TOML, too many digits or brackets
            raise FaultError(tr("This is not TOML: {why}.", why=error)) from error
        tables = data.pop("fault", [])
        if data:
            raise FaultError(
                tr("“{key}” is not known here. Begin every fault with a line [[fault]].", key=next(iter(data)))
            )
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise FaultError(tr("Write [[fault]] in double brackets."))
        entries = []
        for number, table in enumerate(tables, 1):
            try:
                entries.append(_scripted(table))
            except FaultError as error:
                raise FaultError(tr("fault {number}: {why}", number=number, why=error)) from error
        return cls(tuple(entries))


def _scripted(table: Mapping[str, Any]) -> Scripted:
    rest = dict(table)
    kind = rest.pop("kind", None)
    if not isinstance(kind, str):
        raise FaultError(tr('the kind is missing. Write kind = "…" with one of: {known}.', known=", ".join(FaultKind)))
    triggers = {name: spec.check(kind, name, rest.pop(name)) for name, spec in _TRIGGERS.items() if name in rest}
    limits = {name: spec.check(kind, name, rest.pop(name)) for name, spec in _LIMITS.items() if name in rest}
    if len(triggers) != 1:
        raise FaultError(tr("it needs exactly one of {known}.", known=", ".join(_TRIGGERS)))
    if limits and "at_s" in triggers:
        raise FaultError(tr("from_s and until_s do not go with at_s."))
    return Scripted(make_fault(kind, rest), **triggers, **limits)
