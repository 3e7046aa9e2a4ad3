"""Values in the unit a person reads, by hand calculation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import speaking
from core.obd import signals, units


@pytest.mark.parametrize(
    ("unit", "value", "wanted", "shown", "expected"),
    [
        ("km/h", 100.0, "imperial", "mph", 62.1371192),
        ("km", 160.9344, "imperial", "mi", 100.0),
        ("°C", -40.0, "imperial", "°F", -40.0),
        ("°C", 100.0, "°F", "°F", 212.0),
        ("kPa", 101.325, "imperial", "psi", 14.6959488),
        ("kPa", 101.325, "bar", "bar", 1.01325),
        ("kPa", 101.325, "inHg", "inHg", 29.9212583),
        ("Pa", 498.17782, "imperial", "inH₂O", 2.0),
        ("Pa", 250.0, "mbar", "mbar", 2.5),
        ("L", 37.85411784, "imperial", "gal", 10.0),
        ("L/h", 4.54609, "gal/h (UK)", "gal/h (UK)", 1.0),
        ("L/h", 7.570823568, "imperial", "gal/h", 2.0),
        ("L/100 km", 10.0, "imperial", "mpg", 23.5214583),
        ("L/100 km", 10.0, "mpg (UK)", "mpg (UK)", 28.2480936),
        ("L/100 km", 8.0, "km/L", "km/L", 12.5),
        ("g/s", 7.5598728, "imperial", "lb/min", 1.0),
        ("g/s", 10.0, "kg/h", "kg/h", 36.0),
        ("kg/h", 45.359237, "imperial", "lb/h", 100.0),
        ("N·m", 135.58179483, "imperial", "lb·ft", 100.0),
        ("kW", 74.569987158, "imperial", "hp", 100.0),
        ("kW", 73.549875, "PS", "PS", 100.0),
        ("s", 5400.0, "h", "h", 1.5),
        ("min", 90.0, "h", "h", 1.5),
    ],
)
def test_conversion_by_hand(unit: str, value: float, wanted: str, shown: str, expected: float) -> None:
    converted, name = units.in_units(unit, value, wanted)
    assert name == shown
    assert converted == pytest.approx(expected, rel=1e-7)


def test_metric_leaves_every_signal_as_the_standard_has_it() -> None:
    for signal in signals.SIGNALS.values():
        assert units.in_units(signal.unit, 12.5, "metric") == (12.5, signal.unit)


def test_imperial_changes_only_what_has_an_imperial_unit() -> None:
    assert units.in_units("rpm", 900.0, "imperial") == (900.0, "rpm")
    assert units.in_units("s", 90.0, "imperial") == (90.0, "s")
    assert units.in_units("V", 12.6, "imperial") == (12.6, "V")


def test_a_unit_that_makes_no_sense_for_the_signal_is_not_applied() -> None:
    assert units.in_units("°C", 20.0, "psi") == (20.0, "°C")


def test_arrays_convert_as_their_elements_do() -> None:
    values = np.array([0.0, 50.0, 100.0])
    converted, unit = units.in_units("°C", values, "imperial")
    assert unit == "°F"
    assert converted.tolist() == [32.0, 122.0, 212.0]
    economy, _ = units.in_units("L/100 km", np.array([0.0, 10.0]), "km/L")
    assert economy.tolist() == [math.inf, 10.0]
    assert units.in_units("L/100 km", 0.0, "mpg")[0] == math.inf


def test_every_unit_is_written_as_it_is_named_in_english_and_some_otherwise_in_german() -> None:
    named = {unit for signal in signals.SIGNALS.values() for unit in units.choices(signal.unit)}
    assert set(units.UNIT_WORDS) <= named
    assert all(units.unit_words(unit) == unit for unit in named)
    with speaking("de"):
        assert units.unit_words("rpm") == "1/min"
        assert units.unit_words("mg/stroke") == "mg/Hub"
        assert units.unit_words("hp") == "hp", "a horsepower is not a PS"
        assert {unit for unit in named if units.unit_words(unit) != unit} == set(units.UNIT_WORDS)


def test_the_own_unit_comes_first_in_the_choices() -> None:
    for signal in signals.SIGNALS.values():
        assert units.choices(signal.unit)[0] == signal.unit
    assert units.choices("kPa") == ("kPa", "psi", "bar", "inHg")
    assert units.choices("rpm") == ("rpm",)


@given(st.floats(min_value=0.01, max_value=1e6))
def test_what_is_typed_in_a_shown_unit_comes_back_the_same(value: float) -> None:
    for unit in ("km/h", "°C", "kPa", "L/100 km", "g/s", "N·m", "kW", "min"):
        for shown in units.choices(unit):
            there, _ = units.in_units(unit, value, shown)
            assert units.from_units(unit, there, shown) == pytest.approx(value, rel=1e-9)


def test_typing_a_unit_the_signal_does_not_have_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="°C cannot be given in psi; it can in °C, °F"):
        units.from_units("°C", 20.0, "psi")


@pytest.mark.parametrize(
    ("unit", "decimals", "shown", "expected"),
    [
        ("kPa", 0, "kPa", 0),
        ("kPa", 0, "psi", 1),
        ("kPa", 0, "bar", 2),
        ("km/h", 0, "mph", 0),
        ("°C", 0, "°F", 0),
        ("L/h", 2, "gal/h", 3),
        ("s", 0, "h", 4),
        ("L/100 km", 1, "mpg", 1),
        ("V", 2, "V", 2),
    ],
)
def test_decimals_follow_the_unit(unit: str, decimals: int, shown: str, expected: int) -> None:
    assert units.shown_decimals(unit, decimals, shown) == expected
