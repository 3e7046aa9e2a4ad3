"""Numbers of repair orders: two terminals that cannot see each other never give the same."""

import re
from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.workshop.models import NumberSeries, RepairOrder
from core.workshop.numbers import FIRST, LAST, drawn_suffix, suffix
from core.workshop.orders import create_repair_order, list_repair_orders
from tests.core.people.desk import Desk, desk_at, meet


def number(desk: Desk) -> str:
    return str(desk.do(create_repair_order, {"complaint": "x"}).number)


def test_they_count_on_and_bear_the_suffix_of_the_terminal(desk: Desk) -> None:
    first, second = number(desk), number(desk)
    assert re.fullmatch(rf"{FIRST}-[A-Z][A-Z2-9]{{3}}", first)
    assert second == first.replace(str(FIRST), str(FIRST + 1))


def test_two_terminals_apart_give_different_ones_and_count_on_from_the_largest(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    given_here = [number(here) for _ in range(20)]
    given_there = [number(there) for _ in range(5)]
    assert not set(given_here) & set(given_there)
    meet(here, there)
    assert number(there).startswith(f"{FIRST + 20}-")


def test_a_restored_backup_is_another_site_and_gives_other_numbers(desk: Desk) -> None:
    before = number(desk)
    desk.records.new_epoch("a backup was restored")
    after = number(desk)
    assert before.partition("-")[2] != after.partition("-")[2]
    assert number(desk).partition("-")[2] == after.partition("-")[2]


def test_two_sites_that_drew_the_same_suffix_part_as_soon_as_they_meet(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    for desk in two_desks:
        claim = NumberSeries(site=desk.records.site, suffix="BBBB")
        desk.records.change("system", partial(Session.add, instance=claim))
    assert number(here).endswith("-BBBB")
    assert number(there).endswith("-BBBB"), "alone it cannot know"
    meet(here, there)
    ends = {number(here).partition("-")[2], number(there).partition("-")[2]}
    assert len(ends) == 2
    assert "BBBB" in ends, "the one that wrote it down first keeps it"


def test_a_suffix_that_is_taken_is_not_drawn(desk: Desk) -> None:
    wanted = drawn_suffix(desk.records.site)
    desk.records.change("system", lambda session: session.add(NumberSeries(site="f" * 16, suffix=wanted)))
    assert desk.records.change("system", suffix).value == drawn_suffix(desk.records.site, 1)


def test_a_number_from_a_fault_does_not_raise_the_others(desk: Desk) -> None:
    desk.records.change("system", lambda session: session.add(RepairOrder(sequence=1 << 62, number="4611-X")))
    assert number(desk).startswith(f"{FIRST}-")
    desk.records.change("system", lambda session: session.add(RepairOrder(sequence=LAST - 1, number="x")))
    assert number(desk).startswith(f"{LAST}-")


@given(st.text("0123456789abcdef", min_size=16, max_size=16), st.integers(0, 5))
def test_a_suffix_makes_no_words_and_is_read_aloud_without_doubt(site: str, attempt: int) -> None:
    drawn = drawn_suffix(site, attempt)
    assert re.fullmatch("[BCDFGHJKMNPQRSTVWXYZ][BCDFGHJKMNPQRSTVWXYZ2-9]{3}", drawn)
    assert drawn == drawn_suffix(site, attempt)


def test_twenty_terminals_that_never_met_give_no_number_twice() -> None:
    desks = [desk_at(seed=seed) for seed in range(20)]
    try:
        given = [number(desk) for desk in desks for _ in range(3)]
        assert len(set(given)) == len(given)
        assert len(desks[0].see(list_repair_orders).items) == 3
    finally:
        for desk in desks:
            desk.records.close()
