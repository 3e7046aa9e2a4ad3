"""What stands on the papers."""

import pytest

from core.people.roles import Denied, Role
from core.workshop.shop import FIELDS, change_shop, shop_details
from tests.core.people.desk import NOBODY, Desk, meet


def test_before_anybody_entered_anything_there_is_a_shop_to_work_with(desk: Desk) -> None:
    shop = desk.see(shop_details)
    assert (shop.id, shop.name, shop.labour_rate) == ("", None, None)
    assert len(shop.currency) == 3
    assert shop.opens_at < shop.closes_at
    assert shop.payment_days > 0


def test_what_was_entered_is_read_back(desk: Desk) -> None:
    given = {
        "name": "Okafor & Sons",
        "address": "Canal Street 4\n1011 AB Amsterdam",
        "phone": "+31 20 555 0100",
        "email": "desk@example.com",
        "tax_number": "NL000099998B57",
        "bank": "NL00 BANK 0123 4567 89",
        "footer": "Thank you",
        "currency": "eur",
        "labour_rate": 9_800,
        "invoice_prefix": "R",
        "invoice_holder_id": NOBODY,
        "payment_days": 0,
        "opens_at": 450,
        "closes_at": 1_080,
    }
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(change_shop, given)
    assert desk.see(shop_details) == made
    assert {name: getattr(made, name) for name in given} == {**given, "currency": "EUR"}
    assert len(desk.statements(shop_details)) == 1
    assert desk.do(change_shop, {"phone": None}).id == made.id
    assert desk.see(shop_details).phone is None


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    wrong = {"currency": "gold", "labour_rate": -1, "payment_days": 366, "invoice_holder_id": "bay 3", "motto": "x"}
    assert set(desk.problems(change_shop, wrong)) == set(wrong)
    assert set(desk.problems(change_shop, {"opens_at": 1_080, "closes_at": 480})) == {"closes_at"}
    assert set(desk.problems(change_shop, {"opens_at": 1_300})) == {"closes_at"}, "it closes at six"
    with pytest.raises(Denied):
        desk.as_(Role.ADVISER).do(change_shop, {"name": "x"})


def test_of_two_shops_made_apart_the_older_counts_everywhere(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    there.clock.now += 60_000
    first = here.do(change_shop, {"name": "First"})
    there.do(change_shop, {"name": "Second", "phone": "1"})
    meet(here, there)
    assert [desk.see(shop_details).name for desk in two_desks] == ["First", "First"]
    there.do(change_shop, {"phone": "2"})
    meet(here, there)
    assert (here.see(shop_details).id, here.see(shop_details).phone) == (first.id, "2")
