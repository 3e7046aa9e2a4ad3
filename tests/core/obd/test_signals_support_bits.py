"""From PID 65 on, byte A says which values of the reply are real: bit by bit, as the standard lists them."""

import pytest

from core.obd import signals


def _numbered(pattern: str, *numbers: int) -> list[str]:
    return [pattern.format(n) for n in numbers]


def _sensors(pattern: str, first: int = 1) -> list[str]:
    return [pattern.format(bank, sensor) for bank in (1, 2) for sensor in (first, first + 1)]


def _timers(first: int) -> list[str]:
    return [f"aecd_{n}_timer_1 aecd_{n}_timer_2" for n in range(first, first + 5)]


# PID: what bit 0, bit 1, ... of byte A stand for; several names where one bit speaks for several values.
BITS: dict[int, list[str]] = {
    0x65: ["power_take_off", "automatic_gear_engaged", "manual_gear_engaged", "glow_plug_lamp", "recommended_gear"],
    0x66: ["mass_air_flow_a", "mass_air_flow_b"],
    0x67: _numbered("coolant_temperature_sensor_{}", 1, 2),
    0x68: [f"intake_air_temperature_bank_{bank}_sensor_{sensor}" for bank in (1, 2) for sensor in (1, 2, 3)],
    0x69: ["commanded_egr_a", "actual_egr_a", "egr_a_error", "commanded_egr_b", "actual_egr_b", "egr_b_error"],
    0x6A: [
        "commanded_intake_air_flow_a",
        "relative_intake_air_flow_a",
        "commanded_intake_air_flow_b",
        "relative_intake_air_flow_b",
    ],
    0x6B: _sensors("egr_temperature_bank_{}_sensor_{}") + _sensors("egr_temperature_wide_bank_{}_sensor_{}"),
    0x6C: [
        "commanded_throttle_actuator_a",
        "relative_throttle_position_a",
        "commanded_throttle_actuator_b",
        "relative_throttle_position_b",
    ],
    0x6D: [
        "commanded_fuel_rail_pressure_a",
        "fuel_rail_pressure_a",
        "fuel_rail_temperature_a",
        "commanded_fuel_rail_pressure_b",
        "fuel_rail_pressure_b",
        "fuel_rail_temperature_b",
    ],
    0x6E: [
        "commanded_injection_control_pressure_a",
        "injection_control_pressure_a",
        "commanded_injection_control_pressure_b",
        "injection_control_pressure_b",
    ],
    0x6F: [
        "turbo_inlet_pressure_a",
        "turbo_inlet_pressure_b",
        "turbo_inlet_pressure_wide_a",
        "turbo_inlet_pressure_wide_b",
    ],
    0x70: [
        "commanded_boost_pressure_a",
        "boost_pressure_a",
        "boost_control_status_a",
        "commanded_boost_pressure_b",
        "boost_pressure_b",
        "boost_control_status_b",
    ],
    0x71: [
        "commanded_vgt_position_a",
        "vgt_position_a",
        "vgt_control_status_a",
        "commanded_vgt_position_b",
        "vgt_position_b",
        "vgt_control_status_b",
    ],
    0x72: [
        "commanded_wastegate_position_a",
        "wastegate_position_a",
        "commanded_wastegate_position_b",
        "wastegate_position_b",
    ],
    0x73: _numbered("exhaust_pressure_bank_{}", 1, 2),
    0x74: ["turbo_speed_a", "turbo_speed_b"],
    0x75: [
        "turbo_a_compressor_inlet_temperature",
        "turbo_a_compressor_outlet_temperature",
        "turbo_a_turbine_inlet_temperature",
        "turbo_a_turbine_outlet_temperature",
    ],
    0x76: [
        "turbo_b_compressor_inlet_temperature",
        "turbo_b_compressor_outlet_temperature",
        "turbo_b_turbine_inlet_temperature",
        "turbo_b_turbine_outlet_temperature",
    ],
    0x77: _sensors("charge_air_cooler_temperature_bank_{}_sensor_{}"),
    0x78: _numbered("exhaust_gas_temperature_bank_1_sensor_{}", 1, 2, 3, 4),
    0x79: _numbered("exhaust_gas_temperature_bank_2_sensor_{}", 1, 2, 3, 4),
    0x7A: ["dpf_differential_pressure_bank_1", "dpf_inlet_pressure_bank_1", "dpf_outlet_pressure_bank_1"],
    0x7B: ["dpf_differential_pressure_bank_2", "dpf_inlet_pressure_bank_2", "dpf_outlet_pressure_bank_2"],
    0x7C: [
        "dpf_inlet_temperature_bank_1",
        "dpf_outlet_temperature_bank_1",
        "dpf_inlet_temperature_bank_2",
        "dpf_outlet_temperature_bank_2",
    ],
    0x7F: ["total_run_time", "total_idle_time", "total_power_take_off_time"],
    0x81: _timers(1),
    0x82: _timers(6),
    0x83: _sensors("nox_bank_{}_sensor_{}"),
    0x85: ["reagent_consumption", "reagent_demand", "reagent_level", "nox_warning_time"],
    0x86: _numbered("particulate_mass_bank_{}", 1, 2),
    0x87: ["intake_manifold_pressure_a", "intake_manifold_pressure_b"],
    0x89: _timers(11),
    0x8A: _timers(16),
    0x8B: [
        "dpf_regeneration",
        "dpf_regeneration_type",
        "nox_adsorber_regeneration",
        "nox_adsorber_desulphurisation",
        "dpf_regeneration_trigger",
        "dpf_regeneration_interval",
        "dpf_regeneration_distance",
    ],
    0x8C: _sensors("exhaust_oxygen_bank_{}_sensor_{}") + _sensors("exhaust_lambda_bank_{}_sensor_{}"),
    0x8F: [
        "particulate_sensor_status_bank_1",
        "particulate_sensor_output_bank_1",
        "particulate_sensor_status_bank_2",
        "particulate_sensor_output_bank_2",
    ],
    0x93: ["cumulative_lamp_time"],
    0x94: [
        "nox_warning inducement_level_1 inducement_level_2 inducement_level_3",
        "reagent_quality_fault_time",
        "reagent_consumption_fault_time",
        "reagent_dosing_fault_time",
        "egr_valve_fault_time",
        "nox_monitoring_fault_time",
    ],
    0x98: _numbered("exhaust_gas_temperature_bank_1_sensor_{}", 5, 6, 7, 8),
    0x99: _numbered("exhaust_gas_temperature_bank_2_sensor_{}", 5, 6, 7, 8),
    0x9A: [
        "hybrid_charging_state",
        "hybrid_battery_voltage",
        "hybrid_battery_current",
        "hybrid_charging_state_enhanced",
    ],
    0x9B: ["", "def_concentration", "def_temperature", "def_level"],  # bit 0: the kind of fluid, which is not decoded
    0x9C: _sensors("exhaust_oxygen_bank_{}_sensor_{}", 3) + _sensors("exhaust_lambda_bank_{}_sensor_{}", 3),
    0x9F: [f"fuel_system_{system}_use_bank_{bank}" for bank in (1, 2, 3, 4) for system in "ab"],
    0xA1: _sensors("nox_corrected_bank_{}_sensor_{}"),
    0xA3: [
        "evaporative_pressure_a",
        "evaporative_pressure_wide_a",
        "evaporative_pressure_b",
        "evaporative_pressure_wide_b",
    ],
    0xA4: ["actual_gear", "actual_gear_ratio"],
    0xA5: ["commanded_def_dosing", "def_used_this_cycle"],
    0xA7: _sensors("nox_bank_{}_sensor_{}", 3),
    0xA8: _sensors("nox_corrected_bank_{}_sensor_{}", 3),
    0xA9: ["abs_disabled"],
}


