"""Imports over the control channel, as ``bayline import`` asks for them while a terminal runs."""

from pathlib import Path

import httpx

from server.service import Server
from tests.server.conftest import CONTROL_SECRET, PATIENCE


def ask(founded: Server, method: str, behind: str, **body: object) -> httpx.Response:
    url = f"http://127.0.0.1:{founded.control_port}/control/v1/imports{behind}"
    headers = {"Authorization": f"Bearer {CONTROL_SECRET}"}
    sent = body or None
    return httpx.request(method, url, headers=headers, json=sent, trust_env=False, timeout=PATIENCE)


def test_it_is_shown_written_and_taken_back(founded: Server, tmp_path: Path) -> None:
    file = tmp_path / "cars.csv"
    file.write_text("plate,make\nCTL 1,VW\n", "utf-8")
    shown = ask(founded, "POST", "", kind="vehicles", path=str(file), dry_run=True).json()
    assert (shown["new"], shown["written"]) == (1, 0)
    made = ask(founded, "POST", "", kind="vehicles", path=str(file)).json()
    assert made["written"] == 1
    assert made["import"] in {each["id"] for each in ask(founded, "GET", "").json()["imports"]}
    assert ask(founded, "DELETE", f"/{made['import']}").json()["hidden"] >= 1
    again = ask(founded, "DELETE", f"/{made['import']}")
    assert again.status_code == 422
    assert again.json()["detail"]


def test_what_it_cannot_do_it_says(founded: Server, tmp_path: Path) -> None:
    assert ask(founded, "POST", "", kind="boats", path="x").status_code == 422
    gone = ask(founded, "POST", "", kind="vehicles", path=str(tmp_path / "gone.csv"))
    assert gone.status_code == 422
    assert "gone.csv" in gone.json()["detail"]
    file = tmp_path / "no.csv"
    file.write_bytes(b"PK\x00\x00")
    assert ask(founded, "POST", "", kind="vehicles", path=str(file)).status_code == 422


def test_nobody_without_the_secret_imports(founded: Server) -> None:
    url = f"http://127.0.0.1:{founded.control_port}/control/v1/imports"
    assert httpx.get(url, trust_env=False, timeout=PATIENCE).status_code in (401, 403)
