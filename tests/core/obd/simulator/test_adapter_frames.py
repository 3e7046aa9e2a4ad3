"""What comes from the car, as text: frames, headers, several control units, the frame count, legacy lines."""

import pytest

from core.obd.simulator.framing import crc8
from tests.core.obd.simulator.desk import Desk, TinyCar

TWO = (0x7E8, 0x7E9)


def test_a_single_frame_with_and_without_headers() -> None:
    desk = Desk().prepare("ATSP6")
    assert desk.lines("010C") == ["410C1AF8"]
    desk.prepare("ATH1")
    assert desk.lines("010C") == ["7E804410C1AF8"]
    desk.prepare("ATS1")
    assert desk.lines("010C") == ["7E8 04 41 0C 1A F8 "]
    desk.prepare("ATD1", "ATS1")
    assert desk.lines("010C") == ["7E8 5 04 41 0C 1A F8 "]


def test_padding_shows_with_headers_only() -> None:
    desk = Desk(car=TinyCar(padding=0xAA)).prepare("ATSP6")
    assert desk.lines("010D") == ["410D32"]
    desk.prepare("ATH1")
    assert desk.lines("010D") == ["7E803410D32AAAAAAAA"]


def test_several_frames_show_length_and_numbers_without_headers() -> None:
    desk = Desk().prepare("ATSP6", "ATS1")
    assert desk.lines("0902") == [
        "014",
        "0: 49 02 01 31 48 47 ",
        "1: 43 4D 38 32 36 33 33 ",
        "2: 41 30 30 34 33 35 32 ",
    ]
    desk.prepare("ATH1")
    assert desk.lines("0902") == ["7E81014490201314847", "7E82143" + "4D383236" + "3333", "7E82241303034333532"]


def test_formatting_off_shows_control_bytes_and_wants_them() -> None:
    desk = Desk(car=TinyCar(padding=0)).prepare("ATSP6", "ATCAF0")
    assert desk.lines("02010C") == ["04410C1AF8000000"]
    assert desk.car.asked == [(b"\x01\x0c", None)]


def test_without_flow_control_only_the_first_frame_comes() -> None:
    desk = Desk().prepare("ATSP6", "ATH1", "ATCFC0")
    assert desk.lines("0902") == ["7E81014490201314847"]


def test_long_answers_of_two_control_units_mix_line_by_line() -> None:
    desk = Desk(car=TinyCar(ecus=TWO, delay_s=0.008)).prepare("ATSP6", "ATH1")
    desk.adapter.bus.times = desk.adapter.bus.times.__class__(
        **{name: getattr(desk.adapter.bus.times, name) for name in desk.adapter.bus.times.__slots__}
        | {"can500_frame_s": 0.0009}
    )
    assert [line[:5] for line in desk.lines("0902")] == ["7E810", "7E821", "7E910", "7E822", "7E921", "7E922"]


def test_wide_identifiers() -> None:
    car = TinyCar(protocol="7", ecus=(0x18DAF110, 0x18DAF118))
    desk = Desk(car=car).prepare("ATSP7", "ATH1", "ATS1")
    assert desk.lines("010D") == ["18 DA F1 10 03 41 0D 32 ", "18 DA F1 18 03 41 0D 32 "]
    desk.prepare("ATCP18", "ATSHDA18F1")
    assert desk.lines("010D") == ["18DAF11803410D32"]
    assert car.asked[-1] == (b"\x01\x0d", 0x18DA18F1)
    desk.prepare("ATSH18DB33F1")
    assert len(desk.lines("010D")) == 2


def test_a_physical_header_asks_one_control_unit() -> None:
    desk = Desk(car=TinyCar(ecus=TWO)).prepare("ATSP6", "ATH1", "ATSH7E1")
    assert desk.lines("010D") == ["7E903410D32"]
    desk.prepare("ATSH0007E0")
    assert desk.lines("010D") == ["7E803410D32"]
    desk.prepare("ATSH7DF")
    assert len(desk.lines("010D")) == 2


