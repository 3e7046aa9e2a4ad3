"""The board: what a card shows, which cards there are, and that many cost as little as few."""

import datetime as dt
from pathlib import Path

import pytest

from core.people.customers import create_customer
from core.people.roles import Actor, Denied, Role
from core.people.staff import create_staff
from core.records.input import Refused
from core.records.rows import added
from core.vehicles.vehicles import create_vehicle
from core.workshop.board import OTHER, Board, Filters, board, lanes
from core.workshop.clock import switch
from core.workshop.hours import HOUR_MS
from core.workshop.lines import create_line
from core.workshop.mentions import mark_read
from core.workshop.models import OrderLabel, RepairOrder
from core.workshop.moving import move
from core.workshop.notes import add_note
from core.workshop.orders import create_repair_order, delete_repair_order
from core.workshop.states import Status
from tests.core.people.desk import Desk, desk_at, meet

UTC = dt.UTC


def person(desk: Desk, name: str, role: Role = Role.TECHNICIAN) -> Desk:
    made = desk.do(create_staff, {"name": name, "role": role.value})
    return Desk(desk.records, desk.clock, Actor("staff", made.id, name, role))


def order(desk: Desk, **fields: object) -> str:
    return desk.do(create_repair_order, {"complaint": "rattles", **fields}).id


def seen(desk: Desk, filters: Filters | None = None, **how: object) -> Board:
    return desk.see(board, desk.actor, filters, at=desk.clock.now, here=UTC, **how)  # type: ignore[arg-type]


def where(found: Board) -> dict[str, list[str]]:
    return {column.status: [card.id for card in column.cards] for column in found.columns if column.count}


