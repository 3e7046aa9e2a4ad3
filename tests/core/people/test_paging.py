"""Lists by the page (``core.records.paging``): every row once, whatever came or went between two pages."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.people.customers import ORDERS, CustomerView, create_customer, delete_customer, list_customers
from core.records.input import Refused
from core.records.paging import MOST, Page
from tests.core.people.desk import Desk, desk_at

NAMES = ["Bob", "ada", "Zoë", "bob", "Ada", "Ümit", "bob", "carl", "Ada", "%_'", "Bob"]


def all_pages(see: Callable[[str | None], Page[CustomerView]]) -> list[CustomerView]:
    found: list[CustomerView] = []
    after: str | None = None
    while True:
        page = see(after)
        found.extend(page.items)
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("sort", [order.name for order in ORDERS])
@pytest.mark.parametrize("limit", [1, 3, len(NAMES), len(NAMES) + 1])
def test_pages_joined_are_the_list(desk: Desk, sort: str, limit: int) -> None:
    made = [desk.do(create_customer, {"name": name}).id for name in NAMES]
    whole = desk.see(list_customers, sort=sort, limit=MOST)
    assert whole.after is None
    assert sorted(each.id for each in whole.items) == sorted(made)
    assert all_pages(lambda after: desk.see(list_customers, sort=sort, limit=limit, after=after)) == list(whole.items)


def test_the_same_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        for name in NAMES:
            desk.do(create_customer, {"name": name})
        for sort in ("newest", "oldest", "name"):
            found = all_pages(lambda after, by=sort: desk.see(list_customers, sort=by, limit=3, after=after))  # type: ignore[misc]
            assert len({each.id for each in found}) == len(NAMES)
    finally:
        desk.records.close()


def test_the_newest_comes_first(desk: Desk) -> None:
    for name in NAMES:
        desk.do(create_customer, {"name": name})
    assert [each.name for each in desk.see(list_customers).items] == NAMES[::-1]


def test_a_row_that_goes_or_comes_between_pages_moves_no_other(desk: Desk) -> None:
    made = [desk.do(create_customer, {"name": f"C{number}"}) for number in range(6)]
    first = desk.see(list_customers, sort="oldest", limit=3)
    desk.do(delete_customer, made[0].id)
    desk.do(delete_customer, made[2].id)  # the last of the page, which the cursor names
    desk.do(create_customer, {"name": "C6"})
    second = desk.see(list_customers, sort="oldest", limit=10, after=first.after)
    assert [each.name for each in second.items] == ["C3", "C4", "C5", "C6"]


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "é",
        "====",
        forged("oldest", False, "a"),
        forged("newest", True),
        forged("newest", True, 5),
        forged("newest", True, None),
        forged("newest", True, "a", "b"),
        forged("newest", True, "\0"),
        forged("newest", True, "\ud800"),
        forged("newest", True, ["a"]),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
        base64.urlsafe_b64encode(b"{}").decode(),
    ],
)
def test_a_cursor_from_elsewhere_is_refused(desk: Desk, after: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.see(list_customers, after=after)
    assert refused.value.problems[0].field == "after"


def test_a_page_has_an_end_and_an_order_a_name(desk: Desk) -> None:
    for wrong in (0, -1, MOST + 1):
        with pytest.raises(Refused):
            desk.see(list_customers, limit=wrong)
    with pytest.raises(Refused) as refused:
        desk.see(list_customers, sort="shoe size")
    assert refused.value.problems[0].field == "sort"
