"""``GET /health`` is fixed to the letter: other terminals and monitors read it."""

import httpx


def test_it_says_ok_who_it_is_and_since_when(lasting_http: httpx.Client) -> None:
    reply = lasting_http.get("/health")

    assert reply.status_code == 200
    body = reply.json()
    assert set(body) == {"status", "version", "terminal", "uptime_s"}
    assert body["status"] == "ok"
    assert body["version"] == "9.9"
    assert body["terminal"] == "Bay 3"
    assert body["uptime_s"] >= 0
