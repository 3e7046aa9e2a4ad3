"""A Live page over a car that keeps its profile on a disk: what the page's tests share."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.diagnostics.alarm_rules import AlarmRule, rules_with
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.live import ProfileChanged
from core.diagnostics.profiles import ProfileStore, VehicleProfile
from tests.ui.conftest import settle
from tests.ui.fake_session import CONNECTED, FakeSession
from ui import theme
from ui.context import UiContext
from ui.pages.live import LivePage

WAIT_S = 5.0


class Garage(FakeSession):
    """A session that keeps profiles on a disk, as the real one does."""

    def __init__(self, home: Path, seconds: float = 5.0) -> None:
        super().__init__(seconds)
        self.profiles = ProfileStore(home)
        self.recordings = RecordingLibrary(home)
        self.car = self.profiles.for_vin(CONNECTED.vin)
        self.offers = super().available()

    def available(self) -> tuple[str, ...]:
        return self.offers

    def edit_profile(self, edit: Callable[[VehicleProfile], None]) -> None:
        self.car = self.profiles.change(self.car.id, edit)
        self.alarms.set_rules(rules_with(self.car.limits))
        self.tell(ProfileChanged(self.car))

    def set_rule(self, rule: AlarmRule) -> None:
        self.edit_profile(lambda profile: profile.limits.update({rule.id: rule}))

    def reset_rules(self, signal: str) -> None:
        def forget(profile: VehicleProfile) -> None:
            for key in [key for key, rule in profile.limits.items() if rule.signal == signal]:
                del profile.limits[key]

        self.edit_profile(forget)

    def arrive(self, vin: str) -> None:
        """Another car is plugged in."""
        self.car = self.profiles.for_vin(vin)
        self.tell(ProfileChanged(self.car))


@pytest.fixture
def garage(tmp_path: Path) -> Garage:
    return Garage(tmp_path)


Open = Callable[[], LivePage]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, garage: Garage) -> Iterator[Open]:
    if not qapp.styleSheet() or theme.current() != "night":
        theme.use(qapp, "night")
    pages: list[LivePage] = []

    def build() -> LivePage:
        page = LivePage(UiContext(garage))
        qtbot.addWidget(page)
        page.load()
        page.keeping.wait = 20
        page.resize(1280, 760)
        page.show()
        page.on_shown()
        settle()
        pages.append(page)
        return page

    yield build
    for page in pages:
        page.on_hidden()


def kept(garage: Garage, until: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
    """The layout as it lies on the disk, once it is as wanted."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        settle()
        for file in (garage.profiles._folder).glob(f"{garage.car.id}.json"):
            layout: dict[str, Any] = json.loads(file.read_bytes()).get("layout", {})
            if until(layout):
                return layout
        time.sleep(0.01)
    raise AssertionError("nothing was kept")


_frames = itertools.count(1)


def beats(page: LivePage, garage: FakeSession, seconds: float) -> None:
    """Let the car drive and the frames come, ahead of the frame clock's own beats."""
    begin = time.monotonic()
    for _ in range(round(seconds * 60)):
        garage.advance(1 / 60)
        page.beat(begin + next(_frames) / 60)
    settle()


def ids(page: LivePage) -> set[str]:
    return {spec.signal for spec in page.grid.arrangement}
