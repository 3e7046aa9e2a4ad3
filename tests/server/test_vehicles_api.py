"""Vehicles over HTTP: every criterion, the figures of it, the history, fleets with members and access."""

from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM
from core.sync.bay import Bay
from core.workshop.lines import create_line
from server.api import files as files_api
from tests.server.test_records_api import UNKNOWN, problem_of


def put(api: httpx.Client, path: str, **fields: Any) -> dict[str, Any]:
    reply = api.post(f"/api/v1/{path}", json=fields)
    assert reply.status_code in (200, 201), reply.text
    found: dict[str, Any] = reply.json()
    return found


def got(api: httpx.Client, path: str, **query: Any) -> dict[str, Any]:
    reply = api.get(f"/api/v1/{path}", params=query)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


@pytest.fixture
def yard(api: httpx.Client) -> dict[str, Any]:
    """Vehicles whose plates no other test has; ``only`` finds them alone."""
    customer = put(api, "customers", name="Yasmin Yardley")["id"]
    only = {"customer_id": customer}
    fleet = put(api, "fleets", name="Yard", customer_id=customer)["id"]
    golf = put(api, "vehicles", plate="Y-1", make="Volkswagen", model="Golf", year=2012, odometer_km=150_000,
               fuel_type="diesel", transmission="manual", vehicle_type="car", **only)["id"]  # fmt: skip
    van = put(api, "vehicles", plate="Y-2", make="Ford", model="Transit", year=2020, odometer_km=30_001,
              fuel_type="petrol", transmission="automatic", vehicle_type="van", fleet_id=fleet,
              **only)["id"]  # fmt: skip
    order = put(api, "repair-orders", vehicle_id=golf, status="ready", complaint="Squeals")["id"]
    assert api.patch(f"/api/v1/repair-orders/{order}", json={"status": "delivered"}).status_code == 200
    return {"only": only, "customer": customer, "fleet": fleet, "golf": golf, "van": van, "order": order}


@pytest.mark.parametrize(
    ("query", "plates"),
    [
        ({}, ["Y-1", "Y-2"]),
        ({"q": "golf yasmin"}, ["Y-1"]),
        ({"q": " "}, []),
        ({"model": "transit"}, ["Y-2"]),
        ({"year_from": 2013}, ["Y-2"]),
        ({"year_to": 2013}, ["Y-1"]),
        ({"odometer_from": 30_002}, ["Y-1"]),
        ({"odometer_to": 30_001}, ["Y-2"]),
        ({"fuel_type": ["diesel", "electric"]}, ["Y-1"]),
        ({"transmission": "automatic"}, ["Y-2"]),
        ({"vehicle_type": ["van", "car"]}, ["Y-1", "Y-2"]),
        ({"features": "tow bar"}, []),
        ({"serviced_from": "2020-01-01"}, ["Y-1"]),
        ({"serviced_to": "2020-01-01"}, []),
        ({"sort": "odometer"}, ["Y-1", "Y-2"]),
        ({"sort": "odometer", "direction": "asc"}, ["Y-2", "Y-1"]),
        ({"sort": "last_service", "direction": "desc"}, ["Y-1", "Y-2"]),
    ],
    ids=str,
)
def test_every_criterion_and_order_is_a_parameter(
    api: httpx.Client, yard: dict[str, Any], query: dict[str, Any], plates: list[str]
) -> None:
    found = got(api, "vehicles", **{"sort": "plate", **yard["only"], **query})
    assert [each["plate"] for each in found["items"]] == plates
    assert got(api, "vehicles/figures", **yard["only"], **_without_order(query))["count"] == len(plates)


def _without_order(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if name not in ("sort", "direction")}


@pytest.mark.parametrize(
    "query", ["year_from=x", "serviced_from=soon", "customer_id=x", "direction=up", "fleet_id=%00", "q=" + "x" * 201]
)
def test_a_criterion_that_makes_no_sense_is_refused(api: httpx.Client, query: str) -> None:
    found = problem_of(api.get(f"/api/v1/vehicles?{query}"), 422)
    assert query.partition("=")[0] in str(found)


