"""The car on a CAN bus, without an adapter: addressing, segmentation, patience, the interface and the engine on it."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import can
import pytest
from can.interfaces.virtual import VirtualBus

from core.obd import can_bus, discovery, engine
from core.obd.address import CanAddress
from core.obd.bytelink import Cancelled, LinkError
from core.obd.can_link import CanLink
from core.obd.gaps import GapKind
from core.obd.signals import by_pid
from core.obd.simulator.can_node import CanCar
from core.obd.simulator.car import load_car
from core.obd.simulator.framing import Frame
from core.obd.status import LinkState, Trouble
from core.obd.trouble_codes import PENDING, PERMANENT, STORED, read_codes
from core.obd.vehicle_information import read_calibrations
from tests.core.obd.can_bench import CanBench, CountingUnits, channel, poller, quick_units
from tests.core.obd.slcan_bridge import SlcanBridge
from tests.core.obd.terminal import NAMES, RememberingCar, Terminal, Witness

__all__ = ["quick_units"]  # a fixture

REPOSITORY = Path(__file__).resolve().parents[3]


# --- addressing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("car", "ecus", "protocol"),
    [
        ("compact_petrol", ["7E8", "7E9"], "ISO 15765-4 (CAN 11 bit)"),
        ("hybrid", ["7E8", "7EA", "7EB"], "ISO 15765-4 (CAN 11 bit)"),
        ("diesel_van", ["18DAF110", "18DAF11D"], "ISO 15765-4 (CAN 29 bit)"),
    ],
)
def test_a_car_is_found_with_all_its_units_in_either_address_form(car: str, ecus: list[str], protocol: str) -> None:
    with CanBench(car) as bench:
        found = discovery.explore(bench.link, discovery.first_masks(bench.link.find_car()), lambda vin: None)
        assert [ecu.id for ecu in found.ecus] == ecus
        assert found.vin == bench.node.car.vin
        assert bench.link.protocol == protocol
        assert {ecu.id: ecu.supported >= {0x0D} for ecu in found.ecus} == dict.fromkeys(ecus, True)
        for ecu in ecus:
            assert {m.ecu for m in bench.link.request(ecu, b"\x01\x0d").messages} == {ecu}
        assert {m.ecu for m in bench.link.request(None, b"\x01\x0d").messages} == set(ecus)


def test_requests_have_eight_bytes() -> None:
    """ISO 15765-4 clause 9.2: shorter ones are ignored by some control units."""
    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        while bench.stranger.recv(0.0):
            pass
        bench.link.request(None, b"\x01\x0c")
        bench.link.request("7E8", b"\x01\x0c")
        bench.link.request("7E8", b"\x09\x02")  # with a flow control frame
        seen = []
        while frame := bench.stranger.recv(0.05):
            if frame.arbitration_id < 0x7E8:
                seen.append((frame.arbitration_id, frame.dlc, bytes(frame.data).hex()))
        assert [(target, dlc) for target, dlc, _ in seen] == [(0x7DF, 8), (0x7E0, 8), (0x7E0, 8), (0x7E0, 8)]
        assert seen[3][2].startswith("300000")  # go on, no blocks, no pauses


def test_a_bus_without_a_car_is_no_car() -> None:
    with CanBench("compact_petrol") as bench:
        bench.node.stop()
        exchange = bench.link.find_car()
        assert exchange.messages == []
        assert [kind for kind, _ in exchange.gaps] == [GapKind.NO_DATA]


# --- long answers, patience -------------------------------------------------------------------------------------------


def test_long_answers_of_several_units_at_once() -> None:
    with CanBench("hybrid") as bench:
        bench.link.find_car()
        found = read_calibrations(bench.link)
        assert found["7E8"] == ("34715200", "A4701000")
        names = {m.ecu: m.payload for m in bench.link.request(None, b"\x09\x0a").messages}
        assert len(names) == 3
        assert all(len(payload) == 23 for payload in names.values())


def test_six_pids_in_one_request() -> None:
    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        asking, gaps = poller(bench.link)
        pids = (0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x0F)
        assert set(asking.poll("7E8", pids).data) == set(pids)
        assert gaps.snapshot() == {}


def test_everybody_who_says_pending_is_waited_for() -> None:
    """The engine of this car says "pending" to 03 once and to 09 twice; the transmission answers meanwhile."""
    with CanBench("faulty") as bench:
        bench.link.find_car()
        reading = read_codes(bench.link, STORED, counted=True)
        assert {unit.ecu: unit.codes for unit in reading.units} == {"7E8": ("P0171", "P0301"), "7E9": ("P0730",)}
        assert discovery.read_vin(bench.link) == "WVWZZZAUZHW088415"
        assert bench.link.request("7E8", b"\x03").messages[0].payload[:2] == b"\x43\x02"
        assert {u.ecu for u in read_codes(bench.link, PENDING, counted=True).units} == {"7E8", "7E9"}
        assert read_codes(bench.link, PERMANENT, counted=True).units[0].codes == ("P0301",)


def test_pending_extends_the_deadline_well_beyond_p2() -> None:
    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        bench.node.faults.inject("negative", nrc=0x78, delay_s=0.6)
        asking, gaps = poller(bench.link)
        assert 0x0C in asking.poll("7E8", (0x0C,)).data
        assert gaps.snapshot() == {}


def test_pending_without_an_answer_ends_and_is_a_refusal() -> None:
    def for_ever(request: bytes, frames: list[Frame]) -> list[Frame]:
        if request[0] != 1 or not frames:
            return frames
        return [Frame(frames[0].at, frames[0].ecu, bytes((3, 0x7F, 1, 0x78)))]

    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        bench.node.fault = for_ever
        asking, gaps = poller(bench.link)
        polled = asking.poll("7E8", (0x0C,))
        assert polled.data == {}
        assert polled.refusal is not None
        assert gaps.snapshot() == {GapKind.REFUSED: 1}


def test_busy_is_asked_again() -> None:
    with CanBench("faulty") as bench:
        bench.link.find_car()
        assert bench.link.request("7E8", b"\x06\x01").messages[0].payload[:2] == b"\x46\x01"


# --- the interface ----------------------------------------------------------------------------------------------------


def test_stop_ends_a_wait() -> None:
    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        bench.node.stop()
        threading.Timer(0.05, bench.stop.set).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            bench.link.request("7E8", b"\x01\x0c")
        assert time.monotonic() - began < 1.0
        print(f"\nstopped {1000 * (time.monotonic() - began - 0.05):.0f} ms after it was asked to")


@pytest.mark.parametrize("error", [can.CanOperationError("gone"), OSError("no such device"), ValueError("closed")])
def test_an_interface_that_is_gone_is_said_in_words(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> None:
        raise error

    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        monkeypatch.setattr(bench.link._bus, "recv", fail)
        with pytest.raises(LinkError) as caught:
            bench.link.request("7E8", b"\x01\x0c")
        assert caught.value.trouble is Trouble.ADAPTER_UNPLUGGED
        monkeypatch.undo()
        monkeypatch.setattr(bench.link._bus, "send", fail)
        with pytest.raises(LinkError) as caught:
            bench.link.request(None, b"\x01\x0c")
        assert caught.value.trouble is Trouble.BUS_ERRORS


def test_error_frames_are_counted_and_hide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with CanBench("compact_petrol") as bench:
        bench.link.find_car()
        receive = bench.link._bus.recv
        errors = iter([can.Message(is_error_frame=True)] * 3)
        monkeypatch.setattr(bench.link._bus, "recv", lambda timeout=None: next(errors, None) or receive(timeout))
        exchange = bench.link.request("7E8", b"\x01\x0c")
        assert exchange.messages[0].payload[:2] == b"\x41\x0c"
        assert [kind for kind, _ in exchange.gaps] == [GapKind.CAN_ERROR] * 3


@pytest.mark.parametrize("address", ["can://socketcan/nocan9", "can://slcan/dev/ttyNOPE", "can://pcan/PCAN_USBBUS1"])
def test_an_interface_that_cannot_be_opened_is_said_in_words(address: str) -> None:
    with Terminal(address) as terminal:
        terminal.until(lambda: terminal.status.trouble is Trouble.BUS_INTERFACE)
        assert terminal.status.state is LinkState.NO_ADAPTER
        assert terminal.status.detail


def test_an_interface_that_is_slow_to_open_can_be_called_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-can's slcan sleeps two seconds while it opens; drivers of others ask their hardware."""
    go_on = threading.Event()
    name = channel()
    closed = threading.Event()

    class Bus(VirtualBus):
        def shutdown(self) -> None:
            closed.set()
            super().shutdown()

    def open_bus(address: CanAddress, bitrate: int | None = None) -> can.BusABC:
        go_on.wait(5.0)
        return Bus(name)

    monkeypatch.setattr(can_bus, "open_bus", open_bus)
    with Terminal(f"can://virtual/{name}") as terminal:
        terminal.until(lambda: terminal.status.trouble is Trouble.OPENING)
        time.sleep(0.1)
        took = terminal.timed_stop()
    assert took < 1.0
    assert not closed.is_set()
    go_on.set()
    assert closed.wait(5.0), "what was opened in vain is closed again"
    print(f"\nstop() while an interface opens: {1000 * took:.0f} ms")


