"""Fleets from the screen: made, filled, given to a customer, opened to others, shown in the list, taken back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.people.roles import Actor, Role
from core.vehicles.fleet_access import list_access
from core.vehicles.fleets import list_fleets
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import finds, page, parked
from ui.pages.orders_picker import PickerSheet
from ui.pages.registry import ENTRIES
from ui.pages.vehicles_fleets import FleetSheet, FleetsSheet
from ui.pages.vehicles_form import FormSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast

PAGES = tuple(entry for entry in ENTRIES if entry.name == "vehicles")


@pytest.fixture
def cars(one: Bay) -> dict[str, str]:
    return parked(one)


@pytest.fixture
def window(dressed: QApplication, one: Bay, cars: dict[str, str]) -> Iterator[Shell]:
    shell = Shell(one.context, PAGES)
    shell.resize(1280, 800)
    shell.show()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def press(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def counts(bay: Bay) -> dict[str | None, int]:
    with bay.records.read() as session:
        return {each.name: each.vehicle_count for each in list_fleets(session).items}


def picked(window: Shell, typed: str) -> None:
    """In the picker in front: type, take the first."""
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, PickerSheet)
    QTest.keyClicks(sheet.field, typed)
    until(lambda: not sheet._pause.isActive() and len(sheet.options) == 1, f"{typed} is found")
    press(sheet.options[0])


def test_a_fleet_is_made_filled_and_shown_by_touch_alone(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    found = page(window)
    press(found.fleets)
    fleets = dialogs.sheets(window)[-1]
    assert isinstance(fleets, FleetsSheet)
    until(lambda: fleets.rows, "the bakery's is there")
    assert [button.text().strip() for button in fleets.rows.values()] == ["Bakery vans · 2 vehicles"]
    press(fleets.new)
    form = dialogs.sheets(window)[-1]
    assert isinstance(form, FormSheet)
    QTest.keyClicks(form.form.fields["name"], "Courtesy cars")
    press(form.keep)
    until(lambda: isinstance(dialogs.sheets(window)[-1], FleetSheet), "it is open")
    fleet = dialogs.sheets(window)[-1]
    assert isinstance(fleet, FleetSheet)
    until(fleet.members.empty.isVisible, "it teaches")
    for plate in ("HH AB 123", "B CD 77"):
        press(fleet.put)
        picked(window, plate)
        until(lambda plate=plate: fleet.found and plate in [v.plate for v in fleet.found.members], f"{plate} is in it")  # type: ignore[misc]
    assert counts(one) == {"Bakery vans": 2, "Courtesy cars": 2}
    press(fleet.customer)
    picked(window, "Lena")
    until(lambda: fleet.customer.text().strip().startswith("Lena"), "it is hers")
    press(fleet.admit)
    picked(window, "Max")
    until(lambda: fleet.found and fleet.found.access, "he was let in")
    with one.records.read() as session:
        [access] = list_access(session, fleet.row)
    assert (access.name, access.level) == ("Max Schuster", "read")
    press(fleet.show_all)
    until(lambda: not dialogs.sheets(window), "both sheets are gone")
    finds(found, "B CD 77", "HH AB 123")
    until(lambda: found.count.text().startswith("2 "), "counted")


def test_what_is_taken_out_of_a_fleet_comes_back_by_one_press(one: Bay, window: Shell, cars: dict[str, str]) -> None:
    press(page(window).fleets)
    fleets = dialogs.sheets(window)[-1]
    assert isinstance(fleets, FleetsSheet)
    until(lambda: fleets.rows, "it is read")
    fleet = fleets.open_fleet(next(iter(fleets.rows)))
    until(lambda: fleet.found is not None, "it is read")
    member = fleet._lines[0]
    press(next(each for each in member.findChildren(QWidget) if each.accessibleName().startswith("Take S TU 2024")))
    until(lambda: counts(one)["Bakery vans"] == 1, "it is out")
    until(lambda: toast.shown(window), "it is said")
    undo = toast.shown(window)[-1].undo
    assert undo is not None
    undo.click()
    until(lambda: counts(one)["Bakery vans"] == 2, "and in again")
    press(fleet.drop)
    until(lambda: not counts(one), "deleted")
    until(lambda: any(each.accessibleName() == "Removed: Bakery vans" for each in toast.shown(window)), "it is said")


def test_who_may_only_look_is_offered_nothing_to_change(
    one: Bay, window: Shell, cars: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(one.context), "actor", property(lambda _: Actor("staff", "x", "Vi", Role.VIEWER)))
    found = page(window)
    found.refresh()
    assert not found.new.isVisible()
    assert "New vehicle" not in [command.title for command in found.commands()]
    press(found.fleets)
    fleets = dialogs.sheets(window)[-1]
    assert isinstance(fleets, FleetsSheet)
    until(lambda: fleets.rows, "it is read")
    assert not fleets.new.isVisible()
    fleet = fleets.open_fleet(next(iter(fleets.rows)))
    until(lambda: fleet.found is not None, "it is read")
    assert not any(button.isVisible() for button in (fleet.put, fleet.admit, fleet.rename, fleet.drop))
    assert fleet.show_all.isVisible()
