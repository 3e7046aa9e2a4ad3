"""Invoices, payments and papers over HTTP: issued, corrected, paid and printed; never deleted; by who may."""

import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from core.people.roles import SYSTEM, Role
from core.people.tokens import issue_token
from core.sync.bay import Bay
from core.workshop.estimates import decide
from core.workshop.lines import create_line
from core.workshop.parts import create_part
from server.service import Server
from tests.server.conftest import PATIENCE

UNKNOWN = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


def made(api: httpx.Client, path: str, status: int = 201, **fields: Any) -> dict[str, Any]:
    reply = api.post(f"/api/v1/{path}", json=fields)
    assert reply.status_code == status, reply.text
    found: dict[str, Any] = reply.json()
    return found


def wrong(reply: httpx.Response, *fields: str) -> None:
    assert reply.status_code == 422, reply.text
    assert {each["field"] for each in reply.json()["errors"]} == set(fields)


@pytest.fixture
def order(api: httpx.Client, bay: Bay) -> tuple[str, list[str]]:
    """An order with three lines: approved, declined, and one nobody asked about."""
    customer = made(api, "customers", name="Anna Ott", address="Ring 1")
    vehicle = made(api, "vehicles", plate=f"M-{uuid.uuid4().hex[:6]}", customer_id=customer["id"])
    row = made(api, "repair-orders", vehicle_id=vehicle["id"], complaint="Squeals", odometer_in=10)["id"]
    line = {"order_id": row, "kind": "labour", "description": "Brakes", "quantity": 1500, "unit_price": 9000}
    change = bay.records.change
    ids = [
        change("system", lambda session: create_line(session, SYSTEM, {**line, "tax_rate": 1900}).id).value
        for _ in range(3)
    ]
    said = [(ids[0], "approved"), (ids[1], "declined")]
    change("system", lambda session: decide(session, SYSTEM, row, said, {}))
    return row, ids


@pytest.fixture
def as_(founded: Server, bay: Bay) -> Any:
    """A client with a token of a role."""

    def client(role: Role) -> httpx.Client:
        token = issue_token(bay.records, SYSTEM, role.value, f"a {role.value}")
        headers = {"Authorization": f"Bearer {token}"}
        url = f"http://127.0.0.1:{founded.port}"
        return httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, headers=headers)

    return client


def test_an_order_is_invoiced_paid_and_credited(api: httpx.Client, order: tuple[str, list[str]]) -> None:
    row, (approved, declined, open_) = order
    place = f"/api/v1/repair-orders/{row}/invoice"
    proposal = api.get(place).json()
    assert [each["state"] for each in proposal["candidates"]] == ["approved", "declined", "undecided"]
    assert (proposal["approved"], proposal["undecided"], proposal["sums"]["gross"]) == ([approved], [open_], 16065)
    wrong(api.post(place, json={"line_ids": [declined]}), "line_ids")

    reply = api.post(place, json={"line_ids": [approved, open_], "remark": "Thanks", "due_on": "2099-01-01"})
    assert reply.status_code == 201
    invoice = reply.json()
    assert reply.headers["location"] == f"/api/v1/invoices/{invoice['id']}"
    assert (invoice["state"], invoice["gross"], invoice["due_on"]) == ("open", 32130, "2099-01-01")
    assert invoice["number"]
    assert invoice["content"]["customer"]["address"] == "Ring 1"
    assert api.get(reply.headers["location"]).json() == invoice

    path = f"invoices/{invoice['id']}"
    wrong(api.post(f"/api/v1/{path}/payments", json={"amount": 99999, "way": "cash"}), "amount")
    paid = made(api, f"{path}/payments", amount=10000, way="cash")
    assert api.get(f"/api/v1/{path}/payments").json()["items"] == [paid]
    note = made(api, f"{path}/credit-note", line_ids=[open_])
    assert (note["kind"], note["gross"], note["corrects_id"]) == ("credit_note", -16065, invoice["id"])
    after = api.get(f"/api/v1/{path}").json()
    assert (after["open"], after["state"], after["credited"]) == (6065, "part_paid", -16065)
    assert [each["id"] for each in after["credit_notes"]] == [note["id"]]
    assert made(api, f"{path}/payments", amount=90000, way="cash", anyway=True)["amount"] == 90000


