"""The keyboard on the screen: there when something can be typed and nowhere else, and it types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLineEdit

from core import language
from tests.ui.conftest import settle
from ui import theme
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.connection_panel import ConnectionPanel
from ui.widgets.keyboard import OnScreenKeyboard
from ui.widgets.keys import Key
from ui.widgets.search_box import SearchBox


@pytest.fixture
def touch(shell: Shell) -> Shell:
    shell.context.preferences.touch = True
    shell.dress()
    shell.activateWindow()
    settle()
    if QApplication.activeWindow() is not shell:
        pytest.skip("this platform gives no window the focus, so nothing can be typed into")
    return shell


def board(shell: Shell) -> OnScreenKeyboard:
    assert shell.keyboard is not None
    return shell.keyboard


def key(shell: Shell, text: str) -> Key:
    settle()
    return next(each for each in board(shell).findChildren(Key) if each.isVisible() and each.text() == text)


def search_field(shell: Shell) -> QLineEdit:
    shell.open_search()
    settle()
    box = dialogs.sheets(shell)[-1]
    assert isinstance(box, SearchBox)
    return box.field


def test_it_comes_with_a_text_field_and_leaves_with_it(touch: Shell) -> None:
    assert not board(touch).isVisible()
    field = search_field(touch)
    assert board(touch).isVisible()
    assert field.hasFocus()
    dialogs.close_all(touch)
    settle()
    assert not board(touch).isVisible()


def test_it_stays_away_where_there_are_real_keys(shell: Shell) -> None:
    shell.activateWindow()
    search_field(shell)
    assert not board(shell).isVisible()


def test_it_types_letters_signs_and_capitals_once(touch: Shell) -> None:
    field = search_field(touch)
    for text in ("t", "c", "p", ":", "/"):
        key(touch, text).click()
    key(touch, "Shift").click()
    key(touch, "A").click()
    key(touch, "b").click()
    key(touch, "Space").click()
    assert field.text() == "tcp:/Ab "
    key(touch, "Backspace").click()
    assert field.text() == "tcp:/Ab"


def test_signs_have_their_own_layer(touch: Shell) -> None:
    field = search_field(touch)
    key(touch, "#+=").click()
    key(touch, "@").click()
    key(touch, "abc").click()
    key(touch, "q").click()
    assert field.text() == "@q"


def test_enter_is_the_enter_key(touch: Shell) -> None:
    field = search_field(touch)
    field.setText("settings")
    key(touch, "Enter").click()
    settle()
    assert touch.content.current == "settings"


def test_it_never_takes_the_focus(touch: Shell) -> None:
    field = search_field(touch)
    key(touch, "q").click()
    assert field.hasFocus()


def test_it_can_be_put_away(touch: Shell) -> None:
    search_field(touch)
    key(touch, "Hide keyboard").click()
    assert not board(touch).isVisible()


def test_a_sheet_makes_room_for_it(touch: Shell) -> None:
    touch.open_connection()
    panel = dialogs.sheets(touch)[-1]
    assert isinstance(panel, ConnectionPanel)
    panel.form.field.setFocus()
    settle()
    assert board(touch).isVisible()
    assert panel.panel.geometry().bottom() <= board(touch).geometry().top()


def test_numbers_get_the_number_pad(touch: Shell) -> None:
    box = QDoubleSpinBox(touch)
    box.setMaximum(1000)
    box.show()
    box.selectAll()
    box.setFocus()
    settle()
    assert board(touch).numbers.isVisible()
    assert not board(touch).letters.isVisible()
    box.selectAll()
    for name in ("4", "2"):
        board(touch).numbers.keys[name].click()
    assert box.value() == 42


def test_a_field_for_digits_gets_the_number_pad_too(touch: Shell) -> None:
    field = QLineEdit(touch)
    field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    field.show()
    field.setFocus()
    settle()
    assert board(touch).numbers.isVisible()


def test_german_keys_lie_where_germans_expect_them(touch: Shell) -> None:
    touch.context.preferences.language = "de"
    touch.retranslate()
    settle()
    assert language.current() == "de"
    field = search_field(touch)
    for text in ("z", "ü", "ß"):
        key(touch, text).click()
    assert field.text() == "züß"


def test_every_key_is_large_enough_for_a_glove(touch: Shell) -> None:
    search_field(touch)
    keys = [each for each in board(touch).findChildren(Key) if each.isVisible()]
    assert len(keys) > 40
    assert min(each.height() for each in keys) >= theme.target
    assert min(each.width() for each in keys) >= theme.target
