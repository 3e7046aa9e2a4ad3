"""The schedule as the window reads and writes it: each function waits, and is called off the window's thread."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.language import tr
from core.people.customers import create_customer, get_customer
from core.people.roles import Actor
from core.people.staff import list_staff
from core.planning.allocations import (
    AllocationView,
    change_allocation,
    create_allocation,
    delete_allocation,
    get_allocation,
    restore_allocation,
)
from core.planning.appointments import change_appointment, get_appointment
from core.planning.arriving import arrive
from core.planning.booking import Booking, book
from core.planning.calendar import technician_calendar
from core.planning.capacity import DayCapacity, Hours, capacity_of, hours_by_id
from core.planning.finding import Found, next_free
from core.planning.floor import Floor, Resource, read_floor
from core.planning.local_days import day_span
from core.planning.schedule import BAY, build
from core.planning.schedule_views import Schedule
from core.planning.technician_day import TechnicianSchedule, technician_schedule
from core.records.input import NotFound
from core.records.moment import now
from core.records.records import Records
from core.vehicles.vehicles import VehicleView, create_vehicle, get_vehicle, list_vehicles
from core.workshop.hours import zone
from core.workshop.shop import CLOSES, OPENS, shop_details

DAY, WEEK = "day", "week"
FOUND = 6  # vehicles offered in a booking
PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Board:
    """What is on the page: a day or a week, by bay or technician. ``here``: the shop's zone; ``read_at``: UTC ms.

    ``doors``: when the shop opens and closes, minutes after midnight.
    """

    span: str
    day: dt.date
    by: str
    schedule: Schedule
    capacity: tuple[DayCapacity, ...]
    bays: tuple[Resource, ...]
    people: tuple[Resource, ...]
    here: dt.tzinfo
    read_at: int
    hours: Mapping[str, Hours] = field(default_factory=dict)  # of each row, by its id
    doors: tuple[int, int] = (OPENS, CLOSES)

    @property
    def days(self) -> tuple[dt.date, ...]:
        first = self.day if self.span == DAY else monday(self.day)
        return tuple(first + dt.timedelta(days=n) for n in range(1 if self.span == DAY else 7))


@dataclass(frozen=True, slots=True)
class Words:
    """What there is to choose from in a booking: skills of people, equipment of bays."""

    skills: tuple[str, ...]
    equipment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody of the staff."""

    id: str
    name: str
    role: str


def monday(day: dt.date) -> dt.date:
    """The first day of its week."""
    return day - dt.timedelta(days=day.isoweekday() - 1)


def today() -> dt.date:
    """The day it is where the shop is."""
    return dt.datetime.now(zone()).date()


def read_board(records: Records, span: str, day: dt.date, by: str = BAY) -> Board:
    """A day or the week it is in. Raises ``RecordsError``."""
    here = zone()
    first = day if span == DAY else monday(day)
    last = day if span == DAY else first + dt.timedelta(days=6)
    with records.read() as session:
        floor = read_floor(session, day_span(first, here)[0], day_span(last, here)[1], here)
        moment = now(session)
        seen, shop = build(session, floor, by=by, now=moment), shop_details(session)
        return Board(
            span, day, by, seen, capacity_of(floor, moment), floor.bays, floor.people, here, moment,
            hours_by_id(floor, moment), (shop.opens_at, shop.closes_at),
        )  # fmt: skip


def read_mine(records: Records, staff_id: str, day: dt.date) -> TechnicianSchedule:
    """One person's own day. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        return technician_schedule(session, staff_id, *day_span(day, zone()))


def calendar_of(records: Records, staff_id: str, day: dt.date, days: int) -> bytes:
    """Somebody's days from one on, as a calendar file. Raises ``NotFound``, ``RecordsError``."""
    here = zone()
    start, end = day_span(day, here)[0], day_span(day + dt.timedelta(days=days - 1), here)[1]
    with records.read() as session:
        return technician_calendar(session, staff_id, start, end, here=here)


def read_words(records: Records) -> Words:
    """The skills and the equipment that the shop has."""
    with records.read() as session:
        moment = now(session)
        floor: Floor = read_floor(session, moment, moment + 1)
    return Words(_distinct(floor.people), _distinct(floor.bays))


