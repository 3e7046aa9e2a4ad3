"""What a mechanic would check of the demo's past: intervals, odometers, and that nobody is in two places."""

import datetime as dt
import itertools
from collections import defaultdict

import pytest

from app.demo_past.cars import PAST_DAYS, Car, draw
from app.demo_past.diary import MINUTE, Turn, turns_of
from app.demo_past.stock import grown, load
from app.demo_past.visits import Visit, visits_of

FIRST_DAY = dt.date(2024, 11, 21)
STOCK = load()


@pytest.fixture(scope="module")
def cars() -> list[Car]:
    return draw(STOCK, 1, 400, FIRST_DAY)[1]


@pytest.fixture(scope="module")
def visits(cars: list[Car]) -> list[Visit]:
    return [visit for car in cars for visit in visits_of(STOCK, 1, car, FIRST_DAY)]


@pytest.fixture(scope="module")
def turns(visits: list[Visit]) -> list[Turn]:
    return list(turns_of(STOCK, 1, visits, FIRST_DAY))


def test_every_plate_and_vin_is_its_own(cars: list[Car]) -> None:
    assert len({car.plate for car in cars}) == len({car.vin for car in cars}) == 400
    assert all(len(car.vin) == 17 and not set(car.vin) & set("IOQ") for car in cars)


def test_odometers_only_rise(cars: list[Car]) -> None:
    for car in cars:
        readings = [car.odometer(day) for day in range(0, PAST_DAYS, 10)]
        assert readings == sorted(set(readings)), car.plate


def test_the_oil_of_a_car_is_changed_by_distance_or_time(cars: list[Car], visits: list[Visit]) -> None:
    """Nobody changes it twice in three months, and who burns none never does."""
    oil = defaultdict(list)
    for visit in visits:
        if any(work.key == "oil" for work in visit.done):
            oil[visit.car.number].append(visit)
    for car in cars:
        if car.model.fuel == "electric":
            assert car.number not in oil
    for done in oil.values():
        for before, after in itertools.pairwise(done):
            days = after.day - before.day
            km = after.car.odometer(after.day) - before.car.odometer(before.day)
            assert km > 7_000 or days > 150, (before, after)
            assert km < 22_000 + after.car.km_a_day * 30, (before, after)


def test_a_car_comes_about_twice_a_year(visits: list[Visit]) -> None:
    assert 3 < len(visits) / 400 < 5
    assert all((FIRST_DAY + dt.timedelta(days=visit.day)).weekday() < 5 for visit in visits)


def test_what_is_done_fits_the_car(visits: list[Visit]) -> None:
    for visit in visits:
        assert visit.done
        assert all(not work.fuels or visit.car.model.fuel in work.fuels for work in visit.done)
        keys = [work.key for work in visit.done]
        assert len(keys) == len(set(keys))
        assert not set(keys) & {work.key for work in visit.advised}


@pytest.mark.parametrize("times", [1, 4])
def test_nobody_and_no_bay_has_two_cars_at_once(visits: list[Visit], times: int) -> None:
    """A garage of more work has more people: four times the technicians in twelve bays, each with a name."""
    stock = grown(STOCK, times)
    turns = list(turns_of(stock, 1, visits, FIRST_DAY))
    assert len({turn.technician for turn in turns}) == len({turn.bay for turn in turns}) == 3 * times
    assert len({each["name"] for each in (*stock.staff, *stock.bays)}) == len(STOCK.staff) + len(STOCK.bays) * (
        2 * times - 1
    )
    for kind in ("technician", "bay"):
        by = defaultdict(list)
        for turn in turns:
            by[getattr(turn, kind)].append((turn.begun, turn.ended))
        for spans in by.values():
            spans.sort()
            assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans)), kind


def test_work_is_done_in_working_hours_by_who_can(turns: list[Turn], visits: list[Visit]) -> None:
    assert len(turns) == len(visits)
    for turn in turns:
        begun = dt.datetime.fromtimestamp(turn.begun / 1000).astimezone()
        assert begun.weekday() < 5
        assert 7 <= begun.hour < 17
        assert turn.came <= turn.begun < turn.ended
        assert turn.ended - turn.begun < 12 * 60 * MINUTE
        assert STOCK.staff[turn.technician]["role"] == "technician"


def test_the_same_seed_makes_the_same_garage_and_another_one_another() -> None:
    def made(seed: int) -> list[tuple[object, ...]]:
        _, cars = draw(STOCK, seed, 30, FIRST_DAY)
        return [
            (car.plate, car.vin, visit.day, visit.said)
            for car in cars
            for visit in visits_of(STOCK, seed, car, FIRST_DAY)
        ]

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_a_larger_garage_begins_like_a_smaller_one() -> None:
    small, large = draw(STOCK, 3, 20, FIRST_DAY)[1], draw(STOCK, 3, 60, FIRST_DAY)[1]
    assert small[:19] == large[:19]
