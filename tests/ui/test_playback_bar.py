"""A recording is played, held, sped up, searched and taken along from one bar; the trends show where one is in it."""

import math
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core import language
from core.diagnostics.export import Exported, ExportError
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.playback import Playback
from tests.core.diagnostics.a_drive import drive, record
from tests.ui.fake_session import FakeSession
from tests.ui.trend_stage import Stage
from ui import theme
from ui.context import UiContext
from ui.widgets import recordings_export, toast
from ui.widgets.dialogs import sheets
from ui.widgets.playback_bar import PlaybackBar
from ui.widgets.recordings_export import Progress


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def library(home: Path) -> RecordingLibrary:
    return RecordingLibrary(home)


@pytest.fixture(scope="module")
def values_only(home: Path) -> str:
    return record(home, list(drive(60)))


@pytest.fixture(scope="module")
def with_frames(home: Path) -> str:
    return record(home, list(drive(5, can=True)))


class Bar:
    """A shown bar with a recording that is moved by hand."""

    def __init__(self, qtbot: QtBot, home: Path, library: RecordingLibrary, playback: Playback) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if not app.styleSheet():
            theme.use(app, "night")
        session = FakeSession()
        session.recordings = library
        self.context = UiContext(session=session, home=home)
        self.playback = playback
        self.bar = PlaybackBar(self.context)
        qtbot.addWidget(self.bar)
        self.bar.resize(1300, 70)
        self.bar.show()
        self.bar._timer.stop()
        self.bar.set_playback(playback)


@pytest.fixture
def stage(qtbot: QtBot, home: Path, library: RecordingLibrary, values_only: str) -> Iterator[Bar]:
    with library.open(values_only, by_hand=True) as playback:
        yield Bar(qtbot, home, library, playback)


@pytest.fixture
def can_stage(qtbot: QtBot, home: Path, library: RecordingLibrary, with_frames: str) -> Iterator[Bar]:
    with library.open(with_frames, by_hand=True) as playback:
        yield Bar(qtbot, home, library, playback)


def test_it_says_which_recording_and_where_in_it(stage: Bar) -> None:
    stage.playback.seek(12.0)
    stage.bar.look()
    assert stage.bar.vehicle.text() == "Accord"
    assert stage.bar.position.text() == "00:12 / 01:00"
    assert stage.bar.track.at == 12
    assert stage.bar.track.words(12.0).endswith("+00:12")


def test_playing_and_holding(stage: Bar) -> None:
    stage.bar.play.click()
    assert stage.playback.playing
    assert stage.bar.play.accessibleName() == "Pause"
    QTest.keyClick(stage.bar.track, Qt.Key.Key_Space)
    assert not stage.playback.playing
    assert stage.bar.play.accessibleName() == "Play"


@pytest.mark.parametrize(("words", "speed"), [("0.25×", 0.25), ("1×", 1.0), ("16×", 16.0), ("max", math.inf)])
def test_speeds(stage: Bar, words: str, speed: float) -> None:
    at = stage.bar.speed.findText(words)
    stage.bar.speed.setCurrentIndex(at)
    stage.bar.speed.activated.emit(at)
    assert stage.playback.speed == speed


def test_faster_and_slower_by_key(stage: Bar) -> None:
    QTest.keyClick(stage.bar, Qt.Key.Key_Plus)
    assert stage.playback.speed == 2
    for _ in range(9):
        QTest.keyClick(stage.bar, Qt.Key.Key_Minus)
    assert stage.playback.speed == 0.25


