"""The shop's own words within a state."""

import tomllib

import pytest

import resources
from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.workshop.labels import (
    COLORS,
    FIELDS,
    change_label,
    create_label,
    delete_label,
    get_label,
    labels_of,
    list_labels,
    restore_label,
)
from core.workshop.models import OrderLabel
from tests.core.people.desk import Desk, meet


def test_what_was_written_is_read_back(desk: Desk) -> None:
    given = {"name": "Road test", "status": "quality_check", "color": "warning", "position": 3}
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(create_label, given)
    assert desk.see(get_label, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    desk.do(delete_label, made.id)
    with pytest.raises(NotFound):
        desk.see(get_label, made.id)
    assert desk.do(restore_label, made.id).name == "Road test"


def test_the_labels_of_a_state_are_its_own_and_those_of_all(desk: Desk) -> None:
    for name, status in (("Waits outside", None), ("Road test", "quality_check"), ("Wash", "ready")):
        desk.do(create_label, {"name": name, "status": status})
    labels = desk.see(list_labels).items
    assert [each.position for each in labels] == [1, 2, 3]
    assert [each.name for each in labels_of(labels, "ready")] == ["Waits outside", "Wash"]
    assert [each.name for each in labels_of(labels, None)] == ["Waits outside"]
    desk.do(change_label, labels[0].id, {"position": 9})
    first = desk.see(list_labels, limit=2)
    assert [each.name for each in desk.see(list_labels, limit=2, after=first.after).items] == ["Waits outside"]
    assert len(desk.statements(list_labels)) == 1


def test_the_colours_are_of_every_theme() -> None:
    for theme in resources.path("themes").glob("*.toml"):
        assert set(COLORS) <= set(tomllib.loads(theme.read_text("utf-8"))["colors"])


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    wrong = {"status": "lost", "color": "#ff0000", "position": -1, "shape": "x"}
    assert set(desk.problems(create_label, wrong)) == {*wrong, "name"}
    with pytest.raises(Denied):
        desk.as_(Role.ADVISER).do(create_label, {"name": "x"})


def test_labels_made_apart_come_together(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    for desk in two_desks:
        desk.do(create_label, {"name": f"of {desk.records.site}"})
    there.records.change("system", lambda session: session.add(OrderLabel()))
    meet(here, there)
    assert here.see(list_labels) == there.see(list_labels)
    assert len(labels_of(here.see(list_labels).items, "ready")) == 2, "one without a name is nothing to pick"
