"""One search box finds vehicles, customers, orders and parts as somebody types, and what was meant comes first."""

from pathlib import Path

import pytest

from core.people.customers import create_customer
from core.records.input import Refused
from core.records.rows import added
from core.vehicles.models import Vehicle
from core.vehicles.vehicles import create_vehicle, delete_vehicle
from core.workshop.finding import CUSTOMER, KINDS, VEHICLE, Matches, find_everything
from core.workshop.models import RepairOrder
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.parts import create_part
from tests.core.people.desk import Desk, desk_at


class Shop:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ada = desk.do(create_customer, {"name": "Ada Miller", "phone": "+49 89 1234567"}).id
        self.golf = desk.do(
            create_vehicle,
            {"plate": "B-AY 1234", "vin": "WVWZZZ1JZXW000001", "make": "Volkswagen", "model": "Golf", "year": 2012,
             "customer_id": self.ada},
        ).id  # fmt: skip
        self.other = desk.do(create_vehicle, {"plate": "B-AY 12345", "make": "Volkswagen", "model": "Polo"}).id
        self.order = desk.do(create_repair_order, {"vehicle_id": self.golf, "complaint": "Squeals when braking"})
        self.part = desk.do(create_part, {"number": "OX 388D", "name": "Oil filter", "barcode": "4009026037249"}).id

    def find(self, text: str, **more: object) -> Matches:
        return self.desk.see(find_everything, text, **more)  # type: ignore[arg-type]


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return Shop(desk)


@pytest.mark.parametrize("typed", ["B-AY 1234", "bay1234", "b ay 1234", "BA Y1234", "bay-1234", " B-AY  1234 "])
def test_a_plate_is_found_first_however_it_is_cut_with_what_is_done_to_it(shop: Shop, typed: str) -> None:
    found = shop.find(typed)
    assert found.vehicles[0].id == shop.golf
    assert found.vehicles[0].exact
    assert [each.exact for each in found.vehicles[1:]] == [False] * (len(found.vehicles) - 1)
    assert [each.id for each in found.repair_orders] == [shop.order.id]
    assert found.all[0] == found.vehicles[0]


@pytest.mark.parametrize("typed", ["WVWZZZ1JZXW000001", "wvwzzz1jzxw000001", "000001", "w000001", "xw000001"])
def test_a_vin_is_found_whole_or_by_its_end(shop: Shop, typed: str) -> None:
    assert [(each.id, each.exact) for each in shop.find(typed).vehicles] == [(shop.golf, True)]


def test_an_order_is_found_by_its_number_and_by_its_words(shop: Shop) -> None:
    number = shop.order.number or ""
    [found] = shop.find(number).repair_orders
    assert (found.id, found.title, found.exact) == (shop.order.id, number, True)
    assert found.subtitle == "Booked · B-AY 1234 · Volkswagen Golf · Ada Miller · Squeals when braking"
    assert [each.exact for each in shop.find("squea").repair_orders] == [False]


def test_a_part_is_found_by_number_barcode_and_name(shop: Shop) -> None:
    for typed, exact in (("ox388d", True), ("OX 388D", True), ("4009026037249", True), ("oil fi", False)):
        assert [(each.id, each.exact) for each in shop.find(typed).parts] == [(shop.part, exact)], typed
    assert shop.find("oil").parts[0].subtitle.startswith("Oil filter")


def test_a_customer_is_found_by_name_and_by_number_and_can_be_told_from_another(shop: Shop) -> None:
    assert shop.find("ada miller").customers[0].exact
    for typed in ("mill", "089 1234567", "+49 89 1234567"):
        [found] = shop.find(typed).customers
        assert (found.id, found.title) == (shop.ada, "Ada Miller"), typed
        assert "1234567" in found.subtitle


def test_every_letter_narrows_it_down(shop: Shop) -> None:
    sizes = [len(shop.find("volkswagen golf"[:length]).vehicles) for length in range(1, 16)]
    assert sizes[0] == 2
    assert sizes[-1] == 1
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("typed", ["", "  ", "-", " - ", "%", "*", '"', "AND OR NOT", "zzz", "')--"])
def test_nothing_and_rubbish_find_nothing(shop: Shop, typed: str) -> None:
    assert not shop.find(typed)
    assert shop.find(typed) == Matches()


def test_what_cannot_be_asked_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused):
        shop.find("a\0b")
    for limit in (0, 501):
        with pytest.raises(Refused):
            shop.find("a", limit=limit)


def test_only_the_kinds_that_somebody_may_see_are_looked_for(shop: Shop) -> None:
    assert shop.find("b-ay 1234", kinds=(CUSTOMER,)) == Matches()
    found = shop.find("b-ay 1234", kinds=(VEHICLE,))
    assert found.vehicles
    assert not found.repair_orders
    assert not shop.find("volks", kinds=())


def test_what_was_deleted_or_delivered_does_not_come_along(shop: Shop) -> None:
    for status in ("ready", "delivered"):
        shop.desk.do(change_repair_order, shop.order.id, {"status": status})
    assert shop.find("b-ay 1234").repair_orders == ()
    assert shop.find(shop.order.number or "").repair_orders, "by its number it is still found"
    shop.desk.do(delete_vehicle, shop.golf)
    assert shop.golf not in [each.id for each in shop.find("b-ay 1234").vehicles]


def test_many_of_one_kind_do_not_hide_the_only_one_of_another(shop: Shop) -> None:
    meant = shop.desk.do(create_customer, {"name": "Opelmann"}).id

    def work(session: object) -> None:
        for number in range(260):
            added(session, Vehicle, {"plate": f"N {number}", "make": "Opel"})  # type: ignore[arg-type]

    shop.desk.records.change("test", work)
    found = shop.find("opel")
    assert len(shop.desk.statements(find_everything, "opel")) <= 10
    assert len(found.vehicles) == 8
    assert [each.id for each in found.customers] == [meant]


def test_rows_with_nothing_in_them_are_no_trouble_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        shop = Shop(desk)
        desk.records.change("test", lambda session: added(session, RepairOrder, {"complaint": "bare"}) and None)
        assert shop.find("bare").repair_orders[0].title == ""
        assert shop.find("B-AY 1234").vehicles[0].exact
        assert shop.find("4009026037249").parts[0].exact
        assert shop.find("braking").repair_orders
    finally:
        desk.records.close()


def test_a_key_takes_eight_questions_at_most_however_much_there_is(shop: Shop) -> None:
    for number in range(30):
        shop.desk.do(create_repair_order, {"vehicle_id": shop.golf, "complaint": f"volkswagen {number}"})
        shop.desk.do(create_customer, {"name": f"Volkmar {number}"})
    asked = shop.desk.statements(find_everything, "volk")
    assert len(asked) <= 8, asked
    assert len(shop.desk.statements(find_everything, "B-AY 1234")) <= 8
    assert set(KINDS) == {"vehicle", "customer", "repair_order", "part"}
