"""Everything out: four files that can be imported again, every table as it is, and the files that belong to it."""

import csv
import itertools
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.csv_files.cells import RISKY
from core.csv_files.kinds import CUSTOMERS, HISTORY, KINDS, PARTS, VEHICLES
from core.language import tr
from core.people.models import ContactWay, Customer, is_secret
from core.people.roles import Actor, require
from core.records.files import FileStore
from core.records.schema import read_schema
from core.vehicles.models import Vehicle
from core.vehicles.odometer import latest
from core.workshop.discounts import amounts_off, is_share
from core.workshop.invoice_reading import local_day
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.parts_models import Part, Supplier
from core.workshop.stock import stock_of
from core.workshop.totals import net_of

BATCH = 1000
_PLAIN = re.compile(r"[+-][\d ]+(\.\d+)?")  # an amount, or a telephone number
TABLES = "tables"
FILES = "files"

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows by the name of the file, and how many papers and photos were copied or are missing."""

    rows: Mapping[str, int]
    files: int
    missing: int


def export(
    session: Session, actor: Actor, store: FileStore, folder: Path, told: Told = lambda step, done, total: None
) -> Exported:
    """Write all of the workshop into ``folder``, which must be empty or new. Secrets are left out.

    UTF-8 with a mark (spreadsheet programs need it), commas, days as ISO 8601, money and quantities as decimal numbers
    with a point. Raises ``Denied``, ``OSError``.
    """
    require(actor, "records.export")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, tr("The folder is not empty"), str(folder))
    rows: dict[str, int] = {}
    makers = {VEHICLES.name: _vehicles, CUSTOMERS.name: _customers, PARTS.name: _parts, HISTORY.name: _history}
    for name, make in makers.items():
        told(tr("Writing {file}", file=f"{name}.csv"), 0, 0)
        rows[f"{name}.csv"] = _write(folder / f"{name}.csv", tuple(KINDS[name].columns), make(session))
    (folder / TABLES).mkdir()
    hashes: set[str] = set()
    for name, info in sorted(read_schema().tables.items()):
        told(tr("Writing {file}", file=f"{TABLES}/{name}.csv"), 0, 0)
        columns = [each for each in info.fields if not is_secret(name, each)]
        table = info.table
        found = _all(session, select(table.c.id, *(table.c[each] for each in columns)).order_by(table.c.id))
        places = [place for place, each in enumerate(columns, 1) if each.endswith("_sha256")]
        counted = _noting(found, places, hashes)
        rows[f"{TABLES}/{name}.csv"] = _write(folder / TABLES / f"{name}.csv", ("id", *columns), counted)
    copied = _copy(store, sorted(hashes), folder / FILES, told)
    return Exported(rows, copied, len(hashes) - copied)


def _noting(rows: Iterator[Sequence[Any]], places: Sequence[int], hashes: set[str]) -> Iterator[Sequence[Any]]:
    for row in rows:
        hashes.update(row[place] for place in places if row[place])
        yield row


def _copy(store: FileStore, hashes: Sequence[str], folder: Path, told: Told) -> int:
    copied = 0
    for sha in hashes:
        if store.has(sha):
            folder.mkdir(exist_ok=True)
            with store.open(sha) as source, (folder / sha).open("wb") as target:
                shutil.copyfileobj(source, target)
            copied += 1
            told(tr("Copying files"), copied, len(hashes))
    return copied


def _all(session: Session, query: Any) -> Iterator[Sequence[Any]]:
    for some in session.execute(query, execution_options={"yield_per": BATCH}).partitions(BATCH):
        yield from some


def _write(file: Path, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            writer.writerow(["" if cell is None else _safe(cell) for cell in row])
            count += 1
    return count


def _safe(cell: Any) -> Any:
    """Spreadsheet programs run a text that begins like a formula; an apostrophe keeps it a text (OWASP)."""
    risky = isinstance(cell, str) and cell[:1] in RISKY
    return f"'{cell}" if risky and not _PLAIN.fullmatch(cell) else cell


def _decimal(value: int | None, scale: int) -> str | None:
    if value is None:
        return None
    digits = len(str(scale)) - 1
    whole, part = divmod(abs(value), scale)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{digits}}"


def _names(session: Session, model: type[Customer] | type[Supplier]) -> dict[str, str | None]:
    return {row.id: row.name for row in session.execute(select(model.id, model.name))}


def _vehicles(session: Session) -> Iterator[Sequence[Any]]:
    owners = _names(session, Customer)
    query = select(Vehicle).where(Vehicle.deleted_at.is_(None)).order_by(Vehicle.id)
    for some in session.scalars(query, execution_options={"yield_per": BATCH}).partitions(BATCH):
        readings = latest(session, [each.id for each in some])
        for each in some:
            reading = readings.get(each.id)
            more = {"odometer_km": reading.value if reading else None, "customer": owners.get(each.customer_id or "")}
            yield [more[name] if name in more else getattr(each, name) for name in VEHICLES.columns]


def _customers(session: Session) -> Iterator[Sequence[Any]]:
    ways: dict[str, dict[str, str | None]] = {}
    query = select(ContactWay).where(ContactWay.deleted_at.is_(None)).order_by(ContactWay.id.desc())
    for way in session.scalars(query):
        ways.setdefault(way.customer_id or "", {})[way.kind or ""] = way.value
    for each in session.scalars(select(Customer).where(Customer.deleted_at.is_(None)).order_by(Customer.id)):
        mine = ways.get(each.id, {})
        yield [mine[name] if name in mine else getattr(each, name, None) for name in CUSTOMERS.columns]


def _parts(session: Session) -> Iterator[Sequence[Any]]:
    suppliers = _names(session, Supplier)
    rows = session.scalars(select(Part).where(Part.deleted_at.is_(None)).order_by(Part.id)).all()
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        stocks = stock_of(session, [each.id for each in some])
        for each in some:
            stock = stocks.get(each.id)
            shown = {
                "stock": _decimal(stock.on_hand if stock else 0, 1000),
                "supplier": suppliers.get(each.supplier_id or ""),
                "minimum": _decimal(each.minimum, 1000),
                "order_up_to": _decimal(each.order_up_to, 1000),
                "cost": _decimal(each.cost, 100),
                "price": _decimal(each.price, 100),
            }
            yield [shown[name] if name in shown else getattr(each, name) for name in PARTS.columns]


def _history(session: Session) -> Iterator[Sequence[Any]]:
    """One line an order that was opened, with the day it was."""
    rows = session.scalars(
        select(RepairOrderLine).where(RepairOrderLine.deleted_at.is_(None)).order_by(RepairOrderLine.order_id)
    )
    sums = {
        id_ or "": sum(net_of(line) for line in lines if not is_share(line)) - sum(amounts_off(lines).values())
        for id_, lines in ((id_, list(group)) for id_, group in itertools.groupby(rows, lambda row: row.order_id))
    }
    query = select(RepairOrder, Vehicle.plate, Vehicle.vin).join(Vehicle, Vehicle.id == RepairOrder.vehicle_id)
    found = session.execute(query.where(RepairOrder.deleted_at.is_(None)).order_by(RepairOrder.id))
    for order, plate, vin in found:
        said = {
            "plate": plate,
            "vin": vin,
            "date": local_day(order.opened_at) if order.opened_at is not None else None,
            "odometer_km": order.odometer_in,
            "description": order.correction or order.complaint or order.number,
            "cost": _decimal(sums.get(order.id), 100),
            "number": order.number,
        }
        yield [said.get(name) for name in HISTORY.columns]
