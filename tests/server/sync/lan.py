"""A LAN of network namespaces on one bridge: real multicast, and cables that can be pulled. Needs root and Linux."""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE = 20.0  # s: a safety net


def obstacle() -> str:
    """Why there can be no such LAN here; empty when there can."""
    if sys.platform != "linux" or shutil.which("ip") is None:
        return "network namespaces need Linux and the ip command"
    if os.geteuid() != 0:
        return "network namespaces need root"
    probe = f"bl{uuid.uuid4().hex[:6]}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, timeout=PATIENCE, check=False)
    if made.returncode:
        return f"no network namespaces here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", probe], timeout=PATIENCE, check=False)
    return ""


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=PATIENCE)


def _try(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=False, capture_output=True, timeout=PATIENCE)


class Lan:
    """``hosts`` machines on one switch: namespace i has the address 10.77.7.(i + 1) on ``eth0``."""

    def __init__(self, hosts: int) -> None:
        self._mark = uuid.uuid4().hex[:6]
        self.bridge = f"bl{self._mark}"
        self.spaces = [f"bl{self._mark}-{index}" for index in range(hosts)]

    def __enter__(self) -> "Lan":
        try:
            ip("link", "add", self.bridge, "type", "bridge", "mcast_snooping", "0")
            ip("link", "set", self.bridge, "up")
            for index, space in enumerate(self.spaces):
                self._plug_in(index, space)
        except BaseException:
            self._clear()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._clear()

    def address(self, index: int) -> str:
        return f"10.77.7.{index + 1}"

    def cable(self, index: int, *, plugged: bool) -> None:
        """Pull or plug the cable of one machine, at the switch: the machine itself notices nothing but silence."""
        ip("link", "set", f"{self.bridge}p{index}", "up" if plugged else "down")

    @contextmanager
    def program(self, index: int, *arguments: str) -> Iterator["Program"]:
        """``python ARGUMENTS`` on machine ``index``; ended at the end."""
        command = ["ip", "netns", "exec", self.spaces[index], sys.executable, *arguments]
        with Program(command) as running:
            yield running

    def _plug_in(self, index: int, space: str) -> None:
        port = f"{self.bridge}p{index}"
        ip("netns", "add", space)
        ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("link", "set", port, "master", self.bridge, "up")
        ip("-n", space, "link", "set", "lo", "up")
        ip("-n", space, "address", "add", f"{self.address(index)}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "eth0", "up")

    def _clear(self) -> None:
        for index in range(len(self.spaces)):
            _try("link", "del", f"{self.bridge}p{index}")
        for space in self.spaces:
            _try("netns", "del", space)
        _try("link", "del", self.bridge)


class Program:
    """A process whose lines of output are read as they come."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def hear(self, **wanted: Any) -> dict[str, Any]:
        """The next line (JSON) that has all of ``wanted``; others are passed over."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{wanted} was never heard") from None
            assert line is not None, f"the program ended before {wanted} was heard"
            said: dict[str, Any] = json.loads(line)
            if wanted.items() <= said.items():
                return said

    def kill(self) -> None:
        """As a power cut: no goodbye."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE / 4)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reader.join(PATIENCE)