def test_a_parameter_that_is_not_there_is_refused_and_those_that_are_are_named(api: httpx.Client) -> None:
    words = problem_of(api.get("/api/v1/vehicles/figures?colour=red"), 400)["detail"]
    assert "odometer_from" in words


def test_the_figures_add_up(api: httpx.Client, yard: dict[str, Any]) -> None:
    found = got(api, "vehicles/figures", **yard["only"])
    assert (found["count"], found["with_odometer"], found["mean_odometer_km"]) == (2, 2, 90_001)
    assert found["fuel_types"] == [{"name": "diesel", "count": 1}, {"name": "petrol", "count": 1}]
    assert sum(each["count"] for each in found["services"]) == 1


def test_the_history_of_a_vehicle_is_there_by_the_page(api: httpx.Client, yard: dict[str, Any]) -> None:
    second = put(api, "repair-orders", vehicle_id=yard["golf"], complaint="Oil", odometer_in=150_100)["id"]
    first = got(api, f"vehicles/{yard['golf']}/history", limit=1)
    rest = got(api, f"vehicles/{yard['golf']}/history", limit=1, after=first["next"])
    assert [first["items"][0]["id"], rest["items"][0]["id"]] == [second, yard["order"]]
    assert (first["count"], rest["next"]) == (2, None)
    assert first["items"][0]["odometer_in"] == 150_100
    assert first["items"][0]["totals"]["gross"] == 0
    delivered = got(api, f"vehicles/{yard['golf']}/history", status="delivered")
    assert [each["id"] for each in delivered["items"]] == [yard["order"]]
    problem_of(api.get(f"/api/v1/vehicles/{UNKNOWN}/history"), 404)
    problem_of(api.get(f"/api/v1/vehicles/{yard['golf']}/history?limit=0"), 422)


def test_what_the_shop_paid_is_not_in_a_history(api: httpx.Client, yard: dict[str, Any], bay: Bay) -> None:
    fields = {"order_id": yard["order"], "kind": "part", "description": "Pads", "unit_price": 9_000, "unit_cost": 5_055}
    bay.records.change("test", lambda session: create_line(session, SYSTEM, fields).id)
    reply = api.get(f"/api/v1/vehicles/{yard['golf']}/history")
    assert reply.json()["items"][0]["totals"]["net"] == 9_000
    assert "cost" not in reply.text
    assert "5055" not in reply.text


# Fleets ---------------------------------------------------------------------------------------------------------------


def test_a_fleet_has_members(api: httpx.Client, yard: dict[str, Any]) -> None:
    place = f"fleets/{yard['fleet']}"
    assert got(api, place)["vehicle_count"] == 1
    assert put(api, f"{place}/vehicles", vehicle_ids=[yard["golf"]])["vehicle_count"] == 2
    assert [each["plate"] for each in got(api, f"{place}/vehicles")["items"]] == ["Y-1", "Y-2"]
    assert api.delete(f"/api/v1/{place}/vehicles/{yard['van']}").status_code == 204
    problem_of(api.delete(f"/api/v1/{place}/vehicles/{yard['van']}"), 404)
    assert got(api, f"vehicles/{yard['van']}")["fleet_id"] is None
    for wrong in ([], [UNKNOWN], "x", None):
        problem_of(api.post(f"/api/v1/{place}/vehicles", json={"vehicle_ids": wrong}), 422)
    assert yard["fleet"] in [each["id"] for each in got(api, "fleets", customer_id=yard["customer"])["items"]]
    problem_of(api.get(f"/api/v1/fleets/{UNKNOWN}/vehicles"), 404)


