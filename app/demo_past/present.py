"""The demo's present week: cars in every state today, and days ahead that are booked, with time set aside for each."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from app.demo_past.cars import PAST_DAYS
from app.demo_past.diary import MINUTE, Turn, at
from app.demo_past.rows import Maker
from app.demo_past.setting import shift
from app.demo_past.telling import Past, write_rows
from app.demo_past.visits import Visit
from core.planning.models import Absence, Allocation, Appointment
from core.records.fields import Synced
from core.records.ids import new_id
from core.records.records import Records
from core.workshop.models import Note
from core.workshop.states import Status

DAYS_AHEAD = 6
_FULL = 0.85  # of the hours there are
_HOUR = 60 * MINUTE
_QUARTER = 15 * MINUTE
# Today's cars: the state each has reached, when its work begins or began, in minutes from now.
_TODAY: tuple[tuple[Status, int], ...] = (
    (Status.DELIVERED, -290),
    (Status.DELIVERED, -250),
    (Status.READY, -200),
    (Status.READY, -170),
    (Status.QUALITY_CHECK, -110),
    (Status.IN_PROGRESS, -50),
    (Status.IN_PROGRESS, -35),
    (Status.IN_PROGRESS, -15),
    (Status.DIAGNOSING, 20),
    (Status.AWAITING_APPROVAL, 45),
    (Status.AWAITING_APPROVAL, 90),
    (Status.AWAITING_PARTS, 110),
    (Status.ARRIVED, 130),
    (Status.ARRIVED, 190),
    (Status.BOOKED, 210),
)
_UNPLANNED = 3  # booked cars nobody has set time aside for yet
_OPENING = (450, 1080)  # minutes after midnight
_NOTES = (
    (Status.AWAITING_APPROVAL, "Left a message, will call back after lunch."),
    (Status.IN_PROGRESS, "Locking wheel nut is in the glove box."),
    (Status.READY, "Please show the old pads at the handover."),
)


def tell_present(records: Records, past: Past, now: int) -> None:
    """Write the week around ``now`` (UTC milliseconds) into the records of ``past``."""
    write_rows(records, f"staff:{past.world.adviser.id}", Present(past, now).rows())


class Present:
    """Makes the rows of the week around ``now`` (UTC milliseconds)."""

    def __init__(self, past: Past, now: int) -> None:
        self._past, self._now = past, now
        self._dice = random.Random(f"{past.world.seed}/present")
        self._technicians = [number for number, each in enumerate(past.stock.staff) if each["role"] == "technician"]
        self._noted: set[Status] = set()

    def rows(self) -> list[Synced]:
        """All of them; the ids are of the moments at which they would have been written."""
        coming = list(self._past.coming)
        rows: list[Synced] = list(self._hours_of_today())
        for place, (status, minutes) in enumerate(_TODAY):
            if coming:
                rows += self._today(coming.pop(0), status, minutes, place)
        rows += self._week(coming)
        rows += self._unplanned(coming)
        rows += self._away()
        return rows

    def _hours_of_today(self) -> Iterator[Synced]:
        """People are at work when the demo is shown, be it a Sunday evening."""
        today = self._past.today
        if today.isoweekday() <= 5:
            return
        for person, given in zip(self._past.world.staff, self._past.stock.staff, strict=True):
            yield shift(self._id(), person.id, today.isoweekday(), given["hours"], today)

    def _today(self, visit: Visit, status: Status, minutes: int, place: int) -> list[Synced]:
        visit.day = PAST_DAYS
        begun = (self._now + minutes * MINUTE) // _QUARTER * _QUARTER
        length = max(30 * MINUTE, visit.hours * _HOUR // 1000)
        if status in (Status.DELIVERED, Status.READY, Status.QUALITY_CHECK):
            length = min(length, -minutes * MINUTE - 20 * MINUTE)
        turn = Turn(
            visit,
            self._technicians[place % len(self._technicians)],
            place % len(self._past.stock.bays),
            min(begun, self._now) - 40 * MINUTE,
            begun,
            begun + length,
        )
        return self._kept(Maker(self._past.world, turn, reached=status))

    def _kept(self, maker: Maker) -> list[Synced]:
        left = maker.make()
        if self._now - maker.turn.ended < 90 * MINUTE and maker.reached is Status.DELIVERED:
            left.order.promised_at = maker.turn.ended + _QUARTER
        rows: list[Synced] = list(left)
        if maker.reached is Status.DELIVERED:
            rows += self._past.billing.invoice(left, maker.turn.visit.car, self._now - 30 * MINUTE)
        rows.append(self._allocation(left.order.id, maker.turn))
        rows.append(self._appointment(left.order.id, left.order.customer_id, maker))
        for status, text in _NOTES:
            if status is maker.reached and status not in self._noted:
                self._noted.add(status)
                rows.append(self._note(left.order.id, text))
        return rows

    def _week(self, coming: list[Visit]) -> list[Synced]:
        """The next working days, each filled with whoever comes next."""
        rows: list[Synced] = []
        for ahead in range(1, DAYS_AHEAD + 1):
            date = self._past.today + dt.timedelta(days=ahead)
            if date.weekday() > 4:
                continue
            for place, technician in enumerate(self._technicians):
                starts, ends, _rest = self._past.stock.staff[technician]["hours"]
                minute = float(starts)
                while coming and minute - starts < (ends - starts) * _FULL:
                    visit = coming.pop(0)
                    visit.day = PAST_DAYS + ahead
                    length = max(30, -(-visit.hours * 60 // 15_000) * 15)
                    begun = at(date, minute)
                    came = at(date, max(starts, minute - 30))
                    turn = Turn(visit, technician, place, came, begun, begun + length * MINUTE)
                    rows += self._kept(Maker(self._past.world, turn, reached=Status.BOOKED))
                    minute += length + (15 if self._dice.random() < 0.4 else 0)
        return rows

    def _unplanned(self, coming: Sequence[Visit]) -> list[Synced]:
        rows: list[Synced] = []
        for number, visit in enumerate(coming[:_UNPLANNED]):
            visit.day = PAST_DAYS + 2 + number
            begun = at(self._past.today + dt.timedelta(days=2 + number), 600)
            turn = Turn(visit, self._technicians[0], 0, begun, begun, begun + visit.hours * _HOUR // 1000)
            left = Maker(self._past.world, turn, reached=Status.BOOKED).make()
            left.order.technician_id = left.order.bay = None
            rows += left
        return rows

    def _away(self) -> Iterator[Synced]:
        """A training, and a lift that is looked over."""
        first, second = (self._workday(number) for number in (2, 3))
        yield Absence(
            id=self._id(),
            staff_id=self._past.world.staff[self._technicians[1]].id,
            starts_at=at(first, 13 * 60),
            ends_at=at(first, 990),
            kind="training",
            remark="High-voltage refresher",
        )
        yield Absence(
            id=self._id(),
            bay_id=self._past.setting.bays[1].id,
            starts_at=at(second, 450),
            ends_at=at(second, 600),
            kind="repair",
            remark="Yearly check of the lift",
        )

    def _workday(self, number: int) -> dt.date:
        date = self._past.today
        while number:
            date += dt.timedelta(days=1)
            number -= date.weekday() < 5
        return date

    def _allocation(self, order: str, turn: Turn) -> Allocation:
        return Allocation(
            id=self._id(),
            order_id=order,
            bay_id=self._past.setting.bays[turn.bay].id,
            staff_id=self._past.world.staff[turn.technician].id,
            starts_at=turn.begun // _QUARTER * _QUARTER,
            ends_at=-(-turn.ended // _QUARTER) * _QUARTER,
        )

    def _appointment(self, order: str, customer: str | None, maker: Maker) -> Appointment:
        came = maker.turn.came // _QUARTER * _QUARTER
        booked = maker.reached is Status.BOOKED
        return Appointment(
            id=self._id(),
            order_id=order,
            customer_id=customer,
            vehicle_id=maker.vehicle,
            starts_at=came,
            ends_at=came + _QUARTER,
            title=maker.turn.visit.said,
            status=self._dice.choice(("booked", "confirmed")) if booked else "arrived",
            channel=self._dice.choice(("phone", "in_person", "web")),
            waiting=maker.turn.visit.hours < 700,
            calendar_sequence=0,
        )

    def _note(self, order: str, text: str) -> Note:
        adviser = self._past.world.adviser
        return Note(
            id=self._id(),
            order_id=order,
            text=text,
            author=f"staff:{adviser.id}",
            author_name=adviser.name,
            written_at=self._now - 25 * MINUTE,
        )

    def _id(self) -> str:
        return new_id(self._now, self._dice)
