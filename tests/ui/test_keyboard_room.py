"""The keyboard on the screen takes half of it: what is typed into stays whole, and a press lands where a finger is."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from tests.ui.conftest import settle
from tests.ui.orders_stage import section
from tests.ui.two_bays import Bay, until
from ui import background, theme
from ui.pages.order_estimate import EstimateSection
from ui.pages.order_line_sheet import LineSheet
from ui.pages.registry import ENTRIES
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.dialogs import BOTTOM_INSET, Sheet

PAGES = tuple(each for each in ENTRIES if each.name not in ("live", "board", "insights", "changes"))  # have no forms
KEYBOARD = 332  # px of 800
INPUTS = (QLineEdit, QPlainTextEdit, QComboBox)


@pytest.fixture
def touch(window: Shell) -> Shell:
    window.context.preferences.touch = True
    window.dress()
    window.activateWindow()
    settle()
    if QApplication.activeWindow() is not window:
        pytest.skip("this platform gives no window the focus, so nothing can be typed into")
    return window


def inputs(sheet: Sheet) -> list[QWidget]:
    return [each for kind in INPUTS for each in sheet.findChildren(kind) if each.isVisible()]


def settled() -> None:
    until(lambda: not background.busy(), "everything is read")
    settle()


def in_sight(field: QWidget) -> bool:
    return field.visibleRegion().boundingRect() == field.rect()


def squeezed(sheet: Sheet) -> list[str]:
    return [
        f"{type(sheet).__name__} {each.accessibleName()}: {each.height()} px"
        for each in inputs(sheet)
        if each.height() < theme.target
    ]


def test_no_sheet_of_any_page_squeezes_a_field_and_all_keep_clear_of_it(window: Shell, order: str) -> None:
    window.setProperty(BOTTOM_INSET, KEYBOARD)
    low, seen = [], 0
    for name in window.content.entries:
        window.go(name)
        settled()
        for _, pose in window.content.pages[name].scenes():
            pose()
            settled()
            for sheet in dialogs.sheets(window):
                seen += len(inputs(sheet))
                low += squeezed(sheet)
                if sheet.panel.geometry().bottom() > window.height() - KEYBOARD:
                    low.append(f"{type(sheet).__name__} lies under the keyboard")
            dialogs.close_all(window)
            settled()
    assert seen > 20
    assert low == []


def test_a_new_part_of_an_estimate_can_be_typed_with_the_keyboard_up(one: Bay, order: str, touch: Shell) -> None:
    found = section(touch, order, "estimate", EstimateSection)
    until(lambda: found.found is not None, "it is read")
    found.add.field.setFocus()
    settle()
    assert touch.keyboard is not None
    assert touch.keyboard.isVisible()
    assert found.add.field.height() >= theme.target
    assert in_sight(found.add.field)
    assert not found.totals.isVisible()
    found.open_new("part")
    sheet = dialogs.sheets(touch)[-1]
    assert isinstance(sheet, LineSheet)
    for field in (sheet.description, sheet.number, sheet.quantity.field, sheet.cost.field):
        field.setFocus()
        settle()
        assert touch.keyboard.isVisible()
        assert squeezed(sheet) == []
        assert field.height() >= theme.target
        assert in_sight(field)
    sheet.close_sheet()
    touch.setFocus()
    settle()
    assert found.totals.isVisible()


def test_what_is_pressed_with_the_keyboard_up_is_pressed(touch: Shell) -> None:
    pressed: list[str] = []
    sheet = Sheet(touch, "Somebody new")
    field, button = QLineEdit(), QPushButton("Save")
    button.clicked.connect(lambda: pressed.append("Save"))
    sheet.body.addWidget(field)
    sheet.footer.addWidget(button)
    sheet.open(field)
    settle()
    assert touch.keyboard is not None
    assert touch.keyboard.isVisible()
    handle, spot = touch.windowHandle(), button.mapTo(touch, QPointF(button.rect().center())).toPoint()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=spot)
    settle()
    assert button.mapTo(touch, button.rect().center()) == spot, "nothing moves under a finger"
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=spot)
    assert pressed == ["Save"]
    settle()
    assert not touch.keyboard.isVisible()
    assert button.mapTo(touch, button.rect().center()) != spot
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=field.mapTo(touch, QPoint(20, 20)))
    settle()
    assert touch.keyboard.isVisible()
