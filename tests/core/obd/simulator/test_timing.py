"""Timing models in virtual time: a transaction takes what the survey measured on modelled adapters, to the microsecond.

Nothing here waits or reads a clock.
"""

import re

import pytest

from core.obd.simulator import timing
from core.obd.simulator.timing import UnknownModelError, Wire
from tests.core.obd.simulator.desk import Desk, TinyCar

ECU_S = 0.008
MODELS = ("ideal", "usb115200", "usb38400", "bluetooth", "clone")


def desk_of(model: str) -> Desk:
    return Desk(model, ecu_s=ECU_S).prepare("ATH1", "ATSP6", "010C")


def test_the_table_has_the_five_models_and_no_other() -> None:
    assert tuple(timing.models()) == MODELS


def test_an_unknown_model_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownModelError, match=r"usb9600.*ideal, usb115200"):
        timing.model("usb9600")


def test_a_model_may_carry_a_dialect() -> None:
    assert timing.split_name("usb115200/stn") == ("usb115200", "stn")
    assert timing.split_name(" Clone ") == ("clone", None)


def test_a_figure_without_its_source_is_refused() -> None:
    with pytest.raises(ValueError, match=r"models\.x\.baud must have value, unit and source"):
        timing._figure("models.x", "baud", {"value": 1, "unit": "bit/s"})
    with pytest.raises(ValueError, match="is not a number"):
        timing._figure("models.x", "baud", {"value": -1, "unit": "bit/s", "source": "?"})
    with pytest.raises(ValueError, match="wrong keys"):
        timing._row("bus", {"can_try_s": {}}, ("can_try_s", "pending_s"))


def test_a_wire_sends_one_byte_after_the_other() -> None:
    wire = Wire(9600, 0.5)
    first, last = wire.carry(10.0, 96)
    assert first == pytest.approx(10.5 + 10 / 9600)
    assert last == pytest.approx(10.6)
    assert wire.carry(10.0, 96)[1] == pytest.approx(10.7), "the second lot waits for the first"
    assert Wire(0, 0.0).carry(10.0, 96) == (10.0, 10.0)


def expected_s(model: str, sent: int, printed: int, wait: float) -> float:
    """The transaction by hand: bytes there, chip, control unit, wait, bytes back, and what the link adds."""
    row = timing.model(model)
    byte_s = 10 / row.baud if row.baud else 0.0
    return sent * byte_s + 2 * row.one_way_s + row.process_s + ECU_S + wait + printed * byte_s + row.latency_s


@pytest.mark.parametrize("model", MODELS)
def test_one_pid_with_a_frame_count(model: str) -> None:
    desk = desk_of(model)
    assert desk.timed("010C1") == pytest.approx(
        expected_s(model, len("010C1\r"), len("7E804410C1AF8\r\r>"), 0), abs=1e-6
    )


@pytest.mark.parametrize(
    ("model", "wait"),
    [("ideal", 0.0), ("usb115200", 0.040), ("usb38400", 0.040), ("bluetooth", 0.040), ("clone", 0.2048)],
)
def test_without_a_count_the_adapter_waits_for_more(model: str, wait: float) -> None:
    # The frame is printed while the adapter waits, so only the prompt comes after the wait.
    desk = desk_of(model)
    assert desk.timed("010C") == pytest.approx(expected_s(model, len("010C\r"), len("\r>"), wait), abs=1e-6)


@pytest.mark.parametrize(
    ("model", "single", "batch"),
    [("usb115200", 77, 303), ("usb38400", 61, 191), ("clone", 60, 190), ("bluetooth", 24, 125)],
)
def test_values_a_second_are_those_of_the_survey(model: str, single: int, batch: int) -> None:
    """Requirements of the live link, section 3, "own single+digit" and "own 6-PID + digit"; client included."""
    desk = desk_of(model)
    assert 1 / desk.timed("010C1") == pytest.approx(single, rel=0.15)
    assert 6 / desk.timed("010C0D05040B0F3") == pytest.approx(batch, rel=0.20)


def test_adaptive_timing_and_at_st() -> None:
    desk = desk_of("usb115200")
    waits = {}
    for command in ("ATAT1", "ATAT2", "ATAT0", "ATST 19", "ATST FF"):
        desk.prepare(command)
        waits[command] = desk.timed("010C")
    assert waits["ATAT1"] - waits["ATAT2"] == pytest.approx(0.020, abs=1e-4)
    assert waits["ATAT0"] - waits["ATAT1"] == pytest.approx(0x32 * 0.004096 - 0.040, abs=1e-4)
    assert waits["ATST 19"] - waits["ATAT2"] == pytest.approx(0x19 * 0.004096 - 0.020, abs=1e-4)
    assert waits["ATST FF"] - waits["ATST 19"] == pytest.approx((0xFF - 0x19) * 0.004096, abs=1e-4)


def test_no_data_takes_at_st_in_full() -> None:
    desk = desk_of("usb115200")
    assert desk.ask("01FF") == "NO DATA\r\r>"
    assert desk.timed("01FF") == pytest.approx(0x32 * 0.004096 + 0.0045, abs=0.001)


def test_a_control_unit_that_comes_too_late_is_not_heard() -> None:
    desk = Desk("usb115200", car=TinyCar(delay_s=0.3)).prepare("ATSP6")
    assert desk.lines("010C") == ["NO DATA"]
    desk.prepare("ATST60")
    assert desk.lines("010C") == ["410C1AF8"]


def test_a_second_control_unit_is_waited_for_after_the_first() -> None:
    car = TinyCar(ecus=(0x7E8, 0x7E9, 0x7EA))
    desk = Desk("usb115200", car=car).prepare("ATSP6", "ATH1")
    assert [line[:3] for line in desk.lines("010C")] == ["7E8", "7E9", "7EA"]


def test_nothing_arrives_before_its_time() -> None:
    desk = desk_of("bluetooth")
    desk.type("010C1\r")
    assert desk.wait(expected_s("bluetooth", 6, 16, 0) - 1e-4) == ""
    assert re.fullmatch(r"7E804410C1AF8\r\r>", desk.wait(2e-4))


def test_the_realistic_models_take_half_a_second_to_start() -> None:
    for model in MODELS[1:]:
        assert 0.5 <= Desk(model).timed("ATZ") < 0.9, model


def test_the_control_unit_time_can_be_given() -> None:
    assert Desk("ideal", ecu_s=0.0).prepare("ATSP6", "010C").timed("010C1") == pytest.approx(0.0, abs=1e-6)
    car = TinyCar(ecus=(0x7E8, 0x7E9), delay_s=0.050)
    assert Desk("ideal", car=car, ecu_s=0.004).prepare("ATSP6").timed("010C2") == pytest.approx(0.006, abs=1e-6)
