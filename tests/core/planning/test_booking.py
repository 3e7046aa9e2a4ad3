"""Booking in one step: nothing of it, or all of it."""

import pytest

from core.people.roles import Denied, Role
from core.planning.allocations import list_allocations
from core.planning.appointments import get_appointment
from core.planning.booking import book
from core.planning.schedule import day_schedule
from core.vehicles.vehicles import create_vehicle
from core.workshop.models import RepairOrder
from core.workshop.orders import get_repair_order, list_repair_orders
from tests.core.people.desk import Desk
from tests.core.planning.stage import HERE, MONDAY, clock, shop


def test_appointment_order_and_time_are_made_together(desk: Desk) -> None:
    here = shop(desk)
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    made = desk.do(
        book,
        {
            "vehicle_id": car, "title": "Brakes", "notes": "Loud", "starts_at": clock("8:00"), "minutes": 90,
            "skills": "brakes", "equipment": "four-post lift", "bay_id": here.lift, "staff_id": here.tom,
            "waiting": True,
        },
    )  # fmt: skip
    order = desk.see(get_repair_order, made.order_id)
    assert (order.status, order.vehicle_plate, order.complaint) == ("booked", "A-1", "Brakes\nLoud")
    appointment = desk.see(get_appointment, made.appointment_id)
    assert (appointment.order_id, appointment.title, appointment.waiting) == (made.order_id, "Brakes", True)
    [block] = desk.see(list_allocations).items
    assert (block.id, block.starts_at, block.ends_at) == (made.allocation_id, clock("8:00"), clock("9:30"))
    row = desk.see(lambda session: session.get(RepairOrder, made.order_id))
    assert row is not None
    assert (row.expected_hours, row.skills, row.equipment) == (1500, "brakes", "four-post lift")
    seen = desk.see(day_schedule, MONDAY, now=clock("7:00"), here=HERE)
    assert (seen.unplanned, seen.conflicts) == ((), 0)


def test_without_a_bay_and_anybody_it_waits_in_the_tray(desk: Desk) -> None:
    shop(desk)
    made = desk.do(book, {"title": "Tyres", "starts_at": clock("8:00"), "minutes": 60})
    assert made.allocation_id is None
    seen = desk.see(day_schedule, MONDAY, now=clock("7:00"), here=HERE)
    assert [each.appointment_at for each in seen.unplanned] == [clock("8:00")]


def test_nothing_is_made_of_a_booking_that_is_wrong_or_not_allowed(desk: Desk) -> None:
    assert set(desk.problems(book, {"minutes": 0})) == {"title", "starts_at", "minutes"}
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(book, {"title": "Tyres", "starts_at": clock("8:00"), "minutes": 60})
    assert desk.see(list_repair_orders).items == ()


def test_who_and_where_it_was_booked_for_stands_on_the_order(desk: Desk) -> None:
    here = shop(desk)
    fields: dict[str, object] = {"title": "Brakes squeal", "starts_at": clock("9:00"), "minutes": 60}
    held = {"bay_id": here.lift, "staff_id": here.tom}
    order = desk.see(get_repair_order, desk.do(book, {**fields, **held}).order_id)
    assert (order.technician_id, order.bay, order.adviser_id) == (here.tom, "Bay 1", desk.actor.id)
