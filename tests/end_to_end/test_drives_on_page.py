"""A real car's drives all the way to the screen: what the gauges of the Live page read equals the log.

The same virtual drive as in ``test_drives``, with the page open on a gauge for every signal of the log. The sample that
a gauge shows equals the log within the resolution of the PID, and its figures are that sample, rounded to as many
decimals as can be read from two metres (1726 rpm, 14.11 V).
"""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from core.diagnostics.profiles import VehicleProfile
from core.obd.gaps import GapCounter
from core.obd.poller import Poller
from core.obd.signals import SIGNALS, decode
from core.obd.simulator.car import load_car
from tests.core.obd.virtual import Bench, bench, patcher
from tests.end_to_end.test_drives import WitnessedCar, batches
from tests.ui.fake_session import FakeSession
from ui.context import UiContext
from ui.pages.live import LivePage
from ui.pages.live_layout import Layout, to_json
from ui.widgets.gauge import Gauge
from ui.widgets.gauge_model import Cells, Condition, Dress, GaugeSpec

EVERY = int(os.environ.get("BAYLINE_DRIVE_ROWS", "20")) * 5


class DriveSession(FakeSession):
    """The page's session: the store that the link of this test fills, on the drive's own clock."""

    def __init__(self, rig: Bench[WitnessedCar], names: list[str]) -> None:
        super().__init__()
        self.signals.clear()
        self.rig = rig
        self.names = tuple(names)
        cells = [Cells(2 * (n % 6), 2 * (n // 6), 2, 2) for n in range(len(names))]
        gauges = [GaugeSpec(name, name, Dress.NUMBER, place) for name, place in zip(names, cells, strict=True)]
        self.car = VehicleProfile("drive", layout=to_json(Layout(tuple(gauges), trends=False)))
        self.profiles = SimpleNamespace(save=lambda profile: None, all=lambda: ())

    def now(self) -> float:
        return self.rig.clock.now

    def available(self) -> tuple[str, ...]:
        return self.names

    def advance(self, seconds: float) -> None:
        """Time passes by the link of this test."""


def read(gauge: Gauge) -> float:
    assert gauge.moment.condition is Condition.LIVE, gauge.spec.signal
    return float(gauge.moment.text.replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("number", range(4))
def test_the_gauges_read_what_was_logged(
    number: int, drives: list[Path], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    car = WitnessedCar(load_car(None, drive=drives[number]))
    log = car.car.drive
    assert log is not None
    rig = bench(patcher(monkeypatch), car, model="usb115200")
    link = rig.plug_in()
    ecu = link.find_car().messages[0].ecu
    pids = sorted({SIGNALS[name].pid or 0 for name in log.rows[0][1]})
    link.learn_abilities(ecu, [pid for pid in pids if pid > 2][:6])
    poller = Poller(link, GapCounter(), lambda kind, detail: None, lambda message, request: None)
    session = DriveSession(rig, list(log.rows[0][1]))
    page = LivePage(UiContext(session))
    qtbot.addWidget(page)
    page.load()
    page.resize(1830, 1000)
    page.show()
    page.on_shown()
    gauges = {gauge.spec.signal: gauge for gauge in page.findChildren(Gauge)}
    assert set(gauges) == set(session.names)
    began = rig.clock.now
    car.car.begin(began)
    frame = 0.0
    for row_time, row in log.rows[::EVERY]:
        rig.clock.now = max(rig.clock.now, began + row_time)
        truth: dict[str, float] = {}
        for asked in batches(pids, link.max_pids):
            polled = poller.poll(ecu, asked)
            logged = log.at(car.car.drive_time(car.asked_at))
            for pid, (t, data) in polled.data.items():
                for name, value in decode(pid, data).items():
                    session.signals.write(name, t, value, ecu)
                    truth[name] = logged.get(name, value)
        for _ in range(3):  # a sample a tenth of a second old waits a moment for a newer one
            frame += 0.5
            page.beat(frame)
        for name in row:
            sample = session.signals.latest(name)
            assert sample is not None
            assert sample.value == pytest.approx(truth[name], abs=0.5 * SIGNALS[name].resolution + 1e-4), (
                name,
                row_time,
            )
            written = 0.5 * 10.0 ** -SIGNALS[name].decimals + 1e-9
            assert read(gauges[name]) == pytest.approx(sample.value, abs=written), (name, row_time)
    page.on_hidden()
