"""A second terminal joins from the command line, keeps in step, and is taken out again: two real terminals."""

import json
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from app.failure import Exit
from tests.app.conftest import PATIENCE_S, Run, Running, Start, eventually

SERVE = ("serve", "--port", "0", "--host", "127.0.0.1", "--no-discovery")


@pytest.fixture
def second(tmp_path: Path) -> str:
    return str(tmp_path / "second")


@pytest.fixture
def first(call: Run, start: Start, home: Path) -> Running:
    """The workshop's first terminal, serving."""
    assert call("init", "--workshop", "W", "--terminal", "Bay 1").returncode == 0
    running = start(*SERVE)
    _page(running)
    return running


def _page(running: Running) -> str:
    return running.line("The page: ").removeprefix("The page: ")


def _offer(call: Run) -> tuple[str, str]:
    offer = json.loads(call("pair", "open", "--json").stdout)
    return offer["address"], offer["code"]


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def _ask(page: str, path: str, token: str, body: Any = None) -> Any:
    request = urllib.request.Request(page + path, None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def _standing(call: Run) -> tuple[str, str]:
    (peer,) = json.loads(call("peers", "--json").stdout)
    return peer["name"], peer["state"]


def _plates(page: str, token: str) -> set[str]:
    return {one["plate"] for one in _ask(page, "api/v1/vehicles", token)["items"]}


@pytest.mark.usefixtures("first")
def test_joining_seeds_and_both_keep_in_step(run: Run, call: Run, start: Start, second: str) -> None:
    token = call("token", "--role", "owner", "--name", "x").stdout.split()[-1]
    address, code = _offer(call)
    here = address.replace("https:", "http:") + "/"
    _ask(here, "api/v1/vehicles", token, {"plate": "BEFORE 1"})

    joined = run("pair", "--home", second, "join", address, code, "--terminal", "Bay 2")
    assert joined.returncode == Exit.DONE, joined.stderr
    assert "Bay 2" in joined.stdout
    assert joined.stderr  # how far it had come
    report = json.loads(call("check", "--home", second, "--json").stdout)
    assert report["tables"]["vehicles"]["rows"] == 1
    (known,) = json.loads(call("peers", "--home", second, "--json").stdout)
    assert known["name"] == "Bay 1"

    there = _page(start(*SERVE, "--home", second, "--peer", address))
    _ask(there, "api/v1/vehicles", token, {"plate": "THERE 2"})
    _ask(here, "api/v1/vehicles", token, {"plate": "HERE 3"})
    everything = {"BEFORE 1", "THERE 2", "HERE 3"}
    eventually(lambda: _plates(here, token) == _plates(there, token) == everything, "they never came to the same")
    eventually(lambda: _standing(call) == ("Bay 2", "in step"), "the first terminal never knew that they are in step")


@pytest.mark.usefixtures("first")
def test_a_wrong_code_ends_with_5_and_leaves_the_home_empty(call: Run, second: str) -> None:
    address, code = _offer(call)
    for _ in range(3):
        done = call("pair", "--home", second, "join", address, _other(code), "--terminal", "Bay 2")
        assert (done.returncode, done.stdout) == (Exit.WRONG_CODE, "")
        assert "Traceback" not in done.stderr
        assert not (Path(second) / "records.db").exists()
        assert not (Path(second) / "identity").exists()
    done = call("pair", "--home", second, "join", address, code, "--terminal", "Bay 2")
    assert done.returncode == Exit.WRONG_CODE, "the right code still worked after three wrong ones"


@pytest.mark.usefixtures("first")
def test_where_no_code_was_opened_every_code_is_wrong(call: Run, second: str) -> None:
    address, code = _offer(call)
    assert call("pair", "--home", second, "join", address, code, "--terminal", "Bay 2").returncode == Exit.DONE
    third = second + "-third"
    done = call("pair", "--home", third, "join", address, code, "--terminal", "Bay 3")
    assert done.returncode == Exit.WRONG_CODE, "a code served twice"


@pytest.mark.parametrize("code", ["1234567", "123456789", "12a45678", ""])
def test_what_is_no_code_is_told_before_anybody_is_asked(call: Run, second: str, code: str) -> None:
    done = call("pair", "--home", second, "join", "https://127.0.0.1:1", code, "--terminal", "Bay 2")
    assert done.returncode == Exit.WRONG_CODE
    assert not Path(second).exists()


def test_nobody_there_ends_with_6(call: Run, second: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = call("pair", "--home", second, "join", f"https://127.0.0.1:{port}", "12345678", "--terminal", "Bay 2")
    assert (done.returncode, done.stdout) == (Exit.UNREACHABLE, "")
    assert f"127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("first")
def test_who_is_in_a_workshop_joins_no_other(call: Run, home: Path) -> None:
    done = call("pair", "--home", str(home), "join", "https://127.0.0.1:1", "12345678", "--terminal", "Bay 2")
    assert done.returncode == Exit.FAILED
    assert "belongs to a workshop already" in done.stderr


@pytest.mark.parametrize("by", ["device id", "name"])
@pytest.mark.usefixtures("first")
def test_a_removed_terminal_gets_nothing_any_more(call: Run, start: Start, second: str, by: str) -> None:
    address, code = _offer(call)
    assert call("pair", "--home", second, "join", address, code, "--terminal", "Bay 2").returncode == Exit.DONE
    (peer,) = json.loads(call("peers", "--json").stdout)
    done = call("peers", "remove", peer["device_id"] if by == "device id" else "Bay 2")
    assert (done.returncode, done.stderr) == (Exit.DONE, "")
    assert "Bay 2" in done.stdout

    token = call("token", "--role", "owner", "--name", "x").stdout.split()[-1]
    here = address.replace("https:", "http:") + "/"
    _ask(here, "api/v1/vehicles", token, {"plate": "SECRET 1"})
    _page(start(*SERVE, "--home", second, "--peer", address))

    def refused() -> bool:
        peers = json.loads(call("peers", "--home", second, "--json").stdout)
        return bool(peers[0]["problem"]) or peers[0]["state"] in ("refused", "removed")

    eventually(refused, "the removed terminal was never told")
    assert json.loads(call("check", "--home", second, "--json").stdout)["tables"]["vehicles"]["rows"] == 0


def test_a_terminal_can_be_removed_while_none_runs(call: Run, start: Start, first: Running, second: str) -> None:
    address, code = _offer(call)
    assert call("pair", "--home", second, "join", address, code, "--terminal", "Bay 2").returncode == Exit.DONE
    assert first.end() == 0
    assert call("peers", "remove", "Bay 2").returncode == Exit.DONE
    (peer,) = json.loads(call("peers", "--json").stdout)
    assert peer["state"] == "removed"
    again = call("peers", "remove", "Bay 2")
    assert again.returncode == Exit.BAD_ARGUMENTS


@pytest.mark.usefixtures("first")
def test_a_restored_terminal_fetches_what_it_wrote_after_its_backup(
    call: Run, start: Start, second: str, tmp_path: Path
) -> None:
    token = call("token", "--role", "owner", "--name", "x").stdout.split()[-1]
    address, code = _offer(call)
    here = address.replace("https:", "http:") + "/"
    assert call("pair", "--home", second, "join", address, code, "--terminal", "Bay 2").returncode == Exit.DONE
    running = start(*SERVE, "--home", second, "--peer", address)
    there = _page(running)
    _ask(there, "api/v1/vehicles", token, {"plate": "BEFORE 1"})
    file = str(tmp_path / "monday.backup")
    assert call("backup", file, "--home", second).returncode == Exit.DONE
    _ask(there, "api/v1/vehicles", token, {"plate": "AFTER 2"})
    eventually(lambda: _plates(here, token) == {"BEFORE 1", "AFTER 2"}, "it never came to the first terminal")
    assert running.end() == 0

    assert call("restore", file, "--home", second, "--move-aside").returncode == Exit.DONE
    there = _page(start(*SERVE, "--home", second, "--peer", address))
    _ask(there, "api/v1/vehicles", token, {"plate": "NEW 3"})
    everything = {"BEFORE 1", "AFTER 2", "NEW 3"}
    eventually(lambda: _plates(here, token) == _plates(there, token) == everything, "they never came to the same")
    assert [one["name"] for one in json.loads(call("peers", "--json").stdout)] == ["Bay 2"]  # the same as before
