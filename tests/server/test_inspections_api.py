"""Inspections over HTTP: templates, results, findings; and the tasks, labels and checks of an order."""

import uuid
from typing import Any

import httpx
import pytest

from core.sync.bay import Bay
from server.service import Server
from tests.server.test_estimates_api import ORDERS, UNKNOWN, client_of, counted, made, wrong

TEMPLATES, INSPECTIONS = "/api/v1/inspection-templates", "/api/v1/inspections"
TREAD = {
    "name": "Tread", "section": "Tyres", "kind": "measure", "unit": "mm", "worse_below": True, "yellow_at": 3_000,
    "red_at": 1_600, "line_description": "Replace tyres",
}  # fmt: skip


@pytest.fixture
def order(api: httpx.Client) -> str:
    vehicle = made(api, "/api/v1/vehicles", plate="M-OT 1234")["id"]
    return str(made(api, ORDERS, vehicle_id=vehicle)["id"])


@pytest.fixture
def template(api: httpx.Client) -> str:
    row = made(api, TEMPLATES, name="Winter check")["id"]
    for point in (TREAD, {"name": "Wipers", "section": "Sight"}, {"name": "Lamps", "section": "Sight"}):
        made(api, f"{TEMPLATES}/{row}/points", **point)
    return str(row)


def begun(api: httpx.Client, template: str, order: str) -> str:
    return f"{INSPECTIONS}/{made(api, INSPECTIONS, template_id=template, order_id=order)['id']}"


def results(api: httpx.Client, inspection: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in api.get(f"{inspection}/results").json()["items"]}


def test_a_template_lives_with_its_points(api: httpx.Client, template: str) -> None:
    place = f"{TEMPLATES}/{template}"
    assert api.get(place).json()["points"] == 3
    points = api.get(f"{place}/points").json()["items"]
    assert [each["name"] for each in points] == ["Tread", "Wipers", "Lamps"]
    point = f"{place}/points/{points[0]['id']}"
    assert api.get(point).json() == points[0]
    assert api.patch(point, json={"yellow_at": 4_000}).json()["yellow_at"] == 4_000
    wrong(api.patch(point, json={"red_at": 5_000}), "red_at")
    wrong(api.post(f"{place}/points", json={"colour": 1}), "colour", "name")
    assert api.delete(point).status_code == 204
    assert api.get(point).status_code == 404
    assert template in [each["id"] for each in api.get(TEMPLATES, params={"limit": 500}).json()["items"]]
    assert api.patch(place, json={"active": False}).json()["active"] is False
    assert template not in [each["id"] for each in api.get(f"{TEMPLATES}?active=true&limit=500").json()["items"]]
    assert api.delete(place).status_code == 204
    assert api.get(f"{place}/points").status_code == 404


def test_the_shipped_templates_are_installed_once(api: httpx.Client) -> None:
    counts = [api.post(f"{TEMPLATES}/defaults", json={"language": "de"}).json()["installed"] for _ in range(2)]
    assert counts[1] == 0
    names = [each["name"] for each in api.get(TEMPLATES, params={"limit": 500}).json()["items"]]
    assert "Jahresinspektion" in names
    wrong(api.post(f"{TEMPLATES}/defaults", json={"language": "xx"}), "language")


def test_from_the_look_to_the_estimate(api: httpx.Client, template: str, order: str) -> None:
    inspection = begun(api, template, order)
    first = results(api, inspection)
    tread = f"{inspection}/results/{first['Tread']['id']}"
    assert api.patch(tread, json={"value": 1_500, "remark": "inner edge"}).json()["verdict"] == "red"
    rest = api.post(f"{inspection}/rest-is-good", json={"section": "Sight"}).json()["items"]
    assert [each["verdict"] for each in rest] == ["red", "green", "green"]
    extra = made(api, f"{inspection}/results", name="Marten bites", verdict="yellow")
    line = made(api, f"{tread}/line")
    assert (line["order_id"], line["description"], line["result_id"]) == (
        order,
        "Replace tyres (Tread 1.5 mm)",
        first["Tread"]["id"],
    )
    both = made(api, f"{inspection}/lines")["items"]
    assert [each["result_id"] for each in both] == [first["Tread"]["id"], extra["id"]]
    assert made(api, f"{inspection}/lines")["items"] == both
    assert api.get(tread).json()["line_id"] == line["id"]
    advice = made(api, f"{inspection}/results/{extra['id']}/recommendation", due_on="2027-05-01")
    assert (advice["description"], advice["due_on"]) == ("Marten bites", "2027-05-01")
    wrong(api.post(f"{inspection}/results/{first['Lamps']['id']}/line", json={}), "")
    done = api.post(f"{inspection}/state", json={"state": "completed"}).json()
    assert done["counts"] == {"green": 2, "yellow": 1, "red": 1, "none": 0, "left": 0}
    wrong(api.patch(tread, json={"value": 9_000}), "")
    assert api.post(f"{inspection}/state", json={"state": "open"}).json()["completed_at"] is None
    again = results(api, begun(api, template, order))
    assert again["Tread"]["previous"]["value"] == 1_500
    assert again["Tread"]["previous"]["remark"] == "inner edge"


