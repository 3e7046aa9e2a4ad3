"""The invoice of an order: asked about before it is issued, what is not approved is named, nothing is taken back."""

import pytest
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
from ui.pages.order_anyway import AnywaySheet
from ui.pages.order_invoice import InvoiceSection, IssueSheet
from ui.pages.papers_preview import PaperSheet
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.words_sheet import WordsSheet


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


def test_a_credit_note_says_why_and_the_work_can_be_invoiced_again(one: Bay, approved: str, window: Shell) -> None:
    found = issued(one, approved, window)
    next(iter(found.cards.values())).credit_button.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, WordsSheet)
    assert not sheet.keep.isEnabled()
    sheet.field.setText("Wrong price")
    sheet.submit()
    until(lambda: sorted(each.gross for each in papers(one, approved)) == [-23_800, 23_800], "it is corrected")
    until(lambda: len(found.cards) == 2, "both are shown")
    until(found.issue.isEnabled, "it can be invoiced again")


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
