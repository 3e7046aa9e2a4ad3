"""What resources/demo/garage.toml says, with types."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from resources import path

FILE = path("demo", "garage.toml")
TECHNICIAN, BAY = "technician", "Bay"
Season = tuple[int, int]  # first and last month, both included; may go over the new year


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of car. ``km`` a year, ``weight`` how common, ``years`` it was built in (both included)."""

    make: str
    model: str
    vin: str
    years: tuple[int, int]
    fuel: str
    transmission: str
    weight: int
    km: int
    van: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is done to cars. Hours and quantities are thousandths; ``parts``: key and how much."""

    key: str
    title: str
    complaint: str
    cause: str
    fuels: frozenset[str]
    every_km: int
    every_months: int
    lasts_km: int
    rate: int  # in 100,000 km at ten years of age, in thousandths
    hours: int
    parts: tuple[tuple[str, int], ...]
    skills: str
    equipment: str
    season: Season | None
    inspection: bool
    measured: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """All of it. ``services`` come by interval, ``wears`` by distance, ``faults`` by chance, ``wheels`` by season."""

    shop: Mapping[str, Any]
    bays: tuple[Mapping[str, Any], ...]
    staff: tuple[Mapping[str, Any], ...]
    suppliers: tuple[Mapping[str, Any], ...]
    parts: tuple[Mapping[str, Any], ...]
    models: tuple[Model, ...]
    services: tuple[Work, ...]
    wears: tuple[Work, ...]
    faults: tuple[Work, ...]
    wheels: Work
    wheel_months: tuple[int, ...]
    wheel_share: int
    names: Mapping[str, Any]


def load() -> Stock:
    """The stock as it is shipped."""
    given = tomllib.loads(FILE.read_text("utf-8"))
    return Stock(
        shop=given["shop"],
        bays=tuple(given["bays"]),
        staff=tuple(given["staff"]),
        suppliers=tuple(given["suppliers"]),
        parts=tuple(given["parts"]),
        models=tuple(_model(each) for each in given["models"]),
        services=tuple(_work(each) for each in given["services"]),
        wears=tuple(_work(each) for each in given["wears"]),
        faults=tuple(_work(each) for each in given["faults"]),
        wheels=_work({"key": "wheels", **given["wheels"]}),
        wheel_months=tuple(given["wheels"]["months"]),
        wheel_share=given["wheels"]["share"],
        names=given["names"],
    )


def grown(stock: Stock, times: int) -> Stock:
    """A garage with so many times the technicians and bays, for so many times the work: nobody is in two places."""
    technicians = [each for each in stock.staff if each["role"] == TECHNICIAN]
    first, last = stock.names["first"], stock.names["last"]
    more = [
        {**each, "name": f"{first[at % len(first)]} {last[(at // len(first) + at) % len(last)]}"}
        for at, each in enumerate(technicians * (times - 1))
    ]
    bays = [
        {**each, "name": f"{BAY} {turn * len(stock.bays) + number}"}
        for turn in range(times)
        for number, each in enumerate(stock.bays, 1)
    ]
    return replace(stock, staff=(*stock.staff, *more), bays=(*stock.bays, *bays[len(stock.bays) :]))


def _model(given: Mapping[str, Any]) -> Model:
    first, last = given["years"]
    return Model(
        make=given["make"],
        model=given["model"],
        vin=given["vin"],
        years=(first, last),
        fuel=given["fuel"],
        transmission=given["transmission"],
        weight=given["weight"],
        km=given["km"],
        van=given.get("van", False),
    )


def _work(given: Mapping[str, Any]) -> Work:
    season = given.get("season")
    return Work(
        key=given["key"],
        title=given["title"],
        complaint=given.get("complaint", ""),
        cause=given.get("cause", ""),
        fuels=frozenset(given.get("fuels", ())),
        every_km=given.get("every_km", 0),
        every_months=given.get("every_months", 0),
        lasts_km=given.get("km", 0),
        rate=given.get("rate", 0),
        hours=given["hours"],
        parts=tuple((key, quantity) for key, quantity in given.get("parts", ())),
        skills=given.get("skills", ""),
        equipment=given.get("equipment", ""),
        season=(season[0], season[1]) if season else None,
        inspection=given.get("inspection", False),
        measured=given.get("measured", False),
    )
