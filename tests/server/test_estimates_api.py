"""Estimates over HTTP: lines, totals, what the customer says, and what comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from server.service import Server
from tests.server.conftest import PATIENCE

UNKNOWN = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
ORDERS, ADVICE = "/api/v1/repair-orders", "/api/v1/recommendations"


def made(api: httpx.Client, path: str, **fields: Any) -> dict[str, Any]:
    reply = api.post(path, json=fields)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


def wrong(reply: httpx.Response, *fields: str) -> None:
    assert reply.status_code == 422, reply.text
    assert {each["field"] for each in reply.json()["errors"]} == set(fields)


@pytest.fixture
def vehicle(api: httpx.Client) -> str:
    return str(made(api, "/api/v1/vehicles", plate="M-OT 1234")["id"])


@pytest.fixture
def order(api: httpx.Client, vehicle: str) -> str:
    """The path of an order."""
    return f"{ORDERS}/{made(api, ORDERS, vehicle_id=vehicle)['id']}"


def three_lines(api: httpx.Client, order: str) -> list[str]:
    given = [("part", "Pads", 2_000, 4_599), ("labour", "Replace pads", 1_500, 9_800), ("fee", "Disposal", 1_000, 250)]
    return [
        made(api, f"{order}/lines", kind=kind, description=words, quantity=quantity, unit_price=price, tax_rate=1_900)[
            "id"
        ]
        for kind, words, quantity, price in given
    ]


@contextmanager
def counted(bay: Bay, about: str) -> Iterator[list[str]]:
    """The statements about a table that the readers ask meanwhile; signing in asks others, when it likes."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if about in statement:
            asked.append(statement)

    engine = bay.records.engines.reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def client_of(founded: Server, bay: Bay, role: str) -> Iterator[httpx.Client]:
    """A program with a token of another role."""
    secret = issue_token(bay.records, SYSTEM, role, f"a {role}")
    headers = {"Authorization": f"Bearer {secret}"}
    url = f"http://127.0.0.1:{founded.port}"
    with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, headers=headers) as client:
        yield client


def test_a_line_lives_below_its_order_and_is_deleted(api: httpx.Client, order: str) -> None:
    reply = api.post(f"{order}/lines", json={"kind": "fee", "description": "Wash", "unit_price": 500})
    assert reply.status_code == 201
    line = reply.json()
    place = f"{order}/lines/{line['id']}"
    assert reply.headers["location"] == place
    assert api.get(place).json() == line
    assert api.get(f"{order}/lines").json() == {"items": [line], "next": None}
    changed = api.patch(place, json={"quantity": 2_000}, headers={"If-Match": reply.headers["etag"]})
    assert changed.json()["quantity"] == 2_000
    assert api.patch(place, json={"quantity": 3_000}, headers={"If-Match": reply.headers["etag"]}).status_code == 412
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404
    assert api.get(f"{order}/lines").json()["items"] == []


def test_a_line_sent_again_is_made_once(api: httpx.Client, order: str) -> None:
    fields = {"kind": "fee", "description": "Wash"}
    twice = [api.post(f"{order}/lines", json=fields, headers={"Idempotency-Key": "a-1"}).json() for _ in range(2)]
    assert twice[0] == twice[1]
    assert len(api.get(f"{order}/lines").json()["items"]) == 1


def test_what_cannot_be_is_refused_by_field(api: httpx.Client, order: str, vehicle: str) -> None:
    wrong(api.post(f"{order}/lines", json={"kind": "bribe", "price": 1}), "kind", "price", "description")
    wrong(api.post(f"{order}/lines", json={"order_id": UNKNOWN, "kind": "fee", "description": "x"}), "order_id")
    assert api.post(f"{ORDERS}/{UNKNOWN}/lines", json={"kind": "fee", "description": "x"}).status_code == 404
    (line, *_) = three_lines(api, order)
    other = made(api, ORDERS, vehicle_id=vehicle)["id"]
    for ask in (api.get, api.delete):
        assert ask(f"{ORDERS}/{other}/lines/{line}").status_code == 404, "it is another order's"
    assert api.patch(f"{ORDERS}/{other}/lines/{line}", json={"quantity": 1}).status_code == 404
    decisions = f"{order}/decisions"
    bodies: list[dict[str, Any]] = [
        {},
        {"decisions": [{}]},
        {"decisions": "all"},
        {"decision": ["approved"]},
        {"decision": "approved", "decisions": []},
        {"decisions": [{"line_id": line, "decision": "yes"}]},
        {"decisions": [{"line_id": UNKNOWN, "decision": "approved"}]},
    ]
    for body in bodies:
        wrong(api.post(decisions, json=body), "decisions")
    wrong(api.post(decisions, json={"decision": "approved", "way": "pigeon", "who": 1}), "way", "who")
    wrong(api.post(f"{order}/discount", json={"percent": 0}), "percent", "description")