# --- through the engine -----------------------------------------------------------------------------------------------


def test_an_engine_on_a_virtual_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"STALE_S": 0.6, "GIVE_UP_S": 1.0, "LOOK_AGAIN_S": 0.2}.items():
        monkeypatch.setattr(engine, name, value)
    frames: list[tuple[int, bool]] = []

    class Frames(Witness):
        def frame(self, t: float, arbitration_id: int, extended: bool, data: bytes, outgoing: bool) -> None:
            frames.append((arbitration_id, outgoing))

    units = CountingUnits((RememberingCar(), RememberingCar(ecu=0x7E9, count=30_000)))
    witness = Frames({f"{unit.ecu:03X}": unit for unit in units.units})
    names = (*NAMES, *(f"{name}@7E9" for name in NAMES))
    with CanBench(units) as bench, Terminal(bench.address, names=names, witness=witness) as terminal:
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh("engine_speed@7E9", samples=30)
        terminal.until_fresh("engine_speed", samples=30)
        status = terminal.status
        assert status.mode == "can-isotp"
        assert status.adapter is not None
        assert status.adapter.dialect == "can"
        assert [ecu.id for ecu in status.ecus] == ["7E8", "7E9"]
        bench.node.stop()  # the ignition goes off
        terminal.until_not(LinkState.CONNECTED)
        bench.node.start()
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh(samples=5)
        took = terminal.timed_stop()
    assert witness.wrong == []
    assert (0x7E0, True) in frames
    assert (0x7E8, False) in frames
    assert took < 1.0
    print(f"\nstop() on CAN: {1000 * took:.0f} ms")


