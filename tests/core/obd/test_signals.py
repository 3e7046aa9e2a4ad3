"""The table of signals as the rest of the program uses it."""

from pathlib import Path

import numpy as np
import pytest

import core.language
from core.obd import derived, signals
from core.obd.signals import SIGNALS, ShortData, UnknownSignal


def test_all_pids_of_the_standard_with_a_scaling_are_there() -> None:
    without_scaling_or_layout = {0x95, 0x96, 0x97, *range(0xAB, 0xB2), *range(0xB3, 0xC0), 0xC1, 0xC2}
    missing = {pid for pid in range(0xC5) if signals.pid_length(pid) is None}
    assert missing == without_scaling_or_layout


@pytest.mark.parametrize(
    ("name", "pid"),
    [
        ("engine_load", 0x04), ("coolant_temperature", 0x05), ("short_term_fuel_trim_bank_1", 0x06),
        ("long_term_fuel_trim_bank_1", 0x07), ("intake_manifold_pressure", 0x0B), ("engine_speed", 0x0C),
        ("vehicle_speed", 0x0D), ("timing_advance", 0x0E), ("intake_air_temperature", 0x0F), ("mass_air_flow", 0x10),
        ("throttle_position", 0x11), ("run_time", 0x1F), ("distance_with_mil_on", 0x21),
        ("commanded_evaporative_purge", 0x2E), ("fuel_level", 0x2F), ("warm_ups_since_codes_cleared", 0x30),
        ("distance_since_codes_cleared", 0x31), ("barometric_pressure", 0x33),
        ("catalyst_temperature_bank_1_sensor_1", 0x3C), ("catalyst_temperature_bank_1_sensor_2", 0x3E),
        ("control_module_voltage", 0x42), ("commanded_equivalence_ratio", 0x44), ("relative_throttle_position", 0x45),
        ("ambient_air_temperature", 0x46), ("absolute_throttle_position_b", 0x47),
        ("accelerator_pedal_position_d", 0x49), ("accelerator_pedal_position_e", 0x4A),
        ("commanded_throttle_actuator", 0x4C), ("time_run_with_mil_on", 0x4D), ("time_since_codes_cleared", 0x4E),
        ("oil_temperature", 0x5C), ("fuel_rate", 0x5E),
    ],
)  # fmt: skip
def test_names_others_rely_on(name: str, pid: int) -> None:
    assert SIGNALS[name].pid == pid
    assert SIGNALS[name] in signals.by_pid(pid)
    assert SIGNALS[name].pid_text == f"{pid:02X}"


def test_several_values_of_one_pid_come_in_the_order_of_their_bytes() -> None:
    assert [signal.name for signal in signals.by_pid(0x24)] == [
        "wide_range_lambda_bank_1_sensor_1",
        "wide_range_voltage_bank_1_sensor_1",
    ]
    assert signals.by_pid(0x95) == ()


def test_only_coolant_speed_and_load_have_limits_from_the_start() -> None:
    nothing = signals.Limits()
    assert {name: signal.limits for name, signal in SIGNALS.items() if signal.limits != nothing} == {
        "coolant_temperature": signals.Limits(crit_high=110.0),
        "engine_speed": signals.Limits(warn_high=6000.0),
        "engine_load": signals.Limits(warn_high=90.0),
    }


def test_a_reply_of_the_wrong_length_is_never_decoded() -> None:
    with pytest.raises(ShortData, match="PID 0C has 2 data bytes, not 1"):
        signals.decode(0x0C, b"\x1a")
    with pytest.raises(ShortData, match="not 3"):
        signals.decode(0x0C, b"\x1a\xf8\x00")
    with pytest.raises(ShortData, match="has 1 or 2 data bytes, not 3"):
        signals.decode(0x06, b"\x80\x80\x80")
    with pytest.raises(ShortData, match="1 dimensions"):
        signals.decode_array(0x0C, np.zeros(2, dtype=np.uint8))
    with pytest.raises(ShortData, match="not 3"):
        signals.decode_array(0x0C, np.zeros((4, 3), dtype=np.uint8))
    with pytest.raises(UnknownSignal, match="no PID 95"):
        signals.decode(0x95, b"\x00")


def test_lengths_the_standard_leaves_open_are_both_taken() -> None:
    assert signals.pid_length(0x06) == 1
    assert signals.pid_lengths(0x06) == (1, 2)
    assert signals.decode(0x06, b"\x90") == {"short_term_fuel_trim_bank_1": 12.5}
    assert signals.decode(0x06, b"\x90\x70") == {
        "short_term_fuel_trim_bank_1": 12.5,
        "short_term_fuel_trim_bank_3": -12.5,
    }
    assert signals.pid_lengths(0x0C) == (2,)
    assert signals.pid_lengths(0x95) == ()


def test_support_masks_name_pids_and_have_no_values() -> None:
    # Worked out by hand: BE = 1011 1110 -> 01 03 04 05 06 07; 1F = 0001 1111 -> 0C 0D 0E 0F 10;
    # A8 = 1010 1000 -> 11 13 15; 13 = 0001 0011 -> 1C 1F 20.
    expected = {0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x13, 0x15, 0x1C, 0x1F, 0x20}
    assert signals.supported_from_mask(0x00, bytes.fromhex("BE1FA813")) == expected
    assert signals.supported_from_mask(0xC0, bytes.fromhex("80000001")) == {0xC1, 0xE0}
    assert signals.supported_from_mask(0x40, bytes(4)) == frozenset()
    assert signals.pid_length(0x20) == 4
    assert signals.decode(0x20, bytes(4)) == {}
    with pytest.raises(ShortData):
        signals.supported_from_mask(0x00, b"\xbe\x1f\xa8")
    with pytest.raises(UnknownSignal, match="0C does not say what is supported"):
        signals.supported_from_mask(0x0C, bytes(4))


