"""What was fitted on a repair order sits in the vehicle, without being written a second time."""

from core.vehicles.installed_parts import create_installed_part
from core.vehicles.vehicles import create_vehicle
from core.workshop.decisions import DECLINED
from core.workshop.estimates import decide
from core.workshop.fitted_parts import parts_in
from core.workshop.lines import delete_line, restore_line
from core.workshop.order_parts import install_line
from core.workshop.stock_moves import fit_line, take_out_line
from tests.core.people.desk import Desk
from tests.core.workshop.store import line, order, part


def test_what_was_fitted_on_an_order_is_in_the_vehicle_with_day_and_odometer(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    job = order(desk, vehicle_id=car, odometer_in=84_210)
    filter_, kept_nowhere = line(desk, job, part(desk, here=2), description="Oil filter"), line(desk, job)
    other = order(desk, vehicle_id=desk.do(create_vehicle, {"plate": "B-2"}).id)
    desk.do(fit_line, line(desk, other))
    mine = {"vehicle_id": car, "name": "Tow bar", "fitted_on": "2020-05-01"}
    by_hand = desk.do(create_installed_part, mine).id
    assert [each.id for each in desk.see(parts_in, car)] == [by_hand], "nothing is fitted yet"

    desk.do(fit_line, filter_)
    desk.do(fit_line, kept_nowhere)
    found = desk.see(parts_in, car)
    assert {each.id for each in found} == {by_hand, filter_, kept_nowhere}
    assert found[-1].id == by_hand, "the last fitted first"
    (fitted,) = (each for each in found if each.id == filter_)
    assert (fitted.order_id, fitted.part_number, fitted.fitted_at_odometer) == (job, "OF-1", 84_210)
    assert fitted.fitted_on is not None

    desk.do(take_out_line, filter_)
    desk.do(delete_line, kept_nowhere)
    assert [each.id for each in desk.see(parts_in, car)] == [by_hand]
    desk.do(restore_line, kept_nowhere)
    desk.do(decide, job, [(kept_nowhere, DECLINED)], {"way": "phone"})
    assert [each.id for each in desk.see(parts_in, car)] == [by_hand], "nobody fitted what was declined"


def test_a_row_of_its_own_stands_for_its_line(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    fitted = line(desk, order(desk, vehicle_id=car))
    desk.do(fit_line, fitted)
    own = desk.do(install_line, fitted)
    assert [each.id for each in desk.see(parts_in, car)] == [own]
