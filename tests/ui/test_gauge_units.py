"""A gauge shows the unit a person wants, and keeps limits and spans right in it."""

import pytest

from core.obd.signals import SIGNALS, Limits
from ui.widgets.gauge_model import number_text, state_text, title_of
from ui.widgets.gauge_units import measure

COOLANT = SIGNALS["coolant_temperature"]


def test_the_gauges_own_unit_is_stronger_than_the_vehicles_and_that_than_the_persons() -> None:
    assert measure(COOLANT, "°C", "°F", "imperial").unit == "°C"
    assert measure(COOLANT, "", "°F", "metric").unit == "°F"
    assert measure(COOLANT, "", "", "imperial").unit == "°F"
    assert measure(COOLANT, "furlong", "metric").unit == "°C"


def test_values_and_spans_go_there_and_back() -> None:
    fahrenheit = measure(COOLANT, "°F")
    assert fahrenheit.shown(100.0) == pytest.approx(212.0)
    assert fahrenheit.stored(212.0) == pytest.approx(100.0)
    assert fahrenheit.shown_span(3.0) == pytest.approx(5.4)
    assert fahrenheit.stored_span(5.4) == pytest.approx(3.0)


def test_limits_are_drawn_in_the_unit_shown() -> None:
    assert measure(COOLANT, "°F").limits(Limits(crit_high=110.0)).crit_high == pytest.approx(230.0)
    assert measure(COOLANT, "°C").limit_decimals(110.0) == 0
    assert measure(SIGNALS["control_module_voltage"], "metric").limit_decimals(11.5) == 1


def test_codes_and_bits_have_no_unit_and_are_shown_as_words() -> None:
    status = SIGNALS["fuel_system_1_status"]
    assert measure(status, "imperial").unit == ""
    assert state_text(status, 2.0) == "Closed loop"
    assert state_text(status, 77.0) == "code 77"
    monitors = SIGNALS["continuous_monitors_supported"]
    assert state_text(monitors, 5.0) == "Misfire, Comprehensive components"
    assert state_text(monitors, 0.0) == "none"


def test_numbers_never_read_minus_zero_and_have_a_true_minus() -> None:
    assert number_text(-0.04, 1) == "0.0"
    assert number_text(-7.81, 1) == "−7.8"
    assert number_text(16383.75, 0) == "16384"


def test_a_second_control_units_signal_says_so() -> None:
    assert title_of("coolant_temperature@7E9") == "Coolant temperature (7E9)"
    assert title_of("no_such_signal") == "no such signal"
