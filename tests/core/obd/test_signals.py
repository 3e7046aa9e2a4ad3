"""The table of signals as the rest of the program uses it."""

import pytest

from core.obd import signals


@pytest.mark.parametrize(
    ("pid", "data", "expected"),
    [
        (0x0C, "1AF8", {"engine_speed": 1726.0}),
        (0x0D, "32", {"vehicle_speed": 50.0}),
        (0x05, "7B", {"coolant_temperature": 83.0}),
        (0x14, "5A80", {"oxygen_sensor_voltage_bank_1_sensor_1": 0.45, "oxygen_sensor_trim_bank_1_sensor_1": 0.0}),
        (0x32, "FFF3", {"evaporative_pressure": -3.25}),
    ],
)
def test_a_reply_becomes_values(pid: int, data: str, expected: dict[str, float]) -> None:
    assert signals.decode(pid, bytes.fromhex(data)) == expected
