"""Numbers of invoices: one series without gaps, given by one terminal, to what was issued elsewhere too."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.roles import Actor, Denied, Role
from core.records.moment import terminal
from core.records.rows import added, assign
from core.sync.members import Terminal
from core.workshop.invoice_findings import invoice_findings
from core.workshop.invoice_models import InvoiceNumber
from core.workshop.invoice_numbers import FIRST, holds_series, number_waiting_invoices, series_holder, waiting
from core.workshop.invoice_reading import get_invoice, list_invoices
from core.workshop.invoiceable import invoiced_lines, propose_invoice
from core.workshop.invoices import credit_invoice, issue_invoice, void_invoice
from core.workshop.payments import record_payment
from core.workshop.shop import change_shop
from tests.core.people.desk import Desk, meet
from tests.core.workshop.billing import order_with_lines


def joined(session: Session, _actor: Actor, name: str) -> str:
    """A terminal's row, as joining writes it."""
    return added(session, Terminal, {"name": name, "device_id": name}).id


@pytest.fixture
def shop(two_desks: tuple[Desk, Desk]) -> tuple[Desk, Desk]:
    """Two terminals of one workshop, each with its row; the first one holds the series."""
    here, there = two_desks
    for desk, name in ((here, "Bay 1"), (there, "Bay 2")):
        desk.records.join(desk.do(joined, name))
        meet(here, there)
    return here, there


def numbers(desk: Desk) -> list[str | None]:
    """Of all papers, by the moment of issue."""
    return [each.number for each in desk.see(list_invoices, sort="oldest").items]


def given(desk: Desk) -> list[int]:
    return sorted(desk.see(lambda session: list(session.scalars(select(InvoiceNumber.sequence)))))