def test_somebody_is_let_into_a_fleet(api: httpx.Client, yard: dict[str, Any]) -> None:
    place = f"fleets/{yard['fleet']}/access"
    made = put(api, place, customer_id=yard["customer"])
    assert (made["level"], made["name"]) == ("read", "Yasmin Yardley")
    assert api.patch(f"/api/v1/{place}/{made['id']}", json={"level": "change"}).json()["level"] == "change"
    assert [each["level"] for each in got(api, place)["items"]] == ["change"]
    problem_of(api.post(f"/api/v1/{place}", json={"level": "all"}), 422)
    other = put(api, "fleets", name="Other")["id"]
    problem_of(api.delete(f"/api/v1/fleets/{other}/access/{made['id']}"), 404)
    assert api.delete(f"/api/v1/{place}/{made['id']}").status_code == 204
    assert got(api, place)["items"] == []


# The search box -------------------------------------------------------------------------------------------------------


def test_a_search_finds_every_kind_with_what_was_meant_first(api: httpx.Client, yard: dict[str, Any]) -> None:
    vehicle = put(api, "vehicles", plate="ZQ-X 77", make="Skoda", customer_id=yard["customer"])["id"]
    order = put(api, "repair-orders", vehicle_id=vehicle, complaint="Rattles")
    found = got(api, "search", q="zqx77")
    assert set(found) == {"vehicles", "customers", "repair_orders", "parts"}
    assert found["vehicles"][0] == {
        "kind": "vehicle", "id": vehicle, "title": "ZQ-X 77", "subtitle": "Skoda · Yasmin Yardley", "exact": True,
    }  # fmt: skip
    assert [each["id"] for each in found["repair_orders"]] == [order["id"]]
    assert got(api, "search", q=order["number"])["repair_orders"][0]["id"] == order["id"]
    assert len(got(api, "search", q="yasmin", limit=1)["customers"]) == 1
    assert got(api, "search", q=" ") == {"vehicles": [], "customers": [], "repair_orders": [], "parts": []}


@pytest.mark.parametrize(("query", "status"), [("", 422), ("q=x&limit=0", 422), ("q=%00", 422), ("q=x&kind=part", 400)])
def test_a_search_that_makes_no_sense_is_refused(api: httpx.Client, query: str, status: int) -> None:
    problem_of(api.get(f"/api/v1/search?{query}"), status)


def test_a_vin_is_decoded_here(api: httpx.Client) -> None:
    found = got(api, "vin/1HGCM82633A004352")
    assert (found["make"], found["year"], found["check_digit"]) == ("Honda", 2003, True)
    assert problem_of(api.get("/api/v1/vin/1HGCM8263"), 422)["errors"][0]["field"] == "vin"


# What belongs to a vehicle --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "fields", "change"),
    [
        ("features", {"name": "Tow bar"}, {"name": "Roof rack"}),
        ("installed-parts", {"name": "Disc", "place": "front left"}, {"removed_on": "2026-11-22"}),
        ("insurances", {"company": "Alpine Mutual", "valid_until": "2026-12-31"}, {"policy_number": "K-1"}),
        ("warranties", {"name": "Clutch", "up_to_odometer": 100_000}, {"giver": "us"}),
        ("documents", {"name": "Registration", "file_sha256": "ab" * 32}, {"name": "Old registration"}),
    ],
)
def test_what_belongs_to_a_vehicle_has_an_address(
    api: httpx.Client, yard: dict[str, Any], room: str, fields: dict[str, Any], change: dict[str, Any]
) -> None:
    made = put(api, room, vehicle_id=yard["golf"], **fields)
    assert made.items() >= fields.items()
    assert got(api, f"{room}/{made['id']}") == made
    assert [each["id"] for each in got(api, room, vehicle_id=yard["golf"])["items"]] == [made["id"]]
    assert got(api, room, vehicle_id=yard["van"])["items"] == []
    changed = api.patch(f"/api/v1/{room}/{made['id']}", json=change).json()
    assert changed.items() >= change.items()
    assert api.delete(f"/api/v1/{room}/{made['id']}").status_code == 204
    assert got(api, room, vehicle_id=yard["golf"])["items"] == []
    problem_of(api.get(f"/api/v1/{room}"), 422)
    problem_of(api.get(f"/api/v1/{room}?vehicle_id={UNKNOWN}"), 404)
    problem_of(api.post(f"/api/v1/{room}", json={"vehicle_id": UNKNOWN}), 422)


