"""Whatever happens to frames on a CAN bus becomes a counted gap, and never a number."""

import itertools
import threading
import time
from collections import Counter

import can
import pytest

from core.obd import can_link, discovery
from core.obd.bytelink import Cancelled
from core.obd.gaps import GapKind
from core.obd.simulator.can_node import wrong_sequence
from tests.core.obd.can_bench import CanBench, CountingUnits, poller, quick_units
from tests.core.obd.terminal import COUNTING_PIDS, RememberingCar

__all__ = ["quick_units"]  # a fixture

FAULTS: list[tuple[str, dict[str, object]]] = [
    ("drop", {}),
    ("late", {}),
    ("duplicate", {}),
    ("foreign", {"mode": "ecu"}),
    ("foreign", {"mode": "pid"}),
    ("foreign", {"mode": "service"}),
    ("short", {}),
    ("short", {"bytes": 2}),
    ("negative", {"nrc": 0x12}),
    ("negative", {"nrc": 0x78, "delay_s": 0.01}),
    ("negative", {"nrc": 0x21}),
    ("no_data", {}),
]


def spoil_often(bench: CanBench, more: list[tuple[str, dict[str, object]]]) -> None:
    for kind, parameters in more:
        bench.node.faults.inject(kind, **parameters)


def counting(
    bench: CanBench, units: CountingUnits, polls: int, faults: list[tuple[str, dict[str, object]]]
) -> Counter[str]:
    """Poll and spoil by turns; every value is held against what the unit said last. What happened, by name."""
    asking, gaps = poller(bench.link)
    seen: Counter[str] = Counter()
    kinds = itertools.cycle(faults)
    sizes = itertools.cycle((6, 1, 3, 6, 2))
    for n in range(polls):
        if n % 20 == 0:
            spoil_often(bench, [next(kinds)])
        unit = units.units[n % len(units.units)]
        size = next(sizes)
        for pid, (_, data) in asking.poll(f"{unit.ecu:03X}", COUNTING_PIDS[:size]).data.items():
            seen["values"] += 1
            if data not in unit.ever.get(pid, {}):
                seen["wrong"] += 1
            elif data != unit.said[pid]:
                seen["old"] += 1
    seen.update({str(kind): count for kind, count in gaps.snapshot().items()})
    return seen


def test_spoilt_frames_become_gaps_and_never_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(can_link, "P2_S", 0.06)  # what is lost costs this long
    units = CountingUnits((RememberingCar(), RememberingCar(ecu=0x7E9, count=30_000)))
    with CanBench(units) as bench:
        assert set(discovery.first_masks(bench.link.find_car())) == {"7E8", "7E9"}
        seen = counting(bench, units, 1000, FAULTS)
        struck = bench.node.faults.injected
    assert (seen["wrong"], seen["old"]) == (0, 0), seen
    assert seen["values"] > 3000
    assert {kind for kind, _ in FAULTS} <= set(struck)
    assert sum(seen[kind] for kind in GapKind) > 40
    print(f"\n{dict(seen)}")


@pytest.mark.parametrize(("kind", "more"), [*FAULTS, ("sequence", {})], ids=str)
def test_each_fault_alone_becomes_its_gap_and_passes(
    kind: str, more: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(can_link, "P2_S", 0.06)
    units = CountingUnits((RememberingCar(),))
    with CanBench(units) as bench:
        bench.link.find_car()
        asking, gaps = poller(bench.link)
        assert len(asking.poll("7E8", COUNTING_PIDS).data) == 6
        for _ in range(3):
            if kind == "sequence":
                bench.node.fault = wrong_sequence
            else:
                bench.node.faults.inject(kind, count=1, **more)
            for pid, (_, data) in asking.poll("7E8", COUNTING_PIDS).data.items():
                assert data == units.units[0].said[pid]
            bench.node.fault = None
        for _ in range(3):
            last = asking.poll("7E8", COUNTING_PIDS).data
        assert len(last) == 6, gaps.snapshot()
        if more.get("nrc") not in (0x78, 0x21):  # waited for, asked again
            assert sum(gaps.snapshot().values()) >= 3


@pytest.mark.parametrize("kind", ["late", "duplicate"])
def test_an_answer_after_its_time_is_counted_and_thrown_away(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(can_link, "P2_S", 0.06)
    units = CountingUnits((RememberingCar(),))
    with CanBench(units) as bench:
        bench.link.find_car()
        asking, gaps = poller(bench.link)
        bench.node.faults.inject(kind, count=1)
        for _ in range(4):
            for pid, (_, data) in asking.poll("7E8", (0x0C,)).data.items():
                assert data == units.units[0].said[pid]
            time.sleep(0.005)
        assert gaps.snapshot()[GapKind.LATE] == 1


def test_an_old_answer_in_front_of_the_right_one_does_not_stay_in_front() -> None:
    """Every answer one question late, for ever, if the link took whatever comes next."""
    with CanBench(CountingUnits((RememberingCar(),))) as bench:
        bench.link.find_car()
        asking, gaps = poller(bench.link)
        bench.node.faults.inject("foreign", mode="pid", count=1)
        answered = [0x0C in asking.poll("7E8", (0x0C,)).data for _ in range(10)]
        assert answered[-8:] == [True] * 8
        assert sum(gaps.snapshot().values()) >= 1


def babble(bus: can.BusABC, arbitration_id: int, data: bytes, until: threading.Event) -> threading.Thread:
    def send() -> None:
        while not until.is_set():
            bus.send(can.Message(arbitration_id=arbitration_id, is_extended_id=False, data=data))
            time.sleep(0.0002)

    thread = threading.Thread(target=send, name="babbling-unit", daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("arbitration_id", "data"),
    [
        (0x7EF, b"\x03\x41\x0d\x55\0\0\0\0"),  # another unit, without end
        (0x7E8, b"\x21\x41\x0d\x55\0\0\0\0"),  # the same one, parts of nothing
        (0x7E8, b"\x03\x41\x0d\x55\0\0\0\0"),  # the same one, another PID
        (0x123, b"\x03\x41\x0d\x55\0\0\0\0"),  # ordinary traffic
    ],
)
def test_a_babbling_bus_holds_nothing_up(arbitration_id: int, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Event()
    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        thread = babble(bench.stranger, arbitration_id, data, done)
        try:
            began = time.monotonic()
            for _ in range(3):
                messages = bench.link.request("7E8", b"\x01\x0c").messages
                assert any(m.payload[:2] == b"\x41\x0c" for m in messages if m.ecu == "7E8")
            silent = bench.link.request("7EB", b"\x01\x0c")  # nobody has this id
            took = time.monotonic() - began
            assert [m for m in silent.messages if m.ecu == "7EB"] == []
            bench.stop.set()
            began = time.monotonic()
            with pytest.raises(Cancelled):
                bench.link.request("7E8", b"\x01\x0c")
            assert time.monotonic() - began < 1.0
        finally:
            done.set()
            thread.join(2.0)
    assert took < 10.0
    assert caplog.text == "", "a line for every odd frame would fill the disk"
    print(f"\n{arbitration_id:03X}: three answers and a silence took {took:.2f} s")
