"""A scanner that types is told from a person."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.two_bays import until
from ui.scanning import Wedge


class Heard:
    """A wedge and what came of it."""

    def __init__(self, owner: QWidget) -> None:
        self.codes: list[str] = []
        self.words: list[str] = []
        self.owner = owner  # a Qt parent goes with the last name that Python has for it
        self.wedge = Wedge(owner)
        self.wedge.scanned.connect(self.codes.append)
        self.wedge.typed.connect(self.words.append)

    def press(
        self, key: Qt.Key, text: str = "", modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> bool:
        return self.wedge.take(QKeyEvent(QEvent.Type.KeyPress, key, modifier, text))

    def type(self, text: str) -> None:
        for each in text:
            assert self.press(Qt.Key.Key_unknown, each)


@pytest.fixture
def heard(dressed: QApplication) -> Heard:
    return Heard(QWidget())


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_many_keys_at_once_and_an_end_are_a_code(heard: Heard, end: Qt.Key) -> None:
    heard.type("W 712/95")
    assert heard.press(end)
    assert (heard.codes, heard.words) == (["W 712/95"], [])
    assert heard.wedge.resting


def test_a_pause_is_a_person(heard: Heard) -> None:
    heard.type("br")
    until(lambda: heard.words == ["br"], "it was a person")
    assert heard.codes == []


def test_two_letters_and_enter_are_no_code(heard: Heard) -> None:
    heard.type("ok")
    assert heard.press(Qt.Key.Key_Return)
    assert (heard.codes, heard.words) == ([], ["ok"])


def test_keys_that_are_no_letters_are_left_to_others(heard: Heard) -> None:
    assert not heard.press(Qt.Key.Key_Return)
    assert not heard.press(Qt.Key.Key_Space, " ")
    assert not heard.press(Qt.Key.Key_Down)
    assert not heard.press(Qt.Key.Key_K, "k", Qt.KeyboardModifier.ControlModifier)
    assert heard.press(Qt.Key.Key_A, "A", Qt.KeyboardModifier.ShiftModifier)
