"""Derived signals: worked out by hand, and silent where the inputs say nothing."""

import math

import pytest

from core.obd import derived
from core.obd.derived import FUELS, CarFacts, Derived

# A five-speed box with a final drive of 4.06, as overall ratios.
RATIOS = (14.0, 7.9, 5.2, 3.9, 3.1)


def _feed(machine: Derived, *samples: tuple[str, float, float]) -> dict[str, float]:
    """The last value of each derived signal that the samples gave."""
    made: dict[str, float] = {}
    for name, t, value in samples:
        for made_name, made_t, made_value in machine.update(name, t, value):
            assert made_t == t
            made[made_name] = made_value
    return made


# gear


def test_overall_ratio_by_hand() -> None:
    # 3000 rpm are 50 rev/s; 100 km/h are 27.778 m/s over 2 m are 13.889 rev/s: 50 / 13.889 = 3.6.
    assert derived.overall_ratio(3000.0, 100.0, 2.0) == pytest.approx(3.6)
    made = _feed(
        Derived(CarFacts(tyre_circumference=2.0)), ("vehicle_speed", 0.0, 100.0), ("engine_speed", 0.1, 3000.0)
    )
    assert made["overall_ratio"] == pytest.approx(3.6)


@pytest.mark.parametrize(("engine", "speed"), [(800.0, 0.0), (800.0, 4.0), (0.0, 60.0), (300.0, 60.0)])
def test_there_is_no_ratio_at_rest_or_without_the_engine(engine: float, speed: float) -> None:
    assert derived.overall_ratio(engine, speed, 1.927) is None
    made = _feed(Derived(), ("vehicle_speed", 0.0, speed), ("engine_speed", 0.1, engine))
    assert "overall_ratio" not in made


@pytest.mark.parametrize(
    ("ratio", "gear"),
    [
        (14.0, 1),
        (13.2, 1),
        (7.9, 2),
        (8.3, 2),
        (5.0, 3),
        (3.9, 4),
        (3.1, 5),
        (2.95, 5),
        (10.5, None),
        (2.0, None),
        (30.0, None),
    ],
)
def test_the_gear_is_the_nearest_ratio_or_none(ratio: float, gear: int | None) -> None:
    assert derived.gear_number(ratio, RATIOS) == gear


def test_without_ratios_there_is_no_gear() -> None:
    assert derived.gear_number(3.9, ()) is None
    made = _feed(
        Derived(),
        *((name, t, v) for t in (0.0, 0.1) for name, v in (("vehicle_speed", 50.0), ("engine_speed", 2000.0))),
    )
    assert "overall_ratio" in made
    assert "gear" not in made


def test_the_gear_is_told_once_two_ratios_agree() -> None:
    # Fourth at 60 km/h with 1.927 m: 60 / 3.6 / 1.927 * 60 * 3.9 = 2023.9 rpm.
    machine = Derived(CarFacts(gear_ratios=RATIOS))
    machine.update("vehicle_speed", 0.0, 60.0)
    assert "gear" not in _feed(machine, ("engine_speed", 0.1, 2024.0))
    assert _feed(machine, ("engine_speed", 0.2, 2020.0))["gear"] == 4.0
    # Clutch down, the engine falls to idle on its way through third's and second's ratio: no gear.
    assert "gear" not in _feed(machine, ("engine_speed", 0.3, 900.0))
    assert "gear" not in _feed(machine, ("engine_speed", 0.4, 2700.0))
    assert _feed(machine, ("engine_speed", 0.5, 2700.0))["gear"] == 3.0


@pytest.mark.parametrize("lever", ["manual_gear_engaged", "automatic_gear_engaged"])
def test_a_car_that_says_neutral_is_believed(lever: str) -> None:
    machine = Derived(CarFacts(gear_ratios=RATIOS))
    samples = [
        (lever, 0.0, 0.0),
        ("vehicle_speed", 0.0, 60.0),
        ("engine_speed", 0.1, 2024.0),
        ("engine_speed", 0.2, 2024.0),
    ]
    assert _feed(machine, *samples) == {"distance_driven": 0.0}


def test_a_speed_that_is_too_old_makes_no_ratio() -> None:
    machine = Derived()
    machine.update("vehicle_speed", 0.0, 60.0)
    assert machine.update("engine_speed", 2.0, 2000.0)
    assert machine.update("engine_speed", 2.1, 2000.0) == []


# fuel


