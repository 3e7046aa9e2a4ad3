"""Finding and losing the bus: the search, the starts of a K-line, and every way to find nobody."""

import pytest

from tests.core.obd.simulator.desk import Desk, TinyCar


def test_the_search_says_so_and_remembers_what_it_found() -> None:
    desk = Desk("usb115200").prepare("ATSP0")
    assert desk.ask("0100") == "SEARCHING...\r4100BE3FB813\r\r>"
    assert desk.ask("0100") == "4100BE3FB813\r\r>"
    assert desk.lines("ATDPN") == ["A6"]
    assert desk.lines("ATDP") == ["AUTO, ISO 15765-4 (CAN 11/500)"]


@pytest.mark.parametrize("protocol", "123456789")
def test_every_protocol_is_found(protocol: str) -> None:
    ecu = 0x18DAF110 if protocol in "79" else 0x7E8 if protocol in "68" else 0x10
    desk = Desk(car=TinyCar(protocol=protocol, ecus=(ecu,))).prepare("ATSP0")
    assert desk.lines("0100") == ["SEARCHING...", "4100BE3FB813"]
    assert desk.lines("ATDPN") == [f"A{protocol}"]


def test_nobody_there_is_unable_to_connect() -> None:
    desk = Desk().prepare("ATSP0")
    desk.board.inject("ignition_off", seconds=60)
    assert desk.ask("0100") == "SEARCHING...\rUNABLE TO CONNECT\r\r>"
    assert desk.lines("ATIGN") == ["OFF"]
    desk.wait(61)
    assert desk.lines("0100") == ["SEARCHING...", "4100BE3FB813"]


def test_a_bus_that_falls_asleep_has_no_data() -> None:
    desk = Desk().prepare("ATSP6", "0100")
    desk.board.inject("ignition_off", seconds=10)
    assert desk.lines("010C") == ["NO DATA"]
    desk.wait(10)
    assert desk.lines("010C") == ["410C1AF8"]


@pytest.mark.parametrize(
    ("car", "chosen", "answer"),
    [
        ("6", "8", "CAN ERROR"),  # other bit rate: nobody acknowledges
        ("6", "7", "NO DATA"),  # same bit rate, other identifiers
        ("6", "2", "NO DATA"),
        ("6", "3", "BUS INIT: ...ERROR"),
        ("6", "5", "BUS INIT: ERROR"),
        ("5", "6", "CAN ERROR"),
        ("6", "A", "CAN ERROR"),
        ("6", "B", "CAN ERROR"),
    ],
)
def test_a_wrong_protocol_fails_in_its_own_way(car: str, chosen: str, answer: str) -> None:
    desk = Desk(car=TinyCar(protocol=car)).prepare(f"ATSP{chosen}")
    assert desk.lines("0100") == [answer]
    assert desk.car.asked == []


def test_a_wrong_protocol_with_search_finds_the_right_one() -> None:
    desk = Desk().prepare("ATSPA3")
    assert desk.lines("0100") == ["SEARCHING...", "4100BE3FB813"]
    assert desk.lines("ATDPN") == ["A6"]


@pytest.mark.parametrize(
    ("protocol", "text"), [("3", "BUS INIT: ...OK"), ("4", "BUS INIT: ...OK"), ("5", "BUS INIT: OK")]
)
def test_a_k_line_is_started_once(protocol: str, text: str) -> None:
    desk = Desk("usb115200", car=TinyCar(protocol=protocol, ecus=(0x10,))).prepare(f"ATSP{protocol}")
    assert desk.lines("0100") == [text, "4100BE3FB813"]
    assert desk.lines("0100") == ["4100BE3FB813"]
    desk.prepare("ATPC")
    assert desk.lines("0100") == [text, "4100BE3FB813"]


def test_the_five_baud_start_takes_its_time() -> None:
    desk = Desk("usb115200", car=TinyCar(protocol="3", ecus=(0x10,))).prepare("ATSP3")
    assert desk.timed("0100") > 2.5


def test_a_k_line_can_be_started_by_command() -> None:
    desk = Desk(car=TinyCar(protocol="5", ecus=(0x10,)), dialect="elm327").prepare("ATSP5")
    assert desk.lines("ATFI") == ["BUS INIT: OK"]
    assert desk.lines("ATKW") == ["1:08 2:08"]
    assert desk.lines("0100") == ["4100BE3FB813"]
    assert Desk(dialect="elm327").prepare("ATSP6").lines("ATFI") == ["?"]


def test_k_line_requests_keep_their_distance() -> None:
    desk = Desk("usb115200", car=TinyCar(protocol="5", ecus=(0x10,))).prepare("ATSP5", "0100")
    first = desk.timed("010C1")
    assert desk.timed("010C1") > 0.055 > first - 0.045


def test_a_byte_while_the_bus_is_busy_stops_it_and_is_lost() -> None:
    desk = Desk("usb115200").prepare("ATSP6", "0100")
    desk.type("010C\r")
    assert desk.wait(0.005) == ""
    assert desk.ask("010D") == "STOPPED\r\r>"
    assert desk.lines("010D") == ["410D32"]


def test_two_commands_at_once_stop_the_first() -> None:
    desk = Desk("usb115200").prepare("ATSP6", "0100")
    desk.type("010C\r010D\r")
    assert desk.wait(1) == "STOPPED\r\r>"


def test_what_was_printed_before_the_interruption_stays() -> None:
    desk = Desk("usb115200").prepare("ATSP6", "0100")
    desk.type("010C\r")
    desk.wait(0.020)
    assert desk.ask(" ") == "STOPPED\r\r>"
    desk.type("010C\r")
    assert desk.wait(0.020) + desk.ask("X") != "410C1AF8\r\r>"


def test_an_interrupted_search_has_found_nothing() -> None:
    desk = Desk("usb115200", car=TinyCar(protocol="9", ecus=(0x18DAF110,))).prepare("ATSP0")
    desk.type("0100\r")
    assert desk.wait(0.1) == "SEARCHING..."
    assert desk.ask("") == "\rSTOPPED\r\r>"
    assert desk.lines("ATDPN") == ["A0"]


def test_commands_typed_ahead_of_an_at_answer_are_kept() -> None:
    desk = Desk("usb38400").prepare()
    desk.type("ATI\rATRV\r")
    assert desk.wait(1) == "ELM327 v2.2\r\r>12.5V\r\r>"


def test_a_reset_is_deaf_until_its_banner() -> None:
    desk = Desk("usb115200").prepare()
    desk.type("ATZ\r")
    desk.wait(0.1)
    desk.type("ATI\r")
    assert desk.wait(2) == "\r\rELM327 v2.2\r\r>"
