"""The overview of an order, as a hand uses it: how long, what it takes and needs, what it comes back from."""

import pytest
from PySide6.QtTest import QTest
from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.people.staff import create_staff
from core.planning.work_bays import create_work_bay
from core.vehicles.vehicles import create_vehicle
from tests.ui.orders_stage import overview
from tests.ui.two_bays import Bay, until
from ui.pages.order_comeback import ComebackSheet
from ui.pages.order_takes import TakesSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet


def car(bay: Bay, plate: str) -> str:
    return bay.records.change("system", lambda session: create_vehicle(session, SYSTEM, {"plate": plate})).value.id


def test_hours_are_typed_on_the_pad_and_taken_back(one: Bay, order: str, window: Shell) -> None:
    tile = overview(window, order).tiles["expected_hours"]
    tile.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, AmountSheet)
    sheet.type("1.5")
    sheet.keep.click()
    until(lambda: one.order(order).expected_hours == 1500, "they are kept")
    until(lambda: tile.text().strip().startswith("1.5"), "they are shown")
    until(lambda: toast.shown(window), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: one.order(order).expected_hours is None, "they are taken back")


def test_what_it_takes_is_pressed_or_typed(one: Bay, order: str, window: Shell) -> None:
    def work(session: Session) -> None:
        create_staff(session, SYSTEM, {"name": "Tom", "role": "technician", "skills": "brakes, gearboxes"})
        create_work_bay(session, SYSTEM, {"name": "Bay 1", "equipment": "four-post lift"})

    one.records.change("system", work)
    found = overview(window, order)
    until(lambda: found.found is not None and found.found.skills == ("brakes", "gearboxes"), "the words are read")
    found.tiles["skills"].click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, TakesSheet)
    assert [each.accessibleName() for each in sheet.chips.values()] == ["brakes", "gearboxes"]
    sheet.chips["brakes"].click()
    QTest.keyClicks(sheet.field, "wood frames, BRAKES")
    sheet.keep.click()
    until(lambda: one.order(order).skills == "brakes, wood frames", "they are kept, each once")
    until(lambda: found.tiles["skills"].accessibleName() == "brakes, wood frames", "they are shown")
    found.tiles["equipment"].click()
    second = dialogs.sheets(window)[-1]
    assert isinstance(second, TakesSheet)
    second.chips["four-post lift"].click()
    second.keep.click()
    until(lambda: one.order(order).equipment == "four-post lift", "it is kept")
    found.tiles["skills"].click()
    third = dialogs.sheets(window)[-1]
    assert isinstance(third, TakesSheet)
    assert third.chips["wood frames"].isChecked()
    third.none.click()
    until(lambda: one.order(order).skills is None, "anybody can do it")


def test_it_comes_back_from_an_earlier_order_of_its_vehicle(one: Bay, window: Shell) -> None:
    mine, other = car(one, "A-1"), car(one, "B-2")
    first = one.new_order(vehicle_id=mine, complaint="Brakes")
    one.new_order(vehicle_id=other, complaint="Not mine")
    back = one.new_order(vehicle_id=mine, complaint="Brakes again").id
    found = overview(window, back)
    assert "figures" in found.counts.text()
    found.tiles["comeback_of"].click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ComebackSheet)
    until(lambda: sheet.buttons, "the earlier orders are read")
    assert list(sheet.buttons) == [first.id]
    sheet.buttons[first.id].click()
    until(lambda: one.order(back).comeback_of == first.id, "it is kept")
    until(lambda: found.tiles["comeback_of"].accessibleName() == first.number, "it is shown by its number")
    found.tiles["comeback_of"].click()
    again = dialogs.sheets(window)[-1]
    assert isinstance(again, ComebackSheet)
    again.none.click()
    until(lambda: one.order(back).comeback_of is None, "it is none after all")


def test_without_a_vehicle_the_sheet_says_what_comes_first(one: Bay, window: Shell) -> None:
    row = one.new_order(complaint="x").id
    found = overview(window, row)
    assert not found.to_vehicle.isEnabled()
    found.tiles["comeback_of"].click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ComebackSheet)
    until(lambda: "vehicle first" in sheet.empty.text(), "it is said")


def test_the_vehicle_opens(one: Bay, window: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = car(one, "A-1")
    found = overview(window, one.new_order(vehicle_id=mine).id)
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(window, "open_row", lambda table, row: asked.append((table, row)))
    found.to_vehicle.click()
    assert asked == [("vehicles", mine)]
