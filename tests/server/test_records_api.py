"""The records over HTTP: written, read, changed and deleted as the interface says; refused field by field, in words."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.records.errors import DiskFull, ReadOnly
from core.sync.bay import Bay
from server.service import Server
from tests.server.conftest import PATIENCE
from tests.server.fake_source import FakeSource

ROOMS = {
    "vehicles": {"plate": "M-OT 1234"},
    "customers": {"name": "Anna Ott"},
    "repair-orders": {"complaint": "Squeals when braking"},
}
UNKNOWN = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
ALL_FIELDS = {
    "plate": "M-OT 77", "vin": "WVWZZZ1JZXW000001", "make": "Volkswagen", "model": "Golf", "year": 2019,
    "color": "blue", "fuel_type": "petrol", "transmission": "manual", "odometer_km": 84210, "status": "active",
    "customer_id": None, "fleet_id": None,
}  # fmt: skip


def made(api: httpx.Client, room: str, **fields: Any) -> dict[str, Any]:
    reply = api.post(f"/api/v1/{room}", json=ROOMS[room] | fields)
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


def problem_of(reply: httpx.Response, status: int) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = reply.json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_row_lives_and_is_deleted(api: httpx.Client, room: str) -> None:
    reply = api.post(f"/api/v1/{room}", json=ROOMS[room])
    assert reply.status_code == 201
    row = reply.json()
    place = f"/api/v1/{room}/{row['id']}"
    assert reply.headers["location"] == place

    assert api.get(place).json() == row
    assert row["id"] in [each["id"] for each in api.get(f"/api/v1/{room}").json()["items"]]

    assert api.delete(place).status_code == 204
    problem_of(api.get(place), 404)
    problem_of(api.patch(place, json=ROOMS[room]), 404)
    problem_of(api.delete(place), 404)
    assert row["id"] not in [each["id"] for each in api.get(f"/api/v1/{room}?limit=500").json()["items"]]


def test_a_vehicle_has_the_fields_of_the_interface(api: httpx.Client) -> None:
    row = made(api, "vehicles", **ALL_FIELDS)
    assert {name: row[name] for name in ALL_FIELDS} == ALL_FIELDS


def test_only_the_plate_is_needed(api: httpx.Client) -> None:
    row = made(api, "vehicles")
    assert row["plate"] == "M-OT 1234"
    assert row["status"] == "active"
    assert {row[name] for name in ("vin", "make", "year", "odometer_km", "customer_id", "fleet_id")} == {None}


def test_a_change_writes_what_was_sent_and_null_empties(api: httpx.Client) -> None:
    row = made(api, "vehicles", **ALL_FIELDS)
    place = f"/api/v1/vehicles/{row['id']}"
    changed = api.patch(place, json={"color": "red", "make": None, "odometer_km": 84300}).json()
    assert (changed["color"], changed["make"], changed["odometer_km"]) == ("red", None, 84300)
    untouched = ALL_FIELDS.keys() - {"color", "make", "odometer_km"}
    assert {name: changed[name] for name in untouched} == {name: ALL_FIELDS[name] for name in untouched}
    assert api.get(place).json() == changed
    assert api.patch(place, json={}).json() == changed


def test_an_order_goes_with_its_vehicle_and_customer(api: httpx.Client) -> None:
    customer = made(api, "customers", phone="+49 89 1234567")
    vehicle = made(api, "vehicles", customer_id=customer["id"], plate="M-OR 9")
    order = made(api, "repair-orders", vehicle_id=vehicle["id"], status="arrived")
    assert order["customer_id"] == customer["id"]
    assert (order["vehicle_plate"], order["customer_name"]) == ("M-OR 9", "Anna Ott")
    assert order["number"]
    moved = api.patch(f"/api/v1/repair-orders/{order['id']}", json={"status": "in_progress"}).json()
    assert moved["status"] == "in_progress"
    wrong = problem_of(api.patch(f"/api/v1/repair-orders/{order['id']}", json={"status": "delivered"}), 422)
    assert [each["field"] for each in wrong["errors"]] == ["status"]
    listed = api.get("/api/v1/repair-orders", params={"vehicle_id": vehicle["id"], "status": ["ready", "in_progress"]})
    assert [each["id"] for each in listed.json()["items"]] == [order["id"]]


def test_an_order_says_what_it_takes_and_what_it_comes_back_from(api: httpx.Client) -> None:
    vehicle = made(api, "vehicles", plate="M-CB 1")
    first = made(api, "repair-orders", vehicle_id=vehicle["id"])
    takes = {"expected_hours": 1500, "skills": "brakes, gearboxes", "equipment": "four-post lift"}
    back = made(api, "repair-orders", vehicle_id=vehicle["id"], comeback_of=first["id"], **takes)
    assert {name: back[name] for name in takes} == takes
    assert (back["comeback_of"], back["comeback_number"]) == (first["id"], first["number"])
    place = f"/api/v1/repair-orders/{back['id']}"
    assert api.get(place).json() == back
    wrong = problem_of(api.patch(place, json={"comeback_of": back["id"], "expected_hours": -1}), 422)
    assert {each["field"] for each in wrong["errors"]} == {"comeback_of", "expected_hours"}
    circle = problem_of(api.patch(f"/api/v1/repair-orders/{first['id']}", json={"comeback_of": back["id"]}), 422)
    assert [each["field"] for each in circle["errors"]] == ["comeback_of"]
    problem_of(api.patch(place, json={"comeback_number": "1"}), 422)
    emptied = api.patch(place, json=dict.fromkeys([*takes, "comeback_of"])).json()
    assert {emptied[name] for name in (*takes, "comeback_of", "comeback_number")} == {None}


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "fields", "wrong"),
    [
        ("vehicles", {"plate": "X", "colour": "red"}, ["colour"]),
        ("vehicles", {}, ["plate"]),
        ("vehicles", {"plate": None}, ["plate"]),
        ("vehicles", {"plate": "  "}, ["plate"]),
        ("vehicles", {"plate": 7}, ["plate"]),
        ("vehicles", {"plate": ["X"]}, ["plate"]),
        ("vehicles", {"plate": "X", "year": "2019"}, ["year"]),
        ("vehicles", {"plate": "X", "year": 2019.0}, ["year"]),
        ("vehicles", {"plate": "X", "year": True}, ["year"]),
        ("vehicles", {"plate": "X", "year": 10**30}, ["year"]),
        ("vehicles", {"plate": "X", "odometer_km": -1}, ["odometer_km"]),
        ("vehicles", {"plate": "X", "customer_id": UNKNOWN}, ["customer_id"]),
        ("vehicles", {"plate": "X", "customer_id": "Anna"}, ["customer_id"]),
        ("vehicles", {"plate": "X", "id": UNKNOWN}, ["id"]),
        ("vehicles", {"plate": "X", "deleted_at": 1}, ["deleted_at"]),
        ("vehicles", {"plate": "X", "stamps": "{}"}, ["stamps"]),
        ("vehicles", {"plate": "X\x00"}, ["plate"]),
        ("vehicles", {"plate": 1, "year": "x", "nothing": 2}, ["plate", "year", "nothing"]),
        ("customers", {"name": "A", "kind": "robot"}, ["kind"]),
        ("customers", {"name": "A", "email": "nobody"}, ["email"]),
        ("repair-orders", {"complaint": "x", "status": "lost"}, ["status"]),
        ("repair-orders", {"complaint": "x", "number": "1"}, ["number"]),
        ("repair-orders", {"complaint": "x", "promised_at": "tomorrow"}, ["promised_at"]),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_name_of_the_field(
    api: httpx.Client, room: str, fields: dict[str, Any], wrong: list[str]
) -> None:
    found = problem_of(api.post(f"/api/v1/{room}", json=fields), 422)
    assert [each["field"] for each in found["errors"]] == wrong
    assert all(each["detail"] for each in found["errors"])


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"plate": ', "application/json", 400),
        (b"", "application/json", 400),
        (b'{"plate": "\xff"}', "application/json", 400),
        (b'{"plate": NaN}', "application/json", 400),
        (b'{"plate": "a", "plate": "b"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"year": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"plate": "X"}', "text/plain", 415),
        (b"plate=X", "application/x-www-form-urlencoded", 415),
        (b'{"plate": "' + b"X" * 2_000_000 + b'"}', "application/json", 413),
        (b'["plate"]', "application/json", 422),
        (b'"plate"', "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"plate": "\\ud800"}', "application/json", 422),
    ],
    ids=range(14),
)
def test_what_is_no_json_object_is_refused(api: httpx.Client, method: str, body: bytes, kind: str, status: int) -> None:
    place = "/api/v1/vehicles" + ("" if method == "POST" else f"/{made(api, 'vehicles')['id']}")
    problem_of(api.request(method, place, content=body, headers={"Content-Type": kind}), status)


def test_a_body_without_a_type_is_refused(api: httpx.Client) -> None:
    problem_of(api.post("/api/v1/vehicles", content=b'{"plate": "X"}'), 415)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("id_", [UNKNOWN, "1", "x" * 3000, "%00", "%2E%2E%2E", "{}", "' OR 1=1 --", UNKNOWN.upper()])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_id_that_is_not_there_or_none_is_not_found(api: httpx.Client, room: str, id_: str, method: str) -> None:
    body: dict[str, str] | None = {} if method == "PATCH" else None
    problem_of(api.request(method, f"/api/v1/{room}/{id_}", json=body), 404)


@pytest.mark.parametrize("room", ROOMS)
def test_methods_that_are_not_there_name_those_that_are(api: httpx.Client, room: str) -> None:
    reply = api.put(f"/api/v1/{room}", json={})
    problem_of(reply, 405)
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    one = api.request("OPTIONS", f"/api/v1/{room}/{UNKNOWN}")
    assert (one.status_code, one.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")
    head = api.head(f"/api/v1/{room}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "after=rubbish", "after=%00", "sort=colour", "q=x&limit=0", "limit=-1"]
)
def test_a_query_that_makes_no_sense_is_refused(api: httpx.Client, query: str) -> None:
    problem_of(api.get(f"/api/v1/vehicles?{query}"), 422)


def test_a_filter_that_does_not_exist_is_refused(api: httpx.Client) -> None:
    assert "colour" in problem_of(api.get("/api/v1/vehicles?colour=red"), 400)["detail"]


@pytest.mark.parametrize("query", ["plate=%00", "vin=%00", "customer_id=x%00", "q=%00", "status=%00", "fleet_id=%ff"])
def test_rubbish_in_a_filter_finds_nothing_and_breaks_nothing(api: httpx.Client, query: str) -> None:
    assert api.get(f"/api/v1/vehicles?{query}").status_code in (200, 400, 422)


# Lists ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(fresh_bay: Bay) -> Iterator[httpx.Client]:
    """A program in a workshop where nothing was written yet."""
    token = issue_token(fresh_bay.records, SYSTEM, "owner", "tests")
    running = Server(FakeSource(), port=0, terminal="Bay 3", version="9.9", bay=fresh_bay)
    url = f"http://127.0.0.1:{running.start()}"
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, headers=headers) as client:
        yield client
    running.stop()


def test_every_row_is_on_one_page_and_only_one(alone: httpx.Client) -> None:
    wanted = {made(alone, "vehicles", plate=f"M-P {number}")["id"] for number in range(7)}
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = alone.get("/api/v1/vehicles", params={"limit": 3, **after}).json()
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == 3
        after = {"after": page["next"]}
        made(alone, "vehicles", plate="comes in between")
    assert sorted(found) == sorted(wanted)


def test_rows_are_found_by_their_values_and_their_words(alone: httpx.Client) -> None:
    golf = made(alone, "vehicles", plate="M-OT 1", make="Volkswagen", model="Golf", status="sold")
    polo = made(alone, "vehicles", plate="M-OT 2", make="Volkswagen", model="Polo", vin="WVWZZZ1JZXW000001")
    made(alone, "vehicles", plate="B-XY 3", make="Opel")

    def ids(**query: Any) -> set[str]:
        return {each["id"] for each in alone.get("/api/v1/vehicles", params=query).json()["items"]}

    assert ids(plate="m-ot1") == {golf["id"]}
    assert ids(vin="wvwzzz1jzxw000001") == {polo["id"]}
    assert ids(status="sold") == {golf["id"]}
    assert ids(make="VOLKSWAGEN") == ids(q="volks") == {golf["id"], polo["id"]}
    assert ids(q="volks", status="active") == {polo["id"]}
    assert ids(q="volks", limit=1) < {golf["id"], polo["id"]}
    assert ids(q="nothing like it") == set()
    assert alone.delete(f"/api/v1/vehicles/{golf['id']}").status_code == 204
    assert ids(q="golf") == ids(plate="M-OT 1") == set()


# Conditions -----------------------------------------------------------------------------------------------------------


def test_what_was_changed_in_between_is_not_written_over(api: httpx.Client) -> None:
    reply = api.post("/api/v1/vehicles", json={"plate": "M-ET 1"})
    place, tag = reply.headers["location"], reply.headers["etag"]
    assert api.get(place).headers["etag"] == tag
    assert api.get(place, headers={"If-None-Match": tag}).status_code == 304
    assert api.get(place, headers={"If-None-Match": f"W/{tag}"}).status_code == 304

    first = api.patch(place, json={"color": "red"}, headers={"If-Match": f'"other", {tag}'})
    assert first.status_code == 200
    problem_of(api.patch(place, json={"color": "blue"}, headers={"If-Match": tag}), 412)
    problem_of(api.delete(place, headers={"If-Match": tag}), 412)
    assert api.get(place).json()["color"] == "red"
    assert api.patch(place, json={"color": "blue"}, headers={"If-Match": "*"}).status_code == 200
    assert api.get(place, headers={"If-None-Match": tag}).status_code == 200


# The disk -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), [(DiskFull, 507), (ReadOnly, 503)])
def test_a_disk_that_takes_nothing_is_said_in_the_words_of_the_records(
    api: httpx.Client, bay: Bay, monkeypatch: pytest.MonkeyPatch, kind: type[DiskFull], status: int
) -> None:
    error = kind(bay.home / "records.db")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(bay.records, "change", fail)
    found = problem_of(api.post("/api/v1/vehicles", json={"plate": "X"}), status)
    assert found["detail"] == str(error)
