"""A trend's copy of the past holds what the store said, only once, and notices when the past itself changes."""

import numpy as np
import pytest

from core.obd.store import Signals
from ui.widgets import trend_history
from ui.widgets.trend_history import History

KEY = "engine_speed"


def write(signals: Signals, *samples: tuple[float, float]) -> None:
    for t, value in samples:
        signals.write(KEY, t, value, "7E8")


def test_takes_over_only_what_is_new() -> None:
    signals, history = Signals(), History(KEY)
    assert history.pull(signals) is None
    write(signals, (1, 10), (2, 20))
    assert history.pull(signals) == -np.inf
    assert history.pull(signals) is None
    write(signals, (3, 30), (4, 40))
    assert history.pull(signals) == 2  # the line from the sample before is new too
    assert history.times.tolist() == [1, 2, 3, 4]
    assert history.values.tolist() == [10, 20, 30, 40]
    assert history.revision == 1


def test_another_session_replaces_the_past() -> None:
    signals, history = Signals(), History(KEY)
    write(signals, (1, 10), (2, 20))
    history.pull(signals)
    signals.clear()
    write(signals, (1.5, 7), (2.5, 8), (3.5, 9))  # more samples than before, at other times
    assert history.pull(signals) == -np.inf
    assert history.values.tolist() == [7, 8, 9]
    assert history.revision == 2


def test_a_jump_back_in_a_recording_replaces_the_past() -> None:
    signals, history = Signals(), History(KEY)
    write(signals, (1, 10), (2, 20), (3, 30))
    history.pull(signals)
    signals.clear()
    write(signals, (1, 10), (2, 20))
    assert history.pull(signals) == -np.inf
    assert history.times.tolist() == [1, 2]


def test_a_cleared_store_empties_it() -> None:
    signals, history = Signals(), History(KEY)
    write(signals, (1, 10))
    history.pull(signals)
    signals.clear()
    assert history.pull(signals) == -np.inf
    assert history.size == 0
    assert history.last is None


def test_outlives_the_ring_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.obd.store.FIRST_CAPACITY", 64)
    monkeypatch.setattr("core.obd.store.LAST_CAPACITY", 64)
    signals, history = Signals(), History(KEY)
    for i in range(1000):
        write(signals, (i / 10, i))
        if i % 20 == 19:
            history.pull(signals)
    assert history.values.tolist() == list(range(1000))
    assert history.revision == 1


def test_forgets_the_oldest_part_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trend_history, "LIMIT", 256)
    monkeypatch.setattr(trend_history, "BLOCK", 16)
    signals, history = Signals(), History(KEY)
    for i in range(1000):
        write(signals, (i / 10, i % 50))
        history.pull(signals)
    assert 128 <= history.size <= 256
    assert history.times[-1] == pytest.approx(99.9)
    start = float(history.times[3])
    kept = history.values[3:]
    assert history.extent(start, 1e9) == (kept.min(), kept.max())
    area, covered = history.area(start, 99.9)
    assert covered == pytest.approx(99.9 - start)
    assert area == pytest.approx(np.trapezoid(kept, history.times[3:]))


def test_the_cursor_reads_a_measured_value_never_one_between_two() -> None:
    signals, history = Signals(), History(KEY)
    write(signals, (0, 10), (1, 20))
    history.pull(signals)
    assert history.nearest(0.4) == (0, 10)
    assert history.nearest(0.6) == (1, 20)


def test_in_a_gap_the_cursor_reads_no_answer() -> None:
    signals, history = Signals(), History(KEY)
    write(signals, (0, 10), (5, 20))
    history.pull(signals)
    assert history.nearest(2.5) is None
    assert history.nearest(0.2) == (0, 10)
    assert history.nearest(4.9) == (5, 20)
    assert history.nearest(4.0, reach=1.0) == (5, 20)  # far out, a pixel is a second wide
    assert history.nearest(-1) is None
    assert history.nearest(6.9) == (5, 20)  # the next answer may still come
    assert history.nearest(7.1) is None


def test_a_switch_keeps_its_state_until_the_next_sample() -> None:
    signals, history = Signals(), History(KEY)
    write(signals, (0, 0), (1.9, 1), (9, 0))
    history.pull(signals)
    assert history.held(1.8) == (0, 0)
    assert history.held(1.9) == (1.9, 1)
    assert history.held(4) is None
    assert history.held(10.9) == (9, 0)
    assert history.held(11.1) is None
    assert history.held(-1) is None
