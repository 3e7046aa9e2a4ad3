"""Repair orders as the window reads and writes them: each function waits, and is called off the window's thread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.language import tr
from core.people.customers import CustomerView, create_customer, delete_customer, list_customers
from core.people.roles import Actor
from core.people.staff import list_staff
from core.records import journal
from core.records.input import NotFound
from core.records.records import Records
from core.vehicles.vehicles import VehicleView, change_vehicle, create_vehicle, get_vehicle, list_vehicles
from core.workshop.finding import CUSTOMER, find_everything
from core.workshop.orders import (
    RepairOrderView,
    change_repair_order,
    create_repair_order,
    get_repair_order,
    list_repair_orders,
)
from ui.changes_reading import Names, ToLookAt, read_to_look_at
from ui.customers_reading import customer_of, phone_of

PAGE = 60
FOUND = 40  # hits of a search that are followed
OF_ONE = 20  # orders of one vehicle or customer that a search shows
HISTORY = 30
PEOPLE = 200
OPTIONS = 12
OF_AN_ORDER = (  # tables whose rows the head and the tabs of an order sum up
    "clock_punches", "inspection_results", "inspections", "invoices", "line_decisions", "mentions", "note_readings",
    "notes", "photos", "repair_order_lines", "stock_moves", "tasks",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders, newest first; ``after`` asks for the next page."""

    items: tuple[RepairOrderView, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a field last: words, whether that was this terminal, and when (UTC ms)."""

    words: str
    here: bool
    at: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. ``role`` as in ``Role``."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class OrderRead:
    """The order itself and whom and what it is about; its sections read their own rows."""

    order: RepairOrderView
    vehicle: VehicleView | None = None
    to_look_at: ToLookAt = field(default_factory=ToLookAt)
    writers: Mapping[str, Writer] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    customer: CustomerView | None = None

    def person(self, id_: str | None) -> str:
        """What somebody is called; "" for nobody."""
        found = next((each.name for each in self.people if each.id == id_), "")
        return found or (tr("not known here yet") if id_ else "")


@dataclass(frozen=True, slots=True)
class Option:
    """One of several to pick: a vehicle or a customer."""

    id: str
    title: str
    detail: str


def read_orders(records: Records, text: str = "", after: str | None = None) -> OrderPage:
    """A page of all orders, or those that ``text`` finds by their own words, their vehicle's or their customer's."""
    with records.read() as session:
        if text.strip():
            return OrderPage(_found(records, session, text))
        page = list_repair_orders(session, after=after, limit=PAGE)
        return OrderPage(page.items, page.after)


def _found(records: Records, session: Session, text: str) -> tuple[RepairOrderView, ...]:
    views: dict[str, RepairOrderView] = {}
    for hit in records.search.find(session, text, tables=("repair_orders", "vehicles", "customers"), limit=FOUND):
        if hit.table == "repair_orders":
            views.update(_one(session, hit.row))
        elif hit.table == "vehicles":
            views.update(_of(list_repair_orders(session, vehicle_id=hit.row, limit=OF_ONE).items))
        else:
            views.update(_of(list_repair_orders(session, customer_id=hit.row, limit=OF_ONE).items))
    return tuple(sorted(views.values(), key=lambda view: view.id, reverse=True))


def _one(session: Session, row: str) -> dict[str, RepairOrderView]:
    try:
        return {row: get_repair_order(session, row)}
    except NotFound:
        return {}


def _of(views: Collection[RepairOrderView]) -> dict[str, RepairOrderView]:
    return {view.id: view for view in views}


def read_some(records: Records, ids: Collection[str]) -> dict[str, RepairOrderView]:
    """These orders as they are now; those that were deleted are left out."""
    found: dict[str, RepairOrderView] = {}
    with records.read() as session:
        for row in ids:
            found.update(_one(session, row))
    return found


def read_order(records: Records, row: str) -> OrderRead:
    """One order with all that belongs to it. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        order = get_repair_order(session, row)
        names = Names(records, session)
        writers: dict[str, Writer] = {}
        for entry in journal.history(records, session, row, limit=HISTORY):
            person, place = (
                names.person(entry.actor),
                tr("This terminal") if entry.here else names.terminal(entry.terminal),
            )
            words = f"{person}, {place}" if person else place
            for part in entry.rows:
                for name in part.fields:
                    writers.setdefault(name, Writer(words, entry.here, entry.at))
        vehicle = _vehicle(session, order.vehicle_id)
        people = read_people(session)
        customer = customer_of(session, order.customer_id)
    return OrderRead(order, vehicle, read_to_look_at(records, row), writers, people, customer)


def read_people(session: Session) -> tuple[Person, ...]:
    """Who works here, by name."""
    staff = list_staff(session, active=True, limit=PEOPLE).items
    return tuple(Person(each.id, each.name or "", each.role or "") for each in staff)


def _vehicle(session: Session, row: str | None) -> VehicleView | None:
    if row is None:
        return None
    try:
        return get_vehicle(session, row, deleted=True)
    except NotFound:
        return None  # the order arrived before its vehicle


# Writing -------------------------------------------------------------------------------------------------------------


def save_field(records: Records, actor: Actor, row: str, name: str, value: object) -> RepairOrderView:
    """Write one field. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    done = records.change(actor.reference, lambda session: change_repair_order(session, actor, row, {name: value}))
    return done.value


def new_order(
    records: Records,
    actor: Actor,
    plate: str,
    complaint: str,
    *,
    customer: str | None = None,
    fresh: Mapping[str, object] | None = None,
) -> RepairOrderView:
    """A new order, of the vehicle with this plate, which is made when there is none. Raises as ``save_field``.

    Who brings it is a ``customer`` by id, or one made of the fields ``fresh``; neither: whose it is known to be.
    """

    def work(session: Session) -> RepairOrderView:
        fields: dict[str, object] = {"complaint": complaint}
        whose = create_customer(session, actor, fresh).id if fresh else customer
        if whose is not None:
            fields["customer_id"] = whose
        if plate.strip():
            known = list_vehicles(session, plate=plate, limit=1).items
            owner = {"customer_id": whose} if whose is not None else {}
            vehicle = known[0] if known else create_vehicle(session, actor, {"plate": plate, **owner})
            fields["vehicle_id"] = vehicle.id
        return create_repair_order(session, actor, fields)

    return records.change(actor.reference, work).value


def new_vehicle(records: Records, actor: Actor, order: RepairOrderView, plate: str) -> RepairOrderView:
    """A new vehicle, put into the order in the same change. Raises as ``save_field``."""

    def work(session: Session) -> RepairOrderView:
        fields: dict[str, object] = {"plate": plate}
        if order.customer_id is not None:
            fields["customer_id"] = order.customer_id
        vehicle = create_vehicle(session, actor, fields)
        return change_repair_order(session, actor, order.id, {"vehicle_id": vehicle.id})

    return records.change(actor.reference, work).value


def new_customer(
    records: Records, actor: Actor, order: RepairOrderView, fields: Mapping[str, object]
) -> RepairOrderView:
    """A new customer, put into the order in the same change. Raises as ``save_field``."""

    def work(session: Session) -> RepairOrderView:
        customer = create_customer(session, actor, fields)
        return change_repair_order(session, actor, order.id, {"customer_id": customer.id})

    return records.change(actor.reference, work).value


def without_customer(records: Records, actor: Actor, order: RepairOrderView, customer: str) -> None:
    """The way back from ``new_customer``: the order as it was, and the vehicle that became theirs with it."""

    def work(session: Session) -> None:
        change_repair_order(session, actor, order.id, {"customer_id": order.customer_id})
        vehicle = _vehicle(session, order.vehicle_id)
        if vehicle is not None and vehicle.deleted_at is None and vehicle.customer_id == customer:
            change_vehicle(session, actor, vehicle.id, {"customer_id": None})
        delete_customer(session, actor, customer)

    records.change(actor.reference, work)


# Picking -------------------------------------------------------------------------------------------------------------


def find_vehicles(records: Records, text: str) -> tuple[Option, ...]:
    """Vehicles that ``text`` finds, or the newest ones."""
    with records.read() as session:
        if text.strip():
            hits = records.search.find(session, text, tables=("vehicles",), limit=OPTIONS)
            views = [get_vehicle(session, hit.row) for hit in hits]
        else:
            views = list(list_vehicles(session, limit=OPTIONS).items)
        return tuple(Option(view.id, view.plate or "", vehicle_words(view)) for view in views)


def find_customers(records: Records, text: str) -> tuple[Option, ...]:
    """Customers that ``text`` finds by their name or a way to reach them, or the newest ones."""
    with records.read() as session:
        if text.strip():
            found = find_everything(session, text, OPTIONS, kinds=(CUSTOMER,)).customers
            return tuple(Option(each.id, each.title, each.subtitle) for each in found)
        views = list_customers(session, limit=OPTIONS).items
        return tuple(Option(view.id, view.name or "", phone_of(view)) for view in views)


def known_vehicle(records: Records, plate: str) -> str:
    """What is known of the vehicle with this plate, in words; "" when there is none."""
    with records.read() as session:
        known = list_vehicles(session, plate=plate, limit=1).items
        return (vehicle_words(known[0]) or tr("known here")) if known else ""


def vehicle_words(vehicle: VehicleView | None) -> str:
    """Make, model and year: "Volkswagen Golf, 2019"."""
    if vehicle is None:
        return ""
    name = " ".join(part for part in (vehicle.make, vehicle.model) if part)
    return ", ".join(part for part in (name, str(vehicle.year or "")) if part)
