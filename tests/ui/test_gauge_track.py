"""The session's lowest, highest and mean come from every sample, also from those nobody painted."""

import numpy as np
import pytest

from core.obd.store import Signals
from ui.widgets.gauge_track import KEPT, Track


def test_samples_between_two_frames_all_count() -> None:
    signals = Signals()
    track = Track(signals, "engine_speed")
    for n, value in enumerate((800.0, 6100.0, 900.0, 650.0)):
        signals.write("engine_speed", n * 0.01, value, "7E8")
    assert track.advance()
    assert (track.lowest, track.highest, track.count) == (650.0, 6100.0, 4)
    assert track.mean == pytest.approx(2112.5)


def test_sample_by_sample_gives_the_same_as_all_at_once() -> None:
    values = np.random.default_rng(7).uniform(0, 100, 500).tolist()
    signals = Signals()
    follower = Track(signals, "engine_load")
    for n, value in enumerate(values):
        signals.write("engine_load", n * 0.1, value, "7E8")
        if n % 3 == 0:
            follower.advance()
    follower.advance()
    late = Track(signals, "engine_load")
    late.advance()
    assert (follower.count, follower.lowest, follower.highest) == (late.count, late.lowest, late.highest) == (
        500, min(values), max(values),
    )  # fmt: skip
    assert follower.mean == pytest.approx(late.mean)
    np.testing.assert_array_equal(follower.since(0.0), late.since(0.0))


def test_nothing_new_is_no_work() -> None:
    signals = Signals()
    track = Track(signals, "engine_speed")
    assert not track.advance()
    signals.write("engine_speed", 1.0, 800.0, "7E8")
    assert track.advance()
    assert not track.advance()


def test_a_new_session_forgets_the_old_figures() -> None:
    signals = Signals()
    track = Track(signals, "engine_speed")
    for t in range(5):
        signals.write("engine_speed", float(t), 5000.0, "7E8")
    track.advance()
    signals.clear()
    assert track.advance()
    assert track.latest is None
    assert track.mean is None
    signals.write("engine_speed", 100.0, 700.0, "7E8")
    track.advance()
    assert (track.lowest, track.highest, track.count) == (700.0, 700.0, 1)


def test_a_recording_wound_back_begins_anew() -> None:
    signals = Signals()
    track = Track(signals, "engine_speed")
    for t in (10.0, 11.0):
        signals.write("engine_speed", t, 3000.0, "7E8")
    track.advance()
    signals.clear()
    for t in (2.0, 3.0, 4.0):
        signals.write("engine_speed", t, 900.0, "7E8")
    track.advance()
    assert (track.highest, track.count) == (900.0, 3)


def test_the_past_keeps_the_newest_however_long_it_runs() -> None:
    signals = Signals()
    track = Track(signals, "engine_speed")
    for n in range(3 * KEPT):
        signals.write("engine_speed", n * 0.1, float(n), "7E8")
        track.advance()
    times, values = track.since(0.0)
    assert KEPT <= times.size <= 2 * KEPT
    assert values[-1] == 3 * KEPT - 1
    assert np.all(np.diff(times) > 0)
    assert track.since((3 * KEPT - 10) * 0.1 - 0.01)[1].size == 10


def test_a_moment_of_the_past_is_the_newest_sample_before_it() -> None:
    signals = Signals()
    track = Track(signals, "engine_speed")
    for t, value in ((1.0, 800.0), (2.0, 900.0), (9.0, 1000.0)):
        signals.write("engine_speed", t, value, "7E8")
    track.advance()
    found = track.at(3.5, within=2.0)
    assert found is not None
    assert (found.t, found.value) == (2.0, 900.0)
    assert track.at(4.5, within=2.0) is None
    assert track.at(0.5, within=2.0) is None
