"""Values no control unit reports, worked out from those it does: gear, fuel, distance, power.

Everything is fed sample by sample and answers with the samples it makes of them; nothing reads a clock, so a recording
gives the same values as the car did. Where an input is missing, too old or says nothing (a car at rest has no gear) no
sample is made: a gap is honest, a number is not.

Times are seconds of any rising clock; values are in the units of ``core.obd.signals``.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Sample = tuple[str, float, float]  # name, t, value

MAX_AGE = 2.0  # s; an input older than that does not belong to the same moment
MAX_GAP = 2.0  # s; longer and nobody knows what the speed was in between
MIN_SPEED = 5.0  # km/h; below it the speed's own resolution of 1 km/h is most of the answer
MIN_ENGINE_SPEED = 400.0  # rpm; no engine idles below
GEAR_TOLERANCE = 0.08  # of the ratio; worn and oversize tyres are within 4 %, neighbouring gears 15 % and more apart
# Cars report 0 for a commanded lambda they do not have, and the PID ends at 2: neither says what the mixture is.
LAMBDA_LOWEST, LAMBDA_HIGHEST = 0.5, 1.95


@dataclass(frozen=True, slots=True)
class Fuel:
    """A fuel: stoichiometric air-fuel ratio by mass, density in g/L (None for a gas), lower heating value in kJ/g."""

    air_ratio: float
    density: float | None
    heating_value: float
    lean: bool = False  # burns with excess air, so that without a measured lambda the air says nothing


# Heywood, Internal Combustion Engine Fundamentals, table D.4 (natural gas as methane, LPG as equal parts of propane
# and butane); densities at 15 °C, of petrol and diesel the middle of what EN 228 and EN 590 permit.
FUELS: Mapping[str, Fuel] = {
    "petrol": Fuel(14.6, 747.5, 44.0),
    "diesel": Fuel(14.5, 832.5, 42.5, lean=True),
    "ethanol": Fuel(9.0, 789.0, 26.9),
    "methanol": Fuel(6.47, 792.0, 20.0),
    "lpg": Fuel(15.6, 545.0, 46.0),
    "natural gas": Fuel(17.2, None, 50.0),
}

# PID 51 codes. Electric propulsion, hydrogen and the mixed codes burn nothing that could be worked out from the air.
FUEL_OF_CODE: Mapping[int, str] = {
    **dict.fromkeys((1, 9, 17, 21, 22), "petrol"),
    **dict.fromkeys((4, 19, 23, 25), "diesel"),
    **dict.fromkeys((3, 11, 18), "ethanol"),
    **dict.fromkeys((2, 10), "methanol"),
    **dict.fromkeys((5, 7, 12, 14), "lpg"),
    **dict.fromkeys((6, 13, 24, 26), "natural gas"),
}


@dataclass(frozen=True, slots=True)
class CarFacts:
    """What the calculations need to know of the car; the defaults are those of an ordinary small petrol car."""

    # 205/55 R16: ETRTO dynamic rolling circumference, 3.05 times the outer diameter of 0.632 m.
    tyre_circumference: float = 1.927  # m
    gear_ratios: tuple[float, ...] = ()  # overall (gear times final drive), first gear first; empty when not known
    fuel: str = "petrol"  # a key of FUELS; PID 51, when the car has it, overrides this
    efficiency: float = 0.30  # of the engine, crankshaft work over fuel energy

    def __post_init__(self) -> None:
        if self.tyre_circumference <= 0 or any(ratio <= 0 for ratio in self.gear_ratios):
            raise ValueError("tyre circumference and gear ratios are above zero")
        if self.fuel not in FUELS:
            raise ValueError(f"{self.fuel!r} is not one of {', '.join(FUELS)}")
        if not 0 < self.efficiency < 1:
            raise ValueError("an engine's efficiency lies between 0 and 1")


_AIR = ("mass_air_flow", "commanded_equivalence_ratio")
_AIR_A = ("mass_air_flow_a", "commanded_equivalence_ratio")
_AIR_ALTERNATIVES: tuple[tuple[str, ...], ...] = (
    (*_AIR, "fuel_type"),
    _AIR,
    ("mass_air_flow", "fuel_type"),
    ("mass_air_flow",),
    _AIR_A,
    ("mass_air_flow_a",),
)
_FUEL_ALTERNATIVES: tuple[tuple[str, ...], ...] = (("fuel_rate",), ("engine_fuel_mass_rate",), *_AIR_ALTERNATIVES)
_INPUTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "overall_ratio": (("engine_speed", "vehicle_speed"),),
    "gear": (("engine_speed", "vehicle_speed"),),
    "fuel_rate_from_air_flow": _AIR_ALTERNATIVES,
    "consumption": tuple((*fuel, "vehicle_speed") for fuel in _FUEL_ALTERNATIVES),
    "distance_driven": (("vehicle_speed",),),
    "engine_power_from_torque": (
        ("actual_torque", "reference_torque", "engine_speed", "friction_torque"),
        ("actual_torque", "reference_torque", "engine_speed"),
    ),
    "engine_power_from_fuel": _FUEL_ALTERNATIVES,
}
NAMES = tuple(_INPUTS)


def inputs(name: str) -> tuple[tuple[str, ...], ...]:
    """What a derived signal is made of: alternatives, the best first; each is a set of signals wanted together.

    Empty for a signal that is not derived.
    """
    return _INPUTS.get(name, ())


def inputs_offered(name: str, offered: Collection[str]) -> tuple[str, ...]:
    """The best alternative of which the car offers every signal; empty when there is none."""
    return next((needed for needed in inputs(name) if all(signal in offered for signal in needed)), ())


def available(offered: Collection[str], facts: CarFacts | None = None) -> tuple[str, ...]:
    """The derived signals that can be had from what a car offers; ``gear`` only when its ratios are known."""
    ratios = facts.gear_ratios if facts else ()
    return tuple(name for name in NAMES if inputs_offered(name, offered) and (name != "gear" or ratios))


def overall_ratio(engine_speed: float, vehicle_speed: float, tyre_circumference: float) -> float | None:
    """Engine revolutions per wheel revolution; None when the car stands, creeps, or the engine does not run.

    rpm, km/h, m. An open clutch cannot be seen from these two; ``gear_number`` sees it.
    """
    if vehicle_speed < MIN_SPEED or engine_speed < MIN_ENGINE_SPEED:
        return None
    return engine_speed / 60 * tyre_circumference / (vehicle_speed / 3.6)


def gear_number(ratio: float, gear_ratios: tuple[float, ...]) -> int | None:
    """The gear (1 is the first of ``gear_ratios``) nearest to ``ratio``; None when none is near: clutch open."""
    best = min(range(len(gear_ratios)), key=lambda n: abs(math.log(ratio / gear_ratios[n])), default=None)
    if best is None or abs(ratio / gear_ratios[best] - 1) > GEAR_TOLERANCE:
        return None
    return best + 1


def trapezoid(speed_before: float, speed_now: float, seconds: float) -> float:
    """Kilometres between two speeds in km/h that far apart."""
    return (speed_before + speed_now) / 2 * seconds / 3600


class _Inputs:
    """The newest value of each input, and whether it still belongs to the moment asked about."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[float, float]] = {}

    def put(self, name: str, t: float, value: float) -> None:
        self._newest[name] = (t, value)

    def at(self, name: str, t: float, max_age: float = MAX_AGE) -> float | None:
        newest = self._newest.get(name)
        return newest[1] if newest and abs(t - newest[0]) <= max_age else None

    def ever(self, name: str) -> float | None:
        """For what does not change while driving: the fuel, the reference torque."""
        newest = self._newest.get(name)
        return newest[1] if newest else None

    def clear(self) -> None:
        self._newest.clear()


