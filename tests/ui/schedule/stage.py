"""A garage with a full day and week of schedule, as its people would write it, for tests and for pictures."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

import core.models  # noqa: F401 - the page Orders, which is opened from here, reads tables of all rooms
from core.people.customers import create_customer
from core.people.models import Staff
from core.people.staff import create_staff
from core.planning.absences import create_absence
from core.planning.allocations import create_allocation
from core.planning.appointments import create_appointment
from core.planning.local_days import moment
from core.planning.shifts import create_shift
from core.planning.work_bays import create_work_bay
from core.records.rows import assign, row_of
from core.vehicles.vehicles import create_vehicle
from core.workshop.models import RepairOrder
from core.workshop.orders import create_repair_order
from tests.ui.two_bays import Bay
from ui.pages.registry import ENTRIES
from ui.pages.schedule import SchedulePage
from ui.shell import Shell

BAYS = (
    ("Bay 1", "two-post lift"),
    ("Bay 2", "four-post lift, brake tester"),
    ("Bay 3", "two-post lift, air conditioning"),
)
PEOPLE = (
    ("Jonas Weber", "brakes, engine", 450, 960),
    ("Mara Lindt", "air conditioning, electrics", 480, 1020),
    ("Piotr Nowak", "brakes, tyres", 450, 960),
)
# plate, make, model, customer, complaint, status, hours, (day, start, end, bay, person)..., promised (day, time)
JOBS: tuple[tuple[Any, ...], ...] = (
    ("HH AB 123", "Volkswagen", "Golf", "Anna Berg", "Grinding noise from the front left", "in_progress", 2.5,
     ((0, "7:30", "10:00", 1, 0),), (0, "11:00")),
    ("M XY 4711", "BMW", "320d Touring", "Max Schuster", "Oil service and inspection", "arrived", 2,
     ((0, "8:00", "10:00", 0, 1),), (0, "16:00")),
    ("B CD 77", "Toyota", "Yaris", "Lena Kowalczyk", "Engine lamp since Monday", "diagnosing", 3,
     ((0, "10:15", "12:15", 2, 1),), (0, "17:00")),
    ("S TU 2024", "Mercedes-Benz", "Sprinter", "Bäckerei Hinterhuber", "Rear door does not close", "booked", 1.5,
     ((0, "10:30", "12:00", 0, 2), (1, "8:00", "9:30", 0, 2)), (1, "18:00")),
    ("K LM 9", "Fiat", "500", "Paul Neumann", "Winter tyres on", "ready", 1,
     ((0, "7:30", "8:30", 2, 2),), (0, "12:00")),
    ("F QR 314", "Opel", "Astra", "Sofia Rossi", "Air conditioning blows warm", "booked", 2,
     ((0, "13:00", "15:00", 2, 1),), (0, "17:00")),
    ("D EF 55", "Audi", "A4", "Yusuf Demir", "Front brakes and discs", "booked", 2,
     ((0, "13:00", "15:00", 1, 0),), (0, "16:30")),
    ("L GH 808", "Skoda", "Octavia", "Greta Vogel", "Brake fluid, rear pads", "booked", 1.5,
     ((0, "14:15", "15:45", 1, 2),), (0, "17:00")),
    ("DD KA 12", "Renault", "Kangoo", "Elektro Maier", "Inspection due", "booked", 2,
     ((1, "9:45", "11:45", 1, 2),), (1, "15:00")),
    ("N PQ 61", "Ford", "Focus", "Tim Adler", "Clutch slips", "booked", 6, ((1, "9:45", "15:45", 0, 0),), (2, "12:00")),
    ("HB RS 7", "Seat", "Leon", "Nina Hof", "Timing belt", "booked", 4, ((2, "8:00", "12:00", 0, 0),), (2, "16:00")),
    ("KI TV 19", "Mini", "Cooper", "Ole Jansen", "Starter does nothing", "booked", 2,
     ((2, "9:00", "11:00", 2, 1),), (2, "16:00")),
    ("OL WX 3", "Volvo", "V60", "Dr. Frey", "Service, four wheels", "booked", 3,
     ((3, "8:00", "11:00", 1, 2),), (3, "16:00")),
    ("AC YZ 88", "Kia", "Ceed", "Ina Brandt", "Rattles when cold", "booked", 2,
     ((3, "8:00", "10:00", 0, 1),), (3, "14:00")),
    ("GE BC 40", "Peugeot", "208", "Mia Lang", "Brake light is out", "arrived", 1, (), (0, "9:00")),
    ("WI DE 21", "Hyundai", "i20", "Jan Kraus", "Squeals when turning", "booked", 2, (), (1, "12:00")),
    ("RO FG 6", "Dacia", "Duster", "Forstamt", "Tow bar", "booked", None, (), None),
    ("MZ HI 77", "Citroën", "Berlingo", "Malerei Schön", "Gearbox leaks oil", "in_progress", 5,
     ((-1, "13:00", "16:00", 0, 0),), (0, "18:00")),
)  # fmt: skip
COMING = ((9, "8:30", True, "Inspection and tyres, waits"), (15, "11:30", False, "Squeals when turning"))


def work_day(day: dt.date) -> dt.date:
    """The day itself, or the Monday after: nobody works on Sundays."""
    return day + dt.timedelta(days=(8 - day.isoweekday()) % 7) if day.isoweekday() > 5 else day


DAY = work_day(dt.date(2026, 11, 24))


def clock(day: dt.date, text: str) -> int:
    hours, minutes = text.split(":")
    return moment(day, int(hours) * 60 + int(minutes))


def furnish_schedule(bay: Bay, day: dt.date) -> dict[str, list[str]]:
    """Bays, people, shifts, and a week of work around ``day``; the ids of what was made, by table."""
    made: dict[str, list[str]] = {"bays": [], "people": [], "orders": [], "blocks": []}

    def work(session: Session) -> None:
        _floor(bay, made, session)
        for job in JOBS:
            _job(bay, made, day, job, session)
        _around(bay, made, day, session)

    bay.records.change(bay.actor.reference, work)
    return made


def _floor(bay: Bay, made: dict[str, list[str]], session: Session) -> None:
    for name, equipment in BAYS:
        made["bays"].append(create_work_bay(session, bay.actor, {"name": name, "equipment": equipment}).id)
    for name, skills, starts, ends in PEOPLE:
        person = create_staff(session, bay.actor, {"name": name, "role": "technician"}).id
        assign(session, row_of(session, Staff, person), {"skills": skills})
        made["people"].append(person)
        for weekday in range(1, 6):
            shift = {"staff_id": person, "weekday": weekday, "starts": starts, "ends": ends, "break_minutes": 30}
            create_shift(session, bay.actor, shift)


def _job(bay: Bay, made: dict[str, list[str]], day: dt.date, job: tuple[Any, ...], session: Session) -> None:
    plate, make, model, who, asked, status, hours, blocks, promised = job
    customer = create_customer(session, bay.actor, {"name": who}).id
    car = {"plate": plate, "make": make, "model": model, "customer_id": customer}
    fields = {"vehicle_id": create_vehicle(session, bay.actor, car).id, "complaint": asked, "status": status}
    if promised is not None:
        fields["promised_at"] = clock(day + dt.timedelta(days=promised[0]), promised[1])
    order = create_repair_order(session, bay.actor, fields).id
    made["orders"].append(order)
    expected = None if hours is None else round(hours * 1000)
    assign(session, row_of(session, RepairOrder, order), {"expected_hours": expected})
    for offset, start, end, place, person in blocks:
        on = day + dt.timedelta(days=offset)
        times = {"starts_at": clock(on, start), "ends_at": clock(on, end)}
        held = {"bay_id": made["bays"][place], "staff_id": made["people"][person]}
        made["blocks"].append(create_allocation(session, bay.actor, {"order_id": order, **times, **held}).id)


def _around(bay: Bay, made: dict[str, list[str]], day: dt.date, session: Session) -> None:
    for at, time, waiting, title in COMING:
        fields = {"order_id": made["orders"][at], "starts_at": clock(day, time), "waiting": waiting, "title": title}
        create_appointment(session, bay.actor, fields)
    away = {"starts_at": clock(day, "15:30"), "ends_at": clock(day, "24:00")}
    create_absence(
        session, bay.actor, {"staff_id": made["people"][2], "kind": "training", "remark": "High voltage", **away}
    )
    repair = {"starts_at": clock(day, "15:00"), "ends_at": clock(day, "16:30")}
    create_absence(session, bay.actor, {"bay_id": made["bays"][2], "kind": "repair", **repair})


def page(shell: Shell) -> SchedulePage:
    shell.go("schedule")
    found = shell.content.pages["schedule"]
    assert isinstance(found, SchedulePage)
    return found


def window(bay: Bay) -> Shell:
    """A window with the schedule in it."""
    shell = Shell(bay.context, tuple(entry for entry in ENTRIES if entry.name in ("orders", "schedule", "bays")))
    shell.resize(1280, 800)
    shell.show()
    return shell
