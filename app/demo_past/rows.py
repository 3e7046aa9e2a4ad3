"""What a visit leaves in the records: the order with its lines and moves, punches, readings, parts that were fitted."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.demo_past.diary import MINUTE, Turn
from app.demo_past.stock import Work
from core.people.models import Staff
from core.records.fields import Synced
from core.records.ids import new_id
from core.vehicles.models import InstalledPart, OdometerReading
from core.workshop.estimate_models import LineDecision, Recommendation
from core.workshop.models import ClockPunch, QualityCheck, RepairOrder, RepairOrderLine, StatusMove
from core.workshop.parts_models import Part, StockMove
from core.workshop.states import Status

LASTING = frozenset({"front_pads", "rear_pads", "front_disc", "rear_disc", "battery", "tyre", "belt_kit", "alternator"})
_QUARTER = 15 * MINUTE
_ASKED_FROM = 30_000  # minor units: cheaper work is done without asking
_PAST = (Status.BOOKED, Status.ARRIVED, Status.IN_PROGRESS, Status.READY, Status.DELIVERED)


@dataclass(slots=True)
class World:
    """What is the same for all visits: who is there, by their ids, and what is left of each part (thousandths)."""

    seed: int
    owner_ids: list[str]
    owner_names: list[str]
    vehicle_ids: list[str]
    staff: list[Staff]
    bay_names: list[str]
    parts: dict[str, Part]
    labour_rate: int
    tax_rate: int
    suffix: str
    sequence: int
    left: dict[str, int] = field(default_factory=dict)
    last_order: dict[str, str] = field(default_factory=dict)  # by vehicle

    @property
    def adviser(self) -> Staff:
        """Who speaks with customers."""
        return next(each for each in self.staff if each.role == "adviser")


@dataclass(slots=True)
class Left:
    """What one visit left: the order, its lines, and everything else."""

    order: RepairOrder
    lines: list[RepairOrderLine]
    rest: list[Synced]

    def __iter__(self) -> Iterator[Synced]:
        yield self.order
        yield from self.lines
        yield from self.rest


class Maker:
    """Makes the rows of one visit, each with an id of its own moment."""

    def __init__(self, world: World, turn: Turn, *, reached: Status = Status.DELIVERED) -> None:
        self.world, self.turn, self.reached = world, turn, reached
        self.dice = random.Random(f"{world.seed}/rows/{turn.visit.car.number}/{turn.visit.day}/{world.sequence}")
        self.technician = world.staff[turn.technician]
        self.vehicle = world.vehicle_ids[turn.visit.car.number]
        self.made_at = turn.came - self.dice.randint(1, 9) * 24 * 60 * MINUTE
        self.fetched_at = turn.ended + self.dice.randint(30, 200) * MINUTE
        self.rest: list[Synced] = []

    def id(self, at_ms: int) -> str:
        """A fresh row id of that moment."""
        return new_id(at_ms, self.dice)

    def make(self) -> Left:
        """The rows up to the state the order has reached."""
        order = self._order()
        self.world.last_order[self.vehicle] = order.id
        lines = [line for work in self.turn.visit.done for line in self._lines(order, work)]
        declined = [line for work in self.turn.visit.advised for line in self._lines(order, work)[:1]]
        for position, line in enumerate([*lines, *declined], 1):
            line.position = position
        if self._is_past(Status.AWAITING_PARTS):
            self._decisions(order, lines, declined)
        self._moves(order)
        self._arrival(order)
        if self._is_past(Status.IN_PROGRESS):
            self._punches(order)
            self._fitted(order, lines)
        if self._is_past(Status.QUALITY_CHECK):
            self._checked(order)
        return Left(order, [*lines, *declined], self.rest)

    def _is_past(self, status: Status) -> bool:
        """Whether the order has reached this state, by the way it usually goes."""
        order = list(Status)
        return order.index(self.reached) >= order.index(status)

    def _order(self) -> RepairOrder:
        visit, world = self.turn.visit, self.world
        world.sequence += 1
        km = visit.car.odometer(visit.day)
        delivered = self.reached is Status.DELIVERED
        cause = "; ".join(self._cause(each) for each in visit.done if each.cause)
        return RepairOrder(
            id=self.id(self.made_at),
            number=f"{world.sequence}-{world.suffix}",
            sequence=world.sequence,
            vehicle_id=self.vehicle,
            customer_id=world.owner_ids[visit.car.owner],
            status=self.reached.value,
            priority="high" if visit.comeback else "normal",
            complaint=visit.said,
            cause=cause or None if self._is_past(Status.DIAGNOSING) else None,
            correction="; ".join(each.title for each in visit.done) if delivered else None,
            opened_at=self.made_at,
            promised_at=self._promise(),
            adviser_id=world.adviser.id,
            technician_id=self.technician.id,
            bay=world.bay_names[self.turn.bay],
            key_tag=str(1 + world.sequence % 40),
            odometer_in=km if self._is_past(Status.ARRIVED) else None,
            comeback_of=self.world.last_order.get(self.vehicle) if visit.comeback else None,
            odometer_out=km + self.dice.randint(0, 9) if delivered else None,
            expected_hours=visit.hours,
            skills=", ".join(sorted({each.skills for each in visit.done if each.skills})) or None,
            equipment=", ".join(sorted({each.equipment for each in visit.done if each.equipment})) or None,
        )

    def _promise(self) -> int:
        """What the adviser said: the time it should take, and some to spare. Now and then that was not enough."""
        should = self.turn.begun + self.turn.visit.hours * 3_600
        spare = self.dice.choice((-30, 15, 45, 60, 90, 90, 120, 120)) if self._is_past(Status.READY) else 90
        return (should + spare * MINUTE) // _QUARTER * _QUARTER

    def _cause(self, work: Work) -> str:
        left = self.turn.visit.worn.get(work.key, 18) / 10
        return work.cause.format(mm=f"{left:.1f}", percent=self.dice.randint(22, 48))

    def _lines(self, order: RepairOrder, work: Work) -> list[RepairOrderLine]:
        world = self.world
        labour = RepairOrderLine(
            id=self.id(self.turn.came),
            order_id=order.id,
            kind="labour",
            description=work.title,
            quantity=work.hours,
            unit_price=world.labour_rate,
            unit_cost=self.technician.hourly_cost,
            tax_rate=world.tax_rate,
            technician_id=self.technician.id,
        )
        lines = [labour]
        for key, quantity in work.parts:
            part = world.parts[key]
            lines.append(
                RepairOrderLine(
                    id=self.id(self.turn.came),
                    order_id=order.id,
                    kind="part",
                    description=part.name,
                    part_number=part.number,
                    part_id=part.id,
                    quantity=quantity,
                    unit_price=part.price,
                    unit_cost=part.cost,
                    tax_rate=world.tax_rate,
                    part_state=self._part_state(),
                )
            )
        return lines

    def _part_state(self) -> str:
        if self._is_past(Status.QUALITY_CHECK):
            return "fitted"
        if self.reached is Status.AWAITING_PARTS:
            return "on_the_way"
        return "here" if self._is_past(Status.IN_PROGRESS) else "not_ordered"

    def _decisions(self, order: RepairOrder, lines: list[RepairOrderLine], declined: list[RepairOrderLine]) -> None:
        """What the customer said: to work that was asked for nothing, unless it is dear or was found on the way."""
        total = sum((line.quantity or 0) * (line.unit_price or 0) // 1000 for line in lines)
        way = self.dice.choice(("phone", "in_person", "message"))
        said = [(line, "declined") for line in declined]
        if total >= _ASKED_FROM or declined or self.reached is Status.DELIVERED:
            said += [(line, "approved") for line in lines]
        owner = self.world.owner_names[self.turn.visit.car.owner]
        when = self.turn.begun - self.dice.randint(2, 12) * MINUTE
        for line, decision in said:
            self.rest.append(
                LineDecision(
                    id=self.id(when),
                    order_id=order.id,
                    line_id=line.id,
                    decision=decision,
                    said_by=owner,
                    way=way,
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    tax_rate=line.tax_rate,
                    description=line.description or "",
                    recorded_by=f"staff:{self.world.adviser.id}",
                    recorded_by_name=self.world.adviser.name,
                    decided_at=when,
                )
            )
            if decision == "declined":
                self._recommended(order, line, when)

    def _recommended(self, order: RepairOrder, line: RepairOrderLine, when: int) -> None:
        self.rest.append(
            Recommendation(
                id=self.id(when),
                vehicle_id=self.vehicle,
                order_id=order.id,
                line_id=line.id,
                kind=line.kind,
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
                due_odometer=(order.odometer_in or 0) + 5000,
                state="open",
                advised_at=when,
            )
        )

    def _moves(self, order: RepairOrder) -> None:
        turn = self.turn
        end = turn.ended
        moments = (self.made_at, turn.came, turn.begun, end + 12 * MINUTE, self.fetched_at)
        before: str | None = None
        for status, moment in zip(_PAST, moments, strict=True):
            who = self.technician if status is Status.IN_PROGRESS else self.world.adviser
            if not self._is_past(status):
                break
            self._move(order, before, status.value, who, moment)
            before = status.value
        if self.reached not in _PAST:
            self._move(order, before, self.reached.value, self.technician, max(turn.begun, turn.came) + 20 * MINUTE)

    def _move(self, order: RepairOrder, before: str | None, after: str, who: Staff, moment: int) -> None:
        self.rest.append(
            StatusMove(
                id=self.id(moment),
                order_id=order.id,
                before=before,
                after=after,
                moved_by=f"staff:{who.id}",
                moved_by_name=who.name,
                moved_at=moment,
            )
        )

    def _arrival(self, order: RepairOrder) -> None:
        if order.odometer_in is not None:
            self.rest.append(
                OdometerReading(
                    id=self.id(self.turn.came),
                    vehicle_id=self.vehicle,
                    value=order.odometer_in,
                    read_at=self.turn.came,
                    source="repair_order",
                    read_by=f"staff:{self.world.adviser.id}",
                )
            )

    def _punches(self, order: RepairOrder) -> None:
        directions = ["in", "out"] if self._is_past(Status.QUALITY_CHECK) else ["in"]
        for direction, moment in zip(directions, (self.turn.begun, self.turn.ended), strict=False):
            self.rest.append(
                ClockPunch(
                    id=self.id(moment),
                    staff_id=self.technician.id,
                    order_id=order.id,
                    direction=direction,
                    at=moment,
                )
            )

    def _fitted(self, order: RepairOrder, lines: list[RepairOrderLine]) -> None:
        """Parts leave the store when they are fitted; the lasting ones are remembered with the car."""
        if not self._is_past(Status.QUALITY_CHECK):
            return
        keys = {part.id: key for key, part in self.world.parts.items()}
        day = self.turn.visit
        for line in lines:
            if line.part_id is None:
                continue
            key, quantity = keys[line.part_id], line.quantity or 0
            self.world.left[key] = self.world.left.get(key, 0) - quantity
            self.rest.append(
                StockMove(
                    id=self.id(self.turn.begun),
                    part_id=line.part_id,
                    quantity=-quantity,
                    reason="fitted",
                    order_id=order.id,
                    line_id=line.id,
                    unit_cost=line.unit_cost,
                    moved_by=f"staff:{self.technician.id}",
                    moved_by_name=self.technician.name,
                    moved_at=self.turn.begun,
                )
            )
            if key in LASTING:
                self.rest.append(self._installed(order, line, day.car.odometer(day.day)))

    def _installed(self, order: RepairOrder, line: RepairOrderLine, km: int) -> InstalledPart:
        return InstalledPart(
            id=self.id(self.turn.ended),
            vehicle_id=self.vehicle,
            part_id=line.part_id,
            order_id=order.id,
            line_id=line.id,
            name=line.description,
            part_number=line.part_number,
            quantity=line.quantity,
            fitted_on=day_of(self.turn.ended),
            fitted_at_odometer=km,
        )

    def _checked(self, order: RepairOrder) -> None:
        if not self._is_past(Status.READY):
            return
        moment = self.turn.ended + 10 * MINUTE
        checker = self.world.staff[0]
        self.rest.append(
            QualityCheck(
                id=self.id(moment),
                order_id=order.id,
                passed=True,
                checked_by=f"staff:{checker.id}",
                checked_by_name=checker.name,
                checked_at=moment,
            )
        )


def day_of(at_ms: int) -> str:
    """The calendar day of a moment, where this machine stands."""
    return dt.datetime.fromtimestamp(at_ms / 1000).astimezone().date().isoformat()
