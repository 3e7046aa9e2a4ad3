"""Board and clock over HTTP: read in one go, moved with what is missing said, punched once however often sent."""

import uuid
from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM, Role
from core.people.staff import create_staff
from core.people.tokens import issue_token
from core.sync.bay import Bay
from tests.server.test_records_api import UNKNOWN, made, problem_of


@pytest.fixture
def tom(bay: Bay) -> str:
    work = lambda session: create_staff(session, SYSTEM, {"name": "Tom", "role": "technician"})  # noqa: E731
    return bay.records.change("system", work).value.id


def as_role(bay: Bay, role: Role) -> dict[str, str]:
    return {"authorization": f"Bearer {issue_token(bay.records, SYSTEM, role, f'A {role}')}"}


def card(api: httpx.Client, id_: str, **query: Any) -> tuple[str, dict[str, Any]]:
    """The column and the card of an order."""
    for column in api.get("/api/v1/board", params={"window": 500, **query}).json()["columns"]:
        for each in column["cards"]:
            if each["id"] == id_:
                return column["status"], each
    raise AssertionError("it is not on the board")


def test_the_board_has_all_states_and_the_order_in_its_own(api: httpx.Client) -> None:
    car = made(api, "vehicles", plate="B-OA 1", make="VW", model="Golf")
    row = made(api, "repair-orders", vehicle_id=car["id"], promised_at=1_795_420_800_000, bay="Bay 77")
    found = api.get("/api/v1/board").json()
    assert [each["status"] for each in found["columns"]][:9] == [
        "booked", "arrived", "diagnosing", "awaiting_approval", "awaiting_parts", "in_progress", "quality_check",
        "ready", "delivered",
    ]  # fmt: skip
    status, seen = card(api, row["id"], bay="Bay 77")
    assert (status, seen["plate"], seen["vehicle"], seen["on"], seen["parts"], seen["left"]) == (
        "booked", "B-OA 1", "VW Golf", [], None, None,
    )  # fmt: skip
    assert [each["id"] for each in _cards(api, bay="Bay 77")] == [row["id"]]
    assert _cards(api, bay="Bay 78") == []
    assert [each["id"] for each in _cards(api, q="b-oa 1", bay="Bay 77")] == [row["id"]]
    problem_of(api.get("/api/v1/board", params={"window": 0}), 422)
    problem_of(api.get("/api/v1/board", params={"colour": "red"}), 400)
    problem_of(api.get("/api/v1/board", headers={"authorization": ""}), 401)