class GearWatch:
    """Overall ratio at each engine speed; the gear once two in a row agree on it, since a shift passes through."""

    triggers = ("engine_speed",)

    def __init__(self, facts: CarFacts) -> None:
        self._facts = facts
        self._gear: int | None = None

    def update(self, t: float, held: _Inputs) -> list[Sample]:
        engine, speed = held.at("engine_speed", t), held.at("vehicle_speed", t)
        ratio = None
        if engine is not None and speed is not None:
            ratio = overall_ratio(engine, speed, self._facts.tyre_circumference)
        if ratio is None or 0.0 in (held.at("manual_gear_engaged", t), held.at("automatic_gear_engaged", t)):
            self._gear = None
            return []
        made: list[Sample] = [("overall_ratio", t, ratio)]
        before, self._gear = self._gear, gear_number(ratio, self._facts.gear_ratios)
        if self._gear is not None and self._gear == before:
            made.append(("gear", t, float(self._gear)))
        return made

    def clear(self) -> None:
        self._gear = None


class FuelWatch:
    """Fuel rate from air, consumption and power from the best fuel rate there is: PID 5E, else 9D, else the air."""

    triggers = ("fuel_rate", "engine_fuel_mass_rate", "mass_air_flow", "mass_air_flow_a")

    def __init__(self, facts: CarFacts) -> None:
        self._facts = facts

    def _fuel(self, held: _Inputs) -> Fuel | None:
        code = held.ever("fuel_type")
        if not code:  # not offered, or "not available"
            return FUELS[self._facts.fuel]
        name = FUEL_OF_CODE.get(int(code))
        fuel = FUELS[name] if name else None
        share = held.ever("ethanol_percentage")
        if name == "petrol" and fuel and share:
            return blend(fuel, FUELS["ethanol"], share / 100)
        return fuel

    def update(self, t: float, held: _Inputs) -> list[Sample]:
        fuel = self._fuel(held)
        if fuel is None:
            return []
        made: list[Sample] = []
        from_air = fuel_from_air(fuel, *_air_and_lambda(t, held, fuel))
        if from_air is not None and fuel.density:
            made.append(("fuel_rate_from_air_flow", t, from_air * 3600 / fuel.density))
        grams, litres = _best_fuel(t, held, fuel, from_air)
        speed = held.at("vehicle_speed", t)
        if litres is not None and speed is not None and speed >= MIN_SPEED:
            made.append(("consumption", t, 100 * litres / speed))
        if grams is not None:
            made.append(("engine_power_from_fuel", t, grams * fuel.heating_value * self._facts.efficiency))
        return made

    def clear(self) -> None:
        """Nothing is kept between samples."""


