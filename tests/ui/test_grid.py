"""A person arranges gauges with a mouse, a finger or the keyboard; a glove does not move them by accident."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_session import FakeSession
from ui import theme
from ui.widgets.gauge_drag import HOLD_MS
from ui.widgets.gauge_grid import GaugeGrid
from ui.widgets.gauge_model import Cells, Condition, Dress, GaugeSpec
from ui.widgets.gauge_overlay import GRIP, remove_grip, resize_grip

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def three() -> tuple[GaugeSpec, ...]:
    return (
        GaugeSpec("speed", "vehicle_speed", Dress.DIAL, Cells(0, 0, 3, 6)),
        GaugeSpec("load", "engine_load", Dress.BAR, Cells(3, 0, 3, 3)),
        GaugeSpec("air", "mass_air_flow", Dress.NUMBER, Cells(3, 3, 3, 3)),
    )


Make = Callable[..., GaugeGrid]


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Make:
    theme.use(qapp, "night")

    def build(*specs: GaugeSpec) -> GaugeGrid:
        grid = GaugeGrid()
        qtbot.addWidget(grid)
        grid.resize(1200, 720)
        grid.set_arrangement(specs or three())
        grid.set_source(FakeSession(3.0))
        grid.show()
        QTest.qWaitForWindowExposed(grid)
        return grid

    return build


def where(grid: GaugeGrid, id: str) -> tuple[int, int, int, int]:
    cells = grid.spec_of(id).cells
    return cells.x, cells.y, cells.w, cells.h


def at_rest(grid: GaugeGrid, id: str, cells: Cells) -> bool:
    """Whether a gauge has glided to ``cells``; how long that takes is the machine's affair."""
    return grid.gauges[id].geometry() == grid.rect_of(cells)


def middle(grid: GaugeGrid, id: str) -> QPoint:
    return grid.rect_of(grid.spec_of(id).cells).center()


