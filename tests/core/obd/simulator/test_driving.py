"""The driving model obeys physics: gears, air, heat, fuel and electricity belong together at every moment."""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import resources
from core.obd.simulator.car import load_car
from core.obd.simulator.car_file import read_car
from core.obd.simulator.driving import LONGEST_SLEEP_S, DrivingModel
from core.obd.simulator.powertrain import GAS_CONSTANT, volumetric_efficiency
from core.obd.simulator.route import lap
from core.obd.simulator.vehicle import Scenario, Vehicle
from core.obd.simulator.warmth import Warmth

Values = Mapping[str, float]
RPM_PER_RAD = 60 / (2 * math.pi)


def vehicle(name: str) -> Vehicle:
    return read_car(resources.path("cars", f"{name}.toml")).vehicle


def drive(model: DrivingModel, seconds: float, step: float = 0.5) -> Iterator[tuple[float, Values]]:
    begin = model.time
    for n in range(int(seconds / step)):
        yield begin + n * step, model.at(begin + n * step)


@pytest.mark.parametrize(("name", "seed"), [("compact_petrol", 1), ("diesel_van", 2), ("old_hatchback", 3)])
def test_engine_speed_follows_road_speed_through_the_gear(name: str, seed: int) -> None:
    model = DrivingModel(vehicle(name), seed)
    gearbox, wheel = model.vehicle.gearbox, model.vehicle.body.wheel_radius_m
    compared = 0
    for _, values in drive(model, 1500):
        if values["vehicle_speed"] < 30 or model.power.shifting > 0 or model.power._since_shift < 1.0:
            continue
        ratio = gearbox.gears[model.power.gear] * gearbox.final_drive
        geared = values["vehicle_speed"] / 3.6 / wheel * ratio * RPM_PER_RAD
        assert values["engine_speed"] == pytest.approx(geared, rel=0.04)
        assert values["actual_gear"] == model.power.gear + 1
        compared += 1
    assert compared > 800


@pytest.mark.parametrize("name", ["compact_petrol", "old_hatchback", "hybrid"])
def test_air_flow_and_manifold_pressure_agree_by_speed_density(name: str) -> None:
    model = DrivingModel(vehicle(name), 4)
    engine = model.vehicle.engine
    for _, values in drive(model, 900):
        rpm = values["engine_speed"]
        if rpm < 300:
            assert values["mass_air_flow"] < 6.0
            continue
        filled = values["intake_manifold_pressure"] * 1000 * engine.displacement_l / 1000
        air = filled * volumetric_efficiency(rpm / engine.redline_rpm) * rpm * 1000
        air /= 120 * GAS_CONSTANT * (values["intake_air_temperature"] + 273.15)
        assert values["mass_air_flow"] == pytest.approx(air, rel=0.02)


def test_fuel_follows_air_and_stops_on_the_overrun() -> None:
    model = DrivingModel(vehicle("compact_petrol"), 4)
    cut = 0
    for _, values in drive(model, 900):
        grams = values["fuel_rate"] / 3600 * 745
        if model.power.fuel_cut:
            assert grams == 0
            assert values["commanded_equivalence_ratio"] > 1.9
            cut += values["vehicle_speed"] > 20
        elif values["engine_speed"] > 600:
            ratio = values["mass_air_flow"] / grams
            assert ratio == pytest.approx(14.7 * values["commanded_equivalence_ratio"], rel=0.01)
    assert cut > 20


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("compact_petrol", 5, 9), ("diesel_van", 6, 12), ("old_hatchback", 4, 9), ("hybrid", 2.5, 5.5)],
)
def test_consumption_is_what_such_a_car_uses(name: str, low: float, high: float) -> None:
    model = DrivingModel(vehicle(name), 1)
    before = model.at(0)["fuel_level"]
    after = model.at(2000)
    km = model.distance_m / 1000
    litres = (model.vehicle.start.fuel_percent / 100 * model.vehicle.body.tank_l) - model.fuel_l
    assert 15 < km < 45
    assert low < litres / km * 100 < high
    assert after["fuel_level"] < before
    assert after["odometer"] - model.vehicle.start.odometer_km == pytest.approx(km)


