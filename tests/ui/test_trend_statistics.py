"""Lowest, highest and mean of what is in sight: weighed by time, and gaps weigh nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.obd.store import Signals
from ui.widgets import trend_history
from ui.widgets.trend_history import BLOCK, History
from ui.widgets.trend_statistics import statistics


def past(*samples: tuple[float, float], gap: float = 2.0) -> History:
    signals = Signals()
    for t, value in samples:
        signals.write("engine_speed", t, value, "7E8")
    history = History("engine_speed", gap)
    history.pull(signals)
    return history


def test_a_value_that_stood_longer_weighs_more() -> None:
    # 1 s at 1000, 1 s rising to 2000, then 2 s at 2000
    found = statistics(past((0, 1000), (1, 1000), (2, 2000), (3, 2000), (4, 2000)), 0, 4)
    assert found is not None
    assert (found.low, found.high) == (1000, 2000)
    assert found.mean == pytest.approx((1000 + 1500 + 2 * 2000) / 4)


def test_the_mean_does_not_depend_on_how_often_the_car_was_asked() -> None:
    sparse = past((0, 0), (1, 10), (2, 0))
    dense = past((0, 0), *((i / 10, 10 * min(i / 10, 2 - i / 10)) for i in range(1, 20)), (2, 0))
    found = [statistics(each, 0, 2) for each in (sparse, dense)]
    assert [round(each.mean, 6) for each in found if each] == [5, 5]


def test_a_gap_weighs_nothing_and_is_owned_up_to() -> None:
    found = statistics(past((0, 100), (1, 100), (9, 300), (10, 300)), 0, 10)
    assert found is not None
    assert found.mean == pytest.approx(200)
    assert found.answered == pytest.approx(0.2)
    lopsided = statistics(past((0, 100), (1, 100), (9, 300), (12, 300), gap=4), 0, 12)
    assert lopsided is not None
    assert lopsided.mean == pytest.approx((100 + 3 * 300) / 4)


def test_only_what_is_in_sight_counts() -> None:
    found = statistics(past((0, 9000), (1, 0), (2, 10), (3, 20), (4, 9000)), 1, 3)
    assert found is not None
    assert (found.low, found.high, found.mean, found.samples) == (0, 20, 10, 3)


def test_the_mean_lies_between_lowest_and_highest_whatever_led_into_the_window() -> None:
    found = statistics(past((0, 0), (1.9, 20), (3, 20), (4, 20), (4.1, 900)), 1, 4)
    assert found is not None
    assert (found.low, found.mean, found.high, found.answered) == (20, 20, 20, 1)


def test_waiting_for_the_next_answer_is_not_a_gap_yet() -> None:
    history = past((0, 5), (1, 5), (2, 5))
    waiting, silent = statistics(history, 0, 3.5), statistics(history, 0, 6)
    assert waiting is not None
    assert silent is not None
    assert waiting.answered == 1
    assert silent.answered == pytest.approx(2 / 6)


def test_before_the_first_answer_nothing_was_asked() -> None:
    found = statistics(past((8, 5), (9, 5), (10, 5)), 0, 10)
    assert found is not None
    assert found.answered == 1


def test_without_samples_there_are_no_figures() -> None:
    assert statistics(past(), 0, 10) is None
    assert statistics(past((1, 5)), 2, 10) is None


def test_single_answers_between_gaps_have_their_plain_mean() -> None:
    found = statistics(past((0, 10), (5, 20), (10, 60)), 0, 10)
    assert found is not None
    assert (found.mean, found.answered) == (30, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.01, 3.5), st.floats(-500, 500)), min_size=2, max_size=80),
    st.floats(0, 60),
    st.floats(0.1, 60),
    st.integers(1, 7),
)
def test_running_sums_and_blocks_say_what_counting_would(
    steps: list[tuple[float, float]], start: float, length: float, block: int
) -> None:
    times = np.cumsum([dt for dt, _ in steps])
    values = np.array([v for _, v in steps])
    history = History("engine_speed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trend_history, "BLOCK", block)
        signals = Signals()
        for t, v in zip(times, values, strict=True):  # one by one, as they come
            signals.write("engine_speed", float(t), float(v), "7E8")
            history.pull(signals)
        found = statistics(history, start, start + length)
    inside = values[(times >= start) & (times <= start + length)]
    if not inside.size:
        assert found is None
        return
    assert found is not None
    assert (found.low, found.high, found.samples) == (inside.min(), inside.max(), inside.size)
    width = np.diff(times)
    counted = (width <= 2.0) & (times[:-1] >= start) & (times[1:] <= start + length)
    if counted.any():
        area = (width * (values[1:] + values[:-1]) / 2)[counted].sum()
        assert found.mean == pytest.approx(area / width[counted].sum(), abs=1e-6)


def test_a_long_past_answers_from_its_blocks() -> None:
    signals = Signals()
    values = np.random.default_rng(5).normal(0, 1, 5 * BLOCK)
    for i, value in enumerate(values):
        signals.write("engine_speed", i / 10, float(value), "7E8")
    history = History("engine_speed")
    history.pull(signals)
    assert history.extent(10, 450) == (values[100:4501].min(), values[100:4501].max())
