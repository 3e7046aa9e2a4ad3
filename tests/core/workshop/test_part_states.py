"""How far the parts of an order are, as a card shows it."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.workshop.estimate_models import LineDecision
from core.workshop.lines import create_line, delete_line
from core.workshop.models import RepairOrderLine
from core.workshop.orders import create_repair_order
from core.workshop.part_states import PartBadge, PartState, bring_on, part_badges, set_back, set_part_state
from core.workshop.parts_models import Part, StockMove
from tests.core.people.desk import NOBODY, Desk, meet


def order_with(desk: Desk, *states: str | None) -> tuple[str, list[str]]:
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    lines = [line_of(desk, order) for _ in states]
    for line, state in zip(lines, states, strict=True):
        if state is not None:
            desk.do(set_part_state, line, state)
    return order, lines


def line_of(desk: Desk, order: str, kind: str = "part") -> str:
    return desk.do(create_line, {"order_id": order, "kind": kind, "description": "Pads"}).id


def badge(desk: Desk, order: str) -> PartBadge | None:
    return desk.see(part_badges, [order]).get(order)


def test_the_part_that_is_least_far_is_what_the_card_shows(desk: Desk) -> None:
    for states, shown in (
        (("here", None), PartState.NOT_ORDERED),
        (("here", "on_the_way", "fitted"), PartState.ON_THE_WAY),
        (("here", "fitted"), PartState.HERE),
        (("fitted",), PartState.FITTED),
    ):
        found = badge(desk, order_with(desk, *states)[0])
        assert found is not None
        assert (found.state, found.count) == (shown, len(states))


def test_only_lines_that_take_a_part_count(desk: Desk) -> None:
    order, (gone, declined, asked) = order_with(desk, None, None, None)
    line_of(desk, order, "labour")
    desk.do(delete_line, gone)

    def say(line: str, decision: str, at: int) -> None:
        said = LineDecision(order_id=order, line_id=line, decision=decision, decided_at=at)
        desk.records.change("system", lambda session: session.add(said))

    say(declined, "declined", 1)
    say(asked, "declined", 1)
    say(asked, "approved", 2)
    assert badge(desk, order) == PartBadge(not_ordered=1)
    say(asked, "declined", 3)
    assert badge(desk, order) is None
    assert PartBadge().state is None


def test_a_line_that_says_nothing_is_here_when_the_store_has_enough(desk: Desk) -> None:
    part = "01890000-0000-7000-8000-0000000000aa"
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    line = RepairOrderLine(order_id=order, kind="part", part_id=part, quantity=2000)
    desk.records.change("system", lambda session: session.add_all([Part(id=part, number="1"), line]))
    moved = [StockMove(part_id=part, quantity=each) for each in (1000, 1000)]
    desk.records.change("system", lambda session: session.add(moved[0]))
    assert badge(desk, order) == PartBadge(not_ordered=1)
    desk.records.change("system", lambda session: session.add(moved[1]))
    assert badge(desk, order) == PartBadge(here=1)


def test_rows_of_a_newer_program_are_read(desk: Desk) -> None:
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    rows = [RepairOrderLine(order_id=order, kind="part", part_state="in_orbit"), RepairOrderLine(kind="part")]
    desk.records.change("system", lambda session: session.add_all(rows))
    assert badge(desk, order) == PartBadge(not_ordered=1)


def test_one_statement_for_any_number_of_orders(desk: Desk) -> None:
    orders = [order_with(desk, "here", None)[0] for _ in range(5)]
    assert len(desk.statements(part_badges, orders[:1])) == 1
    assert len(desk.statements(part_badges, orders)) == 1
    assert desk.statements(part_badges, []) == []
    assert set(desk.see(part_badges, orders)) == set(orders)


def test_a_part_comes_nearer_and_is_set_back_but_never_passes_itself(desk: Desk) -> None:
    order, (line,) = order_with(desk, None)

    def work(change: object, line_id: str | None, state: PartState) -> None:
        desk.records.change("system", lambda session: change(session, line_id, state))  # type: ignore[operator]

    work(bring_on, line, PartState.HERE)
    work(bring_on, line, PartState.ON_THE_WAY)
    assert badge(desk, order) == PartBadge(here=1)
    work(set_back, line, PartState.FITTED)
    assert badge(desk, order) == PartBadge(here=1)
    work(set_back, line, PartState.NOT_ORDERED)
    assert badge(desk, order) == PartBadge(not_ordered=1)
    work(bring_on, NOBODY, PartState.HERE)
    work(set_back, None, PartState.HERE)


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    _, (line,) = order_with(desk, None)
    assert set(desk.problems(set_part_state, line, "somewhere")) == {"part_state"}
    assert set(desk.problems(set_part_state, line, None)) == {"part_state"}
    with pytest.raises(NotFound):
        desk.do(set_part_state, NOBODY, "here")
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(set_part_state, line, "here")


def test_two_terminals_show_the_same_card(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    order, lines = order_with(here, None, None)
    meet(here, there)
    here.do(set_part_state, lines[0], "here")
    there.do(set_part_state, lines[1], "on_the_way")
    meet(here, there)
    assert badge(here, order) == badge(there, order) == PartBadge(on_the_way=1, here=1)
