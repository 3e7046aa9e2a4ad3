"""The floor at 100,000 repair orders and 50,000 vehicles: what screens read, beside the same without index or window.

The garage is the demo's, grown (``app.demo_past``), made once and kept in bench-results. Each reading is done in turns
with its counterpart in the same process: on a copy of the database without the indexes it stands on, or by the query
one would write without a window. Ratios count, times are of this machine.
"""

import json
import random
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

import core.models  # noqa: F401 - every table
from app.demo_others import StoryClock
from app.demo_past.present import tell_present
from app.demo_past.telling import first_morning, tell_past
from core.insights.dashboard import dashboard
from core.people.models import Customer
from core.people.roles import SYSTEM
from core.records.records import Records, wall_ms
from core.vehicles.models import Vehicle
from core.vehicles.vehicles import get_vehicle, list_vehicles
from core.workshop.board import board
from core.workshop.finding import find_everything
from core.workshop.models import RepairOrder
from core.workshop.orders import list_repair_orders
from core.workshop.parts_models import Part
from core.workshop.vehicle_history import vehicle_history

ORDERS = 100_000
TURNS = 15
LONG_S = 5.0
PAGES = 40  # of fifty, scrolled through
KEPT = Path("bench-results") / "floor"
# What the lists, the board and the profiles stand on; a counterpart has to do without.
WITHOUT = (
    "ix_repair_orders_by_status", "ix_repair_orders_status", "ix_repair_orders_by_promise",
    "ix_repair_orders_by_sequence", "ix_repair_orders_sequence",
    "ix_repair_orders_by_vehicle", "ix_repair_orders_vehicle_id",
    "ix_odometer_readings_by_vehicle", "ix_odometer_readings_vehicle_id", "ix_repair_order_lines_order_id",
    "ix_line_decisions_line_id", "ix_line_decisions_order_id", "ix_clock_punches_order_id", "ix_notes_order_id",
    "ix_status_moves_order_id", "ix_stock_moves_part_id", "ix_invoices_order_id",
)  # fmt: skip
TYPED = ("p", "pe", "pe d", "pe dx", "pe dx 4", "golf", "m", "mey", "meyer", "1042", "brake")
Reading = Callable[[Session], object]
Found = dict[str, Any]


def run() -> Found:
    """All of it: about two minutes, and a quarter of an hour the first time, while the garage is made."""
    return run_with(ORDERS, TURNS)


def run_with(orders: int, turns: int) -> Found:
    garage = made(orders)
    bare = garage.with_name("without.db")
    for left in garage.parent.glob(f"{bare.name}*"):
        left.unlink()  # the log of an earlier copy would be taken for this one's
    shutil.copy(garage, bare)
    with sqlite3.connect(bare) as connection:
        for index in WITHOUT:
            connection.execute(f"DROP INDEX IF EXISTS {index}")
        connection.execute("ANALYZE")
    ours, theirs = (Records.open(place, inline=True) for place in (garage, bare))
    try:
        return _readings(ours, theirs, turns)
    finally:
        ours.close()
        theirs.close()
        bare.unlink()


def made(orders: int) -> Path:
    """The database of a garage with so many orders, made if it is not kept from another day."""
    folder = KEPT / str(orders)
    place = folder / "records.db"
    if (folder / "whole").exists():
        return place
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    present = wall_ms()
    clock = StoryClock(present, first_morning(present))
    records = Records.open(place, wall=clock, inline=True)
    begun = time.perf_counter()
    try:
        past = tell_past(records, clock, 1, orders, name="Bench", told=_told)
        clock.now = present
        tell_present(records, past, present)
    finally:
        records.close()
    _say("the garage was made in", f"{time.perf_counter() - begun:.0f} s")
    (folder / "whole").touch()
    return place


def _told(done: int, total: int) -> None:
    if done % 10_000 < 200 and total >= ORDERS:
        print(f"  {done:,} of {total:,} orders", flush=True)


