"""``bayline pictures`` draws every screen, in both themes and every size, and disturbs nothing."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import BARE, SETTINGS, Desk
from ui import pictures
from ui.context import UiContext

SCENES = {"live", "live-alarm", "paused", "settings", "connection", "alarms", "phone", "search", "keys", "kiosk-pin"}


@pytest.fixture
def drawn(dressed: QApplication, context: UiContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(pictures, "SIZES", (QSize(1280, 800),))
    monkeypatch.setattr(pictures, "SETTLE_S", 0.02)
    context.session.overheat()  # type: ignore[attr-defined]
    return pictures.draw_all(context, tmp_path / "pictures", seconds=10, entries=(BARE, SETTINGS))


def test_there_is_one_of_each_scene_and_theme(drawn: list[Path]) -> None:
    assert {file.name for file in drawn} == {
        f"{scene}-{theme}-1280x800.png" for scene in SCENES for theme in ("night", "day")
    }


def test_each_has_its_size_and_something_on_it(drawn: list[Path]) -> None:
    seen = set()
    for file in (file for file in drawn if not file.name.startswith("paused")):  # this page looks the same paused
        image = QImage(str(file))
        assert (image.width(), image.height()) == (1280, 800)
        seen.add(bytes(image.constBits()))
    assert len(seen) == len(drawn) - 2, "no two are the same"


def test_the_terminal_is_left_as_it_was(drawn: list[Path], context: UiContext, desk: Desk) -> None:
    assert context.preferences.theme == "night"
    assert context.frame is None
    assert desk.saved == []


def test_waiting_for_data_ends_when_none_comes(
    dressed: QApplication, context: UiContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LONGEST_WAIT_S", -1000.0)
    assert not pictures.wait_for_data(context, 900.0)
