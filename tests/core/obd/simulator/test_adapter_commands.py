"""AT and ST commands: what an ELM327 prints, byte for byte."""

import pytest

from core.obd.simulator.at_commands import AT
from core.obd.simulator.dialects import DIALECTS
from tests.core.obd.simulator.desk import Desk, TinyCar


def test_a_reset_prints_the_banner_after_the_echo() -> None:
    assert Desk("usb115200").ask("ATZ") == "ATZ\r\r\rELM327 v2.2\r\r>"


def test_echo_linefeeds_and_spaces_are_as_told() -> None:
    desk = Desk()
    assert desk.ask("ATRV") == "ATRV\r12.5V\r\r>"
    assert desk.ask("ATE0") == "ATE0\rOK\r\r>"
    assert desk.ask("ATL1") == "OK\r\n\r\n>"
    assert desk.ask("ATL0") == "OK\r\r>"
    desk.ask("ATSP6")
    assert desk.ask("010C") == "41 0C 1A F8 \r\r>"
    desk.ask("ATS0")
    assert desk.ask("010C") == "410C1AF8\r\r>"


@pytest.mark.parametrize("spelling", ["ATSP6", "atsp6", "At Sp 6", " a t s p 6 ", "ATSP6\n", "\x00ATSP6"])
def test_case_spaces_line_feeds_and_nuls_do_not_matter(spelling: str) -> None:
    assert Desk().prepare().ask(spelling) == "OK\r\r>"


@pytest.mark.parametrize(
    "nonsense", ["ATXX", "ATSP", "ATSPG", "ATST5", "ATSH7E", "ATSH7E00", "HELLO", "\x7f\x7f", "AT"]
)
def test_what_it_does_not_know_is_a_question_mark(nonsense: str) -> None:
    assert Desk().prepare().ask(nonsense) == "?\r\r>"


def test_a_lone_carriage_return_repeats_the_last_command() -> None:
    desk = Desk().prepare("ATSP6", "010C")
    assert desk.ask("") == "410C1AF8\r\r>"
    assert desk.car.asked == [(b"\x01\x0c", None)] * 2


def test_it_says_who_it_is() -> None:
    desk = Desk("usb115200").prepare()
    assert desk.lines("ATI") == ["ELM327 v2.2"]
    assert desk.lines("AT@1") == ["OBDII to RS232 Interpreter"]
    assert desk.lines("STI") == ["?"]
    stn = Desk("ideal").prepare()
    assert stn.lines("STI") == ["STN1110 v4.0.4"]
    assert stn.lines("STDI") == ["OBDLink SX r4.2"]
    assert stn.lines("ATI") == ["ELM327 v1.4b"]


USUAL = """
    ATD ATE1 ATL0 ATS1 ATH0 ATM0 ATAT0 ATAT1 ATAT2 ATST32 ATSH7DF ATSH686AF1 ATSH18DB33F1 ATCP18 ATCRA7E8 ATCRA
    ATCRA18DAF110 ATCRA7EX ATCF7E8 ATCM7FF ATCAF0 ATCAF1 ATCFC0 ATCFC1 ATFCSH7E0 ATFCSD300000 ATFCSM0 ATAL ATNL ATPC
    ATCEA ATCEA10 ATKW0 ATBI ATR1 ATV0 ATD1 ATSPA6 ATTP6 ATTPA8 ATSD05 ATIB10 ATPP2DSV05 ATWM8133F13E ATSS ATSW00
    ATBRT0F ATCSM0 ATSR10
"""


@pytest.mark.parametrize("command", USUAL.split())
def test_the_commands_of_real_clients_are_accepted(command: str) -> None:
    assert Desk("usb115200").prepare().lines(command) == ["OK"]


@pytest.mark.parametrize(
    ("command", "answer"),
    [("ATDP", "AUTO"), ("ATDPN", "A0"), ("ATRV", "12.5V"), ("ATIGN", "ON"), ("ATCS", "T:00 R:00"), ("ATRD", "FF")],
)
def test_the_commands_that_ask_are_answered(command: str, answer: str) -> None:
    assert Desk("usb115200").prepare().lines(command) == [answer]


def test_the_stored_byte_and_the_programmable_parameters_can_be_read() -> None:
    desk = Desk("usb115200").prepare("ATSD3C")
    assert desk.lines("ATRD") == ["3C"]
    assert len(desk.lines("ATPPS")) == 12