def test_two_of_three_are_approved_and_the_third_comes_back(api: httpx.Client, order: str, vehicle: str) -> None:
    pads, work, fee = three_lines(api, order)
    said = [{"line_id": fee, "decision": "approved"}, {"line_id": work, "decision": "approved"}]
    made(api, f"{order}/decisions", decisions=said, said_by="Anna Ott", way="phone")
    no = [{"line_id": pads, "decision": "declined"}]
    found = made(api, f"{order}/decisions", decisions=no, due_on="2027-04-01", due_odometer=90_000)
    assert found == api.get(f"{order}/estimate").json()
    assert found["counts"] == {"open": 0, "asked": 0, "approved": 2, "declined": 1, "changed": 0}
    assert (found["everything"]["net"], found["approved"]["net"], found["declined"]["net"]) == (24_148, 14_950, 9_198)
    assert found["approved"]["taxes"] == [{"rate": 1_900, "net": 14_950, "tax": 2_841}]
    assert found["lines"][1]["decision"]["said_by"] == "Anna Ott"
    api.patch(f"{order}/lines/{work}", json={"unit_price": 12_000})
    assert api.get(f"{order}/estimate").json()["lines"][1]["state"] == "changed"
    everything = made(api, f"{order}/decisions", decision="approved", way="signature")
    assert [each["state"] for each in everything["lines"]] == ["declined", "approved", "approved"]
    words = api.get(f"{order}/decisions", params={"limit": 2}).json()
    assert len(words["items"]) == 2
    assert len(api.get(f"{order}/decisions", params={"after": words["next"]}).json()["items"]) == 2

    (advice,) = api.get(ADVICE, params={"vehicle_id": vehicle}).json()["items"]
    assert (advice["due_on"], advice["due_odometer"], advice["vehicle_plate"]) == ("2027-04-01", 90_000, "M-OT 1234")
    assert api.get(f"{order}/recommendations").json()["items"] == []
    later = made(api, ORDERS, vehicle_id=vehicle)["id"]
    assert api.get(f"{ORDERS}/{later}/recommendations").json()["items"] == [advice]
    line = made(api, f"{ADVICE}/{advice['id']}/take-up", order_id=later)
    assert (line["description"], line["recommendation_id"]) == ("Pads", advice["id"])
    assert made(api, f"{ADVICE}/{advice['id']}/take-up", order_id=later) == line
    assert api.get(f"{ADVICE}/{advice['id']}").json()["state"] == "taken_up"


def test_a_decision_sent_again_is_kept_once(api: httpx.Client, order: str) -> None:
    three_lines(api, order)
    for _ in range(2):
        reply = api.post(f"{order}/decisions", json={"decision": "approved"}, headers={"Idempotency-Key": "d-1"})
        assert reply.status_code == 201
    assert len(api.get(f"{order}/decisions").json()["items"]) == 3


def test_ten_percent_off(api: httpx.Client, order: str) -> None:
    three_lines(api, order)
    (line,) = made(api, f"{order}/discount", percent=1_000, description="Loyal customer")["items"]
    assert (line["kind"], line["unit_price"], line["tax_rate"]) == ("discount", -2_415, 1_900)
    totals = api.get(f"{order}/estimate").json()["everything"]
    assert (totals["discount"], totals["net"]) == (-2_415, 21_733)


def test_advice_is_kept_dismissed_and_listed(api: httpx.Client, vehicle: str) -> None:
    row = made(api, ADVICE, vehicle_id=vehicle, description="Timing belt", due_on="2026-01-01")
    place = f"{ADVICE}/{row['id']}"
    assert api.get(place).json() == row
    assert api.patch(place, json={"due_on": "2026-02-01"}).json()["due_on"] == "2026-02-01"
    asked = {"vehicle_id": vehicle, "due_by": "2026-12-31", "sort": "due"}
    assert [each["id"] for each in api.get(ADVICE, params=asked).json()["items"]] == [row["id"]]
    assert api.post(f"{place}/state", json={"state": "dismissed"}).json()["state"] == "dismissed"
    assert api.get(ADVICE, params=asked).json()["items"] == []
    assert len(api.get(ADVICE, params={**asked, "state": "any"}).json()["items"]) == 1
    assert api.post(f"{place}/state", json={"state": "open"}).json()["state"] == "open"
    wrong(api.post(f"{place}/state", json={"state": "taken_up"}), "state")
    wrong(api.get(ADVICE, params={"state": "x"}), "state")
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404


def test_only_the_desk_writes_down_what_a_customer_says(
    founded: Server, bay: Bay, api: httpx.Client, order: str
) -> None:
    three_lines(api, order)
    with client_of(founded, bay, "technician") as technician, client_of(founded, bay, "viewer") as viewer:
        assert technician.get(f"{order}/estimate").status_code == 200
        assert technician.post(f"{order}/decisions", json={"decision": "approved"}).status_code == 403
        assert viewer.post(f"{order}/lines", json={"kind": "fee", "description": "x"}).status_code == 403
        assert viewer.get(f"{order}/lines").status_code == 200


def test_an_estimate_takes_as_many_statements_for_many_lines_as_for_few(
    api: httpx.Client, bay: Bay, order: str, vehicle: str
) -> None:
    three_lines(api, order)
    counts = []
    for _ in range(2):
        with counted(bay, "repair_order_lines") as asked:
            assert api.get(f"{order}/estimate").status_code == 200
            assert api.get(ADVICE, params={"vehicle_id": vehicle}).status_code == 200
        counts.append(len(asked))
        for _ in range(4):
            three_lines(api, order)
        made(api, f"{order}/decisions", decision="declined")
    assert counts[1] <= counts[0] + 3, "advice that is there asks for its vehicle, lines and last words"
    with counted(bay, "repair_order_lines") as asked:
        api.get(f"{order}/estimate")
        api.get(ADVICE, params={"vehicle_id": vehicle})
    assert len(asked) == counts[1]
