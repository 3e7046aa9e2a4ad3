"""A workshop from the command line, as from outside: founded, asked, checked, kept safe; real processes throughout."""

import contextlib
import json
import os
import sqlite3
import stat
import sys
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from app import control
from app.failure import Exit
from core.people.roles import Role
from core.workshop.default_inspections import default_templates
from tests.app.conftest import PATIENCE_S, Run, Running, Start


@pytest.fixture
def founded(call: Run, home: Path) -> Path:
    """A data folder with a workshop in it."""
    done = call("init", "--workshop", "Miller's Garage", "--terminal", "Bay 1")
    assert (done.returncode, done.stderr) == (0, "")
    return home


def serve(start: Start, *arguments: str) -> str:
    """A terminal that serves until the test ends; the address of its API on loopback."""
    running = start("serve", "--port", "0", "--no-discovery", "--host", "127.0.0.1", *arguments)
    return _page(running)


def _page(running: Running) -> str:
    return running.line("The page: ").removeprefix("The page: ")


def _call(url: str, token: str = "", body: Any = None) -> Any:
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def _token(done: "CompletedProcess[str]") -> str:
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()[-1]


def test_founding_tells_who_is_who(run: Run, home: Path) -> None:
    done = run("init", "--home", str(home), "--workshop", " Bühne  3 ", "--terminal", "Bay 1", "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert set(told) == {"workshop", "terminal", "terminal_id", "device_id"}
    assert (told["workshop"], told["terminal"]) == ("Bühne 3", "Bay 1")
    assert (home / "records.db").exists()
    if sys.platform != "win32":
        keys = [one for one in (home / "identity").rglob("*") if one.is_file() and one.suffix == ".key"]
        assert keys
        assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in keys)


def templates_in(home: Path) -> list[str]:
    """What the shop's templates of inspections are called, in its order."""
    with contextlib.closing(sqlite3.connect(home / "records.db")) as database:
        rows = database.execute("select name from inspection_templates where deleted_at is null order by position")
        return [name for (name,) in rows]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_new_workshop_begins_with_templates_of_inspections_in_its_language(
    call: Run, home: Path, language: str
) -> None:
    done = call("init", "--workshop", "Miller's Garage", "--terminal", "Bay 1", BAYLINE_LANGUAGE=language)
    assert (done.returncode, done.stderr) == (0, "")
    assert templates_in(home) == [each.name[language] for each in default_templates()]


def test_a_workshop_is_founded_once(call: Run, founded: Path) -> None:
    before = (founded / "records.db").read_bytes()
    again = call("init", "--workshop", "Another", "--terminal", "Bay 9")
    assert again.returncode == Exit.FAILED
    assert "belongs to a workshop already" in again.stderr
    assert (founded / "records.db").read_bytes() == before


@pytest.mark.parametrize(
    "typed",
    [
        ("pair", "open"),
        ("peers",),
        ("peers", "--json"),
        ("peers", "remove", "Bay 2"),
        ("token", "--role", "owner", "--name", "x"),
        ("tokens",),
        ("tokens", "revoke", "x"),
        ("check",),
        ("check", "--json"),
        ("backup", "FILE"),
    ],
    ids=" ".join,
)
def test_where_no_workshop_is_every_command_says_so_and_leaves_nothing(
    call: Run, home: Path, tmp_path: Path, typed: tuple[str, ...]
) -> None:
    done = call(*(str(tmp_path / "new") if word == "FILE" else word for word in typed))
    assert (done.returncode, done.stdout) == (Exit.FAILED, "")
    assert "There is no workshop in" in done.stderr
    assert str(home) in done.stderr
    assert not home.exists()
    assert not (tmp_path / "new").exists()


def test_a_code_needs_a_terminal_that_runs(call: Run, founded: Path) -> None:
    done = call("pair", "open", "--json")
    assert (done.returncode, done.stdout) == (Exit.FAILED, "")
    assert "bayline serve" in done.stderr


