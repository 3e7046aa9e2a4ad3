"""Who owns which car, and how far it is driven: drawn from the seed, car by car: a larger garage begins alike."""

import datetime as dt
import random
from dataclasses import dataclass

from app.demo_past.stock import Model, Stock

PAST_DAYS = 730
OLDEST_KM = 290_000
_CARS_OF_A_COMPANY = (2, 6)
_COMPANIES = 0.08  # of owners
_SECOND_CAR = 0.15  # of private owners
_VIN_DIGITS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"  # ISO 3779 model years since 1980, over and over


@dataclass(frozen=True, slots=True)
class Owner:
    """A customer."""

    number: int
    company: bool
    name: str
    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class Car:
    """A car and its life before the first day of the past: ``km`` then, and ``km_a_day`` since."""

    number: int
    owner: int
    model: Model
    plate: str
    vin: str
    color: str
    registered: dt.date
    km: int
    km_a_day: float

    def odometer(self, day: int) -> int:
        """km on the evening of a day of the past; rises from day to day."""
        return self.km + int(self.km_a_day * day) + day // 2


def draw(stock: Stock, seed: int, count: int, first_day: dt.date) -> tuple[list[Owner], list[Car]]:
    """``count`` cars and those they belong to; ``first_day`` of the past."""
    owners: list[Owner] = []
    cars: list[Car] = []
    while len(cars) < count:
        dice = random.Random(f"{seed}/owner/{len(owners)}")
        company = dice.random() < _COMPANIES
        owner = _owner(stock, dice, len(owners), company)
        owners.append(owner)
        many = dice.randint(*_CARS_OF_A_COMPANY) if company else 1 + (dice.random() < _SECOND_CAR)
        for _ in range(min(many, count - len(cars))):
            cars.append(_car(stock, seed, len(cars), owner, first_day))
    return owners, cars


def _owner(stock: Stock, dice: random.Random, number: int, company: bool) -> Owner:
    names = stock.names
    name = dice.choice(names["company"]) if company else f"{dice.choice(names['first'])} {dice.choice(names['last'])}"
    if company and number >= 100:  # there are only so many trades in a town
        name = f"{name} {number}"
    email = "".join(each for each in name.lower() if each.isascii() and each.isalnum())
    return Owner(
        number=number,
        company=company,
        name=name,
        phone=f"+1 202 555 01{dice.randrange(100):02}",  # the range kept free for fiction
        email=f"{email}@example.com",
        address=f"{dice.choice(names['street'])} {dice.randint(1, 120)}\n{names['town']}",
    )


def _car(stock: Stock, seed: int, number: int, owner: Owner, first_day: dt.date) -> Car:
    dice = random.Random(f"{seed}/car/{number}")
    models = [each for each in stock.models if each.van == (owner.company and dice.random() < 0.7)] or list(
        stock.models
    )
    model = dice.choices(models, [each.weight for each in models])[0]
    year = dice.randint(model.years[0], min(model.years[1], first_day.year))
    registered = dt.date(year, dice.randint(1, 12), dice.randint(1, 28))
    if registered >= first_day:
        registered = first_day - dt.timedelta(days=dice.randint(20, 400))
    a_day = model.km / 365 * dice.lognormvariate(0.0, 0.3)
    km = int((first_day - registered).days * a_day * dice.uniform(0.85, 1.05)) + dice.randint(5, 60)
    if km > OLDEST_KM:  # who drives so far buys another one sooner
        a_day, km = a_day * OLDEST_KM / km, OLDEST_KM - dice.randrange(60_000)
    tail = "".join(dice.choice(_VIN_DIGITS[:10]) for _ in range(6))
    vin = f"{model.vin}{_YEARS[(registered.year - 1980) % 30]}{dice.choice('ABEGHJKM')}{tail}"
    return Car(
        number=number,
        owner=owner.number,
        model=model,
        plate=_plate(number),
        vin=vin,
        color="white" if model.van else dice.choice(stock.names["colors"]),
        registered=registered,
        km=km,
        km_a_day=a_day,
    )


def _plate(number: int) -> str:
    """Another one for each car, in an order nobody sees through: the step has no factor in common with the range."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    mixed = number * 7_919 + 4_201
    mixed, digits = divmod(mixed % (len(letters) ** 2 * 9_000), 9_000)
    first, second = divmod(mixed, len(letters))
    return f"PE {letters[first]}{letters[second]} {1_000 + digits}"
