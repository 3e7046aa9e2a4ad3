"""The interface over a workshop whose records are on a PostgreSQL server: the same answers."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from core.sync.founding import found
from server.service import Server
from tests.core.records.postgres import cluster, postgresql_url
from tests.server.conftest import PATIENCE
from tests.server.fake_source import FakeSource

__all__ = ["cluster", "postgresql_url"]


@pytest.fixture
def hub(tmp_path: Path, postgresql_url: str) -> Iterator[httpx.Client]:
    """A program that talks to it."""
    found(tmp_path / "hub", "Ott & Sons", "Hub", postgresql_url)
    bay = Bay.open(tmp_path / "hub", postgresql_url)
    token = issue_token(bay.records, SYSTEM, "owner", "tests")
    server = Server(FakeSource(), port=0, terminal="Hub", version="9.9", bay=bay)
    url = f"http://127.0.0.1:{server.start()}"
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, headers=headers) as client:
        yield client
    server.stop()
    bay.close()


def test_rows_are_written_found_and_told_of(hub: httpx.Client) -> None:
    once = {"Idempotency-Key": "one"}
    golf, again = (hub.post("/api/v1/vehicles", json={"plate": "M-OT 1", "model": "Golf"}, headers=once) for _ in "12")
    assert (golf.status_code, golf.json()["id"]) == (201, again.json()["id"])
    assert hub.post("/api/v1/vehicles", json={"plate": "M-OT 2"}, headers=once).status_code == 422

    order = hub.post("/api/v1/repair-orders", json={"vehicle_id": golf.json()["id"], "complaint": "Squeals"}).json()
    place = f"/api/v1/repair-orders/{order['id']}"
    assert hub.patch(place, json={"status": "arrived"}, headers={"If-Match": '"old"'}).status_code == 412
    assert hub.patch(place, json={"status": "arrived"}).json()["status"] == "arrived"

    def ids(room: str, **query: str) -> list[str]:
        return [each["id"] for each in hub.get(f"/api/v1/{room}", params=query).json()["items"]]

    assert ids("vehicles", q="gol") == ids("vehicles", plate="m-ot1") == [golf.json()["id"]]
    assert ids("repair-orders", q="squeals", status="arrived") == [order["id"]]
    rows = [row for each in hub.get("/api/v1/changes").json()["changes"] for row in each["rows"]]
    assert {"vehicles", "repair_orders"} <= {row["table"] for row in rows}
    assert hub.delete(place).status_code == 204
    assert hub.get(place).status_code == 404


FILTERS = {
    "vehicles": ("plate", "vin", "make", "status", "customer_id", "fleet_id", "q", "after", "sort"),
    "customers": ("name", "kind", "q", "after"),
    "repair-orders": ("number", "status", "vehicle_id", "customer_id", "technician_id", "q", "after"),
}


def test_rubbish_in_a_filter_breaks_nothing(hub: httpx.Client) -> None:
    for room, names in FILTERS.items():
        for name in names:
            for rubbish in ("%00", "%ff", "'", "%25", "%ED%A0%80", "x" * 3000):
                assert hub.get(f"/api/v1/{room}?{name}={rubbish}").status_code in (200, 422), (room, name, rubbish)
