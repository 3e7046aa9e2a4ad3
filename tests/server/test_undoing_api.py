"""Taking back over HTTP: one's own changes, once, and never what somebody else wrote since."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from tests.server.test_records_api import problem_of


@pytest.fixture
def mine(api: httpx.Client, bay: Bay) -> httpx.Client:
    """A program of its own: nobody else's changes are among its own."""
    api.headers["authorization"] = f"Bearer {issue_token(bay.records, SYSTEM, 'adviser', 'desk')}"
    return api


def last(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/changes/mine").json()["changes"][0]
    return found


def test_a_change_is_taken_back_and_done_again(mine: httpx.Client) -> None:
    place = mine.post("/api/v1/vehicles", json={"plate": "M-UN 1", "color": "red"}).headers["location"]
    mine.patch(place, json={"color": "blue"})
    change = last(mine)
    assert (change["undone"], change["possible"], change["why_not"]) == (False, True, "")
    reply = mine.post(f"/api/v1/changes/{change['undo']}/undo")
    assert reply.status_code == 200
    assert reply.json()["rows"] == {"vehicles": {place.rpartition("/")[2]: ["color"]}}
    assert mine.get(place).json()["color"] == "red"

    again = last(mine)
    assert (again["id"], again["undone"]) == (change["id"], True)
    assert mine.post(f"/api/v1/changes/{again['undo']}/undo").status_code == 200
    assert mine.get(place).json()["color"] == "blue"


def feed(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """All changes there were, page by page: the workshop is that of all tests."""
    after = 0
    while (page := client.get("/api/v1/changes", params={"after": after, "limit": 500}).json())["changes"]:
        yield from page["changes"]
        after = page["next"]


def test_the_feed_names_changes_so_that_they_can_be_taken_back(mine: httpx.Client) -> None:
    place = mine.post("/api/v1/customers", json={"name": "Lena Ott"}).headers["location"]
    [made] = [each for each in feed(mine) if any(row["id"] == place.rpartition("/")[2] for row in each["rows"])]
    assert mine.post(f"/api/v1/changes/{made['id']}/undo").status_code == 200
    problem_of(mine.get(place), 404)


def test_it_is_taken_back_once_and_by_nobody_else(mine: httpx.Client, bay: Bay) -> None:
    mine.post("/api/v1/vehicles", json={"plate": "M-UN 2"})
    change = last(mine)["undo"]
    assert mine.post(f"/api/v1/changes/{change}/undo").status_code == 200
    problem_of(mine.post(f"/api/v1/changes/{change}/undo"), 404)
    mine.post("/api/v1/vehicles", json={"plate": "M-UN 3"})
    theirs = last(mine)["undo"]
    mine.headers["authorization"] = f"Bearer {issue_token(bay.records, SYSTEM, 'owner', 'another')}"
    problem_of(mine.post(f"/api/v1/changes/{theirs}/undo"), 404)
    assert mine.get("/api/v1/changes/mine").json()["changes"] == []


def test_what_somebody_else_wrote_since_is_refused_in_words(mine: httpx.Client, bay: Bay) -> None:
    place = mine.post("/api/v1/vehicles", json={"plate": "M-UN 4", "color": "red"}).headers["location"]
    mine.patch(place, json={"color": "blue"})
    desk = mine.headers["authorization"]
    mine.headers["authorization"] = f"Bearer {issue_token(bay.records, SYSTEM, 'adviser', 'Front desk')}"
    mine.patch(place, json={"color": "green"})
    mine.headers["authorization"] = desk
    change = last(mine)
    assert (change["possible"], "Front desk" in change["why_not"]) == (False, True)
    refused = problem_of(mine.post(f"/api/v1/changes/{change['undo']}/undo"), 422)
    assert "Changed since by Front desk" in str(refused)
    assert mine.get(place).json()["color"] == "green"


@pytest.mark.parametrize("id_", ["1", "x", "0" * 32, "0193f1c2a7b40000aa410ab991a33da7"])
def test_what_is_no_change_of_mine_is_not_found(mine: httpx.Client, id_: str) -> None:
    problem_of(mine.post(f"/api/v1/changes/{id_}/undo"), 404)