def test_a_card_says_all_one_asks_at_a_glance(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada Ott"}).id
    car = desk.do(
        create_vehicle, {"plate": "M-OT 1", "make": "VW", "model": "Golf", "year": 2019, "customer_id": ada}
    ).id
    tom = person(desk, "Tom")
    label = {"name": "Waiting room", "status": None, "color": "signal"}
    desk.do(lambda session, actor: added(session, OrderLabel, label))
    promised = desk.clock.now - 1
    made = order(
        desk, vehicle_id=car, complaint="Squeals\n when  braking", promised_at=promised, label="Waiting room",
        technician_id=tom.actor.id, bay="Bay 2", key_tag="17", priority="high",
    )  # fmt: skip
    desk.do(create_line, {"order_id": made, "kind": "labour", "description": "Pads", "quantity": 2000})
    desk.do(create_line, {"order_id": made, "kind": "part", "description": "Pads"})
    tom.do(move, made, "arrived")
    tom.do(switch, made)
    desk.clock.now += HOUR_MS
    desk.do(add_note, {"order_id": made, "text": "call first"})
    found = seen(tom)
    (card,) = found.cards
    assert (card.plate, card.vehicle, card.customer) == ("M-OT 1", "VW Golf 2019", "Ada Ott")
    assert (card.asked, card.status, card.late, card.bay, card.key_tag) == (
        "Squeals when braking", "arrived", True, "Bay 2", "17",
    )  # fmt: skip
    assert card.estimated == 2 * HOUR_MS
    assert HOUR_MS <= card.actual < HOUR_MS + 60_000
    assert card.left == card.estimated - card.actual
    assert [each.name for each in card.on] == ["Tom"]
    assert card.technician is not None
    assert card.technician.name == "Tom"
    assert card.parts is not None
    assert card.parts.state == "not_ordered"
    assert (card.label, card.label_color, card.priority) == ("Waiting room", "signal", "high")
    assert (card.moved_by, card.moved_by_name) == (tom.actor.reference, "Tom")
    assert card.moved_at is not None
    assert card.unread == 1
    assert found.mine == (made,)
    assert seen(desk).mine == ()


def test_notes_are_unread_until_they_were_read_and_ones_own_never_are(desk: Desk) -> None:
    tom = person(desk, "Tom")
    made = order(desk)
    tom.do(add_note, {"order_id": made, "text": "mine"})
    assert seen(tom).cards[0].unread == 0
    desk.do(add_note, {"order_id": made, "text": "yours"})
    assert seen(tom).cards[0].unread == 1
    tom.do(mark_read, made)
    assert seen(tom).cards[0].unread == 0
    terminal = Desk(desk.records, desk.clock, Actor("terminal", "x", "Bay 1", Role.OWNER))
    assert seen(terminal).cards[0].unread == 0, "a terminal reads nothing"


def test_columns_are_the_states_and_delivered_has_what_went_today(desk: Desk) -> None:
    made = order(desk, status="ready")
    earlier = order(desk, status="ready")
    hidden = order(desk)
    desk.do(delete_repair_order, hidden)
    desk.do(move, earlier, "delivered")
    desk.clock.now += 24 * HOUR_MS
    desk.do(move, made, "delivered")
    found = seen(desk)
    assert [column.status for column in found.columns] == [status.value for status in Status]
    assert where(found) == {"delivered": [made]}
    desk.do(move, earlier, "ready")
    assert where(seen(desk)) == {"ready": [earlier], "delivered": [made]}


def test_what_a_newer_program_calls_a_state_has_its_place_too(desk: Desk) -> None:
    for status in ("paint_shop", None, "zz"):
        row = RepairOrder(status=status, complaint="x")
        desk.records.change("system", lambda session, row=row: session.add(row))  # type: ignore[misc]
    found = seen(desk)
    assert found.columns[-1].status == OTHER
    assert found.columns[-1].count == 3
    assert found.columns[-1].words


def test_a_long_column_shows_its_first_by_promise_and_says_how_many_more(desk: Desk) -> None:
    later = desk.clock.now + HOUR_MS
    made = [order(desk, status="ready", promised_at=later - n) for n in range(8)]
    plain = order(desk, status="ready")
    column = next(each for each in seen(desk, window=3).columns if each.status == "ready")
    assert ([card.id for card in column.cards], column.count, column.more) == (made[:-4:-1], 9, 6)
    whole = next(each for each in seen(desk).columns if each.status == "ready")
    assert whole.cards[-1].id == plain, "what was promised to nobody comes last"
    assert whole.more == 0


def test_filters(desk: Desk) -> None:
    tom, ann = person(desk, "Tom").actor.id, person(desk, "Ann", Role.ADVISER).actor.id
    ada = desk.do(create_customer, {"name": "Ada Ott"}).id
    car = desk.do(create_vehicle, {"plate": "M-OT 77", "customer_id": ada}).id
    mine = order(desk, technician_id=tom, vehicle_id=car, promised_at=desk.clock.now - 5)
    hers = order(desk, adviser_id=ann, bay="Bay 2", label="Road test", complaint="the clutch slips")
    done = order(desk, status="ready", promised_at=desk.clock.now - 5)

    def ids(filters: Filters) -> set[str]:
        return {card.id for card in seen(desk, filters).cards}

    assert ids(Filters()) == {mine, hers, done}
    assert ids(Filters(technician_id=tom)) == {mine}
    assert ids(Filters(adviser_id=ann)) == ids(Filters(bay="Bay 2")) == ids(Filters(label="Road test")) == {hers}
    assert ids(Filters(late=True)) == {mine}, "what is ready is not late"
    assert ids(Filters(text="m-ot 77")) == ids(Filters(text="ada")) == {mine}
    assert ids(Filters(text="clut")) == {hers}
    assert ids(Filters(text="clutch", technician_id=tom)) == set()
    assert ids(Filters(text="   ")) == {mine, hers, done}
    with pytest.raises(Refused):
        seen(desk, Filters(text="a\0b"))


def test_lanes_of_people_and_of_bays(desk: Desk) -> None:
    tom = person(desk, "Tom").actor.id
    mine = order(desk, technician_id=tom, bay="Bay 10", status="arrived")
    other = order(desk, bay="Bay 2")
    loose = order(desk)
    found = seen(desk)
    by_person = lanes(found, "technician")
    assert [lane.key for lane in by_person] == [tom, ""], "those of nobody last"
    assert [lane.count for lane in by_person] == [1, 2]
    by_bay = lanes(found, "bay")
    assert [lane.name for lane in by_bay][:2] == ["Bay 2", "Bay 10"], "as people count"
    ids = [[card.id for column in lane.columns for card in column.cards] for lane in by_bay]
    assert ids == [[other], [mine], [loose]]


def test_who_may_not_read_orders_sees_no_board(desk: Desk) -> None:
    seen(desk.as_(Role.VIEWER))
    with pytest.raises(Denied):
        seen(desk.as_(Role.CUSTOMER))


def furnish(desk: Desk, count: int) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    ada = desk.do(create_customer, {"name": "Ada"}).id
    car = desk.do(create_vehicle, {"plate": "A-1", "customer_id": ada}).id
    for n in range(count):
        status = tuple(Status)[n % 8].value
        made = order(desk, vehicle_id=car, technician_id=tom, adviser_id=tom, status=status, bay=f"Bay {n % 4}")
        if n % 4 == 0:
            desk.do(create_line, {"order_id": made, "kind": "labour", "description": "Pads"})
            desk.do(switch, made, staff_id=tom)


def test_five_cards_and_five_hundred_take_the_same_statements(desk: Desk) -> None:
    furnish(desk, 5)
    few = desk.statements(board, desk.actor, at=desk.clock.now)
    furnish(desk, 495)
    many = desk.statements(board, desk.actor, at=desk.clock.now, window=500)
    assert len(desk.see(board, desk.actor, at=desk.clock.now, window=500).cards) == 500
    assert len(many) == len(few) <= 14


def test_a_card_moved_there_is_moved_here_with_who_moved_it(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    marek = person(here, "Marek")
    made = order(here, status="arrived")
    meet(here, there)
    Desk(there.records, there.clock, marek.actor).do(move, made, "diagnosing", from_status="arrived")
    meet(here, there)
    (card,) = seen(here).cards
    assert (card.status, card.moved_by_name, card.disputed) == ("diagnosing", "Marek", ())
    here.do(move, made, "in_progress")
    there.do(move, made, "awaiting_parts", anyway=True)
    meet(here, there)
    for desk in two_desks:
        (card,) = seen(desk).cards
        assert set(card.disputed) == {"in_progress", "awaiting_parts"}


def test_the_same_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        furnish(desk, 10)
        desk.do(move, order(desk, status="ready"), "delivered")
        found = seen(desk, window=1)
        assert [column.count for column in found.columns] == [2, 2, 1, 1, 1, 1, 1, 1, 1]
        assert len(seen(desk, Filters(text="rattles", bay="Bay 1")).cards) == 3
        assert len(lanes(found, "bay")) >= 1
    finally:
        desk.records.close()
