"""Times on an axis are round on the wall's clock and never off by a second."""

import os
import time
from collections.abc import Iterator

import pytest

from core.language import use
from ui.widgets.trend_time import ago, clock, difference, span, tick_step, time_ticks

NOON = 1_790_000_000.0 // 86400 * 86400 + 12 * 3600  # 12:00 UTC of some day


@pytest.fixture(autouse=True)
def half_an_hour_askew() -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change its time zone for one test")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Kolkata"  # UTC+5:30: what assumes whole hours fails here
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
    use("en")


def test_ticks_stand_at_round_times_of_the_wall_clock() -> None:
    offset = NOON - 1000.37
    ticks = time_ticks(1000.37 + 1, 1000.37 + 61, 15, offset)
    assert [tick.text for tick in ticks] == ["17:30:15", "17:30:30", "17:30:45", "17:31:00"]
    assert ticks[0].t == pytest.approx(1000.37 + 15)


def test_hours_are_those_of_the_place() -> None:
    assert [tick.text for tick in time_ticks(0, 2 * 3600, 3600, NOON)] == ["18:00", "19:00"]


def test_no_tick_reads_a_second_early() -> None:
    for start in range(50):
        for tick in time_ticks(start / 7, start / 7 + 30, 1, NOON + 0.1 * start):
            assert tick.text == clock(tick.t + 0.01, NOON + 0.1 * start)


def test_there_is_room_for_every_label() -> None:
    for length in (10, 30, 60, 300, 900, 86400):
        assert length / tick_step(length, 8) <= 8


def test_a_clock_with_tenths_in_the_persons_language() -> None:
    assert clock(12.49, NOON, 1) == "17:30:12.4"
    use("de")
    assert clock(12.49, NOON, 1) == "17:30:12,4"


def test_how_long_ago() -> None:
    assert ago(133) == "−02:13"
    assert ago(3733) == "−1:02:13"
    assert ago(0.2) == "now"
    assert ago(-5) == "+00:05"
    assert ago(59.96, 1) == "−01:00.0"


def test_lengths_of_time() -> None:
    assert span(59.6) == "01:00"
    assert span(3600) == "1:00:00"
    assert difference(0.424) == "0.42 s"
    assert difference(-12.84) == "−12.8 s"
    assert difference(133.44) == "02:13.4"