def test_a_code_from_a_terminal_that_runs(call: Run, start: Start, founded: Path) -> None:
    serve(start)
    done = call("pair", "--home", str(founded), "open", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    offer = json.loads(done.stdout)
    assert set(offer) == {"code", "address", "expires_s"}
    assert offer["code"].isdigit()
    assert len(offer["code"]) == 8
    assert offer["address"].startswith("https://")
    assert 0 < offer["expires_s"] <= 120
    in_words = call("pair", "open")
    assert f"bayline pair join {offer['address']} " in in_words.stdout


def test_the_control_channel_is_there_while_it_serves_and_not_after(call: Run, start: Start, founded: Path) -> None:
    running = start("serve", "--port", "0", "--no-discovery", "--host", "127.0.0.1")
    _page(running)
    file = founded / control.FILE
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert running.end() == 0
    assert not file.exists()


def test_what_a_killed_terminal_left_is_no_running_terminal(call: Run, start: Start, founded: Path) -> None:
    running = start("serve", "--port", "0", "--no-discovery", "--host", "127.0.0.1")
    _page(running)
    running.process.kill()
    running.process.wait(PATIENCE_S)
    assert (founded / control.FILE).exists()
    assert call("pair", "open").returncode == Exit.FAILED
    done = call("peers", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert not (founded / control.FILE).exists()


@pytest.mark.parametrize("serving", [False, True], ids=["alone", "while it serves"])
def test_the_first_terminal_has_no_peers(call: Run, start: Start, founded: Path, serving: bool) -> None:
    if serving:
        serve(start)
    done = call("peers", "--home", str(founded), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "only terminal" in call("peers").stdout
    unknown = call("peers", "--home", str(founded), "remove", "NOBODY")
    assert unknown.returncode == Exit.BAD_ARGUMENTS
    assert "NOBODY" in unknown.stderr


def test_a_token_made_before_the_start_opens_the_api(call: Run, start: Start, founded: Path) -> None:
    token = _token(call("token", "--role", "adviser", "--name", "Import"))
    page = serve(start)
    made = _call(f"{page}api/v1/vehicles", token, {"plate": "M-AB 123"})
    assert made["plate"] == "M-AB 123"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        _call(f"{page}api/v1/vehicles", "not " + token)


def test_a_token_made_while_it_serves_works_at_once(call: Run, start: Start, founded: Path) -> None:
    page = serve(start)
    token = _token(call("token", "--home", str(founded), "--role", "owner", "--name", "Two words"))
    _call(f"{page}api/v1/customers", token, {"name": "Ada"})
    changes = _call(f"{page}api/v1/changes?after=0", token)
    assert "Ada" in json.dumps(changes)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.usefixtures("founded")
def test_every_role_can_be_given(call: Run, role: Role) -> None:
    assert len(_token(call("token", "--role", role, "--name", "x"))) >= 32


def test_an_unknown_role_is_answered_with_those_there_are(call: Run, founded: Path) -> None:
    done = call("token", "--role", "boss", "--name", "x")
    assert (done.returncode, done.stdout) == (Exit.BAD_ARGUMENTS, "")
    assert "“boss”" in done.stderr
    assert all(role in done.stderr for role in Role)


@pytest.mark.usefixtures("founded")
def test_a_token_that_was_taken_back_opens_nothing(call: Run, start: Start) -> None:
    token, other = (_token(call("token", "--role", "viewer", "--name", name)) for name in ("Tablet 1", "Tablet 2"))
    page = serve(start)
    _call(f"{page}api/v1/vehicles", token)
    given = json.loads(call("tokens", "--json").stdout)
    assert [(one["name"], one["role"], one["revoked_at"]) for one in given] == [
        ("Tablet 2", "viewer", None),
        ("Tablet 1", "viewer", None),
    ]
    assert token not in json.dumps(given)
    assert call("tokens", "revoke", "Tablet 1").returncode == 0
    with pytest.raises(urllib.error.HTTPError, match="401"):
        _call(f"{page}api/v1/vehicles", token)
    _call(f"{page}api/v1/vehicles", other)
    assert "taken back" in call("tokens").stdout
    again = call("tokens", "revoke", "Tablet 1")
    assert again.returncode == Exit.BAD_ARGUMENTS
    assert "no token “Tablet 1”" in again.stderr


@pytest.mark.usefixtures("founded")
def test_tokens_are_taken_back_while_no_terminal_runs(call: Run) -> None:
    assert "Nobody has a token" in call("tokens").stdout
    for _ in range(2):
        _token(call("token", "--role", "viewer", "--name", "Tablet"))
    unclear = call("tokens", "revoke", "Tablet")
    assert unclear.returncode == Exit.BAD_ARGUMENTS
    assert "by its id" in unclear.stderr
    newest = json.loads(call("tokens", "--json").stdout)[0]["id"]
    assert call("tokens", "revoke", newest).returncode == 0
    assert call("tokens", "revoke", "Tablet").returncode == 0
    assert all(one["revoked_at"] for one in json.loads(call("tokens", "--json").stdout))


@pytest.mark.parametrize("serving", [False, True], ids=["alone", "while it serves"])
def test_a_check_of_whole_records(call: Run, start: Start, founded: Path, serving: bool) -> None:
    if serving:
        serve(start)
    done = call("check", "--home", str(founded), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert set(report) == {"integrity", "tables", "vector", "files", "chain"}
    assert (report["integrity"], report["chain"]) == ("ok", "ok")
    assert report["files"] == {"count": 0, "missing": 0, "corrupt": 0}
    assert {"vehicles", "customers", "repair_orders", "terminals"} <= set(report["tables"])
    assert report["tables"]["terminals"]["rows"] == 1
    assert int(report["tables"]["terminals"]["digest"], 16) >= 0
    (scopes,) = report["vector"].values()
    assert all(seq >= 1 for seq in scopes.values())
    in_words = call("check")
    assert in_words.returncode == 0
    assert in_words.stdout.strip()


def test_a_check_tells_of_a_damaged_database(call: Run, founded: Path) -> None:
    file = founded / "records.db"
    whole = bytearray(file.read_bytes())
    for page in range(8, len(whole) // 4096):
        whole[page * 4096 + 100 : page * 4096 + 900] = os.urandom(800)
    file.write_bytes(whole)
    done = call("check", "--json")
    assert done.returncode in (Exit.SOMETHING_WRONG, Exit.FAILED)
    assert "Traceback" not in done.stderr
    if done.returncode == Exit.SOMETHING_WRONG:
        assert json.loads(done.stdout)["integrity"] != "ok"


def test_a_check_tells_of_a_line_of_the_log_that_was_altered(call: Run, founded: Path) -> None:
    assert call("token", "--role", "viewer", "--name", "Tablet").returncode == 0
    with contextlib.closing(sqlite3.connect(founded / "records.db")) as connection, connection:
        connection.execute("UPDATE transactions SET operations = replace(operations, 'viewer', 'owner')")
    done = call("check", "--json")
    assert done.returncode == Exit.SOMETHING_WRONG
    report = json.loads(done.stdout)
    assert report["integrity"] == "ok"
    assert report["chain"] != "ok"
    assert "Something is wrong" in call("check").stdout


@pytest.mark.parametrize("serving", [False, True], ids=["alone", "while it serves"])
def test_a_backup_is_restored_elsewhere(call: Run, start: Start, founded: Path, tmp_path: Path, serving: bool) -> None:
    token = _token(call("token", "--role", "owner", "--name", "x"))
    running = start("serve", "--port", "0", "--no-discovery", "--host", "127.0.0.1")
    _call(f"{_page(running)}api/v1/vehicles", token, {"plate": "KEPT 1"})
    if not serving:
        assert running.end() == 0
    file = tmp_path / "monday.backup"
    done = call("backup", str(file), "--home", str(founded))
    assert done.returncode == 0, done.stderr
    before = json.loads(call("check", "--json").stdout)

    elsewhere = tmp_path / "elsewhere"
    done = call("restore", str(file), "--home", str(elsewhere))
    assert done.returncode == 0, done.stderr
    after = json.loads(call("check", "--home", str(elsewhere), "--json").stdout)
    assert after["tables"]["vehicles"] == before["tables"]["vehicles"]
    assert after["tables"]["vehicles"]["rows"] == 1


def test_a_backup_is_never_written_over_anything(call: Run, founded: Path, tmp_path: Path) -> None:
    taken = tmp_path / "letter.txt"
    taken.write_text("dear")
    done = call("backup", str(taken))
    assert done.returncode == Exit.BAD_ARGUMENTS
    assert str(taken) in done.stderr
    assert taken.read_text() == "dear"


def test_a_restore_moves_what_was_there_aside_or_leaves_it(call: Run, founded: Path, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    assert call("backup", str(file)).returncode == 0
    before = (founded / "records.db").read_bytes()
    refused = call("restore", str(file))
    assert refused.returncode == Exit.FAILED
    assert "--move-aside" in refused.stderr
    assert (founded / "records.db").read_bytes() == before
    done = call("restore", str(file), "--move-aside")
    assert done.returncode == 0, done.stderr
    aside = [one for one in founded.parent.rglob("records.db") if one.parent != founded]
    assert [one.read_bytes() for one in aside] == [before]
    assert call("check").returncode == 0


def test_what_is_no_backup_is_refused_and_nothing_moves(call: Run, founded: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear")
    for file in (letter, tmp_path / "not there"):
        done = call("restore", str(file), "--move-aside")
        assert done.returncode == Exit.FAILED
        assert str(file) in done.stderr
        assert "Traceback" not in done.stderr
    assert call("check").returncode == 0


def test_a_restore_waits_for_nobody_who_runs(call: Run, start: Start, founded: Path, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    assert call("backup", str(file)).returncode == 0
    serve(start)
    done = call("restore", str(file), "--move-aside")
    assert done.returncode == Exit.FAILED
    assert "Another Bayline is running" in done.stderr


def test_another_database_is_named_in_words_when_it_cannot_be_used(call: Run, home: Path) -> None:
    done = call("init", "--workshop", "W", "--terminal", "T", BAYLINE_DATABASE="mysql://u:secret@h/d")
    assert done.returncode == Exit.BAD_ARGUMENTS
    assert "BAYLINE_DATABASE" in done.stderr
    assert "secret" not in done.stderr
    assert not home.exists()


def test_another_database_is_used_instead_of_the_file(call: Run, start: Start, home: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    assert call("init", "--workshop", "W", "--terminal", "T", BAYLINE_DATABASE=url).returncode == 0
    assert not (home / "records.db").exists()
    report = json.loads(call("check", "--json", BAYLINE_DATABASE=url).stdout)
    assert report["tables"]["terminals"]["rows"] == 1
    running = start("serve", "--port", "0", "--host", "127.0.0.1", "--no-discovery", BAYLINE_DATABASE=url)
    _page(running)
    assert running.end() == 0
    for forgotten in (("check",), ("peers",), ("backup", str(tmp_path / "file"))):
        done = call(*forgotten)
        assert done.returncode == Exit.FAILED
        assert "set BAYLINE_DATABASE" in done.stderr
    without = start("serve", "--port", "0", "--host", "127.0.0.1", "--no-discovery")
    _page(without)
    assert "set BAYLINE_DATABASE" in "".join(without.lines)
    assert without.end() == 0
    assert not (home / "records.db").exists()


def test_records_on_a_postgresql_server(
    call: Run, start: Start, home: Path, tmp_path: Path, empty_postgresql_url: str
) -> None:
    there = {"BAYLINE_DATABASE": empty_postgresql_url}
    assert call("init", "--workshop", "W", "--terminal", "T", **there).returncode == 0
    assert not (home / "records.db").exists()
    token = _token(call("token", "--role", "owner", "--name", "x", **there))
    running = start("serve", "--port", "0", "--host", "127.0.0.1", "--no-discovery", **there)
    _call(f"{_page(running)}api/v1/vehicles", token, {"plate": "KEPT 1"})
    before = json.loads(call("check", "--json", **there).stdout)
    assert (before["integrity"], before["chain"], before["tables"]["vehicles"]["rows"]) == ("ok", "ok", 1)
    file = tmp_path / "monday.backup"
    assert call("backup", str(file), **there).returncode == 0
    assert running.end() == 0

    assert call("restore", str(file), "--home", str(tmp_path / "elsewhere")).returncode == 0
    after = json.loads(call("check", "--home", str(tmp_path / "elsewhere"), "--json").stdout)
    assert after["tables"]["vehicles"] == before["tables"]["vehicles"]
    over = call("restore", str(file), "--move-aside", **there)
    assert over.returncode == Exit.FAILED
    assert "not written over" in over.stderr
    assert json.loads(call("check", "--json", **there).stdout)["tables"]["vehicles"]["rows"] == 1
