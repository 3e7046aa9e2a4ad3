"""The command line as others see it: real processes, their exit statuses, and what they print."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.main import main
from core import language
from tests.core.records.postgres import cluster, empty_postgresql_url

__all__ = ["cluster", "empty_postgresql_url"]

PATIENCE_S = 60.0  # a safety net, not a measurement: two cores may be busy with other tests


def environment(home: Path, **more: str) -> dict[str, str]:
    """What the program is started with: an English system without a display, and a data folder of the test's own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "LANG")}
    kept.pop("QT_QPA_PLATFORM", None)
    kept.pop("BAYLINE_LANGUAGE", None)
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "BAYLINE_HOME": str(home), **more}


class Running:
    """A ``bayline`` that runs in the background, and the lines it has printed."""

    def __init__(self, arguments: tuple[str, ...], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.main", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=env,
        )
        self.lines: list[str] = []

    def line(self, beginning: str = "") -> str:
        """The next line that begins so; fails when the program ends without it."""
        assert self.process.stdout is not None
        for text in self.process.stdout:
            self.lines.append(text.rstrip("\n"))
            if text.startswith(beginning):
                return text.rstrip("\n")
        pytest.fail(f"it ended with {self.process.wait(PATIENCE_S)} and had said: {self.lines}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def rest(self) -> str:
        """Everything else it printed until its end."""
        assert self.process.stdout is not None
        return self.process.stdout.read()


Start = Callable[..., Running]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """``start("serve", "--port", "0")``: a background process that does not outlive the test."""
    running: list[Running] = []

    def begin(*arguments: str, **more: str) -> Running:
        running.append(Running(arguments, environment(home, **more)))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(PATIENCE_S)
        for pipe in (one.process.stdin, one.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def run(home: Path) -> Run:
    """``run("obd", "ports")``: a process to its end."""

    def complete(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "app.main", *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            env=environment(home, **more),
            check=False,
        )

    return complete


@pytest.fixture
def in_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For calling ``main`` directly: the same surroundings; the language and the logging are given back."""
    handlers = logging.getLogger().handlers[:]
    monkeypatch.setenv("BAYLINE_HOME", str(home))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("BAYLINE_LANGUAGE", raising=False)
    yield
    language.use("en")
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def call(in_process: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``call("check", "--json")``: as ``run``, without a process of its own, which takes a second to begin."""

    def complete(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        capsys.readouterr()
        with monkeypatch.context() as here:
            for name, value in more.items():
                here.setenv(name, value)
            status = main(arguments)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(status), said.out, said.err)

    return complete


def eventually(truth: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fails with ``what`` when it never is."""
    deadline = time.monotonic() + PATIENCE_S
    while not truth():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has buried yet (a zombie) has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"
