"""Gauges are added and edited beside the running gauges; what cannot work is said in words and nothing is lost."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from core.diagnostics.alarm_rules import AlarmRule, Severity
from core.diagnostics.library import RecordingLibrary
from core.obd.signals import SIGNALS
from tests.core.diagnostics.a_drive import record
from tests.ui.conftest import settle
from tests.ui.live_stage import Garage, Open, beats, garage, ids, opened
from ui import theme
from ui.pages.live import LivePage
from ui.pages.live_limits import NotANumber, parse_number, plain_text
from ui.pages.live_picker import SignalPicker, entries
from ui.widgets import toast
from ui.widgets.gauge_model import Condition, Dress
from ui.widgets.gauge_scale import Zone

__all__ = ["garage", "opened"]  # fixtures


def type_into(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    field.clear()
    QTest.keyClicks(field, text)
    field.editingFinished.emit()
    settle()


def undo_last(page: LivePage) -> None:
    QTest.mouseClick(toast.shown(page.window())[-1].undo, Qt.MouseButton.LeftButton)
    settle()


# --- the list of signals


def test_signals_of_the_car_come_first_then_all_others() -> None:
    found = entries(("vehicle_speed", "engine_speed"), "")
    assert [entry.title for entry in found[:4]] == ["This car offers", "Engine speed", "Vehicle speed", "Other signals"]
    assert len([entry for entry in found if entry.key]) == len(SIGNALS)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("0C", "engine_speed"),
        ("engine spe", "engine_speed"),
        ("coolant", "coolant_temperature"),
        ("°C oil", "oil_temperature"),
    ],
)
def test_signals_are_found_by_name_pid_and_unit(typed: str, first: str) -> None:
    assert next(entry.key for entry in entries((), typed) if entry.key) == first


def test_what_is_not_there_is_said(opened: Open) -> None:
    picker = SignalPicker(("engine_speed",))
    picker.search.setText("flux capacitor")
    assert [entry.key for entry in picker.entries] == [""]
    assert "flux capacitor" in picker.entries[0].title


def test_a_signal_is_found_and_taken_from_the_keyboard_alone(opened: Open) -> None:
    page = opened()
    page.editing.ask_for_new()
    picker = page.editing.drawer.picker
    assert picker is not None
    QTest.keyClicks(picker.search, "oil temp")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    settle()
    assert "oil_temperature" in ids(page)
    assert not page.editing.drawer.isVisible()


def test_a_tap_takes_a_signal_once(opened: Open) -> None:
    page = opened()
    before = len(page.grid.arrangement)
    page.editing.ask_for_new()
    picker = page.editing.drawer.picker
    assert picker is not None
    row = next(n for n, entry in enumerate(picker.entries) if entry.key == "timing_advance")
    index = picker.list.model().index(row, 0)
    picker.list.scrollTo(index)
    QTest.mouseClick(
        picker.list.viewport(), Qt.MouseButton.LeftButton, pos=picker.list.visualRect(index).center() + QPoint(0, 2)
    )
    settle()
    assert len(page.grid.arrangement) == before + 1


# --- properties


def test_the_properties_stand_on_the_side_that_hides_the_gauge_least(opened: Open) -> None:
    page = opened()
    page.editing.edit("g1")
    assert page.editing.drawer.x() > 0
    page.editing.close()
    page.editing.edit("g3")
    assert page.editing.drawer.x() == 0
    assert page.grid.gauges["g3"].geometry().left() > page.editing.drawer.width()


def test_gauges_go_on_running_while_one_is_edited(opened: Open, garage: Garage) -> None:
    page = opened()
    page.editing.edit("g1")
    beats(page, garage, 0.5)
    first = page.grid.gauges["g1"].moment.text
    beats(page, garage, 1.0)
    assert page.grid.gauges["g1"].moment.text != first


def test_dress_unit_and_scale_are_applied_at_once_and_can_be_undone(opened: Open, garage: Garage) -> None:
    page = opened()
    page.editing.edit("g2")
    properties = page.editing.drawer.properties
    properties.dress.buttons[Dress.BAR].click()
    assert page.grid.spec_of("g2").dress is Dress.BAR
    properties.unit.setCurrentIndex(properties.unit.findData("mph"))
    properties.unit.activated.emit(properties.unit.currentIndex())
    assert page.grid.gauges["g2"].measure.unit == "mph"
    type_into(properties.low.field, "10")
    type_into(properties.high.field, "100")
    scale = page.grid.gauges["g2"].scale
    assert scale is not None
    assert (scale.low, scale.high) == pytest.approx((10, 100))
    assert page.grid.spec_of("g2").high == pytest.approx(160.9344), "kept in the signal's own unit"
    for _ in range(4):
        page.grid.undo()
    assert page.grid.spec_of("g2").dress is Dress.DIAL
    assert properties.dress.buttons[Dress.DIAL].isChecked(), "the drawer follows"


@pytest.mark.parametrize(("low", "high", "words"), [("fast", "100", "is not a number"), ("50", "50", "two different")])
def test_a_scale_that_cannot_be_is_refused_in_words(opened: Open, low: str, high: str, words: str) -> None:
    page = opened()
    page.editing.edit("g2")
    properties = page.editing.drawer.properties
    before = page.grid.spec_of("g2")
    type_into(properties.high.field, high)
    type_into(properties.low.field, low)
    assert words in properties.scale_problem.text()
    assert page.grid.spec_of("g2").low == before.low


def test_another_signal_keeps_the_place_and_the_form(opened: Open) -> None:
    page = opened()
    page.editing.edit("g1")
    cells = page.grid.spec_of("g1").cells
    page.editing.drawer.properties.signal.click()
    picker = page.editing.drawer.picker
    assert picker is not None
    QTest.keyClicks(picker.search, "oil temp")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    settle()
    spec = page.grid.spec_of("g1")
    assert (spec.signal, spec.cells, spec.dress) == ("oil_temperature", cells, Dress.DIAL)
    assert page.editing.drawer.editing, "back at the properties"


def test_a_code_has_no_scale_no_unit_and_no_limits_to_edit(opened: Open, garage: Garage) -> None:
    page = opened()
    assert page.editing.add("fuel_system_1_status")
    page.editing.edit(page.grid.arrangement[-1].id)
    properties = page.editing.drawer.properties
    assert not properties.scale.isVisible()
    assert not properties.unit.isVisible()
    assert properties.cards == {}
    assert not properties.dress.buttons[Dress.DIAL].isEnabled()


def test_removing_offers_the_way_back(opened: Open) -> None:
    page = opened()
    page.editing.edit("g1")
    page.editing.drawer.properties.remove.click()
    settle()
    assert "engine_speed" not in ids(page)
    assert not page.editing.drawer.isVisible()
    undo_last(page)
    assert "engine_speed" in ids(page)


def test_escape_closes_the_drawer_and_gives_the_keyboard_back(opened: Open) -> None:
    page = opened()
    page.activateWindow()
    page.editing.edit("g1")
    QTest.keyClick(page.editing.drawer.properties.signal, Qt.Key.Key_Escape)
    assert not page.editing.drawer.isVisible()
    assert page.grid.focused() is page.grid.gauges["g1"]


def test_keys_typed_into_the_drawer_are_not_for_the_gauges(opened: Open) -> None:
    page = opened()
    page.activateWindow()
    page.editing.edit("g1")
    QTest.keyClick(page.editing.drawer.properties.low.field, Qt.Key.Key_P)
    QTest.keyClick(page.editing.drawer.properties.signal, Qt.Key.Key_Delete)
    assert page.view_time is None
    assert "g1" in page.grid.gauges


def test_every_control_of_the_drawer_is_large_enough_for_a_glove(opened: Open) -> None:
    page = opened()
    page.editing.edit("g3")
    settle()
    drawer = page.editing.drawer
    properties = drawer.properties
    controls = [properties.signal, properties.unit, properties.low.field, properties.reset, drawer.cross]
    controls += list(properties.dress.buttons.values())
    assert all(control.height() >= theme.target for control in controls)


# --- limits


def test_a_limit_is_kept_for_the_vehicle_drawn_and_alarmed(opened: Open, garage: Garage) -> None:
    page = opened()
    page.editing.edit("g2")
    card = page.editing.drawer.properties.cards[Severity.WARNING]
    card.switch.click()
    type_into(card.above.field, "50")
    type_into(card.hysteresis.field, "5")
    page.keeping.drain()
    settle()
    rule = garage.profiles.load(garage.car.id).limits["vehicle_speed:warning"]
    assert (rule.above, rule.hysteresis, rule.enabled) == (50.0, 5.0, True)
    assert rule in garage.alarms.rules()
    assert any(zone.start == pytest.approx(50 / 250, abs=0.02) for zone in _zones(page, "g2"))


def _zones(page: LivePage, id: str) -> tuple[Zone, ...]:
    gauge = page.grid.gauges[id]
    assert gauge.scale is not None
    return gauge.scale.zones(gauge.measure.limits(gauge.bounds.limits))


def test_limits_are_typed_in_the_unit_shown(opened: Open, garage: Garage) -> None:
    page = opened()
    page.editing.edit("g2")
    properties = page.editing.drawer.properties
    properties.unit.setCurrentIndex(properties.unit.findData("mph"))
    properties.unit.activated.emit(properties.unit.currentIndex())
    card = properties.cards[Severity.CRITICAL]
    card.switch.click()
    type_into(card.above.field, "62,1371")
    page.keeping.drain()
    rule = garage.profiles.load(garage.car.id).limits["vehicle_speed:critical"]
    assert rule.above == pytest.approx(100.0, abs=1e-3)


@pytest.mark.parametrize(
    ("above", "below", "words"),
    [
        ("hot", "", "is not a number"),
        ("999", "", "can never be reached"),
        ("50", "80", "lower limit must be less"),
        ("", "", "give an upper limit"),
    ],
)
def test_a_limit_that_cannot_work_is_refused_in_words(
    opened: Open, garage: Garage, above: str, below: str, words: str
) -> None:
    page = opened()
    page.editing.edit("g3")
    card = page.editing.drawer.properties.cards[Severity.WARNING]
    card.switch.click()
    type_into(card.below.field, below)
    type_into(card.above.field, above or "100")
    if not above:
        type_into(card.above.field, "")
    assert words in card.problem.text()
    assert card.problem.isVisible()
    page.keeping.drain()
    kept = garage.profiles.load(garage.car.id).limits.get("coolant_temperature:warning")
    assert kept is None or kept.above in (None, 100.0)


def test_a_limit_can_be_switched_off_and_on_again(opened: Open, garage: Garage) -> None:
    page = opened()
    page.editing.edit("g3")
    card = page.editing.drawer.properties.cards[Severity.CRITICAL]
    assert card.switch.isChecked()
    assert card.above.field.text() == "110"
    card.switch.click()
    page.keeping.drain()
    settle()
    assert not garage.profiles.load(garage.car.id).limits["coolant_temperature:critical"].enabled
    assert _zones(page, "g3") == ()
    card.switch.click()
    page.keeping.drain()
    settle()
    assert garage.profiles.load(garage.car.id).limits["coolant_temperature:critical"].enabled
    assert _zones(page, "g3")


def test_reset_brings_back_the_usual_limits_and_offers_the_way_back(opened: Open, garage: Garage) -> None:
    garage.set_rule(AlarmRule("coolant_temperature", Severity.CRITICAL, above=95.0))
    page = opened()
    page.editing.edit("g3")
    page.editing.drawer.properties.reset.click()
    page.keeping.drain()
    settle()
    assert garage.profiles.load(garage.car.id).limits == {}
    assert page.grid.gauges["g3"].bounds.limits.crit_high == 110.0
    undo_last(page)
    page.keeping.drain()
    assert garage.profiles.load(garage.car.id).limits["coolant_temperature:critical"].above == 95.0


def test_a_news_of_limits_does_not_take_what_is_being_typed(opened: Open, garage: Garage) -> None:
    page = opened()
    page.editing.edit("g3")
    field = page.editing.drawer.properties.cards[Severity.CRITICAL].above.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "10")
    garage.set_rule(AlarmRule("engine_load", Severity.WARNING, above=70.0))
    settle()
    assert field.text() == "10"


@pytest.mark.parametrize(
    ("text", "value"), [("110", 110.0), ("110,5", 110.5), ("−7.5", -7.5), (" 1 200 ", 1200.0), ("", None)]
)
def test_numbers_are_read_as_people_type_them(text: str, value: float | None) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["fast", "1.2.3", "nan", "inf", "--4"])
def test_what_is_no_number_is_said(text: str) -> None:
    with pytest.raises(NotANumber, match="is not a number"):
        parse_number(text)


def test_numbers_in_fields_are_short_and_exact() -> None:
    assert [plain_text(value, 3) for value in (110.0, 11.5, 0.125, None)] == ["110", "11.5", "0.125", ""]


# --- recordings


def test_a_recording_plays_on_the_same_page_and_the_car_comes_back(
    opened: Open, garage: Garage, tmp_path: Path
) -> None:
    recorded = record(tmp_path)
    page = opened()
    playback = RecordingLibrary(tmp_path).open(recorded)
    page.play(playback)
    assert page.toolbar.playing
    assert page.source is playback
    playback.pause()
    playback.seek(5.0)
    beats(page, garage, 0.2)
    gauge = page.grid.gauges["g1"]
    reading = playback.signals.latest("engine_speed")
    assert reading is not None
    assert gauge.moment.text == f"{reading.value:.0f}"
    assert gauge.moment.condition is Condition.LIVE
    playback.seek(1.0)
    beats(page, garage, 0.2)
    earlier = playback.signals.latest("engine_speed")
    assert earlier is not None
    assert gauge.moment.text == f"{earlier.value:.0f}"
    page.toolbar.playback.live_asked.emit()
    beats(page, garage, 0.2)
    assert not page.toolbar.playing
    latest = garage.signals.latest("engine_speed")
    assert latest is not None
    QApplication.processEvents()
    assert abs(float(gauge.moment.text) - latest.value) < 200
