"""A vehicle arrives: nothing that was said when it was booked is lost."""

import pytest

from core.people.customers import create_customer
from core.people.roles import Denied, Role
from core.planning.appointments import change_appointment, create_appointment
from core.planning.arriving import arrive
from core.records.input import Refused
from core.vehicles.odometer import list_readings
from core.vehicles.vehicles import create_vehicle
from core.workshop.notes import list_notes
from core.workshop.orders import change_repair_order, create_repair_order, get_repair_order, list_repair_orders
from tests.core.people.desk import Desk
from tests.core.planning.stage import clock


def test_it_becomes_an_order_with_all_that_was_said(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada"}).id
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    booked = {
        "vehicle_id": car,
        "customer_id": ada,
        "starts_at": clock("8:00"),
        "title": "Brakes",
        "notes": "Loud\ncold",
    }
    made = desk.do(create_appointment, booked)
    here = desk.do(arrive, made.id, {"odometer_in": 84_210, "key_tag": "17"})
    assert here.status == "arrived"
    order = desk.see(get_repair_order, here.order_id or "")
    assert (order.status, order.vehicle_id, order.customer_id) == ("arrived", car, ada)
    assert order.complaint == "Brakes\nLoud\ncold"
    assert (order.odometer_in, order.key_tag) == (84_210, "17")
    assert [each.value for each in desk.see(list_readings, car).items] == [84_210]


def test_the_order_made_when_it_was_booked_is_used_and_what_it_lacks_becomes_a_note(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    order = desk.do(create_repair_order, {"complaint": "Service"}).id
    fields = {
        "order_id": order,
        "vehicle_id": car,
        "starts_at": clock("8:00"),
        "title": "Service",
        "notes": "Courtesy car",
    }
    made = desk.do(create_appointment, fields)
    assert desk.do(arrive, made.id).order_id == order
    found = desk.see(get_repair_order, order)
    assert (found.status, found.vehicle_id, found.complaint) == ("arrived", car, "Service")
    assert [note.text for note in desk.see(list_notes, order).items] == ["Service\nCourtesy car"]
    assert len(desk.see(list_repair_orders).items) == 1, "no second order"


def test_arriving_twice_changes_nothing(desk: Desk) -> None:
    made = desk.do(create_appointment, {"starts_at": clock("8:00"), "title": "Brakes"})
    first = desk.do(arrive, made.id)
    assert desk.do(arrive, made.id) == first
    assert desk.last is not None
    assert not desk.last.rows
    assert len(desk.see(list_repair_orders).items) == 1


def test_an_order_that_is_further_on_stays_there(desk: Desk) -> None:
    order = desk.do(create_repair_order, {"complaint": "Service", "status": "in_progress"}).id
    made = desk.do(create_appointment, {"order_id": order, "starts_at": clock("8:00")})
    desk.do(arrive, made.id)
    assert desk.see(get_repair_order, order).status == "in_progress"


def test_one_that_was_cancelled_is_booked_again_first(desk: Desk) -> None:
    made = desk.do(create_appointment, {"starts_at": clock("8:00"), "title": "Brakes"})
    desk.do(change_appointment, made.id, {"status": "cancelled"})
    with pytest.raises(Refused, match="cancelled"):
        desk.do(arrive, made.id)


def test_a_technician_may_receive_a_vehicle_and_a_viewer_not(desk: Desk) -> None:
    made = desk.do(create_appointment, {"starts_at": clock("8:00"), "title": "Brakes"})
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(arrive, made.id)
    assert desk.as_(Role.TECHNICIAN).do(arrive, made.id).status == "arrived"


def test_an_order_deleted_meanwhile_is_replaced(desk: Desk) -> None:
    from core.workshop.orders import delete_repair_order

    order = desk.do(create_repair_order, {"complaint": "Service"}).id
    made = desk.do(create_appointment, {"order_id": order, "starts_at": clock("8:00"), "title": "Service"})
    desk.do(delete_repair_order, order)
    found = desk.do(arrive, made.id)
    assert found.order_id not in (None, order)
    assert desk.do(change_repair_order, found.order_id or "", {"key_tag": "3"}).key_tag == "3"
