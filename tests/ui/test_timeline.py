"""The session as one stretch of time: hold it, go back in it, return to now; alarms and silence are marked on it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.obd.store import Signals
from tests.ui.fake_session import SHAPES, START, FakeSession
from ui import theme
from ui.context import UiContext
from ui.widgets.timeline import Timeline
from ui.widgets.timeline_gaps import Silence
from ui.widgets.timeline_track import AlarmMark

LEFT = Qt.MouseButton.LeftButton


class Stage:
    def __init__(self, qtbot: QtBot) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if not app.styleSheet():
            theme.use(app, "night")
        self.session = FakeSession(200)
        self.marks: list[AlarmMark] = []
        self.timeline = Timeline(UiContext(session=self.session), lambda: tuple(self.marks))
        self.told: list[float | None] = []
        self.timeline.view_time_changed.connect(self.told.append)
        qtbot.addWidget(self.timeline)
        self.timeline.resize(1100, 70)
        self.timeline.show()
        self.timeline._timer.stop()
        self.track = self.timeline.track

    def spot(self, t: float) -> QPoint:
        return QPoint(round(self.track.x_of(t)), 26)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.track, key, modifier)


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def test_it_spans_the_session_and_follows_now(stage: Stage) -> None:
    assert (stage.track.start, stage.track.end) == (START, START + 200)
    stage.session.advance(50)
    stage.timeline.look()
    assert stage.track.at == START + 250
    assert stage.timeline.ago.text() == "live"


def test_a_tap_goes_back_and_the_button_returns_to_now(stage: Stage) -> None:
    QTest.mouseClick(stage.track, LEFT, pos=stage.spot(START + 67))
    assert stage.told[-1] == pytest.approx(START + 67, abs=0.5)
    assert not stage.timeline.live
    assert stage.timeline.ago.text() == "−02:13"
    assert stage.timeline.hold.accessibleName() == "Live"
    stage.timeline.hold.click()
    assert stage.told[-1] is None
    assert stage.timeline.hold.accessibleName() == "Pause"


def test_held_the_handle_stays_while_the_session_grows(stage: Stage) -> None:
    stage.timeline.hold.click()
    assert stage.told == [START + 200]
    stage.session.advance(100)
    stage.timeline.look()
    assert (stage.track.at, stage.track.end) == (START + 200, START + 300)


def test_the_handle_is_dragged_and_let_go_at_the_end_to_follow_again(stage: Stage) -> None:
    QTest.mousePress(stage.track, LEFT, pos=stage.spot(START + 100))
    QTest.mouseMove(stage.track, stage.spot(START + 150))
    assert stage.told[-1] == pytest.approx(START + 150, abs=0.5)
    QTest.mouseMove(stage.track, stage.spot(START + 200))
    QTest.mouseRelease(stage.track, LEFT, pos=stage.spot(START + 200))
    assert stage.told[-1] is None


def test_by_keyboard(stage: Stage) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    stage.key(Qt.Key.Key_Space)
    assert stage.told[-1] == START + 200
    stage.key(Qt.Key.Key_Left)
    assert stage.told[-1] == START + 199
    stage.key(Qt.Key.Key_Left, shift)
    assert stage.told[-1] == START + 189
    stage.key(Qt.Key.Key_Right)
    assert stage.told[-1] == START + 190
    stage.key(Qt.Key.Key_Home)
    assert stage.told[-1] == START
    stage.key(Qt.Key.Key_End)
    assert stage.told[-1] is None
    stage.key(Qt.Key.Key_Left, shift)
    stage.key(Qt.Key.Key_Space)
    assert stage.told[-1] is None


def test_buttons_step_ten_seconds_for_a_glove(stage: Stage) -> None:
    stage.timeline.back.click()
    stage.timeline.back.click()
    stage.timeline.on.click()
    assert stage.told == [START + 190, START + 180, START + 190]


def test_another_widget_looks_elsewhere(stage: Stage) -> None:
    stage.timeline.set_view_time(START + 50)
    assert stage.track.at == START + 50
    assert stage.told == []


def test_near_an_alarm_one_means_the_alarm(stage: Stage) -> None:
    stage.marks.append(AlarmMark(START + 83.25, "critical", "Coolant over 110 °C"))
    stage.timeline.look()
    QTest.mouseClick(stage.track, LEFT, pos=stage.spot(START + 83.25) + QPoint(5, 0))
    assert stage.told[-1] == START + 83.25


def test_alarms_of_the_session_are_marked_by_themselves(qtbot: QtBot) -> None:
    session = FakeSession(60)
    alarm = session.overheat()
    timeline = Timeline(UiContext(session=session))
    qtbot.addWidget(timeline)
    timeline.look()
    assert [(mark.t, mark.severity) for mark in timeline.track.alarms] == [(alarm.raised_at, "critical")]


def test_alarm_shapes_differ_without_their_colour(stage: Stage) -> None:
    def picture(severity: str) -> object:
        stage.marks[:] = [AlarmMark(START + 100, severity)]
        stage.timeline.look()
        x = round(stage.track.x_of(START + 100))
        image = stage.track.grab().toImage().copy(x - 9, 0, 19, 22)
        ground = theme.color("surface").name()
        return [[image.pixelColor(i, j).name() == ground for i in range(19)] for j in range(22)]

    assert picture("warning") != picture("critical")


def test_a_screen_reader_hears_where_it_is(stage: Stage) -> None:
    stage.timeline.set_view_time(START + 80)
    assert stage.track.value() == 80
    assert stage.track.maximum() == 200
    assert stage.track.accessibleDescription().endswith("−02:00")


def test_everything_one_touches_is_large_enough(stage: Stage) -> None:
    for widget in (stage.timeline.hold, stage.timeline.back, stage.timeline.on, stage.track):
        assert widget.height() >= theme.target


def test_hidden_it_does_not_look(stage: Stage) -> None:
    stage.timeline.show()
    stage.timeline._timer.start()
    stage.timeline.hide()
    assert not stage.timeline._timer.isActive()


# --- silence


def test_silence_is_where_no_signal_at_all_came() -> None:
    session, silence = FakeSession(20), Silence()
    silence.look(session.signals)
    session.silent |= set(SHAPES)
    session.advance(10)
    assert len(silence.until(session.now())) == 1
    session.silent.clear()
    session.silent.add("engine_speed")  # one silent signal is not a silent car
    session.advance(20)
    silence.look(session.signals)
    (gap,) = silence.until(session.now())
    assert gap[0] == pytest.approx(START + 20, abs=0.2)
    assert gap[1] == pytest.approx(START + 30, abs=0.2)


def test_piece_by_piece_it_finds_what_it_would_find_at_once() -> None:
    def drive(look: Silence | None) -> FakeSession:
        session = FakeSession(5)
        for n in range(40):
            session.silent = set(SHAPES) if n % 7 == 3 else set()
            session.advance(2.7)
            if look:
                look.look(session.signals)
        return session

    grown, whole = Silence(), Silence()
    drive(grown)
    whole.look(drive(None).signals)
    assert grown.gaps == whole.gaps
    assert len(whole.gaps) == 6


def test_another_session_begins_anew() -> None:
    silence = Silence()
    first = Signals()
    for t in (1000.0, 1001.0, 1010.0):
        first.write("engine_speed", t, 1.0, "7E8")
    silence.look(first)
    assert silence.gaps == [(1001, 1010)]
    first.clear()
    first.write("engine_speed", 5.0, 1.0, "7E8")
    silence.look(first)
    assert silence.gaps == []
