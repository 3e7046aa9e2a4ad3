"""A trend's scale shows all that is in sight, in round numbers, and keeps still."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.widgets.trend_scale import SHRINK_AFTER, Span, SteadyScale, decimals_of, least_span, nice_step


def rpm() -> SteadyScale:
    return SteadyScale(0, 16383.75, least_span(0, 16383.75, 0.25))


def test_fits_when_added_with_room_on_both_sides() -> None:
    scale = rpm()
    assert scale.update((800, 3200), now=0)
    assert scale.span.low < 800
    assert scale.span.high > 3200
    assert scale.span.size < 2 * (3200 - 800)


def test_small_movements_do_not_move_it() -> None:
    scale = rpm()
    scale.update((800, 3200), now=0)
    assert not any(scale.update((800 + 60 * math.sin(i), 3200 + 60 * math.sin(i / 3)), now=i / 30) for i in range(600))


def test_grows_at_once_and_with_room_to_spare_so_that_a_climb_moves_it_rarely() -> None:
    scale = rpm()
    scale.update((800, 900), now=0)
    moves = 0
    for i in range(500):
        top = 900 + 10 * i
        moves += scale.update((800, top), now=i / 30)
        assert scale.span.high >= top
    assert 1 <= moves <= 12


def test_shrinks_only_after_less_was_needed_for_a_while() -> None:
    scale = rpm()
    scale.update((0, 6000), now=0)
    assert not scale.update((800, 1200), now=1)
    assert not scale.update((800, 1200), now=1 + SHRINK_AFTER - 0.1)
    assert scale.update((800, 1200), now=1 + SHRINK_AFTER)
    assert scale.span.size < 1500


def test_a_peak_in_between_starts_the_wait_anew() -> None:
    scale = rpm()
    scale.update((0, 6000), now=0)
    scale.update((800, 1200), now=1)
    scale.update((800, 5500), now=3)
    assert not scale.update((800, 1200), now=1 + SHRINK_AFTER)


def test_a_steady_value_is_not_blown_up() -> None:
    scale = SteadyScale(-40, 215, least_span(-40, 215, 1))
    scale.update((90, 90), now=0)
    assert scale.span.size >= 10
    assert scale.span.low < 90 < scale.span.high


def test_no_room_for_what_a_signal_cannot_say() -> None:
    scale = rpm()
    scale.update((0, 3000), now=0)
    assert scale.span.low == 0
    percent = SteadyScale(0, 100, least_span(0, 100, 0.4))
    percent.update((2, 99), now=0)
    assert (percent.span.low, percent.span.high) == (0, 100)


def test_what_a_person_chose_stays_until_they_fit() -> None:
    scale = rpm()
    scale.update((800, 3200), now=0)
    scale.zoom(0.5, share=0.5)
    chosen = scale.span
    assert not scale.update((0, 9000), now=99)
    assert scale.span == chosen
    assert scale.fit((0, 9000))
    assert scale.span.high >= 9000


def test_zooming_keeps_the_value_under_the_pointer_in_place() -> None:
    scale = rpm()
    scale.update((0, 4000), now=0)
    about = scale.span.low + 0.25 * scale.span.size
    scale.zoom(0.5, share=0.25)
    assert scale.span.low + 0.25 * scale.span.size == pytest.approx(about)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(0, 1e5)), min_size=1, max_size=20))
def test_whatever_is_in_sight_is_on_the_scale(extents: list[tuple[float, float]]) -> None:
    scale = SteadyScale(-40, 215, 5)
    for now, (low, size) in enumerate(extents):
        scale.update((low, low + size), now=now)
        slack = 1e-6 * scale.span.size
        assert scale.span.low - slack <= low <= low + size <= scale.span.high + slack
        assert scale.span.size > 0


@given(st.floats(1e-6, 1e6))
def test_steps_are_one_two_or_five(rough: float) -> None:
    step = nice_step(rough)
    assert rough * (1 - 1e-6) <= step <= rough * 2.5 * (1 + 1e-6)
    assert f"{step:e}"[0] in "125"


def test_ticks_are_round_and_within() -> None:
    ticks, decimals = Span(0.0, 3500.0).ticks(4)
    assert ticks == (0, 1000, 2000, 3000)
    assert decimals == 0
    ticks, decimals = Span(13.2, 14.4).ticks(4)
    assert [f"{tick:.{decimals}f}" for tick in ticks] == ["13.5", "14.0"]
    assert decimals_of(0.05) == 2
