"""Lines of an estimate are moved by the grip, by keys and by words, stay so, and go back."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.test_order_estimate import line, made, shown
from tests.ui.two_bays import Bay, until
from ui.pages.order_estimate import EstimateSection
from ui.pages.order_line_moving import scrolls
from ui.pages.order_line_row import LineRow
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.choice_sheet import ChoiceSheet


def on_paper(bay: Bay, order: str) -> str:
    return "".join(each.line.description or "" for each in made(bay, order).lines)


def on_screen(found: EstimateSection) -> str:
    return "".join(row.title.text() for row in found.moving.rows() if isinstance(row, LineRow))


def drag(row: LineRow, onto: LineRow) -> None:
    """With the mouse, from the middle of the grip to just below the middle of another line."""
    grip, middle = row.grip, row.grip.rect().center()
    goal = onto.mapToGlobal(onto.rect().center() + QPoint(0, 4)).y()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=middle)
    for _ in range(4):  # the grip goes along with its line
        at = grip.mapToGlobal(middle)
        QTest.mouseMove(grip, grip.mapFromGlobal(QPoint(at.x(), goal)))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton)


def test_a_line_is_moved_by_grip_by_keys_and_by_words(one: Bay, order: str, window: Shell) -> None:
    ids = [line(one, order, kind="fee", description=each, unit_price=100) for each in "abcd"]
    found = shown(window, order)
    until(lambda: len(found.rows) == 4 and len({row.y() for row in found.rows.values()}) == 4, "they are shown")
    a, b, _, d = (found.rows[each] for each in ids)

    drag(a, found.rows[ids[2]])
    assert on_screen(found) == "bcad", "it is there at once"
    until(lambda: on_paper(one, order) == "bcad", "and stays there")
    until(lambda: "Moved: a" in [each.accessibleName() for each in toast.shown(window)], "it is told")
    toast.shown(window)[-1].undo.click()
    until(lambda: on_paper(one, order) == "abcd" and on_screen(found) == "abcd", "it goes back")

    b.setFocus()
    QTest.keyClick(b, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(b, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)  # is at the top already
    until(lambda: on_paper(one, order) == "bacd", "by keys")

    QTest.mouseClick(d.grip, Qt.MouseButton.LeftButton)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    assert set(sheet.buttons) == {"up", "first"}, "the last goes nowhere further down"
    sheet.buttons["first"].click()
    until(lambda: on_paper(one, order) == "dbac", "by words")
    until(lambda: on_screen(found) == "dbac", "it is shown")


def test_a_finger_on_the_grip_drags_and_beside_it_scrolls(one: Bay, order: str, window: Shell) -> None:
    ids = [line(one, order, kind="fee", description=each, unit_price=100) for each in "abcdefghijkl"]
    found = shown(window, order)
    until(lambda: len({row.y() for row in found.rows.values()}) == len(ids), "they are shown")
    area, finger = scrolls(found), QTest.createTouchDevice()
    assert area is not None

    def swipe(widget: QWidget, at: QPoint, by: int) -> None:
        screen, start = window.windowHandle(), widget.mapTo(window, at)
        QTest.touchEvent(screen, finger).press(0, start, screen).commit()
        for step in range(1, 9):
            QTest.touchEvent(screen, finger).move(0, start + QPoint(0, by * step // 8), screen).commit()
            QTest.qWait(5)
        QTest.touchEvent(screen, finger).release(0, start + QPoint(0, by), screen).commit()

    grip = found.rows[ids[0]].grip
    swipe(grip, grip.rect().center(), found.rows[ids[2]].y() - found.rows[ids[0]].y() + 10)
    until(lambda: on_paper(one, order).startswith("bca"), "the line went along")
    assert area.verticalScrollBar().value() == 0
    until(lambda: on_screen(found) == on_paper(one, order), "it is shown")
    swipe(found.rows[ids[3]], QPoint(250, 30), -150)
    until(lambda: area.verticalScrollBar().value() > 50, "the list went")
    assert on_screen(found) == on_paper(one, order)
