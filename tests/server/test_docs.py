"""The interface documents itself, offline and completely: an undocumented route fails here."""

import dataclasses
import gzip
import hashlib
import re
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic import BaseModel

import resources
from core.people import customers
from core.records.files import FileStore
from core.records.input import Fields
from core.records.records import Records
from core.vehicles import vehicles
from core.workshop import orders
from server.api.customers import Customer, CustomerFields
from server.api.repair_orders import RepairOrder, RepairOrderFields
from server.api.vehicles_shown import Vehicle, VehicleFields
from server.application import Workshop, create_app
from tests.server.fake_source import FakeSource


class NoRecords:
    """The description needs none."""

    def subscribe(self, _listener: object) -> None: ...


DOCS = resources.path("web", "docs")
WORKSHOP = Workshop(cast("Records", NoRecords()), "", files=FileStore(Path()))
DESCRIPTION: dict[str, Any] = create_app(FakeSource(), terminal="Bay 3", version="9.9", workshop=WORKSHOP).openapi()
OPERATIONS = [
    (method, path, operation) for path, methods in DESCRIPTION["paths"].items() for method, operation in methods.items()
]
BODILESS = {"/api/v1/changes/{id}/undo"}  # what is asked for stands in the path
BYTES = {"/api/v1/files"}  # the body is the file itself
IDS = [f"{method} {path}" for method, path, _ in OPERATIONS]


def test_the_fixed_routes_are_described() -> None:
    assert {"/health", "/api/v1/signals", "/live", "/api/v1/changes"} <= set(DESCRIPTION["paths"])
    for room in ("vehicles", "customers", "repair-orders"):
        assert set(DESCRIPTION["paths"][f"/api/v1/{room}"]) == {"get", "post"}
        assert set(DESCRIPTION["paths"][f"/api/v1/{room}/{{id}}"]) == {"get", "patch", "delete"}


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_every_route_has_a_summary_a_description_and_a_tag(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert len(operation["description"]) > 40
    assert operation["tags"]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_every_answer_has_an_example_in_every_field(method: str, path: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        for media, content in answer.get("content", {}).items():
            assert content.get("schema"), f"{status} {media} has no schema"
            missing = list(fields_without_example(content["schema"]))
            assert not missing, f"{status} {media}: no example for {missing}"


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_every_query_parameter_is_explained(method: str, path: str, operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        assert parameter["description"]
        assert parameter["schema"].get("examples") or parameter.get("example")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_every_body_has_an_example_of_every_field(method: str, path: str, operation: dict[str, Any]) -> None:
    if method not in ("post", "patch") or path in BODILESS:
        assert "requestBody" not in operation
        return
    [(media, content)] = operation["requestBody"]["content"].items()
    if path in BYTES:
        assert (media, bool(content["example"])) == ("application/octet-stream", True)
        return
    assert media == "application/json"
    assert content["example"]
    assert all("examples" in field for field in content["schema"]["properties"].values())
    assert content["example"].keys() <= content["schema"]["properties"].keys()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=IDS)
def test_what_needs_a_token_says_so(method: str, path: str, operation: dict[str, Any]) -> None:
    of_the_car = re.match(r"/(health|live|api/v1/(alarms|catalogue|signals))(/|$)", path)  # the rest is records
    assert bool(operation.get("security")) is not bool(of_the_car)


@pytest.mark.parametrize(
    ("written", "fields", "shown", "view"),
    [
        (VehicleFields, vehicles.FIELDS, Vehicle, vehicles.VehicleView),
        (CustomerFields, customers.FIELDS, Customer, customers.CustomerView),
        (RepairOrderFields, orders.FIELDS, RepairOrder, orders.RepairOrderView),
    ],
    ids=["vehicles", "customers", "repair-orders"],
)
def test_the_description_has_the_fields_of_the_room(
    written: type[BaseModel], fields: Fields, shown: type[BaseModel], view: type[Any]
) -> None:
    assert set(written.model_fields) == set(fields)
    assert set(shown.model_fields) == {field.name for field in dataclasses.fields(view)} - {"deleted_at"}


def test_before_a_workshop_is_founded_nothing_can_be_changed() -> None:
    paths = create_app(FakeSource(), terminal="Bay 3", version="9.9").openapi()["paths"]
    assert {method for methods in paths.values() for method in methods} == {"get"}


def fields_without_example(schema: dict[str, Any], name: str = "") -> list[str]:
    """Names of the plain fields below ``schema`` that show no example."""
    if "$ref" in schema:
        return fields_without_example(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    if "properties" in schema:
        parts = schema["properties"].items()
        return [missing for key, part in parts for missing in fields_without_example(part, f"{name}.{key}")]
    if schema.get("type") == "array" and not schema.get("examples"):
        return fields_without_example(schema["items"], f"{name}[]")
    return [] if schema.get("examples") or "default" in schema else [name]


def test_the_page_is_there_with_all_it_needs_from_this_terminal(lasting_http: httpx.Client) -> None:
    page = lasting_http.get("/docs")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    named = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert len(named) >= 4
    for path in named:
        assert path.startswith("/"), "nothing from the internet"
        assert lasting_http.get(path).status_code == 200, path


def test_the_scripts_are_let_run_by_our_own_policy(lasting_http: httpx.Client) -> None:
    text = lasting_http.get("/docs").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert lasting_http.get("/openapi.json").json()["paths"]


def test_swagger_ui_is_the_file_its_note_says(lasting_http: httpx.Client) -> None:
    note = (DOCS / "SOURCE.txt").read_text("utf-8")
    bundle = gzip.decompress((DOCS / "swagger-ui-bundle.js.gz").read_bytes())
    assert hashlib.sha256(bundle).hexdigest() in note
    assert (DOCS / "LICENSE.txt").read_text("utf-8").strip().startswith("Apache License")

    for accepted in ("gzip", "identity"):
        reply = lasting_http.get("/docs/swagger-ui-bundle.js", headers={"Accept-Encoding": accepted})
        assert reply.headers.get("content-encoding", "identity") == accepted
        assert reply.content == bundle
        assert "javascript" in reply.headers["content-type"]
