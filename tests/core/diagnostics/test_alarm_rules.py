"""One rule, sample by sample: when it is raised, when it clears, and that it never does so twice for one event."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diagnostics.alarm_rules import (
    PAUSE_S,
    AlarmRule,
    RuleError,
    RuleState,
    Severity,
    Transition,
    check,
    default_rules,
    from_json,
    problems,
    rules_with,
    to_json,
)
from core.language import speaking
from core.obd.signals import SIGNALS

HOT = AlarmRule("coolant_temperature", Severity.CRITICAL, above=110.0, hysteresis=3.0)


def follow(rule: AlarmRule, samples: Sequence[tuple[float, float]]) -> list[Transition]:
    state = RuleState(rule)
    return [found for t, value in samples if (found := state.step(t, value)) is not None]


def test_a_limit_itself_is_not_over_the_limit() -> None:
    assert follow(HOT, [(0, 110.0)]) == []
    assert follow(HOT, [(0, 110.1)]) == [Transition(True, 0, 110.1, 110.1)]
    cold = AlarmRule("coolant_temperature", Severity.WARNING, below=5.0)
    assert follow(cold, [(0, 5.0)]) == []
    assert follow(cold, [(0, 4.9)]) == [Transition(True, 0, 4.9, 4.9)]


def test_one_event_is_one_alarm_with_its_peak_and_clears_only_back_by_the_hysteresis() -> None:
    samples = [(0, 111.0), (1, 118.0), (2, 109.0), (3, 112.0), (4, 107.5), (5, 107.0), (6, 106.0)]
    assert follow(HOT, samples) == [Transition(True, 0, 111.0, 111.0), Transition(False, 5, 107.0, 118.0)]


def test_a_value_must_stay_outside_for_the_hold_time() -> None:
    patient = replace(HOT, hold_s=2.0)
    assert follow(patient, [(0, 115), (1, 115), (1.9, 115)]) == []
    assert follow(patient, [(0, 115), (1, 109), (2, 115), (3, 115)]) == [], "it was inside at 1 s"
    assert follow(patient, [(0, 115), (1, 120), (2, 112)]) == [Transition(True, 2, 112, 120)]


def test_nobody_knows_what_the_value_did_while_no_sample_came() -> None:
    patient = replace(HOT, hold_s=2.0)
    late = PAUSE_S + 1
    assert follow(patient, [(0, 115), (late, 115)]) == []
    assert follow(patient, [(0, 115), (late, 115), (late + 2, 115)])[0].t == late + 2


def test_not_again_within_the_cool_down_but_as_soon_as_it_is_over() -> None:
    slow = replace(HOT, cooldown_s=60.0)
    samples = [(0.0, 111.0), (1, 100), (10, 111), (11, 100), (30, 111), (60.9, 111), (61, 111), (62, 111)]
    assert [(found.raised, found.t) for found in follow(slow, samples)] == [(True, 0), (False, 1), (True, 61)]


def test_a_sample_that_is_not_a_number_changes_nothing() -> None:
    assert [found.raised for found in follow(HOT, [(0, math.nan), (1, 111), (2, math.nan), (3, 100)])] == [True, False]


def test_a_band_is_left_at_either_end() -> None:
    band = AlarmRule("control_module_voltage", Severity.WARNING, above=15.0, below=11.5, hysteresis=0.5)
    assert [found.t for found in follow(band, [(0, 12), (1, 11.4), (2, 11.9), (3, 12.0), (4, 15.1)])] == [1, 3, 4]


rules = st.builds(
    AlarmRule,
    st.just("coolant_temperature"),
    st.just(Severity.WARNING),
    above=st.just(10.0),
    hysteresis=st.sampled_from([0.0, 2.0, 5.0]),
    hold_s=st.sampled_from([0.0, 1.0, 3.0]),
    cooldown_s=st.sampled_from([0.0, 2.0, 7.0]),
)
steps = st.lists(
    st.tuples(st.sampled_from([0.25, 0.5, 1.0, 2.0, PAUSE_S + 1]), st.integers(0, 20).map(float)), max_size=60
)


def timed(steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    t, samples = 0.0, []
    for dt, value in steps:
        t += dt
        samples.append((t, value))
    return samples


@given(rules, steps)
def test_never_more_alarms_than_excursions_and_never_two_at_once(
    rule: AlarmRule, steps: list[tuple[float, float]]
) -> None:
    samples = timed(steps)
    found = follow(rule, samples)
    outside = [value > 10.0 for _, value in samples]
    excursions = sum(now and not before for before, now in zip([False, *outside], outside, strict=False))
    assert sum(one.raised for one in found) <= excursions
    assert [one.raised for one in found] == [n % 2 == 0 for n in range(len(found))], "raised and cleared take turns"


@given(rules, steps)
def test_what_it_says_holds_against_the_whole_series(rule: AlarmRule, steps: list[tuple[float, float]]) -> None:
    """The oracle knows the future and the past: it looks at all samples again for each transition."""
    samples = timed(steps)
    found = follow(rule, samples)
    cleared = raised = -math.inf
    for one in found:
        before = [(t, value) for t, value in samples if t <= one.t]
        if one.raised:
            assert one.value > 10.0
            assert one.t - cleared >= rule.cooldown_s
            raised = one.t
            held = [value for t, value in before if t > one.t - rule.hold_s]
            assert all(value > 10.0 for value in held) or rule.hold_s == 0
        else:
            cleared = one.t
            assert one.value <= 10.0 - rule.hysteresis
            inside = max((t for t, value in before if t < raised and value <= 10.0), default=-math.inf)
            assert one.peak >= max(value for t, value in before if t >= raised)
            assert one.peak <= max(value for t, value in before if t > inside)


@given(st.builds(lambda: HOT), st.lists(st.integers(0, 300), min_size=1, max_size=50))
def test_without_hold_and_cool_down_every_excursion_is_told(rule: AlarmRule, values: list[int]) -> None:
    found = follow(rule, [(float(t), float(value)) for t, value in enumerate(values)])
    expected, on = 0, False
    for value in values:
        if not on and value > 110:
            expected, on = expected + 1, True
        elif on and value <= 107:
            on = False
    assert sum(one.raised for one in found) == expected


def test_the_defaults_are_those_of_the_issue() -> None:
    told = {(rule.signal, rule.severity, rule.above, rule.below) for rule in default_rules()}
    assert told == {
        ("coolant_temperature", Severity.CRITICAL, 110.0, None),
        ("engine_speed", Severity.WARNING, 6000.0, None),
        ("engine_load", Severity.WARNING, 90.0, None),
    }
    assert all(not problems(rule) for rule in default_rules())
    assert all(rule.hysteresis > 0 and rule.cooldown_s > 0 and rule.enabled for rule in default_rules())


def test_a_profiles_rules_stand_in_place_of_the_defaults_and_beside_them() -> None:
    edited = replace(HOT, above=105.0)
    early = AlarmRule("coolant_temperature", Severity.WARNING, above=100.0)
    merged = {rule.id: rule for rule in rules_with({"a": edited, "b": early, "engine_speed": None})}
    assert merged["coolant_temperature:critical"] == edited
    assert merged["coolant_temperature:warning"] == early
    assert merged["engine_speed:warning"].above == 6000.0


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (replace(HOT, signal="flux_capacitor"), "no signal “flux_capacitor”"),
        (replace(HOT, above=None), "give an upper limit"),
        (replace(HOT, above=1000.0), "1000 °C can never be reached, the signal goes from -40 °C to 215 °C"),
        (replace(HOT, above=math.nan), "must be a number"),
        (replace(HOT, hold_s=math.inf), "must be a number"),
        (replace(HOT, below=120.0), "lower limit must be less"),
        (replace(HOT, hysteresis=-1.0), "must not be negative"),
        (replace(HOT, hysteresis=200.0), "could never clear"),
        (replace(HOT, below=105.0, hysteresis=3.0), "could never clear"),
        (replace(HOT, hold_s=-1.0), "hold time"),
        (replace(HOT, cooldown_s=3601.0), "cool-down"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_in_words(rule: AlarmRule, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        check(rule)
    assert problems(rule)


def test_a_rule_goes_through_json_unchanged() -> None:
    for rule in (*default_rules(), replace(HOT, below=-10.0, enabled=False)):
        assert from_json(json.loads(json.dumps(to_json(rule)))) == rule


@pytest.mark.parametrize("found", [None, 7, {}, {"signal": "engine_speed"}, {**to_json(HOT), "severity": "loud"},
                                   {**to_json(HOT), "above": "hot"}, {**to_json(HOT), "hysteresis": None}])  # fmt: skip
def test_anything_else_is_not_a_rule(found: object) -> None:
    with pytest.raises(RuleError):
        from_json(found)


def test_a_rule_says_what_it_watches_for() -> None:
    assert HOT.words == "Coolant temperature over 110 °C"
    assert replace(HOT, above=None, below=5.0).words == "Coolant temperature under 5 °C"
    assert replace(HOT, below=5.0).words == "Coolant temperature outside 5 °C to 110 °C"
    with speaking("de"):
        assert replace(HOT, above=110.5).words == "Kühlmitteltemperatur über 110,5 °C"
        assert replace(HOT, signal="engine_speed", above=6000.0).words == "Motordrehzahl über 6000 1/min"
    assert SIGNALS["coolant_temperature"].unit == "°C"