def _cards(api: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    columns = api.get("/api/v1/board", params=query).json()["columns"]
    return [each for column in columns for each in column["cards"]]


def test_a_card_is_moved_and_who_moved_it_is_known(api: httpx.Client) -> None:
    row = made(api, "repair-orders")
    place = f"/api/v1/repair-orders/{row['id']}/move"
    reply = api.post(place, json={"status": "arrived", "from_status": "booked"})
    assert reply.status_code == 200, reply.text
    told = reply.json()
    assert (told["before"], told["after"], told["moved"], told["anyway"]) == ("booked", "arrived", True, [])
    status, seen = card(api, row["id"])
    assert status == "arrived"
    assert seen["moved_by_name"]
    assert seen["moved_at"] == told["moved_at"]
    assert api.post(place, json={"status": "arrived"}).json()["moved"] is False
    assert api.get(f"/api/v1/repair-orders/{row['id']}").json()["status"] == "arrived"


def test_moved_meanwhile_is_a_conflict_that_says_where_it_is(api: httpx.Client) -> None:
    row = made(api, "repair-orders", status="diagnosing")
    reply = api.post(
        f"/api/v1/repair-orders/{row['id']}/move", json={"status": "in_progress", "from_status": "arrived"}
    )
    problem = problem_of(reply, 409)
    assert "Diagnosing" in problem["detail"]


def test_what_is_missing_is_said_and_passed_over_on_demand(api: httpx.Client, bay: Bay) -> None:
    row = made(api, "repair-orders", status="quality_check")
    place = f"/api/v1/repair-orders/{row['id']}/move"
    problem = problem_of(api.post(place, json={"status": "ready"}), 422)
    assert [each["field"] for each in problem["errors"]] == ["status"]
    targets = {each["status"]: each for each in api.get(place).json()["items"]}
    assert [each["words"] for each in targets["ready"]["unmet"]] == [problem["errors"][0]["detail"]]
    assert targets["ready"]["open"] is True
    floor = as_role(bay, Role.TECHNICIAN)
    problem_of(api.post(place, json={"status": "ready", "anyway": True}, headers=floor), 422)
    told = api.post(place, json={"status": "ready", "anyway": True}).json()
    assert (told["moved"], told["anyway"]) == (True, [problem["errors"][0]["detail"]])


def test_what_cannot_be_moved_is_refused(api: httpx.Client, bay: Bay) -> None:
    row = made(api, "repair-orders")
    place = f"/api/v1/repair-orders/{row['id']}/move"
    wrong = {"status": "lost", "anyway": "yes", "speed": 1}
    problem = problem_of(api.post(place, json=wrong), 422)
    assert {each["field"] for each in problem["errors"]} == set(wrong)
    assert [each["field"] for each in problem_of(api.post(place, json={}), 422)["errors"]] == ["status"]
    problem_of(api.post(place, json={"status": "delivered"}), 422)
    problem_of(api.post(f"/api/v1/repair-orders/{UNKNOWN}/move", json={"status": "arrived"}), 404)
    problem_of(api.get(f"/api/v1/repair-orders/{UNKNOWN}/move"), 404)
    problem_of(api.post(place, json={"status": "arrived"}, headers=as_role(bay, Role.VIEWER)), 403)


def test_a_move_sent_again_is_told_the_same_and_moves_nothing_twice(api: httpx.Client) -> None:
    row = made(api, "repair-orders")
    place, key = f"/api/v1/repair-orders/{row['id']}/move", {"idempotency-key": uuid.uuid4().hex}
    first = api.post(place, json={"status": "arrived"}, headers=key).json()
    api.post(place, json={"status": "diagnosing"})
    again = api.post(place, json={"status": "arrived"}, headers=key).json()
    assert again == first
    assert card(api, row["id"])[0] == "diagnosing"
    problem_of(api.post(place, json={"status": "booked"}, headers=key), 422)


def test_on_over_and_off_again(api: httpx.Client, tom: str) -> None:
    one, other = (made(api, "repair-orders")["id"] for _ in range(2))
    on = api.post("/api/v1/clock", json={"direction": "in", "order_id": one, "staff_id": tom})
    assert on.status_code == 201, on.text
    assert [each["name"] for each in card(api, one)[1]["on"]] == ["Tom"]
    over = api.post("/api/v1/clock", json={"direction": "switch", "order_id": other, "staff_id": tom}).json()["items"]
    assert [(each["direction"], each["order_id"]) for each in over] == [("out", one), ("in", other)]
    now = [each for each in api.get("/api/v1/clock").json()["items"] if each["staff_id"] == tom]
    assert [(each["order_id"], each["staff_name"]) for each in now] == [(other, "Tom")]
    off = api.post("/api/v1/clock", json={"direction": "out", "staff_id": tom}).json()["items"]
    assert [(each["direction"], each["order_id"]) for each in off] == [("out", other)]
    assert api.post("/api/v1/clock", json={"direction": "out", "staff_id": tom}).json() == {"items": []}


def test_hours_of_a_day(api: httpx.Client, tom: str) -> None:
    order = made(api, "repair-orders")
    for direction, at in (("in", "2026-09-01T08:00:00Z"), ("out", "2026-09-01T09:30:00Z")):
        sent = {"direction": direction, "order_id": order["id"], "staff_id": tom, "at": at}
        assert api.post("/api/v1/clock", json=sent).status_code == 201
    asked = {"staff_id": tom, "start": "2026-08-31", "end": "2026-09-02"}
    (worked,) = api.get("/api/v1/clock", params=asked).json()["hours"]
    assert (worked["order_number"], worked["ms"], worked["open"]) == (order["number"], 5_400_000, False)


def test_what_the_clock_refuses(api: httpx.Client, bay: Bay, tom: str) -> None:
    order = made(api, "repair-orders")["id"]
    assert _fields(api, {"direction": "sideways", "hours": 1}) == {"direction", "hours"}
    assert _fields(api, {}) == {"direction"}
    assert _fields(api, {"direction": "switch", "staff_id": tom}) == {"order_id"}
    assert _fields(api, {"direction": "in", "order_id": UNKNOWN, "staff_id": tom}) == {"order_id"}
    assert _fields(api, {"direction": "switch", "order_id": order}) == {"staff_id"}, "a program has no hours"
    switch_at = {"direction": "switch", "order_id": order, "staff_id": tom, "at": 1}
    assert _fields(api, switch_at) == {"at"}
    floor = as_role(bay, Role.TECHNICIAN)
    sent = {"direction": "in", "order_id": order, "staff_id": tom}
    problem_of(api.post("/api/v1/clock", json=sent, headers=as_role(bay, Role.VIEWER)), 403)
    problem_of(api.post("/api/v1/clock", json={**sent, "at": 1}, headers=floor), 403)
    problem_of(api.get("/api/v1/clock", params={"staff_id": tom}, headers=floor), 403)
    problem_of(api.get("/api/v1/clock", params={"start": "soon"}), 422)


def _fields(api: httpx.Client, sent: dict[str, Any]) -> set[str]:
    return {each["field"] for each in problem_of(api.post("/api/v1/clock", json=sent), 422)["errors"]}


def test_a_punch_sent_again_is_made_once(api: httpx.Client, tom: str) -> None:
    order, key = made(api, "repair-orders")["id"], {"idempotency-key": uuid.uuid4().hex}
    sent = {"direction": "switch", "order_id": order, "staff_id": tom}
    first = api.post("/api/v1/clock", json=sent, headers=key).json()
    assert api.post("/api/v1/clock", json=sent, headers=key).json() == first
    api.post("/api/v1/clock", json={"direction": "out", "staff_id": tom})
    assert api.post("/api/v1/clock", json=sent, headers=key).json() == first, "and it does not clock on again"
    assert not [each for each in api.get("/api/v1/clock").json()["items"] if each["staff_id"] == tom]
