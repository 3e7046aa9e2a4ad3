"""The page Vehicles: found as typed, filtered by everything known of them, figures of what is shown."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import event

from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import create_vehicle, get_vehicle
from tests.ui.conftest import all_texts
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import change, finds, opened, page, parked, plates
from ui import vehicle_words, vehicles_reading
from ui.pages.registry import ENTRIES
from ui.pages.vehicles_edit import VehicleSheet
from ui.pages.vehicles_saved import SavedSheet
from ui.shell import Shell
from ui.vehicles_reading import Asked
from ui.widgets import dialogs, toast
from ui.widgets.dialogs import Sheet
from ui.widgets.search_box import SearchBox

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("vehicles", "orders", "parts", "settings"))
VIN = "1HGCM82633A004352"  # a Honda Accord of 2003


@pytest.fixture
def cars(one: Bay) -> dict[str, str]:
    return parked(one)


def top(shell: Shell, kind: type[Sheet]) -> Sheet:
    until(lambda: any(isinstance(each, kind) for each in dialogs.sheets(shell)), f"{kind.__name__} is open")
    return next(each for each in dialogs.sheets(shell) if isinstance(each, kind))


# --- the list


def test_every_vehicle_is_listed_with_whose_it_is_and_how_far_it_was_driven(
    window: Shell, cars: dict[str, str]
) -> None:
    found = page(window)
    finds(found, *cars)
    at = plates(found).index("M XY 4711")
    spoken = found.list.shown.index(at, 0).data()
    assert spoken == "M XY 4711, BMW 320d Touring · 2016 · Diesel, Max Schuster, 182,300 km"


def test_it_fetches_as_it_scrolls_and_never_all_at_once(
    one: Bay, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vehicles_reading, "PAGE", 20)

    def many(session: object, actor: object) -> None:
        for number in range(50):
            create_vehicle(session, actor, {"plate": f"N {number:03}"})  # type: ignore[arg-type]

    change(one, many)
    found = page(window)
    found.ask(Asked(sort="plate"))
    until(lambda: len(plates(found)) >= 20, "the first page comes")
    assert len(plates(found)) < 50

    def all_read() -> bool:
        found.list.scrollToBottom()
        return len(plates(found)) == 50

    until(all_read, "the rest comes")
    assert plates(found) == [f"N {number:03}" for number in range(50)]


def test_a_page_takes_the_same_few_statements_however_many_vehicles_there_are(one: Bay, cars: dict[str, str]) -> None:
    def more(session: object, actor: object) -> None:
        for number in range(40):
            create_vehicle(session, actor, {"plate": f"N {number:03}", "odometer_km": 1000})  # type: ignore[arg-type]

    def counted() -> int:
        seen: list[str] = []
        with one.records.read() as session:
            engine = session.get_bind()
        hear = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", hear)
        vehicles_reading.read_vehicles(one.records, VehicleCriteria())
        vehicles_reading.read_profile(one.records, cars["HH AB 123"])
        event.remove(engine, "before_cursor_execute", hear)
        return len(seen)

    few = counted()
    change(one, more)
    assert counted() == few
    assert 0 < few <= 40


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("hh ab", ["HH AB 123"]),
        ("WVWZZZ", ["HH AB 123"]),
        ("sprinter", ["S TU 2024", "S TU 2025"]),
        ("bakery 2025", ["S TU 2025"]),
        ("schuster", ["M XY 4711"]),
    ],
)
def test_the_search_follows_what_is_typed(window: Shell, cars: dict[str, str], typed: str, wanted: list[str]) -> None:
    found = page(window)
    finds(found, *cars)
    QTest.keyClicks(found.field, typed)
    finds(found, *wanted)


def test_typing_without_tapping_the_field_goes_into_it(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    finds(found, *cars)
    QTest.keyClicks(found, "opel", delay=120)  # a person, not a scanner
    until(lambda: found.field.text().endswith("l"), "it stands in the field")


def test_nothing_found_says_what_to_do(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    finds(found, *cars)
    found.field.setText("zzz")
    until(lambda: found.stack.currentWidget() is found.none, "it says so")
    found.ask_nothing()
    finds(found, *cars)
    assert found.field.text() == ""


def test_an_empty_workshop_is_told_how_the_first_vehicle_comes(window: Shell) -> None:
    found = page(window)
    until(lambda: found.stack.currentWidget() is found.empty, "it teaches")
    assert "No vehicles yet" in all_texts(found.empty.findChildren)


# --- filter, chips, figures, saved searches


def test_a_filter_counts_while_it_is_put_together_and_its_chips_take_it_back(
    window: Shell, cars: dict[str, str]
) -> None:
    found = page(window)
    finds(found, *cars)
    sheet = found.open_filter()
    assert sheet is not None
    sheet.lists["fuel_type"].buttons["diesel"].click()
    sheet.form.set_value("year_from", 2018)
    sheet.form.changed.emit("year_from")
    until(lambda: "2" in sheet.show_them.text(), "it says how many")
    until(lambda: sheet.lists["features"].buttons, "features are offered")
    sheet.show_them.click()
    finds(found, "S TU 2024", "S TU 2025")
    said = [button.text().strip() for button in found.chips.buttons]
    assert said == ["Model year: from 2018", "Diesel", "Clear all"]
    found.chips.buttons[0].click()
    finds(found, "M XY 4711", "S TU 2024", "S TU 2025")
    until(lambda: found.figures.count.text() == "3", "the figures are those of the filter")
    found.chips.buttons[-1].click()
    finds(found, *cars)
    assert not found.chips.isVisible()


def test_every_criterion_of_the_sheet_reaches_the_search(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    sheet = found.open_filter()
    assert sheet is not None
    until(lambda: sheet.lists["features"].buttons, "features are offered")
    for name, value in {
        "make": "Mercedes-Benz", "model": "Sprinter 316", "plate": "STU2024", "year_from": 2010, "year_to": 2020,
        "odometer_from": 1, "odometer_to": 300_000, "serviced_from": "2020-01-01", "serviced_to": "2030-01-01",
    }.items():  # fmt: skip
        sheet.form.set_value(name, value)
    sheet.lists["features"].buttons["Tow bar"].click()
    sheet.lists["status"].buttons["active"].click()
    asked = sheet.criteria()
    assert asked == VehicleCriteria(
        make="Mercedes-Benz", model="Sprinter 316", plate="STU2024", year_from=2010, year_to=2020, odometer_from=1,
        odometer_to=300_000, serviced_from="2020-01-01", serviced_to="2030-01-01", features=("Tow bar",),
        status=("active",),
    )  # fmt: skip
    sheet.clear()
    assert sheet.criteria() == VehicleCriteria()


def test_a_day_that_is_none_is_said_and_the_sheet_stays(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    sheet = found.open_filter()
    assert sheet is not None
    QTest.keyClicks(sheet.form.fields["serviced_from"], "31.13.2024")
    sheet.show_them.click()
    assert "Last service from" in sheet.trouble.words.text()
    assert sheet.isVisible()


def test_figures_are_of_what_is_shown(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    until(lambda: found.figures.count.text() == "6", "all are counted")
    assert dict(found.figures.fuels.rows) == {"Diesel": 3, "Petrol": 1, "Hybrid": 1, "Not known": 1}
    assert sum(count for _, count in found.figures.years.rows) == 1
    found.ask(Asked(VehicleCriteria(fuel_type=("petrol",))))
    until(lambda: found.figures.odometer.text() == "68,400 km", "the mean is of the petrol car")


def test_it_sorts(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    for sort in vehicle_words.SORTS:
        found.ask(Asked(sort=sort))
        finds(found, *cars)
    found.ask(Asked(sort="odometer"))
    until(lambda: plates(found)[0] == "S TU 2024", "the highest odometer first")


def test_a_search_with_a_name_comes_back_with_its_order(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    found.ask(Asked(VehicleCriteria(fuel_type=("diesel",)), "odometer"))
    sheet = found.open_saved()
    assert sheet is not None
    until(sheet.empty.isVisible, "there is none yet")
    QTest.keyClicks(sheet.name, "Diesel by odometer")
    sheet.keep.click()
    until(lambda: len(sheet.rows) == 1, "it is kept")
    sheet.close_sheet()
    found.ask(Asked())
    finds(found, *cars)
    again = found.open_saved()
    assert isinstance(again, SavedSheet)
    until(lambda: again.rows, "it is offered")
    next(iter(again.rows.values())).click()
    until(lambda: plates(found) == ["S TU 2024", "M XY 4711", "S TU 2025"], "the same vehicles in the same order")


def test_another_terminals_vehicle_comes_by_itself(one: Bay, other: Bay, window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    finds(found, *cars)
    change(other, create_vehicle, {"plate": "NEW 1"})
    one.meet(other)
    finds(found, *cars, "NEW 1")


# --- a new vehicle


def test_a_vin_fills_what_is_empty_and_nothing_that_is_written(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    sheet = found.open_new()
    assert sheet is not None
    QTest.keyClicks(sheet.form.fields["plate"], "NEW 7")
    QTest.keyClicks(sheet.form.fields["model"], "My own words")
    QTest.keyClicks(sheet.form.fields["vin"], VIN)
    until(lambda: sheet.form.value("make") == "Honda", "the VIN tells the make")
    assert sheet.form.value("model") == "My own words"
    assert sheet.form.value("year") == 2003
    sheet.keep.click()
    until(lambda: found.profile.shown is not None, "it is opened")
    assert found.profile.shown is not None
    made = found.profile.shown.vehicle
    assert (made.plate, made.vin, made.make, made.model) == ("NEW 7", VIN, "Honda", "My own words")


def test_a_check_digit_that_does_not_fit_is_a_remark_only(window: Shell) -> None:
    found = page(window)
    sheet = found.open_new()
    assert sheet is not None
    QTest.keyClicks(sheet.form.fields["plate"], "NEW 8")
    QTest.keyClicks(sheet.form.fields["vin"], "1HGCM82643A004352")
    until(lambda: "VIN" in sheet.remark.text() and sheet.form.value("make"), "it is looked at")
    sheet.keep.click()
    until(lambda: found.profile.shown is not None, "it is made all the same")


def test_a_plate_that_is_here_already_is_said_and_opened(window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    sheet = found.open_new()
    assert sheet is not None
    QTest.keyClicks(sheet.form.fields["plate"], "hh-ab123")
    until(sheet.open_known.isVisible, "it is said")
    assert "HH AB 123" in sheet.remark.text()
    sheet.open_known.click()
    until(lambda: found.profile.shown is not None, "it is opened")
    assert found.profile.row == cars["HH AB 123"]


def test_what_is_wrong_with_a_new_vehicle_is_said_at_its_field(window: Shell) -> None:
    sheet = page(window).open_new()
    assert isinstance(sheet, VehicleSheet)
    sheet.keep.click()
    until(sheet.trouble.isVisible, "it is said")
    assert sheet.trouble.words.text().startswith("Plate: ")
    assert sheet.isVisible()


# --- the search box and scanning


def found_lines(shell: Shell) -> list[str]:
    box = top(shell, SearchBox)
    assert isinstance(box, SearchBox)
    return [line.finding.title for line in box.lines]


def test_the_search_box_finds_vehicles_customers_and_orders(window: Shell, cars: dict[str, str]) -> None:
    window.go("settings")
    window.open_search("HH AB 123")
    until(lambda: found_lines(window)[:1] == ["HH AB 123 · Volkswagen Golf · 2019 · Anna Berg"], "the car is first")
    box = top(window, SearchBox)
    assert isinstance(box, SearchBox)
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    until(lambda: window.content.current == "vehicles", "its page is opened")
    assert page(window).profile.row == cars["HH AB 123"]


def test_a_customer_opens_their_vehicles(window: Shell, cars: dict[str, str]) -> None:
    window.open_search("Three Sheaves")
    until(lambda: any(title.startswith("Three Sheaves Bakery") for title in found_lines(window)), "they are found")
    box = top(window, SearchBox)
    assert isinstance(box, SearchBox)
    next(line for line in box.lines if line.finding.title.startswith("Three Sheaves Bakery")).click()
    finds(page(window), "S TU 2024", "S TU 2025")
    until(lambda: "Three Sheaves Bakery" in page(window).chips.buttons[0].text(), "the chip has their name")


@pytest.mark.parametrize("code", ["WBA8K51090K123456", "m xy 4711"])
def test_a_scan_on_any_screen_opens_what_bears_the_code(window: Shell, cars: dict[str, str], code: str) -> None:
    window.go("settings")
    QTest.keyClicks(window, code[0])
    box = top(window, SearchBox)
    assert isinstance(box, SearchBox)
    QTest.keyClicks(box.field, code[1:])
    QTest.keyClick(box.field, Qt.Key.Key_Return)  # long before anything was looked up
    until(lambda: window.content.current == "vehicles", "its page is opened")
    until(lambda: page(window).profile.row == cars["M XY 4711"], "with the vehicle")


def test_an_order_number_scanned_on_the_page_vehicles_opens_the_order(
    one: Bay, window: Shell, cars: dict[str, str]
) -> None:
    order = one.new_order(vehicle_id=cars["B CD 77"], complaint="Tyres")
    found = page(window)
    QTest.keyClicks(found, order.number or "")
    QTest.keyClick(found, Qt.Key.Key_Return)
    until(lambda: window.content.current == "orders", "the order's page is in front")


def test_words_typed_into_the_search_box_still_find_pages_and_commands(window: Shell, cars: dict[str, str]) -> None:
    window.open_search("settings")
    assert found_lines(window)[0] == "Settings"


# --- small screens


def test_on_a_small_screen_the_profile_takes_the_place_of_the_list_and_gives_it_back(
    window: Shell, cars: dict[str, str]
) -> None:
    profile = opened(window, cars["HH AB 123"])
    found = page(window)
    assert profile.isVisible()
    assert not found.left.isVisible()
    profile.back.click()
    until(found.left.isVisible, "the list is back")
    window.resize(1920, 1080)
    found.show_vehicle(cars["HH AB 123"])
    until(lambda: found.left.isVisible() and found.profile.isVisible(), "both stand side by side")


def test_a_vehicle_changed_elsewhere_reads_anew_here(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    profile = opened(window, cars["F QR 314"])
    sheet = partial(profile.tab, "overview")
    assert sheet() is profile.tab_widgets["overview"]
    with one.records.read() as session:
        assert get_vehicle(session, cars["F QR 314"]).odometer_km is None
    assert not toast.shown(window)
