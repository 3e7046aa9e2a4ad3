"""The estimate of an order by keyboard and by touch: added in one go, yes and no line by line, tax always in sight."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from sqlalchemy.orm import Session

from core.people.customers import create_customer
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimates import Estimate, estimate
from core.workshop.lines import create_line
from core.workshop.parts import create_part
from core.workshop.recommendations import open_recommendations
from core.workshop.shop import change_shop
from core.workshop.tax_rules import create_tax_rule
from tests.ui.orders_stage import opened, section
from tests.ui.two_bays import Bay, until
from ui.pages.order_estimate import EstimateSection
from ui.pages.order_line_sheet import LineSheet
from ui.pages.order_quick_add import Typed, understood
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.words_sheet import WordsSheet


def shop(bay: Bay) -> None:
    def work(session: Session) -> None:
        change_shop(session, bay.actor, {"currency": "EUR", "labour_rate": 9800})
        create_tax_rule(session, bay.actor, {"name": "VAT", "rate": 1900, "since": "2020-01-01"})

    bay.records.change("system", work)


def made(bay: Bay, order: str) -> Estimate:
    with bay.records.read() as session:
        return estimate(session, order)


def plain(label: QLabel) -> str:
    return label.text().replace("\N{NO-BREAK SPACE}", " ")


def words(widget: QWidget) -> str:
    return " | ".join(plain(each) for each in widget.findChildren(QLabel))


def shown(window: Shell, order: str) -> EstimateSection:
    found = section(window, order, "estimate", EstimateSection)
    until(lambda: found.found is not None, "it is read")
    return found


def line(bay: Bay, order: str, **fields: object) -> str:
    work = lambda session: create_line(session, bay.actor, {"order_id": order, **fields})  # noqa: E731
    return bay.records.change("system", work).value.id


def test_what_is_typed_says_how_much_of_what() -> None:
    assert understood("1.5 h front pads") == Typed("front pads", 1500, True)
    assert understood("2 x oil filter") == Typed("oil filter", 2000, False)
    assert understood("0 986 494 524").text in ("986 494 524", "0 986 494 524")
    assert understood("brake fluid") == Typed("brake fluid", None, False)
    assert understood("45.00 Oil filter") == Typed("Oil filter", price=4500), "nobody works 45 hours on a filter"
    assert understood("45,00 Ölfilter") == understood("45 € Ölfilter") == Typed("Ölfilter", price=4500)
    assert understood("2x oil filter") == understood("2 × oil filter") == understood("2 oil filter")
    assert understood("4.5 engine oil") == Typed("engine oil", 4500)
    assert understood("30 min test drive") == Typed("test drive", 500, True)
    assert understood("2 hours clutch") == understood("2 Stunden clutch") == Typed("clutch", 2000, True)
    assert understood("2 hoses") == Typed("hoses", 2000)


def test_labour_is_typed_in_one_line_and_has_the_rate_and_tax_of_the_shop(one: Bay, order: str, window: Shell) -> None:
    shop(one)
    found = shown(window, order)
    QTest.keyClicks(found.add.field, "1.5 h front pads")
    QTest.keyClick(found.add.field, Qt.Key.Key_Return)
    until(lambda: len(made(one, order).lines) == 1, "it is added")
    added = made(one, order).lines[0].line
    assert (added.kind, added.description, added.quantity) == ("labour", "front pads", 1500)
    assert (added.unit_price, added.tax_rate) == (9800, 1900)
    until(lambda: len(found.rows) == 1, "it is shown")
    foot = found.foot
    assert foot is not None
    until(lambda: "€27.93" in words(foot), "the tax is in sight")
    assert "€174.93" in words(foot)
    assert found.add.field.text() == ""


def test_a_scanned_part_of_the_store_comes_with_its_price(one: Bay, order: str, window: Shell) -> None:
    shop(one)
    fields = {"number": "0986494524", "name": "Brake pads", "barcode": "4047024123456", "price": 6890, "cost": 3810}
    part = one.records.change("system", lambda session: create_part(session, one.actor, fields)).value
    found = shown(window, order)
    QTest.keyClicks(found.add.field, "4047024123456")
    QTest.keyClick(found.add.field, Qt.Key.Key_Return)  # at once, as a scanner does
    until(lambda: len(made(one, order).lines) == 1, "it is added")
    added = made(one, order).lines[0].line
    assert (added.part_id, added.unit_price, added.unit_cost) == (part.id, 6890, 3810)


def test_two_of_three_lines_are_approved_by_tap_with_who_said_it_and_how(one: Bay, order: str, window: Shell) -> None:
    shop(one)
    ada = one.records.change("system", lambda session: create_customer(session, one.actor, {"name": "Ada Berg"})).value
    one.set(order, customer_id=ada.id)
    ids = [line(one, order, kind="fee", description=f"Job {n}", unit_price=1000 * n) for n in (1, 2, 3)]
    found = shown(window, order)
    until(lambda: len(found.rows) == 3, "they are shown")
    assert "Ada Berg" in found.said_by.text()
    found.way.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ChoiceSheet)
    sheet.buttons["phone"].click()
    found.rows[ids[0]].yes.click()
    found.rows[ids[1]].yes.click()
    found.rows[ids[2]].no.click()
    until(lambda: [each.state for each in made(one, order).lines] == ["approved", "approved", "declined"], "said")
    said = made(one, order).lines[0].decision
    assert said is not None
    assert (said.said_by, said.way) == ("Ada Berg", "phone")
    until(lambda: found.rows[ids[0]].yes.isChecked() and found.rows[ids[2]].no.isChecked(), "it is shown")
    assert "Approved by Ada Berg · By phone" in found.rows[ids[0]].state.text()
    assert found.foot is not None
    assert "€35.70" in words(found.foot), "what was approved, with its tax"


def test_the_head_and_the_total_leave_out_what_was_declined(one: Bay, order: str, window: Shell) -> None:
    shop(one)
    ids = [line(one, order, kind="fee", description=f"Job {n}", unit_price=10_000) for n in (1, 2, 3)]
    found = shown(window, order)
    head = opened(window, order).editor.head
    until(lambda: len(found.rows) == 3 and plain(head.sum) == "€357.00", "all of it may be wanted yet")
    found.rows[ids[0]].yes.click()
    found.rows[ids[2]].no.click()
    until(lambda: plain(head.sum) == "€238.00", "one is agreed, one is open still, one is declined")
    until(lambda: "Declined | €119.00" in words(found.totals), "what was declined stands apart")
    said = words(found.totals)
    assert "Net | €200.00" in said
    assert "€38.00" in said
    assert "Total with tax | €238.00" in said
    assert "€357.00" not in said
    found.rows[ids[1]].no.click()
    until(lambda: plain(head.sum) == "€119.00", "all is decided: what is agreed")


def test_somebody_else_may_speak_for_the_customer(one: Bay, order: str, window: Shell) -> None:
    id_ = line(one, order, kind="fee", description="Tyres", unit_price=1000)
    found = shown(window, order)
    found.said_by.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, WordsSheet)
    QTest.keyClicks(sheet.field, "Her brother")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    until(lambda: id_ in found.rows, "the line is shown")
    found.rows[id_].no.click()
    until(lambda: made(one, order).lines[0].state == "declined", "it is said")
    decision = made(one, order).lines[0].decision
    assert decision is not None
    assert decision.said_by == "Her brother"


def test_a_no_can_be_taken_back_to_the_yes_before(one: Bay, order: str, window: Shell) -> None:
    id_ = line(one, order, kind="fee", description="Tyres", unit_price=1000)
    found = shown(window, order)
    until(lambda: id_ in found.rows, "the line is shown")
    found.rows[id_].yes.click()
    until(found.rows[id_].yes.isChecked, "yes")
    found.rows[id_].no.click()
    until(lambda: made(one, order).lines[0].state == "declined", "no")
    until(lambda: any(each.accessibleName().startswith("No:") for each in toast.shown(window)), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: made(one, order).lines[0].state == "approved", "yes again")


def test_a_first_no_can_be_taken_back_to_nothing_said_and_its_advice_with_it(
    one: Bay, order: str, window: Shell
) -> None:
    car = one.records.change("system", lambda session: create_vehicle(session, one.actor, {"plate": "HH AB 1"})).value
    one.set(order, vehicle_id=car.id)
    id_ = line(one, order, kind="labour", description="Timing belt", unit_price=1000)
    found = shown(window, order)
    until(lambda: id_ in found.rows, "the line is shown")
    found.rows[id_].no.click()
    until(lambda: made(one, order).lines[0].state == "declined", "no")

    def advice() -> int:
        with one.records.read() as session:
            return len(open_recommendations(session, car.id))

    assert advice() == 1
    until(lambda: any(each.accessibleName().startswith("No:") for each in toast.shown(window)), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: made(one, order).lines[0].state == "open", "as if nothing was said")
    assert advice() == 0


def test_all_that_is_open_is_approved_at_once_and_a_later_line_is_open(one: Bay, order: str, window: Shell) -> None:
    for n in (1, 2):
        line(one, order, kind="fee", description=f"Job {n}", unit_price=1000)
    found = shown(window, order)
    until(found.approve_all.isEnabled, "there is something to say yes to")
    found.approve_all.click()
    until(lambda: made(one, order).counts["approved"] == 2, "all")
    until(lambda: not found.approve_all.isEnabled(), "nothing is open")
    line(one, order, kind="fee", description="And the horn", unit_price=500)
    until(found.approve_all.isEnabled, "a new line is open")
    until(lambda: found.window().content.pages["orders"].editor.tabs.tabs["estimate"].caption() == "1 open", "the tab")  # type: ignore[attr-defined]


def test_a_line_is_changed_and_removed_and_both_can_be_taken_back(one: Bay, order: str, window: Shell) -> None:
    id_ = line(one, order, kind="labour", description="Pads", quantity=1000, unit_price=9800)
    found = shown(window, order)
    until(lambda: id_ in found.rows, "the line is shown")
    found.open_line(id_)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, LineSheet)
    sheet.quantity.open_pad()
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    pad.type("2.5")
    pad.keep.click()
    assert "245.00" in plain(sheet.comes_to)
    sheet.done.click()
    until(lambda: made(one, order).lines[0].line.quantity == 2500, "it is kept")
    until(lambda: toast.shown(window), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: made(one, order).lines[0].line.quantity == 1000, "it is taken back")
    found.open_line(id_)
    again = dialogs.sheets(window)[-1]
    assert isinstance(again, LineSheet)
    again.remove.click()
    until(lambda: not made(one, order).lines, "it is removed")
    until(lambda: "Removed: Pads" in [each.accessibleName() for each in toast.shown(window)], "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: made(one, order).lines, "it is back")


def test_a_wrong_number_is_said_and_nothing_typed_is_lost(one: Bay, order: str, window: Shell) -> None:
    found = shown(window, order)
    found.open_new("labour")
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, LineSheet)
    sheet.description.setText("Pads")
    sheet.price.field.setText("ninety")
    sheet.submit()
    assert "must be a number" in sheet.trouble.words.text()
    assert made(one, order).lines == ()
    assert sheet.description.text() == "Pads"


def test_a_discount_of_some_percent_is_a_line_of_its_own(one: Bay, order: str, window: Shell) -> None:
    line(one, order, kind="fee", description="Tyres", unit_price=10_000, tax_rate=1900)
    found = shown(window, order)
    until(lambda: len(found.rows) == 1, "the line is shown")
    found.open_new("discount")
    ways = dialogs.sheets(window)[-1]
    assert isinstance(ways, ChoiceSheet)
    ways.buttons["percent"].click()
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    pad.type("10")
    pad.keep.click()
    until(lambda: made(one, order).everything.gross == 10_710, "ten percent off, tax with it")
    line(one, order, kind="fee", description="Valves", unit_price=10_000, tax_rate=1900)
    until(lambda: made(one, order).everything.gross == 21_420, "of what came later, too")
    (discount,) = (each.line.id for each in made(one, order).lines if each.line.percent_off)
    until(lambda: discount in found.rows and "20.00" in plain(found.rows[discount].net), "as it is now")
    assert "10% off" in words(found.rows[discount]).replace(" %", "%")
    found.open_line(discount)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, LineSheet)
    assert not sheet.quantity.isEnabled()
    sheet.price.field.setText("5")
    sheet.submit()
    until(lambda: made(one, order).everything.gross == 22_610, "half of it")
    assert "5" in next(each.line.description or "" for each in made(one, order).lines if each.line.id == discount)


def test_what_is_being_typed_into_one_order_waits_there(one: Bay, order: str, window: Shell) -> None:
    second = one.new_order(complaint="Another one")
    found = shown(window, order)
    QTest.keyClicks(found.add.field, "front pa")
    opened(window, second.id, "estimate")
    assert found.add.field.text() == ""
    opened(window, order, "estimate")
    assert found.add.field.text() == "front pa"


def test_a_line_added_at_another_terminal_appears(one: Bay, other: Bay, order: str, window: Shell) -> None:
    found = shown(window, order)
    line(other, order, kind="fee", description="From the desk", unit_price=1000)
    other.meet(one)
    until(lambda: [row.title.text() for row in found.rows.values()] == ["From the desk"], "it is shown")


def test_a_scan_beside_every_field_adds_the_part_of_the_estimate_in_front(one: Bay, order: str, window: Shell) -> None:
    fields = {"number": "0986494524", "name": "Brake pads", "barcode": "4047024123456", "price": 6890}
    part = one.records.change("system", lambda session: create_part(session, one.actor, fields)).value
    found = shown(window, order)
    window.content.pages["orders"].setFocus()
    for each in "4047024123456":
        focus = window.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, each)
    assert found.add.field.text() == "4047024123456"
    QTest.keyClick(found.add.field, Qt.Key.Key_Return)
    until(lambda: [each.line.part_id for each in made(one, order).lines] == [part.id], "it is added")
