"""The demo's workshop: founded in its data folder, with the customers, cars and orders of resources/demo."""

import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.saying import complain
from core.language import tr
from core.people.customers import create_customer
from core.people.roles import SYSTEM
from core.records.errors import RecordsError
from core.sync.bay import Bay
from core.sync.founding import found, is_founded
from core.trust.errors import TrustError
from core.vehicles.vehicles import create_vehicle
from core.workshop.lines import create_line
from core.workshop.notes import add_note
from core.workshop.orders import create_repair_order
from resources import path

FILE = path("demo", "workshop.toml")


def equip(home: Path) -> None:
    """Found the demo's workshop in ``home`` and fill it; one that is there already is used as it is.

    When the disk does not let us the demo goes on without, and says so.
    """
    if is_founded(home):
        return
    stock = tomllib.loads(FILE.read_text("utf-8"))
    try:
        found(home, tr("Demo garage"), tr("Bay 1"))
        bay = Bay.open(home)
        try:
            bay.records.change(SYSTEM.reference, partial(fill, stock=stock), why=tr("the demo garage"))
        finally:
            bay.close()
    except (RecordsError, TrustError, OSError) as error:
        why = getattr(error, "strerror", None) or error
        complain(tr("The demo has no workshop: {why}", why=why))


def fill(session: Session, stock: Mapping[str, Any]) -> None:
    """Write what ``workshop.toml`` says, through the functions that people's own entries go through."""
    customers = {key: create_customer(session, SYSTEM, fields).id for key, fields in stock["customers"].items()}
    vehicles = {}
    for key, fields in stock["vehicles"].items():
        given = dict(fields)
        owner = customers[given.pop("customer")]
        vehicles[key] = (create_vehicle(session, SYSTEM, {**given, "customer_id": owner}).id, owner)
    for fields in stock["orders"]:
        given = dict(fields)
        lines, notes = given.pop("lines", []), given.pop("notes", [])
        vehicle, owner = vehicles[given.pop("vehicle")]
        order = create_repair_order(session, SYSTEM, {**given, "vehicle_id": vehicle, "customer_id": owner}).id
        for line in lines:
            create_line(session, SYSTEM, {**line, "order_id": order})
        for text in notes:
            add_note(session, SYSTEM, {"order_id": order, "text": text})
