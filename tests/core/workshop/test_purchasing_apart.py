"""Purchase orders on two terminals that were apart, and on either database."""

from pathlib import Path

from core.workshop.findings import findings
from core.workshop.order_parts import order_parts
from core.workshop.part_states import PartState, part_badges
from core.workshop.part_uses import PartUses, uses_of_part
from core.workshop.parts import list_parts
from core.workshop.purchase_lines import (
    buy,
    list_purchase_lines,
    receive,
    send_purchase_order,
)
from core.workshop.purchasing import (
    cancel_purchase_order,
    get_purchase_order,
    list_purchase_orders,
)
from core.workshop.reorder import reorder_list
from core.workshop.stock_moves import fit_line, list_moves, take_back_moves
from tests.core.people.desk import Desk, desk_at, meet
from tests.core.workshop.store import ONE, counts, line, move, order, part, supplier
from tests.core.workshop.test_purchasing import bought, status


def test_each_database_tells_the_same(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        oil, job = part(desk, here=3, minimum=5_000, supplier_id=supplier(desk, lead_days=1)), order(desk)
        waiting = line(desk, job, oil, 4)
        assert desk.see(part_badges, [job])[job].not_ordered == 1
        assert [(each.part.id, each.quantity) for each in desk.see(reorder_list)] == [(oil, 6_000)]
        (made,) = desk.do(buy, [{"line_id": waiting}])
        uses = desk.see(uses_of_part, oil)
        assert [(each.order_id, each.quantity) for each in uses.waiting] == [(job, 4_000)]
        assert [(each.purchase_id, each.quantity, each.sent) for each in uses.coming] == [(made.id, 4_000, False)]
        assert len(desk.statements(uses_of_part, oil)) == 2
        desk.do(send_purchase_order, made.id)
        assert desk.see(uses_of_part, oil).coming[0].sent
        assert counts(desk, oil) == (3, 4, 4, 0)
        assert [each.id for each in desk.see(list_parts, low=True).items] == [oil]
        desk.do(receive, made.id)
        desk.do(fit_line, waiting)
        assert [each.balance for each in desk.see(list_moves, part_id=oil).items] == [3_000, 7_000, 3_000]
        assert desk.see(uses_of_part, oil) == PartUses()
        (shown,) = desk.see(order_parts, job)
        assert (shown.state, shown.taken, shown.on_hand) == (PartState.FITTED, 4_000, 3_000)
        assert desk.see(part_badges, [job])[job].fitted == 1
        move(desk, oil, "fitted", 9, anyway=True)
        assert [each.rows for each in desk.see(findings)] == [(oil,)]
        assert desk.see(list_purchase_orders, status=["received"]).items[0].cost == 0
    finally:
        desk.records.close()


# Two terminals -------------------------------------------------------------------------------------------------------


def test_each_of_two_terminals_receives_a_part_of_it(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    oil, pads = part(here, "1"), part(here, "2")
    made, (first, second) = bought(here, (oil, 2), (pads, 1))
    meet(here, there)
    here.do(receive, made, {first: 2 * ONE})
    there.do(receive, made, {second: ONE})
    meet(here, there)
    for desk in two_desks:
        assert status(desk, made) == "received", "neither could know, and both are right"
        assert (counts(desk, oil), counts(desk, pads)) == ((2, 0, 0, 0), (1, 0, 0, 0))


def test_the_same_delivery_received_twice_is_there_to_see(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    oil = part(here)
    made, _ = bought(here, (oil, 2))
    meet(here, there)
    for desk in two_desks:
        desk.do(receive, made)
    meet(here, there)
    (on_it,) = there.see(list_purchase_lines, made)
    assert (on_it.received, on_it.open) == (4 * ONE, 0)
    there.do(take_back_moves, [there.see(list_moves, part_id=oil).items[0].id])
    meet(here, there)
    assert counts(here, oil) == counts(there, oil) == (2, 0, 0, 0)
    assert status(here, made) == "received"


def test_cancelled_here_and_received_there_keeps_the_parts(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    oil = part(here)
    made, _ = bought(here, (oil, 2))
    meet(here, there)
    here.do(cancel_purchase_order, made)
    there.do(receive, made)
    meet(here, there)
    for desk in two_desks:
        found = desk.see(get_purchase_order, made)
        assert (found.status, set(found.disputed)) == ("cancelled", {"cancelled", "received"})
        assert counts(desk, oil) == (2, 0, 0, 0)
