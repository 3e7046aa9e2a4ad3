"""The same edits in pycrdt (Yjs in Rust, in memory) and in the records (on disk), in turns: time, bytes, memory."""

import shutil
import statistics
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.records import Found, part

OPS = 34_500  # a state of a hundred thousand fields
TURNS = 3


def run() -> dict[str, object]:
    """In about two minutes."""
    return run_with(OPS)


def run_with(ops: int) -> dict[str, object]:
    folder = Path(tempfile.mkdtemp(dir="bench-results", prefix="crdt-"))
    try:
        turns = [_turn(folder, ops) for _ in range(TURNS)]
    finally:
        shutil.rmtree(folder)
    first = turns[0]["build"]
    print(f"| {ops:,} edits, {first['fields']:,} fields | pycrdt {version('pycrdt')} | Bayline | ratio |")
    print("| --- | --- | --- | --- |")
    rows = {
        "written (pycrdt), merged and on disk (Bayline), s": _pair(turns, ("build", "cpu"), ("ours", "cpu")),
        "taken over edit by edit by a second one, s": _pair(turns, ("take", "cpu"), ("ours", "cpu")),
        "taken over as a whole, s": _pair(turns, ("take-whole", "cpu"), ("ours-whole", "cpu")),
        "the whole, encoded, MB": _pair(turns, ("build", "state"), ("ours", "state"), 1e6),
        "what is kept of every edit (updates : file), MB": _pair(turns, ("build", "updates"), ("ours", "file"), 1e6),
        "more memory after taking over, MB": _pair(turns, ("take", "memory_mb"), ("ours", "memory_mb")),
        "more memory when open, MB": _pair(turns, ("take-whole", "memory_mb"), ("ours-open", "memory_mb")),
    }
    for what, (theirs, ours, ratio) in rows.items():
        print(f"| {what} | {theirs:.2f} | {ours:.2f} | {ratio:.2f} |", flush=True)
    return {"ops": ops, "fields": first["fields"], "rows": rows}


def _turn(folder: Path, ops: int) -> dict[str, Found]:
    state, updates, place, snapshot = (folder / name for name in ("state", "updates", "records.db", "snapshot"))
    module = "tests.bench.crdt_process"
    found = {
        "build": part("build", state, updates, ops, module=module),
        "ours": part("ours", place, snapshot, ops, module=module),
        "take": part("take", updates, module=module),
        "take-whole": part("take-whole", state, module=module),
        "ours-whole": part("ours-whole", folder / "seeded.db", snapshot, module=module),
        "ours-open": part("ours-open", place, module=module),
    }
    assert len({found[name]["fields"] for name in ("build", "ours", "take", "take-whole")}) == 1
    for each in folder.iterdir():
        each.unlink()
    return found


def _pair(
    turns: Sequence[dict[str, Found]], theirs: tuple[str, str], ours: tuple[str, str], unit: float = 1.0
) -> tuple[float, float, float]:
    """Medians of both, and the median of the turns' ratios, ours to theirs. Times are processor time."""

    def values(which: tuple[str, str]) -> list[float]:
        return [each[which[0]][which[1]] / unit for each in turns]

    ratios = [our / their for our, their in zip(values(ours), values(theirs), strict=True)]
    return statistics.median(values(theirs)), statistics.median(values(ours)), statistics.median(ratios)
