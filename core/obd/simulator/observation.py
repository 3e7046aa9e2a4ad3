"""What a car's sensors and control unit make of the model's state: the values of Mode 01, by signal name."""

import math
from typing import TYPE_CHECKING

from core.obd.simulator.driver import DT
from core.obd.simulator.observation_diesel import observe_diesel
from core.obd.simulator.powertrain import DENSITY_G_PER_L
from core.obd.simulator.ripple import ripple

if TYPE_CHECKING:
    from core.obd.simulator.driving import DrivingModel

_CLOSED_PLATE = 11.5  # %, the stop of a throttle plate reads about this
_PEDAL_D_REST = 16.1  # %, as two potentiometers of one pedal read at rest; the second at half the slope
_PEDAL_E_REST = 31.8


def observe(model: "DrivingModel") -> dict[str, float]:
    """Values by signal name, in the signal's unit; the bytes of a reply round them."""
    values = _engine(model)
    values.update(_counters(model))
    if model.power.diesel:
        values.update(observe_diesel(model))
    else:
        values.update(_petrol(model))
    if model.power.hybrid:
        values.update(_hybrid(model))
    else:
        values.update(_gearbox(model))
    return values


def _engine(model: "DrivingModel") -> dict[str, float]:
    power, warmth, step = model.power, model.warmth, model.steps
    start = model.vehicle.start
    load = 0.0 if power.rpm < 60 else power.load
    brake = power.load * power.full_load(power.rpm) if power.rpm > 60 and not power.fuel_cut else 0.0
    most = model.reference_torque
    wanted = power.demand + power.friction(power.rpm) if power.rpm > 60 else 0.0
    volume = model.vehicle.engine.displacement_l
    fuel_l_h = power.fuel_g_s * 3600 / DENSITY_G_PER_L[model.vehicle.engine.fuel]
    return {
        "engine_load": 100 * min(1.0, load),
        "coolant_temperature": warmth.coolant,
        "intake_manifold_pressure": power.manifold_kpa(),
        "engine_speed": power.rpm,
        "vehicle_speed": power.speed * 3.6,
        "intake_air_temperature": warmth.intake,
        "mass_air_flow": power.air_g_s,
        # Air a stroke against 1.184 g a litre (SAE J1979, PID 43)
        "absolute_load": 100 * power.air_g_s * 120 / (max(power.rpm, 60) * volume * 1.184) if power.rpm > 60 else 0.0,
        "control_module_voltage": model.battery_v + 0.012 * ripple(step, 1),
        "barometric_pressure": start.barometric_kpa,
        "ambient_air_temperature": warmth.ambient,
        "fuel_level": 100 * model.fuel_l / model.vehicle.body.tank_l + model.slosh,
        "accelerator_pedal_position_d": _PEDAL_D_REST + 66.0 * power.pedal,
        "accelerator_pedal_position_e": _PEDAL_E_REST + 33.0 * power.pedal * 2,
        "relative_accelerator_pedal_position": 100 * power.pedal,
        "oil_temperature": warmth.oil,
        "fuel_rate": fuel_l_h,
        "demanded_torque": max(0.0, min(100.0, 100 * wanted / most)),
        "actual_torque": min(100.0, 100 * brake / most),
        "reference_torque": round(most),
        "engine_fuel_mass_rate": power.fuel_g_s,
        "vehicle_fuel_mass_rate": power.fuel_g_s,
        "exhaust_flow": (power.air_g_s + power.fuel_g_s) * 3.6,
        "run_time": min(65535.0, math.floor(model.run_time)),
        "catalyst_temperature_bank_1_sensor_1": warmth.catalyst,
        "catalyst_temperature_bank_1_sensor_2": warmth.catalyst_out,
    }


def _counters(model: "DrivingModel") -> dict[str, float]:
    start, km, minutes = model.vehicle.start, model.distance_m / 1000, math.floor(model.time / 60)
    warm = model.warmth.coolant > 71 and start.coolant_c < 49  # SAE J1979, PID 30: by 22 K to at least 71 °C
    return {
        "odometer": start.odometer_km + km,
        "distance_since_codes_cleared": math.floor(start.since_cleared_km + km),
        "time_since_codes_cleared": start.since_cleared_min + minutes,
        "warm_ups_since_codes_cleared": min(255.0, start.warm_ups + warm),
        "distance_with_mil_on": 0.0 if start.with_lamp_km is None else math.floor(start.with_lamp_km + km),
        "time_run_with_mil_on": 0.0 if start.with_lamp_min is None else start.with_lamp_min + minutes,
    }


