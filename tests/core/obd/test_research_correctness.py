"""What python-OBD reads wrongly (research/obd.md §2.3), row by row, against our link and decoders.

What each row says of python-OBD stands in the docstring or beside the case.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from core.obd import discovery, signals, wants
from core.obd.discovery import read_vin
from core.obd.gaps import GapCounter, GapKind
from core.obd.link import EcuMessage
from core.obd.monitor_tests import read_tests
from core.obd.poller import Poller
from core.obd.reply import Refused
from core.obd.scheduler import Scheduler, Task, Want
from core.obd.simulator.car import load_car
from core.obd.simulator.faults import FaultKind
from core.obd.trouble_codes import (
    PENDING,
    PERMANENT,
    STORED,
    CodesError,
    decode_codes,
    freeze_frame_code,
    freeze_frame_values,
    read_codes,
    read_freeze_frame,
)
from core.obd.vehicle_information import read_calibrations
from tests.core.obd.scripted_car import CAN_29, ISO_9141, legacy, lines, scripted_car
from tests.core.obd.virtual import bench, patcher


def message(text: str, ecu: str = "7E8") -> EcuMessage:
    return EcuMessage(ecu, bytes.fromhex(text), 1.0)


def poller(link: object) -> tuple[Poller, GapCounter]:
    gaps = GapCounter()
    return Poller(link, gaps, lambda kind, detail: None, lambda message, request: None), gaps  # type: ignore[arg-type]


# --- "no faults" ------------------------------------------------------------------------------------------------------

NOT_AN_ANSWER = [
    "NO DATA", "CAN ERROR", "BUS INIT: ERROR", "STOPPED", "BUFFER FULL", "?", "7E8037F0311", "UNABLE TO CONNECT", "",
]  # fmt: skip


@pytest.mark.parametrize("words", NOT_AN_ANSWER)
@pytest.mark.parametrize("service", [STORED, PENDING, PERMANENT])
def test_no_faults_is_said_only_by_the_car(words: str, service: int) -> None:
    """python-OBD: each of these gives ``GET_DTC`` value=[] with is_null()=False: "no faults"."""
    text = words.replace("7F03", f"7F{service:02X}")
    link, _ = scripted_car({f"{service:02X}": text})
    reading = read_codes(link, service, counted=True)
    assert reading.silent
    assert reading.units == ()
    assert reading.words() == "the car did not answer"
    assert reading.refusals == ({"7E8": Refused(0x11)} if "7F" in words else {})


@pytest.mark.parametrize("words", ["NO DATA", "BUS INIT: ...ERROR", "STOPPED", "BUFFER FULL", "?", "FB ERROR"])
def test_no_faults_on_the_older_protocols_too(words: str) -> None:
    link, _ = scripted_car({"03": words}, ISO_9141)
    assert read_codes(link, STORED, counted=False).words() == "the car did not answer"


def test_no_faults_where_the_car_says_so() -> None:
    link, _ = scripted_car({"03": "7E8024300"})
    reading = read_codes(link, STORED, counted=True)
    assert [(unit.ecu, unit.codes) for unit in reading.units] == [("7E8", ())]
    assert reading.words() == "no faults"
    link, _ = scripted_car({"03": legacy(bytes.fromhex("43000000000000"))}, ISO_9141)
    assert read_codes(link, STORED, counted=False).words() == "no faults"


@pytest.mark.parametrize("words", ["BUFFER FULL", "7E9024", "CAN ERROR", "7E90243#0"])
def test_no_faults_is_not_said_when_part_of_the_answer_was_lost(words: str) -> None:
    link, port = scripted_car({"03": f"7E8024300\r{words}"})
    reading = read_codes(link, STORED, counted=True)
    assert reading.disturbed
    assert reading.words() == "part of the answer was lost"
    assert port.sent.count("03") == 3, "it asks again"


def test_a_unit_that_refuses_is_named_beside_the_verdict_of_the_others() -> None:
    link, _ = scripted_car({"03": "7E8024300\r7EA037F0311"})
    assert read_codes(link, STORED, counted=True).words() == "no faults; 7EA would not say"


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        (FaultKind.NO_DATA, {}),
        (FaultKind.CAN_ERROR, {}),
        (FaultKind.BUS_INIT_ERROR, {}),
        (FaultKind.STOPPED, {}),
        (FaultKind.COMPLAINT, {"text": "?"}),
        (FaultKind.NEGATIVE, {"nrc": 0x11}),
        (FaultKind.DROP, {}),
    ],
    ids=str,
)
def test_no_faults_through_the_whole_stack(
    fault: FaultKind, more: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path("compact_petrol")), model="usb115200")
    link = rig.plug_in()
    link.find_car()
    for _ in range(2 if fault is FaultKind.DROP else 1):  # both control units
        rig.board.inject(fault.value, count=10, **more)
    reading = read_codes(link, STORED, counted=True)
    assert reading.words() != "no faults"
    rig.board.clear()
    assert read_codes(link, STORED, counted=True).words() == "no faults"


# --- negative replies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pid", [0x0C, 0x0D, 0x05, 0x04, 0x02])
@pytest.mark.parametrize("code", [0x10, 0x11, 0x12, 0x22, 0x31])
def test_a_negative_reply_is_a_typed_refusal_and_never_data(pid: int, code: int) -> None:
    """python-OBD: ``7F 01 12`` is 1088-1152 rpm, coolant -22 °C."""
    link, _ = scripted_car({f"01{pid:02X}": f"7E8037F01{code:02X}"})
    asking, gaps = poller(link)
    polled = asking.poll("7E8", (pid,))
    assert polled.data == {}
    assert polled.refusal == Refused(code)
    assert gaps.snapshot() == {GapKind.REFUSED: 1}


def test_the_answer_after_pending_is_the_answer() -> None:
    """python-OBD: ``7F xx 78`` and the reply give None."""
    link, _ = scripted_car({"010C": "7E8037F0178\r7E804410C1AF8"})
    asking, _ = poller(link)
    assert asking.poll("7E8", (0x0C,)).data[0x0C][1] == b"\x1a\xf8"


def test_pending_extends_the_deadline_where_the_adapter_does_not_wait_by_itself() -> None:
    replies = iter(["7E8037F0178", "7E8037F0178\r7E804410C1AF8"])
    link, port = scripted_car({"010C": lambda: next(replies)})
    asking, _ = poller(link)
    assert asking.poll("7E8", (0x0C,)).data[0x0C][1] == b"\x1a\xf8"
    assert "ATSTC8" in port.sent


def test_busy_is_asked_again() -> None:
    replies = iter(["7E8037F0121", "7E8037F0121", "7E804410C1AF8"])
    link, port = scripted_car({"010C": lambda: next(replies)})
    asking, _ = poller(link)
    assert asking.poll("7E8", (0x0C,)).data[0x0C][1] == b"\x1a\xf8"
    assert port.sent.count("010C") == 3


def test_busy_for_ever_is_a_refusal() -> None:
    link, port = scripted_car({"010C": "7E8037F0121"})
    asking, _ = poller(link)
    assert asking.poll("7E8", (0x0C,)).refusal == Refused(0x21)
    assert port.sent.count("010C") < 6


# --- the trace of python-OBD issue #254 -------------------------------------------------------------------------------

ISSUE_254 = (
    "18 DA F1 11 04 41 0C 17 10 \r18 DA F1 28 02 47 00 \r18 DA F1 18 02 47 00 \r18 DA F1 40 02 47 00 \r"
    "18 DA F1 11 06 47 02 22 6D 22 6E \r18 DA F1 11 03 41 0D 00 \r18 DA F1 11 03 41 11 48 "
)


def test_stray_answers_do_not_hide_pending_codes() -> None:
    """python-OBD: the engine running, late 41 0C, 0D and 11 among the answers to 07: returns []."""
    link, _ = scripted_car({"07": ISSUE_254}, CAN_29)
    reading = read_codes(link, PENDING, counted=True)
    assert {unit.ecu: unit.codes for unit in reading.units} == {
        "18DAF111": ("P226D", "P226E"),
        "18DAF118": (),
        "18DAF128": (),
        "18DAF140": (),
    }
    assert reading.words() == "2 faults"


# --- VIN and calibration ids ------------------------------------------------------------------------------------------

VINS = ["1HGCM82633A004352", "2T1BURHE0JC012120", "WVWZZZAUZJW104278"]


@pytest.mark.parametrize("vin", VINS)
def test_the_vin_over_can_is_whole(vin: str) -> None:
    """python-OBD strips the characters 0 1 2 x at both ends: HGCM82633A00435, T1BURHE0JC."""
    link, _ = scripted_car({"0902": lines("7E8", b"\x49\x02\x01" + vin.encode())})
    assert read_vin(link) == vin


@pytest.mark.parametrize("vin", VINS)
def test_the_vin_over_the_older_protocols_is_whole(vin: str) -> None:
    filled = b"\0\0\0" + vin.encode()
    parts = [legacy(b"\x49\x02" + bytes([n + 1]) + filled[4 * n : 4 * n + 4]) for n in range(5)]
    link, _ = scripted_car({"0902": "\r".join(parts)}, ISO_9141)
    assert read_vin(link) == vin
    link, _ = scripted_car({"0902": "\r".join(parts[:2] + parts[3:])}, ISO_9141)
    assert read_vin(link) == "", "a part is missing: no VIN is better than a wrong one"


@pytest.mark.parametrize("vin", VINS)
@pytest.mark.parametrize("car", ["compact_petrol", "diesel_van", "old_hatchback"])
def test_the_vin_through_the_whole_stack(vin: str, car: str, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = load_car(Path(car))
    simulated.spec = replace(simulated.spec, vin=vin)
    rig = bench(patcher(monkeypatch), simulated, model="usb115200")
    link = rig.plug_in()
    link.find_car()
    assert read_vin(link) == vin


@pytest.mark.parametrize(
    "answer",
    [
        lines("7E8", b"\x49\x02\x01" + b"1HGCM82633A00435"),  # sixteen characters
        lines("7E8", b"\x49\x02\x01" + b"1HGCM82633A0O4352"),  # an O, which no VIN has
        lines("7E8", b"\x49\x02\x01" + b"\xff" * 17),
        "7E8037F0912",
        "NO DATA",
        lines("7E8", b"\x49\x04\x01" + b"37805-RWC-A520\0\0"),
    ],
)
def test_what_is_no_vin_is_none(answer: str) -> None:
    link, _ = scripted_car({"0902": answer})
    assert read_vin(link) == ""


@pytest.mark.parametrize("text", ["37805-RWC-A520", "0212022001120210", "20"])
def test_calibration_ids_are_whole(text: str) -> None:
    """python-OBD: "Same for CALIBRATION_ID.\""""
    link, _ = scripted_car({"0904": lines("7E8", b"\x49\x04\x01" + text.encode().ljust(16, b"\0"))})
    assert read_calibrations(link) == {"7E8": (text,)}
    parts = text.encode().ljust(16, b"\0")
    old = [legacy(b"\x49\x04" + bytes([n + 1]) + parts[4 * n : 4 * n + 4]) for n in range(4)]
    link, _ = scripted_car({"0904": "\r".join(old)}, ISO_9141)
    assert read_calibrations(link) == {"10": (text,)}
    link, _ = scripted_car({"0904": "\r".join(old[1:])}, ISO_9141)
    assert read_calibrations(link) == {}


