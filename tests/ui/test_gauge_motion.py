"""A needle follows smoothly and arrives; a number changes at a readable rate and is never an old value."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.gauge_motion import FRESH, PATIENCE, READABLE, SETTLE, Needle, Pace


def test_the_first_value_stands_at_once_and_is_not_swept_up_to() -> None:
    needle = Needle()
    assert needle.follow(0.7, 0.016)
    assert needle.position == 0.7


def test_nine_tenths_of_a_step_are_made_in_the_time_stated() -> None:
    needle = Needle()
    needle.jump(0.0)
    needle.follow(1.0, SETTLE)
    assert needle.position == pytest.approx(0.9, abs=0.01)
    assert 0.100 <= SETTLE <= 0.150


@given(
    target=st.floats(0, 1),
    frames=st.lists(st.floats(0.001, 0.1), min_size=1, max_size=40),
)
def test_the_path_does_not_depend_on_the_frame_rate(target: float, frames: list[float]) -> None:
    in_one, in_many = Needle(), Needle()
    in_one.jump(0.3)
    in_many.jump(0.3)
    in_one.follow(target, sum(frames), rest=0.0)
    for seconds in frames:
        in_many.follow(target, seconds, rest=0.0)
    assert in_many.position == pytest.approx(in_one.position, abs=1e-9)


@given(st.lists(st.floats(0.001, 0.25), min_size=1, max_size=60))
def test_it_never_swings_past_its_target(frames: list[float]) -> None:
    needle = Needle()
    needle.jump(0.1)
    for seconds in frames:
        needle.follow(0.9, seconds)
        assert needle.position is not None
        assert needle.position <= 0.9 + 1e-12


def test_it_comes_to_rest_exactly_and_then_asks_for_no_more_paint() -> None:
    needle = Needle()
    needle.jump(0.2)
    moved = [needle.follow(0.4, 0.016) for _ in range(100)]
    assert needle.position == 0.4
    assert moved[0]
    assert not any(moved[-20:])


def test_without_a_value_there_is_no_needle() -> None:
    needle = Needle()
    needle.jump(0.5)
    assert needle.follow(None, 0.016)
    assert needle.position is None
    assert not needle.follow(None, 0.016)


def frames_at_60_hz(seconds: float) -> list[float]:
    return [n / 60 for n in range(round(seconds * 60))]


@pytest.mark.parametrize("rate", [1, 5, 9.3, 10.5, 14, 20, 30])
def test_texts_come_at_most_ten_times_a_second_and_show_a_fresh_value(rate: float) -> None:
    pace, shown, last = Pace(), [], -1.0
    for frame in frames_at_60_hz(20):
        sample = math.floor(frame * rate) / rate
        if sample != last and pace.allows(frame, frame - sample):
            shown.append((frame, frame - sample))
            last = sample
    assert min(b - a for (a, _), (b, _) in pairwise(shown)) >= READABLE - 1e-9
    ages = sorted(age for _, age in shown)
    assert ages[round(len(ages) * 0.95)] <= FRESH + 1 / 60
    assert len(shown) >= 20 * min(rate, 10) * 0.6


def test_the_last_value_before_silence_is_shown_all_the_same() -> None:
    pace = Pace()
    assert pace.allows(10.0, 0.0)
    sample_at = 10.055  # comes too early for the next text, and nothing comes after it
    shown_at = next(frame for frame in frames_at_60_hz(12)[605:] if pace.allows(frame, frame - sample_at))
    assert shown_at - sample_at <= PATIENCE + 3 / 60


def test_a_value_of_a_recording_that_is_held_is_shown_though_its_age_stands_still() -> None:
    pace = Pace()
    assert pace.allows(10.0, 0.0)
    assert any(pace.allows(10.0 + n / 60, 0.09) for n in range(1, 20))
