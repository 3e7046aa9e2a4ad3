"""The number pad: a mark alone is no number, and below zero goes where it means something."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core import language
from ui.widgets.amount_sheet import SIGN, AmountSheet, typed_number
from ui.widgets.number_field import NumberField


@pytest.fixture
def anchor(qtbot: QtBot, dressed: QApplication) -> QWidget:
    window = QWidget()
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    return window


def pad(anchor: QWidget, before: int | None = None, *, signed: bool = False) -> AmountSheet:
    made = AmountSheet(anchor, "Payment", before, lambda _: None, decimals=2, signed=signed)
    made.open()
    return made


def test_a_mark_alone_is_no_number_and_begins_one(anchor: QWidget) -> None:
    for before in (None, 1250):
        sheet = pad(anchor, before)
        sheet.press(".")
        assert (sheet.shown.text(), sheet.value(), sheet.keep.isEnabled()) == ("0.", None, False)
        sheet.type("5")
        assert (sheet.value(), sheet.keep.isEnabled()) == (50, True)
        for _ in range(3):
            sheet.press("backspace")
        sheet.press(".")
        assert (sheet.shown.text(), sheet.keep.isEnabled()) == ("0.", False), "emptied by hand, too"
        sheet.close_sheet()
    sheet = pad(anchor)
    sheet.type("0")
    assert sheet.value() == 0, "nothing at all can be meant"


def test_below_zero_is_typed_where_it_means_something(anchor: QWidget) -> None:
    sheet = pad(anchor, signed=True)
    for key in (SIGN, ".", "7"):
        sheet.press(key)
    assert sheet.value() == -70
    assert SIGN not in pad(anchor).pad.keys
    field = NumberField("Yellow from", signed=True)
    field.setParent(anchor)
    field.open_pad()
    assert SIGN in anchor.findChildren(AmountSheet)[-1].pad.keys


@pytest.mark.parametrize(
    ("typed", "found"),
    [("12.5", 1250), ("-3", -300), ("−3", -300), (".5", 50), (".", None), ("-", None), ("-.", None), ("--3", None),
     ("3-", None), ("1.234", None), ("", None)],
)  # fmt: skip
def test_what_is_a_number_and_what_is_none(typed: str, found: int | None) -> None:
    language.use("en")
    assert typed_number(typed, 2) == found
