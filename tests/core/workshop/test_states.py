"""Who may move a repair order from where to where: all 90 moves, for all eight roles."""

import pytest

from core.people.roles import Role
from core.workshop.states import BEGINNINGS, MOVES, RANKS, WORDS, Status, may_move, moves_from

DESK = {Role.OWNER, Role.MANAGER, Role.ADVISER}
NOBODY = {Role.VIEWER, Role.CUSTOMER, Role.DEVICE}

# What a technician may do: from (row) to (column), in the order of the board:
#                     Bo Ar Di Ap Pa Wo Ch Re De
TECHNICIAN = """
booked              .  x  .  .  .  .  .  .  .
arrived             x  .  x  .  .  x  .  .  .
diagnosing          .  x  .  x  x  x  .  .  .
awaiting_approval   .  .  x  .  x  x  .  .  .
awaiting_parts      .  .  x  x  .  x  .  .  .
in_progress         .  .  x  x  x  .  x  .  .
quality_check       .  .  .  .  .  x  .  x  .
ready               .  .  .  .  .  x  x  .  .
delivered           .  .  .  .  .  .  .  .  .
"""
PARTS = {
    ("awaiting_approval", "awaiting_parts"),
    ("awaiting_parts", "awaiting_approval"),
    ("awaiting_parts", "in_progress"),
    ("in_progress", "awaiting_parts"),
}


def allowed(table: str) -> set[tuple[str, str]]:
    found = set()
    for row in table.strip().splitlines():
        start, *marks = row.split()
        found |= {(start, end.value) for end, mark in zip(Status, marks, strict=True) if mark == "x"}
    return found


@pytest.mark.parametrize("start", Status)
@pytest.mark.parametrize("end", Status)
def test_every_move_by_every_role(start: Status, end: Status) -> None:
    if start == end:
        assert all(may_move(role, start, end) for role in Role), "to stay is no move"
        return
    handed_over = Status.DELIVERED in (start, end)
    at_desk = {start, end} == {Status.READY, Status.DELIVERED} if handed_over else True
    for role in DESK:
        assert may_move(role, start, end) == at_desk
    assert may_move(Role.TECHNICIAN, start, end) == ((start.value, end.value) in allowed(TECHNICIAN))
    assert may_move(Role.PARTS, start, end) == ((start.value, end.value) in PARTS)
    assert not any(may_move(role, start, end) for role in NOBODY)


def test_every_state_has_words_a_rank_and_a_way_in_and_out() -> None:
    assert set(WORDS) == set(Status) == set(RANKS)
    assert [RANKS[status] for status in Status] == list(range(1, 10)), "of two, the one further on is shown"
    for status in Status:
        assert any(end is status for _, end in MOVES)
        assert any(start is status for start, _ in MOVES)


def test_an_order_begins_anywhere_but_delivered() -> None:
    assert set(BEGINNINGS) == set(Status) - {Status.DELIVERED}
    assert may_move(Role.ADVISER, None, "ready")
    assert may_move(Role.TECHNICIAN, None, "arrived")
    assert not may_move(Role.TECHNICIAN, None, "ready")
    assert may_move(Role.PARTS, None, "booked")
    assert not may_move(Role.VIEWER, None, "booked")


def test_an_order_in_a_state_of_a_newer_program_can_be_brought_back() -> None:
    assert may_move(Role.ADVISER, "waiting_for_godot", "in_progress")
    assert not may_move(Role.ADVISER, "waiting_for_godot", "delivered")


def test_the_menu_shows_what_may_be_done() -> None:
    assert moves_from(Role.ADVISER, "delivered") == (Status.READY,)
    assert moves_from(Role.VIEWER, "booked") == ()
    assert Status.IN_PROGRESS in moves_from(Role.PARTS, "awaiting_parts")