def blend(base: Fuel, other: Fuel, share: float) -> Fuel:
    """A mixture of two liquid fuels; ``share`` is the other's part by volume, 0 to 1 (PID 52 / 100)."""
    if base.density is None or other.density is None:
        raise ValueError("only liquid fuels are blended by volume")
    density = base.density * (1 - share) + other.density * share
    mass = other.density * share / density
    return Fuel(
        base.air_ratio * (1 - mass) + other.air_ratio * mass,
        density,
        base.heating_value * (1 - mass) + other.heating_value * mass,
        base.lean,
    )


def fuel_from_air(fuel: Fuel, air: float | None, ratio: float | None) -> float | None:
    """Fuel in g/s for that air in g/s at that lambda; None without air, or for a lean fuel without a lambda."""
    if air is None or (ratio is None and fuel.lean):
        return None
    return air / (fuel.air_ratio * (1.0 if ratio is None else ratio))


def _air_and_lambda(t: float, held: _Inputs, fuel: Fuel) -> tuple[float | None, float | None]:
    air = held.at("mass_air_flow", t)
    if air is None:
        air = held.at("mass_air_flow_a", t)
        second = held.at("mass_air_flow_b", t)  # the other bank's own sensor
        air = air + second if air is not None and second is not None else air
    measured = (
        "exhaust_lambda_bank_1_sensor_1",
        "wide_range_current_lambda_bank_1_sensor_1",
        "wide_range_lambda_bank_1_sensor_1",
    )
    for name in (*measured, "commanded_equivalence_ratio") if fuel.lean else ("commanded_equivalence_ratio",):
        ratio = held.at(name, t)
        highest = 7.9 if name.startswith("exhaust") else LAMBDA_HIGHEST  # PID 8C reaches 8
        if ratio is not None and ratio >= LAMBDA_LOWEST:
            # At its upper end the PID says "at least this": there is more air than fuel, and nobody knows how much.
            return (air, ratio) if ratio <= highest else (None, None)
    return air, None


