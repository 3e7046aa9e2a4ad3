"""Faults: what each kind does to an answer, how a script sets them off, and that a seed repeats them."""

import re
from pathlib import Path

import pytest

from core.obd.simulator import FaultError, FaultKind, FaultScript
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.faults import EVENTS, PARAMETERS
from tests.core.obd.simulator.desk import Desk, TinyCar

RPM = "7E804410C1AF8"
TWO = (0x7E8, 0x7E9)


def desk_of(car: TinyCar | None = None, model: str = "usb115200", **more: object) -> Desk:
    return Desk(model, car=car, **more).prepare("ATH1", "ATSP6", "0100")  # type: ignore[arg-type]


def struck(desk: Desk) -> dict[str, int]:
    return desk.board.injected


# What the adapter says instead


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("no_data", "NO DATA"),
        ("can_error", "CAN ERROR"),
        ("bus_init_error", "BUS INIT: ERROR"),
        ("stopped", "STOPPED"),
    ],
)
def test_a_complaint_comes_once_and_is_counted(kind: str, answer: str) -> None:
    desk = desk_of()
    desk.board.inject(kind)
    assert desk.ask("010C") == f"{answer}\r\r>"
    assert desk.lines("010C") == [RPM]
    assert struck(desk) == {kind: 1}


@pytest.mark.parametrize("text", ["FB ERROR", "ACT ALERT", "LV RESET", "DATA ERROR", "ERR94", "?", "BUS BUSY"])
def test_any_other_complaint_of_the_data_sheet(text: str) -> None:
    desk = desk_of()
    desk.board.inject("complaint", text=text)
    assert desk.lines("010C") == [text]


def test_a_remark_stands_behind_the_data() -> None:
    desk = desk_of()
    desk.board.inject("complaint", text="<DATA ERROR")
    assert desk.lines("010C") == [RPM + "<DATA ERROR"]


def test_buffer_full_comes_after_some_of_the_lines() -> None:
    desk = desk_of()
    desk.board.inject("buffer_full")
    assert desk.lines("0902") == ["7E81014490201314847", "BUFFER FULL"]


def test_at_commands_are_spared() -> None:
    desk = desk_of()
    desk.board.inject("no_data")
    assert desk.lines("ATRV") == ["12.5V"]
    assert desk.lines("010C") == ["NO DATA"]


# What control units say


@pytest.mark.parametrize("nrc", [0x11, 0x12, 0x22, 0x31])
def test_a_negative_response_has_the_chosen_code(nrc: int) -> None:
    desk = desk_of()
    desk.board.inject("negative", nrc=nrc)
    assert desk.lines("010C") == [f"7E8037F01{nrc:02X}"]


def test_a_busy_control_unit_refuses_n_times() -> None:
    desk = desk_of()
    desk.board.inject("negative", nrc=0x21, count=3)
    assert [desk.lines("010C") for _ in range(4)] == [["7E8037F0121"]] * 3 + [[RPM]]
    assert struck(desk) == {"negative": 3}


def test_a_pending_control_unit_answers_late_and_newer_chips_wait_for_it() -> None:
    desk = desk_of()
    desk.board.inject("negative", nrc=0x78, delay_s=0.5)
    assert desk.lines("010C") == ["7E8037F0178", RPM]
    older = desk_of(dialect="elm327-v1.4")
    older.board.inject("negative", nrc=0x78, delay_s=0.5)
    assert older.lines("010C") == ["7E8037F0178"]


def test_one_of_two_control_units_can_be_chosen() -> None:
    desk = desk_of(TinyCar(ecus=TWO))
    desk.board.inject("negative", nrc=0x22, ecu="7E9")
    assert desk.lines("010C") == [RPM, "7E9037F0122"]


def test_match_chooses_the_request() -> None:
    desk = desk_of()
    desk.board.inject("negative", match="01 0D")
    assert desk.lines("010C") == [RPM]
    assert desk.lines("010D") == ["7E8037F0112"]


