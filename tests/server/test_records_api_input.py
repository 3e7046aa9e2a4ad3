"""Whatever JSON a client sends, it is kept as it was understood, or refused with the field's name; never a fault."""

import json
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FIELDS = ["plate", "vin", "make", "year", "color", "status", "customer_id", "odometer_km", "notes", "inspection_due"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
PLAUSIBLE = st.fixed_dictionaries(
    {"plate": st.text("ABMT -0123456789", min_size=1, max_size=10)},
    optional={
        "make": st.text(max_size=60),
        "year": st.integers(1800, 2100),
        "odometer_km": st.integers(-5, 2_000_000),
        "notes": st.text(max_size=300),
        "vin": st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17),
    },
)
OPTIONS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def checked(reply: httpx.Response, sent: Any) -> dict[str, Any] | None:
    """The row, when it was taken."""
    if reply.status_code == 422:
        named = {each["field"] for each in reply.json().get("errors", ())}
        assert named
        assert not isinstance(sent, dict) or named <= {*(name[:80] for name in sent), "plate"}
        return None
    assert reply.status_code in (200, 201), reply.text
    found: dict[str, Any] = reply.json()
    return found


@OPTIONS
@given(sent=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), JSON, max_size=6) | JSON)
def test_any_json_is_kept_or_refused_by_the_field(api: httpx.Client, sent: Any) -> None:
    headers = {"Content-Type": "application/json"}
    row = checked(api.post("/api/v1/vehicles", content=json.dumps(sent), headers=headers), sent)
    if row is not None:
        assert api.get(f"/api/v1/vehicles/{row['id']}").json() == row


@OPTIONS
@given(sent=PLAUSIBLE, then=PLAUSIBLE)
def test_what_was_taken_is_what_is_there_and_a_refused_change_leaves_it(
    api: httpx.Client, sent: dict[str, Any], then: dict[str, Any]
) -> None:
    row = checked(api.post("/api/v1/vehicles", json=sent), sent)
    if row is None:
        return
    for name in ("year", "odometer_km"):
        assert row[name] == sent.get(name)
    assert row["plate"] == sent["plate"].strip()
    place = f"/api/v1/vehicles/{row['id']}"
    changed = checked(api.patch(place, json=then), then)
    assert api.get(place).json() == (changed or row)
    if changed is not None:
        kept = row.keys() - then.keys() - {"changed_at", "odometer_read_at"}
        assert {name: changed[name] for name in kept} == {name: row[name] for name in kept}


@OPTIONS
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered_with_a_problem(api: httpx.Client, body: bytes) -> None:
    reply = api.post("/api/v1/vehicles", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert reply.headers["content-type"] == "application/problem+json"


@OPTIONS
@given(query=st.dictionaries(st.sampled_from(["plate", "vin", "q", "after", "status", "sort", "limit"]), st.text()))
def test_any_query_is_answered_or_refused(api: httpx.Client, query: dict[str, str]) -> None:
    assert api.get("/api/v1/vehicles", params=query).status_code in (200, 422)
