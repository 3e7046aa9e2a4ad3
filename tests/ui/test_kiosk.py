"""Kiosk mode holds: every way out leads to the PIN, and guessing it is slow."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Desk, settle
from ui import kiosk
from ui.kiosk import PinGate
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.keyboard import takes_text
from ui.widgets.numberpad import BACKSPACE, ENTER
from ui.widgets.pin_sheet import NewPinSheet, UnlockSheet
from ui.widgets.search_box import SearchBox

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
META = Qt.KeyboardModifier.MetaModifier
ESCAPES = [
    (Qt.Key.Key_F4, ALT),
    (Qt.Key.Key_Q, CTRL),
    (Qt.Key.Key_W, CTRL),
    (Qt.Key.Key_Tab, ALT),
    (Qt.Key.Key_Escape, CTRL),
    (Qt.Key.Key_Escape, ALT),
    (Qt.Key.Key_Space, ALT),
    (Qt.Key.Key_Delete, CTRL | ALT),
    (Qt.Key.Key_F11, NONE),
    (Qt.Key.Key_Meta, NONE),
    (Qt.Key.Key_Super_L, NONE),
    (Qt.Key.Key_D, META),
]


@pytest.fixture
def locked(shell: Shell, desk: Desk) -> Shell:
    desk.pin = "2580"
    shell.context.preferences.kiosk = True
    shell.present()
    settle()
    assert shell.kiosk.locked
    return shell


def pin_sheets(shell: Shell) -> list[UnlockSheet]:
    return [sheet for sheet in dialogs.sheets(shell) if isinstance(sheet, UnlockSheet)]


def type_pin(sheet: UnlockSheet | NewPinSheet, digits: str) -> None:
    for digit in digits:
        sheet.pad.keys[digit].click()
    sheet.pad.keys[ENTER].click()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_three_wrong_pins_cost_thirty_seconds_and_each_further_one_doubles_it() -> None:
    clock = Clock()
    gate = PinGate(lambda pin: pin == "2580", clock)
    waits = []
    for _ in range(5):
        assert not gate.offer("1111")
        waits.append(gate.wait())
        clock.now += gate.wait()
    assert waits == [0.0, 0.0, 30.0, 60.0, 120.0]


def test_while_waiting_even_the_right_pin_is_not_looked_at() -> None:
    clock, asked = Clock(), []

    def check(pin: str) -> bool:
        asked.append(pin)
        return pin == "2580"

    gate = PinGate(check, clock)
    for _ in range(3):
        gate.offer("1111")
    assert not gate.offer("2580")
    assert asked == ["1111"] * 3
    clock.now += 30.0
    assert gate.offer("2580")


def test_the_wait_has_an_end_and_a_right_pin_forgives() -> None:
    clock = Clock()
    gate = PinGate(lambda pin: pin == "2580", clock)
    for _ in range(40):
        gate.offer("1111")
        assert gate.wait() <= kiosk.LONGEST_WAIT
        clock.now += gate.wait()
    assert gate.offer("2580")
    assert gate.tries_left() == kiosk.FREE_TRIES


@pytest.mark.parametrize(("key", "held"), ESCAPES)
def test_keys_that_lead_out_lead_to_the_pin(locked: Shell, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(locked.windowHandle(), key, held)
    settle()
    assert len(pin_sheets(locked)) == 1
    assert locked.isVisible()
    assert locked.isFullScreen()
    assert locked.kiosk.locked


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_Tab, Qt.Key.Key_F1])
def test_ordinary_keys_are_no_attempt(key: Qt.Key) -> None:
    assert not kiosk.is_escape(QKeyEvent(QEvent.Type.KeyPress, key.value, NONE))


def test_ordinary_windows_may_use_all_keys(shell: Shell) -> None:
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_D, META)
    settle()
    assert pin_sheets(shell) == []


def test_locking_and_unlocking_while_it_runs_leave_the_focus_and_the_keyboard_on_the_screen(
    shell: Shell, desk: Desk
) -> None:
    desk.pin = "2580"
    shell.activateWindow()
    for turn in (shell.enter_kiosk, shell.kiosk.unlock):
        turn()
        settle()
        assert shell.isActiveWindow()
        assert bool(shell.windowHandle().flags() & Qt.WindowType.FramelessWindowHint) is shell.kiosk.locked
        shell.open_search()
        settle()
        box = dialogs.sheets(shell)[-1]
        assert isinstance(box, SearchBox)
        assert box.field.hasFocus()
        assert shell.keyboard is not None
        assert shell.keyboard.isVisible() is shell.keyboard.enabled
        dialogs.close_all(shell)
        settle()


def test_closing_is_refused(locked: Shell) -> None:
    assert not locked.close()
    assert locked.isVisible()
    assert len(pin_sheets(locked)) == 1
    locked.close()
    assert len(pin_sheets(locked)) == 1, "the PIN is asked for once, not once an attempt"


def test_it_has_no_frame_and_stays_on_top(locked: Shell) -> None:
    assert locked.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert locked.windowFlags() & Qt.WindowType.WindowStaysOnTopHint


def test_minimised_or_hidden_it_comes_back(locked: Shell) -> None:
    locked.showMinimized()
    settle()
    assert locked.isFullScreen()
    assert not locked.isMinimized()
    locked.hide()
    settle()
    assert locked.isVisible()


def test_there_are_no_context_menus(locked: Shell) -> None:
    locked.open_search("x")
    settle()
    handle = locked.windowHandle()
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(400, 150), QPoint(400, 150), NONE)
    QApplication.sendEvent(handle, menu)
    QTest.mouseClick(handle, Qt.MouseButton.RightButton, pos=QPoint(640, 120))
    settle()
    assert QApplication.activePopupWidget() is None


def test_a_pin_sheet_that_goes_away_takes_no_lock_with_it(locked: Shell) -> None:
    locked.close()
    pin_sheets(locked)[0].close_sheet()
    settle()
    assert locked.kiosk.locked
    locked.close()
    pin_sheets(locked)[0].deleteLater()  # as if it had crashed
    settle()
    assert locked.kiosk.locked
    QTest.keyClick(locked.windowHandle(), Qt.Key.Key_D, META)
    settle()
    assert len(pin_sheets(locked)) == 1


def test_a_window_that_was_hidden_and_made_anew_still_holds(locked: Shell) -> None:
    locked.hide()
    locked.destroy()
    settle()
    locked.show()
    settle()
    assert locked.isFullScreen()
    QTest.keyClick(locked.windowHandle(), Qt.Key.Key_D, META)
    settle()
    assert len(pin_sheets(locked)) == 1


def test_the_right_pin_opens(locked: Shell, desk: Desk, qtbot: QtBot) -> None:
    locked.close()
    type_pin(pin_sheets(locked)[0], "2580")
    qtbot.waitUntil(lambda: not locked.kiosk.locked)
    settle()
    assert not locked.isFullScreen()
    assert desk.saved[-1].kiosk is False
    assert not locked.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert locked.close()


def test_a_wrong_pin_says_what_is_left_and_then_how_long_to_wait(locked: Shell, qtbot: QtBot) -> None:
    locked.close()
    sheet = pin_sheets(locked)[0]
    for expected in ("2 more tries", "One more try", "The next try is possible in"):
        type_pin(sheet, "1111")
        qtbot.waitUntil(lambda words=expected: words in sheet.prompt.text())  # type: ignore[misc]
        assert locked.kiosk.locked
    assert not sheet.pad.isEnabled()
    sheet.close_sheet()
    settle()
    locked.close()
    assert not pin_sheets(locked)[0].pad.isEnabled(), "closing the sheet does not buy new tries"


def test_the_pin_can_be_typed_on_a_keyboard_too(locked: Shell, qtbot: QtBot) -> None:
    locked.close()
    sheet = pin_sheets(locked)[0]
    QTest.keyClicks(sheet, "25x80")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not locked.kiosk.locked)


def test_a_new_pin_typed_on_a_keyboard_is_taken_by_enter_and_not_thrown_away(shell: Shell) -> None:
    kept: list[str] = []
    sheet = NewPinSheet(shell, kept.append)
    sheet.open()
    for _ in range(2):
        QTest.keyClicks(shell.focusWidget(), "2580")
        QTest.keyClick(shell.focusWidget(), Qt.Key.Key_Return)
    assert kept == ["2580"]


def test_the_digits_are_never_shown(locked: Shell) -> None:
    locked.close()
    sheet = pin_sheets(locked)[0]
    for name in ("2", "5", BACKSPACE, "8"):
        sheet.pad.keys[name].click()
    assert sheet._dots.count == 2
    assert not any(takes_text(child) for child in sheet.findChildren(type(sheet.prompt)))
    assert "28" not in sheet.prompt.text()


def test_a_kiosk_without_a_pin_is_not_locked_and_says_so(shell: Shell, desk: Desk) -> None:
    desk.pin = ""
    shell.context.preferences.kiosk = True
    shell.present()
    assert not shell.kiosk.locked
    assert len(toast.shown(shell)) == 1
    shell.enter_kiosk()
    assert not shell.kiosk.locked


def test_the_program_can_still_be_stopped_from_outside(locked: Shell) -> None:
    locked.end()
    assert not locked.isVisible()


def test_taps_still_work_in_kiosk_mode(locked: Shell) -> None:
    button = locked.content.rail.buttons["settings"]
    spot = button.mapTo(locked, QPointF(button.rect().center())).toPoint()
    QTest.mouseClick(locked.windowHandle(), Qt.MouseButton.LeftButton, pos=spot)
    settle()
    assert locked.content.current == "settings"