def test_several_calibration_ids_of_several_units(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path("hybrid")), model="usb115200")
    link = rig.plug_in()
    link.find_car()
    assert read_calibrations(link)["7E8"] == ("34715200", "A4701000")


# --- freeze frames ----------------------------------------------------------------------------------------------------


def test_a_freeze_frame_is_decoded_behind_its_frame_number() -> None:
    """python-OBD: ``42 0C 00 1A F8`` is 6.5 rpm, 83 °C is -40, and P0171 is P0001."""
    assert freeze_frame_values(message("420C001AF8"), 0x0C, 0) == {"engine_speed": 1726.0}
    assert freeze_frame_values(message("4205007B"), 0x05, 0) == {"coolant_temperature": 83.0}
    assert freeze_frame_code(message("4202000171"), 0) == "P0171"


def test_the_frame_number_is_sent_and_must_come_back() -> None:
    """python-OBD sends ``020C`` without the frame number."""
    link, port = scripted_car({"020C00": "7E805420C001AF8", "020C01": "7E805420C001AF8"})
    assert read_freeze_frame(link, "7E8", 0x0C) == {"engine_speed": 1726.0}
    assert "020C00" in port.sent
    assert read_freeze_frame(link, "7E8", 0x0C, frame=1) is None, "that is frame 0"
    assert "020C01" in port.sent


