"""Who worked on which car, in which bay and when: nobody in two places, the skilled where skill is needed."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.demo_past.stock import Stock
from app.demo_past.visits import Visit

MINUTE = 60_000  # ms
_DESK = (450, 530)  # minutes after midnight in which cars are brought
_SPREAD = 0.16  # of the time a work takes around what it should


@dataclass(frozen=True, slots=True)
class Turn:
    """A visit with its time. ``technician`` and ``bay`` count in the stock; instants are UTC milliseconds."""

    visit: Visit
    technician: int
    bay: int
    came: int
    begun: int
    ended: int


@dataclass(slots=True)
class _Hand:
    """Somebody, or a bay, on one day: free from ``free`` minutes after midnight until ``until``."""

    number: int
    words: frozenset[str]
    free: float
    until: float


def turns_of(stock: Stock, seed: int, visits: Iterable[Visit], first_day: dt.date) -> Iterator[Turn]:
    """The visits in their order, each with its turn. What does not fit into a day is done on the next."""
    waiting = sorted(visits, key=lambda each: (each.day, each.car.number))
    waiting.reverse()
    late: list[Visit] = []
    while waiting or late:
        day = min(each[-1].day for each in (waiting, late) if each)
        hands, bays = _hands(stock)
        today = [each for each in late if each.day == day]
        late = [each for each in late if each.day != day]
        while waiting and waiting[-1].day == day:
            today.append(waiting.pop())
        for visit in today:
            turn = _turn(seed, visit, first_day, hands, bays)
            if turn is None:
                visit.day += 1 if (first_day + dt.timedelta(days=day)).weekday() < 4 else 7 - day_of(first_day, day)
                late.append(visit)
            else:
                yield turn
        late.sort(key=lambda each: -each.day)


def day_of(first_day: dt.date, day: int) -> int:
    """The day of the week, 0 is Monday."""
    return (first_day + dt.timedelta(days=day)).weekday()


def at(date: dt.date, minutes: float) -> int:
    """UTC milliseconds of so many minutes after midnight, where this machine stands."""
    midnight = dt.datetime.combine(date, dt.time())
    return int((midnight + dt.timedelta(minutes=minutes)).astimezone().timestamp() * 1000)


def _hands(stock: Stock) -> tuple[list[_Hand], list[_Hand]]:
    people = [
        _Hand(number, _words(each["skills"]), each["hours"][0], each["hours"][1])
        for number, each in enumerate(stock.staff)
        if each["role"] == "technician"
    ]
    bays = [_Hand(number, _words(each["equipment"]), 0, 24 * 60) for number, each in enumerate(stock.bays)]
    return people, bays


def _turn(seed: int, visit: Visit, first_day: dt.date, people: Sequence[_Hand], bays: Sequence[_Hand]) -> Turn | None:
    dice = random.Random(f"{seed}/turn/{visit.car.number}/{visit.day}")
    needs = {each.skills for each in visit.done if each.skills}
    tools = {each.equipment for each in visit.done if each.equipment}
    person = min(people, key=lambda hand: (len(needs - hand.words) * 90 + hand.free, hand.number))
    bay = min(bays, key=lambda hand: (len(tools - hand.words) * 600 + hand.free, hand.number))
    minutes = max(10.0, visit.hours / 1000 * 60 * dice.lognormvariate(0.0, _SPREAD))
    start = max(person.free, bay.free)
    if start + minutes > person.until + 20 and start > 480:
        return None
    person.free = bay.free = start + minutes + 5
    date = first_day + dt.timedelta(days=visit.day)
    came = min(dice.uniform(*_DESK), start)
    return Turn(visit, person.number, bay.number, at(date, came), at(date, start), at(date, start + minutes))


def _words(text: str) -> frozenset[str]:
    return frozenset(each.strip() for each in text.split(",") if each.strip())
