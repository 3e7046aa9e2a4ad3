"""PIDs 4F and 50 stretch the scale of others; worked out by hand from the scalings that SAE J1979 gives for them."""

import pytest

from core.obd import signals
from core.obd.maxima import factor, stretched


def test_a_turbocharged_car_reports_more_than_255_kpa_in_one_byte() -> None:
    # 4F, byte D = 0x33 = 51: full scale 510 kPa. 0B = 0x80 = 128: 128 * 510 / 255 = 256 kPa.
    maxima = signals.decode(0x4F, bytes.fromhex("00000033"))
    assert stretched(signals.decode(0x0B, b"\x80"), maxima) == {"intake_manifold_pressure": pytest.approx(256.0)}


def test_a_wide_lambda_and_its_voltage() -> None:
    # 4F: lambda 4, voltage 10 V. 24 = 7FFF 3333: 32767 * 4 / 65535 = 1.99997, 13107 * 10 / 65535 = 2.0.
    maxima = signals.decode(0x4F, bytes.fromhex("040A0000"))
    values = stretched(signals.decode(0x24, bytes.fromhex("7FFF3333")), maxima)
    assert values["wide_range_lambda_bank_1_sensor_1"] == pytest.approx(32767 * 4 / 65535)
    assert values["wide_range_voltage_bank_1_sensor_1"] == pytest.approx(2.0)


def test_a_wide_sensor_current() -> None:
    # 4F, byte C = 64: +-64 mA over +-32768. 34 CD = 0x9000 = 36864: (36864 - 32768) * 64 / 32768 = 8 mA.
    maxima = signals.decode(0x4F, bytes.fromhex("00004000"))
    values = stretched(signals.decode(0x34, bytes.fromhex("80009000")), maxima)
    assert values["wide_range_current_bank_1_sensor_1"] == pytest.approx(8.0)
    assert values["wide_range_current_lambda_bank_1_sensor_1"] == 1.0


def test_a_large_air_flow() -> None:
    # 50, byte A = 0x82 = 130: full scale 1300 g/s. 10 = 0x3333 = 13107: 13107 * 1300 / 65535 = 260 g/s.
    maxima = signals.decode(0x50, bytes.fromhex("82000000"))
    assert stretched(signals.decode(0x10, bytes.fromhex("3333")), maxima)["mass_air_flow"] == pytest.approx(260.0)


def test_zero_and_nothing_stretch_nothing() -> None:
    values = {"intake_manifold_pressure": 101.0, "engine_speed": 900.0}
    assert stretched(values, {}) == values
    assert stretched(values, signals.decode(0x4F, bytes(4))) == values
    assert factor("engine_speed", {"maximum_equivalence_ratio": 4.0}) == 1.0
