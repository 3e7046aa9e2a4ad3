"""Fleets as the window reads and writes them: each function waits, and is called off the window's thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.people.customers import get_customer
from core.people.roles import Actor
from core.people.staff import list_staff
from core.records.input import NotFound
from core.records.records import Records
from core.vehicles import fleet_access, fleets
from core.vehicles.fleet_access import FleetAccessView, list_access
from core.vehicles.fleets import FleetView, get_fleet, list_fleets
from core.vehicles.vehicles import VehicleView, list_vehicles
from ui.orders_reading import Option, find_customers

MOST = 200  # fleets of one list
SHOWN = 60  # members beside each other; the list of vehicles shows all
STAFF = "staff:"  # before the id of somebody who works here, among those who may be let in


@dataclass(frozen=True, slots=True)
class FleetRead:
    """A fleet, whose it is, its first members, and who was let in."""

    fleet: FleetView
    customer: str
    members: tuple[VehicleView, ...]
    access: tuple[FleetAccessView, ...]


def read_fleets(records: Records) -> tuple[FleetView, ...]:
    """Raises ``RecordsError``."""
    with records.read() as session:
        return list_fleets(session, limit=MOST).items


def read_fleet(records: Records, row: str) -> FleetRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        fleet = get_fleet(session, row)
        try:
            customer = get_customer(session, fleet.customer_id, deleted=True).name or "" if fleet.customer_id else ""
        except NotFound:
            customer = ""  # the fleet arrived before its customer
        members = list_vehicles(session, fleet_id=row, sort="plate", limit=SHOWN).items
        return FleetRead(fleet, customer, members, list_access(session, row))


def find_people(records: Records, text: str) -> tuple[Option, ...]:
    """Who may be let in: those who work here whose name has ``text``, and customers."""
    wanted = text.strip().casefold()
    with records.read() as session:
        staff = [each for each in list_staff(session, limit=MOST).items if each.active]
    here = [Option(f"{STAFF}{each.id}", each.name or "", "") for each in staff
            if wanted and wanted in (each.name or "").casefold()]  # fmt: skip
    return (*here, *find_customers(records, text))


def keep_fleet(records: Records, actor: Actor, row: str | None, fields: Mapping[str, Any]) -> FleetView:
    """A new fleet (None), or a changed one. Raises ``Denied``, ``NotFound``, ``Refused``, ``RecordsError``, as all."""
    if row is None:
        given = {name: value for name, value in fields.items() if value is not None}
        return records.change(actor.reference, lambda session: fleets.create_fleet(session, actor, given)).value
    return records.change(actor.reference, lambda session: fleets.change_fleet(session, actor, row, fields)).value


def drop_fleet(records: Records, actor: Actor, row: str) -> None:
    records.change(actor.reference, lambda session: fleets.delete_fleet(session, actor, row))


def bring_fleet(records: Records, actor: Actor, row: str) -> None:
    records.change(actor.reference, lambda session: fleets.restore_fleet(session, actor, row))


def put_in(records: Records, actor: Actor, row: str, vehicle: str) -> None:
    records.change(actor.reference, lambda session: fleets.add_members(session, actor, row, [vehicle]))


def take_out(records: Records, actor: Actor, row: str, vehicle: str) -> None:
    records.change(actor.reference, lambda session: fleets.remove_member(session, actor, row, vehicle))


def let_in(records: Records, actor: Actor, row: str, who: str) -> None:
    """``who`` as ``find_people`` names them."""
    one = {"staff_id": who.removeprefix(STAFF)} if who.startswith(STAFF) else {"customer_id": who}
    fields = {"fleet_id": row, **one}
    records.change(actor.reference, lambda session: fleet_access.give_access(session, actor, fields))


def set_level(records: Records, actor: Actor, access: str, level: str) -> None:
    records.change(
        actor.reference, lambda session: fleet_access.change_access(session, actor, access, {"level": level})
    )


def shut_out(records: Records, actor: Actor, access: str) -> None:
    records.change(actor.reference, lambda session: fleet_access.take_access_away(session, actor, access))


def let_in_again(records: Records, actor: Actor, access: str) -> None:
    records.change(actor.reference, lambda session: fleet_access.restore_access(session, actor, access))
