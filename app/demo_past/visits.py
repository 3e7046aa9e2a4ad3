"""Why and when each car came: services by their intervals, wear by distance, faults by chance and age.

A car that is in anyway has done what is due soon. What is seen and not wanted is advised, and mostly done later.
"""

import datetime as dt
import random
from dataclasses import dataclass, field

from app.demo_past.cars import PAST_DAYS, Car
from app.demo_past.stock import Season, Stock, Work

STEP = 7  # days: how often an owner thinks of the car
SOON_KM, SOON_DAYS = 6000, 170  # what is due within that is done along
_SEEN = 0.85  # worn so far, it is noticed by whoever looks
_WANTED = 0.62  # of what is noticed is done at once
_OLD_CUSTOMERS = 0.4  # of the cars came here before the past began; the others are won over on the way
_AGAIN = 0.15  # of faults are there because the last work was not right
MONTH = 30.44  # days


@dataclass(slots=True)
class Visit:
    """A car in the workshop on a day of the past (0 is the first). ``done`` and ``advised`` are work; ``worn``: mm."""

    day: int
    car: Car
    said: str
    done: list[Work] = field(default_factory=list)
    advised: list[Work] = field(default_factory=list)
    worn: dict[str, int] = field(default_factory=dict)  # tenths of a mm left, by key
    comeback: bool = False

    @property
    def hours(self) -> int:
        """Thousandths."""
        return sum(each.hours for each in self.done)


@dataclass(slots=True)
class _Life:
    """What a car has behind it: of each work the day and km it was last done, and what each worn thing lasts."""

    done_day: dict[str, int]
    done_km: dict[str, int]
    lasts: dict[str, int]
    late: float  # owners come early or late, always the same ones


def visits_of(stock: Stock, seed: int, car: Car, first_day: dt.date, days: int = PAST_DAYS) -> list[Visit]:
    """All visits of one car within ``days``, in their order; never two within a week."""
    dice = random.Random(f"{seed}/visits/{car.number}")
    life = _born(stock, dice, car)
    visits: list[Visit] = []
    known = 0 if dice.random() < _OLD_CUSTOMERS else dice.randrange(PAST_DAYS - 90)
    last = -30
    day = dice.randrange(STEP)
    while day < days:
        date = first_day + dt.timedelta(days=day)
        if day - last >= STEP * 2 and (visit := _reason(stock, dice, life, Visit(day, car, ""), date)) is not None:
            visit.day = _workday(first_day, day)
            _along(stock, dice, life, visit)
            for work in visit.done:
                life.done_day[work.key], life.done_km[work.key] = day, car.odometer(day)
            if day >= known:  # before, it was looked after elsewhere
                visits.append(visit)
            last = day
        day += STEP
    return visits


def _born(stock: Stock, dice: random.Random, car: Car) -> _Life:
    age = int(car.km / max(car.km_a_day, 1))  # days
    life = _Life({}, {}, {}, dice.uniform(0.93, 1.12))
    for work in (*stock.services, *stock.wears):
        every_days = int(work.every_months * MONTH) or 100_000
        ago = min(age, dice.randrange(every_days)) if work.every_months else age
        every_km = work.every_km or work.lasts_km
        back = min(int(ago * car.km_a_day), dice.randrange(max(every_km, 1))) if every_km else int(ago * car.km_a_day)
        if every_km and work.every_months:
            ago = min(ago, int(back / max(car.km_a_day, 1)))
        life.done_day[work.key] = -ago
        life.done_km[work.key] = max(0, car.km - back)
        life.lasts[work.key] = int(work.lasts_km * max(0.5, dice.gauss(1, 0.2)))
    return life


def _due(life: _Life, work: Work, car: Car, day: int, *, soon: bool = False) -> bool:
    if work.fuels and car.model.fuel not in work.fuels:
        return False
    km, since = car.odometer(day) - life.done_km[work.key], day - life.done_day[work.key]
    if work.lasts_km:
        return km >= life.lasts[work.key] * (_SEEN if soon else 1)
    before_km, before_days = (SOON_KM, SOON_DAYS) if soon else (0, 0)
    by_km = bool(work.every_km) and km + before_km >= work.every_km * life.late
    return by_km or (bool(work.every_months) and since + before_days >= work.every_months * MONTH * life.late)


def _reason(stock: Stock, dice: random.Random, life: _Life, visit: Visit, date: dt.date) -> Visit | None:
    """The visit, if there is a reason for one."""
    car, day = visit.car, visit.day
    for fault in stock.faults:
        age = max(1.0, (date - car.registered).days / 365)
        chance = fault.rate / 1000 * (car.km_a_day * STEP / 100_000) * age / 10
        fits = not fault.fuels or car.model.fuel in fault.fuels
        if fits and _in_season(fault.season, date.month) and dice.random() < chance:
            return Visit(day, car, fault.complaint, [fault])
    for work in (*stock.wears, *stock.services):
        if work.complaint and _in_season(work.season, date.month) and _due(life, work, car, day):
            return Visit(day, car, work.complaint, [work])
    if date.month in stock.wheel_months and _wants_wheels(stock, car) and dice.random() < 0.3:
        since = life.done_day.get(stock.wheels.key, -365)
        if day - since > 90:
            return Visit(day, car, stock.wheels.complaint, [stock.wheels])
    return None


def _along(stock: Stock, dice: random.Random, life: _Life, visit: Visit) -> None:
    """What is done along with what the car came for, what is only advised, and what was measured."""
    car, day = visit.car, visit.day
    keys = {each.key for each in visit.done}
    serviced = any(each.inspection for each in visit.done)
    for work in stock.services:
        if work.key not in keys and work.season is None and serviced and _due(life, work, car, day, soon=True):
            visit.done.append(work)
    parts = {key for each in visit.done for key, _ in each.parts}
    for work in stock.wears:
        used = (car.odometer(day) - life.done_km[work.key]) / max(1, life.lasts[work.key])
        if work.measured:
            visit.worn[work.key] = max(8, 100 - int(80 * used))
        overlapping = any(key in parts for key, _ in work.parts)  # discs come with pads
        if work.key in keys or overlapping or not serviced or not _due(life, work, car, day, soon=True):
            continue
        if dice.random() < _WANTED:
            visit.done.append(work)
            parts.update(key for key, _ in work.parts)
        else:
            visit.advised.append(work)
    visit.comeback = any(each.rate for each in visit.done) and dice.random() < _AGAIN


def _wants_wheels(stock: Stock, car: Car) -> bool:
    return car.number * 37 % 100 < stock.wheel_share and not car.model.van


def _in_season(season: Season | None, month: int) -> bool:
    if season is None:
        return True
    first, last = season
    return first <= month <= last if first <= last else month >= first or month <= last


def _workday(first_day: dt.date, day: int) -> int:
    weekday = (first_day + dt.timedelta(days=day)).weekday()
    return day + (7 - weekday if weekday > 4 else 0)
