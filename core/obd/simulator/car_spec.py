"""A car file, read and checked: what each control unit offers, how fast it is, what it refuses, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.obd.simulator.vehicle import Vehicle

CAN_PROTOCOLS = frozenset("6789")

# The words of a car file and the ELM327 numbers they stand for (ELM327 data sheet, AT SP).
PROTOCOLS: Mapping[str, str] = {
    "j1850-pwm": "1",
    "j1850-vpw": "2",
    "iso9141-2": "3",
    "kwp-slow": "4",
    "kwp-fast": "5",
    "can-11-500": "6",
    "can-29-500": "7",
    "can-11-250": "8",
    "can-29-250": "9",
}

ORDERS = ("asked", "ascending", "reversed")

# SAE J1979 table of PID 01: the continuous monitors by bit of byte B, the others by bit of byte C (support) and D
# (incomplete); spark and compression engines name the latter differently.
CONTINUOUS: Mapping[str, int] = {"misfire": 0, "fuel": 1, "components": 2}
SPARK: Mapping[str, int] = {
    "catalyst": 0, "heated_catalyst": 1, "evaporative": 2, "secondary_air": 3, "gpf": 4,
    "oxygen_sensor": 5, "oxygen_heater": 6, "egr": 7,
}  # fmt: skip
COMPRESSION: Mapping[str, int] = {
    "nmhc_catalyst": 0, "nox": 1, "boost": 3, "exhaust_sensor": 5, "particulate_filter": 6, "egr": 7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FreezeFrame:
    """What was stored when ``code`` was set: values by signal name, in the signal's unit."""

    number: int
    code: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MonitorTest:
    """One test of a Mode 06 monitor; ``value``, ``low`` and ``high`` are raw 16-bit numbers in the scaling ``uas``."""

    mid: int
    tid: int
    uas: int
    value: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Slow:
    """A service that takes its time: ``busy`` requests are told 0x21, then ``pending`` 0x78 precede the answer."""

    busy: int = 0
    pending: int = 0
    pending_every_s: float = 0.1
    latency_s: float | None = None


@dataclass(frozen=True, slots=True)
class EcuSpec:
    """One control unit. ``id`` is the response CAN id (0x7E8, 0x18DAF110), or the address on a legacy bus (0x10)."""

    id: int
    request: int
    name: str
    pids: tuple[int, ...]
    values: Mapping[str, float]
    raw: Mapping[int, bytes]
    order: str = "asked"
    silent_when_unsupported: bool = False
    latency_s: float = 0.008
    jitter_s: float = 0.004
    mil: bool = False
    compression: bool = False
    monitors: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    permanent: tuple[str, ...] = ()
    freeze_frames: tuple[FreezeFrame, ...] = ()
    clear_while_running: bool = True
    vin: str = ""
    calibrations: tuple[str, ...] = ()
    verifications: tuple[bytes, ...] = ()
    tracking: tuple[int, ...] = ()
    tests: tuple[MonitorTest, ...] = ()
    uds: bool = True
    identifiers: Mapping[int, bytes] = field(default_factory=dict)
    refuse: Mapping[int, int] = field(default_factory=dict)
    slow: Mapping[int, Slow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CarSpec:
    """A whole car. ``padding`` fills CAN frames to 8 bytes; None leaves them short."""

    name: str
    protocol: str
    vin: str
    vehicle: Vehicle
    ecus: tuple[EcuSpec, ...]
    padding: int | None = 0x00
    message_gap_s: float = 0.03

    @property
    def is_can(self) -> bool:
        return self.protocol in CAN_PROTOCOLS
