"""A car at the terminal, from the wire to alarms, recording and the vehicle's profile."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.diagnostics.alarm_rules import AlarmRule, RuleError, Severity
from core.diagnostics.live import LiveSession, Noticed, ProfileChanged, RecordingChanged, StateChanged
from core.obd.address import AddressError
from core.obd.simulator.car import load_car
from core.obd.simulator.server import SimulatedAdapter
from core.obd.status import LinkState
from tests.core.obd.virtual import MASK_PIDS, Said


def eventually(true: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait for something that must come; the limit is only there to end a test that failed."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def mask(pid: int, pids: tuple[int, ...]) -> bytes:
    """The answer to a support request."""
    beyond = tuple(p for p in MASK_PIDS if any(q > p for q in pids))
    return sum(1 << (pid + 32 - p) for p in pids + beyond if pid < p <= pid + 32).to_bytes(4, "big")


@pytest.fixture
def adapter() -> Iterator[SimulatedAdapter]:
    with SimulatedAdapter(load_car(None), model="ideal") as sim:
        yield sim


def test_a_car_is_recognised_recorded_and_played_back(adapter: SimulatedAdapter, tmp_path: Path) -> None:
    session = LiveSession(tmp_path)
    heard: list[object] = []
    session.subscribe(heard.append)
    session.start()
    try:
        session.watch("screen", {"engine_speed": 20, "vehicle_speed": 20})
        session.connect(adapter.address)
        eventually(lambda: session.signals.count("engine_speed") > 20)
        vin = session.status().vin
        assert session.profile.vin == vin
        assert "engine_speed" in session.available()
        assert {type(event) for event in heard} >= {StateChanged, ProfileChanged, RecordingChanged}
    finally:
        session.stop()
    [recorded] = session.recordings.list()
    assert recorded.vin == vin
    with session.recordings.open(recorded.id, by_hand=True) as playback:
        playback.seek(playback.duration)
        reading = playback.signals.latest("engine_speed")
        last = session.signals.latest("engine_speed")
        assert reading is not None
        assert last is not None
        assert reading.value == last.value
    assert session.recordings.verify(recorded.id).ok


def test_an_alarm_fires_though_no_gauge_shows_the_signal(adapter: SimulatedAdapter, tmp_path: Path) -> None:
    session = LiveSession(tmp_path, record=False)
    session.start()
    try:
        session.connect(adapter.address)
        eventually(lambda: session.status().state is LinkState.CONNECTED)
        session.set_rule(AlarmRule("control_module_voltage", Severity.WARNING, above=5.0))
        eventually(session.alarms.active)
        [alarm] = [a for a in session.alarms.active() if a.rule.signal == "control_module_voltage"]
        session.alarms.acknowledge(alarm.id, "test")
        time.sleep(0.5)
        same = [a for a in session.alarms.active() if a.rule.signal == "control_module_voltage"]
        assert [a.id for a in same] == [alarm.id], "one alarm for one event, however many samples"
    finally:
        session.stop()
    again = LiveSession(tmp_path, record=False)
    assert again.profile.vin == session.profile.vin, "at boot the screen looks as it did"
    assert again.profile.limits, "the limit belongs to the vehicle and is kept"


def test_bad_input_is_refused_in_words(tmp_path: Path) -> None:
    session = LiveSession(tmp_path, record=False)
    with pytest.raises(AddressError):
        session.connect("usb://1")
    with pytest.raises(RuleError):
        session.set_rule(AlarmRule("engine_speed", Severity.WARNING, above=float("nan")))


def test_it_goes_on_with_one_recording_when_the_adapter_was_away(adapter: SimulatedAdapter, tmp_path: Path) -> None:
    session = LiveSession(tmp_path)
    session.start()
    try:
        session.watch("screen", {"engine_speed": 20})
        session.connect(adapter.address)
        eventually(lambda: session.signals.count("engine_speed") > 5)
        adapter.faults.inject("unplug", seconds=0.5)
        eventually(lambda: session.status().state is LinkState.NO_ADAPTER)
        before = session.signals.count("engine_speed")
        eventually(lambda: session.signals.count("engine_speed") > before + 5)
    finally:
        session.stop()
    assert len(session.recordings.list()) == 1


class TurboCar:
    """A car that states 510 kPa as the full scale of its manifold pressure (PID 4F), so that FF is not 255 kPa."""

    protocol = "6"
    pids = (0x0B, 0x0C, 0x4F)

    def voltage(self, now: float) -> float:
        return 14.0

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        data = {0x0B: b"\xff", 0x0C: b"\x1a\xf8", 0x4F: b"\x00\x00\x00\x33"}
        data |= {0x00: mask(0x00, self.pids), 0x20: mask(0x20, self.pids), 0x40: mask(0x40, self.pids)}
        asked = [pid for pid in request[1:] if pid in data] if request[0] == 1 else []
        body = b"".join(bytes([pid]) + data[pid] for pid in asked)
        return [Said(0x7E8, 0.002, b"\x41" + body)] if body else []


def test_a_full_scale_stated_by_the_car_is_honoured_live_and_in_playback(tmp_path: Path) -> None:
    session = LiveSession(tmp_path)
    with SimulatedAdapter(TurboCar(), model="ideal") as adapter:
        session.start()
        try:
            session.watch("screen", {"intake_manifold_pressure": 20})
            session.connect(adapter.address)
            eventually(lambda: session.signals.count("intake_manifold_pressure") > 5)
        finally:
            session.stop()
    reading = session.signals.latest("intake_manifold_pressure")
    assert reading is not None
    assert reading.value == 510.0
    [recorded] = session.recordings.list()
    assert session.recordings.verify(recorded.id).ok


def test_a_damaged_profile_is_said_to_who_listens_later_and_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    profile = tmp_path / "profiles" / "unknown-vehicle.json"
    profile.parent.mkdir()
    profile.write_bytes(b"{")
    session = LiveSession(tmp_path)
    heard: list[object] = []
    session.subscribe(heard.append)
    [event] = heard
    assert isinstance(event, Noticed)
    assert "unknown-vehicle.json.damaged-" in event.notice.text
    assert event.notice.text in caplog.messages
