"""A new workshop is led to its first invoice: what is missing, one tap to each, and Tab goes as the eye does."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from core.people.roles import SYSTEM, Actor, Role
from core.planning.shifts import create_shift
from core.planning.work_bays import create_work_bay
from core.workshop.shop import shop_details
from core.workshop.tax_rules import create_tax_rule
from tests.ui.conftest import all_texts, settle
from tests.ui.people_stage import hire
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import change
from ui.pages.registry import ENTRIES
from ui.pages.schedule_planning import PlanningSheet
from ui.pages.settings import SettingsPage
from ui.pages.settings_link import PageCard
from ui.pages.settings_person import PersonSheet
from ui.pages.settings_shop import ShopSheet
from ui.pages.settings_shop_tax import TaxSheet
from ui.pages.settings_steps import StepsCard
from ui.shell import Shell
from ui.widgets import dialogs

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("settings", "board"))


@pytest.fixture
def window(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    shell = Shell(one.context, PAGES)
    shell.resize(1280, 800)
    shell.show()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def settings(window: Shell) -> SettingsPage:
    window.go("settings")
    found = window.content.pages["settings"]
    assert isinstance(found, SettingsPage)
    return found


def steps(window: Shell) -> StepsCard:
    card = settings(window).steps
    until(lambda: card.steps, "it is read")
    return card


def states(card: StepsCard) -> dict[str, str]:
    return {name: row.state for name, row in card.steps.items()}


def test_each_missing_thing_leads_to_its_place(window: Shell, one: Bay) -> None:
    card = steps(window)
    assert card.isVisible()
    assert set(states(card).values()) == {"Missing"}
    assert "5 things" in card.intro.text()
    for name, sheet in (("shop", ShopSheet), ("tax", TaxSheet), ("bay", PlanningSheet), ("pin", PersonSheet),
                        ("shifts", PlanningSheet)):  # fmt: skip
        QTest.mouseClick(card.steps[name], Qt.MouseButton.LeftButton)
        until(lambda: dialogs.sheets(window), f"{name} opens")
        found = dialogs.sheets(window)[-1]
        assert isinstance(found, sheet), name
        if isinstance(found, PlanningSheet):
            assert found.parts.value() == {"bay": "bays"}.get(name, name)
        found.close_sheet()


def test_a_thing_that_is_there_ticks_itself_and_the_card_goes_with_the_last(window: Shell, one: Bay) -> None:
    card = steps(window)
    change(one, create_tax_rule, {"name": "VAT", "rate": 1900})
    until(lambda: states(card).get("tax") == "Done", "the rate ticks itself")
    change(one, create_work_bay, {"name": "Bay 1"})
    staff = hire(one)
    staff.sign_in("Marta Weiss")
    monday = {"staff_id": staff.ids["Tom Huber"], "weekday": 1, "starts": 480, "ends": 1020}
    change(one, create_shift, monday)
    until(lambda: list(states(card).values()).count("Done") == 4, f"{states(card)}")
    card = steps(window)
    until(card.isVisible, "one is missing")
    QTest.mouseClick(card.steps["shop"], Qt.MouseButton.LeftButton)
    until(lambda: dialogs.sheets(window), "its form opens, once the shop is read")
    form = dialogs.sheets(window)[-1]
    assert isinstance(form, ShopSheet)
    assert form.texts["name"].text() == "Schmidt & Daughters", "as the workshop was founded"
    QTest.keyClicks(form.lines["address"], "1 High Street")
    QTest.mouseClick(form.keep, Qt.MouseButton.LeftButton)
    until(lambda: not card.isVisible(), "nothing is missing any more")
    with one.records.read() as session:
        kept = shop_details(session)
    assert (kept.name, kept.address) == ("Schmidt & Daughters", "1 High Street")


def test_who_may_not_enter_it_is_not_asked_for_it(window: Shell, one: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(one.context), "actor", property(lambda _: Actor("staff", "x", "Tom", Role.TECHNICIAN)))
    card = steps(window)
    assert not card.isVisible()


def test_tab_goes_through_the_settings_from_top_to_bottom(window: Shell, one: Bay) -> None:
    one.records.change("system", lambda session: create_tax_rule(session, SYSTEM, {"name": "VAT", "rate": 1900}))
    page = settings(window)
    until(lambda: page.steps.steps and page.steps.steps["tax"].state == "Done", "all is read")
    settle()
    found, each = [], page.nextInFocusChain()
    while each is not None and each is not page:
        if page.isAncestorOf(each) and isinstance(each, QAbstractButton) and each.isVisible() and each.isEnabled():
            found.append(each)
        each = each.nextInFocusChain()
    tops = [each.mapTo(page, QPoint(0, each.height() // 2)).y() for each in found]
    assert tops == sorted(tops), [each.accessibleName() for each in found]


def test_the_page_says_who_gets_in(window: Shell) -> None:
    card = next(each for each in settings(window).cards if isinstance(each, PageCard))
    said = " ".join(all_texts(card.findChildren))
    assert "token" in said
    assert "everyone" not in said
