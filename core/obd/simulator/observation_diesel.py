"""What a diesel's control unit reports beyond a petrol engine's: boost, EGR, rail, exhaust, filter, NOx, reagent."""

import math
from typing import TYPE_CHECKING

from core.obd.simulator.powertrain import STOICHIOMETRIC
from core.obd.simulator.ripple import ripple

if TYPE_CHECKING:
    from core.obd.simulator.driving import DrivingModel

_LAST_RUNS_S = 4_812_400.0  # of the engine's life before today
_LAST_IDLE_S = 1_130_900.0


def observe_diesel(model: "DrivingModel") -> dict[str, float]:
    """Values by signal name, in the signal's unit."""
    values = _air_and_fuel(model)
    values.update(_exhaust(model))
    return values


def _air_and_fuel(model: "DrivingModel") -> dict[str, float]:
    power, warmth, step = model.power, model.warmth, model.steps
    running = power.engine_on and power.rpm > 400
    air_fuel = power.air_g_s / max(power.fuel_g_s, 0.01) / STOICHIOMETRIC["diesel"]
    egr = power.egr_share() if running else 0.0
    pressure = power.manifold_kpa()
    wanted = model.vehicle.start.barometric_kpa + model.vehicle.engine.boost_kpa * math.pow(power.load, 0.8)
    rail = 27_000 + 125_000 * power.load + 400 * ripple(step, 20) if running else 900.0
    return {
        "throttle_position": 89.0 if running else 12.0,
        "commanded_egr": 240 * egr,
        "egr_error": 3.0 * ripple(step // 20, 8),
        "commanded_egr_a": 240 * egr,
        "actual_egr_a": max(0.0, 240 * egr * (1 + 0.02 * ripple(step // 10, 9))),
        "egr_a_error": 2.0 * ripple(step // 10, 9),
        "egr_temperature_bank_1_sensor_1": min(215.0, warmth.coolant + 150 * egr),
        "fuel_rail_gauge_pressure": rail,
        "commanded_fuel_rail_pressure_a": 27_000 + 125_000 * power.load if running else 0.0,
        "fuel_rail_pressure_a": rail,
        "fuel_rail_temperature_a": 0.55 * warmth.coolant + 8,
        "fuel_injection_timing": -2.0 + 9.0 * power.rpm / 4000 if running else 0.0,
        "commanded_equivalence_ratio": min(1.999, air_fuel) if running else 1.0,
        "fuel_type": 4,
        "mass_air_flow_a": power.air_g_s,
        "coolant_temperature_sensor_1": warmth.coolant,
        "coolant_temperature_sensor_2": warmth.coolant - 4,
        "intake_air_temperature_bank_1_sensor_1": warmth.intake,
        "intake_air_temperature_bank_1_sensor_2": warmth.intake + 0.12 * power.boost,
        "intake_manifold_pressure_a": pressure,
        "commanded_boost_pressure_a": wanted if running else pressure,
        "boost_pressure_a": pressure,
        "boost_control_status_a": 2 if running else 1,
        "turbo_speed_a": 12_000 + 1_150 * power.boost if running else 0.0,
        "charge_air_cooler_temperature_bank_1_sensor_1": warmth.intake + 0.75 * power.boost,
        "charge_air_cooler_temperature_bank_1_sensor_2": warmth.intake + 0.12 * power.boost,
        "glow_plug_lamp": int(not running and warmth.coolant < 40),
    }


def _exhaust(model: "DrivingModel") -> dict[str, float]:
    """From the turbine to the tailpipe: each part lags and cools the one before it."""
    power, warmth = model.power, model.warmth
    running = power.engine_on and power.rpm > 400
    burning = 210.0 if model.regenerating else 0.0
    flow = power.air_g_s + power.fuel_g_s
    resistance = flow * (0.03 + 0.0011 * model.soot)
    raw_nox = (120 + 900 * power.load * power.load) * (1 - 1.4 * power.egr_share()) if power.fuel_g_s else 0.0
    working = max(0.0, min(1.0, (warmth.catalyst_out - 180) / 80)) if running else 0.0  # the SCR needs some 200 °C
    fuel_l_h = power.fuel_g_s * 3600 / 832
    return {
        "exhaust_gas_temperature_bank_1_sensor_1": warmth.exhaust + (90 if running else 0),
        "exhaust_gas_temperature_bank_1_sensor_2": warmth.exhaust,
        "exhaust_gas_temperature_bank_1_sensor_3": warmth.catalyst_out + burning,
        "exhaust_gas_temperature_bank_1_sensor_4": max(warmth.ambient, warmth.catalyst_out - 25),
        "dpf_differential_pressure_bank_1": resistance,
        "dpf_inlet_pressure_bank_1": model.vehicle.start.barometric_kpa + resistance + 0.02 * flow,
        "dpf_outlet_pressure_bank_1": model.vehicle.start.barometric_kpa + 0.02 * flow,
        "dpf_inlet_temperature_bank_1": warmth.catalyst_out + burning,
        "dpf_outlet_temperature_bank_1": max(warmth.ambient, warmth.catalyst_out - 12 + 1.15 * burning),
        "dpf_regeneration": int(model.regenerating),
        "dpf_regeneration_type": int(model.regenerating),
        "dpf_regeneration_trigger": 100 * model.soot / model.SOOT_FULL,
        "dpf_regeneration_interval": 412,
        "dpf_regeneration_distance": 488,
        "nox_bank_1_sensor_1": raw_nox,
        "nox_bank_1_sensor_2": raw_nox * (1 - 0.92 * working),
        "particulate_mass_bank_1": 2.4 if running else 0.0,
        "reagent_consumption": 0.05 * fuel_l_h * working,
        "reagent_demand": 0.05 * fuel_l_h * working,
        "reagent_level": 63.0,
        "def_concentration": 32.5,
        "def_temperature": warmth.ambient + 6,
        "def_level": 63.0,
        "total_run_time": _LAST_RUNS_S + model.run_time,
        "total_idle_time": _LAST_IDLE_S + model.idle_time,
    }