@pytest.mark.parametrize("payload", ["7F0212", "420C00", "420C001A", "420C001AF800", "410C1AF8", "420D001AF8"])
def test_what_is_no_freeze_frame_is_none(payload: str) -> None:
    assert freeze_frame_values(message(payload), 0x0C, 0) is None
    assert freeze_frame_code(message(payload), 0) is None


def test_both_freeze_frames_of_a_car_through_the_whole_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path("faulty")), model="usb115200")
    link = rig.plug_in()
    link.find_car()
    assert read_freeze_frame(link, "7E8", 0x0C) == {"engine_speed": 1726.0}
    assert read_freeze_frame(link, "7E8", 0x05) == {"coolant_temperature": 83.0}
    assert read_freeze_frame(link, "7E8", 0x0C, frame=1) == {"engine_speed": 748.0}
    codes = [freeze_frame_code(m, n) for n in (0, 1) for m in link.request("7E8", bytes([2, 2, n])).messages]
    assert codes == ["P0301", "P0171"]


# --- several control units --------------------------------------------------------------------------------------------


def test_the_codes_of_each_unit_are_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD concatenates all ECUs' codes with no ECU name."""
    rig = bench(patcher(monkeypatch), load_car(Path("faulty")), model="usb115200")
    link = rig.plug_in()
    link.find_car()
    reading = read_codes(link, STORED, counted=True)
    assert {unit.ecu: unit.codes for unit in reading.units} == {"7E8": ("P0171", "P0301"), "7E9": ("P0730",)}
    assert reading.refusals == {"7EA": Refused(0x11)}
    assert reading.words() == "3 faults; 7EA would not say"
    assert {u.ecu: u.codes for u in read_codes(link, PERMANENT, counted=True).units} == {"7E8": ("P0301",)}


