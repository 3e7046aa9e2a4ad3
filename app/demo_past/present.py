"""The demo's present week: cars in every state today, and days ahead that are booked, with time set aside for each."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from app.demo_past.cars import PAST_DAYS
from app.demo_past.diary import MINUTE, Turn, at
from app.demo_past.rows import Maker
from app.demo_past.setting import shift
from app.demo_past.stock import TECHNICIAN
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
# Today's cars of each technician, one after another: what is done, what they are at since so many minutes, what waits.
_TODAY: tuple[tuple[tuple[Status, ...], int, tuple[Status, ...]], ...] = (
    ((Status.DELIVERED, Status.QUALITY_CHECK), 50, (Status.DIAGNOSING, Status.AWAITING_APPROVAL, Status.ARRIVED)),
    ((Status.DELIVERED, Status.READY), 35, (Status.AWAITING_APPROVAL, Status.ARRIVED)),
    ((Status.READY,), 20, (Status.AWAITING_PARTS, Status.BOOKED)),
)
_FITTING = range(700, 2001)  # thousandths of an hour: so that several cars fit into a day, and can be read there
_EXTRA = 330  # minutes before and after now in which people are at work, be it night
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
        everybody = [number for number, each in enumerate(past.stock.staff) if each["role"] == TECHNICIAN]
        self._technicians = everybody[: len(_TODAY)]
        self._noted: set[Status] = set()

    def rows(self) -> list[Synced]:
        """All of them; the ids are of the moments at which they would have been written."""
        coming = list({visit.car.number: visit for visit in reversed(self._past.coming)}.values())[::-1]  # a car once
        rows: list[Synced] = list(self._hours_of_today())
        for place, (done, since, waiting) in enumerate(_TODAY):
            rows += self._day_of(place, [*done, Status.IN_PROGRESS, *waiting], since, coming)
        rows += self._week(coming)
        rows += self._unplanned(coming)
        rows += self._away()
        return rows

    def _hours_of_today(self) -> Iterator[Synced]:
        """People are at work when the demo is shown, be it a Sunday evening."""
        today = self._past.today
        now = (self._now - at(today, 0)) // MINUTE
        for person, given in zip(self._past.world.staff, self._past.stock.staff, strict=True):
            starts, ends, _rest = given["hours"]
            if today.isoweekday() > 5:
                starts = ends = now
            spans = ((max(0, now - _EXTRA), starts), (ends, min(24 * 60, now + _EXTRA)))
            for begin, end in spans:
                if begin < end:
                    extra = shift(self._id(), person.id, today.isoweekday(), [begin, end, 0], today)
                    extra.until = today.isoformat()
                    yield extra

    def _day_of(self, place: int, states: list[Status], since: int, coming: list[Visit]) -> list[Synced]:
        """One technician's cars of today in a bay of their own, around what they are at since so many minutes."""
        visits = [visit for visit in coming if visit.hours in _FITTING and self._fits(visit, place)][: len(states)]
        for visit in visits:
            coming.remove(visit)
        lengths = [-(-visit.hours * 60 // 1000 // 15) * 15 for visit in visits]
        current = states.index(Status.IN_PROGRESS)
        start = (self._now - since * MINUTE) // _QUARTER * _QUARTER
        begun = start - sum(lengths[:current]) * MINUTE
        rows: list[Synced] = []
        for number, (visit, status) in enumerate(zip(visits, states, strict=False)):
            length = lengths[number] if number != current else max(lengths[number], since + 45) // 15 * 15
            visit.day = PAST_DAYS
            came = min(begun, self._now) - 40 * MINUTE
            turn = Turn(visit, self._technicians[place], place, came, begun, begun + length * MINUTE)
            rows += self._kept(Maker(self._past.world, turn, reached=status))
            begun += length * MINUTE
        return rows

    def _fits(self, visit: Visit, place: int) -> bool:
        """Whether who stands in that bay can do it, and the bay has what it takes."""
        can = self._past.stock.staff[self._technicians[place]]["skills"]
        has = self._past.stock.bays[place]["equipment"]
        return all(work.skills in can and work.equipment in has for work in visit.done)

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
