"""Whatever is typed, the answer is words and an exit status, never a traceback."""

from pathlib import Path

import pytest

from app import VERSION, arguments
from app.main import main
from app.settings import FILE
from tests.app.conftest import Run

WRONG = (
    ["frobnicate"],
    ["--frobnicate"],
    ["demo", "--port", "70000"],
    ["demo", "--port", "x"],
    ["demo", "--port", "-1"],
    ["demo", "--seed", "x"],
    ["demo", "--por", "8420"],  # no abbreviations: a later option could take their place
    ["serve", "--lan", "--host", "127.0.0.1"],
    ["serve", "--port", "0", "--address", "nonsense"],
    ["serve", "more"],
    ["serve", "--home", ""],
    ["serve", "--home"],
    ["--home", "~no such user/x", "serve"],
    ["demo", "--port", "9" * 5000],
    ["pictures"],
    ["pictures", "folder", "--seconds", "0"],
    ["simulate"],
    ["simulate", "--listen", "nonsense"],
    ["simulate", "--listen", "tcp:127.0.0.1:x"],
    ["simulate", "--listen", "tcp:127.0.0.1:²"],
    ["simulate", "--listen", "tcp:ü..x:0"],
    ["simulate", "--listen", "pty:/no such folder/x"],
    ["simulate", "--listen", "tcp:127.0.0.1:0", "--adapter", "nonsense"],
    ["simulate", "--listen", "tcp:127.0.0.1:0", "--adapter", "ideal/nonsense"],
    ["simulate", "--listen", "tcp:127.0.0.1:0", "--car", "no such.toml"],
    ["simulate", "--listen", "tcp:127.0.0.1:0", "--drive", "no such.csv"],
    ["simulate", "--listen", "tcp:127.0.0.1:0", "--faults", "no such"],
    ["simulate", "--listen", "can:nonsense/x"],
    ["simulate", "--listen", "can:virtual/x", "--adapter", "ideal"],
    ["serve", "--peer"],
    ["serve", "--peer", "not an address"],
    ["init"],
    ["init", "--workshop", "W"],
    ["init", "--workshop", " ", "--terminal", "T"],
    ["init", "--workshop", "W", "--terminal", "x" * 200],
    ["pair"],
    ["pair", "close"],
    ["pair", "open", "more"],
    ["pair", "join"],
    ["pair", "join", "https://127.0.0.1:1"],
    ["pair", "join", "https://127.0.0.1:1", "12345678"],
    ["pair", "join", "ftp://127.0.0.1", "12345678", "--terminal", "T"],
    ["peers", "remove"],
    ["peers", "add"],
    ["token", "--name", "x"],
    ["token", "--role", "owner"],
    ["token", "--role", "boss", "--name", "x"],
    ["check", "more"],
    ["backup"],
    ["backup", ""],
    ["restore"],
    ["obd"],
    ["obd", "watch"],
    ["obd", "watch", ""],
    ["obd", "watch", "nonsense"],
    ["obd", "watch", "tcp://127.0.0.1:1", "--signals", "no_such_signal"],
    ["obd", "watch", "tcp://127.0.0.1:1", "--signals", ","],
    ["obd", "watch", "tcp://127.0.0.1:1", "--seconds", "-1"],
    ["obd", "watch", "tcp://127.0.0.1:1", "--seconds", "nan"],
    ["obd", "watch", "tcp://127.0.0.1:1", "--seconds", "inf"],
    ["obd", "ports", "--nonsense"],
)


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("typed", WRONG, ids=lambda typed: " ".join(typed)[:80])
def test_bad_arguments_end_with_2_and_words(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(typed) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(("bayline: ", "usage: bayline"))
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("in_process")
def test_an_unknown_signal_is_answered_with_a_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["obd", "watch", "tcp://127.0.0.1:1", "--signals", "0C,engine_sped"]) == 2
    assert "engine_speed" in capsys.readouterr().err


def test_the_version_and_the_help(run: Run) -> None:
    version = run("--version")
    assert (version.returncode, version.stdout) == (0, f"bayline {VERSION}\n")
    helped = run("--help")
    assert helped.returncode == 0
    for verb in ("terminal", "demo", "serve", "init", "pair", "peers", "token", "check", "backup", "restore", "obd"):
        assert verb in helped.stdout


def test_the_help_speaks_german(run: Run) -> None:
    assert "Daten" in run("--help", BAYLINE_LANGUAGE="de").stdout


@pytest.mark.usefixtures("in_process")
def test_errors_speak_the_language_of_the_settings(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / FILE).write_text('[terminal]\nlanguage = "de"\n')
    assert main(["obd", "watch", "nonsense"]) == 2
    assert "Adresse" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "verb", "folder"),
    [
        ([], "terminal", None),
        (["--port", "9000"], "terminal", None),
        (["--home", "a", "--lan"], "terminal", "a"),
        (["--home", "a", "demo"], "demo", "a"),
        (["demo", "--home", "a"], "demo", "a"),
        (["--home=a", "-v", "obd", "ports"], "obd_ports", "a"),
        (["obd", "--home", "a", "ports"], "obd_ports", "a"),
        (["obd", "ports", "--home", "a"], "obd_ports", "a"),
        (["pair", "--home", "a", "open", "--json"], "pair_open", "a"),
        (["pair", "--home", "a", "join", "h", "12345678", "--terminal", "T"], "pair_join", "a"),
        (["peers", "--home", "a", "--json"], "peers", "a"),
        (["peers", "--home", "a", "remove", "D"], "peers_remove", "a"),
        (["peers", "remove", "D", "--home", "a"], "peers_remove", "a"),
        (["backup", "file", "--home", "a"], "backup", "a"),
        (["check", "--home", "a", "--json"], "check", "a"),
    ],
)
def test_the_data_folder_stands_before_or_after_the_command(typed: list[str], verb: str, folder: str | None) -> None:
    options = arguments.parse(typed)
    assert options.run.__module__ == f"app.commands.{verb}"
    assert getattr(options, "home", None) == (Path(folder) if folder else None)
    assert arguments.home_in(typed) == (Path(folder) if folder else None)


def test_bare_bayline_takes_the_options_of_the_terminal() -> None:
    options = arguments.parse(["--port", "9000", "--lan", "--address", "tcp://10.0.0.1:35000"])
    assert (options.port, options.lan, options.address) == (9000, True, "tcp://10.0.0.1:35000")


def test_addresses_of_peers_are_completed_and_may_be_several() -> None:
    options = arguments.parse(["serve", "--peer", "192.168.1.20", "--no-discovery", "--peer", "bay-3.local:9000"])
    assert options.peer == ["https://192.168.1.20:8420", "https://bay-3.local:9000"]
    assert options.no_discovery
    assert arguments.parse(["serve"]).peer == []
