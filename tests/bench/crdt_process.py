"""One part of the ``crdt`` bench in a process of its own: the edits of the workload in pycrdt, or in the records.

In pycrdt a table is a map of rows, a row a map of fields; each edit is a transaction whose update goes to the others,
as an application on pycrdt would have it. It keeps nothing on disk and writes all edits as one site, which is to its
advantage. ``python -m tests.bench.crdt_process PART ARGUMENTS…`` prints one line of JSON; times are seconds.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]
from pycrdt import Doc, Map

import core.models  # noqa: F401 - every synced table is known before records are opened
from core.records.operations import decode
from core.records.records import Records
from core.sync.seeding import load_snapshot, write_snapshot
from tests.bench.records_process import Found, apply_all, memory_mb, timed
from tests.bench.workload import Workload

TABLES = ("vehicles", "repair_orders", "notes", "clock_punches")


def _document() -> "tuple[Doc[Any], dict[str, Map[Any]]]":
    doc: Doc[Any] = Doc()
    return doc, {name: doc.get(name, type=Map) for name in TABLES}


def _fields(tables: "dict[str, Map[Any]]") -> int:
    return sum(len(row) for each in tables.values() for row in each.values())


def build(state: str, updates: str, count: str) -> Found:
    """Every edit written to one document, in order; its state and the update of each edit go to two files."""
    load = Workload()
    edits = [decode(each.operations)[0] for each in load.transactions(int(count))]
    doc, tables = _document()
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    made: Found = {}
    with timed(made):
        for each in edits:
            table = tables[each.table]
            with doc.transaction():
                if each.row in table:
                    table[each.row].update(each.fields)
                else:
                    table[each.row] = Map(dict(each.fields))
    whole = doc.get_update()
    Path(state).write_bytes(whole)
    Path(updates).write_bytes(msgpack.packb(told))
    assert _fields(tables) == load.fields, (_fields(tables), load.fields)
    return {**made, "ops": len(edits), "fields": load.fields, "state": len(whole), "updates": sum(map(len, told))}


def take(updates: str) -> Found:
    """The update of every edit, one after the other, on a second document."""
    told = msgpack.unpackb(Path(updates).read_bytes())
    doc, tables = _document()
    before = memory_mb()
    made: Found = {}
    with timed(made):
        for each in told:
            doc.apply_update(each)
    return {**made, "memory_mb": memory_mb() - before, "fields": _fields(tables)}


def take_whole(state: str) -> Found:
    """The encoded state, at once, in an empty document: what opening the document means, too."""
    whole = Path(state).read_bytes()
    doc, tables = _document()
    before = memory_mb()
    made: Found = {}
    with timed(made):
        doc.apply_update(whole)
    return {**made, "memory_mb": memory_mb() - before, "fields": _fields(tables)}


def ours(place: str, snapshot: str, count: str) -> Found:
    """The same edits merged into the records, indexed, logged and committed to the disk a thousand at a time."""
    made = apply_all(place, count)
    made["memory_mb"] -= made["memory_before_mb"]
    records = Records.open(Path(place))
    try:
        write_snapshot(records, Path(snapshot))
    finally:
        records.close()
    return {**made, "state": Path(snapshot).stat().st_size, "file": Path(place).stat().st_size}


def ours_whole(place: str, snapshot: str) -> Found:
    """The same state from one file, into empty records."""
    records = Records.open(Path(place))
    made: Found = {}
    try:
        with timed(made):
            load_snapshot(records, Path(snapshot))
        return made
    finally:
        records.close()


def ours_open(place: str) -> Found:
    """Records opened and read once from end to end: what a terminal holds in memory that shows them."""
    before = memory_mb()
    began = time.monotonic()
    records = Records.open(Path(place))
    try:
        records.digests()
        return {"wall": time.monotonic() - began, "memory_mb": memory_mb() - before}
    finally:
        records.close()


PARTS: dict[str, Callable[..., Found]] = {
    "build": build, "take": take, "take-whole": take_whole,
    "ours": ours, "ours-whole": ours_whole, "ours-open": ours_open,
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])), flush=True)
