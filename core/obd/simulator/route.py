"""The road ahead of a simulated car: town, country and motorway laps that repeat but never the same way twice.

A lap is a list of ``Leg``. Everything is drawn from ``random.Random(f"{seed}-{lap}")``, so the same seed drives the
same roads for ever and a lap can be rebuilt without the ones before it.
"""

import random
from dataclasses import dataclass

KMH = 1 / 3.6


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of road: m, m/s, rise over run, m/s², and the seconds the car stands at its end (0: drives on)."""

    kind: str  # "town" | "country" | "motorway"
    length_m: float
    speed: float
    grade: float
    vigour: float  # acceleration the driver likes here
    stop_s: float


@dataclass(frozen=True, slots=True)
class _Road:
    legs: tuple[int, int]
    length_m: tuple[float, float]
    speeds_kmh: tuple[float, ...]
    grade: float
    vigour: tuple[float, float]
    stop_chance: float
    stop_s: tuple[float, float]


# Lengths and stop shares follow the phases of the WLTC class 3 cycle (UN GTR No. 15, annex 1): low with a quarter of
# the time standing, medium and high with a few stops, extra high with none.
_ROADS = {
    "town": _Road((6, 10), (90, 420), (30, 45, 50, 50, 55), 0.012, (1.2, 1.9), 0.5, (4, 32)),
    "country": _Road((4, 7), (350, 1300), (60, 70, 80, 90, 100, 100), 0.035, (1.2, 2.2), 0.12, (3, 9)),
    "motorway": _Road((2, 4), (1500, 3500), (100, 120, 120, 130), 0.02, (1.1, 1.8), 0.0, (0, 0)),
}
_LAP = ("town", "country", "motorway", "country", "town")


def lap(seed: int, number: int) -> list[Leg]:
    """The legs of lap ``number`` (0, 1, 2 …); the last one always ends with a stop."""
    chance = random.Random(f"{seed}-{number}")
    order = list(_LAP)
    if number and chance.random() < 0.35:
        order.remove("motorway")  # not every errand leads onto the motorway
    legs = [leg for kind in order for leg in _stretch(kind, chance)]
    last = legs[-1]
    legs[-1] = Leg(last.kind, last.length_m, last.speed, last.grade, last.vigour, chance.uniform(15, 45))
    return legs


def _stretch(kind: str, chance: random.Random) -> list[Leg]:
    road = _ROADS[kind]
    legs = []
    for _ in range(chance.randint(*road.legs)):
        stops = chance.random() < road.stop_chance
        legs.append(
            Leg(
                kind=kind,
                length_m=chance.uniform(*road.length_m),
                speed=chance.choice(road.speeds_kmh) * KMH,
                grade=chance.uniform(-road.grade, road.grade),
                vigour=chance.uniform(*road.vigour),
                stop_s=chance.uniform(*road.stop_s) if stops else 0.0,
            )
        )
    return legs


def opening(seed: int) -> list[Leg]:
    """The first legs of a car that is already under way when somebody looks: lively, so that the gauges move."""
    chance = random.Random(f"{seed}-opening")
    return [
        Leg("town", chance.uniform(180, 260), 50 * KMH, 0.0, 1.8, 0.0),
        Leg("town", chance.uniform(120, 180), 30 * KMH, 0.0, 1.5, chance.uniform(3, 6)),
        Leg("country", chance.uniform(900, 1200), 80 * KMH, 0.02, 2.0, 0.0),
        Leg("country", chance.uniform(900, 1300), 70 * KMH, 0.04, 2.0, 0.0),
        Leg("country", chance.uniform(1100, 1500), 90 * KMH, 0.03, 2.0, 0.0),
    ]