# What happens to frames


def test_a_dropped_frame() -> None:
    desk = desk_of()
    desk.board.inject("drop")
    assert desk.lines("010C") == ["NO DATA"]
    desk.board.inject("drop")
    assert len(desk.lines("0902")) == 2


def test_a_fault_waits_for_an_answer_it_can_spoil() -> None:
    desk = desk_of()
    desk.board.inject("drop")
    assert desk.lines("01FF") == ["NO DATA"]
    assert struck(desk) == {}
    assert desk.lines("010C") == ["NO DATA"]
    assert struck(desk) == {"drop": 1}


def test_a_late_frame_comes_with_the_next_answer() -> None:
    desk = desk_of()
    desk.board.inject("late")
    assert desk.lines("010C") == ["NO DATA"]
    assert desk.lines("010D") == [RPM, "7E803410D32"]
    assert desk.lines("010D") == ["7E803410D32"]


def test_a_late_frame_uses_up_the_frame_count() -> None:
    desk = desk_of()
    desk.board.inject("late")
    assert desk.lines("010C1") == ["NO DATA"]
    assert desk.lines("010D1") == [RPM]
    assert desk.lines("010D1") == ["7E803410D32"]


def test_a_whole_answer_slips_into_the_next_one() -> None:
    desk = desk_of()
    desk.board.inject("late", mode="answer")
    assert desk.ask("010C", patience=5) == ""
    desk.type("010D\r")
    assert desk.wait(1) == f"{RPM}\r\r>7E803410D32\r\r>"


def test_a_duplicate_frame() -> None:
    desk = desk_of()
    desk.board.inject("duplicate", count=2)
    assert desk.lines("010C") == [RPM, RPM]
    assert desk.lines("010C1") == [RPM, RPM], "the twin does not use up the frame count"
    assert desk.lines("010C1") == [RPM]


def test_foreign_frames() -> None:
    desk = desk_of()
    desk.board.inject("foreign", mode="ecu")
    assert desk.lines("010C") == ["7EF04410C1AAD", RPM]
    desk.board.inject("foreign", mode="service")
    assert desk.lines("010C") == ["7E8024700", RPM]
    for _ in range(20):
        desk.board.inject("foreign", mode="pid")
        stray, real = desk.lines("010C0D1"), desk.lines("010C")
        assert re.fullmatch("7E80.41(05|11).+", stray[0])
        assert real == [RPM]


def test_a_short_frame_keeps_its_length_byte() -> None:
    desk = desk_of()
    desk.board.inject("short")
    assert desk.lines("010C") == ["7E804410C1A"]
    desk.board.inject("short", bytes=2)
    assert desk.lines("010C") == ["7E804410C"]
    padded = desk_of(TinyCar(padding=0))
    padded.board.inject("short")
    assert padded.lines("010C") == ["7E804410C1A"], "padding does not hide it"


# What happens to text


def raw(desk: Desk, mode: str, **parameters: object) -> str:
    desk.board.inject("garbage", mode=mode, **parameters)
    return desk.ask("010C")


def test_garbage_keeps_the_prompt() -> None:
    desk = desk_of()
    clean = desk.ask("010C")
    assert len(raw(desk, "insert", bytes=5)) == len(clean) + 5
    assert len(raw(desk, "lose", bytes=4)) == len(clean) - 4
    assert raw(desk, "nul", bytes=2).replace("\x00", "") == clean
    assert raw(desk, "chatter") == "+CONNECTING<<\r\n" + clean
    assert raw(desk, "chatter", text="BUSY ") == "BUSY " + clean
    for _ in range(50):
        assert raw(desk, "random").count(">") == 1


# Events


def test_silence_loses_everything_said_meanwhile() -> None:
    desk = desk_of()
    desk.board.inject("silence", seconds=3)
    assert desk.ask("010C", patience=2.5) == ""
    assert desk.wait(1) == ""
    assert desk.lines("010C") == [RPM]


