"""Results of the car's own monitors: scaled by SAE J1979 appendix E, signed from 0x80 on, never dropped."""

from pathlib import Path

import pytest

from core.obd.link import EcuMessage
from core.obd.monitor_tests import ResultsError, decode_tests, read_tests, scalings
from core.obd.simulator.car import load_car
from tests.core.obd.virtual import bench, patcher


def one(text: str) -> tuple[float, float, float, str, bool]:
    (test,) = decode_tests(EcuMessage("7E8", bytes.fromhex("46" + text), 1.0))
    return test.value, test.low, test.high, test.unit, test.passed


@pytest.mark.parametrize(
    ("scaling", "number", "value", "unit"),
    [
        ("01", "FFFF", 65535, ""),
        ("07", "1AF8", 1726, "rpm"),
        ("0A", "2000", 999.424, "mV"),  # 8,192 times 0.122
        ("0B", "01C2", 0.45, "V"),
        ("10", "0078", 120, "ms"),
        ("11", "0003", 300, "ms"),
        ("16", "0190", 0, "°C"),  # 40.0 less the offset of 40
        ("16", "0000", -40, "°C"),
        ("1E", "8000", 0.9994, "λ"),
        ("20", "0100", 1, ""),
        ("24", "0010", 16, ""),
        ("2F", "2710", 100, "%"),
        ("39", "8000", 0, "%"),  # the offset of -327.68
        ("39", "0000", -327.68, "%"),
        ("81", "FFFF", -1, ""),
        ("8B", "FC18", -1, "V"),
        ("96", "FF38", -20, "°C"),  # signed: no offset
        ("9D", "FFFE", -1, "°"),
        ("FC", "8000", -327.68, "kPa"),
        ("FD", "8000", -32.768, "kPa"),
        ("FE", "0004", 1, "Pa"),
        ("FE", "8000", -8192, "Pa"),
    ],
)
def test_values_worked_out_by_hand(scaling: str, number: str, value: float, unit: str) -> None:
    got = one(f"01 05 {scaling} {number} 0000 FFFF")
    assert got[0] == pytest.approx(value, abs=1e-4)
    assert got[3] == unit


def test_the_table_agrees_with_python_obd() -> None:
    from obd.UnitsAndScaling import UAS, UAS_IDS

    theirs = {number: uas for number, uas in UAS_IDS.items() if isinstance(uas, UAS)}
    assert set(scalings()) == set(theirs) | {0x2E}  # a truth value, a function there
    for number, uas in theirs.items():
        ours = scalings()[number]
        assert ours.factor == pytest.approx(uas.scale), f"{number:02X}"
        assert ours.offset == uas.offset, f"{number:02X}"
        assert uas.signed == (number >= 0x80)


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("01 05 10 002A 0000 0078", True),
        ("01 05 10 0078 0000 0078", True),
        ("01 05 10 0079 0000 0078", False),
        ("01 05 8B FFF6 FFEC 0014", True),  # -10 mV between -20 and 20
        ("01 05 8B FFE2 FFEC 0014", False),
    ],
)
def test_a_test_is_passed_within_its_limits(text: str, passed: bool) -> None:
    assert one(text)[4] is passed


def test_a_test_that_has_not_run_since_clearing_is_told_apart() -> None:
    run, waiting = decode_tests(
        EcuMessage("7E8", bytes.fromhex("46 01 05 10 002A 0000 0078 01 06 10 0000 0000 0000"), 1.0)
    )
    assert run.has_run
    assert not waiting.has_run


def test_titles_are_the_standards_and_a_makers_test_has_its_number() -> None:
    text = "46 A2 0B 24 00D4 0000 FFFF A2 80 24 00D4 0000 FFFF"
    average, own = decode_tests(EcuMessage("7E8", bytes.fromhex(text), 1.0))
    assert average.title == "Average misfires over the last ten driving cycles"
    assert own.title == "Test A2-80"


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "46",
        "7F0612",
        "460105100078000000",  # a byte short
        "46010510007800000078FF",  # a byte too many
        "4601051000780000007802061000780000 0078",  # another monitor: a shifted reply
        "410C1AF8",
    ],
)
def test_what_is_no_list_of_results_is_refused(payload: str) -> None:
    with pytest.raises(ResultsError):
        decode_tests(EcuMessage("7E8", bytes.fromhex(payload), 1.0))


def test_all_tests_of_a_car_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path("faulty")), model="usb115200")
    link = rig.plug_in()
    link.find_car()
    found = read_tests(link, "7E8")
    assert {key: (test.value, test.low, test.high, test.passed) for key, test in found.items()} == {
        (0x01, 0x05): (131.0, 0.0, 120.0, False),
        (0xA2, 0x0B): (212.0, 0.0, 65535.0, True),
        (0xA2, 0x0C): (964.0, 0.0, 100.0, False),
    }
    assert read_tests(link, "7E9") == {}
