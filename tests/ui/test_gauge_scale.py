"""Scales have round marks, hold what the car says, and show the limits where the alarms have them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diagnostics.alarm_rules import AlarmRule, RuleState, Severity, default_rules
from core.diagnostics.dial_range import dial_range
from core.obd.signals import SIGNALS, Limits
from ui.widgets.gauge_scale import Bounds, Level, Scale, around, bounds_of, grown, make_scale, nice_step


@pytest.mark.parametrize("span", [0.3, 1, 7, 8000, 16383.75, 255, 1e6])
@pytest.mark.parametrize("marks", [2, 5, 9, 13])
def test_steps_are_one_two_or_five_times_a_power_of_ten(span: float, marks: int) -> None:
    step = nice_step(span, marks)
    lead = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert round(lead, 9) in (1, 2, 5)
    assert span / step <= marks * 1.25


@given(st.floats(-1000, 1000), st.floats(0.01, 20000), st.integers(2, 13))
def test_marks_lie_on_the_scale_and_rise(low: float, span: float, marks: int) -> None:
    scale = make_scale(low, low + span, marks, fit=True)
    assert scale.low <= low + 1e-6
    assert scale.high >= low + span - 1e-6
    shown = sorted((*scale.majors, *scale.minors))
    assert shown
    assert all(scale.low - 1e-6 <= mark <= scale.high + 1e-6 for mark in shown)
    assert len(set(shown)) == len(shown)


def test_engine_speed_reads_in_thousands() -> None:
    scale = make_scale(0, 8000, 12, fit=True)
    assert scale.divisor == 1000
    assert [scale.label(value) for value in scale.majors] == ["0", "1", "2", "3", "4", "5", "6", "7", "8"]


def test_labels_are_exact_and_have_a_true_minus() -> None:
    assert [make_scale(-25, 25, 5, fit=True).label(v) for v in (-20.0, 0.0, 10.0)] == ["−20", "0", "10"]
    assert make_scale(0, 1.2, 6, fit=True).label(0.4) == "0.4"


def test_own_ends_stay_where_a_person_put_them() -> None:
    scale = make_scale(37, 121, 6, fit=False)
    assert (scale.low, scale.high) == (37, 121)


def test_a_value_outside_stands_at_the_end() -> None:
    scale = Scale(0, 100, 20)
    assert [scale.fraction(v) for v in (-5, 0, 50, 100, 250)] == [0, 0, 0.5, 1, 1]


@pytest.mark.parametrize("name", sorted(name for name, signal in SIGNALS.items() if signal.kind == "number"))
def test_every_signal_gets_a_scale_with_marks(name: str) -> None:
    signal = SIGNALS[name]
    low, high = dial_range(signal)
    assert low < high
    assert make_scale(low, high, 6, fit=True).majors


def test_a_range_grows_by_round_steps_until_it_holds_what_was_seen() -> None:
    assert grown((0, 8000), 700, 7900) == (0, 8000)
    low, high = grown((0, 8000), 700, 8400)
    assert low == 0
    assert 8400 <= high <= 10000
    assert grown((0, 140), -11, 90)[0] <= -11


def test_a_trend_stays_close_about_its_values_but_does_not_magnify_noise() -> None:
    assert around((0, 140), 88, 91) == pytest.approx((75.5, 103.5))
    low, high = around((0, 8000), 700, 6000)
    assert low < 700
    assert high > 6000


def test_zones_are_the_stretches_beyond_the_limits_and_critical_cuts_warning() -> None:
    scale = Scale(0, 100, 20)
    zones = scale.zones(Limits(warn_low=10, warn_high=70, crit_low=None, crit_high=90))
    assert [(z.level, z.start, z.end) for z in zones] == [
        (Level.WARNING, 0.7, 0.9),
        (Level.CRITICAL, 0.9, 1.0),
        (Level.WARNING, 0.0, 0.1),
    ]
    assert scale.zones(Limits(warn_high=120)) == ()


def test_the_default_limits_are_those_of_the_alarms() -> None:
    rules = default_rules()
    assert bounds_of("coolant_temperature", rules).limits.crit_high == 110
    assert bounds_of("engine_speed", rules).limits.warn_high == 6000
    assert bounds_of("engine_load", rules).limits.warn_high == 90
    assert bounds_of("fuel_level", rules) == Bounds()


def test_a_disabled_rule_draws_nothing() -> None:
    rule = AlarmRule("fuel_level", Severity.WARNING, below=10.0, enabled=False)
    assert bounds_of("fuel_level", [rule]) == Bounds()


@given(st.lists(st.floats(95, 120), min_size=1, max_size=60))
def test_the_gauge_turns_red_exactly_while_the_alarm_is_on(values: list[float]) -> None:
    rule = AlarmRule("coolant_temperature", Severity.CRITICAL, above=110.0, hysteresis=3.0)
    state, bounds, level = RuleState(rule), bounds_of("coolant_temperature", [rule]), Level.OK
    for n, value in enumerate(values):
        state.step(n * 0.1, value)
        level = bounds.level(value, level)
        assert (level is Level.CRITICAL) == state.active


def test_the_limit_that_was_crossed_is_the_one_named() -> None:
    bounds = Bounds(Limits(warn_low=11.5, warn_high=15.0))
    assert bounds.crossed(11.2, Level.WARNING) == ("below", 11.5)
    assert bounds.crossed(15.2, Level.WARNING) == ("above", 15.0)
