"""An odometer that nobody would believe is held back at every door, and asked about."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound, Refused
from core.vehicles.held_readings import HeldReadingView, get_held_reading, list_held_readings
from core.vehicles.odometer import ReadingView, add_reading, decide_held_reading, list_readings
from core.vehicles.vehicles import change_vehicle, create_vehicle, get_vehicle, list_vehicles
from core.workshop.orders import change_repair_order, create_repair_order, list_repair_orders
from tests.core.people.desk import NOBODY, STARTED, Desk, meet

DAY = 86_400_000


@pytest.fixture
def car(desk: Desk) -> str:
    """A car that was here a year ago."""
    id_ = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 84_210}).id
    desk.clock.now += 365 * DAY
    return id_


def values(desk: Desk, car: str) -> list[int | None]:
    return [each.value for each in desk.see(list_readings, car).items]


def test_a_digit_too_many_is_held_back_and_the_form_is_told(desk: Desk, car: str) -> None:
    changed = desk.do(change_vehicle, car, {"odometer_km": 942_100, "color": "red"})
    assert (changed.color, changed.odometer_km, changed.odometer_held_km) == ("red", 84_210, 942_100)
    assert values(desk, car) == [84_210]
    [held] = desk.see(list_held_readings, car).items
    assert (held.id, held.reason, held.source) == (changed.odometer_held_id, "too_fast", "person")
    assert held.words
    assert desk.see(list_vehicles).items[0] == changed == desk.see(get_vehicle, car)


def test_what_is_kept_becomes_a_reading_of_its_moment_by_who_read_it(desk: Desk, car: str) -> None:
    held_id = desk.as_(Role.TECHNICIAN).do(change_vehicle, car, {"odometer_km": 942_100}).odometer_held_id or ""
    held = desk.see(get_held_reading, held_id)
    desk.clock.now += DAY
    decided = desk.do(decide_held_reading, held_id, keep=True)
    assert (decided.decision, decided.decided_by) == ("kept", desk.actor.reference)
    last = desk.see(list_readings, car).items[0]
    assert (last.value, last.read_at, last.read_by) == (942_100, held.read_at, held.read_by)
    assert desk.see(list_held_readings).items == ()
    assert desk.see(list_held_readings, car, decided=True).items == (decided,)


def test_what_is_thrown_away_is_no_reading_and_is_still_known(desk: Desk, car: str) -> None:
    held = desk.do(change_vehicle, car, {"odometer_km": 842}).odometer_held_id or ""
    assert desk.do(decide_held_reading, held, keep=False).decision == "thrown_away"
    assert values(desk, car) == [84_210]
    assert desk.see(get_vehicle, car).odometer_held_km is None
    with pytest.raises(Refused):
        desk.do(decide_held_reading, held, keep=True)
    with pytest.raises(NotFound):
        desk.do(decide_held_reading, NOBODY, keep=True)


def test_the_same_form_saved_again_asks_only_once(desk: Desk, car: str) -> None:
    for _ in range(3):
        desk.do(change_vehicle, car, {"odometer_km": 842})
    assert len(desk.see(list_held_readings, car).items) == 1


def test_an_order_holds_back_what_it_writes_down_and_says_so(desk: Desk, car: str) -> None:
    order = desk.do(create_repair_order, {"vehicle_id": car, "odometer_in": 842_100})
    assert (order.odometer_in, order.odometer_held_km) == (842_100, 842_100)
    assert values(desk, car) == [84_210]
    assert desk.see(list_held_readings, car).items[0].source == "repair_order"
    assert desk.see(list_repair_orders).items[0].odometer_held_km == 842_100
    mended = desk.do(change_repair_order, order.id, {"odometer_in": 99_210, "odometer_out": 99_230})
    assert values(desk, car) == [99_230, 99_210, 84_210]
    assert mended.odometer_held_id is not None, "that there was a mistake is still to be said"
    desk.do(decide_held_reading, mended.odometer_held_id, keep=False)
    assert desk.see(list_repair_orders).items[0].odometer_held_km is None


def test_an_import_is_asked_about_like_everybody_else(desk: Desk, car: str) -> None:
    given = {"vehicle_id": car, "source": "import"}
    assert isinstance(desk.do(add_reading, {**given, "value": 60_000, "read_at": STARTED - 300 * DAY}), ReadingView)
    between = desk.do(add_reading, {**given, "value": 50_000, "read_at": STARTED - 200 * DAY})
    assert isinstance(between, HeldReadingView)
    assert between.reason == "decrease"
    assert values(desk, car) == [84_210, 60_000]


def test_a_car_that_is_always_driven_much_is_not_asked_about_each_time(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "T-1", "odometer_km": 0}).id
    value = 0
    for _ in range(4):
        desk.clock.now += 20 * DAY
        value += 18_000
        desk.do(change_vehicle, car, {"odometer_km": value})
    desk.clock.now += 200 * DAY
    assert desk.do(change_vehicle, car, {"odometer_km": value + 200 * 800}).odometer_held_km is None


def test_who_may_not_change_vehicles_decides_nothing(desk: Desk, car: str) -> None:
    held = desk.do(change_vehicle, car, {"odometer_km": 842}).odometer_held_id or ""
    for role in (Role.VIEWER, Role.PARTS, Role.CUSTOMER):
        with pytest.raises(Denied):
            desk.as_(role).do(decide_held_reading, held, keep=True)


def test_a_value_that_another_terminal_wrote_is_not_asked_about_again(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = here.do(create_vehicle, {"plate": "A-1", "odometer_km": 100})
    meet(here, there)
    held = here.do(change_vehicle, made.id, {"odometer_km": 50}).odometer_held_id or ""
    meet(here, there)
    assert there.see(get_vehicle, made.id).odometer_held_km == 50, "either may decide"
    there.do(decide_held_reading, held, keep=True)
    meet(here, there)
    assert here.see(get_vehicle, made.id).odometer_km == 50


def test_what_waits_is_listed_by_the_page_in_one_statement(desk: Desk, car: str) -> None:
    for value in range(20):
        desk.do(add_reading, {"vehicle_id": car, "value": value})
    assert len(desk.statements(list_held_readings, limit=5)) == 1
    page = desk.see(list_held_readings, limit=15)
    assert len(page.items) + len(desk.see(list_held_readings, after=page.after).items) == 20
