"""The screen for money: what is open and since when, found by what a person knows, put right where it stands."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from core.people.customers import create_customer
from core.people.roles import Actor, Role
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimates import decide
from core.workshop.invoice_models import Invoice, InvoiceNumber
from core.workshop.invoice_reading import InvoiceView, get_content, get_invoice
from core.workshop.invoices import credit_invoice, issue_invoice
from core.workshop.lines import create_line
from core.workshop.orders import create_repair_order
from core.workshop.payments import record_payment
from core.workshop.shop import change_shop
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from ui import invoices_reading
from ui.pages.invoice_credit import CreditSheet
from ui.pages.invoices import InvoicesPage
from ui.pages.invoices_list import spoken
from ui.pages.order_anyway import AnywaySheet
from ui.pages.papers_preview import PaperSheet
from ui.pages.parts_sheet import Figures
from ui.pages.registry import ENTRIES
from ui.people_rights import may_open
from ui.shell import Shell
from ui.widgets import dialogs
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import ChoiceSheet
from ui.widgets.words_sheet import WordsSheet

PLACES = tuple(entry for entry in ENTRIES if entry.name in ("orders", "invoices", "bays"))
PAST = "2026-01-05"


def issue(bay: Bay, name: str, plate: str, *prices: int) -> InvoiceView:
    """An invoice of an order of its own, all of it approved, tax 19 %."""

    def work(session: Session) -> InvoiceView:
        customer = create_customer(session, bay.actor, {"name": name}).id
        car = create_vehicle(session, bay.actor, {"plate": plate, "customer_id": customer}).id
        order = create_repair_order(session, bay.actor, {"customer_id": customer, "vehicle_id": car}).id
        lines = [
            create_line(
                session, bay.actor,
                {"order_id": order, "kind": "fee", "description": f"Work {at}", "unit_price": price, "tax_rate": 1900},
            ).id
            for at, price in enumerate(prices, 1)
        ]  # fmt: skip
        decide(session, bay.actor, order, [(line, "approved") for line in lines], {})
        return issue_invoice(session, bay.actor, order)

    return bay.records.change(bay.actor.reference, work).value


@pytest.fixture
def shop(one: Bay) -> Bay:
    fields = {"currency": "EUR", "name": "Schmidt", "invoice_holder_id": one.records.terminal_id}
    one.records.change("system", lambda session: change_shop(session, one.actor, fields))
    return one


@pytest.fixture
def money(dressed: QApplication, shop: Bay) -> Iterator[Shell]:
    shell = Shell(shop.context, PLACES)
    shell.resize(1280, 800)
    shell.show()
    settle()
    yield shell
    shell.end()
    shell.deleteLater()
    settle()


def test_nothing_open_is_nothing_in_the_money_of_the_shop(shop: Bay, money: Shell) -> None:
    shop.records.change("system", lambda session: change_shop(session, shop.actor, {"currency": "USD"}))
    found = page(money)
    until(lambda: found.overview is not None, "what is open is read")
    until(lambda: "0.00" in found.sums.accessibleName(), "nothing is open")
    assert found.sums.accessibleName().count("$") == 2
    assert "€" not in found.sums.accessibleName()


def late(bay: Bay, name: str, gross: int) -> str:
    """An invoice that came from another terminal and was due long ago; its number did not come yet."""

    def work(session: Session) -> str:
        row = Invoice(kind="invoice", customer_name=name, currency="EUR", gross=gross, issued_at=1_767_000_000_000,
                      due_on=PAST)  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    return bay.records.change("system", work).value


def paper(bay: Bay, row: str) -> InvoiceView:
    with bay.records.read() as session:
        return get_invoice(session, row)


def page(shell: Shell) -> InvoicesPage:
    shell.go("invoices")
    found = shell.content.pages["invoices"]
    assert isinstance(found, InvoicesPage)
    until(lambda: found.overview is not None, "what stands above is read")
    return found


def names(found: InvoicesPage) -> list[str | None]:
    return [each.customer_name for each in found.list.shown.rows]


def in_front(found: InvoicesPage, row: str) -> None:
    found.show_invoice(row)
    until(lambda: found.sheet.shown is not None and found.sheet.shown.invoice.id == row, "it is read")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_what_is_open_stands_first_with_its_sum_and_what_is_overdue_apart(shop: Bay, money: Shell) -> None:
    issue(shop, "Ada Berg", "HH AB 1", 10_000)
    late(shop, "Max Schuster", 5_000)
    found = page(money)
    until(lambda: names(found) == ["Max Schuster", "Ada Berg"], "what was due first is first")
    until(lambda: "€169.00" in plain(found.sums.accessibleName()), "the sum of both")
    assert plain(found.sums.accessibleName()) == "Open, 2 invoices €169.00, Overdue, 1 invoice €50.00"
    found.which.chosen.emit("overdue")
    until(lambda: names(found) == ["Max Schuster"], "held to what is overdue")
    row = [plain(each) for each in spoken(found.list.shown.rows[0])]
    assert ("number follows" in row, "Overdue" in row) == (True, True), "a word, not only a colour"


def test_it_is_found_by_number_by_customer_and_by_plate(shop: Bay, money: Shell) -> None:
    made = [issue(shop, name, plate, 1_000) for name, plate in (("Ada Berg", "HH AB 1"), ("Max Schuster", "M XY 22"))]
    found = page(money)
    for text, who in ((made[0].number or "", "Ada Berg"), ("schust", "Max Schuster"), ("HH AB", "Ada Berg")):
        found.field.setText(text)
        until(partial(lambda who: names(found) == [who], who), text)
    found.field.setText("nobody")
    until(lambda: found.stack.currentWidget() is found.nothing["none"], "it is said")


def test_a_payment_leaves_what_is_open_and_stands_on_the_paper(shop: Bay, money: Shell) -> None:
    made = issue(shop, "Ada Berg", "HH AB 1", 20_000)
    found = page(money)
    in_front(found, made.id)
    found.sheet.pay.click()
    ways = dialogs.sheets(money)[-1]
    assert isinstance(ways, ChoiceSheet)
    ways.buttons["cash"].click()
    pad = dialogs.sheets(money)[-1]
    assert isinstance(pad, AmountSheet)
    assert pad.value() == 23_800, "what is open is proposed"
    pad.type("100")
    pad.keep.click()
    until(lambda: paper(shop, made.id).open == 13_800, "a part is paid")
    until(lambda: found.list.shown.rows[0].state == "part_paid", "the list says so")
    until(lambda: found.sheet.payments.count() == 1 and "Cash" in _names(found), "it stands on the paper")
    found.sheet.deeds.pay(paper(shop, made.id), "cash", 20_000)
    until(lambda: any(isinstance(each, AnywaySheet) for each in dialogs.sheets(money)), "more than is open is asked")
    dialogs.close_all(money)
    found.sheet.deeds.pay(paper(shop, made.id), "card", 13_800)
    until(lambda: names(found) == [], "it is paid, and leaves what is open")
    until(lambda: found.stack.currentWidget() is found.nothing["open"], "the empty list says what that means")
    assert found.sheet.row == made.id, "what is looked at stays"
    until(lambda: found.sheet.pay.accessibleName() == "Pay back", "nothing is left to be paid")


def _names(found: InvoicesPage) -> str:
    items = [found.sheet.payments.itemAt(at) for at in range(found.sheet.payments.count())]
    widgets = [item.widget() for item in items if item is not None]
    return " | ".join(each.accessibleName() for each in widgets if each is not None)


def test_some_lines_are_given_back_with_a_reason_and_then_only_the_rest(shop: Bay, money: Shell) -> None:
    made = issue(shop, "Ada Berg", "HH AB 1", 10_000, 5_000, 3_000)
    found = page(money)
    in_front(found, made.id)
    found.sheet.credit.click()
    ticks = dialogs.sheets(money)[-1]
    assert isinstance(ticks, CreditSheet)
    assert "€214.20" in plain(ticks.sum.text()), "all of it, tax included"
    boxes = list(ticks.ticks.values())
    boxes[0].click()
    boxes[2].click()
    assert "€59.50" in plain(ticks.sum.text())
    ticks.go.click()
    why = dialogs.sheets(money)[-1]
    assert isinstance(why, WordsSheet)
    assert not why.keep.isEnabled(), "it says why"
    why.field.setText("Wrong pads")
    why.submit()
    until(lambda: paper(shop, made.id).credited == -5_950, "one line of three")
    until(lambda: len(found.sheet.links) == 1, "the credit note is a press away")
    found.sheet.credit.click()
    again = dialogs.sheets(money)[-1]
    assert isinstance(again, CreditSheet)
    assert [tick.isEnabled() for tick in again.ticks.values()] == [True, False, True]
    again.close_sheet()
    found.sheet.links[0].click()
    until(lambda: found.sheet.shown is not None and found.sheet.shown.invoice.kind == "credit_note", "it opens")
    assert not found.sheet.credit.isEnabled()
    found.sheet.links[0].click()
    until(lambda: found.sheet.row == made.id, "and back")


def test_a_paper_is_declared_void_with_a_reason(shop: Bay, money: Shell) -> None:
    made = issue(shop, "Ada Berg", "HH AB 1", 10_000)
    found = page(money)
    in_front(found, made.id)
    found.sheet.void.click()
    sheet = dialogs.sheets(money)[-1]
    assert isinstance(sheet, WordsSheet)
    sheet.field.setText("Issued to the wrong person")
    sheet.submit()
    until(lambda: paper(shop, made.id).state == "void", "it is void")
    until(lambda: "Issued to the wrong person" in found.sheet.state.text(), "the reason stands there")
    until(lambda: names(found) == [], "it asks for nothing")
    found.open_section("all")
    until(lambda: names(found) == ["Ada Berg"], "it stays")


def test_it_is_looked_at_and_its_order_is_a_press_away(shop: Bay, money: Shell) -> None:
    made = issue(shop, "Ada Berg", "HH AB 1", 10_000)
    found = page(money)
    in_front(found, made.id)
    found.sheet.paper.click()
    sheet = dialogs.sheets(money)[-1]
    assert isinstance(sheet, PaperSheet)
    until(lambda: sheet.paper is not None, "it is set")
    sheet.close_sheet()
    found.sheet.order.click()
    assert money.content.current == "orders"
    assert money.content.pages["orders"].editor.row == made.order_id  # type: ignore[attr-defined]


def test_numbers_given_twice_are_said_and_shown(shop: Bay, money: Shell) -> None:
    first, second, _ = (issue(shop, name, name, 1_000) for name in ("Ada Berg", "Max Schuster", "Lena K"))
    found = page(money)
    assert found.findings.isHidden()
    with shop.records.read() as session:
        same = session.scalars(select(InvoiceNumber).where(InvoiceNumber.invoice_id == first.id)).one()
        given = InvoiceNumber(invoice_id=second.id, number=same.number, sequence=same.sequence)
    shop.records.change("system", lambda session: session.add(given))
    until(lambda: found.findings.isVisible() and found.findings.buttons, "it is said without being asked")
    found.findings.buttons[0].click()
    until(lambda: set(names(found)) <= {"Ada Berg", "Max Schuster"} and names(found) != [], "only those")
    found.findings.buttons[0].click()
    until(lambda: len(names(found)) == 3, "all again")


def test_what_another_terminal_wrote_appears_by_itself(shop: Bay, other: Bay, money: Shell) -> None:
    found = page(money)
    until(lambda: found.stack.currentWidget() is found.nothing["open"], "nothing is open")
    other.meet(shop)
    issue(other, "Ada Berg", "HH AB 1", 10_000)
    shop.meet(other)
    until(lambda: names(found) == ["Ada Berg"], "it came")


def test_a_row_of_which_little_arrived_is_shown(shop: Bay, money: Shell) -> None:
    row = shop.records.change("system", _bare).value
    found = page(money)
    found.open_section("all")
    until(lambda: len(names(found)) == 1, "it is there")
    in_front(found, row)
    assert found.sheet.name.text() == "Invoice, number follows"
    money.grab()


def _bare(session: Session) -> str:
    row = Invoice()
    session.add(row)
    session.flush()
    return row.id


def test_a_page_of_many_takes_as_many_statements_as_one_of_few(shop: Bay) -> None:
    def count(limit: int) -> int:
        asked: list[str] = []
        note = lambda *told: asked.append(told[2])  # noqa: E731
        event.listen(shop.records.engines.reader, "before_cursor_execute", note)
        page_ = invoices_reading.read_invoices(shop.records, "open", "x", limit=limit)
        invoices_reading.read_overview(shop.records)
        event.remove(shop.records.engines.reader, "before_cursor_execute", note)
        assert len(page_.items) == limit
        return len(asked)

    for at in range(12):
        issue(shop, f"Xaver {at}", f"X {at}", 1_000)
    counts = [count(limit) for limit in (1, 2, 12)]
    assert max(counts) <= 25
    assert max(counts) - min(counts) <= 3, "a few rows are looked up one by one, many never"


def test_who_may_not_read_invoices_does_not_get_the_screen() -> None:
    assert may_open(Actor("staff", "1", "Ada", Role.ADVISER), "invoices")
    assert not may_open(Actor("staff", "2", "Tom", Role.TECHNICIAN), "invoices")


def test_money_that_goes_back_is_open_too(shop: Bay, money: Shell) -> None:
    """A credit note on a paid invoice: the shop owes, and the page must not say that nothing is open."""
    made = issue(shop, "Bill Brown", "HSG 4711", 10_000, 5_000)

    def settled(session: Session) -> None:
        record_payment(session, shop.actor, {"invoice_id": made.id, "amount": made.gross, "way": "cash"})
        line = get_content(session, made.id).lines[1].id
        credit_invoice(session, shop.actor, made.id, line_ids=[line], remark="not done")

    shop.records.change(shop.actor.reference, settled)
    found = page(money)
    until(lambda: names(found) == ["Bill Brown"], "it is among what is open")
    assert "To pay back, 1 invoice €59.50" in plain(found.sums.accessibleName())
    in_front(found, made.id)
    assert found.sheet.figures.accessibleName().startswith("With tax €178.50, Credited"), "four amounts"
    assert found.sheet.figures.whole
    assert "to pay back" in found.sheet.state.text()


@pytest.mark.parametrize("amount", ["€123,456.78", "-1.123.456,78 €"])
def test_amounts_are_never_cut(dressed: QApplication, amount: str) -> None:
    figures = Figures()
    figures.resize(400, 10)
    figures.show()
    low = figures.height()
    figures.show_cells(*((each, amount, "text") for each in ("With tax", "Credited", "Paid", "Zurückzuzahlen")))
    assert figures.whole
    assert figures.height() > low, "there are more rows instead"
    figures.resize(1400, 10)
    assert (figures.whole, figures.height()) == (True, low)
    figures.deleteLater()