@pytest.mark.parametrize(
    ("command", "heard"),
    [("ATCRA7E9", ["7E9"]), ("ATCRA7EX", ["7E8", "7E9"]), ("ATCRA700", []), ("ATCRA", ["7E8", "7E9"])],
)
def test_the_receive_filter(command: str, heard: list[str]) -> None:
    desk = Desk(car=TinyCar(ecus=TWO)).prepare("ATSP6", "ATH1", command)
    lines = desk.lines("010D")
    assert [line[:3] for line in lines if line != "NO DATA"] == heard
    assert heard or lines == ["NO DATA"]


def test_filter_and_mask() -> None:
    desk = Desk(car=TinyCar(ecus=TWO)).prepare("ATSP6", "ATH1", "ATCF7E9", "ATCM7FF")
    assert [line[:3] for line in desk.lines("010D")] == ["7E9"]


def test_the_frame_count_counts_frames_and_ends_the_wait() -> None:
    desk = Desk("usb115200", car=TinyCar(ecus=TWO)).prepare("ATSP6", "ATH1", "010C")
    assert len(desk.lines("010C1")) == 1
    assert len(desk.lines("010C2")) == 2
    assert [line[:5] for line in desk.lines("010C0D05040B3")] == ["7E810", "7E821", "7E910"]
    assert desk.timed("010C2") < 0.020
    assert desk.timed("010C3") > 0.050, "a third frame never comes"


def test_a_frame_count_of_nought_is_none() -> None:
    desk = Desk("usb115200").prepare("ATSP6", "010C")
    assert desk.lines("010C0") == ["410C1AF8"]
    assert desk.timed("010C0") > 0.040


def test_six_pids_at_most_and_no_request_of_several_frames() -> None:
    desk = Desk().prepare("ATSP6")
    assert desk.lines("010C0D05040B0F")[0] == "00E"
    assert desk.lines("010C0D05040B0F11") == ["?"]
    assert desk.lines("0") == ["?"]


def test_responses_off_returns_the_prompt_at_once() -> None:
    desk = Desk("usb115200").prepare("ATSP6", "ATR0")
    assert desk.ask("010C") == "\r>"


@pytest.mark.parametrize(
    ("protocol", "line"),
    [
        ("1", "416B10410C1AF8"),
        ("2", "486B10410C1AF8"),
        ("3", "486B10410C1AF8"),
        ("4", "84F110410C1AF8"),
        ("5", "84F110410C1AF8"),
    ],
)
def test_legacy_lines_have_three_header_bytes_and_a_checksum(protocol: str, line: str) -> None:
    desk = Desk(car=TinyCar(protocol=protocol, ecus=(0x10,))).prepare(f"ATSP{protocol}", "ATH1", "010C")
    message = bytes.fromhex(line)
    check = crc8(message) if protocol in "12" else sum(message) & 0xFF
    assert desk.lines("010C") == [f"{line}{check:02X}"]
    desk.prepare("ATH0")
    assert desk.lines("010C") == ["410C1AF8"]


def test_the_j1850_checksum_is_the_one_of_the_standard() -> None:
    # The published check value of CRC-8/SAE-J1850 over "123456789".
    assert crc8(b"123456789") == 0x4B


def test_a_legacy_bus_takes_one_pid_a_request_and_physical_addresses() -> None:
    car = TinyCar(protocol="5", ecus=(0x10, 0x18))
    desk = Desk(car=car).prepare("ATSP5", "ATH1", "0100")
    assert desk.lines("010C0D") == ["NO DATA"]
    desk.prepare("ATSH8218F1")
    assert [line[4:6] for line in desk.lines("010D")] == ["18"]
    desk.prepare("ATSHC233F1")
    assert len(desk.lines("010D")) == 2