def test_an_event_set_off_by_a_request_strikes_its_answer() -> None:
    script = FaultScript.parse('[[fault]]\nkind = "silence"\nevery_n = 3\nseconds = 1\n')
    desk = desk_of(model="ideal", faults=script, ecu_s=0.0)
    assert [desk.ask("010C1", patience=2) for _ in range(3)] == [f"{RPM}\r\r>", "", f"{RPM}\r\r>"]


def test_a_stall_delivers_what_it_held_back() -> None:
    desk = desk_of()
    desk.type("010C\r")
    desk.wait(0.005)
    desk.board.inject("silence", seconds=3, hold=True)
    assert desk.wait(2.9) == ""
    assert desk.wait(0.2) == f"{RPM}\r\r>"


def test_an_adapter_reset_loses_settings_and_says_why() -> None:
    desk = desk_of()
    desk.type("010C\r")
    desk.wait(0.005)
    desk.board.inject("adapter_reset", notice="LV RESET")
    assert desk.wait(1) == "\rLV RESET\rELM327 v2.2\r\r>"
    assert desk.ask("010C") == "010C\r41 0C 1A F8 \r\r>", "echo, spaces and headers are as after power on"


def test_voltage_sags_for_a_while() -> None:
    desk = desk_of()
    desk.board.inject("voltage_sag", volts=7.9, seconds=2)
    assert desk.lines("ATRV") == ["7.9V"]
    desk.wait(2)
    assert desk.lines("ATRV") == ["12.5V"]


def test_unplugging_is_left_to_the_transport() -> None:
    desk = desk_of()
    desk.board.inject("unplug", seconds=4)
    desk.wait(0.1)
    assert [(e.kind, e.seconds, e.power) for e in desk.adapter.take_link_events()] == [("unplug", 4.0, True)]
    assert desk.lines("010C") == [RPM], "what the adapter knows is as before"
    desk.adapter.power_on(desk.now)
    assert desk.wait(1) == "\r\rELM327 v2.2\r\r>"
    assert desk.ask("ATRV") == "ATRV\r12.5V\r\r>", "without power it has forgotten its settings"


def test_faults_that_last_strike_every_request_of_their_time() -> None:
    desk = desk_of()
    desk.board.inject("can_error", seconds=1)
    assert [desk.lines("010C") for _ in range(3)] == [["CAN ERROR"]] * 3
    desk.wait(1)
    assert desk.lines("010C") == [RPM]


def test_clear_ends_what_is_going_on() -> None:
    desk = desk_of()
    desk.board.inject("ignition_off", seconds=60)
    desk.board.inject("no_data", count=100)
    assert desk.lines("010C") == ["NO DATA"]
    desk.board.clear()
    assert desk.lines("010C") == [RPM]


# Scripts


def test_a_script_strikes_at_a_time_at_every_nth_and_by_chance() -> None:
    script = FaultScript.parse(
        """
        [[fault]]
        kind = "voltage_sag"
        at_s = 10
        seconds = 5
        volts = 8.0

        [[fault]]
        kind = "no_data"
        every_n = 3
        match = "010C"

        [[fault]]
        kind = "can_error"
        probability = 1.0
        match = "010D"
        from_s = 20
        until_s = 30
        """
    )
    desk = desk_of(faults=script)
    assert [desk.lines("010C") == ["NO DATA"] for _ in range(7)] == [False, False, True, False, False, True, False]
    assert desk.lines("010D") == ["7E803410D32"]
    desk.wait(110.5 - desk.now)
    assert desk.lines("ATRV") == ["8.0V"]
    desk.wait(121 - desk.now)
    assert desk.lines("ATRV") == ["12.5V"]
    assert desk.lines("010D") == ["CAN ERROR"]
    desk.wait(131 - desk.now)
    assert desk.lines("010D") == ["7E803410D32"]
    assert struck(desk) == {"voltage_sag": 1, "no_data": 2, "can_error": 1}


