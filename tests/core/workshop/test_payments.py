"""Payments: facts, and what is open is their sum's difference to what was asked."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.roles import Denied, Role
from core.workshop.invoice_reading import get_invoice
from core.workshop.invoice_standing import WORDS, standing
from core.workshop.invoices import credit_invoice, issue_invoice
from core.workshop.payments import FIELDS, get_payment, list_payments, payments_of, record_payment
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.billing import order_with_lines

MONEY = st.integers(-(10**9), 10**9)
DAYS = st.sampled_from([None, "2026-11-21", "2026-11-22", "2026-11-23"])
TODAY = "2026-11-22"


def test_what_was_written_is_read_back_and_what_is_open_follows(desk: Desk) -> None:
    invoice = desk.do(issue_invoice, order_with_lines(desk)[0])
    fields = {
        "invoice_id": invoice.id,
        "amount": 10_000,
        "way": "transfer",
        "reference": "Sparkasse 7",
        "paid_at": 1_794_000_000_000,
    }
    assert set(fields) == set(FIELDS)
    made = desk.do(record_payment, fields)
    assert desk.see(get_payment, made.id) == made
    assert (made.invoice_number, made.amount, made.way, made.reference) == ("1001", 10_000, "transfer", "Sparkasse 7")
    after = desk.see(get_invoice, invoice.id)
    assert (after.state, after.paid, after.open) == ("part_paid", 10_000, invoice.gross - 10_000)
    desk.do(record_payment, {**fields, "amount": after.open})
    assert desk.see(get_invoice, invoice.id).state == "paid"
    back = desk.do(record_payment, {**fields, "amount": -500, "paid_at": None})
    assert back.paid_at is not None
    assert [each.amount for each in desk.see(payments_of, invoice.id)] == [10_000, invoice.gross - 10_000, -500]
    assert desk.see(get_invoice, invoice.id).open == 500
    assert len(desk.see(list_payments, way="transfer", limit=2).items) == 2


def test_more_than_is_open_is_asked_about_and_more_than_came_never_goes_back(desk: Desk) -> None:
    invoice = desk.do(issue_invoice, order_with_lines(desk)[0])
    over = {"invoice_id": invoice.id, "amount": invoice.gross + 1, "way": "cash"}
    assert set(desk.problems(record_payment, over)) == {"amount"}
    desk.do(record_payment, over, anyway=True)
    assert desk.see(get_invoice, invoice.id).open == -1
    gone = {**over, "amount": -invoice.gross - 2}
    assert set(desk.problems(record_payment, gone, anyway=True)) == {"amount"}
    desk.do(record_payment, {**gone, "amount": -1})
    assert desk.see(get_invoice, invoice.id).open == 0


def test_everything_wrong_is_said_at_once(desk: Desk) -> None:
    wrong = {
        "invoice_id": NOBODY,
        "amount": "5",
        "way": "beads",
        "reference": 5,
        "paid_at": 9_999_999_999_999,
        "tip": 1,
    }
    assert set(desk.problems(record_payment, wrong)) == set(wrong)
    assert set(desk.problems(record_payment, {})) == {"invoice_id", "amount", "way"}
    invoice = desk.do(issue_invoice, order_with_lines(desk)[0])
    assert set(desk.problems(record_payment, {"invoice_id": invoice.id, "amount": 0, "way": "cash"})) == {"amount"}
    note = desk.do(credit_invoice, invoice.id)
    assert set(desk.problems(record_payment, {"invoice_id": note.id, "amount": 5, "way": "cash"})) == {"invoice_id"}
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(record_payment, {"invoice_id": invoice.id, "amount": 5, "way": "cash"})


def test_payments_on_terminals_apart_add_up(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    invoice = here.do(issue_invoice, order_with_lines(here)[0])
    meet(here, there)
    here.do(record_payment, {"invoice_id": invoice.id, "amount": 100, "way": "cash"})
    there.do(record_payment, {"invoice_id": invoice.id, "amount": 200, "way": "card"})
    meet(here, there)
    for desk in two_desks:
        assert desk.see(get_invoice, invoice.id).open == invoice.gross - 300


# How an invoice stands ------------------------------------------------------------------------------------------------


@given(gross=MONEY, credited=st.integers(-(10**9), 0), payments=st.lists(MONEY, max_size=4), due=DAYS)
def test_what_is_open_is_what_was_asked_less_what_came_in_any_order(
    gross: int, credited: int, payments: list[int], due: str | None
) -> None:
    found = {
        standing(gross=gross, credited=credited, paid=sum(each), due_on=due, today=TODAY)
        for each in permutations(payments)
    }
    [stands] = found
    assert stands.open == gross + credited - sum(payments)
    assert stands.state in WORDS
    assert (stands.state in ("open", "part_paid", "overdue")) == (stands.open > 0 and not _given_back(gross, credited))


def _given_back(gross: int, credited: int) -> bool:
    return bool(credited) and gross + credited <= 0


@given(gross=st.integers(1, 10**9), paid=st.integers(0, 10**9), due=DAYS)
def test_overdue_only_after_the_day_and_only_while_something_is_open(gross: int, paid: int, due: str | None) -> None:
    stands = standing(gross=gross, credited=0, paid=paid, due_on=due, today=TODAY)
    assert (stands.state == "overdue") == (due == "2026-11-21" and paid < gross)
    assert (stands.state == "paid") == (paid >= gross)


@given(gross=MONEY, paid=MONEY, due=DAYS)
def test_a_void_paper_asks_for_nothing(gross: int, paid: int, due: str | None) -> None:
    stands = standing(gross=gross, credited=0, paid=paid, due_on=due, today=TODAY, void=True)
    assert (stands.state, stands.open) == ("void", -paid)
    assert standing(gross=gross, credited=0, paid=0, due_on=due, today=TODAY, credit=True).open == 0
