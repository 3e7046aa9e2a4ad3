"""A furnished Tuesday, 10:40, and the page Schedule on it."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import settle
from tests.ui.schedule.stage import DAY, clock, furnish_schedule, page, window
from tests.ui.two_bays import Bay, until
from ui import schedule_reading
from ui.pages.schedule import SchedulePage
from ui.pages.schedule_canvas import ScheduleCanvas
from ui.shell import Shell


@pytest.fixture(autouse=True)
def _on_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Tuesday, 10:40."""
    monkeypatch.setattr(schedule_reading, "today", lambda: DAY)
    monkeypatch.setattr(schedule_reading, "now", lambda session: clock(DAY, "10:40"))
    monkeypatch.setattr("core.planning.finding.present", lambda session: clock(DAY, "10:40"))
    monkeypatch.setattr(ScheduleCanvas, "now", lambda self: clock(DAY, "10:40"))


@pytest.fixture
def made(one: Bay) -> dict[str, list[str]]:
    return furnish_schedule(one, DAY)


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    found = window(one)
    settle()
    yield found
    found.end()
    found.deleteLater()
    settle()


@pytest.fixture
def found(made: dict[str, list[str]], shell: Shell) -> SchedulePage:
    shown = page(shell)
    until(lambda: shown.board is not None and shown.canvas.laid is not None, "the day is read")
    settle()
    return shown
