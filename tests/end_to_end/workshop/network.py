"""A LAN inside this machine: one network namespace a terminal, a cable from each to a switch, nothing leads outside.

Needs root and ``ip`` (iproute2). Namespaces carry the id of the process that made them, so that what a killed run left
behind is found and removed by the next one.
"""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Protocol

__all__ = ["Lan", "Loopback", "Place", "Room", "obstacle"]

WITHIN = 20  # s for one command of iproute2
CLONE_NEWNET = 0x40000000  # include/uapi/linux/sched.h
_OURS = re.compile(r"bayline-(?P<pid>\d+)-\d+-\w+")
_NAMES = count(1)
_LIBC = ctypes.CDLL(None, use_errno=True)


def obstacle() -> str:
    """Why no LAN can be made here; empty when one can."""
    if not Path("/proc/self/ns/net").exists():
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if missing := [each for each in ("ip", "setpriv") if shutil.which(each) is None]:
        return f"{' and '.join(missing)} not installed (iproute2, util-linux)"
    name = f"bayline-{os.getpid()}-0-probe"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "probe", "type", "bridge")
        _ip("-n", name, "link", "add", "probe1", "type", "veth", "peer", "name", "probe2")
    except (subprocess.SubprocessError, OSError) as error:
        return f"no network namespaces, bridges and veth pairs here: {getattr(error, 'stderr', '') or error}".strip()
    finally:
        _remove(name)
    return ""


class Place(Protocol):
    """Where a terminal runs."""

    @property
    def address(self) -> str: ...

    def command(self) -> list[str]:
        """What to put in front of a program's arguments; the program keeps the process id."""

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connection from there."""


class Loopback:
    """This machine's own loopback, where there are no namespaces to be had."""

    address = "127.0.0.1"

    def command(self) -> list[str]:
        return []

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((host, port), timeout)


class Room:
    """One terminal's namespace: its programs run in it, and sockets are opened in it from here."""

    def __init__(self, namespace: str, address: str, cable: str) -> None:
        self.namespace = namespace
        self.address = address
        self.cable = cable  # its end at the switch
        self._inside = ThreadPoolExecutor(1, "room", self._enter)

    def command(self) -> list[str]:
        return ["ip", "netns", "exec", self.namespace]

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A socket stays in the namespace it was made in: network_namespaces(7)."""
        return self._inside.submit(socket.create_connection, (host, port), timeout).result()

    def close(self) -> None:
        self._inside.shutdown(cancel_futures=True)

    def _enter(self) -> None:
        handle = os.open(f"/run/netns/{self.namespace}", os.O_RDONLY)
        try:
            if _LIBC.setns(handle, CLONE_NEWNET) != 0:  # of this thread alone: setns(2)
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(handle)


class Lan:
    """A switch and rooms, as a context. ``split`` and ``unplug`` do what cables do."""

    def __init__(self, rooms: int) -> None:
        sweep()
        self._prefix = f"bayline-{os.getpid()}-{next(_NAMES)}"
        self._switch = f"{self._prefix}-switch"
        self._islands = 1
        self.rooms: list[Room] = []
        self._wanted = rooms

    def __enter__(self) -> "Lan":
        try:
            _ip("netns", "add", self._switch)
            self._bridge(0)
            for _ in range(self._wanted):
                self.add_room()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for room in self.rooms:
            room.close()
        for name in _namespaces():
            if name.startswith(f"{self._prefix}-"):
                _remove(name)

    def add_room(self) -> Room:
        """Another namespace, plugged in."""
        number = len(self.rooms) + 1
        room = Room(f"{self._prefix}-{number}", f"192.168.77.{number}", f"cable{number}")
        _ip("netns", "add", room.namespace)
        self.rooms.append(room)
        _ip("link", "add", "eth0", "netns", room.namespace, "type", "veth",
            "peer", "name", room.cable, "netns", self._switch)  # fmt: skip
        _ip("-n", self._switch, "link", "set", room.cable, "master", "island0", "up")
        _ip("-n", room.namespace, "address", "add", f"{room.address}/24", "broadcast", "+", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", room.namespace, "link", "set", device, "up")
        return room

    def split(self, *groups: Sequence[Room]) -> None:
        """Only who is in one group still hears the others: each is on a switch of its own."""
        while self._islands < len(groups):
            self._bridge(self._islands)
            self._islands += 1
        for island, group in enumerate(groups):
            for room in group:
                _ip("-n", self._switch, "link", "set", room.cable, "master", f"island{island}")

    def heal(self) -> None:
        """Every cable is plugged in again, all into one switch."""
        self.split(self.rooms)
        for room in self.rooms:
            _ip("-n", self._switch, "link", "set", room.cable, "up")

    def unplug(self, room: Room) -> None:
        """Pull the cable: the terminal's own network card notices."""
        _ip("-n", self._switch, "link", "set", room.cable, "down")

    def _bridge(self, island: int) -> None:
        name = f"island{island}"
        # A plain switch: it neither watches who asked for which multicast nor waits for a spanning tree.
        _ip("-n", self._switch, "link", "add", name, "type", "bridge", "mcast_snooping", "0", "forward_delay", "0")
        _ip("-n", self._switch, "link", "set", name, "up")


def sweep() -> None:
    """Remove the namespaces of runs that are dead, and what still runs in them."""
    for name in _namespaces():
        ours = _OURS.fullmatch(name)
        if ours is not None and not Path(f"/proc/{ours['pid']}").exists():
            _remove(name)


def _namespaces() -> list[str]:
    folder = Path("/run/netns")
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []


def _remove(name: str) -> None:
    """End what runs in a namespace, then the namespace. A program in it would keep it alive, without a name."""
    if not Path(f"/run/netns/{name}").exists():
        return
    for _ in range(50):
        with contextlib.suppress(subprocess.SubprocessError):
            running = _ip("netns", "pids", name).split()
            if not running:
                break
            for pid in map(int, running):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    with contextlib.suppress(subprocess.SubprocessError):
        _ip("netns", "delete", name)


def _ip(*arguments: str) -> str:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, timeout=WITHIN, check=True)
    return done.stdout
