"""How fast an adapter is: the figures of ``resources/simulator/adapters.toml`` and the wire they describe.

Nothing here sleeps. A ``Wire`` says when bytes are through; who serves the adapter waits until then.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import resources
from core.language import tr

BITS_PER_BYTE = 10  # start bit, eight data bits, stop bit
ST_UNIT_S = 0.004096  # ELM327 data sheet, AT ST


class UnknownModelError(ValueError):
    """No adapter of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class AdapterModel:
    """One row of the table. Times in seconds, ``baud`` in bits a second (0: no limit), ``st`` in 4.096 ms units."""

    name: str
    title: str
    dialect: str
    baud: int
    one_way_s: float
    latency_s: float
    process_s: float
    adaptive_s: float
    st: int
    reset_s: float
    bus_pace: float
    ecu_extra_s: float

    def wait_s(self, st: int, adaptive: int) -> float:
        """How long the adapter waits for one more frame, for AT ST ``st`` and AT AT ``adaptive`` (0, 1, 2).

        A real chip learns the wait from the answers it saw; the model takes the figure it arrives at, halves it for
        AT2, and never exceeds AT ST. The first frame is always waited for with AT ST in full.
        """
        longest = st * ST_UNIT_S
        if adaptive == 0:
            return longest
        return min(longest, self.adaptive_s if adaptive == 1 else self.adaptive_s / 2)


@dataclass(frozen=True, slots=True)
class BusTimes:
    """What the buses take, in seconds, the same for every adapter."""

    can500_frame_s: float
    can250_frame_s: float
    can_try_s: float
    j1850_try_s: float
    slow_init_s: float
    fast_init_s: float
    legacy_request_gap_s: float
    legacy_message_s: float
    pending_s: float

    def frame_s(self, protocol: str) -> float:
        """One 8-byte CAN frame on the bus of an ELM327 protocol number."""
        return self.can250_frame_s if protocol in "89" else self.can500_frame_s

    def try_s(self, protocol: str) -> float:
        """How long it takes to find out that nobody speaks ``protocol``."""
        if protocol in "12":
            return self.j1850_try_s
        return self.init_s(protocol) or self.can_try_s

    def init_s(self, protocol: str) -> float:
        """Bus start of a K-line protocol; 0 for the others."""
        return {"3": self.slow_init_s, "4": self.slow_init_s, "5": self.fast_init_s}.get(protocol, 0.0)


class Wire:
    """One direction of a serial line: bytes leave one after the other and arrive a little later.

    ``bytes_s`` is seconds a byte, 0 for no limit; ``delay_s`` is added to every byte. Times are seconds of any one
    clock.
    """

    __slots__ = ("bytes_s", "delay_s", "free_at")

    def __init__(self, baud: int, delay_s: float) -> None:
        self.bytes_s = 0.0
        self.delay_s = delay_s
        self.free_at = float("-inf")
        self.set_baud(baud)

    def set_baud(self, baud: int) -> None:
        self.bytes_s = BITS_PER_BYTE / baud if baud else 0.0

    def carry(self, at: float, count: int) -> tuple[float, float]:
        """Send ``count`` bytes not before ``at``; arrival times of the first and of the last of them."""
        start = max(at, self.free_at)
        self.free_at = start + count * self.bytes_s
        return start + self.bytes_s + self.delay_s, self.free_at + self.delay_s


def _figure(section: str, key: str, entry: object) -> float:
    if not isinstance(entry, dict) or set(entry) != {"value", "unit", "source"}:
        raise ValueError(f"adapters.toml: {section}.{key} must have value, unit and source")
    value = entry["value"]
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"adapters.toml: {section}.{key} is not a number from 0 upwards")
    return value


def _row(section: str, row: Mapping[str, Any], wanted: tuple[str, ...]) -> dict[str, Any]:
    """Figures as numbers, texts as they are; exactly the wanted keys."""
    if set(row) != set(wanted):
        raise ValueError(f"adapters.toml: [{section}] has wrong keys: {sorted(set(row) ^ set(wanted))}")
    return {key: row[key] if isinstance(row[key], str) else _figure(section, key, row[key]) for key in wanted}


@cache
def _table(path: Path) -> tuple[Mapping[str, AdapterModel], BusTimes]:
    data = tomllib.loads(path.read_text("utf-8"))
    columns = tuple(field.name for field in fields(AdapterModel) if field.name != "name")
    models = {
        name: AdapterModel(name=name, **_row(f"models.{name}", row, columns)) for name, row in data["models"].items()
    }
    return models, BusTimes(**_row("bus", data["bus"], tuple(field.name for field in fields(BusTimes))))


def models() -> Mapping[str, AdapterModel]:
    """The adapters that can be simulated, by name."""
    return _table(resources.path("simulator", "adapters.toml"))[0]


def bus_times() -> BusTimes:
    """The figures of the buses."""
    return _table(resources.path("simulator", "adapters.toml"))[1]


def split_name(text: str) -> tuple[str, str | None]:
    """``"usb115200/stn"`` as model and dialect, ``"usb115200"`` as model and None."""
    model, _, dialect = text.strip().lower().partition("/")
    return model, dialect or None


def model(name: str) -> AdapterModel:
    """The adapter called ``name``. Raises ``UnknownModelError``."""
    try:
        return models()[name]
    except KeyError:
        raise UnknownModelError(
            tr("There is no simulated adapter “{name}”. There are: {known}.", name=name, known=", ".join(models()))
        ) from None
