"""The demo and the terminal without a window: real processes, started, asked over HTTP, stopped, killed."""

import json
import os
import re
import signal
import socket
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from app import VERSION, demo
from core.diagnostics.files import FolderLock
from tests.app.conftest import PATIENCE_S, Run, Running, Start, eventually, is_gone


def _page(running: Running) -> str:
    return running.line("The page: ").removeprefix("The page: ")


def _get(page: str, path: str) -> Any:
    with urllib.request.urlopen(page + path, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _live_values(page: str) -> set[str]:
    return {one["name"] for one in _get(page, "api/v1/signals")["signals"] if one["state"] == "live"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's, and so is a missing display")
def test_a_demo_without_a_display_says_so_and_shows_the_car(start: Start, tmp_path: Path) -> None:
    running = start("demo", "--port", "0", "--seed", "2", "--size", "60", BAYLINE_HOME="", TMPDIR=str(tmp_path))
    page = _page(running)
    said = "\n".join(running.lines)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", page)
    assert said.count("There is no display here") == 1
    folder = next(tmp_path.glob(f"{demo.PREFIX}*"))
    health = _get(page, "health")
    assert (health["status"], health["version"]) == ("ok", VERSION)
    eventually(lambda: {"engine_speed", "vehicle_speed", "coolant_temperature"} <= _live_values(page), "no live values")
    (car,) = _children(running.process.pid)
    assert running.end(signal.SIGTERM) == 0
    eventually(lambda: is_gone(car), "the simulated car lives on")
    assert not folder.exists()
    assert "Traceback" not in running.rest()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
def test_the_car_does_not_survive_kill_9_of_the_demo(start: Start, home: Path) -> None:
    running = start("demo", "--port", "0", "--size", "60")
    _page(running)
    (car,) = _children(running.process.pid)
    running.process.kill()
    running.process.wait(PATIENCE_S)
    eventually(lambda: is_gone(car), "the simulated car lives on")
    assert (home / demo.MARK).exists()  # a folder that was named is kept


def test_serve_without_an_adapter_and_ctrl_c(start: Start, home: Path) -> None:
    running = start("serve", "--port", "0")
    page = _page(running)
    assert _get(page, "api/v1/signals") == {"signals": []}
    assert running.end(signal.SIGINT) == 0
    assert (home / "logs" / "bayline.log").read_text()


def test_one_terminal_has_one_data_folder(start: Start, run: Run, home: Path) -> None:
    _page(start("serve", "--port", "0"))
    second = run("serve", "--port", "0")
    assert second.returncode == 1
    assert "Another Bayline is running" in second.stderr
    assert str(home) in second.stderr


def test_a_taken_port_is_named_or_passed_over(start: Start, run: Run, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} is in use" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.usefixtures("in_process")
def test_a_named_folder_with_a_real_garage_is_left_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "recordings").mkdir(parents=True)
    with demo.garage(None) as used:
        assert used.folder != home
    assert not used.folder.exists()
    assert "real garage" in capsys.readouterr().err
    assert [one.name for one in home.iterdir()] == ["recordings"]


def test_a_named_folder_is_used_again_by_the_next_demo(tmp_path: Path) -> None:
    for _ in range(2):
        with demo.garage(tmp_path / "show") as used:
            assert used.folder == tmp_path / "show"
            (used.folder / "recordings").mkdir(exist_ok=True)


def test_what_a_killed_demo_left_behind_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, young, busy = (tmp_path / f"{demo.PREFIX}{name}" for name in ("left", "young", "busy"))
    for folder in (left, young, busy):
        folder.mkdir()
    lock = FolderLock(busy)
    assert lock.take()
    long_ago = time.time() - 3600
    for folder in (left, busy):
        os.utime(folder, (long_ago, long_ago))
    with demo.throw_away_home() as home:
        assert home.folder.parent == tmp_path
    assert sorted(one.name for one in tmp_path.iterdir()) == [busy.name, young.name]
    lock.release()
