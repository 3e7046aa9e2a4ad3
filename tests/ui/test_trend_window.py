"""One stretch of time for all trends: it follows now, is held, moved and zoomed, and carries the cursors."""

import pytest

from ui.widgets.trend_window import TrendWindow


@pytest.fixture
def window(qapp: object) -> TrendWindow:
    found = TrendWindow()
    found.follow(1300.0, (1000.0, 1299.9))
    found.set_length(60.0)
    return found


def test_it_follows_now(window: TrendWindow) -> None:
    assert window.bounds == (1240, 1300)
    window.follow(1310.0, (1000.0, 1309.9))
    assert window.bounds == (1250, 1310)


def test_held_it_stays_while_time_goes_on(window: TrendWindow) -> None:
    window.set_view_time(1200.0)
    window.follow(1400.0, (1000.0, 1399.9))
    assert window.bounds == (1140, 1200)


def test_dragging_back_holds_and_dragging_to_the_end_follows_again(window: TrendWindow) -> None:
    told: list[object] = []
    window.view_time_changed.connect(told.append)
    window.pan(-20)
    assert (window.view_time, window.live) == (1280, False)
    window.pan(25)
    assert window.live
    assert told == [1280, None]


def test_nobody_is_told_of_what_they_said_themselves(window: TrendWindow) -> None:
    told: list[object] = []
    window.view_time_changed.connect(told.append)
    window.set_view_time(1100.0)
    assert told == []


def test_it_does_not_leave_the_session(window: TrendWindow) -> None:
    window.pan(-1e6)
    assert window.view_time == 1000


def test_zooming_while_following_keeps_now_at_the_edge(window: TrendWindow) -> None:
    window.zoom(0.5, about=1250)
    assert window.live
    assert window.bounds == (1270, 1300)


def test_zooming_while_held_keeps_what_is_under_the_pointer(window: TrendWindow) -> None:
    window.set_view_time(1200.0)
    window.zoom(0.5, about=1155)  # a quarter from the left
    start, end = window.bounds
    assert end - start == 30
    assert start + 0.25 * 30 == pytest.approx(1155)


def test_all_shows_the_whole_session_and_is_not_drawn_anew_all_the_time(window: TrendWindow) -> None:
    window.set_length(None)
    first = window.bounds
    assert first[0] == 1000
    assert first[1] >= 1300
    window.follow(1301.0, (1000.0, 1301.0))
    assert window.bounds == first
    window.follow(2000.0, (1000.0, 2000.0))
    assert window.bounds[1] >= 2000


def test_zooming_into_all_looks_at_the_place_one_pointed_at(window: TrendWindow) -> None:
    window.set_length(None)
    window.zoom(0.2, about=1100)
    start, end = window.bounds
    assert start < 1100 < end
    assert not window.live


def test_a_recording_shows_what_comes_too(window: TrendWindow) -> None:
    window.recorded = True
    window.follow(100.0, (0.0, 600.0))
    assert window.bounds == (70, 130)
    assert window.playhead == 100
    window.follow(10.0, (0.0, 600.0))
    assert window.bounds == (0, 60)  # nothing lies before the beginning ...
    window.follow(595.0, (0.0, 600.0))
    assert window.bounds == (540, 600)  # ... or after the end
    window.set_length(None)
    assert window.bounds == (0, 600)


def test_dragging_in_a_recording_asks_for_a_position(window: TrendWindow) -> None:
    window.recorded = True
    window.follow(100.0, (0.0, 600.0))
    told: list[object] = []
    window.view_time_changed.connect(told.append)
    window.pan(30)
    window.look_at(None)
    window.look_at(9e9)
    assert told == [130, 100, 600]
    assert window.live


def test_measuring_puts_both_marks_in_sight_and_takes_them_away(window: TrendWindow) -> None:
    window.measure(True)
    cursors = window.cursors
    assert cursors.a is not None
    assert cursors.b is not None
    assert 1240 < cursors.a < cursors.b < 1300
    window.measure(False)
    assert not window.cursors.measuring


def test_measuring_begins_where_the_cursor_is(window: TrendWindow) -> None:
    window.set_cursor(1290.0)
    window.measure(True)
    assert window.cursors.a == 1290
    assert window.cursors.b is not None
    assert window.cursors.b < 1290


def test_a_cursor_is_told_only_when_it_moved(window: TrendWindow) -> None:
    told = []
    window.cursors_changed.connect(lambda: told.append(1))
    window.set_cursor(1250.0)
    window.set_cursor(1250.0)
    assert len(told) == 1
