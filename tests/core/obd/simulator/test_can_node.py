"""A simulated car on a CAN bus: addressing, segmentation under the tester's flow control, and faults on the wire."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import can
import isotp
import pytest

from core.obd.bytelink import LinkError
from core.obd.simulator.can_node import CanCar, serve_can, wrong_sequence
from core.obd.simulator.can_sender import FLOW_CONTROL_S, Transmission, separation_s
from core.obd.simulator.car import Car, load_car
from core.obd.simulator.framing import Frame, can_frames

SAFETY_S = 5.0  # for what must come
SILENCE_S = 0.08  # for what must not
_channels = itertools.count()
GO_ON = b"\x30\x00\x00"


class Bench:
    """A tester and a car on one virtual bus. Frames are hexadecimal text, ``"7E8 03 41 05 3A …"``."""

    def __init__(self, car: Car, ecu_s: float | None = 0.0) -> None:
        channel = f"can-node-{next(_channels)}"
        self.wide = car.protocol in "79"
        self.tester = can.Bus(channel, interface="virtual")
        self._bus = can.Bus(channel, interface="virtual")
        self.node = CanCar(car, self._bus, ecu_s=ecu_s)

    def __enter__(self) -> Self:
        self.node.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.node.stop()
        self.tester.shutdown()
        self._bus.shutdown()

    def put(self, target: int, data: bytes) -> None:
        self.tester.send(can.Message(arbitration_id=target, is_extended_id=self.wide, data=data))

    def ask(self, request: str, target: int = 0x7E0) -> None:
        data = bytes.fromhex(request)
        self.put(target, bytes((len(data),)) + data)

    def frame(self, wait: float = SAFETY_S) -> str:
        message = self.tester.recv(wait)
        assert message is not None, "no frame came"
        return f"{message.arbitration_id:X} {bytes(message.data).hex(' ').upper()}"

    def frames(self, count: int) -> list[str]:
        return [self.frame() for _ in range(count)]

    def quiet(self) -> bool:
        return self.tester.recv(SILENCE_S) is None


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench(load_car(None, seed=1)) as bench:
        yield bench


# --- addressing -------------------------------------------------------------------------------------------------------


def test_a_functional_request_is_answered_by_every_unit(bench: Bench) -> None:
    bench.ask("0105", 0x7DF)
    assert sorted(bench.frames(2)) == ["7E8 03 41 05 3A 00 00 00 00", "7E9 03 41 05 3A 00 00 00 00"]
    assert bench.quiet()


def test_a_physical_request_is_answered_by_one_unit(bench: Bench) -> None:
    bench.ask("0105", 0x7E1)
    assert bench.frame() == "7E9 03 41 05 3A 00 00 00 00"
    assert bench.quiet()


def test_requests_to_nobody_and_broken_ones_are_ignored(bench: Bench) -> None:
    bench.ask("0105", 0x7E5)
    bench.ask("0105", 0x123)
    bench.put(0x7DF, b"")
    bench.put(0x7DF, b"\x00")
    bench.put(0x7DF, b"\x08\x01\x05")
    bench.put(0x7DF, b"\x05\x01\x05")  # says five bytes, has two
    bench.put(0x7E0, b"\x30\x00\x00")  # flow control for nothing
    bench.put(0x7E0, b"\x21\x01\x05")  # a consecutive frame of nothing
    bench.tester.send(can.Message(arbitration_id=0x7DF, is_extended_id=True, data=b"\x02\x01\x05"))
    bench.tester.send(can.Message(arbitration_id=0x7DF, is_extended_id=False, is_remote_frame=True, dlc=3))
    assert bench.quiet()
    bench.ask("0105")
    assert bench.frame().startswith("7E8 03 41 05")


def test_a_29_bit_car() -> None:
    with Bench(load_car(Path("diesel_van"), seed=1)) as bench:
        bench.ask("0105", 0x18DB33F1)
        assert bench.frame() == "18DAF110 03 41 05 31 55 55 55 55"
        bench.ask("0105", 0x18DA10F1)
        assert bench.frame().startswith("18DAF110 03 41 05")
        bench.ask("010D", 0x18DB33F1)
        assert sorted(text[:8] for text in bench.frames(2)) == ["18DAF110", "18DAF11D"]


@pytest.mark.parametrize(("car", "padding"), [("compact_petrol", "00"), ("faulty", "AA")])
def test_short_frames_are_padded_as_the_car_does(car: str, padding: str) -> None:
    with Bench(load_car(Path(car))) as bench:
        bench.ask("3E00")
        assert bench.frame() == "7E8 02 7E 00" + f" {padding}" * 5


def test_a_car_without_can_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="has no CAN bus"):
        CanCar(load_car(Path("old_hatchback")), can.Bus("no-can", interface="virtual"))


# --- long answers -----------------------------------------------------------------------------------------------------

VIN = ["7E8 10 14 49 02 01 57 56 57", "7E8 21 5A 5A 5A 41 55 5A 4A", "7E8 22 57 31 30 34 32 37 38"]


def test_a_long_answer_waits_for_flow_control(bench: Bench) -> None:
    bench.ask("0902")
    assert bench.frame() == VIN[0]
    assert bench.quiet()
    bench.put(0x7E0, GO_ON)
    assert bench.frames(2) == VIN[1:]
    assert bench.quiet()


def test_the_block_size_is_honoured(bench: Bench) -> None:
    bench.ask("0908")  # 35 bytes: a first frame and five more
    bench.frame()
    seen: list[str] = []
    for _ in range(3):
        bench.put(0x7E0, b"\x30\x02\x00")
        seen += [bench.frame()[4:6], *([bench.frame()[4:6]] if len(seen) < 4 else [])]
        assert bench.quiet()
    assert seen == ["21", "22", "23", "24", "25"]


def test_wait_is_waited_for_and_overflow_ends_it(bench: Bench) -> None:
    bench.ask("0902")
    bench.frame()
    for _ in range(3):
        bench.put(0x7E0, b"\x31\x00\x00")
        assert bench.quiet()
    bench.put(0x7E0, GO_ON)
    assert bench.frames(2) == VIN[1:]
    bench.ask("0902")
    bench.frame()
    bench.put(0x7E0, b"\x32\x00\x00")
    bench.put(0x7E0, GO_ON)
    assert bench.quiet()
    assert bench.node.unfinished == 1


def test_a_new_request_ends_an_answer_that_is_stuck(bench: Bench) -> None:
    bench.ask("0902")
    assert bench.frame() == VIN[0]
    bench.ask("0105")
    assert bench.frame().startswith("7E8 03 41 05")
    bench.put(0x7E0, GO_ON)
    assert bench.quiet()
    bench.ask("0902")
    assert bench.frame() == VIN[0]


def test_tester_present_interrupts_nothing(bench: Bench) -> None:
    bench.ask("0902")
    assert bench.frame() == VIN[0]
    bench.ask("3E80", 0x7DF)
    assert bench.quiet()
    bench.put(0x7E0, GO_ON)
    assert bench.frames(2) == VIN[1:]


def test_two_units_send_long_answers_at_once(bench: Bench) -> None:
    bench.ask("0904", 0x7DF)
    assert sorted(text[:12] for text in bench.frames(2)) == ["7E8 10 13 49", "7E9 10 13 49"]
    bench.put(0x7E1, GO_ON)
    assert [text[:6] for text in bench.frames(2)] == ["7E9 21", "7E9 22"]
    bench.put(0x7E0, GO_ON)
    assert [text[:6] for text in bench.frames(2)] == ["7E8 21", "7E8 22"]


def test_a_long_request_is_put_together(bench: Bench) -> None:
    bench.put(0x7E0, bytes.fromhex("100922F190F195F1"))
    assert bench.frame().startswith("7E8 30 00 00")
    bench.put(0x7E0, bytes.fromhex("218C0102"))
    first = bench.frame()
    assert first.startswith("7E8 10 25 62 F1 90")  # VIN, version and serial number: 37 bytes; 0102 is unknown
    assert bench.node.answered == 1


def test_a_long_request_on_29_bit_ids() -> None:
    with Bench(load_car(Path("diesel_van"), seed=1)) as bench:
        bench.put(0x18DA10F1, bytes.fromhex("100922F18CF18CF1"))
        assert bench.frame().startswith("18DAF110 30 00 00")
        bench.put(0x18DA10F1, bytes.fromhex("218C0102"))
        assert bench.frame().startswith("18DAF110 10 25 62 F1 8C")  # three times 12 bytes: 37 with the service


@pytest.mark.parametrize("padding", [0x55, None])
@pytest.mark.parametrize(("stmin", "blocksize"), [(0, 0), (2, 3), (0xF5, 1)])
def test_can_isotp_reads_every_long_answer(padding: int | None, stmin: int, blocksize: int) -> None:
    """Another implementation of ISO 15765-2 agrees with ours, with its own flow control."""
    with Bench(load_car(None, seed=1)) as bench:
        stack = isotp.CanStack(
            bench.tester,
            address=isotp.Address(isotp.AddressingMode.Normal_11bits, txid=0x7E0, rxid=0x7E8),
            params={"stmin": stmin, "blocksize": blocksize, "tx_padding": padding, "blocking_send": False},
        )
        stack.start()
        try:
            for request, length in (
                (b"\x09\x02", 20),
                (b"\x09\x08", 35),
                (b"\x01\x0c\x0d\x05\x04\x0b\x10", 15),
                (b"\x03", 2),
            ):
                stack.send(request)
                answer = stack.recv(block=True, timeout=SAFETY_S)
                assert answer is not None
                assert answer[:2] == bytes((request[0] + 0x40, *request[1:2])) or request == b"\x03"
                assert len(answer) == length
        finally:
            stack.stop()


# --- the sender by itself, on a clock of its own ----------------------------------------------------------------------


def sending(length: int) -> tuple[Transmission, list[Frame]]:
    sent: list[Frame] = []
    return Transmission(can_frames(0x7E8, bytes(length), 0.0, 0.0), sent.append), sent


def test_separation_time_is_kept() -> None:
    entry, sent = sending(40)
    entry.run(0.0)
    entry.flow_control(b"\x30\x00\x14", 0.1)  # 20 ms
    assert len(sent) == 2
    entry.run(0.119)
    assert len(sent) == 2
    for now in (0.1201, 0.1402, 0.1603, 0.1804):
        entry.run(now)
    assert len(sent) == 6
    assert entry.done
    assert not entry.given_up


@pytest.mark.parametrize(
    ("st_min", "seconds"), [(0x00, 0.0), (0x7F, 0.127), (0xF1, 0.0001), (0xF9, 0.0009), (0x80, 0.127), (0xFA, 0.127)]
)
def test_separation_times_by_the_standard(st_min: int, seconds: float) -> None:
    assert separation_s(st_min) == pytest.approx(seconds)


def test_a_tester_that_says_nothing_is_given_up() -> None:
    entry, sent = sending(40)
    entry.run(5.0)
    entry.run(5.0 + FLOW_CONTROL_S - 0.01)
    assert not entry.done
    entry.run(5.0 + FLOW_CONTROL_S)
    assert entry.given_up
    entry.flow_control(GO_ON, 6.1)
    assert len(sent) == 1


def test_a_wait_frame_starts_the_clock_again() -> None:
    entry, sent = sending(20)
    entry.run(0.0)
    for now in (0.9, 1.8, 2.7):
        entry.run(now)
        entry.flow_control(b"\x31\x00\x00", now)
    entry.flow_control(GO_ON, 3.6)
    assert len(sent) == 3
    assert entry.done


# --- faults -----------------------------------------------------------------------------------------------------------


def test_dropped_duplicated_and_shortened_frames(bench: Bench) -> None:
    bench.node.faults.inject("drop")
    bench.ask("0105")
    assert bench.quiet()
    bench.node.faults.inject("duplicate")
    bench.ask("0105")
    assert bench.frames(2) == ["7E8 03 41 05 3A 00 00 00 00"] * 2
    bench.node.faults.inject("short", bytes=2)
    bench.ask("0105")
    assert bench.frame() == "7E8 03 41"
    assert bench.node.faults.injected == {"drop": 1, "duplicate": 1, "short": 1}


def test_a_late_answer_comes_with_the_next_one(bench: Bench) -> None:
    bench.node.faults.inject("late")
    bench.ask("0105")
    assert bench.quiet()
    bench.ask("010D")
    assert bench.frames(2) == ["7E8 03 41 05 3A 00 00 00 00", "7E8 03 41 0D 00 00 00 00 00"]


def test_foreign_and_negative_replies(bench: Bench) -> None:
    bench.node.faults.inject("foreign", mode="ecu")
    bench.ask("0105")
    assert sorted(text[:3] for text in bench.frames(2)) == ["7E8", "7EF"]
    bench.node.faults.inject("negative", nrc=0x78, delay_s=0.01)
    bench.ask("0105")
    assert bench.frames(2) == ["7E8 03 7F 01 78 00 00 00 00", "7E8 03 41 05 3A 00 00 00 00"]


def test_a_hook_may_do_anything_to_the_frames(bench: Bench) -> None:
    bench.node.fault = wrong_sequence
    bench.ask("0902")
    bench.frame()
    bench.put(0x7E0, GO_ON)
    assert [text[4:6] for text in bench.frames(2)] == ["21", "23"]
    bench.node.fault = lambda _request, frames: frames[:1]
    bench.ask("0105", 0x7DF)
    bench.frame()
    assert bench.quiet()
    bench.node.fault = None
    bench.ask("0105", 0x7DF)
    bench.frames(2)


def test_a_lost_first_frame_takes_the_rest_with_it(bench: Bench) -> None:
    bench.node.fault = lambda _request, frames: frames[1:]
    bench.ask("0902")
    assert bench.quiet()
    bench.node.fault = None
    bench.ask("0105")
    bench.frame()


def test_with_the_ignition_off_nobody_answers(bench: Bench) -> None:
    bench.node.faults.inject("ignition_off", seconds=60)
    bench.ask("0105")
    assert bench.quiet()
    bench.node.faults.clear()
    bench.ask("0105")
    bench.frame()


# --- serving ----------------------------------------------------------------------------------------------------------


def test_the_units_own_delays_are_kept() -> None:
    with Bench(load_car(Path("faulty"), seed=1), ecu_s=None) as bench:
        begin = time.monotonic()
        bench.ask("0902")
        said = [bench.frame()[4:15] for _ in range(3)]
        assert said[:2] == ["03 7F 09 78", "03 7F 09 78"]
        assert said[2].startswith("10 14 49 02")
        assert time.monotonic() - begin > 0.24  # never early


def test_a_thousand_requests_are_all_answered(bench: Bench) -> None:
    for n in range(1000):
        bench.ask("010C0D" if n % 2 else "0105")
        assert bench.frame().startswith("7E8 06 41 0C" if n % 2 else "7E8 03 41 05")
    assert bench.node.answered == 1000


def test_serve_can_opens_and_closes_its_own_bus() -> None:
    channel = f"serve-{next(_channels)}"
    node = serve_can("virtual", channel, None, load_car(None, seed=1), ecu_s=0.0)
    tester = can.Bus(channel, interface="virtual")
    try:
        assert node.address == f"can://virtual/{channel}"
        tester.send(can.Message(arbitration_id=0x7E0, is_extended_id=False, data=b"\x02\x01\x05"))
        message = tester.recv(SAFETY_S)
        assert message is not None
        assert message.arbitration_id == 0x7E8
    finally:
        node.stop()
        tester.shutdown()


def test_a_bus_that_cannot_be_opened_is_said_in_words() -> None:
    with pytest.raises(LinkError, match="socketcan"):
        serve_can("socketcan", "no-such-can9", None, load_car(None))


def test_stop_and_start_again(bench: Bench) -> None:
    bench.node.stop()
    bench.ask("0105")
    assert bench.quiet()
    while bench.tester.recv(0) is not None:
        pass
    bench.node.start()
    bench.ask("010D")
    assert bench.frame().startswith("7E8 03 41")
