"""What a simulated car says to J1979 requests: who answers, with what, how late, and when nobody does."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import resources
from core.obd import signals
from core.obd.simulator.car import Car, load_car
from core.obd.simulator.car_file import read_car
from core.obd.simulator.driving import DrivingModel

ECM, TCM = 0x7E8, 0x7E9
CARS = ("compact_petrol", "demo", "diesel_van", "old_hatchback", "hybrid", "faulty")


def ask(car: Car, request: str, target: int | None = None, now: float = 0.0) -> dict[int, list[str]]:
    """Payloads as hexadecimal text, by control unit."""
    said: dict[int, list[str]] = {}
    for reply in car.answer(bytes.fromhex(request), target, now):
        said.setdefault(reply.ecu, []).append(reply.payload.hex(" "))
    return said


def one(car: Car, request: str, target: int = 0x7E0, now: float = 0.0) -> str:
    """The only answer to a physical request."""
    (said,) = ask(car, request, target, now).values()
    assert len(said) == 1
    return said[0]


@pytest.fixture
def compact() -> Car:
    return load_car(None, seed=3)


@pytest.fixture
def faulty() -> Car:
    return load_car(Path("faulty"), seed=3)


@pytest.mark.parametrize("name", CARS)
def test_every_shipped_car_answers_all_that_its_masks_promise(name: str) -> None:
    car = load_car(Path(name), seed=1)
    for ecu in car.ecus:
        promised: list[int] = []
        base: int | None = 0
        while base is not None:
            payload = bytes.fromhex(one(car, f"01{base:02X}", ecu.spec.request))
            assert payload[:2] == bytes((0x41, base))
            found = signals.supported_from_mask(base, payload[2:])
            promised += [pid for pid in sorted(found) if pid % 0x20]
            base = base + 0x20 if base + 0x20 in found else None
        assert promised == list(ecu.spec.pids)
        for pid in promised:
            payload = bytes.fromhex(one(car, f"01{pid:02X}", ecu.spec.request, 60.0))
            assert payload[:2] == bytes((0x41, pid))
            assert signals.decode(pid, payload[2:])  # raises unless the length is the PID's


def test_a_functional_request_is_answered_by_every_unit_that_has_the_pid(compact: Car) -> None:
    assert set(ask(compact, "010C")) == {ECM, TCM}
    assert set(ask(compact, "010B")) == {ECM}
    assert ask(compact, "01A0", 0x7DF) == ask(compact, "01A0", None)


def test_nobody_answers_a_functional_request_for_what_nobody_has(compact: Car) -> None:
    assert ask(compact, "010A") == {}
    assert ask(compact, "15") == {}
    assert ask(compact, "22F191") == {}


def test_asked_alone_a_unit_refuses_or_keeps_quiet_as_its_file_says(compact: Car) -> None:
    assert one(compact, "010A") == "7f 01 12"
    assert ask(compact, "010A", 0x7E1) == {}  # unsupported = "silence"
    assert one(compact, "15", 0x7E1) == "7f 15 11"
    assert ask(compact, "010C", 0x7E5) == {}  # nobody there


def test_several_pids_come_in_one_answer_without_the_unsupported_ones(compact: Car) -> None:
    payload = bytes.fromhex(one(compact, "010C0A050D"))
    assert len(payload) == 1 + 3 + 2 + 2
    assert [payload[1], payload[4], payload[6]] == [0x0C, 0x05, 0x0D]


@pytest.mark.parametrize(("order", "expected"), [("asked", "0c050d"), ("ascending", "050c0d"), ("reversed", "0d050c")])
def test_the_order_of_several_pids_is_the_units_own(order: str, expected: str) -> None:
    spec = read_car(resources.path("cars", "compact_petrol.toml"))
    spec = replace(spec, ecus=(replace(spec.ecus[0], order=order),))
    payload = bytes.fromhex(one(Car(spec, DrivingModel(spec.vehicle)), "010C050D"))
    found, at = "", 1
    while at < len(payload):
        found += f"{payload[at]:02x}"
        at += 1 + (signals.pid_length(payload[at]) or 0)
    assert found == expected


def test_six_pids_are_answered_and_seven_are_not(compact: Car) -> None:
    assert one(compact, "010C0D05040B0F").startswith("41 0c")
    assert one(compact, "010C0D05040B0F11") == "7f 01 13"
    assert one(compact, "01") == "7f 01 13"


def test_support_masks_may_be_asked_together(compact: Car) -> None:
    payload = bytes.fromhex(one(compact, "010020406080A0"))
    assert len(payload) == 1 + 6 * 5
    assert payload[1::5] == bytes((0x00, 0x20, 0x40, 0x60, 0x80, 0xA0))


def test_the_value_is_the_models_at_that_moment_rounded_to_the_bytes(compact: Car) -> None:
    model = DrivingModel(compact.spec.vehicle, 3)
    compact.begin(100.0)
    for now in (100.0, 104.2, 131.0, 260.3):
        payload = bytes.fromhex(one(compact, "010C0D05", now=now))
        expected = model.at(now - 100.0)
        assert signals.decode(0x0C, payload[2:4])["engine_speed"] == pytest.approx(expected["engine_speed"], abs=0.13)
        assert signals.decode(0x0D, payload[5:6])["vehicle_speed"] == pytest.approx(expected["vehicle_speed"], abs=0.51)


def test_two_units_answer_each_with_its_own_delay_and_the_earlier_first(compact: Car) -> None:
    for _ in range(50):
        replies = compact.answer(b"\x01\x0c", None, 0.0)
        assert [reply.delay_s for reply in replies] == sorted(reply.delay_s for reply in replies)
        delays = {reply.ecu: reply.delay_s for reply in replies}
        assert 0.008 <= delays[ECM] <= 0.012
        assert 0.011 <= delays[TCM] <= 0.016


def test_the_same_seed_gives_the_same_answers_to_the_same_questions() -> None:
    requests = [b"\x01\x0c\x0d\x11", b"\x09\x02", b"\x03"] * 40

    def run(seed: int) -> list[object]:
        car = load_car(None, seed=seed)
        return [car.answer(request, None, n * 0.7) for n, request in enumerate(requests)]

    assert run(5) == run(5)
    assert run(5) != run(6)


def test_time_begins_with_the_first_request_and_never_runs_back(compact: Car) -> None:
    assert one(compact, "011F", now=5000.0) == "41 1f 00 00"  # the engine has not been started yet
    later = one(compact, "011F", now=5060.0)
    assert later == "41 1f 00 3a"  # 58 s on, most of a second of which was the starter
    assert one(compact, "011F", now=5010.0) == later


# --- codes, frames, clearing ------------------------------------------------------------------------------------------


def test_codes_come_with_their_count_on_can(faulty: Car) -> None:
    assert ask(faulty, "03")[ECM][-1] == "43 02 01 71 03 01"
    assert one(faulty, "07") == "47 03 01 71 03 01 03 00"
    assert one(faulty, "0A") == "4a 01 03 01"
    assert ask(faulty, "03")[TCM] == ["43 01 07 30"]


def test_a_car_without_codes_says_so_with_a_zero_count(compact: Car) -> None:
    assert ask(compact, "03") == {ECM: ["43 00"], TCM: ["43 00"]}
    assert ask(compact, "0A") == {ECM: ["4a 00"], TCM: ["4a 00"]}


def test_status_shows_lamp_count_and_monitors(faulty: Car, compact: Car) -> None:
    assert one(faulty, "0101") == "41 01 82 07 e5 a5"  # lamp, two codes; catalyst evap O2 EGR incomplete, heater done
    assert one(compact, "0101") == "41 01 00 07 e5 00"


def test_compression_monitors_have_their_own_layout() -> None:
    van = load_car(Path("diesel_van"))
    said = ask(van, "0101")
    assert said[0x18DAF110] == ["41 01 00 0f eb 40"]  # bit 3 of B: compression; particulate filter incomplete


def test_monitors_of_this_driving_cycle_are_incomplete_until_the_engine_is_warm(compact: Car) -> None:
    assert one(compact, "0141", now=0.0) == "41 41 00 07 e5 e5"
    assert one(compact, "0141", now=700.0) == "41 41 00 07 e5 00"


def test_freeze_frames_are_answered_by_number(faulty: Car) -> None:
    assert one(faulty, "020200") == "42 02 00 03 01"
    assert one(faulty, "020201") == "42 02 01 01 71"
    assert one(faulty, "020C00") == "42 0c 00 1a f8"  # 1726 rpm
    assert one(faulty, "020C01") == "42 0c 01 0b b0"  # 748 rpm
    assert one(faulty, "020C0005000400") == "42 0c 00 1a f8 05 00 7b 04 00 a3"
    assert one(faulty, "020B01") == "7f 02 12"  # not stored in this frame
    assert one(faulty, "020202") == "42 02 02 00 00"  # no such frame
    assert one(faulty, "0202") == "7f 02 13"
    mask = bytes.fromhex(one(faulty, "020000"))
    assert {0x02, 0x0C, 0x05} < signals.supported_from_mask(0, mask[3:])
    assert 0x2F not in signals.supported_from_mask(0, mask[3:])


def test_clearing_is_refused_while_the_engine_runs_if_the_file_says_so(faulty: Car) -> None:
    faulty.begin(0.0)
    assert one(faulty, "04", now=60.0) == "7f 04 22"
    assert ask(faulty, "04", now=60.0)[ECM] == ["7f 04 22"]  # this one is said to a functional request, too
    assert one(faulty, "07", now=60.0) == "47 03 01 71 03 01 03 00"


def test_clearing_takes_codes_frames_lamp_and_counters_but_not_permanent_codes(faulty: Car) -> None:
    assert one(faulty, "0121", now=0.0) == "41 21 00 58"  # 88 km with the lamp on
    assert one(faulty, "04", now=0.5) == "44"  # key on, engine off
    assert ask(faulty, "03", 0x7E0, 0.6)[ECM] == ["7f 03 78", "43 00"]
    assert one(faulty, "07", now=0.6) == "47 00"
    assert one(faulty, "0A", now=0.6) == "4a 01 03 01"
    assert one(faulty, "020200", now=0.6) == "42 02 00 00 00"
    assert one(faulty, "020C00", now=0.6) == "7f 02 12"
    assert one(faulty, "0101", now=0.6) == "41 01 00 37 e5 e5"  # all monitors but the comprehensive one start again
    for pid in ("21", "30", "31", "4D", "4E"):
        payload = bytes.fromhex(one(faulty, f"01{pid}", now=0.6))
        assert int.from_bytes(payload[2:], "big") == 0, pid


def test_counters_count_on_from_clearing() -> None:
    car = load_car(Path("demo"), seed=1)
    car.begin(0.0)
    before = bytes.fromhex(one(car, "0131", now=1.0))
    assert int.from_bytes(before[2:], "big") == 1904
    assert one(car, "04", now=2.0) == "44"
    assert one(car, "0131", now=3.0) == "41 31 00 00"
    assert one(car, "014E", now=183.0) == "41 4e 00 03"
    assert int.from_bytes(bytes.fromhex(one(car, "0131", now=303.0))[2:], "big") >= 2


# --- vehicle information, monitor tests, UDS --------------------------------------------------------------------------


def test_vehicle_information_on_can(compact: Car) -> None:
    assert bytes.fromhex(one(compact, "0902")) == b"\x49\x02\x01" + b"WVWZZZAUZJW104278"
    assert bytes.fromhex(one(compact, "0904")) == b"\x49\x04\x01" + b"04E906016AB 2174"
    assert one(compact, "0906") == "49 06 01 17 91 bc 82"
    assert bytes.fromhex(one(compact, "090A")) == b"\x49\x0a\x01" + b"ECM\x00-EngineControl\x00\x00"
    counters = bytes.fromhex(one(compact, "0908"))
    assert counters[:3] == b"\x49\x08\x10"
    assert len(counters) == 3 + 2 * 16
    assert one(compact, "0900") == "49 00 55 40 00 00"  # 02 04 06 08 0A
    assert one(compact, "0900", 0x7E1) == "49 00 14 40 00 00"  # the gearbox has no VIN and no counters
    assert one(compact, "090B") == "7f 09 12"


def test_two_calibrations_are_two_items() -> None:
    hybrid = load_car(Path("hybrid"))
    assert one(hybrid, "0904").startswith("49 04 02")
    assert one(hybrid, "0906") == "49 06 02 c6 1d d0 d7 8c 9a 4d 13"


def test_monitor_tests_carry_scaling_value_and_limits(compact: Car) -> None:
    assert one(compact, "0601") == "46 01 05 10 00 2a 00 00 00 78"
    assert one(compact, "06A2") == "46 a2 0b 24 00 00 00 00 ff ff a2 0c 24 00 00 00 00 ff ff"
    assert one(compact, "0600") == "46 00 80 00 00 01"
    assert one(compact, "060020A0") == "46 00 80 00 00 01 20 80 00 00 01 a0 40 00 00 00"
    assert one(compact, "0602") == "7f 06 12"


def test_monitor_tests_read_zero_until_they_have_run_after_clearing(compact: Car) -> None:
    one(compact, "04")
    assert one(compact, "0601") == "46 01 05 10 00 00 00 00 00 00"


def test_a_few_services_of_iso_14229(compact: Car) -> None:
    assert one(compact, "3E00") == "7e 00"
    assert ask(compact, "3E80", 0x7E0) == {}
    assert one(compact, "1003") == "50 03 00 32 01 f4"
    assert one(compact, "1002") == "7f 10 12"
    assert bytes.fromhex(one(compact, "22F190")) == b"\x62\xf1\x90WVWZZZAUZJW104278"
    assert bytes.fromhex(one(compact, "22F190F195"))[20:] == b"\xf1\x952174"
    assert one(compact, "22F1FF") == "7f 22 31"
    assert one(compact, "190209") == "7f 19 11"
    assert one(compact, "0800") == "7f 08 11"


# --- refusals and slowness --------------------------------------------------------------------------------------------


def test_a_refused_service_is_refused_to_everybody(faulty: Car) -> None:
    assert ask(faulty, "0A") == {ECM: ["4a 01 03 01"], TCM: ["7f 0a 11"], 0x7EA: ["7f 0a 11"]}


def test_pending_replies_precede_the_answer(faulty: Car) -> None:
    replies = faulty.answer(b"\x09\x02", 0x7E0, 0.0)
    assert [reply.payload[:3].hex() for reply in replies] == ["7f0978", "7f0978", "490201"]
    assert replies[1].delay_s - replies[0].delay_s == pytest.approx(0.12)
    assert replies[2].delay_s - replies[0].delay_s == pytest.approx(0.24)


def test_a_busy_service_refuses_some_times_and_then_answers(faulty: Car) -> None:
    said = [one(faulty, "0601")[:8] for _ in range(6)]
    assert said == ["7f 06 21", "7f 06 21", "46 01 05", "7f 06 21", "7f 06 21", "46 01 05"]


# --- legacy lines -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hatchback() -> Car:
    return load_car(Path("old_hatchback"), seed=3)


def test_a_legacy_unit_answers_with_its_address_and_one_pid(hatchback: Car) -> None:
    assert hatchback.protocol == "3"
    assert list(ask(hatchback, "0105")) == [0x10]
    assert list(ask(hatchback, "0105", 0x6A)) == [0x10]
    assert list(ask(hatchback, "0105", 0x10)) == [0x10]
    assert ask(hatchback, "010C0D") == {}


def test_iso_9141_has_no_negative_responses(hatchback: Car) -> None:
    for request in ("0121", "0A", "0600", "15", "22F190"):
        assert ask(hatchback, request, 0x10) == {}


def test_legacy_codes_have_no_count_and_fill_seven_bytes(hatchback: Car) -> None:
    assert ask(hatchback, "03")[0x10] == ["43 01 35 03 40 04 43", "43 13 51 00 00 00 00"]
    assert ask(hatchback, "07")[0x10] == ["47 01 35 00 00 00 00"]
    assert ask(hatchback, "04")[0x10] == ["44"]
    assert ask(hatchback, "03")[0x10] == ["43 00 00 00 00 00 00"]


def test_a_legacy_freeze_frame_is_one_pid_of_one_frame(hatchback: Car) -> None:
    assert ask(hatchback, "020200")[0x10] == ["42 02 00 01 35"]
    assert ask(hatchback, "020C00")[0x10] == ["42 0c 00 1c c0"]
    assert ask(hatchback, "020C000D00") == {}


def test_the_legacy_vin_comes_in_five_numbered_messages(hatchback: Car) -> None:
    replies = hatchback.answer(b"\x09\x02", None, 0.0)
    assert [reply.payload[:3].hex() for reply in replies] == [f"49020{n}" for n in range(1, 6)]
    assert all(len(reply.payload) == 7 for reply in replies)
    assert b"".join(reply.payload[3:] for reply in replies) == b"\x00\x00\x00VF1BB0F0526478013"
    gaps = [b.delay_s - a.delay_s for a, b in itertools.pairwise(replies)]
    assert gaps == pytest.approx([0.03] * 4)
    assert ask(hatchback, "0901")[0x10] == ["49 01 05"]
    assert ask(hatchback, "0900")[0x10] == ["49 00 01 f0 00 00 00"]


def test_kwp_refuses_in_words_of_its_own() -> None:
    spec = replace(read_car(resources.path("cars", "old_hatchback.toml")), protocol="5")
    spec = replace(spec, ecus=(replace(spec.ecus[0], silent_when_unsupported=False),))
    car = Car(spec, DrivingModel(spec.vehicle))
    assert one(car, "0121", 0x10) == "7f 01 12"


# --- what else an adapter wants ---------------------------------------------------------------------------------------


def test_voltage_at_the_connector_falls_at_the_starter_and_rises_with_the_alternator(compact: Car) -> None:
    compact.begin(0.0)
    assert compact.voltage(0.5) == pytest.approx(12.3, abs=0.1)
    assert compact.voltage(2.5) < 10.5
    assert 13.8 < compact.voltage(40.0) < 14.6


def test_nothing_is_answered_to_an_empty_request(compact: Car) -> None:
    assert compact.answer(b"", None, 0.0) == []


@pytest.fixture
def make_car(tmp_path: Path) -> Callable[[str], Car]:
    def make(more: str) -> Car:
        path = tmp_path / "car.toml"
        path.write_text(
            'name = "T"\nprotocol = "can-11-500"\nvin = "WVWZZZAUZJW104278"\n'
            f'[[ecu]]\nid = "7E8"\nname = "ECM-Engine"\n{more}'
        )
        return load_car(path)

    return make


def test_a_value_of_the_file_stands_before_the_models(make_car: Callable[[str], Car]) -> None:
    car = make_car('pids = "05 46"\n[ecu.values]\nambient_air_temperature = 31\n"0C" = 900\n')
    assert one(car, "0146") == f"41 46 {31 + 40:02x}"
    assert one(car, "0105") == f"41 05 {18 + 40:02x}"


def test_a_unit_may_have_its_own_vin(make_car: Callable[[str], Car]) -> None:
    car = make_car('pids = "05"\nvin = "JTDKN3DU5A0105293"\n')
    assert bytes.fromhex(one(car, "0902"))[3:] == b"JTDKN3DU5A0105293"
