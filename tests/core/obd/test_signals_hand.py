"""Every row of the table against a value worked out by hand from the standard.

``hand_computed.csv`` holds the bytes, the value and the working.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from core.obd import signals

HAND = Path(__file__).with_name("hand_computed.csv")


def _hand() -> list[tuple[str, int, bytes, float]]:
    with HAND.open(encoding="utf-8", newline="") as file:
        return [
            (row["name"], int(row["pid"], 16), bytes.fromhex(row["bytes"]), float(row["expected"]))
            for row in csv.DictReader(file)
        ]


ROWS = _hand()


@pytest.mark.parametrize(("name", "pid", "data", "expected"), ROWS, ids=[f"{row[0]}-{row[2].hex()}" for row in ROWS])
def test_the_value_is_the_one_worked_out_by_hand(name: str, pid: int, data: bytes, expected: float) -> None:
    assert signals.SIGNALS[name].pid == pid
    assert signals.decode(pid, data)[name] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_no_row_of_the_table_is_without_a_hand_computed_value() -> None:
    by_hand = {name for name, _, _, _ in ROWS}
    assert {name for name, signal in signals.SIGNALS.items() if signal.pid is not None} - by_hand == set()
    assert by_hand - set(signals.SIGNALS) == set()


def test_hand_computed_bytes_are_not_trivial() -> None:
    # All zeros or all ones would not notice a byte read from the wrong place.
    assert all(len(set(data)) > 1 or data[0] not in (0x00, 0xFF) for _, _, data, _ in ROWS)


def test_the_bulk_decoder_gives_the_same_values() -> None:
    for name, pid, data, expected in ROWS:
        rows = np.frombuffer(data * 3, dtype=np.uint8).reshape(3, len(data))
        assert signals.decode_array(pid, rows)[name] == pytest.approx([expected] * 3, rel=1e-12, abs=1e-12)


def test_a_value_whose_support_bit_is_not_set_is_left_out() -> None:
    flagged = [row for row in ROWS if signals.SIGNALS[row[0]].supported_bit]
    assert len(flagged) > 200
    for name, pid, data, _ in flagged:
        bit = signals.SIGNALS[name].supported_bit
        position, mask = ord(bit[-2]) - ord("A"), 1 << int(bit[-1])
        other = bytearray(data)
        other[position] ^= mask
        assert name in signals.decode(pid, data)
        assert name not in signals.decode(pid, bytes(other)), f"{name} in spite of bit {bit}"
        rows = np.frombuffer(bytes(other), dtype=np.uint8).reshape(1, len(data))
        assert np.isnan(signals.decode_array(pid, rows)[name][0])


@pytest.mark.parametrize(
    ("pid", "data", "left_out"),
    [
        (0x14, "5AFF", "oxygen_sensor_trim_bank_1_sensor_1"),  # FF: not used in the trim calculation
        (0x83, "1F000A000B000C000D", "nox_bank_1_sensor_1"),  # bit 4: sensor 11 is fitted, but has no data now
        (0xA1, "8F000A000B000C000D", "nox_corrected_bank_2_sensor_2"),
    ],
)
def test_bytes_that_mean_no_value_give_no_value(pid: int, data: str, left_out: str) -> None:
    values = signals.decode(pid, bytes.fromhex(data))
    assert left_out not in values
    assert len(values) == len(signals.by_pid(pid)) - 1
    rows = np.frombuffer(bytes.fromhex(data), dtype=np.uint8).reshape(1, -1)
    assert np.isnan(signals.decode_array(pid, rows)[left_out][0])
