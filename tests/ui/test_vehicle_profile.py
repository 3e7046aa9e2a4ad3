"""A vehicle's profile: its head warns and asks, its tabs read when they are first opened, and write with a way back."""

import time
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from core import language
from core.planning.appointments import change_appointment, create_appointment
from core.vehicles.features import list_features
from core.vehicles.insurances import list_insurances
from core.vehicles.odometer import add_reading
from core.vehicles.owners import list_owners
from core.vehicles.vehicles import change_vehicle, get_vehicle
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.recommendations import create_recommendation, open_recommendations
from tests.ui.conftest import all_texts, settle
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import change, opened, page, parked
from ui import vehicle_words, vehicles_reading
from ui.pages.customer_sheet import CustomerSheet
from ui.pages.papers_preview import PaperSheet
from ui.pages.registry import ENTRIES
from ui.pages.schedule_booking import BookingSheet
from ui.pages.vehicles_belongings import FeaturesTab, PapersTab
from ui.pages.vehicles_health import AdviceTab, RecordingsTab
from ui.pages.vehicles_overview import OverviewTab
from ui.pages.vehicles_past import HistoryTab, OdometerTab, OwnersTab
from ui.pages.vehicles_profile import Note, VehicleProfile
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.buttons import Button

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("vehicles", "orders", "schedule"))
GOLF = "HH AB 123"


@pytest.fixture
def cars(one: Bay) -> dict[str, str]:
    return parked(one)


def test_a_visit_is_ahead_only_while_the_vehicle_is_still_expected(one: Bay, cars: dict[str, str]) -> None:
    golf, later = cars[GOLF], round(time.time() * 1000) + 3_600_000
    order = change(one, create_repair_order, {"vehicle_id": golf, "complaint": "Brakes grind"}).id
    visit = change(one, create_appointment, {"order_id": order, "vehicle_id": golf, "starts_at": later}).id

    def ahead() -> int | None:
        return vehicles_reading.read_profile(one.records, golf).next_visit

    assert ahead() == later
    for status in ("ready", "delivered"):
        change(one, change_repair_order, order, {"status": status})
        assert ahead() is None, f"the order is {status}"
    after = later + 7 * 86_400_000
    second = change(one, create_appointment, {"vehicle_id": golf, "starts_at": after}).id
    assert ahead() == after, "a later visit of its own is not hidden by it"
    for status in ("arrived", "cancelled", "missed"):
        change(one, change_appointment, second, {"status": status})
        assert ahead() is None, f"the visit is {status}"
    change(one, change_appointment, second, {"status": "confirmed"})
    change(one, change_appointment, visit, {"order_id": None})
    assert ahead() == later, "about no order at all"


def odometer(bay: Bay, row: str) -> int | None:
    with bay.records.read() as session:
        return get_vehicle(session, row).odometer_km


def take_back(shell: Shell) -> None:
    until(lambda: any(each.undo is not None for each in toast.shown(shell)), "there is a way back")
    next(each for each in toast.shown(shell) if each.undo is not None).undo.click()


# --- the head


def test_the_head_says_whose_it_is_and_how_far_it_was_driven(window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars[GOLF])
    assert profile.plate.text() == "HH AB 123 · Volkswagen Golf"
    assert profile.about.text() == "Anna Berg · 2019 · Petrol"
    assert profile.odometer.text() == "68,400 km"
    assert profile.tabs.tabs["history"].caption() == "1 visit"