def drag(grid: GaugeGrid, start: QPoint, end: QPoint, release: bool = True) -> None:
    """As the window gets it: the events go to whatever lies there."""
    window = grid.windowHandle()
    QTest.mousePress(window, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for n in range(1, 6):
        QTest.mouseMove(window, start + (end - start) * n / 5)
    if release:
        QTest.mouseRelease(window, LEFT, Qt.KeyboardModifier.NoModifier, end)


def press(grid: GaugeGrid, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or grid, key, modifiers)


def test_gauges_fill_the_widget_without_scrolling_at_any_size(make: Make) -> None:
    grid = make()
    for size in ((1200, 720), (700, 300), (1900, 1000)):
        grid.resize(*size)
        for spec in grid.arrangement:
            rect = grid.gauges[spec.id].geometry()
            assert grid.rect().contains(rect)
            assert rect == grid.rect_of(spec.cells)


def test_a_glove_does_not_move_anything_while_places_are_locked(make: Make) -> None:
    grid = make()
    drag(grid, middle(grid, "load"), middle(grid, "load") + QPoint(500, 0))
    assert where(grid, "load") == (3, 0, 3, 3)
    assert not grid.arranging


def test_dragging_moves_a_gauge_to_the_cells_below_the_finger(make: Make, qtbot: QtBot) -> None:
    grid = make()
    grid.set_arranging(True)
    with qtbot.waitSignal(grid.changed):
        drag(grid, middle(grid, "load"), middle(grid, "load") + QPoint(410, 125))
    assert where(grid, "load") == (7, 2, 3, 3)
    assert grid.gauges["load"].geometry() == grid.rect_of(Cells(7, 2, 3, 3)) or grid._glides


def test_others_make_way_while_one_is_dragged_and_come_back_when_it_leaves(make: Make, qtbot: QtBot) -> None:
    grid = make()
    grid.set_arranging(True)
    start = middle(grid, "load")
    drag(grid, start, start + QPoint(0, 180), release=False)
    qtbot.waitUntil(lambda: at_rest(grid, "air", Cells(3, 0, 3, 3)))
    QTest.mouseMove(grid.windowHandle(), start + QPoint(600, 0))
    qtbot.waitUntil(lambda: at_rest(grid, "air", Cells(3, 3, 3, 3)))
    assert where(grid, "air") == (3, 3, 3, 3), "nothing is kept before the drop"
    QTest.mouseRelease(grid.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(600, 0))


def test_on_a_full_grid_a_gauge_dropped_on_another_takes_its_place(make: Make) -> None:
    left = GaugeSpec("left", "engine_load", Dress.NUMBER, Cells(0, 0, 4, 12))
    right = GaugeSpec("right", "engine_speed", Dress.DIAL, Cells(4, 0, 8, 12))
    grid = make(left, right)
    grid.set_arranging(True)
    drag(grid, middle(grid, "left"), middle(grid, "right") + QPoint(37, 11))
    assert where(grid, "left") == (4, 0, 8, 12)
    assert where(grid, "right") == (0, 0, 4, 12)


def test_a_drop_without_room_is_refused_in_words_and_nothing_changes(make: Make, qtbot: QtBot) -> None:
    wall = GaugeSpec("wall", "engine_speed", Dress.DIAL, Cells(2, 0, 10, 12))
    grid = make(GaugeSpec("a", "engine_load", Dress.NUMBER, Cells(0, 0, 2, 2)), wall)
    grid.set_arranging(True)
    before = grid.arrangement
    with qtbot.waitSignal(grid.refused) as words:
        drag(grid, middle(grid, "a"), middle(grid, "wall"))
    assert "no room" in words.args[0]
    assert grid.arrangement == before
    qtbot.waitUntil(lambda: at_rest(grid, "a", Cells(0, 0, 2, 2)))


def test_the_grips_are_large_enough_for_a_finger(make: Make) -> None:
    grid = make()
    for gauge in grid.gauges.values():
        for grip in (resize_grip(gauge.geometry()), remove_grip(gauge.geometry())):
            assert min(grip.width(), grip.height()) >= 44
            assert gauge.geometry().contains(grip)
    assert GRIP >= 44


def test_the_corner_resizes_in_whole_cells_but_not_below_what_can_be_read(make: Make) -> None:
    grid = make()
    grid.set_arranging(True)
    grip = resize_grip(grid.gauges["air"].geometry()).center()
    drag(grid, grip, grip + QPoint(210, 125))
    assert where(grid, "air") == (3, 3, 5, 5)
    grip = resize_grip(grid.rect_of(Cells(3, 3, 5, 5))).center()
    QTest.qWait(10)
    drag(grid, grip, grip - QPoint(800, 600))
    assert where(grid, "air") == (3, 3, 2, 2)


def test_a_tap_while_arranging_opens_the_properties_and_the_cross_removes(make: Make, qtbot: QtBot) -> None:
    grid = make()
    grid.set_arranging(True)
    with qtbot.waitSignal(grid.properties_asked) as asked:
        QTest.mouseClick(grid.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, middle(grid, "air"))
    assert asked.args == ["air"]
    with qtbot.waitSignal(grid.removed) as removed:
        QTest.mouseClick(
            grid.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier,
            remove_grip(grid.gauges["air"].geometry()).center(),
        )  # fmt: skip
    assert removed.args[0].id == "air"
    assert set(grid.gauges) == {"speed", "load"}
    grid.put_back(removed.args[0])
    assert where(grid, "air") == (3, 3, 3, 3)


def test_holding_a_finger_on_a_gauge_unlocks_and_takes_hold_of_it(make: Make, qtbot: QtBot) -> None:
    grid = make()
    start = middle(grid, "load")
    QTest.mousePress(grid.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, start)
    with qtbot.waitSignal(grid.arranging_changed, timeout=HOLD_MS + 3000):
        pass
    QTest.mouseMove(grid.windowHandle(), start + QPoint(300, 0))
    QTest.mouseRelease(grid.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(300, 0))
    assert where(grid, "load") == (6, 0, 3, 3)


def test_touch_moves_a_gauge_too(make: Make) -> None:
    grid = make()
    grid.set_arranging(True)
    screen = QTest.createTouchDevice()
    assert isinstance(screen, QPointingDevice)
    start = middle(grid, "load")
    touch = QTest.touchEvent(grid.windowHandle(), screen)
    touch.press(0, start)
    touch.commit()
    for n in range(1, 6):
        touch.move(0, start + QPoint(60 * n, 0))
        touch.commit()
    touch.release(0, start + QPoint(300, 0))
    touch.commit()
    assert where(grid, "load") == (6, 0, 3, 3)


def test_escape_puts_a_dragged_gauge_back_and_then_locks(make: Make) -> None:
    grid = make()
    grid.set_arranging(True)
    drag(grid, middle(grid, "load"), middle(grid, "load") + QPoint(500, 0), release=False)
    press(grid, Qt.Key.Key_Escape)
    assert where(grid, "load") == (3, 0, 3, 3)
    assert grid.arranging
    QTest.mouseRelease(grid.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, middle(grid, "load"))
    assert where(grid, "load") == (3, 0, 3, 3)
    press(grid, Qt.Key.Key_Escape)
    assert not grid.arranging


def test_everything_can_be_done_from_the_keyboard(make: Make, qtbot: QtBot) -> None:
    grid = make()
    grid.activateWindow()
    grid.setFocus()
    press(grid, Qt.Key.Key_Right)
    assert grid.focused() is grid.gauges["speed"]
    press(grid, Qt.Key.Key_Right)
    assert grid.focused() is grid.gauges["load"]
    press(grid, Qt.Key.Key_Down)
    assert grid.focused() is grid.gauges["air"]
    press(grid, Qt.Key.Key_Right, CONTROL)
    press(grid, Qt.Key.Key_Down, CONTROL)
    assert where(grid, "air") == (4, 4, 3, 3)
    press(grid, Qt.Key.Key_Right, SHIFT)
    press(grid, Qt.Key.Key_Up, SHIFT)
    assert where(grid, "air") == (4, 4, 4, 2)
    with qtbot.waitSignal(grid.properties_asked) as asked:
        press(grid, Qt.Key.Key_Return)
    assert asked.args == ["air"]
    with qtbot.waitSignal(grid.removed):
        press(grid, Qt.Key.Key_Delete)
    assert "air" not in grid.gauges
    with qtbot.waitSignal(grid.add_asked):
        press(grid, Qt.Key.Key_Plus)
    with qtbot.waitSignal(grid.add_asked):
        press(grid, Qt.Key.Key_Insert)


def test_steps_can_be_undone_and_done_again(make: Make, qtbot: QtBot) -> None:
    grid = make()
    grid.activateWindow()
    grid.gauges["load"].setFocus()
    press(grid, Qt.Key.Key_Right, CONTROL)
    press(grid, Qt.Key.Key_Right, CONTROL)
    assert where(grid, "load") == (5, 0, 3, 3)
    with qtbot.waitSignal(grid.changed):
        press(grid, Qt.Key.Key_Z, CONTROL)
    assert where(grid, "load") == (4, 0, 3, 3)
    press(grid, Qt.Key.Key_Z, CONTROL)
    assert where(grid, "load") == (3, 0, 3, 3)
    assert not grid.can_undo
    press(grid, Qt.Key.Key_Y, CONTROL)
    assert where(grid, "load") == (4, 0, 3, 3)
    press(grid, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert where(grid, "load") == (5, 0, 3, 3)


def test_tab_visits_the_gauges_in_reading_order(make: Make) -> None:
    grid = make()
    grid.activateWindow()
    grid.put("speed", Cells(9, 6, 3, 6))
    grid.gauges["load"].setFocus()
    visited = []
    for _ in range(3):
        focused = grid.focused()
        visited.append(focused.spec.id if focused else None)
        press(grid, Qt.Key.Key_Tab)
    assert visited == ["load", "air", "speed"]


def test_the_menu_key_and_the_right_button_open_the_properties(make: Make, qtbot: QtBot) -> None:
    grid = make()
    grid.activateWindow()
    at = middle(grid, "air")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, grid.mapToGlobal(at))
    with qtbot.waitSignal(grid.properties_asked) as asked:
        QApplication.sendEvent(grid, event)
    assert asked.args == ["air"]
    grid.gauges["speed"].setFocus()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, grid.mapToGlobal(at))
    with qtbot.waitSignal(grid.properties_asked) as asked:
        QApplication.sendEvent(grid, event)
    assert asked.args == ["speed"]


