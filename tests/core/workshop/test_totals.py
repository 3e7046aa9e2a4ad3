"""What lines come to: worked out by hand, and for all lines there can be."""

import ast
import inspect
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workshop import totals as module
from core.workshop.totals import PricedLine, TaxOfRate, Totals, cost_of, net_of, rounded, totals

LINES = st.lists(
    st.builds(
        PricedLine,
        kind=st.sampled_from(["labour", "part", "sublet", "fee", "discount", "of a newer program", None]),
        quantity=st.none() | st.integers(0, 10**9),
        unit_price=st.none() | st.integers(-(10**12), 10**12),
        tax_rate=st.none() | st.sampled_from([0, 700, 810, 1900, 2000, 825]),
        unit_cost=st.none() | st.integers(0, 10**9),
    ),
    max_size=20,
)


@pytest.mark.parametrize(
    ("amount", "by", "result"),
    [(1500, 1000, 2), (-1500, 1000, -2), (1499, 1000, 1), (-1499, 1000, -1), (500, 1000, 1), (-500, 1000, -1),
     (0, 7, 0),
     (5, 3, 2), (4, 3, 1), (-4, 3, -1)],
)  # fmt: skip
def test_half_is_rounded_away_from_zero(amount: int, by: int, result: int) -> None:
    assert rounded(amount, by) == result


def test_a_job_worked_out_by_hand() -> None:
    lines = [
        PricedLine("labour", 1_500, 9_800, 1900),  # 147.00
        PricedLine("part", 2_000, 4_599, 1900, 2_810),  # 91.98, cost 56.20
        PricedLine("part", 4_333, 1_095, 1900, 540),  # 4.333 l at 10.95: 47.44635 -> 47.45, cost 23.3982 -> 23.40
        PricedLine("fee", 1_000, 250, 700),  # 2.50
        PricedLine("discount", 1_000, -1_000, 1900),  # -10.00
    ]
    found = totals(lines)
    assert found == Totals(
        net=27_893,
        taxes=(TaxOfRate(700, 250, 18), TaxOfRate(1900, 27_643, 5_252)),  # 17.5 -> 18; 5252.17
        tax=5_270,
        gross=33_163,
        discount=-1_000,
        cost=7_960,
        labour=14_700,
        parts=13_943,
        other=250,
    )


def test_tax_is_of_the_sum_and_not_of_each_line() -> None:
    lines = [PricedLine("part", 1_000, 3, 1900)] * 10  # 0.57 each would be 1 each, 10 in all
    assert totals(lines).tax == 6  # 19 % of 30 is 5.7


def test_nothing_comes_to_nothing() -> None:
    assert totals([]) == Totals()
    assert totals([PricedLine(None, None, None)]).gross == 0
    assert net_of(PricedLine("part", None, 500)) == 500, "one, as in the store"


@given(LINES)
def test_the_parts_are_the_whole(lines: list[PricedLine]) -> None:
    found = totals(lines)
    assert found.net == found.labour + found.parts + found.other + found.discount
    assert found.net == sum(each.net for each in found.taxes) == sum(map(net_of, lines))
    assert found.tax == sum(each.tax for each in found.taxes)
    assert found.gross == found.net + found.tax
    assert found.cost == sum(map(cost_of, lines))
    assert [each.rate for each in found.taxes] == sorted({line.tax_rate or 0 for line in lines})


@given(LINES, st.integers(0, 2**32))
def test_lines_come_to_the_same_in_any_order(lines: list[PricedLine], seed: int) -> None:
    shuffled = list(lines)
    random.Random(seed).shuffle(shuffled)
    assert totals(shuffled) == totals(lines)


@given(LINES)
def test_a_credit_note_is_the_paper_with_the_other_sign(lines: list[PricedLine]) -> None:
    back = [PricedLine(each.kind, each.quantity, -(each.unit_price or 0), each.tax_rate) for each in lines]
    there, again = totals(lines), totals(back)
    assert (there.net + again.net, there.tax + again.tax, there.gross + again.gross) == (0, 0, 0)


@given(LINES)
def test_no_rounding_is_off_by_more_than_half_a_minor_unit(lines: list[PricedLine]) -> None:
    for line in lines:
        exact = Fraction((1000 if line.quantity is None else line.quantity) * (line.unit_price or 0), 1000)
        assert abs(net_of(line) - exact) <= Fraction(1, 2)
    for each in totals(lines).taxes:
        assert abs(each.tax - Fraction(each.net * each.rate, 10_000)) <= Fraction(1, 2)


@given(LINES)
def test_every_number_is_whole(lines: list[PricedLine]) -> None:
    found = totals(lines)
    numbers = [found.net, found.tax, found.gross, found.discount, found.cost, found.labour, found.parts, found.other]
    numbers += [number for each in found.taxes for number in (each.rate, each.net, each.tax)]
    assert all(type(number) is int for number in numbers)


def test_there_is_no_float_and_no_division_that_makes_one() -> None:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        assert not isinstance(node, ast.Div)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
