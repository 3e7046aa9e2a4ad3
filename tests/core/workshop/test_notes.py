"""Notes and photos: facts with their author."""

import pytest

from core.people.roles import Denied, Role
from core.records.capturing import FactChangedError
from core.records.input import NotFound
from core.workshop.models import Note
from core.workshop.notes import (
    add_note,
    add_photo,
    delete_note,
    delete_photo,
    list_notes,
    list_photos,
    restore_note,
    restore_photo,
)
from core.workshop.orders import create_repair_order
from tests.core.people.desk import NOBODY, STARTED, Desk, meet


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def test_a_note_says_who_wrote_it_and_when(desk: Desk, order: str) -> None:
    technician = desk.as_(Role.TECHNICIAN)
    made = technician.do(add_note, {"order_id": order, "text": "bolt seized\n\tdrilled out"})
    assert desk.see(list_notes, order).items == (made,)
    assert (made.text, made.author, made.author_name) == (
        "bolt seized\n\tdrilled out",
        technician.actor.reference,
        technician.actor.name,
    )
    assert made.written_at is not None
    assert made.written_at > STARTED


def test_a_note_is_never_rewritten_only_hidden(desk: Desk, order: str) -> None:
    made = desk.do(add_note, {"order_id": order, "text": "first"})

    def rewrite(session: object) -> None:
        row = session.get(Note, made.id)  # type: ignore[attr-defined]
        row.text = "never happened"

    with pytest.raises(FactChangedError):
        desk.records.change("system", rewrite)
    desk.do(delete_note, made.id)
    assert desk.see(list_notes, order).items == ()
    assert desk.do(restore_note, made.id).text == "first"


def test_a_photo_is_a_file_with_words(desk: Desk, order: str) -> None:
    given = {"order_id": order, "file_sha256": "cd" * 32, "thumbnail_sha256": "ab" * 32, "caption": "left rear"}
    made = desk.do(add_photo, given)
    assert {name: getattr(made, name) for name in given} == given
    assert made.taken_at is not None
    desk.do(delete_photo, made.id)
    assert desk.see(list_photos, order).items == ()
    desk.do(restore_photo, made.id)
    assert [each.id for each in desk.see(list_photos, order).items] == [made.id]


def test_what_cannot_be_is_refused(desk: Desk, order: str) -> None:
    assert set(desk.problems(add_note, {"order_id": NOBODY, "text": " ", "author": "x"})) == {
        "order_id",
        "text",
        "author",
    }
    assert set(desk.problems(add_photo, {"order_id": order, "file_sha256": "x"})) == {"file_sha256"}
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(add_note, {"order_id": order, "text": "x"})
    with pytest.raises(NotFound):
        desk.see(list_photos, NOBODY)


def test_notes_written_apart_are_all_kept_and_page_in_one_order(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    order = here.do(create_repair_order, {"complaint": "x"}).id
    meet(here, there)
    for number in range(3):
        for desk in two_desks:
            desk.do(add_note, {"order_id": order, "text": f"{number} of {desk.records.site}"})
    meet(here, there)
    first = here.see(list_notes, order, limit=4)
    rest = here.see(list_notes, order, limit=4, after=first.after)
    assert len({each.text for each in (*first.items, *rest.items)}) == 6
    assert there.see(list_notes, order).items == (*first.items, *rest.items)
