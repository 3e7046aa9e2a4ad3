"""A small shop for the tests of planning: a Monday, two bays, two people, and who writes what."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.people.models import Staff
from core.people.roles import Actor
from core.people.staff import create_staff
from core.planning.allocations import create_allocation
from core.planning.local_days import moment
from core.planning.shifts import create_shift
from core.planning.work_bays import create_work_bay
from core.records.rows import assign, row_of
from core.vehicles.vehicles import create_vehicle
from core.workshop.models import RepairOrder
from core.workshop.orders import create_repair_order
from tests.core.people.desk import Desk

MONDAY = dt.date(2026, 11, 23)
HERE = dt.UTC
HOUR = 3_600_000


def clock(text: str, day: dt.date = MONDAY) -> int:
    """ "9:30" of a day, UTC milliseconds."""
    hours, minutes = text.split(":")
    return moment(day, int(hours) * 60 + int(minutes), HERE)


@dataclass(frozen=True)
class Shop:
    """``lift`` has a four-post lift, ``pit`` a pit; tom does brakes, eva does brakes and tyres; both work 8 to 16."""

    desk: Desk
    lift: str
    pit: str
    tom: str
    eva: str

    def order(
        self, plate: str = "A-1", *, hours: int | None = None, skills: str = "", needs: str = "", **more: Any
    ) -> str:
        car = self.desk.do(create_vehicle, {"plate": plate, "make": "Opel", "model": "Astra"}).id
        made = self.desk.do(create_repair_order, {"vehicle_id": car, "complaint": f"Job of {plate}", **more}).id
        expected = None if hours is None else hours * 1000
        self.desk.do(_expect, made, {"expected_hours": expected, "skills": skills or None, "equipment": needs or None})
        return made

    def set_aside(self, order: str, start: str, end: str, day: dt.date = MONDAY, **more: Any) -> str:
        times = {"starts_at": clock(start, day), "ends_at": clock(end, day)}
        return self.desk.do(create_allocation, {"order_id": order, **times, **more}).id


def shop(desk: Desk, *, shifts: bool = True) -> Shop:
    lift = desk.do(create_work_bay, {"name": "Bay 1", "equipment": "Four-post lift, brake tester"}).id
    pit = desk.do(create_work_bay, {"name": "Bay 2", "equipment": "pit"}).id
    people = []
    for name, skills in (("Tom", "brakes"), ("Eva", "Brakes, tyres")):
        someone = desk.do(create_staff, {"name": name, "role": "technician"}).id
        desk.do(_teach, someone, skills)
        people.append(someone)
        for weekday in range(1, 6) if shifts else ():
            desk.do(create_shift, {"staff_id": someone, "weekday": weekday, "starts": 480, "ends": 960})
    return Shop(desk, lift, pit, *people)


def _teach(session: Session, actor: Actor, staff: str, skills: str) -> None:
    assign(session, row_of(session, Staff, staff), {"skills": skills})


def _expect(session: Session, actor: Actor, order: str, wanted: dict[str, str | int | None]) -> None:
    assign(session, row_of(session, RepairOrder, order), wanted)