def _readings(ours: Records, theirs: Records, turns: int) -> Found:
    dice = random.Random(7)
    with ours.read() as session:
        vehicles = list(session.scalars(select(Vehicle.id)))
        sizes = {model.__tablename__: _count(session, model) for model in (RepairOrder, Vehicle)}
    some = [dice.choice(vehicles) for _ in range(turns)]
    _say("rows", ", ".join(f"{count:,} {table}" for table, count in sizes.items()))
    found: Found = {"rows": sizes}

    def each(name: str, reading: Callable[[int], Reading], other: Callable[[int], Reading] | None, what: str) -> None:
        found[name] = _in_turns(name, ours, theirs, (reading, other or reading), what, turns)

    each("open the board", lambda _: lambda s: board(s, SYSTEM), None, "without indexes")
    each(
        "open a vehicle and its history",
        lambda turn: lambda s: (get_vehicle(s, some[turn]), vehicle_history(s, some[turn])),
        None,
        "without indexes",
    )
    each("a page of orders by promise", lambda _: lambda s: list_repair_orders(s, sort="promised"), None, "without")
    each("vehicles, diesel over 100,000 km", lambda _: _diesels, None, "without indexes")
    each("the dashboard", lambda _: lambda s: dashboard(s, SYSTEM), None, "without indexes")
    each("scroll through 2,000 orders", lambda _: _scroll, lambda _: _by_offset, "by offset")
    found["search"] = _search(ours, turns)
    return found


def _count(session: Session, model: type[RepairOrder] | type[Vehicle]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def _diesels(session: Session) -> object:
    return list_vehicles(session, fuel_type=["diesel"], odometer_from=100_000)


def _scroll(session: Session) -> object:
    after: str | None = None
    for _ in range(PAGES):
        page = list_repair_orders(session, sort="promised", after=after)
        after = page.after
    return after


def _by_offset(session: Session) -> object:
    key = func.coalesce(RepairOrder.promised_at, (1 << 62) - 1)
    query = select(RepairOrder).where(RepairOrder.deleted_at.is_(None)).order_by(key, RepairOrder.id).limit(50)
    for page in range(PAGES):
        rows = session.scalars(query.offset(page * 50)).all()
    return rows


def _in_turns(  # noqa: PLR0917
    name: str,
    ours: Records,
    theirs: Records,
    readings: tuple[Callable[[int], Reading], Callable[[int], Reading]],
    what: str,
    turns: int,
) -> Found:
    mine: list[float] = []
    other: list[float] = []
    for turn in range(turns):
        mine.append(_took(ours, readings[0](turn)))
        if turn < 2 or (turn < 5 and other[-1] < LONG_S):  # what takes a minute is not asked fifteen times
            other.append(_took(theirs, readings[1](turn)))
    ratio = statistics.median(other) / statistics.median(mine)
    worst = sorted(mine)[int(len(mine) * 0.95)]
    _say(name, f"median {_ms(mine)}, 95 % under {1000 * worst:.1f} ms; {what}: {_ms(other)}, {ratio:.1f} times as long")
    return {"median_s": statistics.median(mine), "p95_s": worst, "other_s": statistics.median(other), "ratio": ratio}


def _search(records: Records, turns: int) -> Found:
    """Each key as it is typed, against LIKE over the same columns."""
    mine: list[float] = []
    other: list[float] = []
    slowest = ("", 0.0)
    for _ in range(max(1, turns // 5)):
        for text in TYPED:
            took = _took(records, lambda s, text=text: find_everything(s, text))  # type: ignore[misc]
            mine.append(took)
            slowest = max(slowest, (text, took), key=lambda each: each[1])
            other.append(_took(records, lambda s, text=text: _like(s, text)))  # type: ignore[misc]
    over = sum(took > 0.05 for took in mine)
    ratio = statistics.median(other) / statistics.median(mine)
    _say(
        "search, each key",
        f"median {_ms(mine)}, slowest {1000 * slowest[1]:.1f} ms ({slowest[0]!r}), {over} of {len(mine)} over 50 ms; "
        f"LIKE: {_ms(other)}, {ratio:.1f} times as long",
    )
    return {"median_s": statistics.median(mine), "slowest_s": slowest[1], "over_50_ms": over, "ratio": ratio}


def _like(session: Session, text: str) -> object:
    wanted = f"%{text}%"
    tables = (
        (Vehicle, (Vehicle.plate, Vehicle.vin, Vehicle.make, Vehicle.model, Vehicle.color)),
        (Customer, (Customer.name, Customer.contact_person, Customer.notes)),
        (RepairOrder, (RepairOrder.number, RepairOrder.complaint, RepairOrder.cause, RepairOrder.correction)),
        (Part, (Part.number, Part.name, Part.manufacturer, Part.barcode)),
    )
    found = []
    for model, columns in tables:
        query = select(model).where(model.deleted_at.is_(None), or_(*(column.ilike(wanted) for column in columns)))
        found += list(session.scalars(query.order_by(model.id.desc()).limit(8)))
    return found


def _took(records: Records, reading: Reading) -> float:
    with records.read() as session:
        begun = time.perf_counter()
        reading(session)
        return time.perf_counter() - begun


def _ms(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.1f} ms"


def _say(what: str, words: str) -> None:
    print(f"{what:<36} {words}", flush=True)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