def _best_fuel(t: float, held: _Inputs, fuel: Fuel, from_air: float | None) -> tuple[float | None, float | None]:
    """The fuel in g/s and in L/h, either None when it cannot be known."""
    litres = held.at("fuel_rate", t)
    if litres is not None:
        return (litres * fuel.density / 3600 if fuel.density else None), litres
    grams = held.at("engine_fuel_mass_rate", t)
    if grams is None:
        grams = from_air
    return grams, (grams * 3600 / fuel.density if grams is not None and fuel.density else None)


class DistanceWatch:
    """Distance since the start, by the trapezoidal rule; a gap of more than ``MAX_GAP`` adds nothing."""

    triggers = ("vehicle_speed",)

    def __init__(self, _facts: CarFacts) -> None:
        self._before: tuple[float, float] | None = None
        self._km = 0.0

    def update(self, t: float, held: _Inputs) -> list[Sample]:
        speed = held.at("vehicle_speed", t)
        if speed is None:
            return []
        if self._before is not None and 0 < t - self._before[0] <= MAX_GAP:
            self._km += trapezoid(self._before[1], speed, t - self._before[0])
        self._before = (t, speed)
        return [("distance_driven", t, self._km)]

    def clear(self) -> None:
        """Time jumped (a recording was wound): go on from here, keep what was driven."""
        self._before = None


class TorquePowerWatch:
    """Power at the crankshaft from the torque PIDs; friction is taken off when the car reports it."""

    triggers = ("actual_torque",)

    def __init__(self, _facts: CarFacts) -> None:
        """Nothing about the car is needed: it reports torque itself."""

    def update(self, t: float, held: _Inputs) -> list[Sample]:
        torque, engine = held.at("actual_torque", t), held.at("engine_speed", t)
        reference = held.ever("reference_torque")
        if torque is None or engine is None or reference is None:
            return []
        newton_metres = (torque - (held.at("friction_torque", t) or 0.0)) / 100 * reference
        return [("engine_power_from_torque", t, newton_metres * engine * 2 * math.pi / 60_000)]

    def clear(self) -> None:
        """Nothing is kept between samples."""


class Derived:
    """All derived signals of one car. Feed it every sample of the car; it answers with the derived ones.

    Not thread-safe: it belongs to the thread that decodes.
    """

    def __init__(self, facts: CarFacts | None = None) -> None:
        self._held = _Inputs()
        facts = facts or CarFacts()
        self._watches = (GearWatch(facts), FuelWatch(facts), DistanceWatch(facts), TorquePowerWatch(facts))
        self._by_trigger = {trigger: watch for watch in self._watches for trigger in watch.triggers}
        self._newest = -math.inf

    def update(self, name: str, t: float, value: float) -> list[Sample]:
        """One sample in, the derived samples that it completes out (often none). ``t`` in seconds.

        Time may jump back by more than ``MAX_GAP`` (a recording wound back): then nothing old is combined with it.
        """
        if t < self._newest - MAX_GAP:
            self._held.clear()
            for watch in self._watches:
                watch.clear()
            self._newest = t
        self._newest = max(self._newest, t)
        self._held.put(name, t, value)
        watch_for = self._by_trigger.get(name)
        return watch_for.update(t, self._held) if watch_for else []
