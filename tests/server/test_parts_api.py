"""Parts, suppliers and purchase orders over HTTP."""

import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from server.service import Server

UNKNOWN = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
PARTS, SUPPLIERS, PURCHASES = "/api/v1/parts", "/api/v1/suppliers", "/api/v1/purchase-orders"


def made(api: httpx.Client, path: str, **fields: Any) -> dict[str, Any]:
    reply = api.post(path, json=fields)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


def part(api: httpx.Client, here: int = 0, **fields: Any) -> str:
    row = made(api, PARTS, **{"number": uuid.uuid4().hex[:12], "name": "Oil filter", **fields})
    if here:
        made(api, f"{PARTS}/{row['id']}/moves", reason="receipt", quantity=here)
    return str(row["id"])


def stock(api: httpx.Client, part_id: str) -> tuple[int, ...]:
    found = api.get(f"{PARTS}/{part_id}/stock").json()
    return tuple(found[name] for name in ("on_hand", "reserved", "on_order", "planned"))


def wrong(reply: httpx.Response, *fields: str) -> None:
    assert reply.status_code == 422, reply.text
    assert {each["field"] for each in reply.json()["errors"]} == set(fields)


@pytest.mark.parametrize(
    ("path", "fields"),
    [(PARTS, {"number": "W 712/95", "name": "Oil filter"}), (SUPPLIERS, {"name": "Nordteile"}), (PURCHASES, {})],
)
def test_a_row_lives_and_is_deleted(api: httpx.Client, path: str, fields: dict[str, Any]) -> None:
    row = made(api, path, **fields)
    place = f"{path}/{row['id']}"
    assert api.get(place).json() == row
    assert row["id"] in [each["id"] for each in api.get(f"{path}?sort=newest").json()["items"]]
    assert api.patch(place, json={"notes": "Ring first"}).json()["notes"] == "Ring first"
    wrong(api.patch(place, json={"bribe": 1}), "bribe")
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404


def test_parts_are_found_by_what_is_known_of_them(api: httpx.Client) -> None:
    code = uuid.uuid4().hex[:12]
    wanted = part(api, number=f"X-{code}", barcode=code, location="Z9", minimum=1000)
    for query in (f"q=x{code[:9]}", f"barcode={code}", f"number=X-{code}", f"q={code}&low=true"):
        found = api.get(f"{PARTS}?{query}").json()["items"]
        assert [each["id"] for each in found] == [wanted], query
        assert found[0]["low"] is True
    wrong(api.get(f"{PARTS}?sort=price"), "sort")
    assert api.get(f"{PARTS}?colour=red").status_code in (400, 422)


def test_a_move_changes_the_stock_and_stands_in_the_ledger(api: httpx.Client) -> None:
    oil = part(api, here=3000)
    moves = f"{PARTS}/{oil}/moves"
    taken = made(api, moves, reason="fitted", quantity=1000)
    assert (taken["quantity"], taken["balance"]) == (-1000, 2000)
    assert stock(api, oil) == (2000, 0, 0, 0)
    page = api.get(f"{moves}?limit=1").json()
    assert [each["id"] for each in page["items"]] == [taken["id"]]
    assert [each["reason"] for each in api.get(f"{moves}?after={page['next']}").json()["items"]] == ["receipt"]
    assert api.delete(f"{moves}/{taken['id']}").status_code == 204
    assert stock(api, oil) == (3000, 0, 0, 0)
    assert made(api, moves, reason="count", quantity=500)["quantity"] == -2500


def test_who_takes_more_than_there_is_says_so(api: httpx.Client) -> None:
    moves = f"{PARTS}/{part(api)}/moves"
    wrong(api.post(moves, json={"reason": "fitted", "quantity": 1000}), "quantity")
    assert made(api, moves, reason="fitted", quantity=1000, anyway=True)["balance"] == -1000
    wrong(api.post(moves, json={"reason": "stolen", "quantity": -1, "part_id": UNKNOWN}), "reason", "quantity")
    assert api.post(f"{PARTS}/{UNKNOWN}/moves", json={"reason": "receipt", "quantity": 1}).status_code == 404
    assert api.get(f"{PARTS}/{UNKNOWN}/moves").status_code == 404
    assert api.get(f"{PARTS}/{UNKNOWN}/stock").status_code == 404


