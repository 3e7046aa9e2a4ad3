"""Clones and their quirks, each one as people report it."""

import pytest

from core.obd.simulator.dialects import UnknownDialectError, dialect
from tests.core.obd.simulator.desk import Desk


def test_an_unknown_dialect_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownDialectError, match=r"elm328.*elm327, elm327-v1\.4, stn, clone"):
        dialect("elm328")


def test_the_good_clone_does_batches_and_counts_but_lacks_commands() -> None:
    desk = Desk("clone").prepare("ATSP6")
    assert desk.lines("ATI") == ["ELM327 v1.5"]
    assert desk.lines("AT@1") == ["ELM327 v1.5"]
    for missing in ("ATAL", "ATCRA7E8", "ATPPS", "ATIGN", "ATRD", "ATLP", "ATSH18DA10F1", "STI"):
        assert desk.lines(missing) == ["?"], missing
    assert desk.lines("010C0D2") == ["410C1AF80D32"] or desk.lines("010C0D1") == ["410C1AF80D32"]
    assert desk.timed("010C1") < 0.05


def test_a_clone_prints_spaces_now_and_then_although_they_are_off() -> None:
    desk = Desk("clone").prepare("ATSP6")
    answers = [desk.lines("010C1")[0] for _ in range(46)]
    assert set(answers) == {"410C1AF8", "41 0C 1A F8 "}
    assert answers.count("41 0C 1A F8 ") == 2


def test_the_bad_clone_sends_two_bytes_of_a_request() -> None:
    desk = Desk("usb38400", "clone-v2.1").prepare("ATSP6")
    assert desk.lines("ATI") == ["ELM327 v2.1"]
    assert desk.lines("010C0D05") == ["410C1AF8"]
    assert desk.car.asked[-1][0] == b"\x01\x0c"
    assert desk.lines("010C1") == ["?"], "it refuses the frame count"
    before = desk.timed("01FF")
    assert desk.lines("ATST10") == ["OK"]
    assert desk.timed("01FF") == pytest.approx(before), "it says OK to ATST and forgets it"


def test_the_bluetooth_clone_drops_the_link_at_a_reset_and_knows_no_batches() -> None:
    desk = Desk("bluetooth", "clone-bt").prepare("ATSP6")
    assert desk.lines("010C0D") == ["NO DATA"]
    assert desk.timed("010C1") > desk.timed("010C") - 0.001, "it ignores the frame count"
    assert desk.lines("ATST10") == ["?"]
    assert desk.adapter.take_link_events() == []
    desk.type("ATZ\r")
    desk.wait(2)
    assert [event.kind for event in desk.adapter.take_link_events()] == ["hangup"]


def test_the_older_original_lacks_what_came_later() -> None:
    assert Desk("usb115200", "elm327-v1.4").lines("ATCTM1")[-1] == "?"
    assert Desk("usb115200", "elm327").lines("ATCTM1")[-1] == "OK"
