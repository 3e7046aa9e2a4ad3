"""Writes the past down, day by day, each day with its own moment, as the people of the shop did it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from app.demo_others import StoryClock
from app.demo_past.billing import Billing
from app.demo_past.cars import PAST_DAYS, Car, Owner, draw
from app.demo_past.diary import Turn, at, turns_of
from app.demo_past.looking import Looking, looking
from app.demo_past.ordering import Ordering
from app.demo_past.rows import Maker, World
from app.demo_past.setting import Setting, car_rows, owner_rows, setting_of
from app.demo_past.stock import Stock, grown, load
from app.demo_past.visits import Visit, visits_of
from core.records.fields import Synced
from core.records.records import Records
from core.workshop.numbers import FIRST, suffix

SIZE = 1400  # repair orders, about, of 400 cars in two years
CARS = 400
AHEAD_DAYS = 70  # whose visits fill the present week
AT_ONCE = 1500  # rows a transaction, about

Progress = Callable[[int, int], None]  # so many orders of how many


@dataclass(frozen=True, slots=True)
class Past:
    """What was told: who is there, and who comes in the weeks after (``coming``, in their order)."""

    stock: Stock
    world: World
    setting: Setting
    today: dt.date
    coming: Sequence[Visit]
    billing: Billing


@dataclass(frozen=True, slots=True)
class Desk:
    """Who keeps the papers of a day."""

    world: World
    ordering: Ordering
    billing: Billing
    looking: Looking


def first_morning(present: int) -> int:
    """UTC milliseconds of the morning on which the past begins, before the present."""
    return at(_today(present) - dt.timedelta(days=PAST_DAYS), 5 * 60)


def tell_past(records: Records, clock: StoryClock, seed: int, size: int, *, name: str, told: Progress) -> Past:
    """Fill ``records`` with ``size`` repair orders of two years, about; ``clock`` stands at ``first_morning``.

    For more than three technicians can do there are more of them, with more bays. The same seed and size on the same
    day make the same garage.
    """
    stock = grown(load(), max(1, size // SIZE))
    today = _today(clock.present)
    first_day = today - dt.timedelta(days=PAST_DAYS)
    owners, cars = draw(stock, seed, _cars(size), first_day)
    setting = setting_of(stock, seed, first_day, name)
    setting.shop.invoice_holder_id = records.terminal_id or None
    write_rows(records, "system", [*setting])
    world = _world(records, seed, setting)
    _write_cars(records, seed, world, _households(owners, cars), first_day)
    visits = [visit for car in cars for visit in visits_of(stock, seed, car, first_day, PAST_DAYS + AHEAD_DAYS)]
    visits.sort(key=lambda each: (each.day, each.car.number))
    past = [each for each in visits if each.day < PAST_DAYS][-size:]
    coming = [each for each in visits if each.day >= PAST_DAYS]
    turns = turns_of(stock, seed, past, first_day)
    billing = Billing(world, setting, owners)
    looked = looking(records, world, past)
    _tell_days(records, clock, Desk(world, Ordering(seed, world, setting), billing, looked), (turns, len(past), told))
    return Past(stock, world, setting, today, coming, billing)


def _households(owners: Sequence[Owner], cars: Iterable[Car]) -> list[tuple[Owner, list[Car]]]:
    """Each owner with their cars."""
    theirs = {number: list(group) for number, group in groupby(cars, key=lambda car: car.owner)}
    return [(owner, theirs.get(owner.number, [])) for owner in owners]


def _today(present: int) -> dt.date:
    return dt.datetime.fromtimestamp(present / 1000).astimezone().date()


def _cars(size: int) -> int:
    """How many cars bring so many orders: three and a half visits each; in large garages two, as a benchmark wants."""
    return max(10, size * CARS // SIZE) if size <= SIZE else max(CARS, size // 2)


def _world(records: Records, seed: int, setting: Setting) -> World:
    written = records.change("system", suffix).value
    return World(
        seed=seed,
        owner_ids=[],
        owner_names=[],
        vehicle_ids=[],
        staff=setting.staff,
        bay_names=[each.name or "" for each in setting.bays],
        parts=setting.parts,
        labour_rate=setting.shop.labour_rate or 0,
        tax_rate=setting.tax.rate or 0,
        suffix=written,
        sequence=FIRST - 1,
        left={key: part.order_up_to or 0 for key, part in setting.parts.items()},
    )


def write_rows(records: Records, actor: str, rows: Sequence[Synced]) -> None:
    """Write rows as they are, in one change; those that were written before with what is new about them."""

    def work(session: Session) -> None:
        session.add_all(rows)
        session.flush()
        session.expunge_all()  # the rows are read on, and what is only read must not be written again

    if rows:
        records.change(actor, work)


def _write_cars(
    records: Records, seed: int, world: World, people: Sequence[tuple[Owner, list[Car]]], first_day: dt.date
) -> None:
    moment = at(first_day, 6 * 60)
    batch: list[Synced] = []
    vehicles: dict[int, str] = {}
    for owner, cars in people:
        customer, ways = owner_rows(seed, owner, moment + owner.number % 3_600_000)
        world.owner_ids.append(customer.id)
        world.owner_names.append(owner.name)
        batch += [customer, *ways]
        for car in cars:
            vehicle, rest = car_rows(seed, car, customer.id, first_day)
            vehicles[car.number] = vehicle.id
            batch += [vehicle, *rest]
        if len(batch) >= AT_ONCE:
            write_rows(records, _actor(world), batch)
            batch = []
    write_rows(records, _actor(world), batch)
    world.vehicle_ids.extend(vehicles[number] for number in range(len(vehicles)))


def _actor(world: World) -> str:
    return f"staff:{world.adviser.id}"


def _tell_days(records: Records, clock: StoryClock, desk: Desk, work: tuple[Iterator[Turn], int, Progress]) -> None:
    turns, count, told = work
    done = 0
    rows: list[Synced] = []
    for day, today in groupby(turns, key=lambda turn: turn.visit.day):
        date = _today(clock.present) - dt.timedelta(days=PAST_DAYS - day)
        rows += [*desk.ordering.on(date), *desk.billing.on(date)]
        for turn in today:
            maker = Maker(desk.world, turn)
            left = maker.make()
            rows += left
            rows += desk.looking.rows(left, turn)
            rows += desk.billing.invoice(left, turn.visit.car, maker.fetched_at)
            done += 1
            if len(rows) >= AT_ONCE:  # in a large garage a day is too much for one change
                write_rows(records, _actor(desk.world), rows)
                rows = []
        clock.now = max(clock.now, at(date, 18 * 60))
        if len(rows) >= AT_ONCE // 3:  # about a week: each change waits for the disk
            write_rows(records, _actor(desk.world), rows)
            rows = []
        told(done, count)
    write_rows(records, _actor(desk.world), rows)
