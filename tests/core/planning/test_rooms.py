"""Bays, shifts, absences, appointments and allocations: written, changed, refused in words."""

from collections.abc import Callable
from typing import Any

import pytest

from core.people.customers import create_customer
from core.people.roles import Denied, Role
from core.planning import absences, allocations, appointments, shifts, work_bays
from core.records.input import NotFound
from core.vehicles.vehicles import create_vehicle
from tests.core.people.desk import Desk
from tests.core.planning.stage import HOUR, Shop, clock, shop

ROOMS: list[tuple[Any, str, Callable[[Shop], dict[str, Any]], dict[str, Any]]] = [
    (work_bays, "work_bay", lambda s: {"name": "Bay 9"}, {"name": "Bay 10"}),
    (shifts, "shift", lambda s: {"staff_id": s.tom, "weekday": 6, "starts": 480, "ends": 720}, {"ends": 780}),
    (absences, "absence", lambda s: {"staff_id": s.tom, "starts_at": clock("8:00")}, {"kind": "sick"}),
    (appointments, "appointment", lambda s: {"title": "Tyres", "starts_at": clock("8:00")}, {"status": "confirmed"}),
    (
        allocations,
        "allocation",
        lambda s: {"order_id": s.order(), "bay_id": s.lift, "starts_at": clock("8:00"), "ends_at": clock("9:00")},
        {"ends_at": clock("10:00")},
    ),
]
IDS = [name for _, name, _, _ in ROOMS]


@pytest.mark.parametrize(("room", "name", "given", "part"), ROOMS, ids=IDS)
def test_a_row_lives_and_is_deleted_and_restored(
    desk: Desk, room: Any, name: str, given: Callable[[Shop], dict[str, Any]], part: dict[str, Any]
) -> None:
    fields = given(shop(desk))
    made = desk.do(getattr(room, f"create_{name}"), fields)
    assert {field: getattr(made, field) for field in fields} == fields
    assert desk.see(getattr(room, f"get_{name}"), made.id) == made
    changed = desk.do(getattr(room, f"change_{name}"), made.id, part)
    assert {field: getattr(changed, field) for field in part} == part
    listed = desk.see(getattr(room, f"list_{name}s"), sort="newest") if name not in ("work_bay", "absence") else None
    if listed is not None:
        assert listed.items[0].id == made.id
    desk.do(getattr(room, f"delete_{name}"), made.id)
    with pytest.raises(NotFound):
        desk.see(getattr(room, f"get_{name}"), made.id)
    assert desk.do(getattr(room, f"restore_{name}"), made.id).id == made.id


@pytest.mark.parametrize(("room", "name", "given", "part"), ROOMS, ids=IDS)
def test_the_floor_reads_the_plan_and_does_not_write_it(
    desk: Desk, room: Any, name: str, given: Callable[[Shop], dict[str, Any]], part: dict[str, Any]
) -> None:
    fields = given(shop(desk))
    for role in (Role.TECHNICIAN, Role.PARTS, Role.VIEWER):
        with pytest.raises(Denied):
            desk.as_(role).do(getattr(room, f"create_{name}"), fields)
    adviser = desk.as_(Role.ADVISER)
    if name in ("appointment", "allocation"):
        adviser.do(getattr(room, f"create_{name}"), fields)
    else:
        with pytest.raises(Denied):
            adviser.do(getattr(room, f"create_{name}"), fields)