def test_a_full_grid_says_that_there_is_no_room(make: Make, qtbot: QtBot) -> None:
    grid = make(GaugeSpec("wall", "engine_speed", Dress.DIAL, Cells(0, 0, 12, 12)))
    with qtbot.waitSignal(grid.refused) as words:
        assert not grid.add(GaugeSpec("b", "engine_load", Dress.BAR, Cells(0, 0, 3, 3)))
    assert "no room" in words.args[0]
    assert set(grid.gauges) == {"wall"}


def test_a_gauge_changes_its_form_in_place(make: Make) -> None:
    grid = make()
    spec = grid.spec_of("air")
    assert grid.replace(GaugeSpec("air", "mass_air_flow", Dress.DIAL, spec.cells))
    assert where(grid, "air")[2:] == (3, 4), "a dial needs four rows, and the grid gives them"
    assert grid.gauges["air"].spec.dress is Dress.DIAL
    grid.undo()
    assert where(grid, "air") == (3, 3, 3, 3)


def test_what_the_car_lacks_stays_and_says_so(make: Make) -> None:
    grid = make(GaugeSpec("oil", "oil_temperature", Dress.DIAL, Cells(0, 0, 3, 6)))
    source = FakeSession(1.0)
    grid.set_source(source)
    grid.set_available(source.available())
    grid.tick(source.now(), source.now())
    assert grid.gauges["oil"].moment.condition is Condition.NOT_OFFERED
    grid.set_available(())
    grid.tick(source.now() + 1, source.now() + 1)
    assert grid.gauges["oil"].foot == "no answer", "nobody knows before the car has said"


def test_another_layout_cannot_be_undone_into_the_old_one(make: Make) -> None:
    grid = make()
    grid.put("load", Cells(9, 9, 3, 3))
    grid.set_arrangement(three()[:1])
    assert set(grid.gauges) == {"speed"}
    assert not grid.can_undo


def test_a_press_beside_the_gauges_does_nothing(make: Make) -> None:
    grid = make()
    grid.set_arranging(True)
    at = QPointF(1150, 700)
    QApplication.sendEvent(
        grid, QMouseEvent(QEvent.Type.MouseButtonPress, at, grid.mapToGlobal(at), LEFT, LEFT, Qt.KeyboardModifier(0))
    )
    drag(grid, at.toPoint(), QPoint(100, 100))
    assert grid.arrangement == three()
