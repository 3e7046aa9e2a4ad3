"""The invoice of an order: asked about before it is issued, what is not approved is named, nothing is taken back."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from sqlalchemy.orm import Session

from core.people.customers import create_customer
from core.people.roles import SYSTEM
from core.workshop.estimates import decide
from core.workshop.invoice_reading import InvoiceView, list_invoices
from core.workshop.lines import create_line
from core.workshop.shop import change_shop
from tests.ui.orders_stage import section
from tests.ui.two_bays import Bay, until
from ui.pages.customer_sheet import CustomerSheet
from ui.pages.invoice_credit import CreditSheet
from ui.pages.order_anyway import AnywaySheet
from ui.pages.order_invoice import InvoiceSection, IssueSheet
from ui.pages.order_invoice_card import InvoiceCard
from ui.pages.papers_preview import PaperSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.dialogs import Sheet
from ui.widgets.words_sheet import WordsSheet

Kind = TypeVar("Kind", bound=Sheet)


@pytest.fixture
def approved(one: Bay, order: str) -> str:
    """An order of which two lines are approved and one is not decided; 238.00 with tax."""

    def work(session: Session) -> None:
        change_shop(
            session, SYSTEM, {"currency": "EUR", "name": "Schmidt", "invoice_holder_id": one.records.terminal_id}
        )
        ids = []
        for text, price in (("Pads", 15_000), ("Fluid", 5_000), ("Wipers", 3_000)):
            fields = {"order_id": order, "kind": "fee", "description": text, "unit_price": price, "tax_rate": 1900}
            ids.append(create_line(session, SYSTEM, fields).id)
        decide(session, SYSTEM, order, [(ids[0], "approved"), (ids[1], "approved")], {})

    one.records.change("system", work)
    ada = one.records.change("system", lambda session: create_customer(session, SYSTEM, {"name": "Ada Berg"})).value
    one.set(order, customer_id=ada.id)
    return order


def papers(bay: Bay, order: str) -> tuple[InvoiceView, ...]:
    with bay.records.read() as session:
        return list_invoices(session, order_id=order).items


def words(widget: QWidget) -> str:
    return " | ".join(each.text().replace("\N{NO-BREAK SPACE}", " ") for each in widget.findChildren(QLabel))


def shown(window: Shell, order: str) -> InvoiceSection:
    found = section(window, order, "invoice", InvoiceSection)
    until(lambda: found.found is not None, "it is read")
    return found


def issued(one: Bay, order: str, window: Shell) -> InvoiceSection:
    found = shown(window, order)
    until(found.issue.isEnabled, "it can be issued")
    found.issue.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, IssueSheet)
    sheet.yes.click()
    until(lambda: len(found.cards) == 1, "it is issued")
    return found


def test_issuing_asks_first_and_names_what_is_not_approved(one: Bay, approved: str, window: Shell) -> None:
    found = shown(window, approved)
    until(found.issue.isEnabled, "it can be issued")
    assert "Total with tax: €238.00" in words(found)
    found.issue.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, IssueSheet)
    assert "€238.00" in words(sheet)
    assert "Ada Berg" in words(sheet)
    assert sheet.warning.text() == "Not approved, so not on it: Wipers"
    sheet.no.click()
    assert papers(one, approved) == ()
    found.issue.click()
    again = dialogs.sheets(window)[-1]
    assert isinstance(again, IssueSheet)
    again.yes.click()
    until(lambda: [each.gross for each in papers(one, approved)] == [23_800], "two of three lines")
    until(lambda: len(found.cards) == 1, "it is shown")
    until(lambda: not found.issue.isEnabled(), "nothing else is approved")


def test_what_the_paper_would_lack_is_said_before_and_can_be_added(one: Bay, approved: str, window: Shell) -> None:
    shop = {"address": "Hafenstr. 1", "tax_number": "DE 1"}
    one.records.change("system", lambda session: change_shop(session, SYSTEM, shop))
    found = shown(window, approved)
    until(lambda: found.found is not None and found.found.missing == ("customer_address",), "the address")
    assert found.missing.words.text().startswith("Not on it: the customer's address.")
    found.issue.click()
    asked = dialogs.sheets(window)[-1]
    assert isinstance(asked, IssueSheet)
    assert "the customer's address" in words(asked)
    asked.no.click()
    found.missing.address.click()
    until(lambda: isinstance([None, *dialogs.sheets(window)][-1], CustomerSheet), "the customer's sheet is open")
    form = dialogs.sheets(window)[-1]
    assert isinstance(form, CustomerSheet)
    form.lines["address"].setPlainText("Elbchaussee 2\n22765 Hamburg")
    form.keep.click()
    until(lambda: found.found is not None and not found.found.missing, "nothing is missing")
    until(lambda: not found.missing.isVisible(), "and nothing is said")


def test_a_payment_is_a_way_and_an_amount_that_is_proposed(one: Bay, approved: str, window: Shell) -> None:
    found = issued(one, approved, window)
    card = next(iter(found.cards.values()))
    card.pay_button.click()
    ways = dialogs.sheets(window)[-1]
    assert isinstance(ways, ChoiceSheet)
    ways.buttons["card"].click()
    pad = dialogs.sheets(window)[-1]
    assert isinstance(pad, AmountSheet)
    assert pad.value() == 23_800, "what is open"
    pad.keep.click()
    until(lambda: papers(one, approved)[0].open == 0, "it is paid")
    until(lambda: any(each.accessibleName().startswith("Paid") for each in toast.shown(window)), "it is said")
    until(lambda: found.window().content.pages["orders"].editor.tabs.tabs["invoice"].caption() == "Paid", "the tab")  # type: ignore[attr-defined]
    toast.shown(window)[-1].undo.click()
    until(lambda: papers(one, approved)[0].open == 23_800, "typed wrong: it goes back as a fact of its own")


def test_more_than_is_open_is_asked_about(one: Bay, approved: str, window: Shell) -> None:
    found = issued(one, approved, window)
    invoice = papers(one, approved)[0]
    found.deeds.pay(invoice, "cash", 30_000)
    until(lambda: any(isinstance(each, AnywaySheet) for each in dialogs.sheets(window)), "it is asked")
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, AnywaySheet)
    sheet.yes.click()
    until(lambda: papers(one, approved)[0].paid == 30_000, "the person meant it")


def click(button: QWidget) -> None:
    until(lambda: button.isVisible() and button.isEnabled(), button.accessibleName())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def front(window: Shell, kind: type[Kind]) -> Kind:
    """The sheet that lies on top."""
    until(lambda: bool(dialogs.sheets(window)) and isinstance(dialogs.sheets(window)[-1], kind), kind.__name__)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, kind)
    return sheet


def say_why(window: Shell, why: str) -> None:
    sheet = front(window, WordsSheet)
    assert not sheet.keep.isEnabled(), "a reason is wanted"
    QTest.keyClicks(sheet.field, why)
    click(sheet.keep)


def test_a_part_is_credited_then_the_rest_and_the_work_can_be_invoiced_again(
    one: Bay, approved: str, window: Shell
) -> None:
    found = issued(one, approved, window)
    click(next(iter(found.cards.values())).credit_button)
    lines = front(window, CreditSheet)
    click(list(lines.ticks.values())[1])
    assert "€178.50" in lines.sum.text(), "the pads alone"
    click(lines.go)
    say_why(window, "Wrong price")
    until(lambda: sorted(each.gross for each in papers(one, approved)) == [-17_850, 23_800], "it is corrected")
    until(lambda: len(found.cards) == 2, "both are shown")
    card = next(each for each in found.cards.values() if each.invoice.kind == "invoice")
    assert "Open" in card.about.text()
    assert "Credited | −€178.50 | Still open | €59.50" in words(card)
    click(card.credit_button)
    say_why(window, "The rest as well")  # one line is left: nothing to choose
    until(lambda: len(found.cards) == 3, "two credit notes")
    card = next(each for each in found.cards.values() if each.invoice.kind == "invoice")
    assert "Credited" in card.about.text()
    assert not card.pay_button.isVisible(), "nothing is owed"
    assert not card.credit_button.isEnabled()
    until(found.issue.isEnabled, "it can be invoiced again")


def paid(window: Shell, card: InvoiceCard, way: str, typed: str = "") -> None:
    """Through the sheets, as a person does; ``typed`` in the place of what is proposed."""
    click(card.pay_button)
    click(front(window, ChoiceSheet).buttons[way])
    pad = front(window, AmountSheet)
    pad.type(typed)
    click(pad.keep)


def test_too_much_is_paid_back_and_a_paid_invoice_is_void_once_the_money_went_back(
    one: Bay, approved: str, window: Shell
) -> None:
    found = issued(one, approved, window)

    def the_card() -> InvoiceCard:
        return next(iter(found.cards.values()))

    paid(window, the_card(), "cash", "300")
    sheet = front(window, AnywaySheet)
    click(sheet.yes)
    until(lambda: "To pay back | €62.00" in words(the_card()), "more came than is owed")
    assert the_card().pay_button.accessibleName() == "Pay back"
    paid(window, the_card(), "cash")
    until(lambda: "Still open | €0.00" in words(the_card()), "it is even")
    assert "Paid" in the_card().about.text()
    click(the_card().void_button)
    say_why(window, "Twice")
    until(
        lambda: any("record that it was paid back" in words(each) for each in toast.shown(window)),
        "money was paid on it",
    )
    assert the_card().pay_button.accessibleName() == "Pay back", "what it asks for can be done"
    paid(window, the_card(), "cash", "1000")
    until(lambda: any("More than came" in words(each) for each in toast.shown(window)), "no question: never")
    paid(window, the_card(), "cash")
    until(lambda: papers(one, approved)[0].paid == 0, "all of it went back")
    until(lambda: "Still open | €238.00" in words(the_card()), "it is shown")
    click(the_card().void_button)
    say_why(window, "Twice")
    until(lambda: "Void" in the_card().about.text(), "it is void")
    assert not the_card().pay_button.isVisible()
    assert not the_card().void_button.isVisible()


def test_of_a_part_payment_something_can_go_back(one: Bay, approved: str, window: Shell) -> None:
    found = issued(one, approved, window)
    paid(window, next(iter(found.cards.values())), "card", "100")
    until(lambda: "Part paid" in next(iter(found.cards.values())).about.text(), "it is shown")
    click(next(iter(found.cards.values())).pay_button)
    click(front(window, ChoiceSheet).buttons["back"])
    click(front(window, ChoiceSheet).buttons["card"])
    pad = front(window, AmountSheet)
    assert pad.value() == 10_000, "all that was paid"
    pad.type("40")
    click(pad.keep)
    until(lambda: papers(one, approved)[0].paid == 6_000, "it went back")


def test_a_void_paper_stays_with_its_reason(one: Bay, approved: str, window: Shell) -> None:
    found = issued(one, approved, window)
    next(iter(found.cards.values())).void_button.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, WordsSheet)
    sheet.field.setText("Issued to the wrong person")
    sheet.submit()
    until(lambda: papers(one, approved)[0].state == "void", "it is void")
    until(lambda: "Issued to the wrong person" in next(iter(found.cards.values())).about.text(), "it is shown")


def test_an_order_without_lines_says_what_stands_here(one: Bay, order: str, window: Shell) -> None:
    found = shown(window, order)
    until(lambda: "what the customer approves stands here" in found.heading.text(), "it is said")
    assert not found.issue.isVisible()


def test_an_invoice_is_looked_at_before_and_after_it_is_issued(one: Bay, approved: str, window: Shell) -> None:
    found = shown(window, approved)
    until(found.preview.isVisible, "it can be looked at")
    found.preview.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, PaperSheet)
    until(lambda: sheet.paper is not None, "it is set")
    assert sheet.paper is not None
    assert sheet.paper.data["stamp"] == "PREVIEW"
    sheet.close_sheet()
    assert papers(one, approved) == ()
    issued(one, approved, window)
    next(iter(found.cards.values())).paper_button.click()
    paper = dialogs.sheets(window)[-1]
    assert isinstance(paper, PaperSheet)
    until(lambda: paper.paper is not None, "it is set")
    assert paper.pdf.startswith(b"%PDF")
