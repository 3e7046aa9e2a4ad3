"""The demo's store: ordered, partly here, and something left to do."""

from app.demo_others import MINUTE, StoryClock, Teller
from app.demo_parts import LEFT, tell_parts
from core.sync.exchange import Exchange
from core.workshop.purchase_lines import list_purchase_lines
from core.workshop.purchasing import list_purchase_orders
from core.workshop.reorder import reorder_list
from tests.core.people.desk import STARTED, Desk, desk_at
from tests.core.workshop.store import part, supplier


def told(desk: Desk) -> None:
    clock = StoryClock(STARTED + 60 * MINUTE, STARTED)
    tell_parts(Teller(desk.records, Exchange(desk.records), desk.actor), clock)


def test_most_of_what_is_needed_is_ordered_and_half_of_the_first_came() -> None:
    desk = desk_at()
    try:
        for name in ("Achsmeier", "Bremsen", "Nordteile"):
            whom = supplier(desk, name, lead_days=1)
            for number in range(4):
                part(desk, f"{name}-{number}", minimum=4_000, supplier_id=whom)
        told(desk)
        orders = {each.supplier_name: each for each in desk.see(list_purchase_orders).items}
        found = [orders[name].status for name in ("Achsmeier", "Bremsen", "Nordteile")]
        assert found == ["part_received", "ordered", "draft"]
        assert len(desk.see(reorder_list)) == LEFT
        first = desk.see(list_purchase_lines, orders["Achsmeier"].id)
        assert [(each.received, each.open) for each in first] == [(4_000, 0), (2_000, 2_000), (4_000, 0), (0, 4_000)]
        assert orders["Achsmeier"].expected_on is not None
    finally:
        desk.records.close()


def test_a_store_that_lacks_nothing_is_left_alone() -> None:
    desk = desk_at()
    try:
        told(desk)
        assert desk.see(list_purchase_orders).items == ()
    finally:
        desk.records.close()
