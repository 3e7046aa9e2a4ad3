"""Settings, People: the first person becomes the owner; roles, skills and PINs are set by who may, by touch."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from core.people.staff import StaffView, get_staff
from tests.ui.conftest import all_texts, settle
from tests.ui.people_stage import Staff, hire
from tests.ui.test_people import window_of
from tests.ui.two_bays import Bay, until
from ui.pages.settings import SettingsPage
from ui.pages.settings_people import PeopleCard
from ui.pages.settings_person import PersonSheet
from ui.people_present import Standing
from ui.people_reading import as_typed, minor_units
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.pin_sheet import NewPinSheet


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    made = window_of(one)
    yield made
    made.end()
    made.deleteLater()
    settle()


def card(shell: Shell, people: int = 0) -> PeopleCard:
    shell.go("settings")
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    found = page.people
    assert found is not None
    until(lambda: len(found.rows) == people and found.intro.text(), "the staff is shown")
    return found


def opened(shell: Shell) -> PersonSheet:
    found = [each for each in dialogs.sheets(shell) if isinstance(each, PersonSheet)]
    assert found
    return found[-1]


def read(one: Bay, id_: str) -> StaffView:
    with one.records.read() as session:
        return get_staff(session, id_)


def test_outside_of_a_workshop_there_are_no_people(dressed: QApplication, one: Bay) -> None:
    one.context.membership = None
    shell = window_of(one)
    shell.go("settings")
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert page.people is None
    shell.end()
    shell.deleteLater()


def test_the_first_person_becomes_the_owner_with_a_pin_and_is_signed_in(shell: Shell, one: Bay) -> None:
    people = card(shell)
    assert "Nobody works here yet" in people.intro.text()
    people.add.click()
    sheet = opened(shell)
    assert [role for role, tile in sheet.roles.items() if tile.isEnabled()] == ["owner"]
    sheet.name.setText("Marta Weiss")
    sheet.keep.click()
    until(lambda: any(isinstance(each, NewPinSheet) for each in dialogs.sheets(shell)), "she is asked for a PIN")
    pin = dialogs.sheets(shell)[-1]
    assert isinstance(pin, NewPinSheet)
    pin.finished("1234")
    pin.finished("1234")
    until(lambda: one.context.people.guarded, "the terminal asks who it is from now on")
    assert one.context.people.standing is Standing.SIGNED_IN
    assert one.context.people.person is not None
    assert (one.context.people.person.name, shell.content.current) == ("Marta Weiss", "settings")


def test_somebody_new_has_a_role_skills_and_what_an_hour_costs(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Marta Weiss")
    people = card(shell, 5)
    people.add.click()
    sheet = opened(shell)
    sheet.name.setText("Lea Sommer")
    sheet.roles["parts"].click()
    sheet.skills.setText("tyres,  Tyres, batteries")
    sheet.cost.setText("28,5")
    sheet.submit()
    until(lambda: len(people.rows) == 6, "she is in the list")
    lea = next(each for each in people.staff if each.name == "Lea Sommer")
    assert (lea.role, lea.skills, lea.hourly_cost, lea.active) == ("parts", "tyres, batteries", 2850, True)


def test_what_is_wrong_is_said_in_the_sheet_and_what_was_typed_stays(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Marta Weiss")
    people = card(shell, 5)
    people.add.click()
    sheet = opened(shell)
    sheet.submit()
    assert "Type a name" in sheet.trouble.words.text()
    sheet.name.setText("Lea")
    sheet.cost.setText("a lot")
    sheet.submit()
    assert "34.50" in sheet.trouble.words.text()
    assert sheet.name.text() == "Lea"


def test_who_leaves_stays_in_the_list_and_the_last_owner_stays(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Marta Weiss")
    people = card(shell, 5)
    people.rows[[row.view.name for row in people.rows].index("Tom Huber")].click()
    sheet = opened(shell)
    sheet.active.click()
    sheet.submit()
    until(lambda: people.rows[-1].state == "Has left", "Tom has left")
    assert not read(one, staff.ids["Tom Huber"]).active
    people.rows[[row.view.name for row in people.rows].index("Marta Weiss")].click()
    sheet = opened(shell)
    sheet.active.click()
    sheet.submit()
    until(lambda: "last owner" in sheet.trouble.words.text(), "she is the last one")


def test_a_pin_is_set_and_taken_away_by_who_may(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Marta Weiss")
    people = card(shell, 5)
    states = {row.view.name: row.state for row in people.rows}
    assert (states["Jonas Keller"], states["Yusuf Demir"], states["Tom Huber"]) == (
        "Needs a PIN", "No PIN", "PIN is set",
    )  # fmt: skip
    people.rows[[row.view.name for row in people.rows].index("Jonas Keller")].click()
    sheet = opened(shell)
    sheet.ask_pin()
    asked = dialogs.sheets(shell)[-1]
    assert isinstance(asked, NewPinSheet)
    asked.finished("5555")
    asked.finished("5555")
    until(lambda: read(one, staff.ids["Jonas Keller"]).has_pin, "Jonas has a PIN")
    until(sheet.no_pin.isVisible, "it can be taken away")
    sheet.no_pin.click()
    until(lambda: not read(one, staff.ids["Jonas Keller"]).has_pin, "Jonas has none any more")


def test_who_may_not_change_people_sets_their_own_pin_only(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Tom Huber")
    people = card(shell, 5)
    assert not people.add.isVisible()
    assert [row.view.name for row in people.rows if row.isEnabled()] == ["Tom Huber"]
    assert {each.hourly_cost for each in people.staff} == {None}
    people.rows[[row.view.name for row in people.rows].index("Tom Huber")].click()
    assert isinstance(dialogs.sheets(shell)[-1], NewPinSheet)


def test_what_opens_the_terminal_is_for_those_who_run_the_workshop(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Tom Huber")
    card(shell, 5)
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    closed = {type(each).__name__ for each in page.cards if not each.isEnabled()}
    assert closed == {"PageCard", "KioskCard"}
    assert "This is for: Owner, Manager." in all_texts(page.findChildren)
    staff.sign_in("Marta Weiss")
    shell.go("settings")
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert all(each.isEnabled() for each in page.cards)


def test_when_it_signs_out_by_itself_is_a_choice(shell: Shell, one: Bay) -> None:
    staff = hire(one)
    staff.sign_in("Marta Weiss")
    people = card(shell, 5)
    people.after.setCurrentIndex(people.after.findData(10))
    people.after.activated.emit(people.after.currentIndex())
    assert one.context.preferences.sign_out_after == 10
    one.context.preferences.sign_out_after = 7  # typed into the file
    people.refresh()
    assert people.after.currentText() == "After 7 minutes"


def test_somebody_hired_at_another_terminal_appears(shell: Shell, one: Bay, other: Bay) -> None:
    staff: Staff = hire(one)
    staff.sign_in("Marta Weiss")
    people = card(shell, 5)
    other.meet(one)
    hire_one_more(other)
    one.meet(other)
    until(lambda: len(people.rows) == 6, "the new one is there")


def hire_one_more(bay: Bay) -> None:
    from core.people.roles import SYSTEM
    from core.people.staff import create_staff

    bay.records.change("system", lambda session: create_staff(session, SYSTEM, {"name": "Max", "role": "viewer"}))


@pytest.mark.parametrize(
    ("typed", "minor"), [("34", 3400), (" 34.5 ", 3450), ("34,50", 3450), ("", None), ("0", 0), ("34.505", 3451)]
)
def test_amounts_are_typed_as_people_type_them(typed: str, minor: int | None) -> None:
    assert minor_units(typed) == minor
    assert minor_units(as_typed(minor)) == minor


@pytest.mark.parametrize("typed", ["-1", "x", "1e9", "NaN", "inf", "1.000,50"])
def test_what_is_no_amount_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        minor_units(typed)
