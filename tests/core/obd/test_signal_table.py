"""A table that contradicts itself is refused when it is loaded, with the file, the line and the reason."""

import csv
from pathlib import Path

import pytest

from core.obd.signal_table import TableError, read_states, read_table

GOOD = {
    "pid": "0C", "name": "engine_speed", "title": "Engine speed", "kind": "number", "formula": "(256*A + B)/4",
    "unit": "rpm", "minimum": "0", "maximum": "16383.75", "resolution": "0.25", "decimals": "0", "length": "2",
    "also_length": "", "states": "", "supported_bit": "", "absent": "", "warn_low": "", "warn_high": "6000",
    "crit_low": "", "crit_high": "", "rate_hz": "10", "group": "engine", "source": "SAE J1979-DA PID $0C",
}  # fmt: skip
ONE_BIT = {"maximum": "1", "resolution": "1"}
STATES = {"off_on": {0: "Off", 1: "On"}, "three": {2: "Two"}}


def _read(folder: Path, *changes: dict[str, str]) -> int:
    path = folder / "signals.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GOOD)
        writer.writeheader()
        writer.writerows(GOOD | change for change in changes)
    return len(read_table(path, STATES))


def test_a_good_row_is_read(tmp_path: Path) -> None:
    assert _read(tmp_path, {}) == 1
    assert _read(tmp_path, {"resolution": "1/4", "maximum": "65535/4"}) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "Engine speed"}, "not a snake case name"),
        ({"title": ""}, "a title and a source are needed"),
        ({"source": ""}, "a title and a source are needed"),
        ({"kind": "text"}, "kind 'text' is none of number, enum, bits"),
        ({"rate_hz": "0"}, "above 0 Hz"),
        ({"rate_hz": "often"}, "often"),
        ({"pid": "XX"}, "invalid literal"),
        ({"minimum": "-1"}, "minimum -1.0 is stated, but .* gives 0.0"),
        ({"maximum": "16383"}, "maximum 16383.0 is stated, but .* gives 16383.75"),
        ({"resolution": "1"}, "resolution 1.0 is stated, but .* gives 0.25"),
        ({"resolution": "0"}, "make no scale"),
        ({"maximum": "1/0"}, "Fraction"),
        ({"length": "1"}, "reads byte B of 1"),
        ({"supported_bit": "C0"}, "reads byte C of 2"),
        ({"supported_bit": "C9"}, "is not a bit"),
        ({"absent": "D == 255"}, "reads byte D of 2"),
        ({"formula": "256*a"}, "not part of the formula language"),
        ({"states": "nowhere"}, r"there is no \[nowhere\]"),
        ({"states": "off_on"}, "a number has no states"),
        ({"kind": "enum"}, "needs states"),
        ({"kind": "enum", "states": "three", "formula": "bit(A, 0)", **ONE_BIT}, "code 2 cannot"),
        ({"kind": "bits", "states": "three", "formula": "bit(A, 0)", **ONE_BIT}, "bit 2 has a meaning"),
    ],
)  # fmt: skip
def test_a_row_that_contradicts_itself_is_refused(tmp_path: Path, change: dict[str, str], why: str) -> None:
    with pytest.raises(TableError, match=why) as caught:
        _read(tmp_path, {}, {"name": "other"} | change)
    assert str(caught.value).startswith("signals.csv, line 3 (")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "'engine_speed' stands in the table twice"),
        (
            {"name": "other", "length": "3"},
            r"PID 0C has different lengths in its rows: \(2, 0\) and \(3, 0\)",
        ),
        ({"name": "other", "pid": "20"}, "PID 20 says what is supported"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(tmp_path: Path, change: dict[str, str], why: str) -> None:
    with pytest.raises(TableError, match=why):
        _read(tmp_path, {}, change)


def test_states_are_read_by_code(tmp_path: Path) -> None:
    path = tmp_path / "states.toml"
    path.write_text('[fuel]\n0 = "None"\n0x0A = "Ten"\n', "utf-8")
    assert read_states(path)["fuel"] == {0: "None", 10: "Ten"}
    path.write_text('[fuel]\nnone = "None"\n', "utf-8")
    with pytest.raises(TableError, match=r"states.toml \[fuel\]"):
        read_states(path)
