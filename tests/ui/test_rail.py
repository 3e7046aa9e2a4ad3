"""The rail of screens: every word stands whole, also on a small window and with undo at the foot."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import settle
from ui import theme
from ui.pages.registry import ENTRIES
from ui.widgets.rail import Rail, RailButton


@pytest.mark.parametrize("height", [720, 740, 800, 1080])
def test_every_word_has_its_whole_height(dressed: QApplication, height: int) -> None:
    rail = Rail(ENTRIES)
    rail.resize(rail.width(), height)
    rail.back.show()
    rail.show()
    settle()
    buttons = rail.findChildren(RailButton)
    assert len(buttons) == len(ENTRIES) + 2
    assert [(each.text(), *each.room()) for each in buttons if each.room()[0] < each.room()[1]] == []
    seen = {rail.rect().contains(each.mapTo(rail, each.rect().bottomLeft())) for each in rail.buttons.values()}
    last = [*rail.buttons.values()][-1]
    foot = last.mapTo(rail, last.rect().bottomLeft()).y()
    assert seen == {True}
    assert foot < rail.back.y(), "nothing is pushed out of sight"
    if height >= 800:
        assert min(each.height() for each in buttons) >= theme.target
    rail.deleteLater()
