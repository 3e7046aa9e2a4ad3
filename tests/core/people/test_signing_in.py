"""Who may stand at a terminal, and what it takes to sign in there."""

import pytest

from core.people.at_hand import Person, is_guarded, needs_pin, people_at_hand
from core.people.models import Staff
from core.people.pin_tries import PinTries
from core.people.roles import Role
from core.people.signing_in import Answer, attempt
from core.people.staff import change_staff, create_staff, set_pin
from tests.core.people.desk import NOBODY, Desk


def hired(desk: Desk, name: str, role: str, pin: str = "") -> str:
    made = desk.do(create_staff, {"name": name, "role": role})
    if pin:
        desk.do(set_pin, made.id, pin)
    return made.id


def test_the_active_staff_is_at_hand_by_name_in_one_statement(desk: Desk) -> None:
    hired(desk, "tom", "technician")
    hired(desk, "Ann", "viewer")
    desk.do(change_staff, hired(desk, "Gone", "viewer"), {"active": False})
    desk.records.change("system", lambda session: session.add(Staff(name="Half", role=None)))  # arrived in part
    assert [person.name for person in desk.see(people_at_hand)] == ["Ann", "tom"]
    assert len(desk.statements(people_at_hand)) == 1


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Berg", "AB"), ("tom", "T"), ("Jean-Luc de Vries", "JV"), ("", ""), ("  ", ""), ("Ärzte (Bay 2)", "Ä2")],
)
def test_a_tile_shows_initials(name: str, letters: str) -> None:
    assert Person("1", name, Role.VIEWER, False).initials == letters


def test_nobody_is_asked_before_an_owner_has_a_pin(desk: Desk) -> None:
    boss = hired(desk, "Boss", "owner")
    hired(desk, "Tom", "technician", "4711")
    assert not is_guarded(desk.see(people_at_hand))
    desk.do(set_pin, boss, "1234")
    assert is_guarded(desk.see(people_at_hand))


def test_who_runs_the_shop_needs_a_pin_and_who_fills_tyres_may_do_without() -> None:
    for role in Role:
        person = Person("1", "X", role, has_pin=False)
        assert not needs_pin(person, guarded=False)
        assert needs_pin(person, guarded=True) == (role not in (Role.TECHNICIAN, Role.PARTS, Role.VIEWER))
        assert needs_pin(Person("1", "X", role, has_pin=True), guarded=False)


def test_a_pin_is_right_wrong_or_has_to_wait(desk: Desk) -> None:
    hired(desk, "Boss", "owner", "1234")
    tom = hired(desk, "Tom", "technician", "4711")
    tries = PinTries(None)
    found = desk.see(attempt, tries, tom, "4711")
    assert (found.answer, found.person and found.person.actor.reference) == (Answer.IN, f"staff:{tom}")
    for _ in range(3):
        assert desk.see(attempt, tries, tom, "0000").answer is Answer.WRONG
    assert desk.see(attempt, tries, tom, "4711").answer is Answer.WAIT  # also the right one


def test_one_tap_is_enough_only_for_those_who_may_do_without_a_pin(desk: Desk) -> None:
    tries = PinTries(None)
    meg = hired(desk, "Meg", "manager")
    sam = hired(desk, "Sam", "parts")
    assert desk.see(attempt, tries, meg, "").answer is Answer.IN  # nobody is asked yet
    hired(desk, "Boss", "owner", "1234")
    assert desk.see(attempt, tries, meg, "").answer is Answer.NO_PIN
    assert desk.see(attempt, tries, sam, "").answer is Answer.IN
    assert desk.see(attempt, tries, NOBODY, "").answer is Answer.GONE
