"""Parts that come and go: the store is the sum of facts, whoever wrote them and wherever."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.workshop.findings import findings
from core.workshop.lines import create_line, get_line
from core.workshop.orders import create_repair_order
from core.workshop.part_states import part_badges
from core.workshop.parts import create_part, get_part
from core.workshop.parts_models import StockMove
from core.workshop.stock_moves import (
    amount_text,
    fit_line,
    list_moves,
    move_stock,
    restore_moves,
    take_back_moves,
    take_out_line,
)
from tests.core.people.desk import NOBODY, Desk, meet, somebody
from tests.core.workshop.store import ONE, counts, line, move, order, part, stock


def on_hand(desk: Desk, part_id: str) -> int:
    return counts(desk, part_id)[0]


def test_each_reason_moves_its_way(desk: Desk) -> None:
    oil = part(desk, here=10, cost=540)
    for reason, pieces, after in (("fitted", 3, 7), ("scrapped", 1, 6), ("returned", 2, 8), ("count", 5, 5)):
        move(desk, oil, reason, pieces)
        assert on_hand(desk, oil) == after, reason
    ledger = desk.see(list_moves, part_id=oil).items
    assert [(each.reason, each.quantity // ONE, each.balance // ONE) for each in ledger] == [
        ("count", -3, 5),
        ("returned", 2, 8),
        ("scrapped", -1, 6),
        ("fitted", -3, 7),
        ("receipt", 10, 10),
    ]
    assert {each.unit_cost for each in ledger} == {540}
    assert {each.moved_by_name for each in ledger} == {"A owner"}


def test_a_count_that_finds_what_there_should_be_is_kept_too(desk: Desk) -> None:
    oil = part(desk, here=4)
    assert desk.do(move_stock, {"part_id": oil, "reason": "count", "quantity": 4 * ONE}).quantity == 0
    assert [each.reason for each in desk.see(list_moves, part_id=oil).items] == ["count", "receipt"]
    move(desk, oil, "count", 0)
    assert on_hand(desk, oil) == 0


def test_who_takes_more_than_there_is_gets_asked(desk: Desk) -> None:
    oil = part(desk, here=1)
    wanted = {"part_id": oil, "reason": "fitted", "quantity": 2 * ONE}
    assert "only 1" in desk.problems(move_stock, wanted)["quantity"]
    assert on_hand(desk, oil) == 1
    assert desk.do(move_stock, wanted, anyway=True).balance == -ONE
    assert "only 0" in desk.problems(move_stock, wanted)["quantity"]
    assert not desk.problems(move_stock, {**wanted, "reason": "returned"}), "what comes is never asked about"


def test_fitting_a_line_takes_its_parts_once_and_says_so(desk: Desk) -> None:
    oil, job = part(desk, here=5), order(desk)
    wanted = line(desk, job, oil, 2)
    assert counts(desk, oil) == (5, 2, 0, 0)
    desk.do(fit_line, wanted)
    desk.do(fit_line, wanted)
    assert counts(desk, oil) == (3, 0, 0, 0)
    assert desk.see(part_badges, [job])[job].fitted == 1
    (moved,) = desk.see(list_moves, order_id=job).items
    assert (moved.line_id, moved.order_id, moved.reason) == (wanted, job, "fitted")
    desk.do(take_out_line, wanted)
    assert counts(desk, oil) == (5, 2, 0, 0)
    assert desk.see(get_line, wanted).part_state == "here"


def test_fitting_in_two_goes(desk: Desk) -> None:
    oil, job = part(desk, here=5), order(desk)
    wanted = line(desk, job, oil, 3)
    move(desk, oil, "fitted", 1, line_id=wanted)
    assert counts(desk, oil) == (4, 2, 0, 0)
    assert desk.see(get_line, wanted).part_state is None
    move(desk, oil, "fitted", 2, line_id=wanted)
    assert counts(desk, oil) == (2, 0, 0, 0)
    assert desk.see(get_line, wanted).part_state == "fitted"


def test_a_part_that_is_not_kept_in_the_store_is_only_marked(desk: Desk) -> None:
    wanted = line(desk, order(desk))
    desk.do(fit_line, wanted)
    assert desk.see(get_line, wanted).part_state == "fitted"
    assert desk.see(list_moves).items == ()


def test_fitting_more_than_there_is_asks_too(desk: Desk) -> None:
    oil = part(desk)
    wanted = line(desk, order(desk), oil)
    assert set(desk.problems(fit_line, wanted)) == {"quantity"}
    assert desk.see(get_line, wanted).part_state is None
    desk.do(fit_line, wanted, anyway=True)
    assert on_hand(desk, oil) == -1


def test_a_slip_is_taken_back_and_may_count_again(desk: Desk) -> None:
    oil, job = part(desk, here=5), order(desk)
    wanted = line(desk, job, oil, 1)
    moved = move(desk, oil, "fitted", 1, line_id=wanted)
    desk.do(take_back_moves, [moved])
    assert counts(desk, oil) == (5, 1, 0, 0)
    assert desk.see(get_line, wanted).part_state == "here"
    assert moved not in {each.id for each in desk.see(list_moves, part_id=oil).items}
    desk.do(restore_moves, [moved])
    assert counts(desk, oil) == (4, 0, 0, 0)
    assert desk.see(get_line, wanted).part_state == "fitted"
    with pytest.raises(NotFound):
        desk.do(take_back_moves, [NOBODY])


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    oil, other = part(desk, "1", here=1), part(desk, "2", here=1)
    wrong = {"part_id": NOBODY, "reason": "import", "quantity": -1, "line_id": NOBODY, "moved_at": 1}
    assert set(desk.problems(move_stock, wrong)) == set(wrong)
    assert set(desk.problems(move_stock, {})) == {"part_id", "reason", "quantity"}
    mine = line(desk, order(desk), oil)
    given = {"part_id": other, "reason": "fitted", "quantity": ONE, "line_id": mine}
    assert set(desk.problems(move_stock, given)) == {"line_id"}
    assert set(desk.problems(move_stock, {**given, "part_id": oil, "reason": "scrapped"})) == {"line_id"}
    assert set(desk.problems(move_stock, {"part_id": oil, "reason": "receipt", "quantity": 0})) == {"quantity"}
    assert set(desk.problems(fit_line, line(desk, order(desk), kind="labour"))) == {"kind"}
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(move_stock, given)
    with pytest.raises(NotFound):
        desk.do(fit_line, NOBODY)


def test_a_technician_takes_parts(desk: Desk) -> None:
    oil = part(desk, here=1)
    desk.as_(Role.TECHNICIAN).do(move_stock, {"part_id": oil, "reason": "fitted", "quantity": ONE})
    assert on_hand(desk, oil) == 0


def test_the_ledger_comes_by_the_page_with_its_balance(desk: Desk) -> None:
    oil = part(desk)
    for _ in range(7):
        move(desk, oil, "receipt", 1)
    balances: list[int] = []
    after = None
    while True:
        page = desk.see(list_moves, part_id=oil, after=after, limit=3)
        balances += [each.balance // ONE for each in page.items]
        after = page.after
        if after is None:
            break
    assert balances == [7, 6, 5, 4, 3, 2, 1]
    assert len(desk.statements(list_moves, part_id=oil, limit=2)) == len(desk.statements(list_moves, part_id=oil)) <= 3


def test_two_terminals_take_the_last_one_and_nothing_is_lost(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    oil = part(here, here=1)
    meet(here, there)
    for desk in two_desks:
        assert not desk.problems(move_stock, {"part_id": oil, "reason": "fitted", "quantity": ONE})
    meet(here, there)
    assert on_hand(here, oil) == on_hand(there, oil) == -1
    assert stock(here, oil).low
    for desk in two_desks:
        (found,) = desk.see(findings)
        assert (found.table, found.rows) == ("parts", (oil,))
        assert found.words == "The store shows less than nothing of Part OF-1: count it."
    move(here, oil, "count", 0)
    assert here.see(findings) == ()


def test_moves_made_apart_add_up_whichever_way_they_arrive(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    oil = part(here, here=10)
    meet(here, there)
    move(here, oil, "fitted", 3)
    move(there, oil, "receipt", 5)
    move(there, oil, "scrapped", 1)
    meet(here, there)
    assert on_hand(here, oil) == on_hand(there, oil) == 11
    ledgers = [desk.see(list_moves, part_id=oil).items for desk in two_desks]
    assert ledgers[0] == ledgers[1]
    assert ledgers[0][0].balance == 11 * ONE


def test_rows_with_nothing_in_them_are_read(desk: Desk) -> None:
    oil = part(desk)
    rows = [StockMove(part_id=oil), StockMove(part_id=oil, quantity=500), StockMove()]
    desk.records.change("system", lambda session: session.add_all(rows))
    assert {each.balance for each in desk.see(list_moves, part_id=oil).items} <= {0, 500}
    assert len(desk.see(list_moves).items) == 3


@pytest.mark.parametrize(("given", "text"), [(2_000, "2"), (1_500, "1.5"), (-250, "-0.25"), (0, "0"), (100_000, "100")])
def test_amounts_read_as_people_write_them(given: int, text: str) -> None:
    assert amount_text(given) == text


def test_only_who_keeps_the_store_takes_back_what_others_wrote(desk: Desk) -> None:
    part = desk.do(create_part, {"number": "1", "name": "Filter"}).id
    came = desk.do(move_stock, {"part_id": part, "reason": "receipt", "quantity": 5_000}).id
    tom = Desk(desk.records, desk.clock, somebody(Role.TECHNICIAN, id_=NOBODY))
    slip = tom.do(move_stock, {"part_id": part, "reason": "scrapped", "quantity": 1_000}).id
    tom.do(take_back_moves, [slip])
    with pytest.raises(Denied):
        tom.do(take_back_moves, [came])
    assert desk.see(get_part, part).on_hand == 5_000


def test_no_more_is_brought_back_than_was_taken(desk: Desk) -> None:
    part = desk.do(create_part, {"number": "1", "name": "Filter"}).id
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    line = desk.do(create_line, {"order_id": order, "part_id": part}).id
    back = {"part_id": part, "reason": "returned", "quantity": 1_000, "line_id": line}
    assert set(desk.problems(move_stock, back)) == {"quantity"}
    desk.do(fit_line, line, anyway=True)
    desk.do(move_stock, back)
    assert desk.see(get_part, part).on_hand == 0
