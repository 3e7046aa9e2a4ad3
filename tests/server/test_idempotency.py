"""A request that is sent again makes nothing twice, also after a restart and when both come at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from core.people.roles import SYSTEM
from core.people.tokens import issue_token
from core.sync.bay import Bay
from server.service import Server
from tests.server.conftest import PATIENCE
from tests.server.fake_source import FakeSource


def post(api: httpx.Client, key: str, **fields: Any) -> httpx.Response:
    return api.post("/api/v1/vehicles", json={"plate": "M-ID 1", **fields}, headers={"Idempotency-Key": key})


def count(api: httpx.Client, plate: str) -> int:
    return len(api.get("/api/v1/vehicles", params={"plate": plate}).json()["items"])


def test_the_same_request_again_makes_no_second_row(api: httpx.Client) -> None:
    first, again = post(api, "one", plate="M-ID 11"), post(api, "one", plate="M-ID 11")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert first.headers["location"] == again.headers["location"]
    assert count(api, "M-ID 11") == 1


def test_it_answers_with_the_row_as_it_is_now(api: httpx.Client) -> None:
    made = post(api, "two")
    api.patch(made.headers["location"], json={"color": "red"})
    assert post(api, "two").json()["color"] == "red"


def test_another_key_or_none_is_another_request(api: httpx.Client) -> None:
    assert len({post(api, key, plate="M-ID 13").json()["id"] for key in ("a", "b")}) == 2
    assert len({api.post("/api/v1/vehicles", json={"plate": "M"}).json()["id"] for _ in range(2)}) == 2


def test_the_same_key_for_something_else_is_refused(api: httpx.Client) -> None:
    post(api, "three")
    assert post(api, "three", color="red").status_code == 422
    other = api.post("/api/v1/customers", json={"name": "A"}, headers={"Idempotency-Key": "three"})
    assert other.status_code == 201, "a key belongs to its route"


def test_a_request_that_was_refused_can_be_put_right_under_the_same_key(api: httpx.Client) -> None:
    assert post(api, "four", year="x").status_code == 422
    assert post(api, "four").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(api: httpx.Client, key: str) -> None:
    assert post(api, key).status_code == 400


def test_keys_of_two_tokens_never_meet(api: httpx.Client, bay: Bay) -> None:
    mine = post(api, "five").json()["id"]
    theirs = issue_token(bay.records, SYSTEM, "owner", "another program")
    headers = {"Authorization": f"Bearer {theirs}", "Idempotency-Key": "five"}
    assert api.post("/api/v1/vehicles", json={"plate": "M-ID 1"}, headers=headers).json()["id"] != mine


def test_of_many_that_come_at_once_one_makes_the_row(api: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: post(api, "six", plate="M-ID 16").json()["id"], range(16)))
    assert len(set(found)) == 1
    assert count(api, "M-ID 16") == 1


def test_it_is_remembered_through_a_restart(fresh_bay: Bay) -> None:
    token = issue_token(fresh_bay.records, SYSTEM, "owner", "tests")
    found = []
    bay = fresh_bay
    for _ in range(2):
        server = Server(FakeSource(), port=0, terminal="Bay 3", version="9.9", bay=bay)
        url = f"http://127.0.0.1:{server.start()}"
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False, headers=headers) as client:
            found.append(post(client, "seven").json()["id"])
        server.stop()
        bay.close()
        bay = Bay.open(fresh_bay.home)
    bay.close()
    assert found[0] == found[1]
