"""Customers: written in the user's words, read as they are, found again when they were deleted."""

import pytest

from core.people.customers import (
    add_contact_way,
    change_contact_way,
    change_customer,
    create_customer,
    delete_contact_way,
    delete_customer,
    get_customer,
    list_customers,
    restore_contact_way,
    restore_customer,
)
from core.people.roles import Denied, Role
from core.records.input import NotFound
from tests.core.people.desk import NOBODY, STARTED, Desk, meet

ADA = {"name": "Ada Lovelace", "phone": "+44 20 7946 0000", "email": "ada@example.org", "address": "12 St\nLondon"}


def test_only_a_name_is_needed_and_what_was_given_is_read_back(desk: Desk) -> None:
    assert desk.do(create_customer, {"name": "Bob"}).kind == "person"
    made = desk.do(create_customer, {**ADA, "kind": "company", "notes": "pays late\n\ttwice"})
    read = desk.see(get_customer, made.id)
    assert read == made
    assert (read.name, read.phone, read.email, read.address) == tuple(ADA.values())
    assert (read.kind, read.notes, read.mobile) == ("company", "pays late\n\ttwice", None)
    assert read.created_at is not None
    assert read.changed_at is not None
    assert STARTED < read.created_at <= read.changed_at


def test_everything_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    problems = desk.problems(
        create_customer, {"kind": "alien", "phone": "none", "email": "ada", "notes": "\0", "shoe_size": 43}
    )
    assert set(problems) == {"name", "kind", "phone", "email", "notes", "shoe_size"}
    assert problems["name"] == "This is needed."
    assert desk.see(list_customers).items == ()


def test_a_way_is_changed_emptied_and_the_next_one_takes_its_place(desk: Desk) -> None:
    ada = desk.do(create_customer, ADA)
    second = desk.do(add_contact_way, {"customer_id": ada.id, "kind": "phone", "value": "0049 30 1"})
    assert desk.do(change_customer, ada.id, {"phone": "111"}).phone == "111"
    emptied = desk.do(change_customer, ada.id, {"phone": None})
    assert emptied.phone == "0049 30 1"
    assert emptied.email == "ada@example.org"
    desk.do(change_contact_way, second.id, {"value": "222"})
    assert desk.problems(change_contact_way, second.id, {"kind": "email"}) == {
        "value": "This is not an e-mail address."
    }
    desk.do(delete_contact_way, second.id)
    assert desk.see(get_customer, ada.id).phone is None
    desk.do(restore_contact_way, second.id)
    assert desk.see(get_customer, ada.id).phone == "222"


def test_a_way_needs_a_customer_who_is_here(desk: Desk) -> None:
    assert set(desk.problems(add_contact_way, {"customer_id": NOBODY, "kind": "phone", "value": "1"})) == {
        "customer_id"
    }


def test_a_form_that_is_saved_unchanged_writes_nothing(desk: Desk) -> None:
    ada = desk.do(create_customer, ADA)
    desk.do(change_customer, ada.id, ADA)
    assert not desk.last


def test_deleted_is_hidden_and_comes_back(desk: Desk) -> None:
    ada = desk.do(create_customer, ADA)
    desk.do(delete_customer, ada.id)
    with pytest.raises(NotFound):
        desk.see(get_customer, ada.id)
    with pytest.raises(NotFound):
        desk.do(delete_customer, ada.id)
    with pytest.raises(NotFound):
        desk.do(change_customer, ada.id, {"name": "X"})
    assert [each.id for each in desk.see(list_customers, deleted=True).items] == [ada.id]
    assert desk.do(restore_customer, ada.id).deleted_at is None
    assert desk.see(get_customer, ada.id).phone == ADA["phone"]


def test_what_is_not_an_id_is_not_found_either(desk: Desk) -> None:
    for id_ in (NOBODY, "", "1 OR 1=1", "\udc00", "x" * 5000):
        with pytest.raises(NotFound):
            desk.see(get_customer, id_)


def test_a_technician_reads_and_does_not_write(desk: Desk) -> None:
    ada = desk.do(create_customer, ADA)
    for work in (create_customer, lambda session, actor, fields: change_customer(session, actor, ada.id, fields)):
        with pytest.raises(Denied):
            desk.as_(Role.TECHNICIAN).do(work, ADA)


def test_two_who_edit_different_fields_apart_both_keep_theirs(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    ada = here.do(create_customer, ADA)
    meet(here, there)
    here.do(change_customer, ada.id, {"notes": "likes tea"})
    there.do(change_customer, ada.id, {"email": "countess@example.org"})
    meet(here, there)
    both = here.see(get_customer, ada.id)
    assert (both.notes, both.email) == ("likes tea", "countess@example.org")


def test_the_customers_of_a_name_whatever_its_case(desk: Desk) -> None:
    desk.do(create_customer, {"name": "Bob"})
    desk.do(create_customer, ADA)
    assert [each.name for each in desk.see(list_customers, name="ada LOVELACE").items] == ["Ada Lovelace"]
    assert [each.name for each in desk.see(list_customers, sort="name").items] == ["Ada Lovelace", "Bob"]
    assert [each.name for each in desk.see(list_customers, kind="company").items] == []
