"""The pictures show somebody at the terminal, the sheet to sign in and the terminal without anybody."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.people_stage import hire
from tests.ui.two_bays import PAGES, Bay, until
from ui import pictures
from ui.people_present import Standing


def test_signing_in_and_nobody_are_drawn_and_somebody_stands_there_otherwise(
    dressed: QApplication, one: Bay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(one)
    monkeypatch.setattr(pictures, "SETTLE_S", 0.02)
    monkeypatch.setattr(pictures, "SIZES", pictures.SIZES[1:])
    monkeypatch.setattr(pictures, "wait_for_data", lambda *_: True)
    people = one.context.people
    stood: list[Standing] = []
    people.changed.connect(lambda: stood.append(people.standing))
    drawn = {file.name for file in pictures.draw_all(one.context, tmp_path, 0, PAGES)}
    assert {"sign-in-night-1280x800.png", "locked-day-1280x800.png"} <= drawn
    until(lambda: Standing.NOBODY in stood and Standing.SIGNED_IN in stood)
