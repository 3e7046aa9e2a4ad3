"""What a role may not do is not offered: what can be pressed does not end in "your role does not allow this"."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from core.people.roles import SYSTEM, Actor, Role, may
from core.people.staff import create_staff
from core.vehicles.saved_filters import save_filter
from tests.core.people.desk import Clock, Desk
from tests.core.workshop.papered import Garage, garage
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import opened, page
from ui.pages.orders_picker import PickerSheet
from ui.pages.registry import ENTRIES
from ui.pages.vehicles_edit import VehicleSheet
from ui.pages.vehicles_saved import SavedSheet
from ui.people_rights import may_open
from ui.shell import Shell
from ui.widgets import dialogs

# Where, and what is pressed there -> the action it takes. Dotted: from the page on.
PRESSED: tuple[tuple[str, str, str], ...] = (
    ("vehicles", "new", "vehicles.change"),
    ("orders", "new", "repair_orders.change"),
    ("schedule", "book", "schedule.change"),
    ("schedule", "planning", "planning.change"),
    ("parts", "new", "parts.change"),
    ("bays", "add", "terminals.pair"),
    ("bays", "pair", "terminals.pair"),
)
# Of a vehicle's profile: the tab, and what is pressed in it.
IN_PROFILE: tuple[tuple[str, str, str], ...] = (
    ("overview", "edit", "vehicles.change"),
    ("odometer", "new", "vehicles.change"),
    ("installed", "new", "vehicles.change"),
    ("papers", "documents.add", "vehicles.change"),
    ("papers", "new_insurance", "vehicles.change"),
    ("papers", "new_warranty", "vehicles.change"),
    ("features", "add", "vehicles.change"),
    ("advice", "new", "repair_orders.change"),
)


@pytest.fixture
def made(one: Bay) -> Garage:
    return garage(Desk(one.records, Clock()), lines=4)


@pytest.fixture
def become(one: Bay, monkeypatch: pytest.MonkeyPatch) -> Callable[[Role], Actor]:
    """Somebody of this role is signed in from now on."""

    def signed_in(role: Role) -> Actor:
        fields = {"name": role.value, "role": role.value}
        row = one.records.change("system", lambda session: create_staff(session, SYSTEM, fields)).value
        actor = Actor("staff", row.id, role.value, role)
        monkeypatch.setattr(type(one.context), "actor", property(lambda _: actor))
        monkeypatch.setattr(type(one.context.people), "actor", property(lambda _: actor))
        return actor

    return signed_in


@pytest.fixture
def window(dressed: QApplication, one: Bay, made: Garage) -> Iterator[Shell]:
    shell = Shell(one.context, ENTRIES)
    shell.resize(1280, 800)
    shell.show()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def offered(root: QWidget, path: str) -> bool:
    """Whether it can be pressed."""
    found: Any = root
    for name in path.split("."):
        found = getattr(found, name)
    assert isinstance(found, QAbstractButton), path
    return found.isVisibleTo(root) and found.isEnabled()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.MANAGER])
def test_a_page_offers_what_the_role_may_do_and_nothing_else(
    one: Bay, made: Garage, become: Callable[[Role], Actor], window: Shell, role: Role
) -> None:
    actor = become(role)
    for name, path, action in PRESSED:
        if may_open(actor, name):
            window.go(name)
            window.content.pages[name].on_shown()
            shown = window.content.pages[name]
            if name == "vehicles":
                page(window).refresh()
            until(lambda shown=shown, path=path, action=action: offered(shown, path) == may(actor, action),  # type: ignore[misc]
                  f"{name}.{path} for a {role.value}")  # fmt: skip
    profile = opened(window, made.vehicle)
    for tab, path, action in IN_PROFILE:
        profile.open_tab(tab)
        until(lambda tab=tab, path=path, action=action: offered(profile.tab(tab), path) == may(actor, action),  # type: ignore[misc]
              f"{tab}.{path} for a {role.value}")  # fmt: skip
    assert profile.order.isEnabled() == may(actor, "repair_orders.change")
    assert profile.visit.isEnabled() == may(actor, "schedule.change")


def test_everybodys_saved_search_is_thrown_away_by_who_keeps_vehicles(
    one: Bay, become: Callable[[Role], Actor], window: Shell
) -> None:
    fields = {"name": "All", "page": "vehicles", "criteria": {}, "shared": True}
    one.records.change("system", lambda session: save_filter(session, SYSTEM, fields))
    for role in (Role.VIEWER, Role.TECHNICIAN):
        actor = become(role)
        page(window)
        sheet = page(window).open_saved()
        assert isinstance(sheet, SavedSheet)
        until(lambda sheet=sheet: any(row.isVisible() for row in sheet.rows.values()), "it is listed")  # type: ignore[misc]
        drop = next(each for each in sheet.findChildren(QAbstractButton) if each.accessibleName() == "Delete All")
        assert drop.isVisibleTo(sheet) == may(actor, "vehicles.change")
        dialogs.close_all(window)


def test_a_new_customer_is_offered_to_who_may_make_one(
    one: Bay, made: Garage, become: Callable[[Role], Actor], window: Shell
) -> None:
    for role in (Role.TECHNICIAN, Role.ADVISER):
        actor = become(role)
        sheet = VehicleSheet(opened(window, made.vehicle).desk, None, lambda _: None)
        sheet.open()
        sheet.open_customer()
        picker = dialogs.sheets(window)[-1]
        assert isinstance(picker, PickerSheet)
        QTest.keyClicks(picker.field, "Zoe")
        assert picker.make.isVisibleTo(picker) == may(actor, "customers.change"), role
        dialogs.close_all(window)
