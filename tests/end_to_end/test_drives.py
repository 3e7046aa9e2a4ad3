"""A real car's drives through simulator, adapter text, link and decoder: every value equals the log's.

Time is virtual: the clock is set to the moment of each row, all that the log has is asked, and what arrives is held
against the log at the moment the car was asked. Equal means within the resolution of the PID. The suite looks at every
twentieth row (``BAYLINE_DRIVE_ROWS=1`` looks at all); the recorded drives are not part of the repository.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.obd import discovery
from core.obd.gaps import GapCounter
from core.obd.poller import Poller
from core.obd.signals import SIGNALS, decode
from core.obd.simulator.car import Car, EcuReply, load_car
from core.obd.store import Signals
from tests.core.obd.virtual import bench, patcher

EVERY = int(os.environ.get("BAYLINE_DRIVE_ROWS", "20"))


class WitnessedCar:
    """The simulated car, and when it was asked last."""

    def __init__(self, car: Car) -> None:
        self.car = car
        self.asked_at = 0.0
        self.protocol = car.protocol
        self.spec = car.spec

    def voltage(self, now: float) -> float:
        return self.car.voltage(now)

    def answer(self, request: bytes, target: int | None, now: float) -> Sequence[EcuReply]:
        self.asked_at = now
        return self.car.answer(request, target, now)


def batches(pids: Sequence[int], size: int) -> list[tuple[int, ...]]:
    return [tuple(pids[n : n + size]) for n in range(0, len(pids), size)]


@pytest.mark.parametrize("number", range(4))
def test_every_value_of_a_drive_arrives_as_it_was_logged(
    number: int, drives: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    car = WitnessedCar(load_car(None, drive=drives[number]))
    rig = bench(patcher(monkeypatch), car, model="usb115200")
    log = car.car.drive
    assert log is not None
    link = rig.plug_in()
    ecu = next(iter(discovery.first_masks(link.find_car())))
    logged = sorted({SIGNALS[name].pid or 0 for name in log.rows[0][1]})
    link.learn_abilities(ecu, [pid for pid in logged if pid > 2][:6])
    gaps = GapCounter()
    poller = Poller(link, gaps, lambda kind, detail: None, lambda message, request: None)
    began = rig.clock.now
    car.car.begin(began)
    shown = Signals()
    compared = 0
    for row_time, row in log.rows[::EVERY]:
        rig.clock.now = max(rig.clock.now, began + row_time)
        for pids in batches(logged, link.max_pids):
            polled = poller.poll(ecu, pids)
            truth = log.at(car.car.drive_time(car.asked_at))
            assert set(polled.data) == set(pids)
            for pid, (t, data) in polled.data.items():
                for name, value in decode(pid, data).items():
                    if name not in row:
                        continue
                    shown.write(name, t, value, ecu)
                    reading = shown.latest(name)
                    assert reading is not None
                    signal = SIGNALS[name]
                    within = 0.5 * signal.resolution + 1e-4  # the logs have six decimals of rounded values
                    assert reading.value == pytest.approx(truth[name], abs=within), (name, row_time)
                    compared += 1
    assert compared >= len(log.rows[::EVERY]) * len(logged)
    assert gaps.snapshot() == {}