def test_going_anywhere(stage: Bar) -> None:
    moved: list[float] = []
    stage.bar.moved.connect(moved.append)
    track = stage.bar.track
    QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=track.rect().center())
    assert stage.playback.position == pytest.approx(30, abs=0.5)
    QTest.keyClick(track, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert stage.playback.position == pytest.approx(40, abs=0.5)
    QTest.keyClick(track, Qt.Key.Key_Home)
    assert stage.playback.position == 0
    assert moved[-1] == 0


def test_back_to_the_car(stage: Bar) -> None:
    asked = []
    stage.bar.live_asked.connect(lambda: asked.append(1))
    stage.bar.live.click()
    assert asked == [1]


def test_alarms_of_the_whole_recording_are_marked(stage: Bar, qtbot: QtBot) -> None:
    stage.playback.seek(stage.playback.duration)
    stage.playback.seek(0)  # it is decoded now, and the position is at the start

    def marked() -> bool:
        stage.bar.look()
        return bool(stage.bar.track.alarms)

    qtbot.waitUntil(marked, timeout=5000)
    (mark,) = stage.bar.track.alarms
    assert mark.severity == "critical"
    assert mark.words == "Coolant temperature over 110 °C"
    assert 30 < mark.t < 34  # 80 °C and a degree more each second, and it must have held for a moment


def test_everything_one_touches_is_large_enough(stage: Bar) -> None:
    bar = stage.bar
    for widget in (bar.play, bar.track, bar.speed, bar.export, bar.live):
        assert widget.height() >= theme.target


# --- taking it along


def exported(job: object, qtbot: QtBot) -> Path | None:
    assert isinstance(job, recordings_export.Export)
    with qtbot.waitSignal(job.ended, timeout=10_000) as ended:
        pass
    assert ended.args is not None
    found = ended.args[0]
    assert found is None or isinstance(found, Path)
    return found


def test_in_kiosk_mode_it_goes_into_the_data_folder_and_says_where(stage: Bar, home: Path, qtbot: QtBot) -> None:
    stage.context.preferences.kiosk = True
    path = exported(stage.bar.export_as("csv"), qtbot)
    again = exported(stage.bar.export_as("csv"), qtbot)
    assert path is not None
    assert again is not None
    assert path.parent == home / "exports"
    assert path.name.startswith("Accord 20")
    assert again.stem == f"{path.stem} (2)"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("time [s],")
    assert "engine_speed [rpm]" in header
    assert str(path) in toast.shown(stage.bar.window())[0].findChildren(type(stage.bar.clock))[1].text()


def test_elsewhere_a_person_is_asked(stage: Bar, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(anchor: object, proposed: Path, kind: str) -> Path:
        asked.append(proposed.name)
        return tmp_path / "mine"

    monkeypatch.setattr(recordings_export, "ask", ask)
    assert exported(stage.bar.export_as("csv"), qtbot) == tmp_path / "mine.csv"
    assert asked[0].endswith(".csv")


def test_frames_are_offered_only_where_there_are_any(stage: Bar, can_stage: Bar, qtbot: QtBot) -> None:
    can_stage.bar.export.click()
    menu = can_stage.bar.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Values as CSV", "CAN frames as ASC", "CAN frames as BLF"]
    menu.close()


def test_frames_as_asc(can_stage: Bar, qtbot: QtBot) -> None:
    can_stage.context.preferences.kiosk = True
    path = exported(can_stage.bar.export_as("asc"), qtbot)
    assert path is not None
    assert "7E0" in path.read_text(encoding="utf-8").upper()


def test_what_takes_long_shows_how_far_it_is_and_can_be_cancelled(
    stage: Bar, home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings_export, "SHOW_AFTER_MS", 5)

    def slow(id: str, path: Path, progress: Progress) -> Exported:
        for step in range(10_000):
            progress(step / 10_000)
            time.sleep(0.002)
        return Exported(1)

    stage.context.preferences.kiosk = True
    stage.bar._exporters = {"csv": slow}
    job = stage.bar.export_as("csv")
    assert job is not None
    window = stage.bar.window()
    qtbot.waitUntil(lambda: bool(sheets(window)), timeout=3000)
    with qtbot.waitSignal(job.ended, timeout=5000) as ended:
        job._cancel()
    assert ended.args == [None]
    assert not sheets(window)


def test_what_went_wrong_is_said(stage: Bar, qtbot: QtBot) -> None:
    def broken(id: str, path: Path, progress: Progress) -> Exported:
        raise ExportError("The disk is full.")

    stage.context.preferences.kiosk = True
    stage.bar._exporters = {"csv": broken}
    assert exported(stage.bar.export_as("csv"), qtbot) is None
    assert toast.shown(stage.bar.window())[-1].accessibleName() == "Nothing was exported"


# --- the trends of a recording


def test_trends_show_the_whole_recording_with_the_position_in_it(
    qtbot: QtBot, library: RecordingLibrary, values_only: str
) -> None:
    stage = Stage(qtbot)
    with library.open(values_only, by_hand=True) as playback:
        playback.seek(playback.duration)
        playback.seek(playback.duration / 2)
        stage.panel.set_source(playback)
        stage.panel.time_window.set_length(None)
        stage.add(("engine_load",))
        width = stage.panel.canvas.places.plot
        drawn = stage.columns_with("trace_1")
        assert len(drawn) == pytest.approx(width / 2, rel=0.1)
        assert max(drawn) <= width / 2 + 5  # what comes after the position is there, but veiled
        line = stage.panel.model.strips[0].lines[0]
        assert line.history.last == pytest.approx(playback.duration, abs=0.2)
        assert stage.panel.time_window.bounds == (0, playback.duration)
        assert stage.panel.time_window.playhead == playback.duration / 2


def test_what_lies_after_the_end_of_a_recording_is_no_silence_of_the_car(
    qtbot: QtBot, library: RecordingLibrary, values_only: str
) -> None:
    stage = Stage(qtbot)
    with library.open(values_only, by_hand=True) as playback:
        playback.seek(playback.duration)
        playback.seek(1.0)
        stage.panel.set_source(playback)
        stage.panel.time_window.set_length(300.0)  # five times what there is
        stage.add(("engine_load",))
        figures = stage.panel.model.strips[0].lines[0].figures
        assert figures is not None
        assert figures.answered > 0.95


@pytest.mark.parametrize("tongue", ["en", "de"])
@pytest.mark.parametrize("width", [560, 760, 1000, 1300])
def test_nothing_in_the_bar_is_cut_and_the_track_stays_long_enough_to_aim_on(
    stage: Bar, qtbot: QtBot, width: int, tongue: str
) -> None:
    before = language.current()
    language.use(tongue)
    try:
        bar = PlaybackBar(stage.context)
    finally:
        language.use(before)
    qtbot.addWidget(bar)
    bar.resize(width, 70)
    bar.show()
    QApplication.processEvents()
    for button in (bar.export, bar.live):
        assert button.width() >= button.sizeHint().width()
        assert button.toolTip()
    assert bar.track.width() >= 140


def test_dragging_the_trends_of_a_recording_goes_there(
    qtbot: QtBot, library: RecordingLibrary, values_only: str
) -> None:
    stage = Stage(qtbot)
    told: list[object] = []
    stage.panel.view_time_changed.connect(told.append)
    with library.open(values_only, by_hand=True) as playback:
        playback.seek(30.0)
        stage.panel.set_source(playback)
        stage.panel.time_window.set_length(10.0)
        stage.add(("engine_load",))
        stage.panel.time_window.pan(-5)
        assert playback.position == pytest.approx(25)
        assert told == []
        stage.frame()
        assert stage.panel.time_window.bounds == pytest.approx((20, 30))
