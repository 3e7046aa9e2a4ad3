"""What a simulated vehicle is made of: the numbers the driving model computes with. SI units unless named.

The defaults are a 1.6 litre petrol hatchback with a six-speed automatic. Ranges are checked by ``car_file``.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Body:
    """Mass in kg, drag area (cd times frontal area) in m², rolling resistance as a share of weight, wheel in m."""

    mass_kg: float = 1320.0
    drag_area_m2: float = 0.66
    rolling: float = 0.011
    wheel_radius_m: float = 0.302
    tank_l: float = 50.0


@dataclass(frozen=True, slots=True)
class Engine:
    """``boost_kpa`` is what a turbocharger adds at full load, 0 for none; ``torque_nm`` counts for diesel only.

    A petrol engine's torque follows from the air it draws: displacement, volumetric and indicated efficiency.
    """

    fuel: str = "petrol"  # "petrol" | "diesel"
    displacement_l: float = 1.6
    idle_rpm: float = 680.0
    redline_rpm: float = 6600.0
    boost_kpa: float = 0.0
    torque_nm: float = 320.0
    efficiency: float = 0.39


@dataclass(frozen=True, slots=True)
class Gearbox:
    """``gears`` are the ratios from first upwards. ``power_split``: a hybrid, its engine free of the wheels."""

    kind: str = "automatic"  # "automatic" | "manual" | "power_split"
    gears: tuple[float, ...] = (4.15, 2.37, 1.56, 1.16, 0.86, 0.69)
    final_drive: float = 3.72


@dataclass(frozen=True, slots=True)
class Start:
    """How things stand when the car is first looked at. Temperatures in °C, speed in km/h, fuel in % of the tank."""

    driving: bool = False  # already under way, instead of cranking first
    speed_kmh: float = 0.0
    ambient_c: float = 18.0
    coolant_c: float = 18.0
    oil_c: float = 18.0
    fuel_percent: float = 62.0
    odometer_km: float = 48213.0
    barometric_kpa: float = 100.0
    battery_percent: float = 58.0  # a hybrid's
    since_cleared_km: float = 1904.0
    since_cleared_min: float = 2730.0
    warm_ups: float = 61.0
    with_lamp_km: float | None = None  # None: the lamp has been off
    with_lamp_min: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """What goes wrong, and when, in seconds after the start; None for never.

    ``over_rev_at_s``: from then on, at the first good moment, the driver holds a low gear at full throttle past
    6,000 rpm, and again every ``over_rev_every_s``. ``cooling_fails_at_s``: the water pump's belt slips until the
    coolant has been above ``cooling_returns_c`` for ten seconds. ``overheat_after_s``: it slips for good.
    ``misfire_after_s``: one cylinder misses from then on.
    """

    over_rev_at_s: float | None = None
    over_rev_every_s: float = 150.0
    cooling_fails_at_s: float | None = None
    cooling_returns_c: float = 112.5
    overheat_after_s: float | None = None
    misfire_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Everything the driving model needs to know."""

    body: Body = field(default_factory=Body)
    engine: Engine = field(default_factory=Engine)
    gearbox: Gearbox = field(default_factory=Gearbox)
    start: Start = field(default_factory=Start)
    scenario: Scenario = field(default_factory=Scenario)
