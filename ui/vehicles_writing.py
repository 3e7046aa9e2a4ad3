"""Vehicles as the window writes them: each function waits, and is called off the window's thread.

All raise ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor, require
from core.records.files import FileStore
from core.records.input import Refused
from core.records.records import Records
from core.vehicles.documents import DocumentView, change_document, create_document, delete_document, restore_document
from core.vehicles.features import add_feature, delete_feature, restore_feature
from core.vehicles.held_readings import HeldReadingView
from core.vehicles.installed_parts import (
    change_installed_part,
    create_installed_part,
    delete_installed_part,
    restore_installed_part,
)
from core.vehicles.insurances import change_insurance, create_insurance, delete_insurance, restore_insurance
from core.vehicles.odometer import (
    ReadingView,
    add_reading,
    decide_held_reading,
    delete_reading,
    restore_reading,
)
from core.vehicles.saved_filters import VEHICLES, SavedFilterView, delete_filter, restore_filter, save_filter
from core.vehicles.vehicles import (
    VehicleView,
    change_vehicle,
    create_vehicle,
    delete_vehicle,
    list_vehicles,
    restore_vehicle,
)
from core.vehicles.vin_filling import Filled, fill_from_vin
from core.vehicles.warranties import change_warranty, create_warranty, delete_warranty, restore_warranty
from core.workshop.orders import RepairOrderView, create_repair_order
from core.workshop.recommendations import create_recommendation, dismiss, reopen
from ui.files_taken import take
from ui.vehicles_reading import Asked

T = TypeVar("T")
# What belongs to a vehicle: table -> make, change, delete, restore.
_ROOMS: Mapping[str, tuple[Callable[..., Any] | None, Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "insurances": (create_insurance, change_insurance, delete_insurance, restore_insurance),
    "warranties": (create_warranty, change_warranty, delete_warranty, restore_warranty),
    "documents": (None, change_document, delete_document, restore_document),
    "installed_parts": (
        create_installed_part,
        change_installed_part,
        delete_installed_part,
        restore_installed_part,
    ),
}


def _do(records: Records, actor: Actor, work: Callable[[Session], T]) -> T:
    return records.change(actor.reference, work).value


def new_vehicle(records: Records, actor: Actor, fields: Mapping[str, Any]) -> VehicleView:
    """A new vehicle; what is empty is left out."""
    given = {name: value for name, value in fields.items() if value is not None}
    return _do(records, actor, lambda session: create_vehicle(session, actor, {"plate": None, **given}))


def save_vehicle(records: Records, actor: Actor, row: str, fields: Mapping[str, Any]) -> VehicleView:
    """Write fields of a vehicle."""
    return _do(records, actor, lambda session: change_vehicle(session, actor, row, fields))


def drop_vehicle(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: delete_vehicle(session, actor, row))


def bring_vehicle(records: Records, actor: Actor, row: str) -> VehicleView:
    return _do(records, actor, lambda session: restore_vehicle(session, actor, row))


def fill(records: Records, actor: Actor, row: str, vin: str) -> Filled:
    """What a VIN tells goes into fields that are empty. Raises ``Refused`` when another vehicle has it, too."""
    with records.read() as session:
        others = [each for each in list_vehicles(session, vin=vin, limit=2).items if each.id != row]
    if others:
        name = others[0].plate or tr("a vehicle without a plate")
        raise Refused(("vin", tr("{plate} has this VIN already: the connected car is that one.", plate=name)))
    return _do(records, actor, lambda session: fill_from_vin(session, actor, row, vin))


def new_order(records: Records, actor: Actor, vehicle: VehicleView) -> RepairOrderView:
    """A new repair order of a vehicle and of its customer."""
    fields = {"vehicle_id": vehicle.id, "customer_id": vehicle.customer_id}
    given = {name: value for name, value in fields.items() if value is not None}
    return _do(records, actor, lambda session: create_repair_order(session, actor, given))


def new_reading(records: Records, actor: Actor, row: str, km: Any) -> ReadingView | HeldReadingView:
    """What the odometer says now. One nobody would believe is held back."""
    fields = {"vehicle_id": row, "value": km}
    return _do(records, actor, lambda session: add_reading(session, actor, fields))


def drop_reading(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: delete_reading(session, actor, row))


def bring_reading(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: restore_reading(session, actor, row))


def decide(records: Records, actor: Actor, held: str, *, keep: bool) -> HeldReadingView:
    """What is true of a value that was held back."""
    return _do(records, actor, lambda session: decide_held_reading(session, actor, held, keep))


def keep_paper(records: Records, actor: Actor, table: str, row: str | None, fields: Mapping[str, Any]) -> Any:
    """Write a row of ``table`` that belongs to a vehicle; ``row`` None: a new one."""
    make, change, _, _ = _ROOMS[table]
    if row is not None:
        return _do(records, actor, lambda session: change(session, actor, row, fields))
    if make is None:
        raise ValueError(f"{table!r} has no form for a new one")
    given = {name: value for name, value in fields.items() if value is not None}
    return _do(records, actor, lambda session: make(session, actor, given))


def drop_paper(records: Records, actor: Actor, table: str, row: str) -> None:
    _do(records, actor, lambda session: _ROOMS[table][2](session, actor, row))


def bring_paper(records: Records, actor: Actor, table: str, row: str) -> None:
    _do(records, actor, lambda session: _ROOMS[table][3](session, actor, row))


def add_document(  # noqa: PLR0917 - who, where, what
    records: Records, files: FileStore, actor: Actor, row: str, path: Path, fields: Mapping[str, Any]
) -> DocumentView:
    """Keep a copy of a file as a document of a vehicle. Raises ``OSError``, too."""
    require(actor, "vehicles.change")  # before a large file is read for nothing
    given = {name: value for name, value in fields.items() if value is not None}
    given |= {**take(files, path).fields(), "vehicle_id": row}
    return _do(records, actor, lambda session: create_document(session, actor, given))


def give_feature(records: Records, actor: Actor, row: str, name: str) -> str:
    """It has this, too; the id of the feature."""
    fields = {"vehicle_id": row, "name": name}
    return _do(records, actor, lambda session: add_feature(session, actor, fields)).id


def drop_feature(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: delete_feature(session, actor, row))


def bring_feature(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: restore_feature(session, actor, row))


def advise(records: Records, actor: Actor, row: str, fields: Mapping[str, Any]) -> None:
    """Advise something for a later visit."""
    given = {name: value for name, value in fields.items() if value is not None}
    _do(records, actor, lambda session: create_recommendation(session, actor, {**given, "vehicle_id": row}))


def dismiss_advice(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: dismiss(session, actor, row))


def reopen_advice(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: reopen(session, actor, row))


def keep_search(records: Records, actor: Actor, name: str, asked: Asked, *, shared: bool) -> SavedFilterView:
    """Give a search a name."""
    criteria: dict[str, Any] = {**asked.criteria.given(), "sort": asked.sort}
    if asked.descending is not None:
        criteria["descending"] = asked.descending
    fields = {"name": name, "page": VEHICLES, "criteria": criteria, "shared": shared}
    return _do(records, actor, lambda session: save_filter(session, actor, fields))


def drop_search(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: delete_filter(session, actor, row))


def bring_search(records: Records, actor: Actor, row: str) -> None:
    _do(records, actor, lambda session: restore_filter(session, actor, row))
