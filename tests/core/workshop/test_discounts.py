"""Percentages off are of what is charged beside them, now: whatever was added, changed or declined since."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workshop.discounts import amounts_off, priced_together
from core.workshop.estimates import decide, decide_all, estimate
from core.workshop.invoice_findings import invoice_findings
from core.workshop.invoice_reading import get_content
from core.workshop.invoiceable import propose_invoice
from core.workshop.invoices import credit_invoice, issue_invoice
from core.workshop.lines import change_line, create_line, delete_line, list_lines, take_off
from core.workshop.orders import create_repair_order
from core.workshop.totals import PricedLine, totals
from tests.core.people.desk import Desk


@dataclass(frozen=True)
class Row(PricedLine):
    id: str = "x"
    percent_off: int | None = None


def share(percent: int, rate: int, id_: str = "d") -> Row:
    return Row("discount", None, None, rate, None, id_, percent)


def test_ten_percent_of_each_rate_rounded_once() -> None:
    charged = [Row("labour", 1_000, 10_000, 1900), Row("fee", 1_000, 333, 700), Row("fee", 1_000, 0)]
    rows = [*charged, share(1_000, 1900, "a"), share(1_000, 700, "b"), share(1_000, 0, "c")]
    assert amounts_off(rows) == {"a": 1_000, "b": 33, "c": 0}
    after = totals(priced_together(rows))
    assert (after.discount, after.net) == (-1_033, 9_300)


def test_half_a_minor_unit_is_rounded_away_from_nought() -> None:
    assert amounts_off([Row("fee", 1_000, 5), share(1_000, 0)]) == {"d": 1}
    assert amounts_off([Row("fee", 1_000, 4), share(1_000, 0)]) == {"d": 0}


LINES = st.lists(
    st.builds(
        Row,
        kind=st.sampled_from(["labour", "part", "discount", None]),
        quantity=st.none() | st.integers(0, 20_000),
        unit_price=st.none() | st.integers(-50_000, 500_000),
        tax_rate=st.sampled_from([None, 0, 700, 1900]),
    ),
    max_size=8,
)


@given(LINES, st.lists(st.tuples(st.integers(1, 10_000), st.sampled_from([0, 700, 1900])), min_size=1, max_size=4))
def test_percentages_never_take_off_more_than_there_is(lines: list[Row], off: list[tuple[int, int]]) -> None:
    shares = [share(percent, rate, str(at)) for at, (percent, rate) in enumerate(off)]
    before = {each.rate: each.net for each in totals(lines).taxes}
    for each in totals(priced_together([*lines, *shares])).taxes:
        assert min(0, before.get(each.rate, 0)) <= each.net <= before.get(each.rate, 0)


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def fee(desk: Desk, order: str, price: int, rate: int = 1_900) -> str:
    line = {"order_id": order, "kind": "fee", "description": "x", "unit_price": price, "tax_rate": rate}
    return desk.do(create_line, line).id


def test_what_is_declined_after_the_discount_was_given_takes_its_part_of_it_along(desk: Desk, order: str) -> None:
    small, large = fee(desk, order, 10_000), fee(desk, order, 990_000)
    (discount,) = desk.do(take_off, order, 1_000, "Loyal customer")
    assert discount.unit_price == -100_000
    found = desk.do(decide, order, [(small, "approved"), (large, "declined")], {})
    assert (found.wanted.net, found.approved.net) == (9_000, 10_000)
    proposal = desk.see(propose_invoice, order)
    assert (proposal.sums.net, proposal.approved) == (9_000, (small, discount.id))
    assert [each.unit_price for each in desk.see(list_lines, order)] == [10_000, 990_000, -1_000]
    assert desk.do(issue_invoice, order).net == 9_000


def test_what_is_added_later_is_dearer_by_less_at_its_own_rate_too(desk: Desk, order: str) -> None:
    fee(desk, order, 10_000)
    desk.do(take_off, order, 1_000, "Loyal customer")
    fee(desk, order, 5_000)
    book = fee(desk, order, 2_000, 700)
    assert desk.see(estimate, order).everything.net == 15_300
    shares = [each for each in desk.see(list_lines, order) if each.percent_off]
    assert [(each.tax_rate, each.unit_price) for each in shares] == [(1_900, -1_500), (700, -200)]
    desk.do(delete_line, shares[1].id)
    desk.do(change_line, book, {"unit_price": 3_000})
    assert desk.see(estimate, order).everything.net == 16_500, "what was taken away for one rate stays away"


def test_each_invoice_of_an_order_has_its_share_and_a_credit_note_gives_it_back(desk: Desk, order: str) -> None:
    first, second = fee(desk, order, 10_000), fee(desk, order, 20_000)
    (discount,) = desk.do(take_off, order, 1_000, "Loyal customer")
    desk.do(decide_all, order, "approved", {})
    one = desk.do(issue_invoice, order, line_ids=[first, discount.id])
    assert desk.see(propose_invoice, order).sums.net == 18_000
    two = desk.do(issue_invoice, order)
    assert (one.net, two.net) == (9_000, 18_000)
    content = desk.see(get_content, two.id)
    assert [(each.id, each.net, each.percent_off) for each in content.lines] == [
        (second, 20_000, None),
        (discount.id, -2_000, 1_000),
    ]
    assert desk.see(invoice_findings) == ()
    assert set(desk.problems(issue_invoice, order)) == {"line_ids"}, "nothing is left"
    assert desk.do(credit_invoice, two.id).net == -18_000


def test_all_of_it_off_is_an_invoice_over_nothing_even_with_an_amount_off(desk: Desk, order: str) -> None:
    fee(desk, order, 10_000)
    off = {"order_id": order, "kind": "discount", "description": "Goodwill", "unit_price": -500, "tax_rate": 1_900}
    desk.do(create_line, off)
    desk.do(take_off, order, 10_000, "Warranty")
    desk.do(decide_all, order, "approved", {})
    assert desk.do(issue_invoice, order).gross == 0


def test_a_yes_to_a_percentage_holds_while_it_is_the_same_percentage(desk: Desk, order: str) -> None:
    line = fee(desk, order, 10_000)
    (discount,) = desk.do(take_off, order, 1_000, "Loyal customer")
    desk.do(decide_all, order, "approved", {})
    desk.do(change_line, line, {"unit_price": 5_000})
    assert {each.line.id: each.state for each in desk.see(estimate, order).lines}[discount.id] == "approved"
    desk.do(change_line, discount.id, {"percent_off": 500})
    assert {each.line.id: each.state for each in desk.see(estimate, order).lines}[discount.id] == "changed"


def test_what_is_no_percentage_is_refused(desk: Desk, order: str) -> None:
    assert set(desk.problems(take_off, order, 1_000, "x")) == {"percent"}, "of nothing"
    line = fee(desk, order, 10_000)
    assert set(desk.problems(change_line, line, {"percent_off": 1_000})) == {"percent_off"}
    off = {"order_id": order, "kind": "discount", "description": "x", "percent_off": 1_000}
    assert set(desk.problems(create_line, {**off, "unit_price": -500})) == {"unit_price"}
    desk.do(take_off, order, 6_000, "x")
    assert set(desk.problems(take_off, order, 4_001, "x")) == {"percent"}


def test_it_takes_one_more_statement(desk: Desk, order: str) -> None:
    fee(desk, order, 10_000)
    desk.do(take_off, order, 1_000, "x")
    assert len(desk.statements(list_lines, order)) == 3
