"""A session without a car: the same shape as LiveSession, on a clock the test turns by hand."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from core.diagnostics.alarms import Alarm, AlarmBook
from core.diagnostics.profiles import VehicleProfile
from core.obd.address import parse
from core.obd.status import AdapterInfo, EcuInfo, LinkState, LinkStatus, Trouble
from core.obd.store import Signals

Shape = Callable[[float], float]

# A car that pulls away, holds, and slows down again, once in forty seconds.
SHAPES: dict[str, Shape] = {
    "engine_speed": lambda t: 2100 + 1300 * math.sin(t / 6.4) + 180 * math.sin(t * 2.1),
    "vehicle_speed": lambda t: max(0.0, 62 + 48 * math.sin(t / 6.4 - 0.6)),
    "coolant_temperature": lambda t: 88 + 3 * math.sin(t / 30),
    "engine_load": lambda t: 48 + 26 * math.sin(t / 6.4 + 0.4),
    "throttle_position": lambda t: 24 + 15 * math.sin(t / 6.4 + 0.8),
    "intake_air_temperature": lambda t: 31 + 2 * math.sin(t / 17),
    "mass_air_flow": lambda t: 24 + 17 * math.sin(t / 6.4 + 0.2),
    "fuel_level": lambda t: 63.1,
}
RATES = {"coolant_temperature": 1.0, "intake_air_temperature": 1.0, "fuel_level": 0.5}
START = 1000.0
WALL = 1_790_000_000.0  # epoch seconds at START: a September afternoon


CONNECTED = LinkStatus(
    state=LinkState.CONNECTED,
    trouble=Trouble.NONE,
    address="tcp://127.0.0.1:35000",
    since=START,
    adapter=AdapterInfo("STN1110 v4.0.4", "stn", batching=True, frame_count=True, spaces_off=True, stpx=True),
    protocol="ISO 15765-4 (CAN 11 bit, 500 kbit/s)",
    ecus=(EcuInfo("7E8", frozenset({4, 5, 12, 13, 15, 16, 17}), "Engine"), EcuInfo("7E9", frozenset({5, 12}))),
    vin="1HGCM82633A004352",
    voltage=13.9,
    mode="stn-batch6-count",
)


class FakeSession:
    """Signals from simple waves. ``advance`` moves its clock and writes the samples due; nothing runs by itself."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.signals = Signals()
        self.alarms = AlarmBook(wall=lambda: WALL + self._clock - START)
        self.recordings: Any = SimpleNamespace(all=lambda: ())
        self.recorder: Any = SimpleNamespace(recording=True, began=START - 660.0, trouble=None)
        self.profiles: Any = SimpleNamespace(save=lambda profile: None, all=lambda: ())
        self.car = VehicleProfile("vin-" + CONNECTED.vin, CONNECTED.vin, "Accord")
        self.wants: dict[str, dict[str, float]] = {}
        self.calls: list[tuple[str, str]] = []
        self.listeners: list[Callable[[object], None]] = []
        self.silent: set[str] = set()  # signals that get no more samples
        self._clock = START
        self._next = dict.fromkeys(SHAPES, START)
        self._status = replace(CONNECTED, values_per_second=52.0, hz={name: RATES.get(name, 10.0) for name in SHAPES})
        if seconds:
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass, and the car answer."""
        self._clock += seconds
        for name, shape in SHAPES.items():
            while self._next[name] <= self._clock:
                if name not in self.silent:
                    self.signals.write(name, self._next[name], shape(self._next[name]), "7E8")
                self._next[name] += 1 / RATES.get(name, 10.0)
        self.alarms.evaluate(self.signals, self._clock)

    def measure(self, name: str, value: float) -> None:
        """Let one signal show ``value`` now, and the alarms hear of it."""
        self.signals.write(name, self._clock, value, "7E8")
        self.alarms.evaluate(self.signals, self._clock)

    def overheat(self) -> Alarm:
        """Coolant far over its limit: the critical alarm every car has by default."""
        for _ in range(20):
            self._clock += 0.5
            self.measure("coolant_temperature", 113.0)
        self.silent.add("coolant_temperature")
        return next(alarm for alarm in self.alarms.active() if alarm.rule.signal == "coolant_temperature")

    def over_rev(self) -> Alarm:
        """Engine speed over its warning limit."""
        for _ in range(20):
            self._clock += 0.5
            self.measure("engine_speed", 6420.0)
        return next(alarm for alarm in self.alarms.active() if alarm.rule.signal == "engine_speed")

    def become(self, **changes: Any) -> None:
        """Change fields of the link's status."""
        self._status = replace(self._status, **changes)

    @property
    def profile(self) -> VehicleProfile:
        return self.car

    def now(self) -> float:
        return self._clock

    def status(self) -> LinkStatus:
        return replace(self._status, taken_at=self._clock)

    def available(self) -> tuple[str, ...]:
        return tuple(SHAPES)

    def watch(self, owner: str, wants: Mapping[str, float]) -> None:
        self.wants[owner] = dict(wants)
        if not wants:
            del self.wants[owner]

    def connect(self, address: str) -> None:
        parse(address)
        self.calls.append(("connect", address))

    def disconnect(self) -> None:
        self.calls.append(("disconnect", ""))

    def edit_profile(self, edit: Callable[[VehicleProfile], None]) -> None:
        edit(self.car)

    def subscribe(self, listener: Callable[[object], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def tell(self, event: object) -> None:
        """Tell the listeners, as the link thread does."""
        for listener in list(self.listeners):
            listener(event)