def _petrol(model: "DrivingModel") -> dict[str, float]:
    power, warmth, step = model.power, model.warmth, model.steps
    closed = model.closed_loop
    # The narrow-band sensor swings between rich and lean as the mixture is corrected, faster with more gas.
    swing = math.sin(2 * math.pi * (0.7 + min(1.2, power.air_g_s / 30)) * step * DT)
    plate = _plate(model)
    mixture = 1.0
    if power.fuel_cut:
        mixture = 1.999
    elif power.enriched:
        mixture = 0.88
    measured = mixture + (0.012 * swing + 0.004 * ripple(step, 2) if closed else 0.0)
    short = model.short_trim + (1.6 * swing if closed else 0.0)
    front = 0.45 + 0.38 * max(-1.0, min(1.0, 2.2 * swing)) + 0.02 * ripple(step, 3)
    if power.fuel_cut or power.rpm < 60:
        front = 0.02
    elif power.enriched:
        front = 0.87
    elif not closed:
        front = 0.45
    ready = warmth.catalyst_out > 250
    rear = (0.66 + 0.05 * ripple(step // 40, 4)) if ready and not power.fuel_cut else 0.1 + 0.3 * (not power.fuel_cut)
    return {
        "fuel_system_1_status": _fuel_system(model),
        "fuel_system_2_status": 0,
        "short_term_fuel_trim_bank_1": short,
        "long_term_fuel_trim_bank_1": model.long_trim,
        "timing_advance": _advance(model),
        "throttle_position": plate,
        "absolute_throttle_position_b": min(100.0, plate * 0.86 + 33.5),
        "relative_throttle_position": max(0.0, plate - _CLOSED_PLATE - 3.8),
        "commanded_throttle_actuator": min(100.0, plate + 0.5 * ripple(step, 5)),
        "oxygen_sensor_voltage_bank_1_sensor_1": front,
        "oxygen_sensor_trim_bank_1_sensor_1": short,
        "oxygen_sensor_voltage_bank_1_sensor_2": rear,
        "oxygen_sensor_trim_bank_1_sensor_2": 99.21875,  # FF: this sensor does not trim (SAE J1979, PIDs 14 to 1B)
        "wide_range_lambda_bank_1_sensor_1": measured,
        "wide_range_voltage_bank_1_sensor_1": 1.5 + 2.6 * (measured - 1.0) if measured < 1.9 else 3.9,
        "wide_range_current_lambda_bank_1_sensor_1": measured,
        "wide_range_current_bank_1_sensor_1": min(3.0, 3.4 * (measured - 1.0)),
        "commanded_equivalence_ratio": mixture,
        "commanded_evaporative_purge": model.purge,
        "fuel_rail_gauge_pressure": 3500 + 9500 * min(1.0, power.load) if power.rpm > 60 else 400,
        "secondary_air_status": 4,
        "fuel_type": 17 if power.hybrid else 1,
    }


def _fuel_system(model: "DrivingModel") -> int:
    """PID 03: 1 open loop, cold · 2 closed loop · 4 open loop by load or overrun."""
    if model.power.rpm < 60:
        return 0
    if model.closed_loop:
        return 2
    return 4 if model.power.fuel_cut or model.power.enriched else 1


def _plate(model: "DrivingModel") -> float:
    """Throttle plate in %: the opening that lets this much air past, by the flow of a choked orifice."""
    power = model.power
    if power.rpm < 60:
        return _CLOSED_PLATE + 5.0
    ratio = min(0.985, max(0.05, power.load))
    flow = ratio / math.sqrt(1 - ratio * ratio) * power.rpm / (2.7 * model.vehicle.engine.redline_rpm)
    return _CLOSED_PLATE + (100 - _CLOSED_PLATE) * math.pow(min(1.0, flow), 0.6)


def _advance(model: "DrivingModel") -> float:
    """Spark advance in ° before top dead centre: more with speed, less with load, little at idle."""
    power = model.power
    if power.rpm < 60:
        return 5.0
    if power.pedal == 0.0 and power.speed < 1.0:
        return 8.0 + 3.0 * ripple(model.steps // 4, 6)
    if power.fuel_cut:
        return 12.0
    speed = min(1.0, power.rpm / 4000)
    return 12.0 + 26.0 * speed - 20.0 * (min(1.0, power.load) - 0.3) + 0.8 * ripple(model.steps // 3, 7)


def _gearbox(model: "DrivingModel") -> dict[str, float]:
    power, gearbox = model.power, model.vehicle.gearbox
    driving = power.speed > 0.1
    return {
        "power_take_off": 0,
        "automatic_gear_engaged": 1,
        "manual_gear_engaged": int(driving),
        "actual_gear": power.gear + 1,
        "actual_gear_ratio": gearbox.gears[power.gear],
    }


def _hybrid(model: "DrivingModel") -> dict[str, float]:
    power = model.power
    volts = 205.0 + 0.35 * (power.battery - 50)
    return {
        "hybrid_battery_charge": power.battery,
        "hybrid_charging_state": 0,
        "hybrid_charging_state_enhanced": 2 if power.battery_w < -500 else 0,
        "hybrid_battery_voltage": volts - 0.00035 * power.battery_w,
        "hybrid_battery_current": power.battery_w / volts,
        "hybrid_battery_health": 94,
    }