def test_defaults_come_back_with_atd_and_the_saved_protocol_with_atz() -> None:
    desk = Desk().prepare("ATH1", "ATSP8", "ATTP6")
    assert desk.lines("ATDPN") == ["6"]
    assert "7E8" in desk.ask("010C")
    desk.ask("ATD")
    assert desk.ask("010C") == "010C\r41 0C 1A F8 \r\r>"
    desk.ask("ATZ")
    assert desk.ask("ATDPN") == "ATDPN\r8\r\r>"


def test_flow_control_modes_want_their_data_first() -> None:
    desk = Desk().prepare()
    assert desk.lines("ATFCSM1") == ["?"]
    desk.prepare("ATFCSH7E0", "ATFCSD300000")
    assert desk.lines("ATFCSM1") == ["OK"]


def test_low_power_sleeps_until_a_byte_comes() -> None:
    desk = Desk("usb115200").prepare()
    desk.type("ATLP\r")
    assert desk.wait(1) == "OK\r"
    assert desk.wait(5) == ""
    desk.type(" ")
    assert desk.wait(1).endswith("ELM327 v2.2\r\r>")


def test_a_baud_switch_is_taken_back_unless_it_is_confirmed() -> None:
    desk = Desk("usb38400").prepare()
    desk.type("ATBRD23\r")  # 4,000,000 / 0x23 = 114,286
    assert desk.wait(0.05) == "OK\r"
    assert desk.wait(0.08) == "ELM327 v2.2\r"
    assert desk.ask("") == "OK\r\r>"
    assert desk.adapter.baud == 114286
    desk.type("ATBRD45\r")
    assert desk.wait(1) == "OK\rELM327 v2.2\r\r>"
    assert desk.adapter.baud == 114286


def test_an_stn_switches_its_baud_rate() -> None:
    desk = Desk("usb115200", "stn").prepare()
    assert desk.ask("STSBR 1000000") == "OK\r\r>"
    assert desk.adapter.baud == 1000000
    desk.type("STBR 500000\r")
    assert desk.wait(0.05) == "OK\r"
    assert desk.wait(0.08) == "STN1110 v4.0.4\r"
    assert desk.ask("") == "OK\r\r>"
    assert desk.adapter.baud == 500000


def test_stpx_sends_one_request_with_its_own_header_and_count() -> None:
    desk = Desk("usb115200", "stn", car=TinyCar(ecus=(0x7E8, 0x7E9))).prepare("ATSP6", "ATH1")
    assert desk.lines("STPX H:7E1, D:010C, R:1, T:100") == ["7E904410C1AF8"]
    assert desk.lines("STPXH:7DF,D:010C,R:2") == ["7E804410C1AF8", "7E904410C1AF8"]
    assert desk.car.asked[-2:] == [(b"\x01\x0c", 0x7E1), (b"\x01\x0c", None)]
    assert desk.lines("010C") == ["7E804410C1AF8", "7E904410C1AF8"], "the header of STPX is for one request"
    for wrong in ("STPX D:010", "STPX H:7E0", "STPX D:010C,L:3", "STPX D:010C,Q:1", "STPX H:7,D:010C"):
        assert desk.lines(wrong) == ["?"], wrong


def test_stpto_is_the_wait_of_an_stn() -> None:
    desk = Desk("ideal").prepare("ATSP6", "STPTO 1000")
    assert 1.0 <= desk.timed("01FF") < 1.01


def test_stp_chooses_by_the_numbers_of_the_stn_manual() -> None:
    desk = Desk("ideal").prepare("STP 34")
    assert (desk.lines("ATDPN"), desk.lines("STPR")) == (["7"], ["34"])
    assert desk.lines("STP 99") == ["?"]


def test_monitoring_a_quiet_bus_ends_with_any_byte() -> None:
    desk = Desk().prepare("ATSP6")
    desk.type("ATMA\r")
    assert desk.wait(20) == ""
    desk.type(" ")
    assert desk.wait(1) == "STOPPED\r\r>"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_missing_or_forgotten_command_of_a_dialect_exists(dialect: str) -> None:
    row = DIALECTS[dialect]
    assert row.missing <= AT.names()
    assert row.lip_service <= AT.names()
