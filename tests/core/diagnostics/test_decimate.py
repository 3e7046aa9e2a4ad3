"""A decimated line is the line: nothing that was there is lost, and nothing is drawn where nothing was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diagnostics.decimate import GAP, Columns, column_of, columns, gaps


def made(times: list[float], values: list[float], **how: float) -> Columns:
    return columns(np.array(times, float), np.array(values, float), **{"step": 1.0, "first": 0, "count": 4, **how})  # type: ignore[arg-type]


def test_every_column_has_the_lowest_and_highest_of_its_samples() -> None:
    found = made([0.1, 0.5, 0.9, 1.1, 1.9], [5, 9, 6, 6, 2], count=2)
    assert found.high.tolist() == [9, 6]
    assert found.low.tolist() == [5, 2]


def test_a_single_spike_survives_however_far_one_looks_from() -> None:
    times = np.arange(100_000) / 30
    values = np.full(times.size, 800.0)
    values[61_234] = 6500.0
    found = columns(times, values, step=times[-1] / 100, first=0, count=101)
    assert found.extent == (800.0, 6500.0)
    assert int(np.nanargmax(found.high)) == column_of(float(times[61_234]), times[-1] / 100)


def test_the_line_between_two_samples_passes_through_the_columns_between_them() -> None:
    found = made([0.5, 2.5], [0, 20], gap=5)
    assert found.low.tolist()[:3] == pytest.approx([0, 5, 15])
    assert found.high.tolist()[:3] == pytest.approx([5, 15, 20])
    assert np.isnan(found.low[3])  # the line ends at the last sample


def test_no_answer_for_more_than_two_seconds_is_not_a_straight_line() -> None:
    found = made([0.5, 2.5 + 0.001, 3.5], [1, 2, 3])
    assert GAP == 2.0
    assert np.isnan(found.low[1])
    assert (found.low[0], found.high[0]) == (1, 1)  # a sample on its own is a dot
    assert found.low[2] == 2
    joined = made([0.5, 2.5], [1, 2])
    assert not np.isnan(joined.low[1])  # exactly two seconds still is a line


def test_a_held_value_stays_until_the_next_one_and_then_steps() -> None:
    found = made([0.5, 2.5], [0, 20], hold=True)
    assert (found.low[1], found.high[1]) == (0, 0)
    assert (found.low[2], found.high[2]) == (0, 20)


def test_samples_outside_the_window_still_lead_the_line_into_it() -> None:
    found = made([9.0, 11.0], [0, 10], first=10, count=1)
    assert (found.low[0], found.high[0]) == (5, 10)


def test_without_samples_there_is_no_line() -> None:
    found = made([], [])
    assert found.extent is None
    assert np.isnan(found.low).all()


def test_two_samples_at_one_instant_are_both_seen() -> None:
    found = made([1.0, 1.0], [3, 7], count=3)
    assert (found.low[1], found.high[1]) == (3, 7)


def test_a_window_that_moves_by_one_column_shows_the_same_columns_again() -> None:
    times = 1000 + np.cumsum(np.random.default_rng(3).uniform(0.01, 0.3, 4000))
    values = np.sin(times)
    here = columns(times, values, step=0.37, first=2800, count=300)
    there = columns(times, values, step=0.37, first=2801, count=300)
    np.testing.assert_array_equal(here.low[1:], there.low[:-1])
    np.testing.assert_array_equal(here.high[1:], there.high[:-1])


samples = st.lists(st.tuples(st.floats(0.001, 4.0), st.floats(-1e4, 1e4)), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(samples, st.floats(0.05, 3.0), st.integers(-3, 40))
def test_the_envelope_holds_every_sample_and_stays_within_the_samples(
    steps: list[tuple[float, float]], step: float, first: int
) -> None:
    times = np.cumsum([dt for dt, _ in steps])
    values = np.array([v for _, v in steps])
    found = columns(times, values, step=step, first=first, count=25)
    edges = (first + np.arange(26)) * step
    for t, v in zip(times, values, strict=True):
        at = int(np.searchsorted(edges, t, side="right")) - 1
        if 0 <= at < 25:
            assert found.low[at] <= v <= found.high[at]
    if found.extent:
        slack = 1e-9 * max(1.0, float(np.abs(values).max()))
        assert values.min() - slack <= found.extent[0] <= found.extent[1] <= values.max() + slack


@settings(max_examples=150, deadline=None)
@given(samples, st.floats(0.05, 3.0))
def test_neighbouring_columns_of_one_line_touch(steps: list[tuple[float, float]], step: float) -> None:
    times = np.cumsum([min(dt, 1.99) for dt, _ in steps])
    values = np.array([v for _, v in steps])
    first, last = column_of(float(times[0]), step), column_of(float(times[-1]), step)
    found = columns(times, values, step=step, first=first, count=last - first + 1)
    assert not np.isnan(found.low[1:-1]).any()
    slack = 1e-6
    for i in range(len(found.low) - 1):
        if np.isnan(found.low[i]) or np.isnan(found.low[i + 1]):
            continue
        assert found.low[i] <= found.high[i + 1] + slack
        assert found.low[i + 1] <= found.high[i] + slack


def test_gaps_are_where_nothing_came_for_longer_than_allowed() -> None:
    times = np.array([1.0, 2.0, 3.0, 8.0, 9.0])
    assert gaps(times, 0.0, 9.5) == ((3.0, 8.0),)
    assert gaps(times, 0.0, 12.0) == ((3.0, 8.0), (9.0, 12.0))
    assert gaps(times, 4.0, 5.0) == ()
    assert gaps(times, 3.5, 7.0) == ((3.5, 7.0),)
    assert gaps(np.empty(0), 0.0, 5.0) == ((0.0, 5.0),)
