"""Lines are moved among those of their order."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.workshop.line_order import move_line
from core.workshop.lines import change_line, create_line, delete_line, list_lines
from core.workshop.orders import create_repair_order
from tests.core.people.desk import NOBODY, Desk


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def lines(desk: Desk, order: str, *words: str) -> dict[str, str]:
    made = {each: desk.do(create_line, {"order_id": order, "kind": "fee", "description": each}) for each in words}
    return {word: line.id for word, line in made.items()}


def words(desk: Desk, order: str) -> str:
    return "".join(each.description or "" for each in desk.see(list_lines, order))


@pytest.mark.parametrize(
    ("moved", "before", "then"),
    [("a", "c", "bacd"), ("a", None, "bcda"), ("d", "a", "dabc"), ("c", "b", "acbd"), ("b", "c", "abcd"),
     ("b", "b", "abcd"), ("d", None, "abcd")],
)  # fmt: skip
def test_a_line_goes_before_another_and_back(desk: Desk, order: str, moved: str, before: str | None, then: str) -> None:
    ids = lines(desk, order, "a", "b", "c", "d")
    back = desk.do(move_line, ids[moved], ids[before] if before else None)
    assert words(desk, order) == then
    desk.do(move_line, ids[moved], back)
    assert words(desk, order) == "abcd"


def test_lines_without_a_place_or_with_the_same_get_one(desk: Desk, order: str) -> None:
    ids = lines(desk, order, "a", "b", "c")
    for each in ids.values():
        desk.do(change_line, each, {"position": None})
    desk.do(move_line, ids["c"], ids["a"])
    assert words(desk, order) == "cab"
    assert [each.position for each in desk.see(list_lines, order)] == [1, 2, 3]


def test_a_line_that_was_taken_away_meanwhile_is_no_obstacle(desk: Desk, order: str) -> None:
    ids = lines(desk, order, "a", "b", "c")
    desk.do(delete_line, ids["c"])
    desk.do(move_line, ids["a"], ids["c"])
    assert words(desk, order) == "ba"


def test_who_may_not_change_an_order_moves_nothing(desk: Desk, order: str) -> None:
    ids = lines(desk, order, "a", "b")
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(move_line, ids["a"], None)
    with pytest.raises(NotFound):
        desk.do(move_line, NOBODY, None)
