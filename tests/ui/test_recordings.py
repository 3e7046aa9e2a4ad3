"""The recordings of this terminal: newest first, opened, checked, taken along, and deleted only when nobody minds."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.diagnostics.library import Recorded, RecordingLibrary, Usage
from core.diagnostics.playback import Playback
from core.diagnostics.session import SessionMeta
from core.diagnostics.verification import Report
from core.language import use
from tests.core.diagnostics.a_drive import META, drive, record
from tests.ui.fake_session import FakeSession
from ui import theme
from ui.context import UiContext
from ui.widgets import recordings_deletion, toast
from ui.widgets.recordings_drawer import PAGE, RecordingsDrawer
from ui.widgets.recordings_row import report_words, signal_words, size_words


class Stage:
    """A window with the recordings of ``home`` in a drawer."""

    def __init__(self, qtbot: QtBot, library: object, home: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if not app.styleSheet():
            theme.use(app, "night")
        session = FakeSession()
        session.recordings = library
        self.context = UiContext(session=session, home=home)
        self.window = QWidget()
        self.window.resize(1280, 800)
        qtbot.addWidget(self.window)
        self.window.show()
        self.qtbot = qtbot

    def open(self) -> RecordingsDrawer:
        drawer = RecordingsDrawer(self.window, self.context)
        drawer.open()
        return drawer

    def loaded(self) -> RecordingsDrawer:
        drawer = self.open()
        self.qtbot.waitUntil(lambda: bool(drawer.rows) or drawer.empty.isVisible(), timeout=5000)
        return drawer


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Stage:
    record(tmp_path, list(drive(3)), meta=SessionMeta(vehicle="Golf"))
    record(tmp_path, list(drive(4, can=True)), meta=META)
    return Stage(qtbot, RecordingLibrary(tmp_path), tmp_path)


def ids(library: RecordingLibrary) -> list[str]:
    return [each.id for each in library.list()]


def test_the_list_says_vehicle_time_length_size_and_signals(stage: Stage) -> None:
    drawer = stage.loaded()
    by_name = {row.recorded.vehicle: row for row in drawer.rows}
    assert set(by_name) == {"Golf", "Accord"}
    assert "2,4" not in by_name["Golf"].facts.text()
    assert "CAN frames" in by_name["Accord"].facts.text()
    assert "kB" in by_name["Golf"].facts.text()
    assert "Golf" in by_name["Golf"].accessibleName()
    assert drawer.summary.text().startswith("2 recordings")


def test_the_newest_is_first(stage: Stage) -> None:
    drawer = stage.loaded()
    assert [row.recorded.id for row in drawer.rows] == ids(stage.context.session.recordings)


def test_an_empty_list_teaches_how_recordings_come_to_be(qtbot: QtBot, tmp_path: Path) -> None:
    drawer = Stage(qtbot, RecordingLibrary(tmp_path), tmp_path).loaded()
    assert drawer.empty.isVisible()
    assert drawer.rows == []


def test_opening_gives_a_playback_and_goes_away(stage: Stage, qtbot: QtBot) -> None:
    drawer = stage.loaded()
    id = drawer.rows[0].recorded.id
    opened: list[Playback] = []
    drawer.opened.connect(opened.append)
    with qtbot.waitSignal(drawer.closed, timeout=5000):
        drawer.rows[0].open.click()
    (playback,) = opened
    assert playback.index.id == id
    playback.close()


def test_what_opens_after_one_has_gone_is_closed_again(qtbot: QtBot, tmp_path: Path) -> None:
    record(tmp_path, list(drive(1)))
    library = RecordingLibrary(tmp_path)
    go, closed = threading.Event(), threading.Event()

    class Slow(RecordingLibrary):
        def open(self, id: str, *, by_hand: bool = False) -> Playback:
            go.wait(5)
            playback = library.open(id, by_hand=True)
            playback.close = closed.set  # type: ignore[method-assign]
            return playback

    stage = Stage(qtbot, Slow(tmp_path), tmp_path)
    drawer = stage.loaded()
    drawer.rows[0].open.click()
    drawer.close_sheet()
    go.set()
    qtbot.waitUntil(closed.is_set, timeout=5000)


def test_checking_says_that_it_is_as_recorded(stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    row = stage.loaded().rows[0]
    library, go_on = stage.context.session.recordings, threading.Event()
    really = library.verify
    monkeypatch.setattr(library, "verify", lambda id: go_on.wait(5) and really(id))
    row.verify_asked.emit()
    qtbot.waitUntil(row.busy.isVisible, timeout=5000)
    assert not row.open.isEnabled()
    go_on.set()
    qtbot.waitUntil(row.open.isEnabled, timeout=5000)
    assert row.result.text().startswith("✓ As recorded")


def test_checking_finds_a_changed_byte(stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    drawer = stage.loaded()
    row = next(row for row in drawer.rows if row.recorded.vehicle == "Golf")
    sha256 = stage.context.session.recordings.session(row.recorded.id).chunks[0].sha256
    chunk = next(
        path for path in (tmp_path / "files").rglob("*") if path.is_file() and sha256 in "".join(path.parts[-3:])
    )
    data = bytearray(chunk.read_bytes())
    data[len(data) // 2] ^= 1
    chunk.chmod(0o644)
    chunk.write_bytes(data)
    row.verify_asked.emit()
    qtbot.waitUntil(row.open.isEnabled, timeout=5000)
    assert row.result.text().startswith("⚠ Not as recorded")


def test_deleting_can_be_taken_back(stage: Stage, qtbot: QtBot) -> None:
    drawer = stage.loaded()
    library = stage.context.session.recordings
    before = ids(library)
    drawer.rows[0].delete_asked.emit()
    qtbot.waitUntil(lambda: len(drawer.rows) == 1, timeout=5000)
    assert ids(library) == before
    toast.shown(stage.window)[-1].undo.click()
    qtbot.waitUntil(lambda: len(drawer.rows) == 2, timeout=5000)
    qtbot.wait(50)
    assert ids(library) == before


def test_deleted_is_deleted_when_the_message_has_gone(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toast, "SECONDS", 0.05)
    monkeypatch.setattr(recordings_deletion, "GRACE_S", 0.05)
    drawer = stage.loaded()
    library = stage.context.session.recordings
    gone = drawer.rows[0].recorded.id
    drawer.rows[0].delete_asked.emit()
    drawer.close_sheet()  # which neither hastens nor forgets it
    qtbot.waitUntil(lambda: gone not in ids(library), timeout=5000)
    assert len(ids(library)) == 1


def test_a_list_opened_meanwhile_does_not_show_it(stage: Stage, qtbot: QtBot) -> None:
    drawer = stage.loaded()
    drawer.rows[0].delete_asked.emit()
    drawer.close_sheet()
    again = stage.loaded()
    assert len(again.rows) == 1


def test_what_is_being_recorded_cannot_be_deleted(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(qtbot, Listed((entry("a", running=True),)), tmp_path)
    row = stage.loaded().rows[0]
    menu = row.menu()
    by_text = {action.text(): action for action in menu.actions()}
    assert not by_text["Delete"].isEnabled()
    assert row.facts.text().startswith("being recorded")
    assert "CAN frames as BLF" not in by_text


def test_a_long_list_comes_by_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    many = tuple(entry(f"{n:03}") for n in range(2 * PAGE + 3))
    drawer = Stage(qtbot, Listed(many), tmp_path).loaded()
    assert len(drawer.rows) == PAGE
    drawer.more.click()
    drawer.more.click()
    assert len(drawer.rows) == len(many)
    assert not drawer.more.isVisible()


def test_a_slow_disk_is_said(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.widgets.recordings_drawer.SLOW_MS", 20)
    go = threading.Event()
    drawer = Stage(qtbot, Listed((entry("a"),), wait=lambda: go.wait(5)), tmp_path).open()
    qtbot.waitUntil(drawer.waiting.isVisible, timeout=3000)
    go.set()
    qtbot.waitUntil(lambda: bool(drawer.rows), timeout=3000)
    assert not drawer.waiting.isVisible()


def test_a_disk_that_refuses_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    def refuse() -> None:
        raise OSError(5, "Input/output error")

    drawer = Stage(qtbot, Listed((), wait=refuse), tmp_path).open()
    qtbot.waitUntil(drawer.summary.isVisible, timeout=3000)
    assert "Input/output error" in drawer.summary.text()


def test_everything_one_touches_is_large_enough(stage: Stage) -> None:
    row = stage.loaded().rows[0]
    assert row.open.height() >= theme.target
    assert row.more.height() >= theme.target


# --- words


def test_sizes_are_those_of_a_disk() -> None:
    assert size_words(0) == "0 kB"
    assert size_words(300) == "1 kB"
    assert size_words(812_400) == "812 kB"
    assert size_words(41_300_000) == "41.3 MB"
    use("de")
    assert size_words(2_100_000_000) == "2,1 GB"
    use("en")


def test_many_signals_are_counted() -> None:
    assert signal_words(("engine_speed", "vehicle_speed")) == "Engine speed, Vehicle speed"
    assert signal_words(("engine_speed",) * 9).endswith("5 more")
    assert signal_words(()) == "No signals"


def test_a_report_names_what_differs() -> None:
    report = Report("a", 3, 100, 90, 2, (), ("Part 2 of 3: it was changed.",))
    assert report_words(report) == "⚠ Not as recorded: Part 2 of 3: it was changed. 2 of 90 values differ."


# --- a library that only lists


class Listed:
    def __init__(self, recordings: tuple[Recorded, ...], wait: Callable[[], object] = lambda: None) -> None:
        self._recordings, self._wait = recordings, wait

    def list(self) -> tuple[Recorded, ...]:
        self._wait()
        return self._recordings

    def usage(self) -> Usage:
        return Usage(0, {}, 10**9)


def entry(id: str, running: bool = False) -> Recorded:
    return Recorded(
        id, "Golf", "", datetime(2026, 9, 21, 14, 2, tzinfo=UTC), 95.0, 40_000, ("engine_speed",), running, 0
    )
