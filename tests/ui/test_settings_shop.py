"""Settings of the shop: details, tax, labels and inspection templates, by touch, with a way back."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import event
from sqlalchemy.engine import Engine

from core.people.roles import SYSTEM
from core.records.records import Records
from core.workshop.default_inspections import default_templates
from core.workshop.inspection_templates import MEASURE
from core.workshop.labels import create_label
from core.workshop.shop import ShopView, change_shop, shop_details
from core.workshop.tax_rules import TaxRuleView, create_tax_rule, rate_today
from tests.ui.conftest import settle
from tests.ui.people_stage import hire
from tests.ui.test_people import window_of
from tests.ui.two_bays import Bay, until
from ui import shop_reading
from ui.pages.settings import SettingsPage
from ui.pages.settings_form import FormSheet
from ui.pages.settings_list import ListCard
from ui.pages.settings_shop import ShopCard, ShopSheet, currencies
from ui.pages.settings_shop_labels import LabelsCard, LabelSheet
from ui.pages.settings_shop_point import PointSheet
from ui.pages.settings_shop_tax import TaxCard, TaxSheet, in_use, usual_name
from ui.pages.settings_shop_templates import PointsSheet, TemplateForm, TemplatesCard, limits
from ui.shell import Shell
from ui.shop_reading import TaxRead
from ui.widgets import dialogs, toast

Kind = TypeVar("Kind", bound=ListCard)
Over = TypeVar("Over", bound=dialogs.Sheet)


@pytest.fixture
def shell(dressed: QApplication, one: Bay) -> Iterator[Shell]:
    made = window_of(one)
    yield made
    made.end()
    made.deleteLater()
    settle()


def card(shell: Shell, kind: type[Kind]) -> Kind:
    shell.go("settings")
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    found = next(each for each in page.cards if isinstance(each, kind))
    until(found.intro.text, "the card is filled")
    return found


def over(shell: Shell, kind: type[Over]) -> Over:
    until(lambda: any(isinstance(each, kind) for each in dialogs.sheets(shell)), f"{kind.__name__} is open")
    return next(each for each in reversed(dialogs.sheets(shell)) if isinstance(each, kind))


def kept(shell: Shell, sheet: FormSheet) -> None:
    """Press Keep, and wait until the sheet has gone."""
    sheet.keep.click()
    until(lambda: sheet not in dialogs.sheets(shell), "it is kept")


def titles(found: ListCard) -> list[str]:
    return [getattr(row, "title", "") for row in found.rows]


def _listed(found: ListCard, name: str) -> bool:
    return name in titles(found)


def shop(one: Bay) -> ShopView:
    with one.records.read() as session:
        return shop_details(session)


def test_a_new_shop_is_told_what_its_details_are_for_and_enters_them_once(shell: Shell, one: Bay) -> None:
    found = card(shell, ShopCard)
    assert "no name yet" in found.intro.text()
    assert found.rows == []
    found.add.click()
    sheet = over(shell, ShopSheet)
    sheet.texts["name"].setText("Weiss & Daughters")
    sheet.lines["address"].setPlainText("Dock Road 4\nPort Ellery")
    sheet.choices["currency"].setCurrentIndex(sheet.choices["currency"].findData("CHF"))
    sheet.numbers["labour_rate"].set_value(11_250)
    holder = sheet.choices["invoice_holder_id"]
    assert holder.itemText(0).startswith("The first terminal, Bay "), (
        "while nobody was chosen, the first terminal numbers them"
    )
    holder.setCurrentIndex(holder.findText("Bay 2"))
    sheet.choices["opens_at"].setCurrentIndex(sheet.choices["opens_at"].findData(7 * 60))
    kept(shell, sheet)
    now = shop(one)
    assert (now.name, now.address, now.currency, now.labour_rate, now.opens_at) == (
        "Weiss & Daughters", "Dock Road 4\nPort Ellery", "CHF", 11_250, 420)  # fmt: skip
    assert now.invoice_holder_id is not None
    until(lambda: "Weiss & Daughters" in titles(found), "the card shows it")
    assert not found.add.isVisible()


def test_what_cannot_be_kept_is_said_by_the_name_of_its_field_and_stays_typed(shell: Shell, one: Bay) -> None:
    card(shell, ShopCard).add.click()
    sheet = over(shell, ShopSheet)
    sheet.texts["name"].setText("Night shift")
    sheet.choices["opens_at"].setCurrentIndex(sheet.choices["opens_at"].findData(20 * 60))
    sheet.keep.click()
    until(sheet.trouble.isVisible, "it says what is wrong")
    assert sheet.trouble.words.text() == "Closes at: A shop closes after it opens."
    assert sheet.texts["name"].text() == "Night shift"
    assert shop(one).name is None
    sheet.numbers["payment_days"].field.setText("soon")
    sheet.keep.setEnabled(True)
    sheet.keep.click()
    assert "Days to pay" in sheet.trouble.words.text()


def test_only_what_was_changed_is_written(shell: Shell, one: Bay) -> None:
    one.records.change("system", lambda session: change_shop(session, SYSTEM, {"name": "Weiss", "phone": "1"}))
    found = card(shell, ShopCard)
    until(lambda: "Weiss" in titles(found), "it is read")
    found.open_form("phone")
    sheet = over(shell, ShopSheet)
    one.records.change("system", lambda session: change_shop(session, SYSTEM, {"name": "Weiss & Co"}))
    sheet.texts["phone"].setText("2")
    kept(shell, sheet)
    assert (shop(one).name, shop(one).phone) == ("Weiss & Co", "2")


def test_what_was_kept_is_taken_back_from_the_message(shell: Shell, one: Bay) -> None:
    one.records.change("system", lambda session: change_shop(session, SYSTEM, {"name": "Weiss", "phone": "1"}))
    found = card(shell, ShopCard)
    until(lambda: found.rows, "it is read")
    found.open_form("phone")
    sheet = over(shell, ShopSheet)
    sheet.texts["phone"].setText("2")
    kept(shell, sheet)
    toast.shown(shell)[-1].undo.click()
    until(lambda: shop(one).phone == "1", "the number is as it was")


def test_the_usual_currencies_come_first_with_their_names() -> None:
    found = currencies("JPY")
    assert [code for code, _ in found[:3]] == ["JPY", "EUR", "USD"]
    assert dict(found)["CHF"] == "CHF  Swiss Franc"
    assert len(found) > 150


def test_a_shop_without_a_rate_is_led_to_enter_it(shell: Shell, one: Bay) -> None:
    found = card(shell, TaxCard)
    assert "without tax" in found.intro.text()
    found.add.click()
    sheet = over(shell, TaxSheet)
    sheet.numbers["rate"].set_value(1900)
    kept(shell, sheet)
    with one.records.read() as session:
        assert rate_today(session, "labour") == 1900
    until(lambda: found.rows, "it is listed")
    row = found.rows[0]
    assert getattr(row, "state", "") == "19\N{NO-BREAK SPACE}%"
    assert getattr(row, "detail", "") == "Counts now · all lines"


def test_next_years_rate_waits_for_its_day_and_parts_may_have_their_own(shell: Shell, one: Bay) -> None:
    found = card(shell, TaxCard)
    for rate, since, kinds in ((1900, None, ()), (2000, 6, ()), (700, None, ("part",))):
        found.open_rule(None)
        sheet = over(shell, TaxSheet)
        sheet.numbers["rate"].set_value(rate)
        if since:
            sheet.choices["since"].setCurrentIndex(since)
        for kind in kinds:
            sheet.kinds[kind].click()
        kept(shell, sheet)
    with one.records.read() as session:
        assert (rate_today(session, "labour"), rate_today(session, "part")) == (1900, 700)
    until(lambda: len(found.rows) == 3, "all are listed")
    details = [getattr(row, "detail", "") for row in found.rows]
    assert [each.split(" ·")[0].split(" from")[0] for each in details] == ["Counts now", "Counts now", "Counts"]
    assert details[-1].endswith("everything else")


def test_a_rule_that_a_later_one_replaced_says_so() -> None:
    def rule(id_: str, since: str, kinds: str | None = None, *, active: bool = True) -> TaxRuleView:
        return TaxRuleView(id_, id_, 1900, kinds, since, active, 0, 0, None)

    old, new, parts, off = (rule("1", "2020-01-01"), rule("2", "2026-01-01"), rule("3", "2020-01-01", "part"),
                            rule("4", "2026-02-01", active=False))  # fmt: skip
    found = TaxRead((old, new, parts, off), "2026-11-22")
    assert [in_use(each, found) for each in found.rules] == [False, True, True, False]


def test_a_deleted_rate_comes_back(shell: Shell, one: Bay) -> None:
    made = one.records.change(
        one.actor.reference, lambda session: create_tax_rule(session, one.actor, {"name": "VAT", "rate": 1900})
    ).value
    found = card(shell, TaxCard)
    until(lambda: found.rows, "it is listed")
    found.open_rule(made)
    over(shell, TaxSheet).remove.click()
    until(lambda: not found.rows, "it is gone")
    toast.shown(shell)[-1].undo.click()
    until(lambda: found.rows, "it is there again")


def test_labels_have_a_state_a_colour_and_an_order(shell: Shell, one: Bay) -> None:
    found = card(shell, LabelsCard)
    assert "Waiting in the lounge" in found.intro.text(), "an empty list shows what a label could be"
    for name, color in (("Courtesy car", "accent"), ("At the paint shop", "warning")):
        found.add.click()
        sheet = over(shell, LabelSheet)
        sheet.texts["name"].setText(name)
        sheet.colors[color].click()
        sheet.choices["status"].setCurrentIndex(sheet.choices["status"].findData("in_progress"))
        kept(shell, sheet)
        until(partial(_listed, found, name), "it is listed")
    assert titles(found) == ["Courtesy car", "At the paint shop"]
    assert getattr(found.rows[1], "state", "") == "Yellow"
    found.open_label(found.found[1])
    over(shell, LabelSheet).sooner.click()
    until(lambda: titles(found) == ["At the paint shop", "Courtesy car"], "it is offered first")


def test_the_ready_templates_are_one_tap_away(shell: Shell, one: Bay) -> None:
    found = card(shell, TemplatesCard)
    assert found.install.isVisible()
    found.install.click()
    until(lambda: len(found.rows) == len(default_templates()), "all are there")
    assert not found.install.isVisible()
    toast.shown(shell)[-1].undo.click()
    until(lambda: not found.rows, "and can be taken back")


def test_a_template_of_ones_own_with_a_measured_point(shell: Shell, one: Bay) -> None:
    found = card(shell, TemplatesCard)
    found.open_new()
    form = over(shell, TemplateForm)
    form.texts["name"].setText("Caravans")
    kept(shell, form)
    points = over(shell, PointsSheet)
    points.add.click()
    sheet = over(shell, PointSheet)
    assert not sheet.cells["unit"].isVisible(), "what is only looked at has no unit"
    sheet.texts["name"].setText("Tread, left")
    sheet.texts["section"].setText("Tyres")
    sheet.kind.set_value(MEASURE)
    sheet.kind.chosen.emit(MEASURE)
    assert sheet.cells["unit"].isVisible()
    sheet.numbers["yellow_at"].set_value(1600)
    sheet.numbers["red_at"].set_value(3000)
    sheet.keep.click()
    until(sheet.trouble.isVisible, "limits the wrong way round are told")
    sheet.numbers["yellow_at"].set_value(3000)
    sheet.numbers["red_at"].set_value(1600)
    kept(shell, sheet)
    until(lambda: points.rows, "it is listed")
    assert limits(points.points[0]) == "yellow below 3 mm, red below 1.6 mm"
    points.open_point(points.points[0])
    again = over(shell, PointSheet)
    again.remove.click()
    until(lambda: not points.rows, "it is gone")


def test_who_may_not_change_the_shop_sees_it_and_for_whom_it_is(shell: Shell, one: Bay) -> None:
    one.records.change("system", lambda session: change_shop(session, SYSTEM, {"name": "Weiss"}))
    hire(one).sign_in("Tom Huber")
    found = card(shell, ShopCard)
    until(lambda: found.rows, "it is shown")
    assert not any(row.isEnabled() for row in found.rows)
    assert "This is for: Owner" in found.intro.text()
    assert not card(shell, TaxCard).add.isVisible()


def test_another_terminals_label_appears(shell: Shell, one: Bay, other: Bay) -> None:
    found = card(shell, LabelsCard)
    other.records.change("system", lambda session: create_label(session, SYSTEM, {"name": "Courtesy car"}))
    one.meet(other)
    until(lambda: "Courtesy car" in titles(found), "it is listed here")


def test_each_list_is_read_in_a_few_statements_however_long_it_is(one: Bay) -> None:
    def statements(read: Callable[[Records], object]) -> int:
        said: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            if statement.lstrip().upper().startswith("SELECT"):
                said.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            read(one.records)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(said)

    reads = (shop_reading.read_shop, shop_reading.read_tax, shop_reading.read_labels, shop_reading.read_templates)
    before = [statements(read) for read in reads]
    for number in range(12):
        shop_reading.save_label(one.records, one.actor, "", {"name": f"Label {number}"})
        shop_reading.save_tax(one.records, one.actor, "", {"name": f"Rate {number}", "rate": number})
    shop_reading.install_defaults(one.records, one.actor)
    after = [statements(read) for read in reads]
    assert all(count <= 3 for count in after), (before, after)


@pytest.mark.parametrize("width", [1280, 1920])
def test_cards_have_room_for_what_came_into_them(shell: Shell, one: Bay, width: int) -> None:
    """They are filled after the page was laid out, in one column or in two."""
    shell.resize(width, 1000)
    found = card(shell, TemplatesCard)
    shop_reading.install_defaults(one.records, one.actor)
    until(lambda: len(found.rows) == len(default_templates()), "the templates are listed")
    settle()
    page = shell.content.pages["settings"]
    assert isinstance(page, SettingsPage)
    for each in page.cards:
        assert each.height() >= each.heightForWidth(each.width()), each.accessibleName()


@pytest.mark.parametrize(("currency", "name"), [("USD", "Sales tax"), ("EUR", "VAT"), ("", "VAT")])
def test_the_name_of_the_tax_is_proposed_by_the_money_of_the_shop(currency: str, name: str) -> None:
    assert usual_name(currency) == name
