"""One part of the ``records`` and ``crdt`` benches, in a process of its own, so that its time and memory are its own.

``python -m tests.bench.records_process PART ARGUMENTS…`` prints one line of JSON. Times are seconds.
"""

import asyncio
import json
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy import select

import core.models  # noqa: F401 - every synced table is known before records are opened
from core.records.operations import Transaction
from core.records.records import Records
from core.records.schema import read_schema
from core.records.sql import batches
from core.records.tables import replaced_values, touched, transactions
from core.sync.exchange import Exchange
from core.sync.founding import IDENTITY, RECORDS, found
from core.sync.members import Terminal, Workshop
from core.sync.seeding import load_snapshot, write_snapshot
from core.trust.identity import Identity
from core.vehicles.models import Vehicle
from server.sync.client import Line, PeerTransport
from tests.bench.workload import Workload
from tests.core.sync.two import Wire
from tests.server.sync.bays import Running, joined

PAGE = 2500  # transactions, as the exchange has it
Found = dict[str, Any]


def memory_mb(*, most: bool = False) -> float:
    """Resident memory now, or the most there ever was. Linux; not ``getrusage``, which remembers who started us."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmHWM" if most else "VmRSS"].split()[0]) / 1024


@contextmanager
def timed(found: Found, name: str = "") -> Iterator[None]:
    """Wall and processor seconds of all threads, as ``wall`` and ``cpu``."""
    prefix = f"{name}_" if name else ""
    cpu, wall = time.process_time(), time.monotonic()
    yield
    found[f"{prefix}cpu"], found[f"{prefix}wall"] = time.process_time() - cpu, time.monotonic() - wall


def found_two(giver: str, receiver: str, count: str) -> Found:
    """Two terminals of one workshop; the giver has ``count`` transactions of twenty sites, applied as pages."""
    found(Path(giver), "Ott & Sons", "Bay 1")
    with Running(Path(giver), "Bay 1") as one:
        joined(Path(receiver), one, "Bay 2")
    return apply_all(str(Path(giver) / RECORDS), count)


def apply_all(place: str, count: str) -> Found:
    """``count`` transactions merged and committed page by page; ``place`` is a file or a URL."""
    made: Found = {}
    with timed(made, "making"):
        load = Workload()
        written = list(load.transactions(int(count)))
    records = Records.open(place if "://" in place else Path(place))
    try:
        made["memory_before_mb"] = memory_mb()
        with timed(made):
            apply_pages(records, written)
        made |= {"memory_mb": memory_mb(most=True), "fields": load.fields, "ops": len(written)}
    finally:
        records.close()
    return made


def apply_pages(records: Records, written: list[Transaction]) -> None:
    for page in batches(written, PAGE):
        records.apply(page)


# Catching up ---------------------------------------------------------------------------------------------------------


def catch_up(giver: str, receiver: str) -> Found:
    """One round between two records in this process, everything through msgpack: one core does both sides."""
    has, lacks = Records.open(Path(giver)), Records.open(Path(receiver))
    try:
        made: Found = {}
        with timed(made):
            result = Exchange(lacks, device="2").round(Wire(Exchange(has, device="1"), "2"))
        return {**made, "ops": result.pulled, "in_step": result.in_step, "memory_mb": memory_mb(most=True)}
    finally:
        has.close()
        lacks.close()


def serve(home: str) -> Found:
    """A terminal that serves its workshop until its input ends; says its address first, its processor time last."""
    with Running(Path(home), "Bay 1") as one:
        before = time.process_time()
        print(one.address, flush=True)
        sys.stdin.read()
        return {"cpu": time.process_time() - before}


def fetch(home: str, address: str) -> Found:
    """One round with the terminal that serves at ``address``: real HTTPS, signed requests, packed pages."""
    records = Records.open(Path(home) / RECORDS)
    identity = Identity.load(Path(home) / IDENTITY)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        with records.read() as session:
            workshop = session.scalars(select(Workshop.id)).one()
            peer = session.scalars(select(Terminal.device_id).where(Terminal.device_id != identity.device_id)).one()
        line = Line(address, identity, peer or "")
        made: Found = {"memory_before_mb": memory_mb()}
        with timed(made):
            exchange = Exchange(records, device=identity.device_id, workshop=workshop)
            result = exchange.round(PeerTransport(line, loop))
        asyncio.run_coroutine_threadsafe(line.close(), loop).result(10)
        return {**made, "ops": result.pulled, "in_step": result.in_step, "memory_mb": memory_mb(most=True)}
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        records.close()


# One change ----------------------------------------------------------------------------------------------------------


def change(place: str, bare: str, count: str) -> Found:
    """A field of a vehicle, changed and on disk: through the records, and by sqlite3 alone in a copy; in turns."""
    records = Records.open(Path(place))
    raw = sqlite3.connect(bare, isolation_level=None)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
            raw.execute(f"PRAGMA {pragma}")
        with records.read() as session:
            ids = list(session.scalars(select(Vehicle.id).order_by(Vehicle.row_hash).limit(int(count) + _WARMING)))
        ours: list[float] = []
        theirs: list[float] = []
        cpu: list[float] = []
        for at, id_ in enumerate(ids):
            took = time.process_time()
            ours.append(_seconds(partial(_paint, records, id_, f"color {at}")))
            cpu.append(time.process_time() - took)
            theirs.append(_seconds(partial(_paint_bare, raw, id_, f"color {at}")))
        return {"ours": ours[_WARMING:], "bare": theirs[_WARMING:], "ours_cpu": cpu[_WARMING:]}
    finally:
        raw.close()
        records.close()


_WARMING = 20  # changes that are not counted: statements are compiled, pages read


def _paint(records: Records, id_: str, color: str) -> None:
    def work(session: Any) -> None:
        session.get_one(Vehicle, id_).color = color

    records.change("system", work)


def _paint_bare(raw: sqlite3.Connection, id_: str, color: str) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("UPDATE vehicles SET color = ? WHERE id = ?", (color, id_))
    raw.execute("COMMIT")


def _seconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


# Reading, seeding ----------------------------------------------------------------------------------------------------


def reading(place: str) -> Found:
    """Sums over all tables, a page from the beginning, the middle and the end of the log."""
    records = Records.open(Path(place))
    try:
        made: Found = {"digest": [], "page": []}
        vector = records.vector()
        for part in (0.0, 0.5, 0.99) * 3:
            made["digest"].append(_seconds(records.digests))
            known = {site: {scope: ceil(seq * part) for scope, seq in each.items()} for site, each in vector.items()}
            made["page"].append(_seconds(partial(records.page, known)))
        return made
    finally:
        records.close()


def seed(giver: str, receiver: str, snapshot: str) -> Found:
    """The same state by snapshot: written by one, loaded by another that is empty."""
    has, lacks = Records.open(Path(giver)), Records.open(Path(receiver))
    try:
        made: Found = {}
        with timed(made, "write"):
            write_snapshot(has, Path(snapshot))
        with timed(made, "load"):
            made["rows"] = load_snapshot(lacks, Path(snapshot))
        assert has.digests() == lacks.digests()
        return {**made, "bytes": Path(snapshot).stat().st_size}
    finally:
        has.close()
        lacks.close()


def sizes(place: str) -> Found:
    """Bytes of a file by what they are for, indexes with their tables (SQLite's ``dbstat``)."""
    raw = sqlite3.connect(place)
    try:
        owners = dict(raw.execute("SELECT name, tbl_name FROM sqlite_schema"))
        made: Found = {"rows": 0, "log": 0, "search": 0, "rest": 0, "file": Path(place).stat().st_size}
        synced = {info.table.name for info in read_schema().tables.values()}
        for name, size in raw.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            owner = owners.get(name, name)
            if owner in synced:
                made["rows"] += size
            elif owner in (transactions.name, touched.name, replaced_values.name):
                made["log"] += size
            else:
                made["search" if owner.startswith("search_") else "rest"] += size
        return made
    finally:
        raw.close()


PARTS: dict[str, Callable[..., Found]] = {
    "found": found_two, "apply": apply_all, "catch-up": catch_up, "serve": serve, "fetch": fetch, "change": change,
    "reading": reading, "seed": seed, "sizes": sizes,
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])), flush=True)
