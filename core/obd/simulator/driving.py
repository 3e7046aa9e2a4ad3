"""A car that drives itself: driver, powertrain and heat, moved on together in steps of 50 ms.

``DrivingModel`` is a pure function of vehicle, seed and time: asking at 10 Hz or once an hour leads to the same state.
Moving on is cheap (an hour in well under a second), and a request that comes more than ``LONGEST_SLEEP_S`` after the
one before finds the car as if it had been parked meanwhile: it drives on from where it was.
"""

import random
from collections.abc import Mapping
from functools import cached_property

from core.obd.simulator.driver import DT, Driver
from core.obd.simulator.observation import observe
from core.obd.simulator.powertrain import DENSITY_G_PER_L, ENERGY_J_PER_G, Powertrain
from core.obd.simulator.vehicle import Vehicle
from core.obd.simulator.warmth import Warmth

LONGEST_SLEEP_S = 3600.0
_STEPS_A_SECOND = round(1 / DT)
_CRANK_FROM_S = 2.0
_CRANK_UNTIL_S = 2.9
_PULL_AWAY_S = 9.0


class DrivingModel:
    """A vehicle under way. Times are seconds from the start of the model; not for several threads at once."""

    SOOT_FULL = 80.0

    def __init__(self, vehicle: Vehicle, seed: int = 0) -> None:
        start = vehicle.start
        self.vehicle = vehicle
        self.power = Powertrain(vehicle, seed)
        self.warmth = Warmth(vehicle)
        self.driver = Driver(
            seed, vehicle.scenario, driving=start.driving, wait_s=0.0 if start.driving else _PULL_AWAY_S
        )
        self._chance = random.Random(f"{seed}-slow")
        self._skipped = 0.0
        self.steps = 0
        self.run_time = 420.0 if start.driving else 0.0
        self.distance_m = 0.0
        self.fuel_l = start.fuel_percent / 100 * vehicle.body.tank_l
        self.slosh = 0.0
        self.long_trim = 0.0
        self.short_trim = 0.0
        self.trim_phase = 0.0
        self.purge = 0.0
        self.soot = 61.0  # of what triggers a regeneration at SOOT_FULL
        self.regenerating = False
        self.idle_time = 0.0
        self.battery_v = 14.1 if start.driving else 12.35
        self._fuel_g = 0.0
        self._follow_heat()
        self._values: tuple[int, Mapping[str, float]] | None = None

    # --- what the car asks ------------------------------------------------------------------------------------------

    def at(self, t: float) -> Mapping[str, float]:
        """Values by signal name at ``t``; the same mapping until the next step. Before the newest state: the newest."""
        self.advance(t)
        if self._values is None or self._values[0] != self.steps:
            self._values = (self.steps, observe(self))
        return self._values[1]

    def engine_running(self, t: float) -> bool:
        self.advance(t)
        return self.power.rpm > 400.0

    def voltage(self, t: float) -> float:
        """At the connector: a little less than the control module sees. V."""
        self.advance(t)
        return round(self.battery_v - 0.05, 2)

    @cached_property
    def reference_torque(self) -> float:
        return self.power.reference_torque()

    def names(self) -> frozenset[str]:
        """Every signal the model has a value for."""
        return frozenset(observe(self))

    @property
    def time(self) -> float:
        """Seconds driven so far."""
        return self.steps * DT

    # --- moving on --------------------------------------------------------------------------------------------------

    def advance(self, t: float) -> None:
        """Move on to ``t`` seconds."""
        behind = t - self._skipped - self.steps * DT
        if behind > LONGEST_SLEEP_S:
            self._skipped += behind - LONGEST_SLEEP_S
            behind = LONGEST_SLEEP_S
        for _ in range(int(behind * _STEPS_A_SECOND + 1e-6)):
            self._step()

    def _step(self) -> None:
        self.steps += 1
        power, driver = self.power, self.driver
        if power.engine_on or power.hybrid:
            wanted = driver.decide(power.speed)
            power.step(wanted, driver.grade, driver.spurt)
            if driver.spurt and power.rpm > 0.925 * self.vehicle.engine.redline_rpm:
                driver.screaming()
            self.distance_m += power.speed * DT
            self._fuel_g += power.fuel_g_s * DT
        else:
            driver.decide(0.0)
            self._crank()
        if self.steps % _STEPS_A_SECOND == 0:
            self._second()

    def _crank(self) -> None:
        """Key on, a moment of self-test, the starter, and the engine catches."""
        if _CRANK_FROM_S <= self.time < _CRANK_UNTIL_S:
            self.power.rpm += (215.0 - self.power.rpm) * 0.3
        elif self.time >= _CRANK_UNTIL_S:
            self.power.start_engine()
            self.power.rpm = 900.0

    def _second(self) -> None:
        power = self.power
        fuel = self.vehicle.engine.fuel
        if power.rpm > 400.0:
            self.run_time += 1.0
            self.idle_time += power.speed < 0.5
        fuel_kw = self._fuel_g * ENERGY_J_PER_G[fuel] / 1000
        self.warmth.step(self.time, fuel_kw, power.speed, power.rpm)
        self.fuel_l = max(0.0, self.fuel_l - self._fuel_g / DENSITY_G_PER_L[fuel])
        self._fuel_g = 0.0
        misfire_at = self.vehicle.scenario.misfire_after_s
        power.misfiring = misfire_at is not None and self.time >= misfire_at
        self._follow_heat()
        self._trims()
        self._electrics()
        bends = power.acceleration * 1.4 + self._chance.gauss(0, 0.25)
        self.slosh += (max(-3.0, min(3.0, bends)) - self.slosh) / 9.0
        if power.diesel:
            self._filter()

    def _follow_heat(self) -> None:
        """What the powertrain feels of the heat: thick oil, thin air, and a higher idle while cold."""
        power, warmth = self.power, self.warmth
        cold = max(0.0, min(1.0, (70.0 - warmth.coolant) / 60.0))
        power.idle_rpm = self.vehicle.engine.idle_rpm + 480.0 * cold * (0.3 if power.diesel else 1.0)
        power.oil_c = warmth.oil
        power.air_k = warmth.intake + 273.15

    @property
    def closed_loop(self) -> bool:
        """Fuel is trimmed by the oxygen sensor: warm enough, not on the overrun, not enriched."""
        power = self.power
        return (
            not power.diesel
            and power.engine_on
            and self.run_time > 25
            and self.warmth.coolant > 35
            and not power.fuel_cut
            and not power.enriched
        )

    def _trims(self) -> None:
        noise = self._chance.gauss(0, 1)
        if not self.closed_loop:
            self.short_trim *= 0.6
            self.purge *= 0.7
            return
        lean = 6.5 if self.power.misfiring else 0.0  # unburnt air past the sensor reads lean
        self.short_trim += 0.9 * noise + (lean - self.long_trim * 0.15 - self.short_trim) * 0.25
        self.short_trim = max(-14.0, min(14.0, self.short_trim))
        self.long_trim += (self.short_trim + 1.6 - self.long_trim) * 0.004
        allowed = self.warmth.coolant > 60 and self.power.pedal > 0.03
        self.purge += ((28.0 + 40.0 * self.power.pedal if allowed else 4.0) - self.purge) * 0.18

    def _filter(self) -> None:
        """A particulate filter fills with the load and is burnt free, in minutes, once it is full and hot enough."""
        if self.regenerating:
            self.soot -= 0.14
            self.regenerating = self.soot > 6.0
        else:
            self.soot += 0.014 * self.power.load
            self.regenerating = self.soot >= self.SOOT_FULL and self.warmth.catalyst > 220

    def _electrics(self) -> None:
        power = self.power
        cranking = _CRANK_FROM_S <= self.time < _CRANK_UNTIL_S and not self.vehicle.start.driving
        if power.rpm > 400.0 or power.hybrid:
            goal = 14.12 - 0.18 * self.warmth.fan + self._chance.gauss(0, 0.02)
            if power.braking:
                goal += 0.25  # the alternator works for nothing when the car slows down anyway
        else:
            goal = 9.9 if cranking else 12.3
        self.battery_v += (goal - self.battery_v) * (0.9 if cranking else 0.35)
