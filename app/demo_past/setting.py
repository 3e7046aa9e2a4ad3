"""What the shop of the demo is: its details, bays, people with their hours, suppliers, parts, customers and cars."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.demo_past.cars import Car, Owner
from app.demo_past.diary import MINUTE, at
from app.demo_past.stock import Stock
from core.people.models import ContactWay, Customer, Staff
from core.planning.models import Shift, WorkBay
from core.records.fields import Synced
from core.records.ids import new_id
from core.vehicles.models import OdometerReading, OwnerPeriod, Vehicle, VehicleFeature, Warranty
from core.workshop.estimate_models import ShopDetails, TaxRule
from core.workshop.parts_models import Part, StockMove, Supplier

_WORKDAYS = range(1, 6)
_FEATURES = (
    "tow bar",
    "winter tyres on rims",
    "adaptive cruise control",
    "panoramic roof",
    "roof rails",
    "dash camera",
)
_INSPECTED_EVERY = 24  # months


@dataclass(frozen=True, slots=True)
class Setting:
    """The rows of the shop itself, in the order of the stock."""

    shop: ShopDetails
    tax: TaxRule
    bays: list[WorkBay]
    staff: list[Staff]
    shifts: list[Shift]
    suppliers: dict[str, Supplier]
    parts: dict[str, Part]
    opening: list[StockMove]

    def __iter__(self) -> Iterator[Synced]:
        yield from (self.shop, self.tax, *self.bays, *self.staff, *self.shifts)
        yield from (*self.suppliers.values(), *self.parts.values(), *self.opening)


def setting_of(stock: Stock, seed: int, first_day: dt.date, name: str) -> Setting:
    """The shop as it opened on its first day. ``name``: on its papers."""
    dice = random.Random(f"{seed}/setting")
    moment = at(first_day, 6 * 60)

    def key() -> str:
        return new_id(moment, dice)

    details = dict(stock.shop)
    rate = details.pop("tax_rate")
    staff = [
        Staff(
            id=key(), active=True, **{k: v for k, v in each.items() if k in ("name", "role", "skills", "hourly_cost")}
        )
        for each in stock.staff
    ]
    suppliers = {
        each["key"]: Supplier(id=key(), **{k: v for k, v in each.items() if k != "key"}) for each in stock.suppliers
    }
    parts = {each["key"]: _part(key(), each, suppliers) for each in stock.parts}
    return Setting(
        shop=ShopDetails(id=key(), name=name, payment_days=14, invoice_prefix="", **details),
        tax=TaxRule(id=key(), name="Standard", rate=rate, since=first_day.isoformat(), active=True),
        bays=[WorkBay(id=key(), position=n, active=True, **each) for n, each in enumerate(stock.bays, 1)],
        staff=staff,
        shifts=[
            shift(key(), person.id, weekday, given["hours"], first_day)
            for person, given in zip(staff, stock.staff, strict=True)
            for weekday in _WORKDAYS
        ],
        suppliers=suppliers,
        parts=parts,
        opening=[_opening(key(), part, moment) for part in parts.values() if part.order_up_to],
    )


def shift(id_: str, staff_id: str, weekday: int, hours: list[int], since: dt.date) -> Shift:
    """The usual hours of somebody on a weekday (1 is Monday); ``hours``: start, end, break, in minutes."""
    starts, ends, rest = hours
    return Shift(
        id=id_,
        staff_id=staff_id,
        weekday=weekday,
        starts=starts,
        ends=ends,
        break_minutes=rest,
        since=since.isoformat(),
    )


def _part(id_: str, given: Mapping[str, Any], suppliers: Mapping[str, Supplier]) -> Part:
    values = {name: value for name, value in given.items() if name not in ("key", "supplier")}
    return Part(
        id=id_,
        active=True,
        barcode=f"20{int(id_[-6:], 16) % 10**10:010}",
        supplier_id=suppliers[given["supplier"]].id,
        **{"unit": "pc", **values},
    )


def _some(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _opening(id_: str, part: Part, moment: int) -> StockMove:
    return StockMove(
        id=id_,
        part_id=part.id,
        quantity=part.order_up_to,
        reason="count",
        unit_cost=part.cost,
        moved_by="system",
        moved_at=moment,
    )


def owner_rows(seed: int, owner: Owner, moment: int) -> tuple[Customer, list[Synced]]:
    """A customer and how to reach them."""
    dice = random.Random(f"{seed}/owner rows/{owner.number}")
    customer = Customer(id=new_id(moment, dice), kind="company" if owner.company else "person", name=owner.name)
    ways = (("phone", owner.phone), ("email", owner.email), ("address", owner.address))
    return customer, [
        ContactWay(id=new_id(moment, dice), customer_id=customer.id, kind=kind, value=value) for kind, value in ways
    ]


def car_rows(seed: int, car: Car, customer: str, first_day: dt.date) -> tuple[Vehicle, list[Synced]]:
    """A vehicle with its owner, its first reading, and what it has."""
    dice = random.Random(f"{seed}/car rows/{car.number}")
    moment = at(first_day, 7 * 60 + car.number % 300)
    day = car.registered.isoformat()
    vehicle = Vehicle(
        id=new_id(moment, dice),
        plate=car.plate,
        vin=car.vin,
        make=car.model.make,
        model=car.model.model,
        year=car.registered.year,
        manufacture_date=(car.registered - dt.timedelta(days=dice.randint(20, 90))).isoformat(),
        color=car.color,
        fuel_type=car.model.fuel,
        transmission=car.model.transmission,
        vehicle_type="van" if car.model.van else "car",
        status="active",
        customer_id=customer,
        first_registration=day,
        inspection_due=_next_inspection(car.registered, first_day + dt.timedelta(days=730)).isoformat(),
    )
    rest: list[Synced] = [
        OwnerPeriod(id=new_id(moment, dice), vehicle_id=vehicle.id, customer_id=customer, since=day),
        OdometerReading(
            id=new_id(moment, dice),
            vehicle_id=vehicle.id,
            value=car.km,
            read_at=moment - 60 * MINUTE,
            source="import",
            read_by="system",
        ),
    ]
    if dice.random() < 0.3:
        rest.append(VehicleFeature(id=new_id(moment, dice), vehicle_id=vehicle.id, name=dice.choice(_FEATURES)))
    if car.registered.year >= first_day.year - 2:
        until = car.registered.replace(year=car.registered.year + 5)
        rest.append(
            Warranty(
                id=new_id(moment, dice),
                vehicle_id=vehicle.id,
                name="Maker's warranty",
                giver=car.model.make,
                valid_from=day,
                valid_until=until.isoformat(),
                up_to_odometer=100_000,
            )
        )
    return vehicle, rest


def _next_inspection(registered: dt.date, today: dt.date) -> dt.date:
    """The end of the month in which it is due; some owners are late."""
    due = registered
    while due < today - dt.timedelta(days=25):
        months = due.year * 12 + due.month - 1 + _INSPECTED_EVERY
        due = dt.date(months // 12, months % 12 + 1, 28)
    return due