def test_what_only_another_unit_knows_is_found_and_asked_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD filters Mode 01 to the engine: hybrid and transmission PIDs look unsupported."""
    rig = bench(patcher(monkeypatch), load_car(Path("hybrid")), model="usb115200")
    link = rig.plug_in()
    car = discovery.explore(link, discovery.first_masks(link.find_car()), lambda vin: None)
    assert [ecu.id for ecu in car.ecus] == ["7E8", "7EA", "7EB"]
    name = signals.by_pid(0x5B)[0].name
    assert name in wants.available(car.ecus)
    plan = wants.resolve({"screen": {name: 1.0, "engine_speed": 1.0, f"{name}@7EB": 1.0}}, car.ecus)
    assert [(want.ecu, want.pid) for want in plan] == [("7EA", 0x5B), ("7E8", 0x0C), ("7EB", 0x5B)]
    asking, gaps = poller(link)
    assert 0x5B in asking.poll("7EA", (0x5B,)).data
    assert 0x5B in asking.poll("7EB", (0x5B,)).data
    assert gaps.snapshot() == {}


# --- header state -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("car", ["compact_petrol", "diesel_van"])
@pytest.mark.parametrize("dialect", ["elm327", "clone", "stn", "clone-v2.1"])
def test_after_a_physical_request_everybody_is_still_reached(
    car: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """python-OBD: after a custom header 03, 07 and 09 are asked of the engine only."""
    rig = bench(patcher(monkeypatch), load_car(Path(car)), model="usb115200", dialect=dialect)
    link = rig.plug_in()
    everybody = set(discovery.first_masks(link.find_car()))
    assert len(everybody) == 2
    for ecu in sorted(everybody):
        assert {m.ecu for m in link.request(ecu, b"\x01\x0d").messages} == {ecu}
        assert {m.ecu for m in link.request(None, b"\x03").messages} == everybody
        assert set(discovery.first_masks(link.find_car())) == everybody, "also when the car is looked for anew"


def test_a_header_that_was_not_confirmed_is_said_again() -> None:
    refusals = iter(["?", "OK", "OK", "OK"])
    link, port = scripted_car({"ATSH7E0": lambda: next(refusals), "010C": "7E804410C1AF8"})
    link.request("7E8", b"\x01\x0c")
    link.request("7E8", b"\x01\x0c")
    link.request("7E8", b"\x01\x0c")
    assert port.sent.count("ATSH7E0") == 2


# --- Mode 06 ----------------------------------------------------------------------------------------------------------


def test_two_tests_in_one_reply_and_makers_tests_are_kept_apart() -> None:
    """python-OBD: works on CAN, but a maker's test is "Unknown" and overwrites the one before; unknown UAS: dropped."""
    masks = {"0600": lines("7E8", b"\x46\x00\xc0\x00\x00\x00")}
    first = bytes.fromhex("46 01 80 10 002A 0000 007801 81 0B 0100 0000 0200")
    second = bytes.fromhex("46 02 80 7F FFFE 0000 FFFF")
    link, _ = scripted_car({**masks, "0601": lines("7E8", first), "0602": lines("7E8", second)})
    found = read_tests(link, "7E8")
    assert set(found) == {(0x01, 0x80), (0x01, 0x81), (0x02, 0x80)}
    assert (found[0x01, 0x80].value, found[0x01, 0x80].unit) == (42.0, "ms")
    assert found[0x01, 0x81].value == pytest.approx(0.256)
    assert found[0x01, 0x81].unit == "V"
    raw = found[0x02, 0x80]
    assert (raw.known, raw.value, raw.raw, raw.unit) == (False, 65534.0, (65534, 0, 65535), "")