def test_fuel_rate_from_air_by_hand() -> None:
    # 14.6 g/s of air at lambda 1 burn 1 g/s of petrol: 3600 g/h over 747.5 g/L = 4.8161 L/h.
    made = _feed(Derived(), ("commanded_equivalence_ratio", 0.0, 1.0), ("mass_air_flow", 0.1, 14.6))
    assert made["fuel_rate_from_air_flow"] == pytest.approx(4.816054, rel=1e-6)
    # The same air at lambda 0.8 (enriched): a quarter more.
    made = _feed(Derived(), ("commanded_equivalence_ratio", 0.0, 0.8), ("mass_air_flow", 0.1, 14.6))
    assert made["fuel_rate_from_air_flow"] == pytest.approx(6.020067, rel=1e-6)


def test_without_a_lambda_petrol_is_taken_as_stoichiometric_and_diesel_not_at_all() -> None:
    assert _feed(Derived(), ("mass_air_flow", 0.0, 14.6))["fuel_rate_from_air_flow"] == pytest.approx(
        4.816054, rel=1e-6
    )
    assert _feed(Derived(CarFacts(fuel="diesel")), ("mass_air_flow", 0.0, 14.6)) == {}


def test_a_commanded_lambda_of_zero_is_a_car_that_does_not_know() -> None:
    # As in the recorded drives of issue 2, where the column is 0 throughout.
    made = _feed(Derived(), ("commanded_equivalence_ratio", 0.0, 0.0), ("mass_air_flow", 0.1, 14.6))
    assert made["fuel_rate_from_air_flow"] == pytest.approx(4.816054, rel=1e-6)


def test_a_lambda_at_the_end_of_its_range_says_nothing() -> None:
    machine = Derived()
    machine.update("commanded_equivalence_ratio", 0.0, 65535 / 32768)
    assert machine.update("mass_air_flow", 0.1, 4.0) == []


def test_diesel_needs_a_measured_lambda() -> None:
    # 58 g/s of air at lambda 2: 58 / (14.5 * 2) = 2 g/s; 2 * 3600 / 832.5 = 8.6486 L/h; 2 * 42.5 * 0.3 = 25.5 kW.
    samples = (("fuel_type", 0.0, 4.0), ("exhaust_lambda_bank_1_sensor_1", 0.0, 2.0), ("mass_air_flow", 0.1, 58.0))
    made = _feed(Derived(), *samples)
    assert made["fuel_rate_from_air_flow"] == pytest.approx(8.648649, rel=1e-6)
    assert made["engine_power_from_fuel"] == pytest.approx(25.5)


def test_two_air_flow_sensors_are_added() -> None:
    made = _feed(Derived(), ("mass_air_flow_b", 0.0, 7.3), ("mass_air_flow_a", 0.0, 7.3))
    assert made["fuel_rate_from_air_flow"] == pytest.approx(4.816054, rel=1e-6)


def test_the_car_s_own_fuel_type_overrides_what_was_assumed() -> None:
    # Ethanol: 14.6 / 9.0 = 1.62222 g/s; * 3600 / 789 = 7.4018 L/h.
    made = _feed(Derived(), ("fuel_type", 0.0, 3.0), ("mass_air_flow", 500.0, 14.6))
    assert made["fuel_rate_from_air_flow"] == pytest.approx(7.401774, rel=1e-6)
    assert _feed(Derived(), ("fuel_type", 0.0, 8.0), ("mass_air_flow", 0.1, 14.6)) == {}  # battery electric
    made = _feed(Derived(CarFacts(fuel="diesel")), ("fuel_type", 0.0, 0.0), ("mass_air_flow", 0.1, 14.6))
    assert made == {}  # "not available" says nothing, so what the workshop set stands


def test_a_gas_has_power_but_no_litres() -> None:
    # 17.2 g/s of air burn 1 g/s of methane: 50 kJ/g * 0.3 = 15 kW.
    made = _feed(Derived(CarFacts(fuel="natural gas")), ("vehicle_speed", 0.0, 50.0), ("mass_air_flow", 0.0, 17.2))
    assert made == {"distance_driven": 0.0, "engine_power_from_fuel": pytest.approx(15.0)}


def test_ethanol_in_petrol_by_hand() -> None:
    # E85: density 0.15 * 747.5 + 0.85 * 789 = 782.775; by mass 670.65 / 782.775 = 0.856760 ethanol;
    # air ratio 14.6 * 0.14324 + 9 * 0.85676 = 9.80214.
    mixture = derived.blend(FUELS["petrol"], FUELS["ethanol"], 0.85)
    assert mixture.density == pytest.approx(782.775)
    assert mixture.air_ratio == pytest.approx(9.802144, rel=1e-6)
    samples = (("fuel_type", 0.0, 1.0), ("ethanol_percentage", 0.0, 85.0), ("mass_air_flow", 0.1, 9.802144))
    assert _feed(Derived(), *samples)["fuel_rate_from_air_flow"] == pytest.approx(3600 / 782.775, rel=1e-6)
    with pytest.raises(ValueError, match="only liquid fuels"):
        derived.blend(FUELS["petrol"], FUELS["natural gas"], 0.5)


