"""Figures over HTTP: as the room gives them, to whom they are for, and days as the shop has them."""

from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.staff import create_staff
from core.people.tokens import issue_token
from core.sync.bay import Bay
from server.service import Server


@pytest.fixture(scope="module")
def technician(bay: Bay) -> str:
    fields = {"name": "Ines", "role": "technician"}
    owner = {"name": "Renate", "role": "owner"}
    bay.records.change("system", lambda session: create_staff(session, SYSTEM, owner))
    return bay.records.change("system", lambda session: create_staff(session, SYSTEM, fields)).value.id


def test_the_dashboard(api: httpx.Client) -> None:
    found: dict[str, Any] = api.get("/api/v1/figures/dashboard").json()
    assert set(found["hours"]) == {"sold", "booked", "left"}
    assert set(found["on_time"]) == {"rate", "count"}
    assert len(found["money"]) == 30
    assert all(day["profit"] == day["net"] - day["cost"] for day in found["money"])
    assert set(found["by_status"]) >= {"booked", "in_progress", "delivered"}


def test_a_technician_by_days_and_by_moments(api: httpx.Client, technician: str) -> None:
    route = f"/api/v1/figures/technicians/{technician}"
    by_days = api.get(route, params={"start": "2026-11-01", "end": "2026-11-30"}).json()
    moments = {"start": str(by_days["start"]), "end": str(by_days["end"])}
    assert api.get(route, params=moments).json() == by_days
    assert by_days["name"] == "Ines"
    assert by_days["completed"] == 0
    assert by_days["efficiency"] is None
    one_day = api.get(route, params={"start": "2026-11-05", "end": "2026-11-05"}).json()
    assert one_day["end"] - one_day["start"] == 24 * 3_600_000


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"start": "yesterday", "end": "2026-11-30"}, "start"),
        ({"start": "2026-11-30", "end": "2026-11-01"}, "end"),
        ({"start": "2026-02-30", "end": "2026-11-30"}, "start"),
    ],
)
def test_a_period_nobody_understands_is_refused(
    api: httpx.Client, technician: str, params: dict[str, str], field: str
) -> None:
    reply = api.get(f"/api/v1/figures/technicians/{technician}", params=params)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert field in reply.text


def test_an_unknown_person_is_not_found(api: httpx.Client) -> None:
    nobody = "01890000-0000-7000-8000-000000000000"
    route = f"/api/v1/figures/technicians/{nobody}"
    assert api.get(route, params={"start": "2026-11-01", "end": "2026-11-30"}).status_code == 404


def test_the_figures_of_the_shop_are_not_for_a_viewer(founded: Server, bay: Bay) -> None:
    headers = {"Authorization": f"Bearer {issue_token(bay.records, SYSTEM, 'viewer', 'A wall')}"}
    url = f"http://127.0.0.1:{founded.port}/api/v1/figures/dashboard"
    reply = httpx.get(url, headers=headers, trust_env=False)
    assert reply.status_code == 403
