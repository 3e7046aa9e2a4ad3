"""Who works on an order and how long it took, as the window reads and writes it. Each function waits."""

import time
from dataclasses import dataclass

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.clock import Turn, clock_off, clocked_on, switch
from core.workshop.hours import OrderTime, order_times
from core.workshop.orders import get_repair_order
from ui.orders_reading import Person, read_people


@dataclass(frozen=True, slots=True)
class ClockRead:
    """``elsewhere``: the number of the order that the person in question is clocked on to; "" when on none."""

    time: OrderTime
    people: tuple[Person, ...]
    elsewhere: dict[str, str]
    at: int  # UTC milliseconds
    status: str | None = None  # of the order


def read_clock(records: Records, row: str) -> ClockRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        now = round(time.time() * 1000)
        elsewhere: dict[str, str] = {}
        for each in clocked_on(session):
            if each.staff_id and each.order_id and each.order_id != row:
                elsewhere[each.staff_id] = get_repair_order(session, each.order_id, deleted=True).number or ""
        status = get_repair_order(session, row, deleted=True).status
        return ClockRead(order_times(session, [row], until=now)[row], read_people(session), elsewhere, now, status)


def go_on(records: Records, actor: Actor, row: str, person: str | None) -> Turn:
    """Clock on to an order, off from any other. Raises ``Refused``, ``Denied``, ``RecordsError``."""
    return records.change(actor.reference, lambda session: switch(session, actor, row, staff_id=person)).value


def go_off(records: Records, actor: Actor, person: str | None) -> Turn:
    """Clock off. Raises as ``go_on``."""
    return records.change(actor.reference, lambda session: clock_off(session, actor, staff_id=person)).value
