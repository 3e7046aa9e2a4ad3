"""The ring that nobody locks: what is read is what was written, in order, whatever the writer does meanwhile."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.obd import store
from core.obd.store import Signals


def test_no_answer_is_not_zero() -> None:
    signals = Signals()
    assert signals.latest("engine_speed") is None
    assert signals.window("engine_speed", 0, 1)[0].size == 0
    assert signals.span() is None


@given(st.integers(0, 60), st.floats(-1, 62), st.floats(-1, 62))
def test_a_window_is_the_samples_between_two_times(count: int, start: float, end: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "FIRST_CAPACITY", 4)
        patch.setattr(store, "LAST_CAPACITY", 16)
        signals = Signals()
        for n in range(count):
            signals.write("x", float(n), n * 10.0, "7E8")
        held = range(max(0, count - 16), count)
        expected = [float(n) for n in held if start <= n <= end]
        times, values = signals.window("x", start, end)
        # A full ring may give up its oldest sample: the writer could be on its way to overwrite it.
        assert times.tolist() in (expected, expected[1:] if count >= 16 else expected)
        assert values.tolist() == [t * 10 for t in times]


def test_a_second_control_unit_gets_a_key_of_its_own() -> None:
    signals = Signals()
    assert signals.write("coolant_temperature", 1.0, 80.0, "7E8") == "coolant_temperature"
    assert signals.write("coolant_temperature", 1.1, 60.0, "7E9") == "coolant_temperature@7E9"
    latest = signals.latest("coolant_temperature")
    assert latest is not None
    assert (latest.value, latest.ecu) == (80.0, "7E8")


def test_readers_never_see_a_sample_that_was_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LAST_CAPACITY", 8192)
    signals = Signals()
    done = threading.Event()

    def write() -> None:
        for n in range(60_000):
            signals.write("x", float(n), 2.0 * n, "7E8")
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not done.is_set() or not reads:
        times, values = signals.window("x", 0.0, 1e9)
        assert np.array_equal(values, 2 * times)
        assert np.all(np.diff(times) == 1)
        reads += 1
    writer.join()
    assert signals.count("x") == 60_000
    assert signals.span() == (60_000 - 8192.0, 59_999.0)