def test_what_is_due_is_said_with_a_shape_and_words(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    change(one, change_vehicle, cars[GOLF], {"inspection_due": "2020-03-31"})
    profile = opened(window, cars[GOLF])
    said = [text for note in profile._notes if isinstance(note, Note) for text in all_texts(note.findChildren)]
    assert said == ["Inspection overdue since 31 Mar 2020"]
    assert profile.tabs.tabs["papers"].caption() == "something is due"


def test_an_order_under_way_is_opened_from_the_head(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    order = one.new_order(vehicle_id=cars[GOLF], complaint="Tyres")
    profile = opened(window, cars[GOLF])
    button = next(each for each in profile._notes if isinstance(each, Button))
    assert order.number is not None
    assert order.number in button.text()
    button.click()
    until(lambda: window.content.current == "orders", "its page is in front")


@pytest.mark.parametrize(("keep", "km"), [(True, 12_000), (False, 68_400)])
def test_a_value_nobody_believes_is_asked_about_and_decided_by_one_press(
    one: Bay, window: Shell, cars: dict[str, str], keep: bool, km: int
) -> None:
    change(one, add_reading, {"vehicle_id": cars[GOLF], "value": 12_000})
    profile = opened(window, cars[GOLF])
    until(lambda: profile.held is not None, "it is asked about")
    assert profile.held is not None
    assert "12,000 km" in profile.held.words.text()
    assert odometer(one, cars[GOLF]) == 68_400
    (profile.held.keep if keep else profile.held.drop).click()
    until(lambda: profile.held is None, "it is decided")
    assert odometer(one, cars[GOLF]) == km


def test_a_new_order_is_of_this_vehicle_and_its_customer(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars[GOLF])
    profile.order.click()
    until(lambda: window.content.current == "orders", "the new order is in front")
    editor = window.content.pages["orders"].editor  # type: ignore[attr-defined]
    until(lambda: editor.row, "it is open")
    made = one.order(editor.row)
    assert (made.vehicle_id, made.customer_name) == (cars[GOLF], "Anna Berg")


def test_it_is_booked_in_with_its_plate_in_the_sheet(window: Shell, cars: dict[str, str]) -> None:
    opened(window, cars[GOLF]).visit.click()
    until(lambda: any(isinstance(each, BookingSheet) for each in dialogs.sheets(window)), "the sheet is open")
    sheet = next(each for each in dialogs.sheets(window) if isinstance(each, BookingSheet))
    assert sheet.vehicle.text() == GOLF


# --- tabs


def test_tabs_are_built_when_they_are_first_opened(window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars[GOLF])
    assert set(profile.tab_widgets) == {"overview"}
    profile.tabs.tabs["history"].click()
    assert set(profile.tab_widgets) == {"overview", "history"}


def test_every_tab_of_a_vehicle_without_anything_teaches(window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars["F QR 314"])
    for name in ("history", "odometer", "owners", "installed", "papers", "features", "advice", "inspections",
                 "recordings"):  # fmt: skip
        profile.open_tab(name)
        tab = profile.tab_widgets[name]
        until(partial(teaches, tab), f"{name} teaches")


def teaches(tab: QWidget) -> bool:
    """Whether there is a sentence that says how something comes to be here."""
    return any(len(each.text()) > 30 for each in tab.findChildren(QLabel) if each.isVisible())


def test_the_history_opens_the_order_and_is_printed(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars[GOLF], "history")
    tab = profile.tab("history")
    assert isinstance(tab, HistoryTab)
    until(lambda: len(tab.visits.lines) == 1, "the visit is there")
    assert "Brakes grind" in tab.visits.lines[0].title
    tab.print.click()
    until(lambda: any(isinstance(each, PaperSheet) for each in dialogs.sheets(window)), "the paper lies over it")
    dialogs.close_all(window)
    tab.visits.lines[0].click()
    until(lambda: window.content.current == "orders", "the order is in front")


def test_a_reading_is_written_on_the_pad_and_an_unbelievable_one_is_held(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    profile = opened(window, cars[GOLF], "odometer")
    tab = profile.tab("odometer")
    assert isinstance(tab, OdometerTab)
    until(lambda: len(tab.list.lines) == 1, "the first reading is there")
    time.sleep(0.005)  # the next one is of a later millisecond
    tab.new.click()
    assert any(isinstance(each, AmountSheet) for each in dialogs.sheets(window))
    dialogs.close_all(window)
    tab._write(68_450)
    until(lambda: odometer(one, cars[GOLF]) == 68_450, "it is written")
    until(lambda: len(tab.list.lines) == 2, "both are there")
    assert tab.list.lines[0].right_below == "+50"
    tab._write(6_845)
    until(lambda: profile.held is not None, "it is asked about")
    assert odometer(one, cars[GOLF]) == 68_450


def test_who_had_it_before_is_known(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    with one.records.read() as session:
        bakery = get_vehicle(session, cars["S TU 2024"]).customer_id
    change(one, change_vehicle, cars[GOLF], {"customer_id": bakery})
    tab = opened(window, cars[GOLF], "owners").tab("owners")
    assert isinstance(tab, OwnersTab)
    until(lambda: len(tab.list.lines) == 2, "both are there")
    assert [line.title for line in tab.list.lines] == ["Three Sheaves Bakery", "Anna Berg"]
    assert tab.list.lines[0].right_below == "Has it now"
    with one.records.read() as session:
        assert len(list_owners(session, cars[GOLF])) == 2
    tab.list.lines[0].click()
    until(page(window).chips.isVisible, "their vehicles are shown")


def test_an_insurance_is_typed_and_taken_away_with_a_way_back(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    tab = opened(window, cars[GOLF], "papers").tab("papers")
    assert isinstance(tab, PapersTab)
    sheet = tab.open_insurance(None)
    QTest.keyClicks(sheet.form.fields["company"], "Nordstern")
    QTest.keyClicks(sheet.form.fields["valid_until"], "31.12.2030")
    sheet.keep.click()
    until(lambda: len(tab.lists["insurances"].lines) == 1, "it is there")
    assert tab.lists["insurances"].lines[0].right_below == "until 31 Dec 2030"
    tab.lists["insurances"].lines[0].click()
    until(lambda: dialogs.sheets(window), "it is open")
    dialogs.sheets(window)[-1].drop.click()  # type: ignore[attr-defined]
    until(lambda: not tab.lists["insurances"].lines, "it is gone")
    take_back(window)
    until(lambda: len(tab.lists["insurances"].lines) == 1, "it is back")
    with one.records.read() as session:
        assert [each.company for each in list_insurances(session, cars[GOLF])] == ["Nordstern"]


def test_a_due_day_is_set_where_it_is_read(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    tab = opened(window, cars[GOLF], "papers").tab("papers")
    assert isinstance(tab, PapersTab)
    until(lambda: len(tab.due_list.lines) == 2, "both are there")
    tab.due_list.lines[0].click()
    sheet = dialogs.sheets(window)[-1]
    QTest.keyClicks(sheet.form.fields["inspection_due"], "2031-05-01")  # type: ignore[attr-defined]
    sheet.keep.click()  # type: ignore[attr-defined]
    until(lambda: tab.due_list.lines[0].right == "1 May 2031", "it is shown")


def test_features_are_given_by_a_press_and_pressed_away(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    tab = opened(window, cars[GOLF], "features").tab("features")
    assert isinstance(tab, FeaturesTab)
    until(lambda: "Tow bar" in tab.offers, "what others have is offered")
    tab.offers["Tow bar"].click()
    until(lambda: tab.buttons, "it has it")
    next(iter(tab.buttons.values())).click()
    until(lambda: not tab.buttons, "it has it no more")
    take_back(window)
    until(lambda: tab.buttons, "it is back")
    with one.records.read() as session:
        assert [each.name for each in list_features(session, cars[GOLF])] == ["Tow bar"]


def test_advice_that_is_due_comes_first_and_can_be_let_go(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    for words, day in (("Timing belt", "2031-01-01"), ("Brake fluid", "2020-01-01")):
        change(one, create_recommendation, {"vehicle_id": cars[GOLF], "description": words, "due_on": day})
    profile = opened(window, cars[GOLF], "advice")
    tab = profile.tab("advice")
    assert isinstance(tab, AdviceTab)
    until(lambda: [line.title for line in tab.list.lines] == ["Brake fluid", "Timing belt"], "what is due is first")
    assert profile.tabs.tabs["advice"].caption() == "2 open"
    tab.list.lines[0].click()
    dialogs.sheets(window)[-1].dismiss.click()  # type: ignore[attr-defined]
    until(lambda: [line.title for line in tab.list.lines] == ["Timing belt"], "it is let go")
    with one.records.read() as session:
        assert len(open_recommendations(session, cars[GOLF])) == 1


def test_recordings_are_those_with_its_vin(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    def recorded(vin: str) -> object:
        return SimpleNamespace(
            id=vin, vin=vin, started=datetime(2026, 9, 1, 8, tzinfo=UTC), duration=125.0, signals=("a", "b"),
            running=False,
        )  # fmt: skip

    one.context.session.recordings = SimpleNamespace(
        list=lambda: (recorded("WVWZZZAUZKW123456"), recorded("ANOTHER")), all=lambda: ()
    )
    tab = opened(window, cars[GOLF], "recordings").tab("recordings")
    assert isinstance(tab, RecordingsTab)
    until(lambda: len(tab.list.lines) == 1, "its own is there, and no other")
    assert (tab.list.lines[0].below, tab.list.lines[0].right) == ("2 signals", "2:05")


def test_what_is_known_is_edited_and_only_what_changed_is_written(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    tab = opened(window, cars[GOLF]).tab("overview")
    assert isinstance(tab, OverviewTab)
    sheet = tab.open_edit()
    assert sheet is not None
    QTest.keyClicks(sheet.form.fields["color"], "blue")
    until(lambda: sheet._offered, "the fleets are offered")
    assert sheet.given() == {"color": "blue"}
    sheet.keep.click()
    until(lambda: "blue" in all_texts(tab.findChildren), "it is shown")


def test_how_to_reach_the_owner_is_put_right_where_they_are_shown(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    def keep(field: str, value: str) -> None:
        until(lambda: any(isinstance(each, CustomerSheet) for each in dialogs.sheets(window)), "the sheet is open")
        sheet = next(each for each in dialogs.sheets(window) if isinstance(each, CustomerSheet))
        sheet.texts[field].setText(value)
        sheet.keep.click()
        until(lambda: sheet not in dialogs.sheets(window), "it is kept")

    profile = opened(window, cars[GOLF])
    tab = profile.tab("overview")
    assert isinstance(tab, OverviewTab)
    tab.edit_customer.click()
    keep("phone", "0171 88")
    until(lambda: "0171 88" in all_texts(tab.findChildren), "the card shows it")
    found = page(window)
    assert not found.whose.isVisible(), "the list is not about one customer"
    tab.others.click()
    until(lambda: found.whose.isVisible() and found.whose.ways.text() == "0171 88", "above their vehicles, too")
    found.whose.edit.click()
    keep("email", "anna@example.org")
    until(lambda: found.whose.ways.text() == "0171 88 · anna@example.org", "it is put right there")
    toast.shown(window)[-1].undo.click()
    until(lambda: found.whose.ways.text() == "0171 88", "and taken back")
    found.ask_nothing()
    assert not found.whose.isVisible()


def test_another_vehicle_in_front_shows_nothing_of_the_one_before(window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars[GOLF], "history")
    tab = profile.tab("history")
    assert isinstance(tab, HistoryTab)
    until(lambda: tab.visits.lines, "the visit is there")
    page(window).show_vehicle(cars["B CD 77"])
    assert not tab.visits.lines
    assert profile.plate.text() == ""
    until(lambda: profile.plate.text().startswith("B CD 77"), "the other one is read")


# --- words


@pytest.mark.parametrize(
    ("typed", "day"),
    [("22.11.2026", "2026-11-22"), ("1/2/2027", "2027-02-01"), ("2026-11-22", "2026-11-22"), ("31.2.2026", None),
     ("22 Nov 2026", "2026-11-22"), ("Nov 22, 2026", "2026-11-22"), ("31 Feb 2026", None),
     ("soon", None), ("", None)],
)  # fmt: skip
def test_days_are_understood_as_people_type_them(typed: str, day: str | None) -> None:
    assert vehicle_words.parsed_day(typed) == day


def test_rows_with_nonsense_in_them_are_shown_all_the_same() -> None:
    assert vehicle_words.day("9999-99-99") == "9999-99-99"
    assert vehicle_words.due("never") == ("", "", "")
    assert vehicle_words.fuel("steam") == "steam"


def test_german_tabs_have_room_for_their_words(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    try:
        one.context.preferences.language = "de"
        window.retranslate()
        settle()
        profile = opened(window, cars[GOLF])
        assert_fits(profile)
    finally:
        language.use("en")


def assert_fits(profile: VehicleProfile) -> None:
    for tab in profile.tabs.tabs.values():
        assert tab.sizeHint().width() - 20 <= tab.width(), tab.text()
    for button in (profile.order, profile.tab("overview").edit):  # type: ignore[attr-defined]
        assert button.sizeHint().width() <= button.width(), button.text()