def test_void_needs_a_reason_and_shows(api: httpx.Client, order: tuple[str, list[str]]) -> None:
    invoice = made(api, f"repair-orders/{order[0]}/invoice")
    path = f"invoices/{invoice['id']}/void"
    wrong(api.post(f"/api/v1/{path}", json={"reason": " "}), "reason")
    gone = made(api, path, 200, reason="wrong customer")
    assert (gone["state"], gone["number"], gone["void_reason"]) == ("void", invoice["number"], "wrong customer")
    listed = api.get("/api/v1/invoices", params={"only": "void", "limit": 500}).json()["items"]
    assert invoice["id"] in [each["id"] for each in listed]


def test_nothing_is_deleted_or_changed_by_any_route(api: httpx.Client, order: tuple[str, list[str]]) -> None:
    invoice = made(api, f"repair-orders/{order[0]}/invoice")
    payment = made(api, f"invoices/{invoice['id']}/payments", amount=1, way="cash")
    for path in (f"invoices/{invoice['id']}", f"invoices/{invoice['id']}/payments", f"payments/{payment['id']}"):
        for method in ("DELETE", "PATCH", "PUT"):
            assert api.request(method, f"/api/v1/{path}", json={"deleted_at": 1}).status_code in (404, 405)
    wrong(api.post(f"/api/v1/invoices/{invoice['id']}/credit-note", json={"deleted_at": 1}), "deleted_at")
    assert api.get(f"/api/v1/invoices/{invoice['id']}").json()["paid"] == 1


def test_the_same_request_sent_again_issues_nothing_twice(api: httpx.Client, order: tuple[str, list[str]]) -> None:
    place, key = f"/api/v1/repair-orders/{order[0]}/invoice", {"Idempotency-Key": uuid.uuid4().hex}
    first, second = (api.post(place, json={}, headers=key).json() for _ in range(2))
    assert first["id"] == second["id"]
    pay = f"/api/v1/invoices/{first['id']}/payments"
    key = {"Idempotency-Key": uuid.uuid4().hex}
    paid = [api.post(pay, json={"amount": 5, "way": "cash"}, headers=key).json() for _ in range(2)]
    assert paid[0] == paid[1]
    assert api.get(f"/api/v1/invoices/{first['id']}").json()["paid"] == 5


def test_what_does_not_fit_is_told(api: httpx.Client, as_: Any, order: tuple[str, list[str]]) -> None:
    invoice = made(api, f"repair-orders/{order[0]}/invoice")
    for _ in range(2):
        made(api, f"invoices/{invoice['id']}/payments", amount=invoice["gross"], way="cash", anyway=True)
    found = [each for each in api.get("/api/v1/invoice-findings").json()["items"] if invoice["id"] in each["rows"]]
    assert [(each["kind"], each["name"]) for each in found] == [("overpaid", invoice["number"])]
    assert invoice["number"] in found[0]["words"]
    with as_(Role.TECHNICIAN) as technician:
        assert technician.get("/api/v1/invoice-findings").status_code == 403


def test_input_is_refused_field_by_field(api: httpx.Client, order: tuple[str, list[str]]) -> None:
    place = f"/api/v1/repair-orders/{order[0]}/invoice"
    wrong(api.post(place, json={"line_ids": "all"}), "line_ids")
    wrong(api.post(place, json={"line_ids": [7]}), "line_ids")
    wrong(api.post(place, json={"due_on": "soon", "remark": 5}), "due_on", "remark")
    wrong(api.post(place, json={"discount": 5, "x": 1}), "discount", "x")
    assert api.post(f"/api/v1/repair-orders/{UNKNOWN}/invoice", json={}).status_code == 404
    invoice = made(api, f"repair-orders/{order[0]}/invoice")
    pay = f"/api/v1/invoices/{invoice['id']}/payments"
    wrong(api.post(pay, json={"amount": "5", "way": "beads", "anyway": False}), "amount", "way")
    wrong(api.post(pay, json={"amount": 5, "way": "cash", "anyway": "yes"}), "anyway")
    wrong(api.get("/api/v1/invoices?only=lost"), "only")
    wrong(api.get("/api/v1/invoices?since=x"), "since")
    wrong(api.get(f"/api/v1/invoices/{invoice['id']}.pdf?language=tlh"), "language")


