"""The network of the proof: cables that are pulled are pulled, and a run that was killed leaves nothing for long."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.workshop.network import Lan, Room, obstacle, sweep

SERVER = "import socket; s = socket.create_server(('', 7)); print('up', flush=True)\nwhile 1: s.accept()"


@pytest.fixture(autouse=True)
def namespaces() -> None:
    if why := obstacle():
        pytest.skip(f"no network namespaces: {why}")


@contextlib.contextmanager
def listening(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([*command, sys.executable, "-c", SERVER], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def reaches(one: Room, other: Room) -> bool:
    try:
        one.connect(other.address, 7, 0.5).close()
    except OSError:
        return False
    return True


def test_rooms_hear_each_other_but_for_cables_and_islands() -> None:
    with Lan(3) as lan:
        one, two, three = lan.rooms
        with listening(two.command()):
            assert reaches(one, two)
            lan.split([one], [two, three])
            assert not reaches(one, two)
            assert reaches(three, two)
            lan.unplug(two)
            assert not reaches(three, two)
            lan.heal()
            assert reaches(one, two)


def test_what_a_killed_run_left_is_removed_with_what_runs_in_it() -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    name = f"bayline-{dead.pid}-1-left"
    subprocess.run(["ip", "netns", "add", name], check=True, timeout=10)
    with listening(["ip", "netns", "exec", name]) as left:
        sweep()
        assert left.wait(10) == -9
    assert not Path(f"/run/netns/{name}").exists()
