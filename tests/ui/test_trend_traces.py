"""What a signal is as a line: its unit, its limits, and how it is told from the others."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.diagnostics.alarm_rules import AlarmRule, Severity
from core.language import use
from core.obd.signals import SIGNALS
from ui.widgets.trend_traces import COLORS, IN_A_STRIP, describe


def test_within_a_strip_nobody_needs_the_colour() -> None:
    traces = [describe("engine_speed", place=place) for place in range(IN_A_STRIP)]
    assert len({trace.dash for trace in traces}) == IN_A_STRIP
    assert len({trace.mark for trace in traces}) == IN_A_STRIP


def test_eight_lines_have_eight_colours() -> None:
    assert len({describe("engine_speed", color=n).token for n in range(COLORS)}) == COLORS


def test_default_limits_are_lines() -> None:
    limits = describe("coolant_temperature").limits
    assert [(limit.value, limit.severity, limit.above) for limit in limits] == [(110, Severity.CRITICAL, True)]


def test_the_vehicles_own_limits_take_their_place() -> None:
    rules = {
        "a": AlarmRule("engine_speed", Severity.WARNING, above=4500),
        "b": AlarmRule("engine_speed", Severity.CRITICAL, above=5000, below=500),
        "c": AlarmRule("coolant_temperature", Severity.CRITICAL, above=110, enabled=False),
    }
    profile = SimpleNamespace(limits=rules, units={})
    found = {(limit.value, limit.severity, limit.above) for limit in describe("engine_speed", profile).limits}
    assert found == {
        (4500, Severity.WARNING, True),
        (5000, Severity.CRITICAL, True),
        (500, Severity.CRITICAL, False),
    }
    assert describe("coolant_temperature", profile).limits == ()


def test_values_limits_and_range_are_in_the_unit_the_person_reads() -> None:
    trace = describe("coolant_temperature", system="imperial")
    assert trace.unit == "°F"
    assert trace.limits[0].value == pytest.approx(230)
    assert trace.minimum == pytest.approx(-40)
    assert trace.with_unit(100.0) == "212 °F"
    low, high = trace.shown(np.array([0.0, np.nan]), np.array([100.0, np.nan]))
    assert low[0] == pytest.approx(32)
    assert high[0] == pytest.approx(212)
    assert np.isnan(low[1])


def test_a_unit_chosen_for_the_signal_wins() -> None:
    profile = SimpleNamespace(limits={}, units={"vehicle_speed": "mph"})
    assert describe("vehicle_speed", profile).unit == "mph"
    assert describe("coolant_temperature", profile).unit == "°C"


def test_where_more_is_less_low_stays_below_high() -> None:
    name = next(name for name, signal in SIGNALS.items() if signal.unit == "L/100 km")
    trace = describe(name, system="imperial")
    low, high = trace.shown(5.0, 10.0)
    assert low == pytest.approx(23.5, abs=0.05)
    assert high == pytest.approx(47.0, abs=0.1)
    assert trace.number(0.0) == 99.9


def test_switches_hold_their_state_and_say_it() -> None:
    trace = describe("mil")
    assert trace.hold
    assert trace.words(1.0) == "On"


def test_numbers_are_written_as_in_the_persons_language() -> None:
    use("de")
    assert describe("control_module_voltage").with_unit(13.926).startswith("13,9")
    use("en")


def test_no_answer_is_not_zero() -> None:
    trace = describe("vehicle_speed")
    assert trace.words(None) == "–"
    assert trace.with_unit(None) == "no answer"


def test_a_signal_no_table_knows_still_is_a_line() -> None:
    trace = describe("boost_target@7E9")
    assert trace.title == "boost target (7E9)"
    assert trace.words(1.2345) == "1.23"