def test_consumption_by_hand_from_the_best_fuel_rate() -> None:
    machine = Derived()
    machine.update("vehicle_speed", 0.0, 80.0)
    # From air 4.8161 L/h: 6.020 L/100 km.
    assert _feed(machine, ("mass_air_flow", 0.1, 14.6))["consumption"] == pytest.approx(6.020067, rel=1e-6)
    # PID 9D 0.9 g/s is 3240 g/h, 4.33445 L/h: 5.418 L/100 km.
    assert _feed(machine, ("engine_fuel_mass_rate", 0.2, 0.9))["consumption"] == pytest.approx(5.418060, rel=1e-6)
    # PID 5E 4.4 L/h: 5.5 L/100 km; from then on the air does not contradict it.
    assert _feed(machine, ("fuel_rate", 0.3, 4.4))["consumption"] == pytest.approx(5.5)
    made = _feed(machine, ("mass_air_flow", 0.4, 29.2))
    assert made["consumption"] == pytest.approx(5.5)
    assert made["fuel_rate_from_air_flow"] == pytest.approx(9.632107, rel=1e-6)


def test_a_standing_car_has_no_consumption_per_distance() -> None:
    assert "consumption" not in _feed(Derived(), ("vehicle_speed", 0.0, 0.0), ("fuel_rate", 0.1, 0.8))
    assert "consumption" not in _feed(Derived(), ("fuel_rate", 0.1, 0.8))


# power


def test_power_from_fuel_by_hand() -> None:
    # 7.2 L/h of petrol: 7.2 * 747.5 / 3600 = 1.495 g/s; * 44 kJ/g * 0.30 = 19.734 kW.
    assert _feed(Derived(), ("fuel_rate", 0.0, 7.2))["engine_power_from_fuel"] == pytest.approx(19.734)
    made = _feed(Derived(CarFacts(efficiency=0.4)), ("engine_fuel_mass_rate", 0.0, 1.0))
    assert made["engine_power_from_fuel"] == pytest.approx(17.6)


def test_power_from_torque_by_hand() -> None:
    # 50 % of 400 N·m at 3000 rpm: 200 * 314.159 = 62.832 kW; less 10 % friction: 160 * 314.159 = 50.265 kW.
    samples = [("reference_torque", 0.0, 400.0), ("engine_speed", 60.0, 3000.0), ("actual_torque", 60.1, 50.0)]
    machine = Derived()
    assert _feed(machine, *samples)["engine_power_from_torque"] == pytest.approx(62.831853)
    made = _feed(machine, ("friction_torque", 60.2, 10.0), ("actual_torque", 60.3, 50.0))
    assert made["engine_power_from_torque"] == pytest.approx(50.265482)
    # In overrun the engine is driven: power is negative.
    made = _feed(machine, ("engine_speed", 60.4, 3000.0), ("actual_torque", 60.4, -20.0))
    assert made["engine_power_from_torque"] == pytest.approx(-37.699112)


def test_no_torque_power_without_the_reference_or_the_engine_speed() -> None:
    assert _feed(Derived(), ("engine_speed", 0.0, 3000.0), ("actual_torque", 0.1, 50.0)) == {}
    assert _feed(Derived(), ("reference_torque", 0.0, 400.0), ("actual_torque", 0.1, 50.0)) == {}


# distance


def test_distance_by_hand() -> None:
    # 36 km/h are 10 m/s. 0 to 36 km/h in 1 s: 5 m; 1 s at 36: 10 m; down to 18 in 2 s: 15 m. Together 30 m.
    speeds = ((0.0, 0.0), (1.0, 36.0), (2.0, 36.0), (4.0, 18.0))
    made = _feed(Derived(), *(("vehicle_speed", t, v) for t, v in speeds))
    assert made["distance_driven"] == pytest.approx(0.030)


def test_nothing_is_added_across_a_gap() -> None:
    machine = Derived()
    _feed(machine, ("vehicle_speed", 0.0, 36.0), ("vehicle_speed", 1.0, 36.0))
    assert _feed(machine, ("vehicle_speed", 3.01, 36.0))["distance_driven"] == pytest.approx(0.010)
    assert _feed(machine, ("vehicle_speed", 4.01, 36.0))["distance_driven"] == pytest.approx(0.020)


