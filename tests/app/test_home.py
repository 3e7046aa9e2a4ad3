"""One data folder, found where the system keeps such things, held by one terminal."""

import sys
import threading
from pathlib import Path

import pytest

import app.home
from app.failure import Failure
from app.home import Home, chosen_home, default_home


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG is for Linux")
def test_the_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_home() == tmp_path / ".local" / "share" / "bayline"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home() == tmp_path / "data" / "bayline"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert default_home() == tmp_path / ".local" / "share" / "bayline"


def test_the_option_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BAYLINE_HOME", str(tmp_path / "variable"))
    assert chosen_home(tmp_path / "option") == tmp_path / "option"
    assert chosen_home(None) == tmp_path / "variable"
    monkeypatch.setenv("BAYLINE_HOME", " ")
    assert chosen_home(None) == default_home()


def test_a_folder_is_made_and_held_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.home, "PATIENCE_S", 0.1)
    first, second = Home(tmp_path / "a" / "b"), Home(tmp_path / "a" / "b")
    first.take()
    with pytest.raises(Failure, match="Another Bayline"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_who_comes_while_a_command_is_at_work_waits_for_it(tmp_path: Path) -> None:
    command, terminal = Home(tmp_path), Home(tmp_path)
    command.take()
    assert not terminal.try_to_take()
    threading.Timer(0.2, command.release).start()
    terminal.take()
    terminal.release()


def test_a_place_that_cannot_be_a_folder_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match=r"cannot be used: .*--home"):
        Home(tmp_path / "file" / "home").take()
