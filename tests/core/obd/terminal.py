"""A link at work on a simulated adapter, as a terminal runs it: the engine, its signals, and all it tells."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from core.obd.engine import Engine
from core.obd.gaps import GapKind
from core.obd.signals import SIGNALS, decode, encode
from core.obd.status import LinkState, LinkStatus
from core.obd.store import Signals
from tests.core.obd.virtual import CountingCar, Said

SAFETY_S = 20.0  # for what must come; everything takes far less
COUNTING_PIDS = (0x0C, 0x10, 0x1F, 0x21, 0x23, 0x42)  # two bytes and one signal each: a value is its bytes
NAMES = {next(iter(decode(pid, b"\0\0"))): pid for pid in COUNTING_PIDS}


@dataclass
class RememberingCar(CountingCar):
    """A ``CountingCar`` that knows everything it ever said: data bytes by PID, with the number of each."""

    pids: Sequence[int] = COUNTING_PIDS
    ever: dict[int, dict[bytes, int]] = field(default_factory=dict)
    asked: list[tuple[bytes, int | None]] = field(default_factory=list)

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        self.asked.append((request, target))
        replies = super().answer(request, target, now)
        for pid in request[1:] if replies else b"":
            if pid in self.said:
                self.ever.setdefault(pid, {})[self.said[pid]] = self.count
        return replies


@dataclass
class Witness:
    """A ``Tap`` that keeps everything it hears, and holds every value against what the cars said."""

    cars: Mapping[str, RememberingCar] = field(default_factory=dict)  # by ECU id
    values_seen: list[tuple[float, str, dict[str, float]]] = field(default_factory=list)
    gaps: list[tuple[GapKind, str]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    newest: dict[tuple[str, str], int] = field(default_factory=dict)

    def reply(self, t: float, ecu: str, request: bytes, payload: bytes) -> None:
        self.requests.append(request)

    def values(self, t: float, ecu: str, values: Mapping[str, float]) -> None:
        self.values_seen.append((t, ecu, dict(values)))
        if self.cars:
            for name, value in values.items():
                self._judge(ecu, name, value)

    def _judge(self, ecu: str, name: str, value: float) -> None:
        pid = SIGNALS[name].pid
        if pid is None or name not in NAMES:
            return
        number = self.cars[ecu].ever.get(pid, {}).get(encode(pid, {name: value}))
        if number is None:
            self.wrong.append(f"{ecu} never said {name} = {value}")
        elif number <= self.newest.get((ecu, name), 0):
            self.wrong.append(f"{name} = {value} of {ecu} is an old answer")
        else:
            self.newest[(ecu, name)] = number

    def gap(self, t: float, kind: GapKind, detail: str) -> None:
        self.gaps.append((kind, detail))

    def state(self, t: float, text: str) -> None:
        self.states.append(text)

    def frame(self, t: float, arbitration_id: int, extended: bool, data: bytes, outgoing: bool) -> None:
        pass


@dataclass
class Memory:
    """A ``VehicleMemory``."""

    known: dict[str, dict[str, frozenset[int]]] = field(default_factory=dict)

    def recall(self, vin: str) -> Mapping[str, frozenset[int]] | None:
        return self.known.get(vin)

    def remember(self, vin: str, supported: Mapping[str, frozenset[int]]) -> None:
        self.known[vin] = dict(supported)


class Terminal:
    """An engine that watches ``names`` ten times a second and more, from ``with`` on."""

    def __init__(
        self,
        address: str = "",
        *,
        names: Sequence[str] = (),
        hz: float = 50.0,
        witness: Witness | None = None,
        memory: Memory | None = None,
        on_car: Callable[[LinkStatus], None] | None = None,
    ) -> None:
        self.signals = Signals()
        self.witness = witness or Witness()
        self.engine = Engine(self.signals, taps=(self.witness,), memory=memory, on_car=on_car)
        self._address = address
        if names:
            self.engine.watch("screen", dict.fromkeys(names, hz))

    def __enter__(self) -> Self:
        self.engine.start()
        if self._address:
            self.engine.connect(self._address)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.stop()

    @property
    def status(self) -> LinkStatus:
        return self.engine.status()

    def until(self, what: Callable[[], object], seconds: float = SAFETY_S) -> float:
        """Wait until ``what()`` is true; how long it took, in seconds."""
        began = time.monotonic()
        while not what():
            assert time.monotonic() < began + seconds, (self.status, self.witness.states[-5:], self.witness.gaps[-5:])
            time.sleep(0.002)
        return time.monotonic() - began

    def until_state(self, state: LinkState, seconds: float = SAFETY_S) -> float:
        return self.until(lambda: self.status.state is state, seconds)

    def until_not(self, state: LinkState, seconds: float = SAFETY_S) -> float:
        return self.until(lambda: self.status.state is not state, seconds)

    def until_fresh(self, name: str = "engine_speed", samples: int = 3, seconds: float = SAFETY_S) -> float:
        """Until ``samples`` more samples of ``name`` have come."""
        wanted = self.signals.count(name) + samples
        return self.until(lambda: self.signals.count(name) >= wanted, seconds)

    def timed_stop(self) -> float:
        """Stop the engine; how many seconds that took."""
        began = time.monotonic()
        self.engine.stop()
        return time.monotonic() - began