def test_two_samples_at_one_time_add_nothing() -> None:
    machine = Derived()
    made = _feed(machine, ("vehicle_speed", 1.0, 36.0), ("vehicle_speed", 1.0, 200.0), ("vehicle_speed", 2.0, 36.0))
    assert made["distance_driven"] == pytest.approx((200 + 36) / 2 / 3600)


def test_distance_of_a_long_drive_does_not_drift() -> None:
    machine = Derived()
    made = _feed(machine, *(("vehicle_speed", n / 5, 90.0) for n in range(5 * 3600 + 1)))
    assert made["distance_driven"] == pytest.approx(90.0, rel=1e-9)


def test_winding_a_recording_back_combines_nothing_old_with_it() -> None:
    machine = Derived()
    _feed(machine, ("vehicle_speed", 100.0, 60.0), ("vehicle_speed", 101.0, 60.0))
    assert machine.update("engine_speed", 50.0, 2000.0) == []
    made = _feed(machine, ("vehicle_speed", 50.1, 60.0), ("engine_speed", 50.2, 2000.0))
    assert made["distance_driven"] == pytest.approx(60 / 3600)
    assert made["overall_ratio"] == pytest.approx(2000 / 60 * 1.927 / (60 / 3.6))


# what is needed


def test_inputs_are_documented_for_each_derived_signal() -> None:
    assert derived.inputs("distance_driven") == (("vehicle_speed",),)
    assert derived.inputs("overall_ratio") == (("engine_speed", "vehicle_speed"),)
    assert derived.inputs("engine_power_from_torque")[-1] == ("actual_torque", "reference_torque", "engine_speed")
    assert derived.inputs("engine_speed") == ()


def test_the_best_inputs_a_car_offers_are_chosen() -> None:
    offered = {"vehicle_speed", "engine_speed", "mass_air_flow", "commanded_equivalence_ratio"}
    assert derived.inputs_offered("consumption", offered) == (
        "mass_air_flow",
        "commanded_equivalence_ratio",
        "vehicle_speed",
    )
    assert derived.inputs_offered("consumption", offered | {"fuel_rate"}) == ("fuel_rate", "vehicle_speed")
    assert derived.inputs_offered("engine_power_from_torque", offered) == ()


def test_only_what_can_be_had_is_available() -> None:
    assert derived.available({"engine_speed", "vehicle_speed"}) == ("overall_ratio", "distance_driven")
    facts = CarFacts(gear_ratios=RATIOS)
    assert derived.available({"engine_speed", "vehicle_speed"}, facts) == ("overall_ratio", "gear", "distance_driven")
    assert derived.available({"fuel_rate"}) == ("engine_power_from_fuel",)
    assert derived.available(set()) == ()


def test_every_documented_alternative_really_gives_the_signal() -> None:
    typical = {
        "engine_speed": 2024.0, "vehicle_speed": 60.0, "mass_air_flow": 14.6, "mass_air_flow_a": 14.6,
        "commanded_equivalence_ratio": 1.0, "fuel_type": 1.0, "fuel_rate": 5.0, "engine_fuel_mass_rate": 1.0,
        "actual_torque": 50.0, "reference_torque": 400.0, "friction_torque": 10.0,
    }  # fmt: skip
    for name in derived.NAMES:
        for needed in derived.inputs(name):
            machine = Derived(CarFacts(gear_ratios=RATIOS))
            samples = [(signal, turn / 10, typical[signal]) for turn in range(3) for signal in needed]
            assert name in _feed(machine, *samples), f"{name} from {needed}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"tyre_circumference": 0.0},
        {"gear_ratios": (3.9, 0.0)},
        {"fuel": "coal"},
        {"efficiency": 0.0},
        {"efficiency": 1.0},
    ],
)
def test_facts_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CarFacts(**wrong)  # type: ignore[arg-type]


def test_values_of_a_whole_drive_stay_finite() -> None:
    machine = Derived(CarFacts(gear_ratios=RATIOS))
    for n in range(2000):
        t = n / 10
        speed = max(0.0, 60 + 70 * math.sin(n / 90))
        for name, value in (
            ("vehicle_speed", speed),
            ("engine_speed", 800 + 30 * speed),
            ("mass_air_flow", 2 + speed / 3),
        ):
            assert all(math.isfinite(made) for _, _, made in machine.update(name, t, value))
