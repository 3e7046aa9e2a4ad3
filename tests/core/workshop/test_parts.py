"""Parts: kept as written, found by whatever is known of them, shown with their stock."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound, Refused
from core.workshop.models import RepairOrderLine
from core.workshop.orders import change_repair_order, delete_repair_order
from core.workshop.parts import (
    ORDERS,
    change_part,
    create_part,
    delete_part,
    get_part,
    list_parts,
    part_with_code,
    parts_of,
    restore_part,
)
from core.workshop.parts_models import Part, StockMove
from core.workshop.stock import stock_of
from core.workshop.suppliers import change_supplier, delete_supplier, get_supplier, list_suppliers, restore_supplier
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.store import counts, line, order, part, stock, supplier


def test_a_part_is_kept_as_it_was_written(desk: Desk) -> None:
    given = {
        "number": "W 712/95",
        "name": "Oil filter",
        "manufacturer": "Mann",
        "barcode": "4011558736100",
        "unit": "pc",
        "location": "A3-12",
        "minimum": 2_000,
        "order_up_to": 6_000,
        "cost": 540,
        "price": 1_190,
        "supplier_id": supplier(desk),
        "supplier_number": "MA-71295",
        "active": True,
        "notes": "Seal is in the box",
    }
    made = desk.do(create_part, given)
    assert desk.see(get_part, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    assert (made.supplier_name, made.on_hand, made.low) == ("Nordteile", 0, True)
    assert desk.do(change_part, made.id, {"location": None}).location is None


def test_what_cannot_be_is_refused_with_all_that_is_wrong(desk: Desk) -> None:
    part(desk, "A-1", barcode="4711")
    wrong = {
        "number": "A-1",
        "barcode": "4711",
        "unit": "bucket",
        "minimum": 3,
        "order_up_to": 2,
        "supplier_id": NOBODY,
    }
    assert set(desk.problems(create_part, wrong)) == {
        "number", "barcode", "unit", "order_up_to", "supplier_id", "name",
    }  # fmt: skip
    assert set(desk.problems(create_part, {"number": "a-1", "name": "x"})) == {"number"}
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(create_part, {"number": "1", "name": "x"})
    with pytest.raises(NotFound):
        desk.see(get_part, NOBODY)
    with pytest.raises(Refused):
        desk.see(list_parts, sort="price")


def test_a_part_that_was_deleted_frees_its_number(desk: Desk) -> None:
    first = part(desk, "A-1")
    desk.do(delete_part, first)
    part(desk, "A-1")
    assert desk.do(restore_part, first).number == "A-1"
    assert set(desk.problems(change_part, first, {"number": "A-1"})) == set(), "what stands there may stay"


def test_it_is_found_by_words_codes_and_place(desk: Desk) -> None:
    wanted = part(desk, "W 712/95", barcode="4011558736100", location="A3", supplier_number="MA-7", manufacturer="Mann")
    part(desk, "W 811", location="B1")
    for words in ("w712", "712 mann", "40115", "ma7"):
        assert [each.id for each in desk.see(list_parts, q=words).items] == [wanted], words
    assert [each.id for each in desk.see(list_parts, location="a3").items] == [wanted]
    for code in ("4011558736100", " 4011558736100 ", "w712/95", "W71295", "MA7"):
        found = desk.see(part_with_code, code)
        assert found is not None, code
        assert found.id == wanted
    assert desk.see(part_with_code, "712") is None, "a part of a code is no code"
    assert desk.see(part_with_code, " ") is None


def test_the_barcode_comes_before_somebody_elses_number(desk: Desk) -> None:
    part(desk, "4711")
    wanted = part(desk, "B-1", barcode="4711")
    found = desk.see(part_with_code, "4711")
    assert found is not None
    assert found.id == wanted


def test_what_open_orders_wait_for_is_not_free(desk: Desk) -> None:
    oil = part(desk, here=5)
    waiting, gone, delivered = order(desk), order(desk), order(desk)
    for each in (waiting, gone, delivered):
        line(desk, each, oil, 2)
    desk.do(delete_repair_order, gone)
    for status in ("in_progress", "ready", "delivered"):
        desk.do(change_repair_order, delivered, {"status": status})
    assert counts(desk, oil) == (5, 2, 0, 0)
    assert stock(desk, oil).free == 3_000


def test_low_is_what_is_free_against_the_minimum(desk: Desk) -> None:
    enough, low = part(desk, "1", here=3, minimum=2_000), part(desk, "2", here=1, minimum=2_000)
    bare, switched_off = part(desk, "3"), part(desk, "4", minimum=2_000, active=False)
    assert [each.id for each in desk.see(list_parts, low=True).items] == [low]
    line(desk, order(desk), enough, 2)
    line(desk, order(desk), bare, 1)
    found = desk.see(list_parts, low=True, sort="number").items
    assert [each.id for each in found] == [enough, low, bare]
    assert all(each.low for each in found)
    assert not stock(desk, switched_off).low


def test_lists_come_by_the_page_in_every_order(desk: Desk) -> None:
    for number in range(7):
        part(desk, f"N-{number}", location=f"{number % 2}")
    for each in ORDERS:
        seen: list[str] = []
        after = None
        while True:
            page = desk.see(list_parts, sort=each.name, after=after, limit=3)
            seen += [view.id for view in page.items]
            after = page.after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 7, each.name


def test_rows_with_nothing_in_them_are_read(desk: Desk) -> None:
    id_ = "01890000-0000-7000-8000-0000000000aa"
    rows = [Part(id=id_), StockMove(), StockMove(part_id=id_), RepairOrderLine(part_id=id_, kind="part")]
    desk.records.change("system", lambda session: session.add_all(rows))
    (found,) = desk.see(list_parts).items
    assert (found.unit, found.active, found.on_hand, found.low) == ("pc", True, 0, False)


def test_a_list_asks_the_database_the_same_number_of_times_however_long_it_is(desk: Desk) -> None:
    suppliers = [supplier(desk, f"S{n}") for n in range(4)]
    made = [part(desk, f"N-{n}", here=1, supplier_id=suppliers[n % 4]) for n in range(12)]
    assert len(desk.statements(list_parts, limit=4)) == len(desk.statements(list_parts, limit=12)) == 3
    assert len(desk.statements(list_parts, q="part", limit=12)) <= 6
    assert len(desk.statements(stock_of, made)) == 1
    assert len(desk.statements(parts_of, made)) == 3


def test_suppliers_are_kept_and_found(desk: Desk) -> None:
    made = supplier(desk, "Nordteile", lead_days=2, phone="+49 40 1")
    supplier(desk, "Achsmeier")
    assert [each.name for each in desk.see(list_suppliers).items] == ["Achsmeier", "Nordteile"]
    assert [each.id for each in desk.see(list_suppliers, q="nord").items] == [made]
    assert [each.id for each in desk.see(list_suppliers, name="NORDTEILE").items] == [made]
    assert desk.do(change_supplier, made, {"lead_days": 5}).lead_days == 5
    desk.do(delete_supplier, made)
    with pytest.raises(NotFound):
        desk.see(get_supplier, made)
    desk.do(restore_supplier, made)
    assert desk.problems(change_supplier, made, {"name": " ", "lead_days": -1}).keys() == {"name", "lead_days"}
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(change_supplier, made, {"name": "x"})


def test_the_same_number_made_at_two_terminals_is_accepted_and_one_scan_finds_the_older(
    two_desks: tuple[Desk, Desk],
) -> None:
    here, there = two_desks
    made = sorted(part(desk, "A-1") for desk in two_desks)
    meet(here, there)
    for desk in two_desks:
        found = desk.see(part_with_code, "A1")
        assert found is not None
        assert found.id == made[0]
