"""The Live page: gauges that come back with the vehicle, time that can be held, a car asked for what is seen."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from core.diagnostics.alarm_rules import AlarmRule
from core.diagnostics.profiles import VehicleProfile
from core.obd.status import LinkState, Trouble
from core.obd.store import Signals
from tests.ui.conftest import settle
from tests.ui.fake_session import CONNECTED, SHAPES, FakeSession
from tests.ui.live_stage import Garage, Open, beats, garage, ids, kept, opened
from ui.pages import live_notice
from ui.pages.live_layout import default_gauges, from_json
from ui.widgets import toast
from ui.widgets.gauge_model import Cells, Condition, Dress, GaugeSpec

__all__ = ["garage", "opened"]  # fixtures


# --- what is shown first


def test_a_new_car_gets_gauges_made_of_what_it_offers(opened: Open, garage: Garage) -> None:
    page = opened()
    assert {"engine_speed", "vehicle_speed", "coolant_temperature", "engine_load"} <= ids(page)
    assert ids(page) <= set(garage.available())
    assert page.layout_now().trends


def test_a_car_that_lacks_the_usual_gets_other_gauges(garage: Garage) -> None:
    electric = ("vehicle_speed", "hybrid_battery_charge", "ambient_air_temperature", "accelerator_pedal_position_d")
    gauges = default_gauges(electric)
    assert {spec.signal for spec in gauges} == set(electric)
    assert not any(a.cells.overlaps(b.cells) for n, a in enumerate(gauges) for b in gauges[n + 1 :])


def test_before_the_car_has_said_what_it_offers_the_usual_is_shown_and_then_replaced(
    opened: Open, garage: Garage
) -> None:
    offers, garage.offers = garage.offers, ()
    page = opened()
    assert "engine_speed" in ids(page)
    assert "control_module_voltage" in ids(page)
    garage.offers = offers
    beats(page, garage, 1.0)
    assert ids(page) <= set(offers)


def test_nothing_is_written_before_a_person_changes_something(opened: Open, garage: Garage) -> None:
    page = opened()
    beats(page, garage, 1.0)
    page.on_hidden()
    assert garage.profiles.load(garage.car.id).layout == {}


# --- keeping


def test_what_a_person_arranges_comes_back_at_the_next_start(opened: Open, garage: Garage) -> None:
    page = opened()
    moved = page.grid.arrangement[-1].id
    page.grid.put(moved, Cells(9, 4, 3, 4))
    page.grid.remove("g2")
    layout = kept(garage, lambda found: bool(found) and len(found["gauges"]) == len(page.grid.arrangement))
    assert from_json(layout).gauges == page.grid.arrangement
    before = page.grid.arrangement
    page.on_hidden()
    again = opened()
    assert again.grid.arrangement == before
    assert again.grid.gauges["g1"].geometry() == again.grid.rect_of(again.grid.spec_of("g1").cells)


def test_leaving_the_page_keeps_what_was_changed_a_moment_ago(opened: Open, garage: Garage) -> None:
    page = opened()
    page.grid.remove("g1")
    page.on_hidden()
    assert len(garage.profiles.load(garage.car.id).layout["gauges"]) == len(page.grid.arrangement)


def test_our_own_saving_does_not_come_back_as_news(opened: Open, garage: Garage) -> None:
    page = opened()
    page.grid.remove("g1")
    kept(garage)
    settle()
    page.grid.remove("g2")
    settle()
    assert page.grid.can_undo
    assert ids(page).isdisjoint({"engine_speed", "vehicle_speed"})


def test_each_vehicle_has_its_own_layout(opened: Open, garage: Garage) -> None:
    page = opened()
    first = garage.car.id
    page.grid.remove("g1")
    mine = page.grid.arrangement
    garage.arrive("WVWZZZ1KZAW000001")
    settle()
    assert "engine_speed" in ids(page), "a car nobody arranged yet"
    assert len(garage.profiles.load(first).layout["gauges"]) == len(mine), "the first car's was kept on the way out"
    page.grid.remove("g2")
    kept(garage)
    garage.arrive(CONNECTED.vin)
    settle()
    assert page.grid.arrangement == mine


def test_a_layout_saved_late_never_lands_in_another_vehicle(opened: Open, garage: Garage) -> None:
    page = opened()
    page.grid.remove("g1")
    garage.car = garage.profiles.for_vin("WVWZZZ1KZAW000001")  # changed before the page has heard of it
    page.keeping.flush()
    assert garage.profiles.load(garage.car.id).layout == {}
    assert garage.profiles.load("vin-" + CONNECTED.vin).layout["gauges"]


@pytest.mark.parametrize(
    "damaged",
    [
        {"version": 99, "gauges": []},
        {"version": 1},
        {"version": 1, "gauges": [{"id": "a", "signal": "engine_speed", "dress": "hologram", "cells": [0, 0, 3, 3]}]},
        {"version": 1, "gauges": [{"id": "a", "signal": "engine_speed", "dress": "dial", "cells": "wide"}]},
        {"version": 1, "gauges": "none"},
    ],
)
def test_a_damaged_layout_gives_the_usual_one_and_is_kept(
    opened: Open, garage: Garage, damaged: dict[str, Any]
) -> None:
    garage.car.layout = damaged
    page = opened()
    assert "engine_speed" in ids(page)
    assert any("could not be read" in message.accessibleName() for message in toast.shown(page.window()))
    page.grid.remove("g1")
    assert kept(garage)["set_aside"] == damaged


def test_overlapping_gauges_of_a_layout_are_moved_apart(opened: Open, garage: Garage) -> None:
    gauge = {"signal": "engine_speed", "dress": "dial", "cells": [0, 0, 4, 6]}
    garage.car.layout = {"version": 1, "gauges": [{"id": "a", **gauge}, {"id": "b", **gauge}], "trends": {}}
    page = opened()
    a, b = (spec.cells for spec in page.grid.arrangement)
    assert not a.overlaps(b)


def test_a_disk_that_refuses_is_said_and_the_screen_stays(opened: Open, garage: Garage) -> None:
    page = opened()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    garage.edit_profile = refuse  # type: ignore[assignment,method-assign]
    page.grid.remove("g1")
    page.keeping.flush()
    settle()
    assert "engine_speed" not in ids(page)
    assert toast.shown(page.window())


def test_a_gauge_the_car_lacks_stays_and_says_so(opened: Open, garage: Garage) -> None:
    gauge = {"id": "a", "signal": "oil_temperature", "dress": "dial", "cells": [0, 0, 4, 6]}
    garage.car.layout = {"version": 1, "gauges": [gauge], "trends": {"shown": False}}
    page = opened()
    beats(page, garage, 1.0)
    assert page.grid.gauges["a"].moment.condition is Condition.NOT_OFFERED
    assert page.trends.isHidden()


# --- asking the car


def test_the_car_is_asked_for_what_is_in_sight_and_for_nothing_when_hidden(opened: Open, garage: Garage) -> None:
    page = opened()
    wants = garage.wants["screen"]
    assert ids(page) <= set(wants)
    assert wants["engine_speed"] == 10
    assert all(hz >= 1.0 for hz in wants.values()), "else a gauge would be grey between two answers"
    page.grid.remove("g1")
    page.show_trends(False)
    assert "engine_speed" not in garage.wants["screen"]
    page.show_trends(True)
    assert "engine_speed" in garage.wants["screen"], "the trend still shows it"
    page.on_hidden()
    assert "screen" not in garage.wants
    page.on_shown()
    assert "engine_speed" in garage.wants["screen"]


def test_a_signal_of_a_second_control_unit_is_asked_for_by_its_name(opened: Open, garage: Garage) -> None:
    page = opened()
    page.grid.add(GaugeSpec("x", "coolant_temperature@7E9", Dress.NUMBER, Cells(0, 0, 2, 2)))
    assert "coolant_temperature" in garage.wants["screen"]
    assert not any("@" in name for name in garage.wants["screen"])


def test_frames_come_only_while_the_page_is_in_front(opened: Open) -> None:
    page = opened()
    assert page.clock.running
    page.on_hidden()
    page.hide()
    assert not page.clock.running


# --- time


def test_pausing_holds_every_gauge_and_says_when(opened: Open, garage: Garage) -> None:
    page = opened()
    beats(page, garage, 2.0)
    page.toggle_pause()
    beats(page, garage, 0.1)
    held = {id: gauge.moment.text for id, gauge in page.grid.gauges.items()}
    beats(page, garage, 3.0)
    assert {id: gauge.moment.text for id, gauge in page.grid.gauges.items()} == held
    assert page.badge.words.startswith("paused at ")
    assert page.badge.isVisible()
    page.toggle_pause()
    beats(page, garage, 0.5)
    assert page.grid.gauges["g1"].moment.text != held["g1"]
    assert not page.badge.isVisible()


def test_the_trends_the_timeline_and_the_gauges_show_one_moment(opened: Open, garage: Garage) -> None:
    page = opened()
    beats(page, garage, 2.0)
    moment = garage.now() - 1.5
    page.trends.view_time_changed.emit(moment)
    beats(page, garage, 0.1)
    assert page.view_time == moment
    assert not page.toolbar.timeline.live
    _, values = garage.signals.window("engine_speed", moment - 2, moment)
    assert page.grid.gauges["g1"].moment.text == f"{values[-1]:.0f}"
    page.toolbar.timeline.toggle()
    assert page.view_time is None
    assert page.trends.time_window.live


def test_another_source_takes_the_cars_place_and_gives_it_back(opened: Open, garage: Garage, tmp_path: Path) -> None:
    page = opened()
    other = FakeSession(1.0)
    other.car = VehicleProfile("vin-OTHER", "OTHER", "Other")
    other.silent.add("engine_speed")
    other.measure("engine_speed", 4321.0)
    page.set_source(other)
    beats(page, other, 0.2)
    assert page.grid.gauges["g1"].moment.text == "4321"
    assert "screen" not in garage.wants, "the car is not asked for what nobody sees"
    page.set_source(garage)
    beats(page, garage, 0.3)
    assert page.grid.gauges["g1"].moment.text != "4321"
    assert "engine_speed" in garage.wants["screen"]


# --- limits


def test_the_vehicles_own_limits_are_drawn(opened: Open, garage: Garage) -> None:
    page = opened()
    garage.set_rule(AlarmRule("vehicle_speed", "warning", above=50.0))  # type: ignore[arg-type]
    settle()
    beats(page, garage, 0.2)
    found = next(rule for rule in page.grid.rules if rule.signal == "vehicle_speed")
    assert found.above == 50.0
    assert page.grid.can_undo is False, "limits are no step of arranging"


# --- without a car


def test_without_an_adapter_the_next_step_is_said(
    opened: Open, garage: Garage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_notice, "GRACE_S", 0.0)
    garage.become(state=LinkState.NO_ADAPTER, trouble=Trouble.NO_ADDRESS, address="")
    page = opened()
    beats(page, garage, 0.1)
    assert page.notice.isVisible()
    assert "Connect" in page.notice.button.accessibleName()
    garage.become(state=LinkState.CONNECTED, trouble=Trouble.NONE, address="tcp://127.0.0.1:35000")
    beats(page, garage, 1.0)
    assert not page.notice.isVisible()


def test_a_link_that_comes_back_by_itself_moves_nothing(opened: Open, garage: Garage) -> None:
    page = opened()
    before = page.body.geometry()
    garage.become(state=LinkState.NO_ADAPTER, trouble=Trouble.ADAPTER_SILENT)
    beats(page, garage, 1.0)
    assert page.notice.isHidden()
    assert page.body.geometry() == before


def never_a_car(garage: Garage) -> None:
    garage.silent.update(SHAPES)
    garage.signals = Signals()


def test_before_there_is_any_car_the_page_says_how_to_connect_one(opened: Open, garage: Garage) -> None:
    never_a_car(garage)
    garage.become(state=LinkState.NO_ADAPTER, trouble=Trouble.NO_ADDRESS, address="")
    page = opened()
    beats(page, garage, 0.1)
    assert page.welcome.isVisible()
    assert not page.body.isVisible()
    assert not page.toolbar.isVisible()
    assert not page.notice.isVisible(), "the next step is said once"
    page.welcome.gauges.click()
    assert page.body.isVisible()
    assert page.toolbar.isVisible()
    assert page.notice.isVisible()


def test_adding_a_gauge_in_advance_shows_where_it_goes(opened: Open, garage: Garage) -> None:
    never_a_car(garage)
    garage.become(state=LinkState.NO_ADAPTER, trouble=Trouble.NO_ADDRESS, address="")
    page = opened()
    QTest.keyClick(page, Qt.Key.Key_Plus)
    assert page.body.isVisible()
    assert page.editing.drawer.isVisible()


def test_the_grip_stays_on_the_divider_whoever_moves_it(opened: Open) -> None:
    page = opened()
    page.trends.setMinimumHeight(page.trends.height() + 60)
    settle()
    line = page.splitter.line
    assert abs(page.splitter.grip.geometry().center().y() - line) < 16


def test_over_the_on_screen_keyboard_the_gauges_keep_their_size_and_the_trends_yield(opened: Open) -> None:
    page = opened()
    page.resize(1280, 727)
    settle()
    before = page.grid.height()
    page.resize(1280, 451)  # an 800 px window with the keyboard up
    settle()
    assert page.trends.isHidden()
    assert page.grid.height() > before * 0.9
    assert page.layout_now().trends, "the choice to see trends is kept"
    page.resize(1280, 727)
    settle()
    assert page.trends.isVisible()
    assert page.grid.height() == before


# --- keys and search


def test_keys_reach_everything(opened: Open, garage: Garage) -> None:
    page = opened()
    page.activateWindow()
    page.grid.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(page.grid, Qt.Key.Key_Pause)
    assert page.view_time is not None
    QTest.keyClick(page.grid, Qt.Key.Key_P, control)
    assert page.view_time is None
    QTest.keyClick(page.grid, Qt.Key.Key_G, control)
    assert page.grid.arranging
    QTest.keyClick(page.grid, Qt.Key.Key_T, control)
    assert page.trends.isHidden()
    QTest.keyClick(page.grid, Qt.Key.Key_Insert)
    assert page.editing.drawer.picker is not None


@pytest.mark.parametrize("letter", ["P", "G", "T", "W", "1"])
def test_letters_are_left_to_the_search_and_the_barcode_scanner(opened: Open, letter: str) -> None:
    page = opened()
    page.activateWindow()
    before = (page.view_time, page.grid.arranging, page.trends.isHidden(), page.grid.arrangement)
    page.grid.gauges["g1"].setFocus()
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(letter)), Qt.KeyboardModifier.NoModifier, letter)
    page.keyPressEvent(event)
    assert not event.isAccepted(), "the window gets it"
    QTest.keyClicks(page.grid.gauges["g1"], letter)
    assert (page.view_time, page.grid.arranging, page.trends.isHidden(), page.grid.arrangement) == before


def test_the_search_box_brings_a_signal_into_view(opened: Open) -> None:
    page = opened()
    page.activateWindow()
    assert page.show_signal("vehicle_speed")
    focused = page.grid.focused()
    assert focused is not None
    assert focused.spec.signal == "vehicle_speed"
    page.grid.remove("g3")
    assert page.show_signal("coolant_temperature")
    assert "coolant_temperature" in ids(page)


def test_its_commands_can_all_be_run(opened: Open) -> None:
    page = opened()
    for command in page.commands():
        assert command.title
        command.run()
        settle()


def test_the_divider_moves_by_key_and_its_place_is_kept(opened: Open, garage: Garage) -> None:
    page = opened()
    before = page.trends.height()
    page.splitter.grip.setFocus()
    for _ in range(3):
        QTest.keyClick(page.splitter.grip, Qt.Key.Key_Up)
    settle()
    assert page.trends.height() > before
    assert kept(garage)["trends"]["share"] > 0.38
    assert min(page.splitter.grip.width(), page.splitter.grip.height()) >= 44
