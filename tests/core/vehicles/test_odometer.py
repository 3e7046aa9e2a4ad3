"""Odometers: every reading is kept, the last one is shown."""

import pytest

from core.people.roles import Denied, Role
from core.vehicles.odometer import (
    add_reading,
    decide_held_reading,
    delete_reading,
    list_readings,
    restore_reading,
)
from core.vehicles.vehicles import change_vehicle, create_vehicle, get_vehicle, list_vehicles
from tests.core.people.desk import STARTED, Desk, desk_at, meet

DAY = 86_400_000


def test_what_is_written_to_a_vehicle_becomes_a_reading_and_is_shown(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 100})
    assert desk.do(change_vehicle, made.id, {"odometer_km": 250}).odometer_km == 250
    read = desk.see(list_readings, made.id).items
    assert [each.value for each in read] == [250, 100]
    assert read[0].read_by == desk.actor.reference
    assert read[0].source == "person"
    assert desk.see(get_vehicle, made.id).odometer_read_at == read[0].read_at
    assert desk.see(list_vehicles).items[0].odometer_km == 250


def test_a_typing_error_is_mended_by_a_smaller_reading_that_somebody_confirms(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 1_999_105})
    asked = desk.do(change_vehicle, made.id, {"odometer_km": 199_105})
    assert (asked.odometer_km, asked.odometer_held_km) == (1_999_105, 199_105), "it goes back: nothing is stored yet"
    assert asked.odometer_held_id is not None
    desk.do(decide_held_reading, asked.odometer_held_id, keep=True)
    seen = desk.see(get_vehicle, made.id)
    assert (seen.odometer_km, seen.odometer_held_km) == (199_105, None)
    assert desk.do(change_vehicle, made.id, {"odometer_km": 199_300}).odometer_km == 199_300, "from there it goes on"


def test_the_same_again_is_no_new_reading_and_nothing_is_no_reading(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 0})
    desk.do(change_vehicle, made.id, {"odometer_km": 0, "color": "red"})
    assert [each.value for each in desk.see(list_readings, made.id).items] == [0]
    assert set(desk.problems(change_vehicle, made.id, {"odometer_km": None})) == {"odometer_km"}
    bare = desk.do(create_vehicle, {"plate": "A-2", "odometer_km": None})
    assert desk.do(change_vehicle, bare.id, {"odometer_km": None}).odometer_km is None


def test_a_reading_of_the_past_is_kept_and_not_shown(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 500})
    desk.do(add_reading, {"vehicle_id": made.id, "value": 300, "read_at": STARTED - 90 * DAY, "source": "import"})
    assert desk.see(get_vehicle, made.id).odometer_km == 500
    assert [each.value for each in desk.see(list_readings, made.id).items] == [500, 300]


def test_nothing_was_read_in_the_future(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 500})
    given = {"vehicle_id": made.id, "value": 900}
    assert set(desk.problems(add_reading, {**given, "read_at": STARTED + 3 * DAY})) == {"read_at"}
    desk.do(add_reading, {**given, "read_at": desk.clock.now + DAY // 2})  # another terminal's clock may be ahead
    desk.clock.now = 1_230_768_000_000
    fresh = desk_at(clock=desk.clock)
    made = fresh.do(create_vehicle, {"plate": "A-1"})
    fresh.do(add_reading, {"vehicle_id": made.id, "value": 900, "read_at": STARTED})  # its own clock knows nothing
    fresh.records.close()


def test_a_wrong_reading_is_hidden_and_comes_back(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": "A-1", "odometer_km": 500})
    wrong = desk.do(add_reading, {"vehicle_id": made.id, "value": 900})
    desk.do(delete_reading, wrong.id)
    assert desk.see(get_vehicle, made.id).odometer_km == 500
    desk.do(restore_reading, wrong.id)
    assert desk.see(get_vehicle, made.id).odometer_km == 900


def test_a_reading_needs_a_vehicle_and_a_number_that_can_be(desk: Desk) -> None:
    assert set(desk.problems(add_reading, {"value": -1, "source": "a dream", "read_at": "yesterday"})) == {
        "vehicle_id",
        "value",
        "source",
        "read_at",
    }
    made = desk.do(create_vehicle, {"plate": "A-1"})
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(add_reading, {"vehicle_id": made.id, "value": 1})


def test_two_who_read_it_apart_lose_neither_and_see_the_same(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = here.do(create_vehicle, {"plate": "A-1", "odometer_km": 100})
    meet(here, there)
    here.do(change_vehicle, made.id, {"odometer_km": 110})
    there.clock.now += 60_000
    there.do(change_vehicle, made.id, {"odometer_km": 120})
    meet(here, there)
    for desk in two_desks:
        assert desk.see(get_vehicle, made.id).odometer_km == 120
        assert sorted(each.value or 0 for each in desk.see(list_readings, made.id).items) == [100, 110, 120]


@pytest.mark.parametrize("clock", [1_230_768_000_000, STARTED - 5 * DAY])
def test_what_is_typed_is_shown_even_where_the_clock_is_behind(two_desks: tuple[Desk, Desk], clock: int) -> None:
    here, there = two_desks
    made = here.do(create_vehicle, {"plate": "A-1", "odometer_km": 100})
    meet(here, there)
    there.clock.now = clock
    assert there.do(change_vehicle, made.id, {"odometer_km": 200}).odometer_km == 200
    meet(here, there)
    assert here.see(get_vehicle, made.id).odometer_km == 200
    read_at = here.see(get_vehicle, made.id).odometer_read_at
    assert read_at is not None
    assert STARTED < read_at < STARTED + DAY, "after the one it follows, and not before the program was built"
