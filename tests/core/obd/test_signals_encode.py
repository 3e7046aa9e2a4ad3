"""Bytes from values, for the simulator: what is encoded decodes to the nearest value the bytes can say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.obd import signals
from core.obd.signals import SIGNALS, Signal, UnknownSignal

REPORTED = [signal for signal in SIGNALS.values() if signal.pid is not None]
PIDS = sorted({signal.pid for signal in REPORTED if signal.pid is not None})


def _round_trip(signal: Signal, value: float) -> float | None:
    assert signal.pid is not None
    return signals.decode(signal.pid, signals.encode(signal.pid, {signal.name: value})).get(signal.name)


@settings(max_examples=40, deadline=None)
@given(share=st.floats(min_value=0.0, max_value=1.0))
def test_every_row_comes_back_within_half_a_step(share: float) -> None:
    for signal in REPORTED:
        value = signal.minimum + share * (signal.maximum - signal.minimum)
        back = _round_trip(signal, value)
        if back is None:
            assert signal.absent  # the one pattern of the bytes that says "no value"
            continue
        assert abs(back - value) <= signal.resolution / 2 * (1 + 1e-6), f"{signal.name}: {value} came back as {back}"


def test_values_beyond_the_range_are_clamped_to_it() -> None:
    for signal in REPORTED:
        if not signal.absent:
            assert _round_trip(signal, math.inf) == pytest.approx(signal.maximum, rel=1e-12), signal.name
        assert _round_trip(signal, -1e18) == pytest.approx(signal.minimum, rel=1e-12), signal.name


def test_the_stated_resolution_is_the_least_step() -> None:
    for signal in REPORTED:
        low, next_up = _round_trip(signal, signal.minimum), _round_trip(signal, signal.minimum + signal.resolution)
        assert low is not None
        assert next_up is not None
        assert next_up - low == pytest.approx(signal.resolution, rel=1e-9), signal.name


def test_bytes_of_all_values_of_a_pid_decode_to_all_of_them() -> None:
    for pid in PIDS:
        # Values that share their bytes (normal and wide range, spark and compression) cannot be given together.
        plain = [
            signal for signal in signals.by_pid(pid) if "wide_" not in signal.name and "compres" not in signal.name
        ]
        chosen = plain if pid in (0x01, 0x41, 0x6B, 0x6F) else signals.by_pid(pid)
        if pid in (0x01, 0x41):
            chosen = [signal for signal in chosen if "ignition" not in signal.name]
        if pid == 0x06:
            assert len(signals.encode(pid, {"short_term_fuel_trim_bank_1": 0.0})) == 1
        values = {
            signal.name: signal.minimum + (n % 5 + 1) * signal.resolution % (signal.maximum - signal.minimum)
            for n, signal in enumerate(chosen)
        }
        data = signals.encode(pid, values)
        assert len(data) in signals.pid_lengths(pid)
        decoded = signals.decode(pid, data)
        for name, value in values.items():
            assert decoded[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name


def test_values_not_given_are_flagged_or_zero() -> None:
    assert signals.encode(0x66, {"mass_air_flow_b": 8.0}).hex() == "0200000100"
    assert signals.decode(0x66, signals.encode(0x66, {})) == {}
    assert signals.encode(0x4F, {"maximum_intake_manifold_pressure": 300.0}).hex() == "0000001e"
    assert signals.encode(0x14, {"oxygen_sensor_voltage_bank_1_sensor_1": 0.45}).hex() == "5aff"  # FF: no trim
    assert signals.encode(0x3C, {}).hex() == "0190"  # 0 °C
    assert signals.encode(0x06, {"short_term_fuel_trim_bank_3": 12.5}).hex() == "8090"  # bank 3 needs the second byte


@pytest.mark.parametrize(
    ("pid", "values", "expected"),
    [
        (0x0C, {"engine_speed": 1726.1}, "1af8"),
        (0x0C, {"engine_speed": 1726.13}, "1af9"),
        (0x05, {"coolant_temperature": 500.0}, "ff"),
        (0x05, {"coolant_temperature": -300.0}, "00"),
        (0x32, {"evaporative_pressure": -3.25}, "fff3"),
        (0x62, {"actual_torque": -125.0}, "00"),
        (0x01, {"mil": 1, "emission_code_count": 3, "spark_monitors_supported": 0x65}, "83006500"),
        (0x01, {"ignition_type": 1, "compression_monitors_supported": 0x6B}, "00086b00"),
        (0xA4, {"actual_gear": 3, "actual_gear_ratio": 1.361}, "03300551"),
    ],
)
def test_bytes_worked_out_by_hand(pid: int, values: dict[str, float], expected: str) -> None:
    assert signals.encode(pid, values).hex() == expected


def test_what_is_not_a_value_of_the_pid_is_refused() -> None:
    with pytest.raises(UnknownSignal, match="PID 0C has no vehicle_speed"):
        signals.encode(0x0C, {"engine_speed": 800.0, "vehicle_speed": 50.0})
    with pytest.raises(UnknownSignal, match="PID 95 has no signals"):
        signals.encode(0x95, {})
    with pytest.raises(ValueError, match="NaN"):
        signals.encode(0x0C, {"engine_speed": math.nan})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PIDS), st.data())
def test_the_bulk_decoder_agrees_with_the_single_one_on_any_bytes(pid: int, data: st.DataObject) -> None:
    length = data.draw(st.sampled_from(signals.pid_lengths(pid)))
    replies = data.draw(st.lists(st.binary(min_size=length, max_size=length), min_size=1, max_size=5))
    rows = np.frombuffer(b"".join(replies), dtype=np.uint8).reshape(len(replies), length)
    columns = signals.decode_array(pid, rows)
    for n, reply in enumerate(replies):
        single = signals.decode(pid, reply)
        assert {name for name, column in columns.items() if not np.isnan(column[n])} == set(single)
        for name, value in single.items():
            assert columns[name][n] == value
            assert SIGNALS[name].minimum - 1e-9 <= value <= SIGNALS[name].maximum + 1e-9
