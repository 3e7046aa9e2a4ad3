"""``bayline simulate`` prints where it listens, serves until it is stopped, and ends with 0."""

import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.app.conftest import PATIENCE_S, Start


def _ask(address: str, command: bytes) -> bytes:
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port)), PATIENCE_S) as adapter:
        adapter.sendall(command + b"\r")
        heard = b""
        while not heard.endswith(b">"):
            heard += adapter.recv(4096)
    return heard


def test_one_line_then_an_adapter_that_answers(start: Start) -> None:
    simulator = start("simulate", "--listen", "tcp:127.0.0.1:0", "--adapter", "usb115200")
    line = simulator.line()
    found = re.fullmatch(r"listening on (tcp://127\.0\.0\.1:\d+)", line)
    assert found, line
    assert b"ELM327" in _ask(found[1], b"ATI")
    assert simulator.end(signal.SIGTERM) == 0
    assert simulator.rest() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_a_pseudo_terminal_and_ctrl_c(start: Start) -> None:
    simulator = start("simulate", "--listen", "pty", "--adapter", "clone")
    line = simulator.line()
    assert re.fullmatch(r"listening on serial:///dev/pts/\d+", line)
    assert Path(line.removeprefix("listening on serial://")).is_char_device()
    assert simulator.end(signal.SIGINT) == 0


def test_a_car_on_a_can_bus(start: Start) -> None:
    simulator = start("simulate", "--listen", "can:virtual/bench", "--car", "hybrid", "--seed", "3")
    assert simulator.line() == "listening on can://virtual/bench"
    assert simulator.end() == 0


def test_it_ends_with_the_program_that_started_it(start: Start) -> None:
    simulator = start("simulate", "--listen", "tcp:127.0.0.1:0", "--end-with-parent")
    simulator.line("listening on ")
    assert simulator.process.stdin is not None
    simulator.process.stdin.close()
    assert simulator.process.wait(PATIENCE_S) == 0
