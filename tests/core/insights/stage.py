"""A shop with a past that a test writes down: orders with their moves, punches and lines, in hours after a Monday."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.people.models import Staff
from core.planning.models import Shift
from core.records.fields import Synced
from core.records.ids import new_id
from core.vehicles.models import Vehicle
from core.workshop.hours import midnight, zone
from core.workshop.models import ClockPunch, RepairOrder, RepairOrderLine, StatusMove
from tests.core.people.desk import Desk

MONDAY = midnight(dt.date(2026, 11, 16), zone())
HOUR = 3_600_000
NOW = MONDAY + 5 * 24 * HOUR + 12 * HOUR  # Saturday at noon


@dataclass
class Shop:
    """Writes rows as they are. Hours count from Monday, midnight."""

    desk: Desk
    numbers: int = 0
    staff: dict[str, str] = field(default_factory=dict)

    def put(self, *rows: Synced) -> None:
        def work(session: Session) -> None:
            session.add_all(rows)

        self.desk.records.change("system", work)

    def person(self, name: str, *, shift: tuple[int, int, int] | None = (8, 17, 60)) -> str:
        """Somebody, on shift from Monday to Friday: from, to (hours) and break (minutes)."""
        id_ = self.id()
        self.put(Staff(id=id_, name=name, role="technician", active=True))
        if shift is not None:
            starts, ends, rest = shift
            for weekday in range(1, 6):
                hours = {"starts": starts * 60, "ends": ends * 60, "break_minutes": rest}
                self.put(Shift(id=self.id(), staff_id=id_, weekday=weekday, **hours))
        self.staff[name] = id_
        return id_

    def order(
        self,
        *,
        came: float | None = 8,
        ready: float | None = None,
        promised: float | None = None,
        technician: str | None = None,
        status: str | None = None,
        comeback_of: str | None = None,
        cause: str | None = None,
        make: str | None = None,
    ) -> str:
        """An order that came and was ready at these hours; still at work when it was not."""
        id_ = self.id()
        vehicle = self.id()
        self.put(Vehicle(id=vehicle, plate=f"P {self.numbers}", make=make, model="One"))
        self.put(
            RepairOrder(
                id=id_,
                number=str(self.numbers),
                vehicle_id=vehicle,
                status=status or ("ready" if ready is not None else "in_progress"),
                promised_at=None if promised is None else at(promised),
                technician_id=technician,
                opened_at=MONDAY,
                comeback_of=comeback_of,
                cause=cause,
            )
        )
        if came is not None:
            self.move(id_, "booked", "arrived", came)
        if ready is not None:
            self.move(id_, "in_progress", "ready", ready)
        return id_

    def move(self, order: str, before: str, after: str, hour: float) -> None:
        self.put(StatusMove(id=self.id(), order_id=order, before=before, after=after, moved_at=at(hour)))

    def clocked(self, person: str, order: str, start: float, end: float | None) -> None:
        self.put(ClockPunch(id=self.id(), staff_id=person, order_id=order, direction="in", at=at(start)))
        if end is not None:
            self.put(ClockPunch(id=self.id(), staff_id=person, order_id=order, direction="out", at=at(end)))

    def labour(self, order: str, hours: int, technician: str | None = None) -> str:
        """A line of so many thousandths of an hour."""
        id_ = self.id()
        line = {"kind": "labour", "quantity": hours, "unit_price": 9000, "technician_id": technician}
        self.put(RepairOrderLine(id=id_, order_id=order, **line))
        return id_

    def id(self) -> str:
        self.numbers += 1
        return new_id(MONDAY + self.numbers)


def at(hour: float) -> int:
    """UTC milliseconds."""
    return MONDAY + round(hour * HOUR)
