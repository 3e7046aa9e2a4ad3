"""Notes for somebody: whom "@Name" means, and who has read what."""

import pytest

from core.people.roles import Actor, Denied, Role
from core.people.staff import change_staff, create_staff
from core.records.input import NotFound
from core.workshop.mentions import mark_read, mentions_of, unread_counts, unread_mentions
from core.workshop.models import Mention, Note, NoteReading
from core.workshop.notes import add_note, delete_note, list_notes, mentioned, restore_note
from core.workshop.orders import create_repair_order
from tests.core.people.desk import NOBODY, Desk, meet

STAFF = {"1": "Tom Miller", "2": "Tom Baker", "3": "Ann", "4": "Ann-Marie Öz", "5": ""}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Ann please look", ["3"]),
        ("please look, @ann!", ["3"]),
        ("@Tom Miller and @Ann", ["1", "3"]),
        ("@Tom\nMiller", ["1"]),
        ("@Tom", []),
        ("@Ann-Marie öz", ["4"]),
        ("@Ann-Marie", ["4"]),
        ("@Annabel", []),
        ("write to ann@ann.example", []),
        ("@@Ann @Ann", ["3"]),
        ("@", []),
        ("Ann", []),
    ],
)
def test_a_name_means_the_one_who_bears_it(text: str, meant: list[str]) -> None:
    assert list(mentioned(text, STAFF)) == meant


def person(desk: Desk, name: str) -> Desk:
    """The same desk with somebody else at it."""
    id_ = desk.do(create_staff, {"name": name, "role": "technician"}).id
    return Desk(desk.records, desk.clock, Actor("staff", id_, name, Role.TECHNICIAN))


def note(desk: Desk, order: str, text: str, *mentions: str) -> str:
    return desk.do(add_note, {"order_id": order, "text": text}, mentions).id


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def test_a_note_is_for_whom_it_names_and_whom_a_list_picked(desk: Desk, order: str) -> None:
    tom, ann = person(desk, "Tom"), person(desk, "Ann")
    note(desk, order, "@Tom the bolt is seized", ann.actor.id)
    note(desk, order, "@Tom again, picked too", tom.actor.id)
    assert [each.mentions for each in desk.see(list_notes, order).items] == [
        (tom.actor.id,),
        (ann.actor.id, tom.actor.id),
    ]
    desk.do(change_staff, tom.actor.id, {"active": False})
    note(desk, order, "@Tom")
    assert desk.see(list_notes, order).items[0].mentions == (), "he does not work here any more"
    assert set(desk.problems(add_note, {"order_id": order, "text": "x"}, [tom.actor.id])) == {"mentions"}
    assert set(desk.problems(add_note, {"order_id": order, "text": " "}, [NOBODY])) == {"mentions", "text"}


def test_what_is_unread_and_by_whom(desk: Desk, order: str) -> None:
    tom, ann = person(desk, "Tom"), person(desk, "Ann")
    other = desk.do(create_repair_order, {"complaint": "y"}).id
    for text in ("one", "two"):
        note(ann, order, text)
    note(ann, other, "three")
    orders = [order, other]
    assert tom.see(unread_counts, tom.actor.id, orders) == {order: 2, other: 1}
    assert ann.see(unread_counts, ann.actor.id, orders) == {}, "one knows what one wrote"
    assert tom.do(mark_read, order) == 2
    assert tom.do(mark_read, order) == 0
    assert tom.see(unread_counts, tom.actor.id, orders) == {other: 1}
    late = note(ann, order, "four")
    assert tom.see(unread_counts, tom.actor.id, orders) == {order: 1, other: 1}
    ann.do(delete_note, late)
    assert tom.see(unread_counts, tom.actor.id, orders) == {other: 1}
    assert ann.do(restore_note, late).text == "four"
    assert len(tom.statements(unread_counts, tom.actor.id, orders)) == 1
    assert tom.see(unread_counts, tom.actor.id, []) == {}


def test_only_staff_read(desk: Desk, order: str) -> None:
    note(desk, order, "x")
    tablet = Desk(desk.records, desk.clock, Actor("token", NOBODY, "Tablet", Role.TECHNICIAN))
    assert tablet.do(mark_read, order) == 0
    with pytest.raises(Denied):
        desk.as_(Role.DEVICE).do(mark_read, order)
    with pytest.raises(NotFound):
        desk.do(mark_read, NOBODY)


def test_what_waits_for_somebody_by_name(desk: Desk, order: str) -> None:
    tom = person(desk, "Tom")
    first, second = note(desk, order, "@Tom one"), note(desk, order, "@Tom two")
    note(desk, order, "for nobody")
    assert tom.see(unread_mentions, tom.actor.id) == 2
    found = tom.see(mentions_of, tom.actor.id)
    assert [(each.note.id, each.read) for each in found.items] == [(second, False), (first, False)]
    assert found.items[0].order_number
    page = tom.see(mentions_of, tom.actor.id, limit=1)
    assert [each.note.id for each in tom.see(mentions_of, tom.actor.id, limit=1, after=page.after).items] == [first]
    tom.do(mark_read, order)
    assert tom.see(unread_mentions, tom.actor.id) == 0
    assert tom.see(mentions_of, tom.actor.id).items == ()
    assert [each.read for each in tom.see(mentions_of, tom.actor.id, unread=False).items] == [True, True]
    assert len(tom.statements(mentions_of, tom.actor.id, unread=False)) <= 5
    assert len(tom.statements(unread_mentions, tom.actor.id)) == 1


def test_a_note_that_comes_late_from_a_terminal_that_was_cut_off_is_unread(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    tom = person(here, "Tom")
    order = here.do(create_repair_order, {"complaint": "x"}).id
    meet(here, there)
    note(there, order, "@Tom written first, arriving last")
    here.clock.now += 3_600_000
    note(here, order, "written later")
    tom.do(mark_read, order)
    meet(here, there)
    assert (
        here.see(unread_counts, tom.actor.id, [order]) == there.see(unread_counts, tom.actor.id, [order]) == {order: 1}
    )
    assert here.see(unread_mentions, tom.actor.id) == 1


def test_rows_that_came_without_the_others_break_nothing(desk: Desk, order: str) -> None:
    tom = person(desk, "Tom")
    rows = [Mention(), Mention(staff_id=tom.actor.id), Mention(staff_id=tom.actor.id, note_id=NOBODY), NoteReading(),
            Note(order_id=order)]  # fmt: skip
    desk.records.change("system", lambda session: session.add_all(rows))
    assert tom.see(mentions_of, tom.actor.id).items == ()
    assert tom.see(unread_counts, tom.actor.id, [order]) == {order: 1}
    assert tom.do(mark_read, order) == 1
    assert tom.see(unread_counts, tom.actor.id, [order]) == {}