def test_all_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    here = shop(desk)
    nine, eight = clock("9:00"), clock("8:00")
    cases: list[tuple[Any, dict[str, Any], set[str]]] = [
        (work_bays.create_work_bay, {"position": -1}, {"name", "position"}),
        (shifts.create_shift, {"staff_id": here.tom, "weekday": 8, "starts": 480, "ends": 480}, {"weekday", "ends"}),
        (shifts.create_shift, {"staff_id": here.tom, "weekday": 1, "starts": 0, "ends": 1200}, {"ends"}),
        (
            shifts.create_shift,
            {"staff_id": here.tom, "weekday": 1, "starts": 480, "ends": 500, "break_minutes": 20},
            {"break_minutes"},
        ),
        (
            shifts.create_shift,
            {"staff_id": here.tom, "weekday": 1, "starts": 1, "ends": 9, "since": "2026-02-01", "until": "2026-01-01"},
            {"until"},
        ),
        (absences.create_absence, {"starts_at": nine, "ends_at": eight}, {"staff_id", "ends_at"}),
        (appointments.create_appointment, {"starts_at": nine}, {"title"}),
        (appointments.create_appointment, {"title": "x", "starts_at": nine, "ends_at": eight}, {"ends_at"}),
        (allocations.create_allocation, {"starts_at": nine, "ends_at": eight}, {"order_id", "bay_id", "ends_at"}),
        (
            allocations.create_allocation,
            {"order_id": here.order(), "bay_id": here.lift, "starts_at": eight, "ends_at": eight + 15 * 24 * HOUR},
            {"ends_at"},
        ),
    ]
    for create, fields, wrong in cases:
        assert set(desk.problems(create, fields)) == wrong


def test_equipment_is_kept_as_words_each_once(desk: Desk) -> None:
    made = desk.do(work_bays.create_work_bay, {"name": "A", "equipment": " pit ,Four-post  lift;pit, "})
    assert made.equipment == "pit, Four-post lift"
    assert made.position == 1
    assert desk.do(work_bays.create_work_bay, {"name": "B"}).position == 2


def test_an_appointment_takes_the_customer_of_its_vehicle_and_half_an_hour(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada"}).id
    car = desk.do(create_vehicle, {"plate": "A-1", "customer_id": ada}).id
    made = desk.do(appointments.create_appointment, {"vehicle_id": car, "starts_at": clock("8:00")})
    assert (made.customer_name, made.vehicle_plate, made.status) == ("Ada", "A-1", "booked")
    assert made.ends_at == clock("8:30")


def test_moving_the_beginning_takes_the_end_along(desk: Desk) -> None:
    here = shop(desk)
    block = here.set_aside(here.order(), "8:00", "10:00", bay_id=here.lift)
    moved = desk.do(allocations.change_allocation, block, {"starts_at": clock("13:00"), "staff_id": here.eva})
    assert (moved.ends_at, moved.staff_id, moved.bay_id) == (clock("15:00"), here.eva, here.lift)
    made = desk.do(appointments.create_appointment, {"title": "Tyres", "starts_at": clock("8:00")})
    assert desk.do(appointments.change_appointment, made.id, {"starts_at": clock("9:00")}).ends_at == clock("9:30")


def test_every_revision_of_an_appointment_counts_for_calendars(desk: Desk) -> None:
    made = desk.do(appointments.create_appointment, {"title": "Tyres", "starts_at": clock("8:00")})
    assert made.calendar_sequence == 0
    assert desk.do(appointments.change_appointment, made.id, {"title": "Tyres"}).calendar_sequence == 0
    assert desk.do(appointments.change_appointment, made.id, {"title": "Wheels"}).calendar_sequence == 1


def test_an_order_may_have_several_allocations_and_lists_ask_by_time(desk: Desk) -> None:
    here = shop(desk)
    order = here.order()
    first = here.set_aside(order, "8:00", "9:00", bay_id=here.lift, staff_id=here.tom)
    second = here.set_aside(order, "9:00", "10:00", staff_id=here.eva)
    assert [each.id for each in desk.see(allocations.list_allocations, order_id=order).items] == [first, second]
    found = desk.see(allocations.list_allocations, start=clock("9:00"), end=clock("12:00")).items
    assert [each.id for each in found] == [second], "what only touches is not in it"


@pytest.mark.parametrize("rows", [3, 40])
def test_lists_ask_a_bounded_number_of_statements(desk: Desk, rows: int) -> None:
    here = shop(desk)
    for number in range(rows):
        order = here.order(f"A-{number}")
        here.set_aside(order, "8:00", "9:00", bay_id=here.lift)
        desk.do(appointments.create_appointment, {"order_id": order, "starts_at": clock("8:00")})
    assert len(desk.statements(appointments.list_appointments)) <= 4
    assert len(desk.statements(allocations.list_allocations)) == 1
