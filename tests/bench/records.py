"""What the records cost: one change on disk, catching up a hundred thousand operations, bytes, memory, seeding.

Parts run in processes of their own (``records_process``), those that are compared in turns. The budgets are those of
DESIGN: one change under 5 ms (median), over 10,000 operations a second on one core.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.core.records.postgres import Cluster, binaries

OPS = 100_000
ON_A_SERVER = 20_000
CHANGES = 400
TURNS = 3
_MODULE = "tests.bench.records_process"
_PATIENCE = 600.0  # s: a safety net
Found = dict[str, Any]


def run() -> dict[str, object]:
    """All of it, in about three minutes."""
    return run_with(OPS, CHANGES, ON_A_SERVER)


def run_with(ops: int, changes: int, on_a_server: int) -> dict[str, object]:
    # In the results' folder and not in /tmp, which is memory on many machines: a commit must reach a disk.
    folder = Path(tempfile.mkdtemp(dir="bench-results", prefix="records-"))
    try:
        return _rows(folder, ops, changes, on_a_server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def part(name: str, *arguments: object, module: str = _MODULE) -> Found:
    """What one part found, in a process of its own."""
    command = [sys.executable, "-m", module, name, *map(str, arguments)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=_PATIENCE).stdout
    found: Found = json.loads(answer.splitlines()[-1])
    return found


def _rows(folder: Path, ops: int, changes: int, on_a_server: int) -> dict[str, object]:
    _say("file system", f"{_file_system(folder)}; workload {ops:,} transactions of one operation, 20 sites")
    giver = folder / "one" / "records.db"
    first = part("found", folder / "one", folder / "two", ops)
    found: dict[str, object] = {"ops": ops, "fields": first["fields"]}
    here, https = [], []
    for turn in range(TURNS):
        receiver = folder / f"catch-up-{turn}.db"
        here.append(part("catch-up", giver, receiver))
        if turn:
            https.append(_over_https(folder, turn))
    found["catch_up"] = _catch_up("both sides in one process", here, [each["cpu"] for each in here])
    found["https"] = _catch_up("two processes, HTTPS: receiver", https, [each["cpu"] for each in https])
    giver_cpu = [each["giver_cpu"] for each in https]
    found["https_giver"] = _catch_up("two processes, HTTPS: giver", https, giver_cpu)
    memory = statistics.median(each["memory_mb"] for each in https)
    before = statistics.median(each["memory_before_mb"] for each in https)
    _say("memory of the receiver", f"at most {memory:.0f} MB, {memory - before:.0f} MB more than before the first page")
    found["memory_mb"], found["memory_before_mb"] = round(memory, 1), round(before, 1)
    found["sizes"] = _sizes(part("sizes", folder / "catch-up-0.db"), ops)
    found["reading"] = _reading(part("reading", giver))
    found["seeding"] = _seeding([part("seed", giver, folder / f"s{turn}.db", folder / "snap") for turn in range(2)])
    shutil.copy(folder / "catch-up-0.db", folder / "bare.db")
    found["change"] = _change(part("change", folder / "catch-up-0.db", folder / "bare.db", changes))
    found["postgresql"] = _on_a_server(folder, on_a_server)
    return found


def _over_https(folder: Path, turn: int) -> Found:
    home = folder / f"two-{turn}"
    shutil.copytree(folder / "two", home)
    command = [sys.executable, "-m", _MODULE, "serve", str(folder / "one")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as giver:
        assert giver.stdout is not None
        try:
            found = part("fetch", home, giver.stdout.readline().strip())
            answer = giver.communicate(timeout=30)[0]
        finally:
            if giver.poll() is None:
                giver.kill()
    shutil.rmtree(home)
    return {**found, "giver_cpu": json.loads(answer)["cpu"]}


def _catch_up(what: str, turns: Sequence[Found], cpu: Sequence[float]) -> Found:
    assert all(each["in_step"] for each in turns)
    ops = turns[0]["ops"]
    by_cpu, by_wall = ops / statistics.median(cpu), ops / statistics.median(each["wall"] for each in turns)
    best = ops / min(cpu)
    _say(
        f"catching up, {what}", f"{by_cpu:,.0f} ops/s of processor time (best {best:,.0f}), {by_wall:,.0f} by the clock"
    )
    return {"ops_per_cpu_s": round(by_cpu), "best": round(best), "ops_per_s": round(by_wall)}


def _sizes(found: Found, ops: int) -> Found:
    each = {name: round(size / ops) for name, size in found.items()}
    told = f"{each['file']} bytes an op: rows {each['rows']}, log {each['log']}, search {each['search']}"
    _say("file", f"{found['file'] / 1e6:.0f} MB, {told}")
    return each


def _reading(found: Found) -> Found:
    digest, page = (statistics.median(found[name]) * 1000 for name in ("digest", "page"))
    _say("digest of all tables, a page for a peer", f"{digest:.0f} ms, {page:.0f} ms")
    return {"digest_ms": round(digest, 1), "page_ms": round(page, 1)}


def _seeding(turns: Sequence[Found]) -> Found:
    write, load = (statistics.median(each[name] for each in turns) for name in ("write_wall", "load_wall"))
    size = turns[0]["bytes"] / 1e6
    _say("seeding by snapshot", f"written in {write:.1f} s, {size:.1f} MB, loaded in {load:.1f} s")
    return {"write_s": round(write, 2), "load_s": round(load, 2), "mb": round(size, 1)}


def _change(found: Found) -> Found:
    row: Found = {}
    for name in ("ours", "bare", "ours_cpu"):
        row[name] = {
            "median_ms": round(statistics.median(found[name]) * 1000, 2),
            "p95_ms": round(statistics.quantiles(found[name], n=20)[-1] * 1000, 2),
        }
    row["ratio"] = round(row["ours"]["median_ms"] / row["bare"]["median_ms"], 1)
    ours, bare = row["ours"], row["bare"]
    told = (
        f"median {ours['median_ms']} ms (processor {row['ours_cpu']['median_ms']} ms), 95 % under {ours['p95_ms']} ms"
    )
    against = f"sqlite3 alone {bare['median_ms']} ms, 95 % under {bare['p95_ms']} ms: ratio {row['ratio']}"
    _say("one change, on disk", f"{told}; {against}")
    return row


def _on_a_server(folder: Path, ops: int) -> Found:
    """The same pages into a PostgreSQL of our own (tests' settings: no fsync) and into a file, in turns."""
    programs = binaries()
    if programs is None:
        _say("PostgreSQL", "is not installed")
        return {}
    cluster = Cluster(programs)
    try:
        file, server = [], []
        for turn in range(2):
            file.append(part("apply", folder / f"apply-{turn}.db", ops))
            server.append(part("apply", cluster.make(cluster.prepared()), ops))
    finally:
        cluster.stop()
    rates = {}
    for name, turns in (("sqlite", file), ("postgresql", server)):
        wall, cpu = (statistics.median(each[kind] for each in turns) for kind in ("wall", "cpu"))
        rates[name] = {"ops_per_s": round(ops / wall), "ops_per_cpu_s": round(ops / cpu)}
    ratio = rates["sqlite"]["ops_per_s"] / rates["postgresql"]["ops_per_s"]
    told = [f"{each['ops_per_s']:,} ops/s ({each['ops_per_cpu_s']:,} of its processor time)" for each in rates.values()]
    _say(f"{ops:,} ops applied: file : PostgreSQL (without fsync)", f"{told[0]} : {told[1]}, ratio {ratio:.1f}")
    return {**rates, "ratio": round(ratio, 2)}


def _say(what: str, told: str) -> None:
    print(f"| {what} | {told} |", flush=True)


def _file_system(folder: Path) -> str:
    """What the folder lies on: figures of a disk are asked for, not of memory."""
    best = ("", "unknown")
    place = str(folder.resolve())
    for line in Path("/proc/mounts").read_text().splitlines():
        _, mount, kind = line.split()[:3]
        inside = place == mount or place.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) > len(best[0]):
            best = (mount, kind)
    return best[1]
