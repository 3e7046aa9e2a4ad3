"""One reply in a hundred is spoilt, in every way there is: not one wrong number may come of it.

``make bench`` runs a million; here a few thousand for each adapter, on a virtual clock.
"""

from collections import Counter
from dataclasses import dataclass, field

import pytest

from core.obd import discovery
from core.obd.bytelink import LinkError
from core.obd.gaps import GapCounter
from core.obd.poller import Poller
from core.obd.scheduler import Scheduler, Task, Want
from core.obd.simulator.faults import EVENTS, FaultKind, FaultScript, Scripted, make_fault
from tests.core.obd.virtual import Bench, CountingCar, bench, patcher

# Four-byte PIDs carry their own number and a counter; single bytes and pairs only a counter.
PIDS = (0x0C, 0x10, 0x1F, 0x21, 0x24, 0x25, 0x34, 0x3C, 0x42, 0x44)
SPOILING = [kind for kind in FaultKind if kind not in EVENTS]
VARIANTS: list[tuple[str, dict[str, object]]] = [
    *((str(kind), {}) for kind in SPOILING),
    ("late", {"mode": "answer"}),
    ("garbage", {"mode": "insert", "bytes": 1}),
    ("garbage", {"mode": "insert", "bytes": 2}),
    ("garbage", {"mode": "lose", "bytes": 2}),
    ("garbage", {"mode": "chatter"}),
    ("garbage", {"mode": "nul"}),
    ("foreign", {"mode": "ecu"}),
    ("foreign", {"mode": "pid"}),
    ("foreign", {"mode": "service"}),
    ("negative", {"nrc": 0x21, "count": 2}),
    ("negative", {"nrc": 0x78}),
    ("short", {"bytes": 2}),
    ("complaint", {"text": "?"}),
    ("complaint", {"text": "BUS ERROR"}),
]
STALLS: list[tuple[str, dict[str, object]]] = [
    ("silence", {"seconds": 0.4}),
    ("silence", {"seconds": 1.5}),
    ("silence", {"seconds": 3.0, "hold": True}),
    ("adapter_reset", {}),
    ("adapter_reset", {"notice": "LV RESET"}),
]


def one_in(hundred: float, faults: list[tuple[str, dict[str, object]]]) -> FaultScript:
    each = hundred / 100 / len(faults)
    return FaultScript(tuple(Scripted(make_fault(kind, more), probability=each) for kind, more in faults))


@dataclass
class Tally:
    values: int = 0
    replies: int = 0
    wrong: int = 0
    old: int = 0
    relinks: int = 0
    gaps: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


class Driver:
    """Polls as the engine does: a new link after a loss, and every value held against what the car said last."""

    def __init__(self, rig: Bench[CountingCar]) -> None:
        self.rig = rig
        self.tally = Tally()
        self.gaps = GapCounter()
        self.ever: dict[int, set[bytes]] = {pid: set() for pid in PIDS}

    def run(self, values: int) -> Tally:
        while self.tally.values < values:
            try:
                self._session(values)
            except LinkError:
                self.tally.relinks += 1
        self.tally.gaps.update({str(kind): n for kind, n in self.gaps.snapshot().items()})
        return self.tally

    def _session(self, values: int) -> None:
        link = self.rig.plug_in()
        while not discovery.first_masks(link.find_car()):
            pass
        link.learn_abilities("7E8", [0x0C, 0x10, 0x1F, 0x21, 0x3C, 0x42])
        poller = Poller(link, self.gaps, lambda kind, detail: None, self._count)
        scheduler = Scheduler()
        scheduler.want([Want("7E8", pid, 100) for pid in PIDS], self.rig.clock.now)
        while self.tally.values < values:
            task = scheduler.next(self.rig.clock.now, link.max_pids)
            if not isinstance(task, Task):
                self.rig.clock.now += min(task, 0.05)
                continue
            asked_at = self.rig.clock.now
            polled = poller.poll(task.ecu, task.pids)
            for pid, (_, data) in polled.data.items():
                self._judge(pid, data)
            scheduler.done(task, polled.data, asked_at)

    def _count(self, message: object, request: bytes) -> None:
        self.tally.replies += 1

    def _judge(self, pid: int, data: bytes) -> None:
        said = self.rig.car.said.get(pid, b"")
        self.tally.values += 1
        if data == said:
            self.ever[pid].add(data)
            return
        old = data in self.ever[pid]
        self.tally.old += old
        self.tally.wrong += not old
        self.tally.examples.append(f"PID {pid:02X}: {data.hex()}, the car said {said.hex()}")


@pytest.mark.parametrize("dialect", ["elm327", "clone", "stn"])
def test_one_spoilt_reply_in_a_hundred_makes_no_wrong_value(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), CountingCar(PIDS), dialect=dialect, script=one_in(1.0, VARIANTS), seed=7)
    tally = Driver(rig).run(6_000)
    assert (tally.wrong, tally.old) == (0, 0), tally.examples[:5]
    assert sum(rig.board.injected.values()) > 5
    assert sum(tally.gaps.values()) > 0


def test_stalls_and_restarts_make_no_wrong_value(monkeypatch: pytest.MonkeyPatch) -> None:
    script = one_in(3.0, STALLS + VARIANTS)
    rig = bench(patcher(monkeypatch), CountingCar(PIDS), model="usb115200", script=script, seed=11)
    tally = Driver(rig).run(3_000)
    assert (tally.wrong, tally.old) == (0, 0), tally.examples[:5]
    assert tally.relinks > 0


@pytest.mark.parametrize(("kind", "more"), VARIANTS, ids=str)
def test_each_fault_alone_at_one_in_five(kind: str, more: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    script = FaultScript((Scripted(make_fault(kind, more), probability=0.2),))
    rig = bench(patcher(monkeypatch), CountingCar(PIDS), script=script, seed=3)
    tally = Driver(rig).run(400)
    assert (tally.wrong, tally.old) == (0, 0), tally.examples[:5]
    assert rig.board.injected.get(kind, 0) > 3
