"""Writes what an import planned, in changes that all bear its name, so that they are taken back together."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.csv_files.planning import ImportPlan, PlannedRow, vehicle_key
from core.people.customers import create_customer
from core.people.models import Customer
from core.people.roles import Actor, require
from core.records.ids import new_id
from core.records.input import Value
from core.records.moment import now
from core.records.records import Records
from core.records.rows import added
from core.vehicles.models import Vehicle
from core.vehicles.odometer import last_of, take_reading
from core.vehicles.vehicles import create_vehicle
from core.workshop.hours import midnight, zone
from core.workshop.models import RepairOrder, RepairOrderLine, StatusMove
from core.workshop.numbers import next_number
from core.workshop.parts import create_part
from core.workshop.parts_models import StockMove, Supplier
from core.workshop.states import Status
from core.workshop.suppliers import create_supplier

WHY = "import "  # and the id of the import, its kind and the file's name
AT_ONCE = 100  # rows a change: each of them stays small enough to be looked into and taken back
LONGEST = 500  # characters of a line; the order has all of them
NOON = 12 * 3_600_000

Told = Callable[[int, int], None]  # rows written, of how many


@dataclass(frozen=True, slots=True)
class Imported:
    """An import that was written. ``id`` names it when it is to be taken back; ``stopped``: before its end."""

    id: str
    kind: str
    file: str
    rows: int
    stopped: bool = False


def write_import(
    records: Records,
    actor: Actor,
    plan: ImportPlan,
    *,
    file: str,
    told: Told = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Imported:
    """Write the rows of ``plan``; ``stop`` is asked before each change, and what is written by then stays.

    Raises ``Denied``, ``RecordsError``: then what was written so far bears its name."""
    require(actor, "records.import")
    batch = new_id(records.wall())
    name = " ".join(file.split())[-120:]
    work = {"vehicles": _vehicle, "customers": _customer, "parts": _part, "history": _visit}[plan.kind]
    done = 0
    for start in range(0, len(plan.rows), AT_ONCE):
        if stop():
            return Imported(batch, plan.kind, name, done, stopped=True)
        some = plan.rows[start : start + AT_ONCE]
        records.change(actor.reference, partial(_write, work, actor, some), why=f"{WHY}{batch} {plan.kind} {name}")
        done += len(some)
        told(done, len(plan.rows))
    return Imported(batch, plan.kind, name, done)


Work = Callable[[Session, Actor, dict[str, Value], dict[str, str]], None]


def _write(work: Work, actor: Actor, rows: Sequence[PlannedRow], session: Session) -> None:
    ids: dict[str, str] = {}  # of customers, suppliers and vehicles that several rows name
    for row in rows:
        work(session, actor, dict(row.values), ids)


def _customer(session: Session, actor: Actor, values: dict[str, Value], _ids: dict[str, str]) -> None:
    create_customer(session, actor, values)


def _vehicle(session: Session, actor: Actor, values: dict[str, Value], ids: dict[str, str]) -> None:
    name = values.pop("customer", None)
    if name:
        values["customer_id"] = _named(session, actor, Customer, str(name), ids)
    kilometres = values.pop("odometer_km", None)
    vehicle = create_vehicle(session, actor, values)
    if isinstance(kilometres, int):
        take_reading(session, actor, vehicle.id, kilometres, last=None, source="import")


def _part(session: Session, actor: Actor, values: dict[str, Value], ids: dict[str, str]) -> None:
    name, stock = values.pop("supplier", None), values.pop("stock", None)
    if name:
        values["supplier_id"] = _named(session, actor, Supplier, str(name), ids)
    part = create_part(session, actor, values)
    if isinstance(stock, int) and stock:
        moved: dict[str, Value] = {"part_id": part.id, "quantity": stock, "reason": "import", "unit_cost": part.cost}
        who: dict[str, Value] = {"moved_by": actor.reference, "moved_by_name": actor.name, "moved_at": now(session)}
        added(session, StockMove, {**moved, **who})


def _visit(session: Session, actor: Actor, values: dict[str, Value], ids: dict[str, str]) -> None:
    """A visit of the past: an order that was delivered, with one line that says what it came to."""
    vehicle = session.get(Vehicle, _vehicle_id(session, values, ids))
    if vehicle is None:
        return
    day = midnight(dt.date.fromisoformat(str(values["date"])), zone()) + NOON
    sequence, number = next_number(session)
    kilometres = values.get("odometer_km")
    notes = [str(values[name]) for name in ("notes", "number") if values.get(name)]
    fields: dict[str, Value] = {
        "number": number,
        "sequence": sequence,
        "vehicle_id": vehicle.id,
        "customer_id": vehicle.customer_id,
        "status": Status.DELIVERED.value,
        "complaint": values["description"],
        "correction": "\n".join([str(values["description"]), *notes]),
        "opened_at": day,
        "odometer_in": kilometres,
    }
    order = added(session, RepairOrder, fields)
    moved: dict[str, Value] = {"after": Status.DELIVERED.value, "moved_at": day}
    who: dict[str, Value] = {"moved_by": actor.reference, "moved_by_name": actor.name}
    added(session, StatusMove, {"order_id": order.id, **moved, **who})
    if isinstance(values.get("cost"), int):
        line: dict[str, Value] = {
            "kind": "sublet",
            "description": str(values["description"])[:LONGEST],
            "quantity": 1000,
        }
        added(session, RepairOrderLine, {**line, "order_id": order.id, "unit_price": values["cost"], "position": 1})
    if isinstance(kilometres, int):
        last = last_of(session, vehicle.id)
        take_reading(session, actor, vehicle.id, kilometres, last=last, source="import", read_at=day)


def _vehicle_id(session: Session, values: Mapping[str, Value], ids: dict[str, str]) -> str:
    keys = ["/".join(key) for key in vehicle_key(values.get("plate"), values.get("vin"))]
    if not any(key in ids for key in keys):
        query = select(Vehicle.id, Vehicle.plate, Vehicle.vin).where(Vehicle.deleted_at.is_(None)).order_by(Vehicle.id)
        for id_, plate, vin in session.execute(query):
            for key in vehicle_key(plate, vin):
                ids.setdefault("/".join(key), id_)
    return next((ids[key] for key in keys if key in ids), "")


def _named(
    session: Session, actor: Actor, model: type[Customer] | type[Supplier], name: str, ids: dict[str, str]
) -> str:
    """The id of the customer or supplier of this name, the oldest; made when there is none."""
    if not ids:
        query = select(model.id, model.name).where(model.deleted_at.is_(None)).order_by(model.id.desc())
        ids.update({str(row.name).casefold(): row.id for row in session.execute(query)})
    key = name.casefold()
    if key not in ids:
        make = create_customer if model is Customer else create_supplier
        ids[key] = make(session, actor, {"name": name}).id
    return ids[key]
