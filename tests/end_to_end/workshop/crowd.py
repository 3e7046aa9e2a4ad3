"""Many terminals that were all away for days, and come back at the same moment."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from tests.conftest import REPOSITORY
from tests.end_to_end.workshop.ledger import differences
from tests.end_to_end.workshop.network import Lan, Loopback, Place, obstacle
from tests.end_to_end.workshop.processes import MORTAL, NO_FAULTS, PORT, Terminal, environment

LOOK_EVERY = 1.0  # s
Say = Callable[[str], None]


def run(folder: Path, terminals: int, changes: int, *, kills: int = 0, seed: int, within: float, say: Say) -> None:
    """``within``: seconds to come together. Raises ``AssertionError`` when anything is lost, or not alike."""
    chance = random.Random(seed)
    say(f"{terminals} terminals, {changes} changes each, {kills} kills, seed {seed}, {os.cpu_count()} cores")
    with _crowd(folder, terminals, say) as crowd:
        _pair(crowd, say)
        _work_alone(crowd, changes, seed, say)
        took = _come_together(crowd, kills, chance, within, say)
        _tell(crowd, changes, took, say)
        _verify(crowd, changes, say)


@contextmanager
def _crowd(folder: Path, terminals: int, say: Say) -> Iterator[list[Terminal]]:
    """Terminals in a LAN of namespaces; where there can be none, on loopback, where each is told of all others."""
    with ExitStack() as stack:
        if why := obstacle():
            say(f"on loopback, without multicast: {why}")
            places: list[tuple[Place, int]] = [(Loopback(), _free_port()) for _ in range(terminals)]
        else:
            lan = stack.enter_context(Lan(terminals))
            places = [(room, PORT) for room in lan.rooms]
        crowd = [
            Terminal(folder / str(number), f"Bay {number}", place, port=port)
            for number, (place, port) in enumerate(places, start=1)
        ]
        for each in crowd:
            stack.callback(each.end_whatever_happens)
        yield crowd


def _pair(crowd: list[Terminal], say: Say) -> None:
    began = time.monotonic()
    first = crowd[0]
    first.run("init", "--workshop", "Crowd", "--terminal", first.name)
    first.let_programs_in()
    first.serve(*_neighbours(crowd, first))
    for each in crowd[1:]:
        first.pair(each)
    first.stop()
    say(f"founded and paired in {time.monotonic() - began:.0f} s")


def _work_alone(crowd: list[Terminal], changes: int, seed: int, say: Say) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        seconds = list(pool.map(lambda each: _alone(each, changes, seed), crowd))
    each_ms = 1000 * median(seconds) / changes
    say(f"all changes made in {time.monotonic() - began:.0f} s: {each_ms:.1f} ms a change, committed to disk")


def _alone(terminal: Terminal, changes: int, seed: int) -> float:
    program = [*MORTAL, sys.executable, "-m", "tests.end_to_end.workshop.offline"]
    command = [*program, str(terminal.home), str(changes), f"{seed}/{terminal.name}"]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment(), capture_output=True, text=True, timeout=3600, check=False
    )
    assert done.returncode == 0, done.stderr
    return float(json.loads(done.stdout)["seconds"])


def _come_together(crowd: list[Terminal], kills: int, chance: random.Random, within: float, say: Say) -> float:
    """Seconds from the first start until everybody has everything."""
    began = time.monotonic()
    for each in crowd:
        each.start(*_neighbours(crowd, each))
    for each in crowd:
        each.wait_for_answer()
    say(f"all serve after {time.monotonic() - began:.0f} s")
    told = 0.0
    while True:
        tips = [each.tips() for each in crowd]
        known = [sum(tip.seq for tip in each.values()) for each in tips]
        took = time.monotonic() - began
        if len({str(sorted((place, tip.seq, tip.chain) for place, tip in each.items())) for each in tips}) == 1:
            say(f"together after {took:.0f} s")
            return took
        if took - told > 10:
            told = took
            say(f"  {took:4.0f} s: {min(known)} to {max(known)} transactions, {_memory(crowd)}")
        assert took < within, f"they do not come together: {known}"
        if kills and chance.random() < 0.3:
            kills -= 1
            victim = chance.choice(crowd)
            victim.kill()
            say(f"  {victim.name} killed with {known[crowd.index(victim)]} transactions")
            victim.serve(*_neighbours(crowd, victim))
        time.sleep(LOOK_EVERY)


def _tell(crowd: list[Terminal], changes: int, took: float, say: Say) -> None:
    used = [each.processor_time() for each in crowd]
    fetched = len(crowd) * (len(crowd) - 1) * changes
    size = median((each.home / "records.db").stat().st_size for each in crowd)
    say(
        f"{fetched} transactions fetched in all, {fetched / took:.0f} a second on {os.cpu_count()} cores; "
        f"{sum(used):.0f} s of processor time, {fetched / sum(used):.0f} a second of it; "
        f"{size / 2**20:.0f} MiB of records each, {_memory(crowd)}"
    )


def _memory(crowd: list[Terminal]) -> str:
    sizes = [each.memory() / 2**20 for each in crowd]
    return f"{median(sizes):.0f} MiB of memory each ({max(sizes):.0f} at most)"


def _verify(crowd: list[Terminal], changes: int, say: Say) -> None:
    for each in crowd:
        assert each.running, f"{each.name} ended by itself: {each.said()}"
        each.stop()  # an address may still be written while they run
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = dict(zip((each.name for each in crowd), pool.map(Terminal.check, crowd), strict=True))
    found = differences(reports)
    assert not found, "\n".join(found)
    known = sum(seq for scopes in reports[crowd[0].name]["vector"].values() for seq in scopes.values())
    assert known >= len(crowd) * changes, f"{known} transactions of {len(crowd) * changes}"
    rows = reports[crowd[0].name]["tables"]["vehicles"]["rows"]
    say(f"all alike: {known} transactions, {rows} vehicles; digests, vectors, chains and integrity of all are right")
    for each in crowd:
        if lines := each.troubles():
            say("\n  ".join([f"the log of {each.name}:", *lines[:200]]))
    faults = [each.name for each in crowd if each.troubles(but=NO_FAULTS)]
    assert not faults, f"the logs of {faults} tell of faults"


def _neighbours(crowd: list[Terminal], one: Terminal) -> list[str]:
    """On loopback everybody is told of everybody; in a LAN they find each other."""
    if not isinstance(one.place, Loopback):
        return []
    addresses = [each.address for each in crowd if each is not one]
    return ["--host", "127.0.0.1", "--no-discovery", *(word for each in addresses for word in ("--peer", each))]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