def test_the_same_request_sent_again_moves_nothing_twice(api: httpx.Client) -> None:
    oil = part(api)
    given = {"reason": "receipt", "quantity": 1000}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = api.post(f"{PARTS}/{oil}/moves", json=given, headers=key)
    again = api.post(f"{PARTS}/{oil}/moves", json=given, headers=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert stock(api, oil)[0] == 1000


def test_from_too_little_to_here(api: httpx.Client) -> None:
    supplier = made(api, SUPPLIERS, name="Nordteile", lead_days=1)["id"]
    oil = part(api, minimum=2000, order_up_to=5000, supplier_id=supplier, cost=540)
    listed = api.get(f"{PARTS}/reorder?supplier_id={supplier}").json()["items"]
    assert [(each["part"]["id"], each["quantity"]) for each in listed] == [(oil, 5000)]
    (order,) = made(api, f"{PARTS}/reorder", items=[{"part_id": oil, "quantity": 5000}])["items"]
    assert (order["status"], order["supplier_name"], order["cost"]) == ("draft", "Nordteile", 2700)
    assert stock(api, oil) == (0, 0, 0, 5000)
    place = f"{PURCHASES}/{order['id']}"
    sent = api.post(f"{place}/order", json={"reference": "AB-1"}).json()
    assert (sent["status"], sent["reference"]) == ("ordered", "AB-1")
    assert sent["expected_on"]
    (line,) = api.get(f"{place}/lines").json()["items"]
    came = api.post(f"{place}/receive", json={"lines": {line["id"]: 2000}}).json()
    assert (came["order"]["status"], len(came["moves"])) == ("part_received", 1)
    assert stock(api, oil) == (2000, 0, 3000, 0)
    assert api.post(f"{place}/receive").json()["order"]["status"] == "received"
    assert stock(api, oil) == (5000, 0, 0, 0)
    assert api.get(f"{place}/lines").json()["items"][0]["received"] == 5000


def test_what_is_put_on_purchase_orders_twice_with_one_key_is_bought_once(api: httpx.Client) -> None:
    parts = [part(api, number=f"N-{n}", supplier_id=made(api, SUPPLIERS, name=f"S{n}")["id"]) for n in range(2)]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    sent = {"items": [{"part_id": each, "quantity": 2000} for each in parts]}
    first, again = (api.post(f"{PARTS}/reorder", json=sent, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert [stock(api, each) for each in parts] == [(0, 0, 0, 2000)] * 2
    assert api.post(f"{PARTS}/reorder", json={"items": sent["items"][:1]}, headers=key).status_code == 422


def test_a_delivery_sent_twice_is_received_once(api: httpx.Client) -> None:
    oil = part(api)
    place = f"{PURCHASES}/{made(api, PURCHASES)['id']}"
    made(api, f"{place}/lines", part_id=oil, quantity=2000)
    key = {"Idempotency-Key": uuid.uuid4().hex}
    for _ in range(2):
        assert api.post(f"{place}/receive", json={}, headers=key).status_code == 200
    assert stock(api, oil)[0] == 2000


def test_lines_are_changed_and_taken_off(api: httpx.Client) -> None:
    place = f"{PURCHASES}/{made(api, PURCHASES)['id']}"
    line = made(api, f"{place}/lines", description="Tail light")
    assert (line["quantity"], line["received"]) == (1000, 0)
    assert api.patch(f"{place}/lines/{line['id']}", json={"quantity": 3000}).json()["quantity"] == 3000
    elsewhere = f"{PURCHASES}/{made(api, PURCHASES)['id']}"
    wrong(api.delete(f"{elsewhere}/lines/{line['id']}"), "line")
    assert api.delete(f"{place}/lines/{line['id']}").status_code == 204
    assert api.get(f"{place}/lines").json() == {"items": []}
    wrong(api.post(f"{place}/order", json={}), "", "supplier_id")
    wrong(api.post(f"{place}/lines", json={"quantity": 1000}), "part_id")


def test_it_ends_and_goes_on(api: httpx.Client) -> None:
    supplier = made(api, SUPPLIERS, name="Nordteile")["id"]
    place = f"{PURCHASES}/{made(api, PURCHASES, supplier_id=supplier)['id']}"
    made(api, f"{place}/lines", description="Tail light")
    api.post(f"{place}/order", json={})
    for status in ("cancelled", "ordered", "received"):
        assert api.post(f"{place}/end", json={"status": status}).json()["status"] == status
    wrong(api.post(f"{place}/end", json={"status": "lost", "why": 1}), "status", "why")
    wrong(api.post(f"{place}/end", json={}), "status")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (f"{PARTS}/reorder", {}, "items"),
        (f"{PARTS}/reorder", {"items": [1]}, "items"),
        (f"{PARTS}/reorder", {"items": [{"part_id": [1], "quantity": 1}]}, "part_id"),
        (f"{PARTS}/reorder", {"items": [{"part_id": UNKNOWN}], "supplier_id": {}}, "supplier_id"),
        (f"{PARTS}/reorder", {"items": [{"line_id": UNKNOWN}]}, "line_id"),
    ],
)
def test_what_makes_no_sense_is_refused(api: httpx.Client, path: str, body: dict[str, Any], field: str) -> None:
    wrong(api.post(path, json=body), field)


def test_who_may_only_look_only_looks(api: httpx.Client, bay: Bay, founded: Server) -> None:
    oil = part(api)
    headers = {"Authorization": f"Bearer {issue_token(bay.records, SYSTEM, 'viewer', 'a screen')}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{founded.port}", trust_env=False, headers=headers) as viewer:
        for path in (PARTS, SUPPLIERS, PURCHASES, f"{PARTS}/reorder", f"{PARTS}/{oil}/stock", f"{PARTS}/{oil}/moves"):
            assert viewer.get(path).status_code == 200, path
        assert viewer.post(PARTS, json={"number": "1", "name": "x"}).status_code == 403
        assert viewer.post(f"{PARTS}/{oil}/moves", json={"reason": "receipt", "quantity": 1}).status_code == 403
        assert viewer.post(PURCHASES, json={}).status_code == 403


def test_a_list_asks_the_database_the_same_however_long_it_is(api: httpx.Client, bay: Bay) -> None:
    for _ in range(6):
        part(api, here=1000)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if "parts" in statement or "stock_moves" in statement:
            asked.append(statement)

    engine = bay.records.engines.reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        counts = []
        for query in ("limit=2", "limit=6", "q=oil&limit=6"):
            asked.clear()
            assert api.get(f"{PARTS}?{query}").status_code == 200
            counts.append(len(asked))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] > 0
    assert counts[2] <= counts[1] + 2