def test_who_may_not_sees_and_issues_nothing(api: httpx.Client, as_: Any, order: tuple[str, list[str]]) -> None:
    invoice = made(api, f"repair-orders/{order[0]}/invoice")
    payment = made(api, f"invoices/{invoice['id']}/payments", amount=5, way="cash")
    with as_(Role.TECHNICIAN) as technician:
        for path in ("invoices", f"invoices/{invoice['id']}", f"invoices/{invoice['id']}.pdf",
                     f"invoices/{invoice['id']}/payments", f"payments/{payment['id']}.pdf",
                     f"repair-orders/{order[0]}/invoice"):  # fmt: skip
            assert technician.get(f"/api/v1/{path}").status_code == 403, path
        for path in (f"repair-orders/{order[0]}/invoice", f"invoices/{invoice['id']}/credit-note"):
            assert technician.post(f"/api/v1/{path}", json={}).status_code == 403
        assert technician.get(f"/api/v1/repair-orders/{order[0]}/order.pdf").status_code == 200
    with as_(Role.ADVISER) as adviser:
        assert adviser.post(f"/api/v1/invoices/{invoice['id']}/void", json={"reason": "x"}).status_code == 403
        assert adviser.get(f"/api/v1/invoices/{invoice['id']}").status_code == 200
    with as_(Role.DEVICE) as device:
        for path in ("estimate", "order", "key-tag"):
            assert device.get(f"/api/v1/repair-orders/{order[0]}/{path}.pdf").status_code == 403


def test_papers_are_pdf_named_for_people(api: httpx.Client, bay: Bay, order: tuple[str, list[str]]) -> None:
    invoice = made(api, f"repair-orders/{order[0]}/invoice")
    payment = made(api, f"invoices/{invoice['id']}/payments", amount=5, way="cash")
    fields = {"number": uuid.uuid4().hex[:12], "name": "Filter"}
    part = bay.records.change("system", lambda session: create_part(session, SYSTEM, fields).id).value
    names = {
        f"repair-orders/{order[0]}/estimate.pdf": "Estimate",
        f"repair-orders/{order[0]}/order.pdf": "Job%20sheet",
        f"repair-orders/{order[0]}/key-tag.pdf": "M-",
        f"invoices/{invoice['id']}.pdf": f"Invoice%20{invoice['number']}",
        f"payments/{payment['id']}.pdf": "Receipt",
        f"vehicles/{invoice['vehicle_id']}/history.pdf": "Vehicle%20history",
        f"parts/{part}/label.pdf": fields["number"],
    }
    for path, name in names.items():
        reply = api.get(f"/api/v1/{path}")
        assert reply.status_code == 200, reply.text
        assert reply.headers["content-type"] == "application/pdf"
        assert name in reply.headers["content-disposition"]
        assert reply.content.startswith(b"%PDF")
        assert api.get(f"/api/v1/{path}?language=de").status_code == 200
        unknown = path.replace(path.split("/")[1].removesuffix(".pdf"), UNKNOWN)
        assert api.get(f"/api/v1/{unknown}").status_code == 404, unknown
    assert api.get(f"/api/v1/inspections/{UNKNOWN}.pdf").status_code == 404


def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(
    api: httpx.Client, bay: Bay, order: tuple[str, list[str]]
) -> None:
    made(api, f"repair-orders/{order[0]}/invoice", line_ids=[order[1][2]])
    made(api, f"repair-orders/{order[0]}/invoice")
    asked: list[str] = []
    event.listen(bay.records.engines.reader, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for limit in (1, 2, 100):
        before = len(asked)
        assert api.get("/api/v1/invoices", params={"only": "open", "limit": limit}).status_code == 200
        counts.append(len(asked) - before)
    assert max(counts) <= 10
    assert max(counts) - min(counts) <= 3, "a few rows are looked up one by one"