def test_the_owners_of_a_vehicle_are_listed(api: httpx.Client, yard: dict[str, Any]) -> None:
    [owner] = got(api, f"vehicles/{yard['golf']}/owners")["items"]
    assert (owner["customer_id"], owner["until"]) == (yard["customer"], None)
    problem_of(api.get(f"/api/v1/vehicles/{UNKNOWN}/owners"), 404)


def test_an_odometer_nobody_would_believe_is_held_back_and_decided(api: httpx.Client, yard: dict[str, Any]) -> None:
    place = f"/api/v1/vehicles/{yard['golf']}"
    taken = api.post(f"{place}/readings", json={"value": 150_010})
    assert (taken.status_code, taken.json()["value"]) == (201, 150_010)
    held = api.post(f"{place}/readings", json={"value": 15_010})
    assert (held.status_code, held.json()["reason"]) == (202, "decrease")
    patched = api.patch(place, json={"odometer_km": 1_500_100}).json()
    assert (patched["odometer_km"], patched["odometer_held_km"]) == (150_010, 1_500_100)
    waiting = got(api, "held-readings", vehicle_id=yard["golf"])["items"]
    assert [each["value"] for each in waiting] == [1_500_100, 15_010]
    for each, keep in zip(waiting, (False, True), strict=True):
        decided = api.post(f"/api/v1/held-readings/{each['id']}/decision", json={"keep": keep})
        assert decided.json()["decision"] == ("kept" if keep else "thrown_away")
        problem_of(api.post(f"/api/v1/held-readings/{each['id']}/decision", json={"keep": keep}), 422)
    assert got(api, f"vehicles/{yard['golf']}")["odometer_km"] == 15_010
    assert [each["value"] for each in got(api, f"vehicles/{yard['golf']}/readings")["items"]] == [
        15_010,
        150_010,
        150_000,
    ]
    assert got(api, "held-readings", vehicle_id=yard["golf"])["items"] == []
    assert len(got(api, "held-readings", vehicle_id=yard["golf"], decided="true")["items"]) == 2
    for body in ({}, {"keep": "yes"}, {"keep": True, "why": "x"}):
        problem_of(api.post(f"/api/v1/held-readings/{waiting[0]['id']}/decision", json=body), 422)


def test_an_order_says_that_its_odometer_was_held_back(api: httpx.Client, yard: dict[str, Any]) -> None:
    order = put(api, "repair-orders", vehicle_id=yard["van"], odometer_in=300_010)
    assert (order["odometer_in"], order["odometer_held_km"]) == (300_010, 300_010)
    assert order["odometer_held_id"]


def test_a_saved_search_is_kept_used_changed_and_deleted(api: httpx.Client, yard: dict[str, Any]) -> None:
    criteria = {**yard["only"], "year_from": 2010, "sort": "plate", "descending": True}
    made = put(api, "filters", name="The yard", page="vehicles", criteria=criteria, shared=True)
    assert (made["staff_id"], made["criteria"]) == (None, criteria)
    assert made["id"] in [each["id"] for each in got(api, "filters")["items"]]
    assert got(api, "filters", page="orders")["items"] == []

    def plates(**query: Any) -> list[str]:
        return [each["plate"] for each in got(api, "vehicles", filter=made["id"], **query)["items"]]

    assert plates() == ["Y-2", "Y-1"], "in its own order"
    assert plates(direction="asc") == ["Y-1", "Y-2"]
    assert plates(sort="odometer") == ["Y-1", "Y-2"]
    assert plates(year_from=2015) == ["Y-2"], "what is asked for beside it takes its place"
    assert plates(q=" ") == []
    assert got(api, "vehicles/figures", filter=made["id"])["count"] == 2
    assert api.patch(f"/api/v1/filters/{made['id']}", json={"name": "Yard"}).json()["name"] == "Yard"
    assert api.delete(f"/api/v1/filters/{made['id']}").status_code == 204
    for path in ("vehicles", "vehicles/figures"):
        assert api.get(f"/api/v1/{path}", params={"filter": made["id"]}).status_code == 404