@pytest.mark.parametrize(
    "text", ["0C", "0c", "0x0c", "C", " engine_speed ", "Engine speed", "engine speed", "ENGINE_SPEED"]
)
def test_a_signal_is_found_by_what_a_person_would_type(text: str) -> None:
    assert [signal.name for signal in signals.find(text)] == ["engine_speed"]


def test_a_pid_with_several_values_finds_them_all() -> None:
    assert [signal.name for signal in signals.find("0x66")] == ["mass_air_flow_a", "mass_air_flow_b"]


def test_a_signal_nobody_knows_is_answered_with_suggestions() -> None:
    with pytest.raises(UnknownSignal, match=r"“engin_sped”\. Do you mean engine_speed.*\?"):
        signals.find("engin_sped")
    with pytest.raises(UnknownSignal, match="catalyst_temperature_bank"):
        signals.find("catalyst")
    with pytest.raises(UnknownSignal, match=r"“qqqq”\. Give a PID such as 0C"):
        signals.find("qqqq")
    with pytest.raises(UnknownSignal, match="“95”"):
        signals.find("95")
    with pytest.raises(UnknownSignal):
        signals.find("")


def test_a_title_is_found_in_the_language_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "tr", lambda text: "Öltemperatur" if text == "Engine oil temperature" else text)
    assert [signal.name for signal in signals.find("öltemperatur")] == ["oil_temperature"]
    assert core.language.current() == "en"


def test_every_text_a_person_sees_is_listed_for_the_catalogue() -> None:
    titles = signals.titles()
    assert len(set(titles)) == len(titles)
    assert {"Engine speed", "Petrol", "Closed loop", "Fuel consumption"} <= set(titles)
    assert all(text == text.strip() and (text[0].isupper() or text[0].isdigit()) for text in titles)


def test_titles_tell_signals_apart() -> None:
    titles = [signal.title for signal in SIGNALS.values()]
    assert sorted(title for title in set(titles) if titles.count(title) > 1) == []


def test_derived_signals_are_in_the_same_table() -> None:
    made = [signal for signal in SIGNALS.values() if signal.pid is None]
    assert tuple(signal.name for signal in made) == derived.NAMES
    assert all(signal.pid_text == "" and signal.length == 0 and signal.source for signal in made)
    assert all(needed in SIGNALS for name in derived.NAMES for group in derived.inputs(name) for needed in group)


# Columns of the recorded drives and the signals they are; the names are misspelt there.
COLUMNS = {
    "ENGINE_RUN_TINE": "run_time", "ENGINE_RPM": "engine_speed", "VEHICLE_SPEED": "vehicle_speed",
    "THROTTLE": "throttle_position", "ENGINE_LOAD": "engine_load", "COOLANT_TEMPERATURE": "coolant_temperature",
    "LONG_TERM_FUEL_TRIM_BANK_1": "long_term_fuel_trim_bank_1",
    "SHORT_TERM_FUEL_TRIM_BANK_1": "short_term_fuel_trim_bank_1",
    "INTAKE_MANIFOLD_PRESSURE": "intake_manifold_pressure", "FUEL_TANK": "fuel_level",
    "ABSOLUTE_THROTTLE_B": "absolute_throttle_position_b", "PEDAL_D": "accelerator_pedal_position_d",
    "PEDAL_E": "accelerator_pedal_position_e", "COMMANDED_THROTTLE_ACTUATOR": "commanded_throttle_actuator",
    "ABSOLUTE_BAROMETRIC_PRESSURE": "barometric_pressure", "RELATIVE_THROTTLE_POSITION": "relative_throttle_position",
    "INTAKE_AIR_TEMP": "intake_air_temperature", "TIMING_ADVANCE": "timing_advance",
    "CATALYST_TEMPERATURE_BANK1_SENSOR1": "catalyst_temperature_bank_1_sensor_1",
    "CATALYST_TEMPERATURE_BANK1_SENSOR2": "catalyst_temperature_bank_1_sensor_2",
    "CONTROL_MODULE_VOLTAGE": "control_module_voltage", "COMMANDED_EVAPORATIVE_PURGE": "commanded_evaporative_purge",
}  # fmt: skip


def test_what_a_real_car_reported_is_what_our_scalings_can_say(drives: list[Path]) -> None:
    for drive in drives:
        lines = drive.read_text("utf-8").splitlines()
        header = [column.split()[0] for column in lines[0].split(",") if column.strip()]
        rows = [[float(cell) for cell in line.split(",") if cell.strip()] for line in lines[1:]]
        table = np.array([row for row in rows if len(row) == len(header)])  # a log may end in the middle of a line
        for column, name in COLUMNS.items():
            signal = SIGNALS[name]
            assert signal.pid is not None
            for value in np.unique(table[:, header.index(column)]):
                coded = signals.decode(signal.pid, signals.encode(signal.pid, {name: float(value)}))[name]
                assert coded == pytest.approx(value, abs=2e-4), f"{drive.name}: {name} {value}"
