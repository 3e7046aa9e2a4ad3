"""The staff over HTTP: who may know what, who may change whom, and PINs that go in and never out."""

from collections.abc import Callable

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.staff import check_pin
from core.people.tokens import issue_token
from core.sync.bay import Bay
from tests.server.test_records_api import problem_of

TOM = {"name": "Tom Huber", "role": "technician", "skills": "Brakes,  brakes, air conditioning", "hourly_cost": 341907}

As = Callable[[str], httpx.Client]


@pytest.fixture
def as_(api: httpx.Client, bay: Bay) -> As:
    """The same server, asked by somebody of another role."""

    def client(role: str) -> httpx.Client:
        secret = issue_token(bay.records, SYSTEM, role, f"a {role}")
        api.headers["authorization"] = f"Bearer {secret}"
        return api

    return client


def test_somebody_is_hired_gets_skills_and_leaves(api: httpx.Client) -> None:
    reply = api.post("/api/v1/staff", json=TOM)
    assert reply.status_code == 201, reply.text
    tom = reply.json()
    place = reply.headers["location"]
    assert (tom["skills"], tom["hourly_cost"], tom["active"], tom["has_pin"]) == (
        "Brakes, air conditioning", 341907, True, False,
    )  # fmt: skip
    assert api.get(place).json() == tom
    assert api.patch(place, json={"skills": None, "active": False}).json()["skills"] is None
    assert tom["id"] not in [each["id"] for each in api.get("/api/v1/staff?active=true&limit=500").json()["items"]]
    assert tom["id"] in [each["id"] for each in api.get("/api/v1/staff?role=technician&limit=500").json()["items"]]
    assert tom["id"] not in [each["id"] for each in api.get("/api/v1/staff?role=parts&limit=500").json()["items"]]
    assert api.delete(place).status_code == 204
    problem_of(api.get(place), 404)


def test_a_pin_goes_in_and_never_out(api: httpx.Client, bay: Bay) -> None:
    tom = api.post("/api/v1/staff", json=TOM).json()
    assert api.post(f"/api/v1/staff/{tom['id']}/pin", json={"pin": "4711"}).status_code == 204
    with bay.records.read() as session:
        assert check_pin(session, tom["id"], "4711") is not None
    shown = api.get(f"/api/v1/staff/{tom['id']}").text + api.get("/api/v1/changes").text
    assert "argon2" not in shown
    assert api.get(f"/api/v1/staff/{tom['id']}").json()["has_pin"] is True
    assert api.post(f"/api/v1/staff/{tom['id']}/pin", json={"pin": ""}).status_code == 204
    assert api.get(f"/api/v1/staff/{tom['id']}").json()["has_pin"] is False


@pytest.mark.parametrize("body", [{"pin": "12"}, {"pin": 1234}, {}, {"pin": "1234", "more": 1}])
def test_what_is_no_pin_is_refused_in_words(api: httpx.Client, body: dict[str, object]) -> None:
    tom = api.post("/api/v1/staff", json=TOM).json()
    problem_of(api.post(f"/api/v1/staff/{tom['id']}/pin", json=body), 422)


def test_what_an_hour_costs_is_for_those_who_may_change_the_staff(api: httpx.Client, as_: As) -> None:
    tom = api.post("/api/v1/staff", json=TOM).json()
    floor = as_("technician")
    assert floor.get(f"/api/v1/staff/{tom['id']}").json()["hourly_cost"] is None
    assert {each["hourly_cost"] for each in floor.get("/api/v1/staff?limit=500").json()["items"]} == {None}
    assert "341907" not in floor.get("/api/v1/changes").text
    problem_of(floor.post("/api/v1/staff", json=TOM), 403)
    problem_of(floor.post(f"/api/v1/staff/{tom['id']}/pin", json={"pin": "0000"}), 403)


def test_who_only_looks_sees_nobody_and_a_manager_makes_no_owner(api: httpx.Client, as_: As) -> None:
    problem_of(as_("viewer").get("/api/v1/staff"), 403)
    refused = problem_of(as_("manager").post("/api/v1/staff", json=TOM | {"role": "owner"}), 403)
    assert "Owner" in refused["detail"]  # whom to ask


def test_all_that_is_wrong_is_said_at_once(api: httpx.Client) -> None:
    wrong = {"role": "boss", "hourly_cost": -1, "pin_hash": "x"}
    found = problem_of(api.post("/api/v1/staff", json=wrong), 422)
    assert {each["field"] for each in found["errors"]} == {"name", "role", "hourly_cost", "pin_hash"}
