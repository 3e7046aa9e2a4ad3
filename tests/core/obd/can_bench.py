"""Simulated cars on CAN buses of their own, and the link that talks to them."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Self, cast

import can
import pytest

from core.obd import can_link
from core.obd.address import CanAddress
from core.obd.can_link import CanLink
from core.obd.gaps import GapCounter
from core.obd.poller import Poller
from core.obd.simulator.can_node import CanCar, FrameFault
from core.obd.simulator.car import Car, load_car
from tests.core.obd.terminal import RememberingCar
from tests.core.obd.virtual import Said

_channels = itertools.count()


def channel() -> str:
    """A name no other test uses."""
    return f"can-link-{next(_channels)}"


@dataclass
class CountingUnits:
    """Control units whose every answer differs from all others, as a ``Car`` for ``CanCar``."""

    units: tuple[RememberingCar, ...]
    protocol: str = "6"
    padding: int | None = 0
    clock: Callable[[], float] = field(default=lambda: 0.0)

    @property
    def spec(self) -> SimpleNamespace:
        return SimpleNamespace(is_can=True, name="counting units")

    @property
    def ecus(self) -> tuple[SimpleNamespace, ...]:
        return tuple(SimpleNamespace(spec=SimpleNamespace(request=unit.ecu - 8, id=unit.ecu)) for unit in self.units)

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        return [reply for unit in self.units for reply in unit.answer(request, target, now)]


class CanBench:
    """``car`` on a virtual bus, and a ``CanLink`` on the same one."""

    def __init__(self, car: Car | CountingUnits | str, *, fault: FrameFault | None = None) -> None:
        simulated = load_car(Path(car), seed=1) if isinstance(car, str) else cast(Car, car)
        name = channel()
        self._bus = can.Bus(name, interface="virtual")
        self.node = CanCar(simulated, self._bus, ecu_s=0.0)
        self.node.fault = fault
        self.stop = threading.Event()
        self.address = f"can://virtual/{name}"
        self.link = CanLink(CanAddress("virtual", name), self.stop)
        self.stranger = can.Bus(name, interface="virtual")  # somebody else on the bus

    def __enter__(self) -> Self:
        self.node.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.link.close()
        self.node.stop()
        self.stranger.shutdown()
        self._bus.shutdown()


def poller(link: CanLink) -> tuple[Poller, GapCounter]:
    gaps = GapCounter()
    return Poller(link, gaps, lambda kind, detail: None, lambda message, request: None), gaps


@pytest.fixture(autouse=True)
def quick_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated units answer at once: nobody needs to be waited for as long as real ones."""
    monkeypatch.setattr(can_link, "GATHER_S", 0.05)
