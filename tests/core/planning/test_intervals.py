"""Stretches of time, against minutes counted one by one."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.planning.intervals import Span, both, length, meet, merged, without

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def minutes(some: list[Span] | tuple[Span, ...]) -> set[int]:
    return {minute for start, end in some for minute in range(start, end)}


@given(spans)
def test_merged_has_the_same_minutes_sorted_and_apart(some: list[Span]) -> None:
    found = merged(some)
    assert minutes(found) == minutes(some)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found)), "they do not even touch"
    assert all(start < end for start, end in found)
    assert length(some) == len(minutes(some))


@given(spans, spans)
def test_both_and_without_are_those_of_the_minutes(some: list[Span], others: list[Span]) -> None:
    assert minutes(both(some, others)) == minutes(some) & minutes(others)
    assert minutes(without(some, others)) == minutes(some) - minutes(others)


def test_what_only_touches_does_not_meet() -> None:
    assert not meet((0, 10), (10, 20))
    assert meet((0, 11), (10, 20))