def test_inspections_are_listed_changed_and_deleted(api: httpx.Client, template: str, order: str) -> None:
    first, second = begun(api, template, order), begun(api, template, order)
    page = api.get(INSPECTIONS, params={"order_id": order, "limit": 1}).json()
    assert f"{INSPECTIONS}/{page['items'][0]['id']}" == second
    rest = api.get(INSPECTIONS, params={"order_id": order, "after": page["next"]}).json()["items"]
    assert [f"{INSPECTIONS}/{each['id']}" for each in rest] == [first]
    assert api.patch(first, json={"remark": "wet"}).json()["remark"] == "wet"
    wrong(api.patch(first, json={"vehicle_id": None}), "vehicle_id")
    wrong(api.post(INSPECTIONS, json={"template_id": UNKNOWN}), "template_id", "vehicle_id")
    wrong(api.get(INSPECTIONS, params={"state": "x"}), "state")
    assert api.get(f"{first}/results/{results(api, second)['Tread']['id']}").status_code == 404
    assert api.delete(first).status_code == 204
    assert api.get(f"{first}/results").status_code == 404


def test_the_results_take_as_many_statements_with_a_past_as_without(
    api: httpx.Client, bay: Bay, template: str, order: str
) -> None:
    counts = []
    for _ in range(3):
        inspection = begun(api, template, order)
        api.post(f"{inspection}/rest-is-good", json={})
        with counted(bay, "inspection") as asked:
            assert len(results(api, inspection)) == 3
            assert api.get(INSPECTIONS, params={"order_id": order}).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_who_only_looks_changes_nothing(
    founded: Server, bay: Bay, api: httpx.Client, template: str, order: str
) -> None:
    inspection = begun(api, template, order)
    tread = results(api, inspection)["Tread"]["id"]
    with client_of(founded, bay, "viewer") as viewer, client_of(founded, bay, "technician") as technician:
        assert len(viewer.get(f"{inspection}/results").json()["items"]) == 3
        assert viewer.patch(f"{inspection}/results/{tread}", json={"value": 1}).status_code == 403
        assert viewer.post(f"{inspection}/results/{tread}/line", json={}).status_code == 403
        assert technician.post(TEMPLATES, json={"name": "x"}).status_code == 403
        assert technician.patch(f"{inspection}/results/{tread}", json={"value": 1}).status_code == 200


# Tasks, labels, quality checks ----------------------------------------------------------------------------------------


def test_a_task_lives_and_is_done(api: httpx.Client, order: str) -> None:
    row = made(api, "/api/v1/tasks", order_id=order, title="Front brakes", expected_hours=1_500)
    place = f"/api/v1/tasks/{row['id']}"
    assert api.get(place).json() == row
    assert api.patch(place, json={"title": "Rear brakes"}).json()["title"] == "Rear brakes"
    assert api.post(f"{place}/done", json={"done": True}).json()["done_at"] is not None
    open_ = {"order_id": order, "state": "open"}
    assert api.get("/api/v1/tasks", params=open_).json()["items"] == []
    assert api.post(f"{place}/done", json={"done": False}).json()["done_by"] is None
    assert [each["id"] for each in api.get("/api/v1/tasks", params=open_).json()["items"]] == [row["id"]]
    wrong(api.post(f"{place}/done", json={"done": "yes"}), "done")
    wrong(api.post("/api/v1/tasks", json={"order_id": UNKNOWN}), "order_id", "title")
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404


def test_a_label_lives(api: httpx.Client) -> None:
    row = made(api, "/api/v1/labels", name=f"Road test {uuid.uuid4().hex[:6]}", status="ready", color="ok")
    place = f"/api/v1/labels/{row['id']}"
    assert api.get(place).json() == row
    assert row in api.get("/api/v1/labels", params={"limit": 500}).json()["items"]
    assert api.patch(place, json={"status": None}).json()["status"] is None
    wrong(api.post("/api/v1/labels", json={"color": "#fff"}), "color", "name")
    assert api.delete(place).status_code == 204
    assert api.get(place).status_code == 404


def test_quality_checks_are_kept_the_last_first(api: httpx.Client, order: str) -> None:
    place = f"{ORDERS}/{order}/quality-checks"
    wrong(api.post(place, json={"passed": False}), "remark")
    failed = made(api, place, passed=False, remark="wheel not torqued")
    once = [api.post(place, json={"passed": True}, headers={"Idempotency-Key": "q-1"}).json() for _ in range(2)]
    assert once[0] == once[1]
    page = api.get(place, params={"limit": 1}).json()
    assert page["items"] == [once[0]]
    assert api.get(place, params={"after": page["next"]}).json()["items"] == [failed]
    wrong(api.post(place, json={"passed": True, "order_id": order}), "order_id")
    assert api.post(f"{ORDERS}/{UNKNOWN}/quality-checks", json={"passed": True}).status_code == 404