@pytest.mark.parametrize("pid", BITS, ids=lambda pid: f"{pid:02X}")
def test_each_bit_alone_brings_its_own_values(pid: int) -> None:
    length = signals.pid_length(pid)
    assert length is not None
    for bit, names in enumerate(BITS[pid]):
        data = bytes([1 << bit]) + b"\x2a" * (length - 1)
        assert set(signals.decode(pid, data)) == set(names.split()), f"bit {bit}"
    assert signals.decode(pid, b"\x00" + b"\x2a" * (length - 1)) == {}


def test_no_support_bit_is_without_its_line_here() -> None:
    flagged = {signal.pid for signal in signals.SIGNALS.values() if signal.supported_bit}
    assert flagged == set(BITS) | {0x01, 0x41}  # there bit 3 of B chooses between two lists of monitors


def test_readiness_lists_the_monitors_of_the_engine_s_kind() -> None:
    assert "spark_monitors_supported" in signals.decode(0x01, bytes.fromhex("00070000"))
    assert "compression_monitors_supported" not in signals.decode(0x01, bytes.fromhex("00070000"))
    assert "compression_monitors_supported" in signals.decode(0x01, bytes.fromhex("000F0000"))
    assert "spark_monitors_supported" not in signals.decode(0x01, bytes.fromhex("000F0000"))
