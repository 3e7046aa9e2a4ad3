"""A day of one order with nothing but the screens of two terminals, one of them cut off for half of it.

Booked in, inspected, two of three lines approved, a part ordered and received, the work clocked, finished, looked over,
invoiced and paid: what the issue asks for, by the buttons that people press.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy.orm import Session

from core.people.roles import SYSTEM
from core.people.staff import create_staff
from core.workshop.estimates import Estimate, estimate
from core.workshop.hours import order_times
from core.workshop.inspection_templates import create_point, create_template
from core.workshop.invoice_reading import InvoiceView, list_invoices
from core.workshop.shop import change_shop
from core.workshop.suppliers import create_supplier
from core.workshop.tax_rules import create_tax_rule
from tests.ui.conftest import settle
from tests.ui.orders_stage import notes, opened, overview, page, section, work
from tests.ui.two_bays import Bay, until
from ui.pages.order_estimate import EstimateSection
from ui.pages.order_inspection import InspectionSection
from ui.pages.order_invoice import InvoiceSection, IssueSheet
from ui.pages.order_parts import PartsSection
from ui.pages.orders_new import NewOrderSheet
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet


@pytest.fixture
def shop(one: Bay, other: Bay) -> dict[str, str]:
    """What an owner enters once: rates, people, a supplier, what is looked at."""

    def work_(session: Session) -> dict[str, str]:
        fields = {"currency": "EUR", "labour_rate": 10_000, "invoice_holder_id": one.records.terminal_id}
        change_shop(session, SYSTEM, fields)
        create_tax_rule(session, SYSTEM, {"name": "VAT", "rate": 1900, "since": "2020-01-01"})
        template = create_template(session, SYSTEM, {"name": "Brakes"})
        for at, (name, price) in enumerate((("Front brakes", None), ("Wipers", 3000))):
            point = {"template_id": template.id, "name": name, "kind": "check", "position": at, "line_kind": "fee"}
            create_point(session, SYSTEM, {**point, "line_price": price})
        return {
            "template": template.id,
            "tom": create_staff(session, SYSTEM, {"name": "Tom Fischer", "role": "technician"}).id,
            "supplier": create_supplier(session, SYSTEM, {"name": "Teile Lager"}).id,
        }

    made = one.records.change("system", work_).value
    other.meet(one)
    return made


@pytest.fixture
def second(dressed: QApplication, other: Bay) -> Iterator[Shell]:
    shell = other.window()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def said(bay: Bay, order: str) -> Estimate:
    with bay.records.read() as session:
        return estimate(session, order)


def papers(bay: Bay, order: str) -> tuple[InvoiceView, ...]:
    with bay.records.read() as session:
        return list_invoices(session, order_id=order).items


def choose(window: Shell, value: str) -> None:
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons[value].click()


def test_a_whole_day_on_two_terminals(one: Bay, other: Bay, window: Shell, second: Shell, shop: dict[str, str]) -> None:
    order = _booked_in(one, window)
    one.meet(other)
    other.meet(one)  # from here on the cable is out: the desk is at the first terminal, the floor at the second

    _inspected(other, second, order, shop)
    _clocked(other, second, order, shop)
    _estimated(one, window, order)
    _part_ordered_and_received(one, window, order, shop)

    one.meet(other)  # the cable is in again
    other.meet(one)
    lines = section(window, order, "estimate", EstimateSection)
    until(lambda: len(lines.rows) == 3, "the finding has come to the desk")
    wipers = next(row for row in lines.rows.values() if row.title.text() == "Wipers")
    wipers.no.click()
    until(lambda: sorted(each.state for each in said(one, order).lines) == ["approved", "approved", "declined"], "said")

    other.meet(one)
    _finished(other, second, order, shop)
    one.meet(other)
    _invoiced_and_paid(one, window, order)
    other.meet(one)
    assert [each.gross for each in papers(other, order)] == [each.gross for each in papers(one, order)]
    assert other.order(order).status == one.order(order).status == "delivered"


def _booked_in(one: Bay, window: Shell) -> str:
    found = page(window)
    found.new.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, NewOrderSheet)
    sheet.plate.setText("HH AB 123")
    sheet.complaint.setPlainText("Grinding when braking")
    sheet.make.click()
    until(lambda: found.editor.shown is not None, "the order is in front")
    order = found.editor.row
    desk = overview(window, order)
    desk.tiles["odometer_in"].click()
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    pad.type("84210")
    pad.keep.click()
    until(lambda: one.order(order).odometer_in == 84_210, "the odometer")
    desk.track.stops["arrived"].click()
    until(lambda: one.order(order).status == "arrived", "it is there")
    return order


def _inspected(other: Bay, second: Shell, order: str, shop: dict[str, str]) -> None:
    found = section(second, order, "inspection", InspectionSection)
    until(lambda: shop["template"] in found.template_buttons, "what to go by")
    found.template_buttons[shop["template"]].click()
    until(lambda: len(found.rows) == 2, "its points")
    by_name = {row.result.name: row for row in found.rows.values()}
    by_name["Wipers"].verdicts["yellow"].click()
    until(by_name["Wipers"].to_line.isEnabled, "a finding")
    found.rest.click()
    until(by_name["Front brakes"].verdicts["green"].isChecked, "the rest is good")
    found.to_estimate.click()
    until(lambda: [each.line.description for each in said(other, order).lines] == ["Wipers"], "it is a line")
    found.complete.click()
    until(lambda: found.found is not None and found.found.front is not None and found.found.front.completed_at, "done")


def _clocked(other: Bay, second: Shell, order: str, shop: dict[str, str]) -> None:
    floor = work(second, order)
    until(floor.clock.turn.isEnabled, "the clock")
    floor.clock.turn.click()
    choose(second, shop["tom"])
    until(lambda: "Tom Fischer" in floor.clock.on.text(), "he is on it")


def _estimated(one: Bay, window: Shell, order: str) -> None:
    desk = section(window, order, "estimate", EstimateSection)
    until(lambda: desk.found is not None, "the estimate")
    for typed in ("1.5 h Front pads and discs",):
        QTest.keyClicks(desk.add.field, typed)
        QTest.keyClick(desk.add.field, Qt.Key.Key_Return)
    until(lambda: len(said(one, order).lines) == 1, "labour")
    QTest.keyClicks(desk.add.field, "Pads and discs")
    desk.add.look()
    until(lambda: any("not kept here" in each.accessibleName() for each in desk.add.buttons), "it is offered")
    next(each for each in desk.add.buttons if "not kept here" in each.accessibleName()).click()
    until(lambda: len(said(one, order).lines) == 2, "a part")
    part = next(each.line for each in said(one, order).lines if each.line.kind == "part")
    until(lambda: part.id in desk.rows, "it is shown")
    desk.open_line(part.id)
    sheet = dialogs.sheets(window)[-1]
    sheet.price.set_value(8000)  # type: ignore[attr-defined]
    sheet.done.click()  # type: ignore[attr-defined]
    until(lambda: said(one, order).everything.net == 23_000, "it has its price")
    until(desk.approve_all.isEnabled, "the customer is on the phone")
    desk.way.click()
    choose(window, "phone")
    desk.approve_all.click()
    until(lambda: said(one, order).counts["approved"] == 2, "yes to both")


def _part_ordered_and_received(one: Bay, window: Shell, order: str, shop: dict[str, str]) -> None:
    parts = section(window, order, "parts", PartsSection)
    until(lambda: len(parts.rows) == 1, "one part")
    row = next(iter(parts.rows.values()))
    row.next.click()
    choose(window, shop["supplier"])
    until(lambda: row.state.text() == "On the way", "it is ordered")
    row.next.click()
    until(lambda: row.state.text() == "Here", "it came")


def _finished(other: Bay, second: Shell, order: str, shop: dict[str, str]) -> None:
    parts = section(second, order, "parts", PartsSection)
    until(lambda: len(parts.rows) == 1 and next(iter(parts.rows.values())).state.text() == "Here", "it is here too")
    next(iter(parts.rows.values())).next.click()
    until(lambda: next(iter(parts.rows.values())).state.text() == "Fitted", "it is fitted")
    floor = work(second, order)
    floor.texts["correction"].editor.setPlainText("Pads and discs fitted, test drive done")
    until(lambda: "Tom Fischer" in floor.clock.on.text(), "he is still on it")
    floor.clock.turn.click()
    choose(second, shop["tom"])
    until(lambda: "Nobody is clocked on." in floor.clock.on.text(), "he is off")
    floor.quality.passed.click()
    until(floor.quality.passed.isChecked, "it is looked over")
    notes(second, order).notes.editor.setPlainText("Keys are at the desk")
    stops = overview(second, order).track.stops
    until(stops["ready"].isEnabled, "it may go there")
    stops["ready"].click()
    until(lambda: other.order(order).status == "ready", "it is ready")
    assert other.order(order).correction == "Pads and discs fitted, test drive done"


def _invoiced_and_paid(one: Bay, window: Shell, order: str) -> None:
    desk = section(window, order, "invoice", InvoiceSection)
    until(desk.issue.isEnabled, "it can be issued")
    desk.issue.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, IssueSheet)
    sheet.yes.click()
    until(lambda: [each.gross for each in papers(one, order)] == [27_370], "230.00 and 19 % of it, without the wipers")
    until(lambda: desk.cards, "it is shown")
    assert papers(one, order)[0].number, "the series is held here"
    next(iter(desk.cards.values())).pay_button.click()
    choose(window, "card")
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    pad.keep.click()
    until(lambda: papers(one, order)[0].open == 0, "it is paid")
    stops = opened(window, order, "overview").editor.sections["overview"].track.stops  # type: ignore[attr-defined]
    until(stops["delivered"].isEnabled, "it may be handed over")
    stops["delivered"].click()
    until(lambda: one.order(order).status == "delivered", "it is handed over")
    with one.records.read() as session:
        times = order_times(session, [order], until=1 << 50)[order]
    assert times.estimated == 1.5 * 3_600_000
    assert times.on == ()
