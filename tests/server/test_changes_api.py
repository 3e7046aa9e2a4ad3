"""The feed of changes: everything in the order in which it came, each once, and told as soon as it is there."""

import socket
import threading
import time
from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM, Actor, Role
from core.people.staff import create_staff
from core.people.tokens import issue_token
from core.records.journal import newest
from core.sync.bay import Bay
from core.vehicles.vehicles import change_vehicle, create_vehicle
from server.api import changes as changes_api
from server.service import Server
from tests.server.conftest import wait_until
from tests.server.fake_source import FakeSource

MECHANIC = Actor("staff", "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "Max", Role.OWNER)


def now_at(bay: Bay) -> int:
    with bay.records.read() as session:
        return newest(session)


def write(bay: Bay, plate: str) -> str:
    change = bay.records.change
    return change(MECHANIC.reference, lambda session: create_vehicle(session, MECHANIC, {"plate": plate})).value.id


def test_a_change_tells_who_what_and_what_was_before(api: httpx.Client, bay: Bay) -> None:
    start = now_at(bay)
    id_ = write(bay, "M-CH 1")
    bay.records.change(
        MECHANIC.reference, lambda session: change_vehicle(session, MECHANIC, id_, {"color": "red"}), why="repainted"
    )
    page = api.get("/api/v1/changes", params={"after": start}).json()
    made, changed = page["changes"]
    assert page["next"] == changed["number"] == start + 2
    assert made["actor"] == changed["actor"] == MECHANIC.reference
    assert made["terminal_id"] == bay.terminal_id
    assert (made["here"], changed["why"]) == (True, "repainted")
    [row] = [each for each in made["rows"] if each["table"] == "vehicles"]
    assert (row["id"], row["new"], row["fields"]["plate"]) == (id_, True, "M-CH 1")
    [row] = changed["rows"]
    assert (row["new"], row["fields"]) == (False, {"color": "red"})


def test_pages_follow_each_other_without_gap_or_repetition(api: httpx.Client, bay: Bay) -> None:
    start = now_at(bay)
    for number in range(5):
        write(bay, f"M-PG {number}")
    found: list[int] = []
    after = start
    while True:
        page = api.get("/api/v1/changes", params={"after": after, "limit": 2}).json()
        if not page["changes"]:
            assert page["next"] == after
            break
        found += [each["number"] for each in page["changes"]]
        after = page["next"]
    assert found == list(range(start + 1, start + 6))


def test_secrets_are_not_told(api: httpx.Client, bay: Bay) -> None:
    start = now_at(bay)
    issue_token(bay.records, SYSTEM, "viewer", "secret")
    bay.records.change("system", lambda session: create_staff(session, SYSTEM, {"name": "M", "role": "technician"}))
    rows: list[dict[str, Any]] = [
        row for each in api.get(f"/api/v1/changes?after={start}").json()["changes"] for row in each["rows"]
    ]
    assert next(row for row in rows if row["table"] == "access_tokens")["fields"]["secret_sha256"] is None
    assert all(row["fields"].get("pin_hash") is None for row in rows)


def test_who_waits_is_told_of_the_next_change(api: httpx.Client, bay: Bay) -> None:
    start = now_at(bay)
    found: list[Any] = []

    def wait() -> None:
        found.append(api.get("/api/v1/changes", params={"after": start, "wait": 30}, timeout=40).json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.2)  # most often it waits by now; if not, it finds the change at once
    write(bay, "M-WT 1")
    waiting.join(10)
    assert not waiting.is_alive(), "it was not woken"
    assert [each["number"] for each in found[0]["changes"]] == [start + 1]


def test_who_waits_in_vain_is_told_so(api: httpx.Client, bay: Bay) -> None:
    start = now_at(bay)
    assert api.get("/api/v1/changes", params={"after": start, "wait": 0.05}).json() == {"changes": [], "next": start}


def test_a_feed_nobody_listens_to_any_more_keeps_no_place(
    founded: Server, bay: Bay, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = threading.Event()
    leave = changes_api.Feed.leave

    def told(self: changes_api.Feed, woken: Any) -> None:
        leave(self, woken)
        left.set()

    monkeypatch.setattr(changes_api.Feed, "leave", told)
    with socket.create_connection(("127.0.0.1", founded.port), timeout=10) as raw:
        raw.sendall(
            f"GET /api/v1/changes?after={now_at(bay)}&wait=30 HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        assert not left.wait(0.3)
    assert left.wait(10)


def test_a_server_that_stops_lets_nobody_wait(fresh_bay: Bay) -> None:
    token = issue_token(fresh_bay.records, SYSTEM, "owner", "tests")
    server = Server(FakeSource(), port=0, terminal="Bay 3", version="9.9", bay=fresh_bay)
    url = f"http://127.0.0.1:{server.start()}/api/v1/changes"
    ended = threading.Event()

    def wait() -> None:
        try:
            query = {"after": now_at(fresh_bay), "wait": 30}
            httpx.get(url, params=query, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=40)
        except httpx.HTTPError:
            pass
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    wait_until(lambda: any(thread.name.startswith("records-desk") for thread in threading.enumerate()))
    server.stop()
    assert ended.wait(10)


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=99999999999999999999", "limit=0", "wait=31", "wait=nan"]
)
def test_a_question_without_sense_is_refused(api: httpx.Client, query: str) -> None:
    reply = api.get(f"/api/v1/changes?{query}")
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"] == query.partition("=")[0]
