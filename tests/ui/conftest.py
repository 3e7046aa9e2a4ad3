"""A dressed application, and a terminal's window on a session without a car."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout

from core import language
from core.obd import ports
from tests.ui.fake_session import FakeSession
from tests.ui.two_bays import PAGES, Bay, open_bays
from ui import theme, words
from ui.context import Preferences, UiContext
from ui.pages import Command, Page, PageEntry
from ui.pages.registry import ENTRIES
from ui.shell import Shell


class BarePage(Page):
    """Stands where the live page does, and remembers what it was told."""

    def load(self) -> None:
        self.told: list[str] = []
        self.signals_shown: list[str] = []
        QVBoxLayout(self).addWidget(QLabel("bare"))

    def on_shown(self) -> None:
        self.told.append("shown")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_P:
            self.told.append("key P")
        else:
            super().keyPressEvent(event)

    def on_hidden(self) -> None:
        self.told.append("hidden")

    def show_signal(self, key: str) -> bool:
        self.signals_shown.append(key)
        return True

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        return (("paused", lambda: self.told.append("paused")),)

    def commands(self) -> tuple[Command, ...]:
        return (Command("Pause", lambda: self.told.append("paused"), "pause", keys="P"),)


BARE = PageEntry("live", "Live", "live", BarePage)
SETTINGS = next(entry for entry in ENTRIES if entry.name == "settings")


@dataclass
class Desk:
    """What ``app`` would keep: the PIN, the saved preferences, whether the page is open."""

    pin: str = ""
    saved: list[Preferences] = field(default_factory=list)
    lan_calls: list[bool] = field(default_factory=list)
    lan_error: OSError | None = None
    save_error: OSError | None = None

    def save(self, preferences: Preferences) -> None:
        if self.save_error is not None:
            raise self.save_error
        self.saved.append(Preferences(**{name: getattr(preferences, name) for name in Preferences.__slots__}))

    def set_lan(self, on: bool) -> None:
        if self.lan_error is not None:
            raise self.lan_error
        self.lan_calls.append(on)

    def set_pin(self, pin: str) -> None:
        self.pin = pin


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def session() -> FakeSession:
    return FakeSession(20)


@pytest.fixture
def context(session: FakeSession, desk: Desk, tmp_path: Path) -> UiContext:
    return UiContext(
        session,
        terminal_name="Bay 3",
        version="0.1.0",
        home=tmp_path,
        save=desk.save,
        page_addresses=lambda: ("http://192.168.1.20:8420/",),
        set_lan=desk.set_lan,
        has_pin=lambda: bool(desk.pin),
        check_pin=lambda pin: bool(desk.pin) and pin == desk.pin,
        set_pin=desk.set_pin,
    )


@pytest.fixture
def dressed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    monkeypatch.setattr(ports, "list_ports", list)
    theme.use(qapp, "night")
    yield qapp
    language.use("en")
    words.use_units("metric")
    theme.use(qapp, "night")


@pytest.fixture(scope="module", autouse=True)
def _no_window_is_left() -> Iterator[None]:
    """A window that stays makes every later test slower: each change of theme dresses it again."""
    yield
    if QApplication.instance() is not None:
        settle()
        if any(isinstance(each, Shell) for each in QApplication.topLevelWidgets()):
            gc.collect()  # one that only refers to itself is no fault, and this takes its time
            settle()
        left = QApplication.topLevelWidgets()
        for each in left:
            each.deleteLater()
        settle()
        assert not [each for each in left if isinstance(each, Shell)]


@pytest.fixture
def shell(dressed: QApplication, context: UiContext) -> Iterator[Shell]:
    window = Shell(context, (BARE, SETTINGS))
    window.resize(1280, 800)
    window.show()
    settle()
    yield window
    window.end()
    window.deleteLater()
    settle()


@pytest.fixture
def bays(tmp_path: Path) -> Iterator[list[Bay]]:
    made = open_bays(tmp_path, "Bay 1", "Bay 2")
    yield made
    for bay in made:
        bay.records.close()


@pytest.fixture
def one(bays: list[Bay]) -> Bay:
    return bays[0]


@pytest.fixture
def other(bays: list[Bay]) -> Bay:
    return bays[1]


@pytest.fixture
def order(one: Bay, other: Bay) -> str:
    made = one.new_order(complaint="Noise when braking")
    other.meet(one)
    return made.id


@pytest.fixture
def window(request: pytest.FixtureRequest, dressed: QApplication, one: Bay) -> Iterator[Shell]:
    """A window on the first terminal, with the pages that the module names in ``PAGES``."""
    shell = one.window(getattr(request.module, "PAGES", PAGES))
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def settle() -> None:
    """Let everything that was put off happen."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def all_texts(find: Callable[..., list[QLabel]]) -> list[str]:
    """The words of every label that can be seen."""
    return [label.text() for label in find(QLabel) if label.isVisible()]