def test_across_processes_over_multicast() -> None:
    """``udp_multicast`` is the bus that two programs on one machine share without hardware."""
    group = f"239.74.{os.getpid() >> 8 & 0xFF}.{os.getpid() & 0xFF}"
    try:
        with can.Bus(group, interface="udp_multicast", hop_limit=0) as bus:
            bus.send(can.Message(arbitration_id=0x100, is_extended_id=False, data=b"\0"))
    except (can.CanError, OSError) as error:
        print(f"\nno multicast on this machine: {error}")
        pytest.skip(f"no multicast on this machine: {error}")
    program = (
        "import sys; from core.obd.simulator.can_node import serve_can; from core.obd.simulator.car import load_car\n"
        f"node = serve_can('udp_multicast', '{group}', None, load_car(None))\n"
        "print('ready', flush=True); sys.stdin.read(); node.stop()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            with Terminal(f"can://udp_multicast/{group}", names=("engine_speed", "vehicle_speed")) as terminal:
                terminal.until_state(LinkState.CONNECTED)
                terminal.until_fresh(samples=10)
                assert [ecu.id for ecu in terminal.status.ecus] == ["7E8", "7E9"]
        finally:
            process.stdin.close()
            process.wait(5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
@pytest.mark.parametrize("car", ["compact_petrol", "diesel_van"])
def test_a_serial_can_adapter(car: str) -> None:
    name = channel()
    with (
        can.Bus(name, interface="virtual") as bus,
        CanCar(load_car(Path(car)), bus, ecu_s=0.0),
        SlcanBridge(name) as bridge,
        Terminal(f"can://slcan{bridge.path}?bitrate=500000&sleep_after_open=0", names=("engine_speed",)) as terminal,
    ):
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh(samples=10)
        assert "S6" in bridge.commands  # 500 kbit/s
        assert len(terminal.status.ecus) == 2
        bridge.unplug()
        terminal.until_state(LinkState.NO_ADAPTER)
        assert terminal.timed_stop() < 1.0


def test_both_bit_rates_are_tried_where_nobody_named_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A car at 250 kbit/s: the link opens the interface anew, and says at which rate it found the car."""
    name = channel()
    opened: list[int | None] = []

    def open_bus(address: CanAddress, bitrate: int | None = None) -> can.BusABC:
        opened.append(bitrate)
        return can.Bus(name if bitrate == 250_000 else name + "-other", interface="virtual")

    monkeypatch.setattr(can_bus, "open_bus", open_bus)
    with can.Bus(name, interface="virtual") as bus, CanCar(load_car(None), bus, ecu_s=0.0):
        link = CanLink(CanAddress("slcan", "/dev/ttyACM0"), threading.Event())
        try:
            assert discovery.first_masks(link.find_car())
            assert link.protocol == "ISO 15765-4 (CAN 11 bit, 250 kbit/s)"
            assert discovery.first_masks(link.find_car()), "and stays there"
        finally:
            link.close()
    assert opened == [500_000, 250_000]


def test_every_pid_of_a_car_can_be_read_over_can() -> None:
    with CanBench("diesel_van") as bench:
        found = discovery.explore(bench.link, discovery.first_masks(bench.link.find_car()), lambda vin: None)
        asking, gaps = poller(bench.link)
        for ecu in found.ecus:
            for pid in sorted(pid for pid in ecu.supported if by_pid(pid)):
                assert pid in asking.poll(ecu.id, (pid,)).data, f"{ecu.id} {pid:02X}"
        assert gaps.snapshot() == {}