def test_the_first_terminal_holds_the_series_until_another_is_chosen(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    first = here.see(terminal)
    assert here.see(series_holder) == there.see(series_holder) == first
    assert here.see(holds_series)
    assert not there.see(holds_series)
    assert there.see(holds_series, first)
    here.do(change_shop, {"invoice_holder_id": there.see(terminal)})
    meet(here, there)
    assert not here.see(holds_series)
    assert there.see(holds_series)
    here.do(
        lambda session, _actor: assign(session, session.get_one(Terminal, there.records.terminal_id), {"removed_at": 1})
    )
    assert here.see(holds_series), "the chosen one is gone: the first of those who are there"


def test_a_terminal_alone_numbers_at_once(desk: Desk) -> None:
    desk.do(change_shop, {"invoice_prefix": "R-"})
    order, ids = order_with_lines(desk)
    one = desk.do(issue_invoice, order, line_ids=ids[:1])
    two = desk.do(issue_invoice, order, line_ids=ids[1:])
    assert (one.number, two.number) == (f"R-{FIRST}", f"R-{FIRST + 1}")


def test_what_two_terminals_issue_while_apart_the_holder_numbers(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    orders = [order_with_lines(here)[0] for _ in range(5)]
    meet(here, there)
    mine = here.do(issue_invoice, orders[0])
    there.clock.now = here.clock.now
    theirs = [there.do(issue_invoice, order) for order in orders[1:4]]
    note = there.do(credit_invoice, theirs[0].id)
    there.do(void_invoice, theirs[2].id, "typed twice")
    assert mine.number == "1001"
    assert {each.number for each in (*theirs, note)} == {None}, "issued; the number follows"
    assert [each.id for each in there.see(list_invoices, only="without_number", sort="oldest").items] == [
        *(each.id for each in theirs), note.id,
    ]  # fmt: skip
    assert there.do(number_waiting_invoices) == (), "not by who does not hold the series"

    meet(here, there)
    assert here.do(number_waiting_invoices) == (*(each.id for each in theirs), note.id), "a void one too"
    assert here.do(number_waiting_invoices) == ()
    meet(here, there)
    for desk in shop:
        assert numbers(desk) == ["1001", "1002", "1003", "1004", "1005"]
        assert desk.see(invoice_findings) == ()
    assert there.see(get_invoice, theirs[0].id).number == "1002"
    assert there.see(get_invoice, note.id).corrects_number == "1002"


def test_only_those_that_are_asked_about_are_looked_at(desk: Desk) -> None:
    order, ids = order_with_lines(desk)
    desk.records.join("01890000-0000-7000-8000-0000000000ff")
    desk.do(change_shop, {"invoice_holder_id": "01890000-0000-7000-8000-0000000000aa"})
    made = [desk.do(issue_invoice, order, line_ids=[line]).id for line in ids]
    assert desk.see(waiting) == tuple(made)
    assert desk.see(waiting, made[:1]) == (made[0],)
    assert len(desk.statements(waiting, made)) == 1
    assert desk.do(number_waiting_invoices, "01890000-0000-7000-8000-0000000000aa", among=made[1:]) == tuple(made[1:])
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(number_waiting_invoices)


def test_a_holder_that_moved_while_apart_gives_numbers_twice_and_it_is_found(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    orders = [order_with_lines(here)[0] for _ in range(3)]
    meet(here, there)
    there.do(change_shop, {"invoice_holder_id": there.see(terminal)})
    mine, theirs = here.do(issue_invoice, orders[0]), there.do(issue_invoice, orders[1])
    assert mine.number == theirs.number == "1001"
    meet(here, there)
    for desk in shop:
        [found] = desk.see(invoice_findings)
        assert (found.kind, found.rows, found.name) == (
            "same_invoice_number",
            tuple(sorted((mine.id, theirs.id))),
            "1001",
        )
        assert "1001" in found.words
    there.do(void_invoice, theirs.id, "number was given twice")
    assert there.see(invoice_findings) == ()
    assert there.do(issue_invoice, orders[1]).number == "1002", "from the larger of what both gave"


def test_one_invoice_that_both_numbered_has_the_first_number(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    first, second = (order_with_lines(here)[0] for _ in range(2))
    here.do(change_shop, {"invoice_holder_id": "01890000-0000-7000-8000-0000000000ff", "invoice_prefix": "A"})
    made = here.do(issue_invoice, first)
    meet(here, there)
    assert here.see(series_holder) == here.see(terminal), "who was chosen is unknown: the first"
    there.do(change_shop, {"invoice_holder_id": there.see(terminal), "invoice_prefix": "B"})
    there.do(number_waiting_invoices)
    here.do(issue_invoice, second)
    meet(here, there)
    assert made.number == "A1001"
    for desk in shop:
        assert desk.see(get_invoice, made.id).number == "A1001"
    assert given(here) == given(there)


def test_a_line_that_both_invoiced_and_a_payment_that_both_wrote_down_are_found(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    order, ids = order_with_lines(here)
    meet(here, there)
    mine, theirs = here.do(issue_invoice, order), there.do(issue_invoice, order, line_ids=ids[:1])
    meet(here, there)
    here.do(number_waiting_invoices)
    [found] = here.see(invoice_findings)
    assert (found.kind, found.name, found.count) == ("line_invoiced_twice", "Front brakes", 2)
    assert set(found.rows) == {mine.id, theirs.id}
    here.do(credit_invoice, theirs.id)
    assert here.see(invoice_findings) == ()

    meet(here, there)
    for desk in shop:
        desk.do(record_payment, {"invoice_id": mine.id, "amount": mine.gross, "way": "card"})
    meet(here, there)
    for desk in shop:
        [found] = desk.see(invoice_findings)
        assert (found.kind, found.rows) == ("overpaid", (mine.id,))
        assert desk.see(get_invoice, mine.id).open == -mine.gross
    here.do(record_payment, {"invoice_id": mine.id, "amount": -mine.gross, "way": "card"})
    assert here.see(invoice_findings) == ()


def test_what_does_not_fit_takes_the_same_questions_whatever_the_number_of_invoices(desk: Desk) -> None:
    asked = []
    for _ in range(2):
        for _ in range(4):
            order, ids = order_with_lines(desk)
            for line in ids:
                desk.do(issue_invoice, order, line_ids=[line])
        asked.append(len(desk.statements(invoice_findings)))
    assert asked[0] == asked[1] <= 5


def test_what_both_credited_is_found_and_pays_for_no_next_invoice(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    order, ids = order_with_lines(here)
    made = here.do(issue_invoice, order)
    meet(here, there)
    notes = [desk.do(credit_invoice, made.id).id for desk in shop]
    meet(here, there)
    here.do(number_waiting_invoices)
    [found] = here.see(invoice_findings)
    assert (found.kind, found.name, set(found.rows)) == ("credited_twice", made.number, set(notes))
    here.do(issue_invoice, order)
    assert here.see(invoiced_lines, order) == set(ids)
    assert here.see(propose_invoice, order).approved == ()
    here.do(void_invoice, notes[1], "Credited twice")
    assert here.see(invoice_findings) == ()


def test_what_one_credited_and_the_other_voided_is_found(shop: tuple[Desk, Desk]) -> None:
    here, there = shop
    order, _ = order_with_lines(here)
    made = here.do(issue_invoice, order)
    meet(here, there)
    note = there.do(credit_invoice, made.id)
    here.do(void_invoice, made.id, "Wrong customer")
    meet(here, there)
    here.do(number_waiting_invoices)
    [found] = here.see(invoice_findings)
    assert (found.kind, found.name, found.rows) == ("credited_void", made.number, (note.id,))
    here.do(issue_invoice, order)
    assert here.see(propose_invoice, order).approved == ()
    here.do(void_invoice, note.id, "The invoice is void")
    assert here.see(invoice_findings) == ()


def test_an_invoice_with_a_credit_note_of_nothing_is_not_void_yet(desk: Desk) -> None:
    free = {"kind": "fee", "description": "Wash", "unit_price": 0}
    order, ids = order_with_lines(desk, ({"kind": "labour", "description": "Oil", "unit_price": 9_000}, free), "aa")
    made = desk.do(issue_invoice, order)
    desk.do(credit_invoice, made.id, line_ids=ids[1:])
    assert set(desk.problems(void_invoice, made.id, "Wrong customer")) == {""}
