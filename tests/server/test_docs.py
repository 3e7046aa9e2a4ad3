"""The interface documents itself, offline and completely: an undocumented route fails here."""

import gzip
import hashlib
import re
from typing import Any

import httpx
import pytest

import resources
from server.application import create_app
from tests.server.fake_source import FakeSource

DOCS = resources.path("web", "docs")
DESCRIPTION: dict[str, Any] = create_app(FakeSource(), terminal="Bay 3", version="9.9").openapi()
OPERATIONS = [
    (method, path, operation) for path, methods in DESCRIPTION["paths"].items() for method, operation in methods.items()
]
IDS = [f"{method} {path}" for method, path, _ in OPERATIONS]


def test_the_fixed_routes_are_described() -> None:
    assert {"/health", "/api/v1/signals", "/live"} <= set(DESCRIPTION["paths"])


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


def test_nothing_can_be_changed() -> None:
    assert {method for method, _, _ in OPERATIONS} == {"get"}


def fields_without_example(schema: dict[str, Any], name: str = "") -> list[str]:
    """Names of the plain fields below ``schema`` that show no example."""
    if "$ref" in schema:
        return fields_without_example(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    if "properties" in schema:
        parts = schema["properties"].items()
        return [missing for key, part in parts for missing in fields_without_example(part, f"{name}.{key}")]
    if schema.get("type") == "array":
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
