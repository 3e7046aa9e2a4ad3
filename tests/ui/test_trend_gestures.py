"""What a hand does on the trends: mouse, one finger, two fingers, wheel and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.trend_stage import Stage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, seconds=300).add(("engine_speed", "vehicle_speed"), ("engine_load",))


@pytest.fixture(scope="module")
def finger(qapp: object) -> QPointingDevice:
    return QTest.createTouchDevice()


def time_at(stage: Stage, share: float) -> float:
    view = stage.panel.canvas.view
    return view.start + share * (view.end - view.start)


def test_the_cursor_follows_the_pointer_through_all_strips_and_leaves_with_it(stage: Stage, qtbot: QtBot) -> None:
    canvas = stage.panel.canvas
    QTest.mouseMove(canvas, stage.spot(0.25, strip=1))
    at = stage.panel.time_window.cursors.at
    assert at == pytest.approx(time_at(stage, 0.25), abs=0.1)
    white = [stage.columns_with("cursor", strip) for strip in (0, 1)]
    x = round(0.25 * canvas.places.plot)
    assert all(any(abs(column - x) <= 1 for column in columns) for columns in white)
    QTest.mouseMove(canvas, QPoint(2, 2))
    assert stage.panel.time_window.cursors.at is None


def test_a_cursor_brings_its_table(stage: Stage) -> None:
    before = stage.picture()
    stage.panel.time_window.set_cursor(time_at(stage, 0.2), pinned=True)
    plot, after = stage.panel.canvas.plot(0), stage.picture()
    changed = sum(
        before.pixelColor(x, y) != after.pixelColor(x, y)
        for x in range(int(plot.center().x()), int(plot.right()), 3)
        for y in range(int(plot.top()), int(plot.bottom()), 3)
    )
    assert changed > 1500  # a card of its size, on the other side
    stage.panel.time_window.set_cursor(None)
    assert stage.picture() == before


def test_a_tap_pins_the_cursor_and_a_tap_on_it_lets_go(stage: Stage, qtbot: QtBot) -> None:
    canvas, window = stage.panel.canvas, stage.panel.time_window
    QTest.mouseClick(canvas, LEFT, pos=stage.spot(0.5))
    assert window.cursors.pinned
    QTest.mouseMove(canvas, stage.spot(0.8))
    assert window.cursors.at == pytest.approx(time_at(stage, 0.5), abs=0.1)
    QTest.mouseClick(canvas, LEFT, pos=stage.spot(0.5))
    assert not window.cursors.pinned


def test_dragging_pans_and_holds(stage: Stage, qtbot: QtBot) -> None:
    canvas, window = stage.panel.canvas, stage.panel.time_window
    told: list[object] = []
    stage.panel.view_time_changed.connect(told.append)
    now = stage.session.now()
    QTest.mousePress(canvas, LEFT, pos=stage.spot(0.3))
    QTest.mouseMove(canvas, stage.spot(0.8))
    QTest.mouseRelease(canvas, LEFT, pos=stage.spot(0.8))
    assert window.view_time == pytest.approx(now - 30, abs=0.5)
    assert told[-1] == window.view_time
    assert window.cursors.at is None  # a drag reads nothing


def test_the_wheel_zooms_about_the_pointer(stage: Stage) -> None:
    window = stage.panel.time_window
    window.set_view_time(stage.session.now() - 100)
    stage.frame()
    under = time_at(stage, 0.25)
    stage.wheel(0.25, 3)
    stage.frame()
    assert window.length is not None
    assert window.length < 45
    assert time_at(stage, 0.25) == pytest.approx(under, abs=0.2)


def test_with_control_the_wheel_zooms_the_values_until_a_double_tap_fits(stage: Stage, qtbot: QtBot) -> None:
    strip = stage.panel.model.strips[0]
    before = [scale.span for scale in strip.scales.values()]
    stage.wheel(0.5, 4, Qt.KeyboardModifier.ControlModifier)
    assert all(
        scale.manual and scale.span.size < span.size for scale, span in zip(strip.scales.values(), before, strict=True)
    )
    stage.frame(5)
    assert all(scale.manual for scale in strip.scales.values())
    QTest.mouseDClick(stage.panel.canvas, LEFT, pos=stage.spot(0.5))
    assert not any(scale.manual for scale in strip.scales.values())


def test_a_mark_is_dragged_by_anything_within_reach_of_a_thumb(stage: Stage, qtbot: QtBot) -> None:
    canvas, window = stage.panel.canvas, stage.panel.time_window
    stage.panel.toolbar.measure.click()
    assert window.cursors.b is not None
    grab = QPoint(round(canvas.x_of(window.cursors.b)) + 20, stage.spot(0.5).y())
    QTest.mousePress(canvas, LEFT, pos=grab)
    QTest.mouseMove(canvas, stage.spot(0.9))
    QTest.mouseRelease(canvas, LEFT, pos=stage.spot(0.9))
    assert window.cursors.b == pytest.approx(time_at(stage, 0.9), abs=0.2)
    assert window.live
    stage.panel.toolbar.measure.click()
    assert not window.cursors.measuring


def test_one_finger_taps_and_pans(stage: Stage, finger: QPointingDevice) -> None:
    canvas, window = stage.panel.canvas, stage.panel.time_window
    QTest.touchEvent(canvas, finger).press(0, stage.spot(0.4), stage.panel.canvas).commit()
    QTest.touchEvent(canvas, finger).release(0, stage.spot(0.4), stage.panel.canvas).commit()
    assert window.cursors.at == pytest.approx(time_at(stage, 0.4), abs=0.1)
    QTest.touchEvent(canvas, finger).press(0, stage.spot(0.1), stage.panel.canvas).commit()
    QTest.touchEvent(canvas, finger).move(0, stage.spot(0.6), stage.panel.canvas).commit()
    QTest.touchEvent(canvas, finger).release(0, stage.spot(0.6), stage.panel.canvas).commit()
    assert window.view_time == pytest.approx(stage.session.now() - 30, abs=0.5)


def test_two_taps_fit(stage: Stage, finger: QPointingDevice) -> None:
    scale = next(iter(stage.panel.model.strips[0].scales.values()))
    scale.zoom(3.0, 0.5)
    for _ in range(2):
        QTest.touchEvent(stage.panel.canvas, finger).press(0, stage.spot(0.4), stage.panel.canvas).commit()
        QTest.touchEvent(stage.panel.canvas, finger).release(0, stage.spot(0.4), stage.panel.canvas).commit()
    assert not scale.manual


def test_two_fingers_zoom(stage: Stage, finger: QPointingDevice) -> None:
    canvas = stage.panel.canvas
    QTest.touchEvent(canvas, finger).press(0, stage.spot(0.4), stage.panel.canvas).press(
        1, stage.spot(0.6), stage.panel.canvas
    ).commit()
    QTest.touchEvent(canvas, finger).move(0, stage.spot(0.3), stage.panel.canvas).move(
        1, stage.spot(0.7), stage.panel.canvas
    ).commit()
    QTest.touchEvent(canvas, finger).release(0, stage.spot(0.3), stage.panel.canvas).release(
        1, stage.spot(0.7), stage.panel.canvas
    ).commit()
    assert stage.panel.time_window.length == pytest.approx(30, rel=0.05)
    assert stage.panel.time_window.cursors.at is None


def test_everything_by_keyboard(stage: Stage, qtbot: QtBot) -> None:
    canvas, window = stage.panel.canvas, stage.panel.time_window
    canvas.setFocus()
    start, end = window.bounds
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert window.cursors.at == pytest.approx((start + end) / 2)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert window.cursors.at == pytest.approx((start + end) / 2 - (end - start) * 0.055)
    QTest.keyClick(canvas, Qt.Key.Key_A)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_B)
    assert window.cursors.a is not None
    assert window.cursors.b == pytest.approx(window.cursors.a + (end - start) * 0.05)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not window.cursors.measuring
    assert window.cursors.at is not None
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert window.cursors.at is None
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert window.length == pytest.approx(40)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    assert window.view_time == pytest.approx(end - 54)
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert window.bounds[0] == pytest.approx(1000)
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert window.live
    scale = next(iter(stage.panel.model.strips[0].scales.values()))
    scale.zoom(2.0, 0.5)
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert not scale.manual


def test_the_length_is_chosen_with_one_tap(stage: Stage, qtbot: QtBot) -> None:
    changes = []
    stage.panel.changed.connect(lambda: changes.append(1))
    stage.panel.toolbar.lengths.chosen.emit(300.0)
    assert stage.panel.time_window.length == 300
    assert changes == [1]


def test_the_cursor_stays_with_a_pointer_that_stands_still(stage: Stage) -> None:
    QTest.mouseMove(stage.panel.canvas, stage.spot(0.5))
    before = stage.panel.time_window.cursors.at
    stage.frame(10)
    assert before is not None
    assert stage.panel.time_window.cursors.at == pytest.approx(before + 10, abs=0.2)


def test_a_screen_reader_hears_what_a_pinned_cursor_reads(stage: Stage) -> None:
    canvas = stage.panel.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert "Engine speed" in canvas.accessibleDescription()
    assert "km/h" in canvas.accessibleDescription()