def test_a_search_that_could_find_nothing_right_is_refused_by_field(api: httpx.Client) -> None:
    wrong = {"name": "X", "page": "vehicles", "criteria": {"wheels": 4}, "shared": True}
    reply = api.post("/api/v1/filters", json=wrong)
    assert (reply.status_code, [each["field"] for each in problem_of(reply, 422)["errors"]]) == (
        422,
        ["criteria.wheels"],
    )
    own = api.post("/api/v1/filters", json={"name": "X", "page": "vehicles", "criteria": {}})
    assert [each["field"] for each in problem_of(own, 422)["errors"]] == ["shared"], "a program is nobody"
    assert api.get("/api/v1/vehicles", params={"filter": "x"}).status_code == 404


def test_a_vehicle_is_filled_from_its_vin_and_nothing_written_is_lost(api: httpx.Client) -> None:
    made = put(api, "vehicles", plate="VIN-1", model="My Accord")
    path = f"/api/v1/vehicles/{made['id']}/fill-from-vin"
    filled = api.post(path, json={"vin": "1HGCM82633A004352"})
    assert filled.status_code == 200, filled.text
    found = filled.json()
    assert (found["vehicle"]["vin"], found["vehicle"]["make"]) == ("1HGCM82633A004352", "Honda")
    assert found["vehicle"]["model"] == "My Accord"
    assert {"vin", "make"} <= set(found["fields"])
    assert found["facts"]["check_digit"] is True
    assert api.post(path, json={"vin": "1HGCM82633A004352"}).json()["fields"] == []
    for body, field in (({"vin": "WVWZZZAUZKW123456"}, "vin"), ({}, "vin"), ({"vin": "x", "plate": "Y"}, "plate")):
        reply = api.post(path, json=body)
        assert (reply.status_code, [each["field"] for each in problem_of(reply, 422)["errors"]]) == (422, [field])
    assert api.post(f"/api/v1/vehicles/{UNKNOWN}/fill-from-vin", json={"vin": "x"}).status_code == 404


def test_a_document_is_sent_as_it_is_named_and_comes_back_byte_for_byte(api: httpx.Client) -> None:
    car = put(api, "vehicles", plate="DOC-1")["id"]
    content = b"%PDF-1.7\n" + bytes(range(256)) * 8000
    sent = api.post("/api/v1/files", content=content)
    assert sent.status_code == 201, sent.text
    file = sent.json()
    assert (file["media_type"], file["size"]) == ("application/pdf", len(content))
    made = put(api, "documents", vehicle_id=car, name="Registration 1/2", kind="registration", **file)
    back = api.get(f"/api/v1/documents/{made['id']}/file")
    assert back.status_code == 200
    assert back.content == content
    assert back.headers["content-type"] == "application/pdf"
    assert "attachment" in back.headers["content-disposition"]
    away = put(api, "documents", vehicle_id=car, name="Still away", file_sha256="ab" * 32)
    assert "another terminal" in problem_of(api.get(f"/api/v1/documents/{away['id']}/file"), 404)["detail"]


def test_what_is_no_picture_and_no_pdf_is_no_document(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"", b"<html><script>", b"MZ\x90\x00"):
        assert "neither" in problem_of(api.post("/api/v1/files", content=content), 415)["detail"]
    monkeypatch.setattr(files_api, "LARGEST", 1024 * 1024)
    assert "1 MB" in problem_of(api.post("/api/v1/files", content=b"%PDF-" + bytes(2_000_000)), 413)["detail"]