def _distinct(some: tuple[Resource, ...]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for each in some:
        for word in each.words if each.planned else ():
            found.setdefault(word.casefold(), word)
    return tuple(sorted(found.values(), key=str.casefold))


def read_people(records: Records) -> tuple[Whose, ...]:
    """Who works here, by name."""
    with records.read() as session:
        staff = list_staff(session, active=True, limit=PEOPLE).items
        return tuple(Whose(each.id, each.name or "", each.role or "") for each in staff)


def when(records: Records, table: str, row: str) -> int | None:
    """When an appointment or an allocation begins. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        if table == "appointments":
            return get_appointment(session, row).starts_at
        return get_allocation(session, row).starts_at


@dataclass(frozen=True, slots=True)
class Comer:
    """Who may be booked in: a vehicle, or a customer of whom no vehicle is known. ``title``: the plate, or the name."""

    vehicle_id: str | None
    customer_id: str | None
    title: str
    detail: str
    ownerless: bool = False  # a vehicle nobody knows the owner of


def find_comers(records: Records, text: str) -> tuple[Comer, ...]:
    """What ``text`` finds by plate, number or make, and the vehicles of customers that it finds."""
    found: dict[str, Comer] = {}
    with records.read() as session:
        for hit in records.search.find(session, text, tables=("vehicles", "customers"), limit=FOUND):
            if hit.table == "vehicles":
                found.setdefault(hit.row, _comer(session, get_vehicle(session, hit.row)))
                continue
            customer = get_customer(session, hit.row)
            theirs = list_vehicles(session, customer_id=hit.row, limit=FOUND).items
            for vehicle in theirs:
                found.setdefault(vehicle.id, _comer(session, vehicle))
            if not theirs:
                name = customer.name or ""
                found.setdefault(hit.row, Comer(None, hit.row, name, tr("no vehicle known yet")))
    return tuple(found.values())[:FOUND]


def _comer(session: Session, vehicle: VehicleView) -> Comer:
    name = " ".join(part for part in (vehicle.make, vehicle.model) if part)
    whose = customer_name(session, vehicle.customer_id)
    detail = " · ".join(part for part in (name, whose) if part)
    return Comer(vehicle.id, None, vehicle.plate or name, detail, ownerless=vehicle.customer_id is None)


def customer_name(session: Session, customer_id: str | None) -> str:
    """The name of a customer; "" when there is none, or they have not arrived yet."""
    try:
        return get_customer(session, customer_id, deleted=True).name or "" if customer_id else ""
    except NotFound:
        return ""


def find_free(records: Records, minutes: int, skills: str | None, equipment: str | None, after: int | None) -> Found:
    """The next free times. Raises ``Refused``, ``RecordsError``."""
    with records.read() as session:
        return next_free(session, minutes=minutes, skills=skills, equipment=equipment, after=after)


# Writing. All raise ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``. ------------------------------------------


def set_aside(records: Records, actor: Actor, fields: Mapping[str, object]) -> AllocationView:
    """Time for an order."""
    return records.change(actor.reference, lambda session: create_allocation(session, actor, fields)).value


def move(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> AllocationView:
    """Move or resize what is set aside."""
    return records.change(actor.reference, lambda session: change_allocation(session, actor, row, fields)).value


def move_appointment(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> None:
    """Move an appointment, or say that it is cancelled or was missed."""
    records.change(actor.reference, lambda session: change_appointment(session, actor, row, fields))


def give_free(records: Records, actor: Actor, row: str) -> None:
    """Take time back that was set aside."""
    records.change(actor.reference, lambda session: delete_allocation(session, actor, row))


def bring_back(records: Records, actor: Actor, row: str) -> None:
    """Set it aside again."""
    records.change(actor.reference, lambda session: restore_allocation(session, actor, row))


def receive(records: Records, actor: Actor, row: str) -> str:
    """A vehicle has arrived; its order's id."""

    def work(session: Session) -> str:
        return arrive(session, actor, row).order_id or ""

    return records.change(actor.reference, work).value


def book_in(
    records: Records,
    actor: Actor,
    fields: Mapping[str, object],
    plate: str = "",
    customer: Mapping[str, object] | None = None,
) -> Booking:
    """Book a vehicle in; with ``plate`` one that is not known yet is made first, in the same change.

    So is whose it is, with the fields of a ``customer``.
    """

    def work(session: Session) -> Booking:
        wanted = dict(fields)
        if customer:
            wanted["customer_id"] = create_customer(session, actor, customer).id
        if plate.strip() and not wanted.get("vehicle_id"):
            owner = {"customer_id": wanted["customer_id"]} if wanted.get("customer_id") else {}
            wanted["vehicle_id"] = create_vehicle(session, actor, {"plate": plate, **owner}).id
        return book(session, actor, wanted)

    return records.change(actor.reference, work).value
