"""Purchase orders: from too little in the store, or from an order that waits, to what is here."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound, Refused
from core.vehicles.models import InstalledPart
from core.vehicles.vehicles import create_vehicle
from core.workshop.lines import change_line, get_line
from core.workshop.order_parts import install_line, order_parts
from core.workshop.orders import change_repair_order
from core.workshop.part_states import PartState
from core.workshop.parts_models import PurchaseOrder, PurchaseOrderLine
from core.workshop.purchase_lines import (
    add_purchase_line,
    buy,
    change_purchase_line,
    delete_purchase_line,
    list_purchase_lines,
    receive,
    restore_purchase_line,
    send_purchase_order,
)
from core.workshop.purchase_states import Amounts, PurchaseStatus, status_shown, told_by
from core.workshop.purchasing import (
    cancel_purchase_order,
    change_purchase_order,
    create_purchase_order,
    delete_purchase_order,
    finish_purchase_order,
    get_purchase_order,
    list_purchase_orders,
    reopen_purchase_order,
    restore_purchase_order,
)
from core.workshop.reorder import reorder_list, suggested
from core.workshop.stock_moves import fit_line, restore_moves, take_back_moves
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.store import ONE, counts, line, order, part, stock, supplier


def bought(desk: Desk, *wanted: tuple[str, int]) -> tuple[str, list[str]]:
    """A purchase order that was sent, and its lines."""
    given = [{"part_id": part_id, "quantity": pieces * ONE} for part_id, pieces in wanted]
    (made,) = desk.do(buy, given)
    if made.supplier_id is None:
        desk.do(change_purchase_order, made.id, {"supplier_id": supplier(desk)})
    desk.do(send_purchase_order, made.id)
    return made.id, [each.id for each in desk.see(list_purchase_lines, made.id)]


def status(desk: Desk, id_: str) -> str:
    return desk.see(get_purchase_order, id_).status


# The reorder list ----------------------------------------------------------------------------------------------------


def test_what_is_below_its_minimum_is_suggested_up_to_the_mark(desk: Desk) -> None:
    nord, achs = supplier(desk, "Nordteile"), supplier(desk, "Achsmeier")
    part(desk, "enough", here=2, minimum=2_000)
    low = part(desk, "low", here=1, minimum=2_000, order_up_to=6_000, supplier_id=nord)
    bare = part(desk, "bare", minimum=3_000, supplier_id=achs)
    homeless = part(desk, "homeless", minimum=1_000)
    part(desk, "off", minimum=1_000, active=False)
    wanted = desk.see(reorder_list)
    assert [(each.part.id, each.quantity // ONE) for each in wanted] == [(bare, 3), (low, 5), (homeless, 1)]
    assert [each.part.id for each in desk.see(reorder_list, supplier_id=nord)] == [low]


def test_what_orders_wait_for_is_bought_even_without_a_minimum(desk: Desk) -> None:
    oil = part(desk, here=1)
    line(desk, order(desk), oil, 3)
    assert [(each.part.id, each.quantity // ONE) for each in desk.see(reorder_list)] == [(oil, 2)]


def test_pieces_come_whole_and_litres_do_not(desk: Desk) -> None:
    pads = part(desk, "pads", minimum=1_500)
    oil = part(desk, "oil", minimum=1_500, unit="l")
    assert (suggested(stock(desk, pads)), suggested(stock(desk, oil))) == (2_000, 1_500)


def test_nothing_is_suggested_twice(desk: Desk) -> None:
    oil = part(desk, minimum=2_000, supplier_id=supplier(desk))
    (made,) = desk.do(buy, [{"part_id": oil, "quantity": 2 * ONE}])
    assert counts(desk, oil) == (0, 0, 0, 2)
    assert desk.see(reorder_list) == ()
    desk.do(send_purchase_order, made.id)
    assert counts(desk, oil) == (0, 0, 2, 0)
    assert desk.see(reorder_list) == ()
    desk.do(cancel_purchase_order, made.id)
    assert [each.part.id for each in desk.see(reorder_list)] == [oil]


def test_the_reorder_list_is_three_statements(desk: Desk) -> None:
    suppliers = [supplier(desk, f"S{n}") for n in range(4)]
    for number in range(8):
        part(desk, f"N-{number}", minimum=1_000, supplier_id=suppliers[number % 4])
    assert len(desk.see(reorder_list)) == 8
    assert len(desk.statements(reorder_list)) == 3


# Ordering ------------------------------------------------------------------------------------------------------------


def test_what_is_bought_goes_to_one_order_for_each_supplier(desk: Desk) -> None:
    nord, achs = supplier(desk, "Nordteile"), supplier(desk, "Achsmeier")
    parts = [part(desk, "1", supplier_id=nord, cost=540), part(desk, "2", supplier_id=achs), part(desk, "3")]
    made = desk.do(buy, [{"part_id": each, "quantity": 2 * ONE} for each in parts])
    assert [each.supplier_name for each in made] == ["Nordteile", "Achsmeier", None]
    assert (made[0].status, made[0].lines, made[0].open_lines, made[0].cost) == ("draft", 1, 1, 1_080)
    (again,) = desk.do(buy, [{"part_id": parts[0], "quantity": ONE}])
    assert (again.id, again.lines) == (made[0].id, 2), "an order that was not sent takes more"
    desk.do(send_purchase_order, again.id)
    (fresh,) = desk.do(buy, [{"part_id": parts[0], "quantity": ONE}])
    assert fresh.id != again.id
    (elsewhere,) = desk.do(buy, [{"part_id": parts[0], "quantity": ONE}], supplier_id=achs)
    assert elsewhere.id == made[1].id


def test_numbers_count_on_and_are_not_those_of_repair_orders(desk: Desk) -> None:
    first, second = (desk.do(create_purchase_order, {}).number or "" for _ in range(2))
    assert first.startswith("P1001-")
    assert second == first.replace("1001", "1002")


def test_two_terminals_apart_give_different_numbers(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    given = {desk.do(create_purchase_order, {}).number for desk in two_desks for _ in range(3)}
    assert len(given) == 6
    meet(here, there)
    assert str(here.do(create_purchase_order, {}).number).startswith("P1004-")


def test_sending_says_when_it_comes_and_the_order_sees_it(desk: Desk) -> None:
    nord = supplier(desk, lead_days=2)
    oil, job = part(desk, supplier_id=nord), order(desk)
    waiting = line(desk, job, oil, 2)
    (made,) = desk.do(buy, [{"line_id": waiting}])
    (on_it,) = desk.see(list_purchase_lines, made.id)
    assert (on_it.part_id, on_it.quantity, on_it.line_id, on_it.order_id) == (oil, 2 * ONE, waiting, job)
    assert desk.see(get_line, waiting).part_state is None
    sent = desk.do(send_purchase_order, made.id)
    assert (sent.status, sent.late) == ("ordered", False)
    assert sent.ordered_at is not None
    (shown,) = desk.see(order_parts, job)
    assert (shown.state, shown.purchase_number, shown.expected_on) == (
        PartState.ON_THE_WAY, made.number, sent.expected_on,
    )  # fmt: skip
    assert sent.expected_on is not None


def test_two_taps_buy_what_an_order_needs_once(desk: Desk) -> None:
    waiting = line(desk, order(desk), part(desk, supplier_id=supplier(desk)), 2)
    (made,) = desk.do(buy, [{"line_id": waiting}])
    with pytest.raises(Refused) as refused:
        desk.do(buy, [{"line_id": waiting}])
    assert str(refused.value) == f"It is on purchase order {made.number} already."
    assert len(desk.see(list_purchase_lines, made.id)) == 1
    desk.do(send_purchase_order, made.id)
    assert set(desk.problems(buy, [{"line_id": waiting}])) == {"line_id"}
    desk.do(change_line, waiting, {"quantity": 5 * ONE})
    (more,) = desk.do(buy, [{"line_id": waiting}])
    assert [each.quantity for each in desk.see(list_purchase_lines, more.id)] == [3 * ONE], "the rest of it"
    desk.do(delete_purchase_order, more.id)
    desk.do(receive, made.id)
    desk.do(change_line, waiting, {"quantity": 2 * ONE})
    assert desk.problems(buy, [{"line_id": waiting}]) == {"line_id": "It came already."}
    assert desk.do(buy, [{"line_id": waiting, "quantity": ONE}]), "one was broken"
    desk.do(cancel_purchase_order, desk.do(buy, [{"line_id": line(desk, order(desk), part(desk, "2"))}])[0].id)


def test_what_was_cancelled_is_bought_again(desk: Desk) -> None:
    waiting = line(desk, order(desk), part(desk, supplier_id=supplier(desk)), 2)
    (made,) = desk.do(buy, [{"line_id": waiting}])
    desk.do(cancel_purchase_order, made.id)
    assert desk.do(buy, [{"line_id": waiting}])


def test_what_should_be_here_is_late(desk: Desk) -> None:
    made, _ = bought(desk, (part(desk), 1))
    assert desk.do(change_purchase_order, made, {"expected_on": "2026-01-01"}).late
    desk.do(receive, made)
    assert not desk.see(get_purchase_order, made).late


def test_a_part_that_is_not_kept_is_ordered_by_its_words(desk: Desk) -> None:
    job = order(desk)
    waiting = line(desk, job)
    made = desk.do(create_purchase_order, {"supplier_id": supplier(desk)}).id
    (on_it,) = (desk.do(add_purchase_line, {"purchase_order_id": made, "line_id": waiting}),)
    assert (on_it.part_id, on_it.description) == (None, "Oil filter")
    desk.do(send_purchase_order, made)
    desk.do(receive, made)
    assert desk.see(get_line, waiting).part_state == "here"
    assert status(desk, made) == "received"


def test_a_line_added_to_what_was_sent_is_on_the_way_too(desk: Desk) -> None:
    made, _ = bought(desk, (part(desk, "1"), 1))
    desk.do(receive, made)
    waiting = line(desk, order(desk), part(desk, "2"))
    desk.do(add_purchase_line, {"purchase_order_id": made, "line_id": waiting})
    assert desk.see(get_line, waiting).part_state == "on_the_way"
    assert status(desk, made) == "part_received"


# Receiving -----------------------------------------------------------------------------------------------------------


def test_all_of_it_comes(desk: Desk) -> None:
    oil, pads = part(desk, "1"), part(desk, "2", here=1)
    made, _ = bought(desk, (oil, 2), (pads, 1))
    came = desk.do(receive, made)
    assert (came.order.status, came.order.open_lines, len(came.moves)) == ("received", 0, 2)
    assert (counts(desk, oil), counts(desk, pads)) == ((2, 0, 0, 0), (2, 0, 0, 0))
    assert set(desk.problems(receive, made)) == {""}, "nothing is still to come"


def test_it_comes_line_by_line_and_too_little(desk: Desk) -> None:
    oil, pads = part(desk, "1"), part(desk, "2")
    made, (first, second) = bought(desk, (oil, 4), (pads, 1))
    assert desk.do(receive, made, {first: 3 * ONE}).order.status == "part_received"
    assert counts(desk, oil) == (3, 0, 1, 0)
    desk.do(receive, made, {second: ONE})
    assert status(desk, made) == "part_received"
    assert [each.open // ONE for each in desk.see(list_purchase_lines, made)] == [1, 0]
    assert desk.do(receive, made).order.status == "received"
    assert counts(desk, oil) == (4, 0, 0, 0)


def test_more_comes_than_was_ordered(desk: Desk) -> None:
    oil = part(desk)
    made, (first,) = bought(desk, (oil, 4))
    assert desk.do(receive, made, {first: 6 * ONE}).order.status == "received"
    assert counts(desk, oil) == (6, 0, 0, 0)
    assert desk.see(list_purchase_lines, made)[0].received == 6 * ONE


def test_the_rest_does_not_come(desk: Desk) -> None:
    oil, waiting_for = part(desk, "1"), part(desk, "2")
    waiting = line(desk, order(desk), waiting_for)
    made, (first, _) = bought(desk, (oil, 4), (waiting_for, 1))
    desk.do(add_purchase_line, {"purchase_order_id": made, "line_id": waiting})
    desk.do(receive, made, {first: 3 * ONE})
    done = desk.do(finish_purchase_order, made)
    assert (done.status, done.open_lines) == ("received", 3)
    assert counts(desk, oil) == (3, 0, 0, 0)
    assert desk.see(get_line, waiting).part_state == "not_ordered"
    assert desk.do(reopen_purchase_order, made).status == "part_received"
    assert desk.see(get_line, waiting).part_state == "on_the_way"


def test_what_an_order_waits_for_is_here_when_all_of_it_came(desk: Desk) -> None:
    oil, job = part(desk), order(desk)
    waiting = line(desk, job, oil, 2)
    (made,) = desk.do(buy, [{"line_id": waiting}], supplier_id=supplier(desk))
    desk.do(send_purchase_order, made.id)
    (first,) = (each.id for each in desk.see(list_purchase_lines, made.id))
    desk.do(receive, made.id, {first: ONE})
    assert desk.see(get_line, waiting).part_state == "on_the_way"
    desk.do(receive, made.id)
    assert desk.see(get_line, waiting).part_state == "here"
    desk.do(fit_line, waiting)
    assert desk.see(get_line, waiting).part_state == "fitted"
    assert counts(desk, oil) == (0, 0, 0, 0)


def test_a_receipt_that_was_a_slip_is_taken_back(desk: Desk) -> None:
    oil = part(desk)
    waiting = line(desk, order(desk), oil)
    (made,) = desk.do(buy, [{"line_id": waiting}], supplier_id=supplier(desk))
    desk.do(send_purchase_order, made.id)
    moves = desk.do(receive, made.id).moves
    desk.do(take_back_moves, moves)
    assert (status(desk, made.id), counts(desk, oil)) == ("ordered", (0, 1, 1, 0))
    assert desk.see(get_line, waiting).part_state == "on_the_way"
    desk.do(restore_moves, moves)
    assert (status(desk, made.id), counts(desk, oil)) == ("received", (1, 1, 0, 0))
    assert desk.see(get_line, waiting).part_state == "here"


def test_cancelling_leaves_what_came_and_nobody_waits_for_the_rest(desk: Desk) -> None:
    oil, pads = part(desk, "1"), part(desk, "2")
    waiting = line(desk, order(desk), pads)
    made, (first,) = bought(desk, (oil, 2))
    desk.do(add_purchase_line, {"purchase_order_id": made, "line_id": waiting})
    desk.do(receive, made, {first: ONE})
    assert desk.do(cancel_purchase_order, made).status == "cancelled"
    assert (counts(desk, oil)[:3], counts(desk, pads)) == ((1, 0, 0), (0, 1, 0, 0))
    assert desk.see(get_line, waiting).part_state == "not_ordered"
    assert desk.do(reopen_purchase_order, made).status == "part_received"


# Keeping them --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    oil = part(desk)
    empty = desk.do(create_purchase_order, {}).id
    assert set(desk.problems(create_purchase_order, {"expected_on": "soon", "status": "received"})) == {
        "expected_on", "status",
    }  # fmt: skip
    assert set(desk.problems(send_purchase_order, empty, {"supplier_id": NOBODY})) == {"", "supplier_id"}
    assert set(desk.problems(finish_purchase_order, empty)) == {"status"}
    assert set(desk.problems(add_purchase_line, {"purchase_order_id": empty})) == {"part_id"}
    wrong = {"purchase_order_id": NOBODY, "quantity": 0, "part_id": NOBODY, "line_id": NOBODY}
    assert set(desk.problems(add_purchase_line, wrong)) == set(wrong)
    labour = line(desk, order(desk), kind="labour")
    assert set(desk.problems(add_purchase_line, {"purchase_order_id": empty, "line_id": labour})) == {"line_id"}
    made, (first,) = bought(desk, (oil, 2))
    assert set(desk.problems(receive, made, {NOBODY: 1, first: 0})) == {NOBODY, first}
    assert set(desk.problems(delete_purchase_order, made)) == {"status"}
    assert set(desk.problems(change_purchase_order, made, {"supplier_id": supplier(desk, "Other")})) == {"supplier_id"}
    other = desk.do(create_purchase_order, {}).id
    assert set(desk.problems(change_purchase_line, first, {"quantity": None, "purchase_order_id": other})) == {
        "quantity", "purchase_order_id",
    }  # fmt: skip
    desk.do(receive, made, {first: ONE})
    assert set(desk.problems(delete_purchase_line, first)) == {"received"}
    for work in (cancel_purchase_order, finish_purchase_order, delete_purchase_order, send_purchase_order):
        with pytest.raises(NotFound):
            desk.do(work, NOBODY)
        with pytest.raises(Denied):
            desk.as_(Role.TECHNICIAN).do(work, made)


def test_a_line_is_changed_taken_off_and_put_back(desk: Desk) -> None:
    oil, pads = part(desk, "1"), part(desk, "2")
    made, (first, second) = bought(desk, (oil, 2), (pads, 1))
    assert desk.do(change_purchase_line, first, {"quantity": 5 * ONE, "unit_cost": 99}).quantity == 5 * ONE
    desk.do(delete_purchase_line, second)
    assert [each.id for each in desk.see(list_purchase_lines, made)] == [first]
    assert desk.do(receive, made).order.status == "received"
    desk.do(restore_purchase_line, second)
    assert status(desk, made) == "part_received"


def test_one_that_was_not_sent_is_deleted_and_restored(desk: Desk) -> None:
    oil = part(desk)
    (made,) = desk.do(buy, [{"part_id": oil, "quantity": ONE}])
    desk.do(delete_purchase_order, made.id)
    assert counts(desk, oil) == (0, 0, 0, 0)
    assert desk.do(restore_purchase_order, made.id).lines == 1


def test_they_are_listed_by_state_supplier_and_words(desk: Desk) -> None:
    nord = supplier(desk)
    sent, _ = bought(desk, (part(desk, "1", supplier_id=nord), 1))
    desk.do(change_purchase_order, sent, {"reference": "AB-77", "expected_on": "2026-12-01"})
    (draft,) = desk.do(buy, [{"part_id": part(desk, "2"), "quantity": ONE}])
    ids = [each.id for each in desk.see(list_purchase_orders).items]
    assert ids == [draft.id, sent]
    for given, found in (
        ({"status": ["draft"]}, draft.id),
        ({"status": ["ordered", "part_received"]}, sent),
        ({"supplier_id": nord}, sent),
        ({"q": "ab77"}, sent),
        ({"number": str(draft.number).lower()}, draft.id),
    ):
        assert [each.id for each in desk.see(list_purchase_orders, **given).items] == [found], given
    assert [each.id for each in desk.see(list_purchase_orders, sort="expected").items] == [sent, draft.id]


def test_lists_ask_the_same_number_of_times_however_long_they_are(desk: Desk) -> None:
    for number in range(8):
        bought(desk, (part(desk, f"N-{number}", supplier_id=supplier(desk, f"S{number}")), 1))
    assert len(desk.statements(list_purchase_orders, limit=4)) == len(desk.statements(list_purchase_orders)) == 3
    made, _ = bought(desk, *((part(desk, f"M-{number}"), 1) for number in range(8)))
    assert len(desk.statements(list_purchase_lines, made)) <= 5
    job = order(desk)
    for number in range(8):
        line(desk, job, part(desk, f"O-{number}"))
    assert len(desk.statements(order_parts, job)) <= 5


# Rules ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ((), PurchaseStatus.ORDERED),
        (((2, 0), (1, 0)), PurchaseStatus.ORDERED),
        (((2, 1),), PurchaseStatus.PART_RECEIVED),
        (((2, 2), (1, 0)), PurchaseStatus.PART_RECEIVED),
        (((2, 3), (1, 1)), PurchaseStatus.RECEIVED),
    ],
)
def test_receipts_tell_the_state(amounts: tuple[tuple[int, int], ...], told: PurchaseStatus) -> None:
    lines = [Amounts(str(n), quantity, received, 0) for n, (quantity, received) in enumerate(amounts)]
    assert told_by(lines) == told
    assert status_shown("ordered", lines) == told.value
    assert status_shown("received", lines) == "received", "finished by hand stays finished"
    assert status_shown(None, lines) == "draft"


def test_costs_are_rounded_half_up() -> None:
    assert [Amounts("x", quantity, 0, 333).cost for quantity in (1_000, 1_500, 2_501, 0)] == [333, 500, 833, 0]


def test_rows_with_nothing_in_them_are_read(desk: Desk) -> None:
    id_ = "01890000-0000-7000-8000-0000000000aa"
    rows = [PurchaseOrder(id=id_), PurchaseOrder(status="in_orbit"), PurchaseOrderLine(purchase_order_id=id_)]
    desk.records.change("system", lambda session: session.add_all([*rows, PurchaseOrderLine()]))
    assert {each.status for each in desk.see(list_purchase_orders).items} == {"draft", "in_orbit"}
    assert desk.see(list_purchase_lines, id_)[0].quantity == 0
    assert desk.see(list_purchase_orders, status=["draft"]).items[0].id == id_


# In the car ----------------------------------------------------------------------------------------------------------


def test_what_was_fitted_sits_in_the_vehicle(desk: Desk) -> None:

    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    job, nobody = order(desk, vehicle_id=car), order(desk)
    desk.do(change_repair_order, job, {"odometer_in": 84_210})
    oil = part(desk, "OF-1", here=2)
    waiting = line(desk, job, oil)
    desk.do(change_line, waiting, {"part_number": "W 712"})
    made = desk.do(install_line, waiting, place="front left")
    with desk.records.read() as session:
        row = session.get(InstalledPart, made)
        assert row is not None
        assert (row.vehicle_id, row.part_id, row.place, row.part_number) == (car, oil, "front left", "W 712")
        assert (row.name, row.fitted_at_odometer, row.quantity) == ("Part OF-1", 84_210, ONE)
    assert desk.do(install_line, line(desk, nobody, oil)) is None


def test_a_receipt_without_a_quantity_is_refused(desk: Desk) -> None:
    oil = part(desk)
    [bought] = desk.do(buy, [{"part_id": oil, "quantity": ONE}])
    [line] = desk.see(list_purchase_lines, bought.id)
    assert set(desk.problems(receive, bought.id, {line.id: None})) == {line.id}