EVERYTHING = "\n".join(
    f'[[fault]]\nkind = "{kind.value}"\nprobability = 0.05\n' for kind in FaultKind if kind not in EVENTS
)


def test_the_same_seed_repeats_every_fault_to_the_byte() -> None:
    def play(seed: int) -> tuple[list[str], dict[str, int]]:
        desk = desk_of(TinyCar(ecus=TWO, padding=0), faults=FaultScript.parse(EVERYTHING), seed=seed)
        return [desk.ask("010C0D05", patience=2) for _ in range(300)], struck(desk)

    first, second, other = play(1), play(1), play(2)
    assert first == second
    assert first != other
    assert set(first[1]) == {kind.value for kind in FaultKind if kind not in EVENTS}, "every kind has struck"


def test_an_empty_script_is_no_faults() -> None:
    assert FaultScript.parse("").entries == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[fault]]\nat_s = 1\n", "fault 1: the kind is missing"),
        ('[[fault]]\nkind = "explode"\nat_s = 1\n', "fault 1: There is no fault “explode”. There are: unplug"),
        ('[[fault]]\nkind = "drop"\n', "needs exactly one of at_s, every_n, probability"),
        ('[[fault]]\nkind = "drop"\nat_s = 1\nevery_n = 2\n', "needs exactly one of"),
        ('[[fault]]\nkind = "drop"\nprobability = 2\n', "probability must lie between 0 and 1"),
        ('[[fault]]\nkind = "drop"\nevery_n = 0\n', "every_n must lie between 1 and"),
        ('[[fault]]\nkind = "drop"\nevery_n = 1.5\n', "every_n must be a whole number"),
        ('[[fault]]\nkind = "drop"\nat_s = 1\nfrom_s = 2\n', "do not go with at_s"),
        ('[[fault]]\nkind = "unplug"\nat_s = 1\nvolts = 2\n', "it has no parameter “volts”. It has: seconds, power"),
        ('[[fault]]\nkind = "garbage"\nat_s = 1\nmode = "flip"\n', "mode must be one of: random, insert"),
        ('[[fault]]\nkind = "silence"\nat_s = 1\nhold = 1\n', "hold must be true or false"),
        ('[[fault]]\nkind = "negative"\nat_s = 1\nnrc = "x"\n', "nrc must be a whole number"),
        ('[[fault]]\nkind = "negative"\nat_s = 1\nmatch = "rpm"\n', "match must be hexadecimal digits"),
        ("seed = 1\n", "“seed” is not known here"),
        ('[fault]\nkind = "drop"\n', "double brackets"),
        ("[[fault]\n", "This is not TOML"),
    ],
)
def test_a_wrong_script_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(FaultError, match=re.escape(complaint)):
        FaultScript.parse(text)


def test_a_script_file_is_named_in_the_complaint(tmp_path: Path) -> None:
    file = tmp_path / "bad_day.toml"
    file.write_text('[[fault]]\nkind = "explode"\nat_s = 1\n')
    with pytest.raises(FaultError, match=r"bad_day\.toml: fault 1: There is no fault"):
        FaultScript.load(file)
    with pytest.raises(FaultError, match=r"absent\.toml: cannot be read"):
        FaultScript.load(tmp_path / "absent.toml")


def test_inject_refuses_what_it_does_not_know() -> None:
    board = FaultBoard()
    with pytest.raises(FaultError, match="There is no fault"):
        board.inject("explode")
    with pytest.raises(FaultError, match="no parameter"):
        board.inject("drop", seconds_=3)
    assert board.injected == {}


def test_every_kind_can_be_injected_with_its_defaults() -> None:
    desk = desk_of()
    assert set(PARAMETERS) == set(FaultKind)
    for kind in FaultKind:
        desk.board.inject(kind)
        desk.wait(20)
        desk.ask("010C", patience=2)
        desk.ask("0902", patience=2)
        desk.adapter.discard()
        desk.prepare("ATH1", "ATSP6", "0100")
    assert set(struck(desk)) == {kind.value for kind in FaultKind}
