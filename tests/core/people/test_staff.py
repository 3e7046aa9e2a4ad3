"""Staff and their PINs."""

import pytest

from core.people.models import Staff, is_secret
from core.people.roles import Actor, Denied, Role
from core.people.staff import (
    change_staff,
    check_pin,
    create_staff,
    delete_staff,
    get_staff,
    list_staff,
    restore_staff,
    seen_by,
    set_pin,
    staff_actor,
)
from core.records.schema import read_schema
from tests.core.people.desk import Desk, meet, somebody


def test_somebody_new_is_active_and_can_be_read(desk: Desk) -> None:
    made = desk.do(create_staff, {"name": "Tom", "role": "technician"})
    assert desk.see(get_staff, made.id) == made
    assert (made.name, made.role, made.active, made.has_pin) == ("Tom", "technician", True, False)
    assert set(desk.problems(create_staff, {"role": "customer", "pin_hash": "x"})) == {"name", "role", "pin_hash"}


def test_a_pin_lets_in_who_knows_it_and_nobody_else(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"})
    assert desk.see(check_pin, tom.id, "") is None
    desk.do(set_pin, tom.id, "4711")
    assert desk.see(check_pin, tom.id, "4711") == Actor("staff", tom.id, "Tom", Role.TECHNICIAN)
    for wrong in ("4712", "", "47110", "\udc00"):
        assert desk.see(check_pin, tom.id, wrong) is None
    assert desk.see(get_staff, tom.id).has_pin
    desk.do(change_staff, tom.id, {"active": False})
    assert desk.see(check_pin, tom.id, "4711") is None
    assert desk.see(staff_actor, tom.id) is None


def test_the_pin_is_kept_as_an_argon2_hash_and_belongs_in_no_list(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"})
    desk.do(set_pin, tom.id, "4711")
    with desk.records.read() as session:
        row = session.get(Staff, tom.id)
        assert row is not None
        assert str(row.pin_hash).startswith("$argon2id$")
    assert is_secret("staff", "pin_hash")
    assert not is_secret("staff", "name")
    assert read_schema().tables["staff"].searched == ("name",)


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "١٢٣٤"])
def test_a_pin_has_four_to_eight_digits(desk: Desk, pin: str) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"})
    assert set(desk.problems(set_pin, tom.id, pin)) == {"pin"}


def test_everybody_sets_their_own_pin_and_no_other(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"})
    ann = desk.do(create_staff, {"name": "Ann", "role": "viewer"})
    at_tom = Desk(desk.records, desk.clock, Actor("staff", tom.id, "Tom", Role.TECHNICIAN))
    at_tom.do(set_pin, tom.id, "4711")
    with pytest.raises(Denied):
        at_tom.do(set_pin, ann.id, "4711")
    at_tom.do(set_pin, tom.id, "")
    assert desk.see(check_pin, tom.id, "4711") is None


def test_a_manager_makes_no_owner_of_anybody_and_changes_none(desk: Desk) -> None:
    boss = desk.do(create_staff, {"name": "Boss", "role": "owner"})
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"})
    manager = desk.as_(Role.MANAGER)
    with pytest.raises(Denied):
        manager.do(create_staff, {"name": "Me", "role": "owner"})
    with pytest.raises(Denied):
        manager.do(change_staff, tom.id, {"role": "owner"})
    with pytest.raises(Denied):
        manager.do(change_staff, boss.id, {"name": "Ex"})
    with pytest.raises(Denied):
        manager.do(set_pin, boss.id, "0000")
    assert manager.do(change_staff, tom.id, {"role": "adviser"}).role == "adviser"


def test_the_last_owner_stays(desk: Desk) -> None:
    boss = desk.do(create_staff, {"name": "Boss", "role": "owner"})
    assert set(desk.problems(change_staff, boss.id, {"role": "viewer"})) == {"role"}
    assert set(desk.problems(change_staff, boss.id, {"active": False})) == {"role"}
    assert set(desk.problems(delete_staff, boss.id)) == {"role"}
    desk.do(create_staff, {"name": "Heir", "role": "owner"})
    desk.do(delete_staff, boss.id)
    assert desk.do(restore_staff, boss.id).name == "Boss"


def test_who_works_here_is_listed_by_name(desk: Desk) -> None:
    for name, role in (("tom", "technician"), ("Ann", "viewer"), ("Zoe", "technician")):
        desk.do(create_staff, {"name": name, "role": role})
    zoe = desk.see(list_staff).items[-1]
    desk.do(change_staff, zoe.id, {"active": False})
    assert [each.name for each in desk.see(list_staff).items] == ["Ann", "tom", "Zoe"]
    assert [each.name for each in desk.see(list_staff, active=True, role="technician").items] == ["tom"]


def test_a_list_of_the_staff_is_one_statement_however_many_they_are(desk: Desk) -> None:
    for number in range(20):
        desk.do(create_staff, {"name": f"Tom {number}", "role": "technician"})
    assert len(desk.statements(list_staff)) == 1


def test_skills_are_words_each_once_as_they_were_written(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician", "skills": " Brakes ,brakes; air  conditioning,,"})
    assert tom.skills == "Brakes, air conditioning"
    assert desk.do(change_staff, tom.id, {"skills": " , "}).skills is None
    assert set(desk.problems(change_staff, tom.id, {"skills": 7, "hourly_cost": "40"})) == {"skills", "hourly_cost"}


def test_what_an_hour_costs_is_for_those_who_may_change_the_staff(desk: Desk) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician", "hourly_cost": 3400})
    assert {role: seen_by(somebody(role), tom).hourly_cost for role in (Role.MANAGER, Role.ADVISER)} == {
        Role.MANAGER: 3400,
        Role.ADVISER: None,
    }
    assert is_secret("staff", "hourly_cost")  # in the list of changes too


def test_a_pin_works_at_every_terminal_that_heard_of_it(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    tom = here.do(create_staff, {"name": "Tom", "role": "technician"})
    here.do(set_pin, tom.id, "4711")
    meet(here, there)
    assert there.see(check_pin, tom.id, "4711") is not None