@pytest.mark.parametrize("seed", range(2))
def test_the_engine_warms_up_and_stays_at_its_thermostat(seed: int) -> None:
    model = DrivingModel(vehicle("compact_petrol"), seed)
    coolant = [values["coolant_temperature"] for _, values in drive(model, 2400, 5)]
    assert coolant[0] == 18
    assert all(later >= earlier - 0.3 for earlier, later in itertools.pairwise(coolant[:60]))
    warm = next(n for n, value in enumerate(coolant) if value > 80) * 5
    assert 200 < warm < 1200
    assert min(coolant[warm // 5 + 60 :]) > 85
    assert max(coolant) < 105


def test_oil_warms_later_and_ends_hotter_than_coolant() -> None:
    model = DrivingModel(vehicle("compact_petrol"), 2)
    assert model.at(300)["oil_temperature"] < model.at(300)["coolant_temperature"] - 8
    hot = [values["oil_temperature"] - values["coolant_temperature"] for _, values in drive(model, 2000, 10)]
    assert max(hot) > 2


def test_the_fan_cycles_when_a_hot_engine_idles() -> None:
    hot = replace(vehicle("compact_petrol"), start=replace(vehicle("compact_petrol").start, ambient_c=32, coolant_c=92))
    warmth = Warmth(hot)
    fan, coolant = [], []
    for second in range(2400):
        warmth.step(second, fuel_kw=7.0, speed=0.0, rpm=680.0)
        fan.append(warmth.fan)
        coolant.append(warmth.coolant)
    switched = sum(a != b for a, b in itertools.pairwise(fan))
    assert switched >= 4
    assert 93 < min(coolant[600:]) < max(coolant) < 100.5


def test_nothing_jumps_that_cannot() -> None:
    model = DrivingModel(vehicle("demo"), 6)
    last: Values | None = None
    for _, values in drive(model, 600, 0.05):
        if last is not None:
            assert abs(values["vehicle_speed"] - last["vehicle_speed"]) < 1.2  # 7 m/s² at most
            assert abs(values["coolant_temperature"] - last["coolant_temperature"]) <= 1.6
            assert abs(values["engine_speed"] - last["engine_speed"]) < 1400
            assert abs(values["fuel_level"] - last["fuel_level"]) < 1
            assert values["odometer"] >= last["odometer"]
            assert values["run_time"] >= last["run_time"]
        last = values


@pytest.mark.parametrize("name", ["compact_petrol", "demo", "diesel_van", "old_hatchback", "hybrid", "faulty"])
def test_percentages_pressures_and_voltages_stay_in_their_range(name: str) -> None:
    model = DrivingModel(vehicle(name), 8)
    for _, values in drive(model, 700):
        for key in ("engine_load", "throttle_position", "accelerator_pedal_position_d", "fuel_level", "actual_torque"):
            assert 0 <= values[key] <= 100, key
        assert 15 <= values["intake_manifold_pressure"] <= 100 + model.vehicle.engine.boost_kpa
        assert 9.5 < values["control_module_voltage"] < 14.8
        assert 0 <= values["engine_speed"] <= model.vehicle.engine.redline_rpm * 1.03
        assert 0 <= values["vehicle_speed"] < 150
        assert all(math.isfinite(value) for value in values.values())


def test_voltage_off_cranking_and_running() -> None:
    model = DrivingModel(vehicle("compact_petrol"), 1)
    assert model.at(1.5)["control_module_voltage"] == pytest.approx(12.3, abs=0.1)
    assert model.at(2.6)["engine_speed"] < 300
    assert model.at(2.8)["control_module_voltage"] < 10.6
    assert model.at(40)["control_module_voltage"] == pytest.approx(14.1, abs=0.35)


def test_idle_is_steady_and_higher_when_cold() -> None:
    model = DrivingModel(vehicle("compact_petrol"), 1)
    cold = [values["engine_speed"] for _, values in drive(model, 9) if values["run_time"] > 3]
    assert all(1000 < rpm < 1200 for rpm in cold)
    idle = [
        values["engine_speed"]
        for t, values in drive(model, 2400)
        if t > 1200 and values["vehicle_speed"] == 0 and values["coolant_temperature"] > 85
    ]
    assert len(idle) > 60
    assert 640 < min(idle) < max(idle) < 760
    assert max(idle) - min(idle) > 5


def test_fuel_is_trimmed_only_in_closed_loop() -> None:
    model = DrivingModel(vehicle("compact_petrol"), 3)
    assert model.at(15)["fuel_system_1_status"] == 1
    assert model.at(15)["short_term_fuel_trim_bank_1"] == 0
    states = set()
    trims = []
    for _, values in drive(model, 1500):
        states.add(values["fuel_system_1_status"])
        if values["fuel_system_1_status"] == 2:
            trims.append(values["short_term_fuel_trim_bank_1"])
    assert states == {1, 2, 4}
    assert max(map(abs, trims)) < 12
    assert max(trims) > 1 > -1 > min(trims)


def test_narrow_band_sensors_switch_before_the_catalyst_and_not_behind_it() -> None:
    model = DrivingModel(vehicle("demo"), 3)
    front, rear = [], []
    for _, values in drive(model, 60, 0.1):
        if values["fuel_system_1_status"] == 2:
            front.append(values["oxygen_sensor_voltage_bank_1_sensor_1"])
            rear.append(values["oxygen_sensor_voltage_bank_1_sensor_2"])
    crossings = sum((a < 0.45) != (b < 0.45) for a, b in itertools.pairwise(front))
    assert crossings > 20
    assert min(front) < 0.15
    assert max(front) > 0.75
    assert min(rear[100:]) > 0.5


def test_a_misfire_is_felt_and_trimmed() -> None:
    healthy, missing = (
        DrivingModel(replace(vehicle("faulty"), scenario=s), 1) for s in (Scenario(), Scenario(misfire_after_s=0))
    )
    healthy.advance(1200)
    missing.advance(1200)
    assert missing.long_trim > healthy.long_trim + 2


# --- the demo ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_demo_car_gives_its_alarms_in_time(seed: int) -> None:
    """Under way at once; over 6,000 rpm and 90 % load within 90 s; over 110 °C in the third or fourth minute, once."""
    model = DrivingModel(vehicle("demo"), seed)
    first = model.at(0)
    assert first["vehicle_speed"] > 30
    assert first["engine_speed"] > 1200
    assert first["mass_air_flow"] > 1
    assert 65 < first["coolant_temperature"] < 75
    over_rev, load, hot = [], [], []
    for t, values in drive(model, 600, 0.1):
        if values["engine_speed"] > 6000:
            over_rev.append(t)
        if values["engine_load"] > 90:
            load.append(t)
        if values["coolant_temperature"] > 110:
            hot.append(t)
    assert 20 < over_rev[0] < 90
    assert sum(t < 90 for t in over_rev) > 10  # for more than a second
    assert load[0] < 90
    assert 130 < hot[0] < 240
    assert hot[-1] - hot[0] == pytest.approx(len(hot) * 0.1, abs=1.0)  # once
    assert hot[-1] < 300
    assert model.warmth.coolant < 100


def test_overheating_for_good_is_held_by_steam_only() -> None:
    model = DrivingModel(replace(vehicle("compact_petrol"), scenario=Scenario(overheat_after_s=600)), 1)
    model.advance(1500)
    assert 110 < model.warmth.coolant < 125


# --- determinism and speed --------------------------------------------------------------------------------------------


def test_the_state_depends_on_seed_and_time_alone() -> None:
    often, seldom, other = (DrivingModel(vehicle("compact_petrol"), seed) for seed in (5, 5, 6))
    for _ in drive(often, 700, 0.13):
        pass
    assert often.at(700.0) == seldom.at(700.0)
    assert often.at(700.0) != other.at(700.0)


def test_between_two_steps_nothing_changes_and_nothing_is_computed() -> None:
    model = DrivingModel(vehicle("demo"), 1)
    assert model.at(10.0) is model.at(10.04)
    assert model.at(10.0) is not model.at(10.06)
    assert model.at(3.0) is model.at(10.06)  # time does not run back


def test_an_hour_takes_72000_steps_and_a_longer_pause_no_more() -> None:
    model = DrivingModel(vehicle("compact_petrol"), 1)
    model.advance(3 * LONGEST_SLEEP_S)
    assert model.steps == 72_000
    before = model.distance_m
    model.advance(3 * LONGEST_SLEEP_S + 10)
    assert model.steps == 72_200
    assert model.distance_m >= before


def test_laps_repeat_their_roads_but_not_their_metres() -> None:
    assert lap(1, 0) == lap(1, 0)
    assert lap(1, 0) != lap(1, 1) != lap(2, 1)
    for number in range(20):
        legs = lap(3, number)
        assert {"town", "country"} <= {leg.kind for leg in legs}
        assert legs[-1].stop_s > 0
        assert 8_000 < sum(leg.length_m for leg in legs) < 40_000


def test_the_hybrid_stops_its_engine_and_lives_on_its_battery() -> None:
    model = DrivingModel(vehicle("hybrid"), 2)
    off_moving = charging = 0
    for _, values in drive(model, 1500):
        if values["engine_speed"] == 0 and values["vehicle_speed"] > 15:
            off_moving += 1
            assert values["fuel_rate"] == 0
        charging += values["hybrid_battery_current"] < -5
        assert 40 < values["hybrid_battery_charge"] < 80
    assert off_moving > 200
    assert charging > 200


def test_the_diesel_builds_boost_and_burns_its_filter_free() -> None:
    model = DrivingModel(vehicle("diesel_van"), 2)
    boost = 0.0
    burnt = False
    for _, values in drive(model, 1500, 1):
        boost = max(boost, values["boost_pressure_a"])
        assert values["engine_speed"] < 600 or values["commanded_equivalence_ratio"] > 1.05
        if values["dpf_regeneration"]:
            burnt = True
            assert values["dpf_inlet_temperature_bank_1"] > 400
    assert boost > 200
    model.soot = 79.99
    burnt = burnt or any(values["dpf_regeneration"] for _, values in drive(model, 400, 1))
    assert burnt


def test_the_example_car_is_the_default(tmp_path: Path) -> None:
    assert load_car(None).spec.vehicle == vehicle("compact_petrol")
