"""The real link against the simulated adapter on a virtual clock: hours of faults in seconds, always the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Generic, TypeVar

import pytest

from core.obd import can_link, elm_link, elm_probe, elm_session
from core.obd.elm_link import ElmLink
from core.obd.elm_probe import greeted, identify
from core.obd.elm_session import ElmSession
from core.obd.signals import pid_length
from core.obd.simulator import dialects, timing
from core.obd.simulator.adapter import ElmAdapter
from core.obd.simulator.bus import AnsweringCar
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.faults import FaultScript

Patch = Callable[[object, str, object], None]

MASK_PIDS = range(0x00, 0xE0, 0x20)


class VirtualTime:
    """Stands in for the ``time`` module where the link looks at the clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def install(self, patch: Patch) -> None:
        module = SimpleNamespace(monotonic=self.monotonic, sleep=self.sleep)
        for room in (elm_session, elm_link, elm_probe, can_link):
            patch(room, "time", module)


class VirtualBytes:
    """A ``ByteLink`` straight into an ``ElmAdapter``; time passes only while somebody waits."""

    def __init__(self, adapter: ElmAdapter, clock: VirtualTime) -> None:
        self.baud: int | None = None
        self._adapter = adapter
        self._clock = clock

    def read(self, wait: float) -> bytes:
        end = self._clock.now + min(wait, 1.0)
        while True:
            data = self._adapter.advance(self._clock.now)
            self._adapter.take_link_events()
            if data:
                return data
            due = self._adapter.next_due()
            if due is None or due > end:
                self._clock.now = end
                return self._adapter.advance(end)
            self._clock.now = max(self._clock.now, due)

    def write(self, data: bytes) -> None:
        self._adapter.receive(data, self._clock.now)

    def set_baud(self, baud: int) -> None:
        self.baud = baud

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Said:
    ecu: int
    delay_s: float
    payload: bytes


@dataclass
class CountingCar:
    """Every answer is different from every other, so that an old or a foreign one cannot pass unnoticed.

    ``said`` holds the last data of each PID, ``ever`` the PID of every pair of bytes ever sent.
    """

    pids: Sequence[int]
    protocol: str = "6"
    ecu: int = 0x7E8
    delay_s: float = 0.004
    said: dict[int, bytes] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        self.silent = False

    def voltage(self, now: float) -> float:
        return 12.6

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        functional = target in (None, 0x7DF, 0x18DB33F1)
        if self.silent or not (functional or target == self.ecu - 8) or request[0] != 1:
            return []
        body = b""
        for pid in request[1:]:
            if pid in MASK_PIDS:
                body += bytes([pid]) + self._mask(pid)
            elif pid in self.pids:
                self.count += 1
                length = pid_length(pid) or 0
                # The PID is in the data too: bytes of one PID are never right for another.
                data = (pid << 24 | self.count & 0xFFFFFF).to_bytes(4, "big")[-length:]
                self.said[pid] = data
                body += bytes([pid]) + data
        return [Said(self.ecu, self.delay_s, b"\x41" + body)] if body else []

    def _mask(self, pid: int) -> bytes:
        word = 0
        for other in [*self.pids, *(p for p in MASK_PIDS if any(q > p for q in self.pids))]:
            if pid < other <= pid + 32:
                word |= 1 << (pid + 32 - other)
        return word.to_bytes(4, "big")


CarT = TypeVar("CarT", bound=AnsweringCar)


@dataclass
class Bench(Generic[CarT]):
    """An adapter, its car and its clock; ``plug_in`` makes a new link to it, as the engine does after a loss."""

    clock: VirtualTime
    car: CarT
    board: FaultBoard
    adapter: ElmAdapter

    def plug_in(self) -> ElmLink:
        session = ElmSession(VirtualBytes(self.adapter, self.clock))
        greeted(session)
        return ElmLink(session, identify(session))


def bench(
    patch: Patch,
    car: CarT,
    *,
    model: str = "ideal",
    dialect: str | None = None,
    script: FaultScript | None = None,
    seed: int = 0,
) -> Bench[CarT]:
    """An adapter with ``car`` behind it, not yet plugged in. Faults begin at once if the script says so."""
    clock = VirtualTime()
    clock.install(patch)
    board = FaultBoard(script, seed)
    chosen = timing.model(model)
    adapter = ElmAdapter(car, chosen, dialects.dialect(dialect or chosen.dialect), board, now=clock.now)
    return Bench(clock, car, board, adapter)


def patcher(monkeypatch: pytest.MonkeyPatch) -> Patch:
    return monkeypatch.setattr
