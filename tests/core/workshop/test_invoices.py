"""Invoices: issued from what was approved, frozen, corrected by credit notes, declared void, never deleted."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.people.customers import change_customer
from core.people.roles import Actor, Denied, Role
from core.records.input import NotFound, Refused
from core.records.operations import Operation, encode
from core.records.rows import hide
from core.workshop.estimates import decide
from core.workshop.invoice_content import Content, read, written
from core.workshop.invoice_models import Invoice, InvoiceNumber, InvoiceVoid, Payment
from core.workshop.invoice_reading import InvoiceView, credit_notes, get_content, get_invoice, list_invoices
from core.workshop.invoiceable import propose_invoice
from core.workshop.invoices import credit_invoice, issue_invoice, void_invoice
from core.workshop.lines import change_line
from core.workshop.payments import record_payment
from core.workshop.shop import change_shop
from tests.core.people.desk import NOBODY, Desk, desk_at
from tests.core.workshop.billing import LINES, order_with_lines

DISCOUNT = {"kind": "discount", "description": "Loyal customer", "unit_price": -500, "tax_rate": 1_900}


def test_what_was_approved_is_invoiced_and_what_was_not_is_not(desk: Desk) -> None:
    order, (labour, pads, fluid) = order_with_lines(desk, said="ad-")
    made = desk.do(issue_invoice, order)
    content = desk.see(get_content, made.id)
    assert [line.id for line in content.lines] == [labour]
    assert (made.net, made.tax, made.gross) == (13_500, 2_565, 16_065)
    proposal = desk.see(propose_invoice, order)
    assert {each.line.id: each.state for each in proposal.candidates} == {
        labour: "invoiced", pads: "declined", fluid: "undecided",
    }  # fmt: skip
    assert (proposal.approved, proposal.undecided) == ((), (fluid,))


def test_a_line_without_a_decision_is_taken_only_when_named_and_a_declined_one_never(desk: Desk) -> None:
    order, (labour, pads, fluid) = order_with_lines(desk, said="ad-")
    wrong = desk.problems(issue_invoice, order, line_ids=[labour, pads, NOBODY])["line_ids"]
    assert NOBODY in wrong
    made = desk.do(issue_invoice, order, line_ids=[fluid, labour])
    assert [line.id for line in desk.see(get_content, made.id).lines] == [labour, fluid], "as they stand on the order"
    assert set(desk.problems(issue_invoice, order, line_ids=[fluid])) == {"line_ids"}, "it is on one already"
    assert set(desk.problems(issue_invoice, order)) == {"line_ids"}, "nothing is left"
    assert set(desk.problems(issue_invoice, order, line_ids=[])) == {"line_ids"}


def test_the_last_word_about_a_line_counts(desk: Desk) -> None:
    order, (labour, *_) = order_with_lines(desk, said="d--")
    desk.do(decide, order, [(labour, "approved")], {})
    assert desk.see(propose_invoice, order).approved == (labour,)
    desk.do(change_line, labour, {"unit_price": 99_000})
    assert desk.see(propose_invoice, order).approved == (), "they agreed to another price"
    desk.do(decide, order, [(labour, "approved")], {})
    desk.do(decide, order, [(labour, "asked")], {})
    assert desk.see(propose_invoice, order).approved == ()


def test_a_discount_needs_nobodys_yes_but_is_no_invoice_by_itself(desk: Desk) -> None:
    order, ids = order_with_lines(desk, (*LINES, DISCOUNT), said="a--")
    assert desk.see(propose_invoice, order).approved == (ids[0], ids[3])
    alone, _ = order_with_lines(desk, (DISCOUNT,), said="")
    assert set(desk.problems(issue_invoice, alone)) == {"line_ids"}
    assert set(desk.problems(issue_invoice, alone, line_ids=desk.see(propose_invoice, alone).approved)) == {"line_ids"}


def test_tax_is_of_the_sum_of_each_rate(desk: Desk) -> None:
    order, _ = order_with_lines(desk)
    made = desk.do(issue_invoice, order)
    sums = desk.see(get_content, made.id).sums
    assert [(each.rate, each.net, each.tax) for each in sums.taxes] == [(700, 334, 23), (1_900, 21_495, 4_084)]
    assert (made.net, made.tax, made.gross) == (21_829, 4_107, 25_936)


def test_what_is_printed_is_frozen(desk: Desk) -> None:
    desk.do(change_shop, {"name": "Ott & Sons", "address": "Hof 2", "currency": "CHF", "payment_days": 30})
    order, (labour, *_) = order_with_lines(desk)
    made = desk.do(issue_invoice, order, remark="Thank you\nfor waiting", performed_on="2026-11-01")
    before = desk.see(get_content, made.id)
    assert before.shop["name"] == "Ott & Sons"
    assert before.customer["address"] == "Ring 1\n80331 München"
    assert (before.vehicle["plate"], before.order["odometer_in"], before.currency) == ("M-OT 1", 84_210, "CHF")
    assert (before.performed_on, before.remark) == ("2026-11-01", "Thank you\nfor waiting")
    assert before.issued_on is not None
    assert made.due_on is not None
    assert made.due_on > before.issued_on
    desk.do(change_shop, {"name": "Other", "currency": "EUR"})
    desk.do(change_customer, made.customer_id or "", {"name": "Ada Berg", "address": "Elsewhere"})
    desk.do(change_line, labour, {"unit_price": 1})
    assert desk.see(get_content, made.id) == before
    after = desk.see(get_invoice, made.id)
    assert (after.customer_name, after.gross, after.currency) == ("Ada Ott", made.gross, "CHF")


def test_who_may_not_is_refused_and_input_is_checked(desk: Desk) -> None:
    order, _ = order_with_lines(desk)
    for role in (Role.TECHNICIAN, Role.PARTS, Role.VIEWER):
        with pytest.raises(Denied):
            desk.as_(role).do(issue_invoice, order)
    with pytest.raises(NotFound):
        desk.do(issue_invoice, NOBODY)
    wrong = {"due_on": "soon", "performed_on": 7, "remark": ["x"], "line_ids": [NOBODY]}
    assert set(desk.problems(issue_invoice, order, **wrong)) == set(wrong)  # type: ignore[arg-type]
    assert set(desk.problems(issue_invoice, order, due_on="2020-01-01")) == {"due_on"}
    made = desk.as_(Role.ADVISER).do(issue_invoice, order)
    assert made.issued_by_name == "A adviser"
    with pytest.raises(Denied):
        desk.as_(Role.ADVISER).do(void_invoice, made.id, "a mistake")


# What is issued stays -------------------------------------------------------------------------------------------------


def test_deleting_is_impossible(desk: Desk) -> None:
    order, _ = order_with_lines(desk)
    made = desk.do(issue_invoice, order)
    paid = desk.do(record_payment, {"invoice_id": made.id, "amount": 100, "way": "cash"})
    numbers = desk.see(lambda session: [row.id for row in session.query(InvoiceNumber)])

    def hidden(session: Session, _actor: Actor, model: type[Any], id_: str) -> None:
        hide(session, model, id_)

    for model, id_ in ((Invoice, made.id), (Payment, paid.id), (InvoiceNumber, numbers[0])):
        with pytest.raises(Refused, match="never deleted"):
            desk.do(hidden, model, id_)
    assert desk.see(get_invoice, made.id).paid == 100
    with pytest.raises(Refused):
        InvoiceVoid(deleted_at=1)


def test_one_that_arrives_hidden_counts_all_the_same(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    order, _ = order_with_lines(here)
    made = here.do(issue_invoice, order)
    here.do(change_shop, {"name": "Later"})
    *known, before, last = here.records.page({}).transactions
    hiding = encode([Operation("invoices", made.id, {"deleted_at": 5}, {})])
    forged = replace(last, operations=hiding).chained(before.chain)
    there.records.apply([*known, before, forged])
    with there.records.read() as session:
        assert session.get_one(Invoice, made.id).deleted_at == 5, "a sync is never refused"
    assert there.see(get_invoice, made.id).gross == made.gross
    assert [each.id for each in there.see(list_invoices).items] == [made.id]
    assert set(there.problems(issue_invoice, order)) == {"line_ids"}


def test_void_stays_with_number_and_reason_and_its_lines_are_free_again(desk: Desk) -> None:
    order, _ = order_with_lines(desk)
    made = desk.do(issue_invoice, order)
    assert set(desk.problems(void_invoice, made.id, "  ")) == {"reason"}
    gone = desk.do(void_invoice, made.id, "wrong customer")
    assert (gone.state, gone.open, gone.number, gone.void_reason) == ("void", 0, made.number, "wrong customer")
    assert desk.problems(void_invoice, made.id, "again")
    again = desk.do(issue_invoice, order)
    assert (again.number, again.gross) == ("1002", made.gross)


def test_what_was_paid_or_credited_is_not_declared_void(desk: Desk) -> None:
    order, ids = order_with_lines(desk)
    made = desk.do(issue_invoice, order)
    desk.do(record_payment, {"invoice_id": made.id, "amount": 100, "way": "cash"})
    assert desk.problems(void_invoice, made.id, "x")
    desk.do(record_payment, {"invoice_id": made.id, "amount": -100, "way": "cash"})
    note = desk.do(credit_invoice, made.id, line_ids=ids[:1])
    assert desk.problems(void_invoice, made.id, "x")
    desk.do(void_invoice, note.id, "x")
    assert desk.do(void_invoice, made.id, "x").state == "void"


# Credit notes ---------------------------------------------------------------------------------------------------------


def test_a_credit_note_of_everything_is_the_invoice_with_the_other_sign(desk: Desk) -> None:
    order, ids = order_with_lines(desk)
    made = desk.do(issue_invoice, order)
    note = desk.do(credit_invoice, made.id, remark="Complaint")
    assert (note.kind, note.corrects_id, note.corrects_number) == ("credit_note", made.id, "1001")
    assert (note.net, note.tax, note.gross, note.cost) == (-made.net, -made.tax, -made.gross, -made.cost)
    assert (note.state, note.number) == ("issued", "1002"), "of the same series"
    after = desk.see(get_invoice, made.id)
    assert (after.state, after.open, after.credited) == ("credited", 0, -made.gross)
    assert desk.see(credit_notes, made.id) == (note,)
    assert set(desk.problems(credit_invoice, made.id)) == {"line_ids"}
    assert desk.problems(credit_invoice, note.id)
    assert desk.see(propose_invoice, order).approved == tuple(ids), "what was given back can be charged again"


def test_lines_are_credited_one_by_one_and_nothing_is_left_over(desk: Desk) -> None:
    lines = tuple({"kind": "part", "description": "x", "unit_price": 33, "tax_rate": 1_900} for _ in range(7))
    order, ids = order_with_lines(desk, lines, said="a" * 7)
    made = desk.do(issue_invoice, order)
    for line in ids:
        desk.do(credit_invoice, made.id, line_ids=[line])
        assert "line_ids" in desk.problems(credit_invoice, made.id, line_ids=[line])
    after = desk.see(get_invoice, made.id)
    assert (after.open, after.credited, after.state) == (0, -made.gross, "credited")
    notes = desk.see(credit_notes, made.id)
    assert sum(each.tax for each in notes) == -made.tax
    assert all(each.net + each.tax == each.gross for each in notes)


# Lists ----------------------------------------------------------------------------------------------------------------


def test_papers_are_found_by_how_they_stand(desk: Desk) -> None:
    made: dict[str, InvoiceView] = {}
    for name in ("open", "late", "part", "paid", "void", "credited"):
        order, _ = order_with_lines(desk, name=name)
        made[name] = desk.do(issue_invoice, order)
    day = made["open"].issued_on
    pay = {"way": "card", "invoice_id": made["paid"].id, "amount": made["paid"].gross}
    desk.do(record_payment, pay)
    desk.do(record_payment, {**pay, "invoice_id": made["part"].id, "amount": 1})
    desk.do(void_invoice, made["void"].id, "x")
    note = desk.do(credit_invoice, made["credited"].id)

    def names(**wanted: Any) -> list[str]:
        return [each.customer_name or "" for each in desk.see(list_invoices, **wanted).items]

    assert names(kind="invoice") == list(reversed(made))
    assert names(kind="credit_note") == ["credited"]
    assert names(only="open") == ["part", "late", "open"]
    assert names(only="overdue") == []
    assert names(only="settled") == ["credited", "paid"]
    assert names(only="void") == ["void"]
    assert names(only="without_number") == []
    assert names(number=f" {note.number} ") == ["credited"]
    assert names(customer_id=made["late"].customer_id) == ["late"]
    assert len(names(since=day, until=day)) == 7
    assert names(until="2020-01-01") == []
    assert names(sort="oldest", limit=2) == ["open", "late"]
    wrongs: tuple[dict[str, Any], ...] = ({"only": "lost"}, {"since": "x"}, {"sort": "x"}, {"after": "x"})
    for wrong in wrongs:
        with pytest.raises(Refused):
            desk.see(list_invoices, **wrong)


def test_a_page_takes_the_same_few_questions_whatever_its_length(desk: Desk) -> None:
    for _ in range(12):
        order, _ = order_with_lines(desk)
        desk.do(issue_invoice, order)
    few, many = (len(desk.statements(list_invoices, limit=limit, only="open")) for limit in (3, 12))
    assert few == many == 7


def test_all_of_it_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        orders = [order_with_lines(desk)[0] for _ in range(3)]
        made = [desk.do(issue_invoice, order) for order in orders]
        desk.do(record_payment, {"invoice_id": made[0].id, "amount": made[0].gross, "way": "cash"})
        desk.do(credit_invoice, made[1].id)
        assert [each.id for each in desk.see(list_invoices, only="open").items] == [made[2].id]
        for sort in ("newest", "oldest", "due"):
            first = desk.see(list_invoices, sort=sort, limit=2)
            second = desk.see(list_invoices, sort=sort, limit=2, after=first.after)
            assert len({each.id for each in (*first.items, *second.items)}) == 4
    finally:
        desk.records.close()


# Reading never fails --------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PARTS = st.dictionaries(st.sampled_from(["lines", "sums", "shop", "currency", "taxes", "kind", "issued_on"]), JSON)


@given(PARTS | JSON)
@settings(max_examples=200, deadline=None)
def test_whatever_was_kept_is_read(found: object) -> None:
    assert isinstance(read(json.dumps(found)), Content)


def test_nonsense_is_read_and_what_was_written_comes_back(desk: Desk) -> None:
    assert read(None) == read("{") == read("[" * 100_000) == Content()
    order, _ = order_with_lines(desk)
    content = desk.see(get_content, desk.do(issue_invoice, order).id)
    assert read(written(content)) == content
