"""How the link is doing, as one immutable snapshot that any thread may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.obd.gaps import GapKind


class LinkState(StrEnum):
    """The five states a person sees."""

    NO_ADAPTER = "no adapter"
    ADAPTER_ONLY = "adapter only"
    BUS_ASLEEP = "bus asleep"
    CONNECTED = "connected"
    STALE = "stale"


class Trouble(StrEnum):
    """What stands in the way, apart from the state; ``core.obd.words`` explains each and says what to try."""

    NONE = ""
    NO_ADDRESS = "no address"
    OPENING = "opening"
    PORT_MISSING = "port missing"
    PORT_DENIED = "port denied"
    PORT_BUSY = "port busy"
    HOST_UNREACHABLE = "host unreachable"
    CONNECTION_REFUSED = "connection refused"
    BUS_INTERFACE = "bus interface"
    NOT_AN_ADAPTER = "not an adapter"
    ADAPTER_SILENT = "adapter silent"
    ADAPTER_UNPLUGGED = "adapter unplugged"
    ADAPTER_RESET = "adapter reset"
    NO_PROTOCOL = "no protocol"
    IGNITION_OFF = "ignition off"
    LOW_VOLTAGE = "low voltage"
    CAR_SILENT = "car silent"
    BUS_ERRORS = "bus errors"


@dataclass(frozen=True, slots=True)
class EcuInfo:
    """A control unit that answered: its id as on the wire (``"7E8"``, ``"18DAF110"``) and what it offers."""

    id: str
    supported: frozenset[int] = frozenset()  # Mode 01 PIDs
    name: str = ""


@dataclass(frozen=True, slots=True)
class AdapterInfo:
    """What the probe found out."""

    model: str  # "ELM327 v1.5", "STN1110 v4.0.4", "CAN socketcan"
    dialect: str  # "elm327" | "clone" | "stn" | "can"
    batching: bool = False  # several PIDs a request
    frame_count: bool = False  # expected-responses digit
    headers: bool = True
    spaces_off: bool = False
    stpx: bool = False
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """A snapshot. ``since`` and ``taken_at`` are ``time.monotonic()`` seconds."""

    state: LinkState = LinkState.NO_ADAPTER
    trouble: Trouble = Trouble.NO_ADDRESS
    detail: str = ""  # the operating system's or adapter's own words
    address: str = ""
    since: float = 0.0
    taken_at: float = 0.0
    adapter: AdapterInfo | None = None
    protocol: str = ""  # "ISO 15765-4 (CAN 11 bit, 500 kbit/s)"
    ecus: tuple[EcuInfo, ...] = ()
    vin: str = ""
    voltage: float | None = None  # at the diagnostic connector, V
    mode: str = ""  # "elm-batch6-count", "elm-single", "stn-batch6-count", "can-isotp"
    values_per_second: float = 0.0
    hz: Mapping[str, float] = field(default_factory=dict)  # achieved, by signal key
    gaps: Mapping[GapKind, int] = field(default_factory=dict)
    reconnects: int = 0  # times an adapter that had been found was lost
    retry_in: float | None = None  # seconds to the next attempt