# --- counts -----------------------------------------------------------------------------------------------------------


def test_mode_01_goes_on_beyond_5f() -> None:
    """python-OBD has 96 PIDs and stops at 5F."""
    beyond = [pid for pid in range(0x60, 0xC5) if signals.by_pid(pid)]
    assert len(beyond) > 60
    assert signals.decode(0x61, b"\x7d") == {signals.by_pid(0x61)[0].name: 0.0}
    assert signals.decode(0xA6, b"\x00\x01\xd9\x6a") == {"odometer": 12119.4}


def test_lambda_of_wideband_sensors_is_decoded() -> None:
    """python-OBD gives the volts or milliamperes of 24-2B and 34-3B and drops lambda."""
    for pid in (*range(0x24, 0x2C), *range(0x34, 0x3C)):
        values = signals.decode(pid, b"\x80\x00\x40\x00")
        ratios = [value for name, value in values.items() if "equivalence" in name or "lambda" in name]
        assert ratios == [pytest.approx(1.0, abs=1e-4)], (f"{pid:02X}", values)
        assert len(values) == 2


def test_4f_and_5f_are_decoded() -> None:
    """python-OBD does not decode either, and half of 55-58."""
    assert signals.decode(0x4F, b"\x02\x05\x80\xff")
    assert signals.decode(0x5F, b"\x0e")
    for pid in range(0x55, 0x59):
        assert len(signals.decode(pid, b"\x80\xa0")) == 2


def test_permanent_codes_are_read() -> None:
    """python-OBD has no Mode 0A."""
    link, _ = scripted_car({"0A": "7E8044A010301"})
    reading = read_codes(link, PERMANENT, counted=True)
    assert [(unit.ecu, unit.codes) for unit in reading.units] == [("7E8", ("P0301",))]


def test_codes_of_all_four_letters_and_all_messages() -> None:
    """python-OBD: P and U only; of several codes on the older protocols one (issue #284); the count byte on CAN."""
    assert decode_codes(3, bytes.fromhex("43040171C12345ABA123"), counted=True) == (
        "P0171",
        "U0123",
        "C05AB",
        "B2123",
    )
    link, _ = scripted_car(
        {"03": "\r".join([legacy(bytes.fromhex("43013503400443")), legacy(bytes.fromhex("43135100000000"))])}, ISO_9141
    )
    reading = read_codes(link, STORED, counted=False)
    assert reading.units[0].codes == ("P0135", "P0340", "P0443", "P1351")
    with pytest.raises(CodesError):
        decode_codes(3, bytes.fromhex("43014301960234"), counted=True)  # a simulator without the count byte


def test_a_reply_with_several_pids_is_split() -> None:
    """python-OBD: its parser reassembles ``410c1af80d32057b``, but no command can split it."""
    text = lines("7E8", bytes.fromhex("410C1AF80D32057B"))
    link, _ = scripted_car({"010C0D05": text})
    asking, gaps = poller(link)
    polled = asking.poll("7E8", (0x0C, 0x0D, 0x05))
    assert {pid: data.hex() for pid, (_, data) in polled.data.items()} == {0x0C: "1af8", 0x0D: "32", 0x05: "7b"}
    assert gaps.snapshot() == {}


@pytest.mark.parametrize("car", ["compact_petrol", "hybrid", "diesel_van"])
def test_batches_are_used_and_split_through_the_whole_stack(car: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path(car)), model="usb115200")
    link = rig.plug_in()
    found = discovery.explore(link, discovery.first_masks(link.find_car()), lambda vin: None)
    main = found.ecus[0]
    pids = [pid for pid in sorted(main.supported) if signals.by_pid(pid)]
    link.learn_abilities(main.id, [pid for pid in pids if pid > 2][:6])
    assert link.max_pids == 6
    scheduler = Scheduler()
    scheduler.want([Want(main.id, pid, 2.0) for pid in pids], rig.clock.now)
    asking, gaps = poller(link)
    answered: set[int] = set()
    for _ in range(60):
        task = scheduler.next(rig.clock.now, link.max_pids)
        if not isinstance(task, Task):
            rig.clock.now += min(task, 0.05)
            continue
        polled = asking.poll(task.ecu, task.pids)
        scheduler.done(task, polled.data, rig.clock.now)
        answered |= polled.data.keys()
    assert answered == set(pids), [f"{pid:02X}" for pid in set(pids) - answered]
    assert gaps.snapshot() == {}
