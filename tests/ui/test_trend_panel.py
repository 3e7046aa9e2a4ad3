"""The panel draws what came, breaks where nothing came, and costs nothing while nobody looks."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core.diagnostics.alarm_rules import AlarmRule, Severity
from tests.ui.trend_stage import Stage
from ui import theme
from ui.widgets import toast
from ui.widgets.dialogs import sheets
from ui.widgets.trend_chooser import TrendChooser
from ui.widgets.trend_menu import strip_menu


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def same(one: QImage, other: QImage) -> bool:
    return bool(one == other)


def test_empty_it_teaches_the_next_step(stage: Stage) -> None:
    assert stage.panel.empty.isVisible()
    assert not stage.panel.canvas.isVisible()
    stage.panel.empty.add.click()
    assert isinstance(sheets(stage.panel.window())[-1], TrendChooser)


def test_a_line_is_drawn_over_the_whole_window(stage: Stage) -> None:
    stage.add(("engine_load",))
    width = stage.panel.canvas.places.plot
    assert len(stage.columns_with("trace_1")) > 0.97 * width


def test_where_nothing_came_for_more_than_two_seconds_there_is_no_line(stage: Stage) -> None:
    stage.add(("engine_load",))
    stage.session.silent.add("engine_load")
    stage.frame(15)
    stage.session.silent.clear()
    stage.frame(15).frame()
    width = stage.panel.canvas.places.plot
    drawn = stage.columns_with("trace_1")
    gap = [x for x in range(width - 16) if x not in drawn]  # the mark at the end is drawn over its last columns
    assert max(gap) - min(gap) + 1 == len(gap)  # one gap ...
    assert len(gap) == pytest.approx(width * 15 / 60, rel=0.05)  # ... of a quarter of a minute ...
    assert min(gap) == pytest.approx(width * 30 / 60, abs=10)  # ... half a minute ago


def test_drawn_piece_by_piece_it_is_what_drawing_it_at_once_would_be(qtbot: QtBot) -> None:
    grown, whole = Stage(qtbot, seconds=30), Stage(qtbot, seconds=30)
    for each in (grown, whole):
        each.panel.time_window.set_length(30.0)
        each.add(("engine_speed", "vehicle_speed"))
    for _ in range(40):
        grown.frame(0.37)
    for _ in range(40):
        whole.session.advance(0.37)
    whole.frame()
    for each in (grown, whole):
        each.panel.fit()
        each.frame()
    whole.panel.model.strips[0].look_again()
    whole.frame()
    assert same(grown.picture(), whole.picture())


def test_limits_are_lines_with_words(stage: Stage) -> None:
    stage.session.car.limits["a"] = AlarmRule("engine_load", Severity.WARNING, above=60.0)
    stage.add(("engine_load",))
    before = stage.columns_with("warning")
    assert len(before) > 0.5 * stage.panel.canvas.places.plot


def test_the_header_says_the_value_and_the_figures_of_what_is_in_sight(stage: Stage) -> None:
    stage.add(("engine_load",))
    words = stage.panel.headers[0].words[0]
    times, values = stage.session.signals.window("engine_load", stage.session.now() - 60, stage.session.now())
    assert words.value == f"{values[-1]:.1f}"
    assert (words.low, words.high) == (f"{values.min():.1f}", f"{values.max():.1f}")
    assert float(words.mean) == pytest.approx(values.mean(), abs=0.5)
    assert words.gaps == ""
    assert stage.panel.headers[0].accessibleName().startswith("Engine load")
    assert times.size > 500


def test_figures_own_up_to_gaps(stage: Stage) -> None:
    stage.add(("engine_load",))
    stage.session.silent.add("engine_load")
    stage.frame(15)
    stage.session.silent.clear()
    stage.frame(1)
    assert stage.panel.headers[0].words[0].gaps == "25 % no answer"


def test_a_value_that_does_not_come_any_more_is_not_shown_as_one(stage: Stage) -> None:
    stage.add(("engine_load",))
    stage.session.silent.add("engine_load")
    stage.frame(5)
    words = stage.panel.headers[0].words[0]
    assert words.stale
    assert words.unit == ""
    assert words.value == "−00:05"


def test_hidden_it_hears_no_beat(stage: Stage) -> None:
    stage.add(("engine_load",))
    assert len(stage.clock.listeners) == 1
    stage.panel.hide()
    assert stage.clock.listeners == []


def test_held_nothing_is_drawn_however_much_comes(stage: Stage) -> None:
    stage.add(("engine_load",))
    stage.panel.set_view_time(stage.session.now() - 5)
    stage.frame()
    before, view = stage.picture(), stage.panel.canvas.view
    stage.frame(20)
    assert stage.panel.canvas.view == view
    assert same(stage.picture(), before)
    assert stage.panel.model.strips[0].lines[0].history.last < stage.session.now() - 15  # type: ignore[operator]


def test_beats_faster_than_thirty_a_second_are_passed_over(stage: Stage) -> None:
    stage.add(("engine_load",))
    stage.session.advance(1)
    view = stage.panel.canvas.view
    stage.panel.beat(stage.at + 0.01)
    assert stage.panel.canvas.view == view


def test_both_themes_without_starting_anew(stage: Stage) -> None:
    stage.add(("engine_load",))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    night = stage.columns_with("trace_1")
    theme.use(app, "day")
    stage.frame()
    day = stage.columns_with("trace_1")
    assert len(day) > 0.9 * len(night)
    theme.use(app, "night")


def test_a_new_signal_is_fitted(stage: Stage) -> None:
    stage.add(("engine_speed",))
    span = stage.panel.model.strips[0].scales["engine_speed rpm"].span
    values = stage.session.signals.window("engine_speed", 0, 1e9)[1]
    assert span.low <= values.min()
    assert span.high >= values.max()
    assert span.size < 2 * (values.max() - values.min())


def test_a_layout_comes_back_as_json(stage: Stage, qtbot: QtBot) -> None:
    stage.add(("engine_speed", "vehicle_speed"), ("engine_load",))
    stage.panel.time_window.set_length(300.0)
    kept = json.loads(json.dumps(stage.panel.state()))
    other = Stage(qtbot)
    other.panel.restore(kept)
    assert other.panel.state() == kept
    other.panel.restore({"length": "x", "strips": 3})
    assert other.panel.model.strips == []


def test_removing_offers_the_way_back(stage: Stage) -> None:
    stage.add(("engine_speed",), ("engine_load",))
    changes = []
    stage.panel.changed.connect(lambda: changes.append(1))
    stage.panel.remove(stage.panel.model.strips[0].id)
    assert [strip.keys for strip in stage.panel.model.strips] == [("engine_load",)]
    toast.shown(stage.panel.window())[-1].undo.click()
    assert [strip.keys for strip in stage.panel.model.strips] == [("engine_speed",), ("engine_load",)]
    assert len(changes) == 2


def test_what_is_needed_is_said(stage: Stage) -> None:
    told = []
    stage.panel.wants_changed.connect(lambda: told.append(dict(stage.panel.wants())))
    stage.add(("engine_speed",))
    assert told[-1] == {"engine_speed": 10.0}


def test_a_signal_is_found_by_typing_and_added_with_return(stage: Stage, qtbot: QtBot) -> None:
    stage.panel.choose()
    sheet = sheets(stage.panel.window())[-1]
    assert isinstance(sheet, TrendChooser)
    QTest.keyClicks(sheet.search, "coolant")
    QTest.keyClick(sheet.search, Qt.Key.Key_Return)
    assert [strip.keys for strip in stage.panel.model.strips] == [("coolant_temperature",)]


def test_a_signal_is_found_by_its_pid(stage: Stage, qtbot: QtBot) -> None:
    stage.panel.choose()
    sheet = sheets(stage.panel.window())[-1]
    assert isinstance(sheet, TrendChooser)
    QTest.keyClicks(sheet.search, "0C")
    assert [sheet.list.item(n).text().split("  ")[0] for n in range(sheet.list.count())] == ["Engine speed"]
    QTest.keyClicks(sheet.search, "zzz")
    assert sheet.nothing.isVisible()
    sheet.close_sheet()


def test_a_page_may_bring_its_own_picker(stage: Stage) -> None:
    asked: list[tuple[str, ...]] = []

    def picker(title: str, shown: tuple[str, ...], chosen: object) -> None:
        asked.append((title, *shown))
        assert callable(chosen)
        chosen("engine_load")

    stage.panel.set_picker(picker)
    stage.add(("engine_speed",))
    stage.panel.choose(stage.panel.model.strips[0].id)
    assert asked == [("Add to this trend", "engine_speed")]
    assert stage.panel.model.strips[0].keys == ("engine_speed", "engine_load")


def words_of(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_the_menu_of_a_trend(stage: Stage) -> None:
    stage.add(("coolant_temperature", "intake_air_temperature"), ("engine_load",))
    menu = strip_menu(stage.panel, stage.panel.model.strips[0].id)
    assert words_of(menu) == [
        "Fit",
        "Add a signal to this trend",
        "One scale for the same unit",
        "Move up",
        "Move down",
        "Remove Coolant temperature",
        "Remove Intake air temperature",
        "Remove this trend",
    ]
    by_text = {action.text(): action for action in menu.actions()}
    assert not by_text["Move up"].isEnabled()
    by_text["One scale for the same unit"].trigger()
    by_text["Move down"].trigger()
    by_text["Remove Coolant temperature"].trigger()
    assert [strip.keys for strip in stage.panel.model.strips] == [("engine_load",), ("intake_air_temperature",)]
    assert stage.panel.model.strips[1].shared


def test_headers_are_buttons_for_hand_and_keyboard(stage: Stage, qtbot: QtBot) -> None:
    stage.add(("engine_speed",), ("engine_load",))
    header = stage.panel.headers[0]
    assert header.height() >= theme.target
    QTest.keyClick(header, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert [strip.keys for strip in stage.panel.model.strips] == [("engine_load",), ("engine_speed",)]
    assert stage.panel.headers[1].strip.keys == ("engine_speed",)


def test_everything_one_touches_is_large_enough(stage: Stage) -> None:
    stage.add(("engine_speed",), ("engine_load",))
    bar = stage.panel.toolbar
    for widget in (bar.measure, bar.fit, bar.add, bar.lengths):
        assert widget.height() >= theme.target
    assert all(header.height() >= theme.target for header in stage.panel.headers)


def test_in_little_room_the_strips_scroll_instead_of_shrinking_to_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, height=360).add(*[("engine_speed",)] * 6)
    assert min(header.height() for header in stage.panel.headers) >= theme.target
    assert stage.panel._body.height() > stage.panel._area.viewport().height()


def test_there_is_an_end_and_it_is_said(stage: Stage) -> None:
    for _ in range(9):
        stage.panel.add("engine_speed")
    assert len(stage.panel.model.strips) == 8
    assert "no room" in toast.shown(stage.panel.window())[-1].accessibleName()
