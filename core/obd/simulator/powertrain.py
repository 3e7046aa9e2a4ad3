"""Engine, gearbox and road: what the pedal does to torque, gear, engine speed, air and fuel, step by step.

A mean-value model: one number a step for each quantity, no strokes. Air by speed-density,
``air = pressure * displacement * volumetric efficiency * speed / (120 * R * temperature)``; torque from the work in the
fuel that air burns, less pumping and friction (Heywood, Internal Combustion Engine Fundamentals, 2nd ed., 2.10, 13.3
and 14.2). The load ratio is what the cylinders hold against what they would hold unthrottled at ambient pressure.
"""

import math
import random

from core.obd.simulator.driver import DT
from core.obd.simulator.vehicle import Vehicle

GAS_CONSTANT = 287.05  # J/(kg K), dry air
STOICHIOMETRIC = {"petrol": 14.7, "diesel": 14.5}
ENERGY_J_PER_G = {"petrol": 43_000.0, "diesel": 42_600.0}
DENSITY_G_PER_L = {"petrol": 745.0, "diesel": 832.0}
DIESEL_EFFICIENCY = 0.43
AIR_DENSITY = 1.2
CLOSED_THROTTLE = 0.2  # load ratio on the overrun
_DRIVELINE = 0.93
_RPM_PER_RAD = 60 / (2 * math.pi)
_MOTOR_W = 60_000.0  # a hybrid's drive motor
_WARM_FRICTION = 9.5  # N·m a litre of displacement where torque peaks
_BATTERY_J = 1.3e3 * 3600  # its battery, 1.3 kWh


def volumetric_efficiency(share: float) -> float:
    """Of a naturally breathing engine at this share of its redline: 0.77 at idle, 0.97 at its best, 0.93 at the end."""
    return 0.70 + 0.75 * share - 0.52 * share * share


class Powertrain:
    """State of engine and car. ``step`` moves on by ``DT``; everything public may be read between steps."""

    def __init__(self, vehicle: Vehicle, seed: int) -> None:
        body, engine, gearbox, start = vehicle.body, vehicle.engine, vehicle.gearbox, vehicle.start
        self.vehicle = vehicle
        self.diesel = engine.fuel == "diesel"
        self.hybrid = gearbox.kind == "power_split"
        self._manual = gearbox.kind == "manual"
        self._chance = random.Random(f"{seed}-engine")
        self._volume = engine.displacement_l / 1000
        self._pumping = start.barometric_kpa * 1000 * self._volume / (4 * math.pi)  # N·m at closed throttle
        charge = (
            start.barometric_kpa * 1000 * self._volume / (GAS_CONSTANT * 300) * 1000
        )  # g a cycle, filled to the brim
        self._work = charge / 14.7 * ENERGY_J_PER_G["petrol"] * engine.efficiency / (4 * math.pi)  # N·m from that
        self._rpm_per_speed = tuple(
            gear * gearbox.final_drive / body.wheel_radius_m * _RPM_PER_RAD for gear in gearbox.gears
        )
        self._top = len(gearbox.gears) - 1
        self._mass = body.mass_kg * 1.04  # with the wheels and shafts that turn along
        self._barometric = start.barometric_kpa
        self.gear = 0
        self.shifting = 0.0  # s left
        self._since_shift = 9.0
        self.speed = start.speed_kmh / 3.6
        self.acceleration = 0.0
        self.engine_on = start.driving
        self.rpm = engine.idle_rpm if start.driving else 0.0
        self.load = 0.3
        self.boost = 0.0
        self.pedal = 0.0
        self.torque = 0.0
        self.demand = 0.0  # torque wanted, N·m
        self.fuel_cut = False
        self.enriched = False
        self.braking = False
        self.air_g_s = 0.0
        self.fuel_g_s = 0.0
        self.battery = start.battery_percent
        self.battery_w = 0.0  # out of the hybrid battery
        self._engine_since = 0.0
        self._idle_noise = 0.0
        self._tremor = 0.0
        self.idle_rpm = engine.idle_rpm  # these three follow the heat, once a second
        self.oil_c = start.oil_c
        self.air_k = start.ambient_c + 273.15
        self.misfiring = False
        if start.driving and not self.hybrid:
            while self.gear < self._top and self.speed * self._rpm_per_speed[self.gear] > 2100:
                self.gear += 1
            self.rpm = max(self.rpm, self.speed * self._rpm_per_speed[self.gear])
            self._breathe()

    # --- torque -----------------------------------------------------------------------------------------------------

    def friction(self, rpm: float) -> float:
        """N·m lost in the engine and to what it drives along; cold oil costs up to 0.7 of it more."""
        cold = 1.0 + 0.7 * max(0.0, min(1.0, (75.0 - self.oil_c) / 90.0))
        accessories = 260.0 / max(rpm, 500.0) * _RPM_PER_RAD
        return (0.72e5 + 13.0 * rpm) * self._volume / (4 * math.pi) * cold + accessories

    def full_load(self, rpm: float) -> float:
        """Indicated N·m of all the air (petrol) or all the fuel (diesel) the engine can take at ``rpm``."""
        engine = self.vehicle.engine
        if not self.diesel:
            return self._work * volumetric_efficiency(rpm / engine.redline_rpm)
        rising = min(1.0, math.pow(rpm / 1600.0, 1.3))
        falling = max(0.0, (rpm - 2600.0) / (engine.redline_rpm - 2600.0))
        return engine.torque_nm * 1.1 * rising * (1.0 - 0.35 * falling * falling)

    def reference_torque(self) -> float:
        """The engine's best brake torque, N·m: what PID 63 says."""
        steps = range(1000, int(self.vehicle.engine.redline_rpm), 100)
        return max(self.full_load(rpm) * self._most(rpm) - _WARM_FRICTION * self._volume * 1000 for rpm in steps)

    def _most(self, rpm: float) -> float:
        """The highest load ratio: 1 without a turbocharger."""
        engine = self.vehicle.engine
        if self.diesel or not engine.boost_kpa:
            return 1.0
        return 1.0 + engine.boost_kpa / self._barometric * min(1.0, rpm / 1800.0)

    # --- one step ---------------------------------------------------------------------------------------------------

    def step(self, wanted: float, grade: float, spurt: bool) -> None:
        """Move on by ``DT`` with ``wanted`` m/s² on this grade; ``spurt``: hold a low gear and give everything."""
        body = self.vehicle.body
        speed = self.speed
        weight = body.mass_kg * 9.81
        resistance = weight * ((body.rolling if speed > 0.05 else 0.0) + grade)
        resistance += 0.5 * AIR_DENSITY * body.drag_area_m2 * speed * speed
        if self.hybrid:
            self._step_hybrid(wanted, resistance)
        else:
            self._step_geared(wanted, resistance, spurt)
        self._breathe()

    def start_engine(self) -> None:
        """The starter has done its work."""
        self.engine_on = True

    def _step_geared(self, wanted: float, resistance: float, spurt: bool) -> None:
        speed = self.speed
        standing = speed < 0.6 and wanted <= 0
        per_speed = self._rpm_per_speed[self.gear]
        locked = speed * per_speed
        slip = max(0.0, 1.0 - speed / 7.0)  # torque converter or clutch below 25 km/h
        multiply = 1.0 if self._manual else 1.0 + 0.7 * slip
        lever = per_speed / _RPM_PER_RAD * _DRIVELINE * multiply  # N of thrust a N·m
        loss = self.friction(self.rpm)
        most = self._most(self.rpm)
        full = self.full_load(self.rpm) * most - loss
        if slip > 0.3:
            least = -1.0  # an open clutch or converter does not brake
        else:
            least = -(0.0 if self.diesel else self._pumping * (1.0 - CLOSED_THROTTLE)) - loss
        demand = 0.0 if standing else (self._mass * wanted + resistance) / lever
        if standing or demand <= least:
            request = 0.0
        else:
            request = math.pow(min(1.0, (demand - least) / (full - least)), 1.4)
        if spurt:
            request, demand = 1.0, full
        if request > 0.02:  # a foot is never quite still
            self._tremor += (self._chance.random() - 0.5) * 0.03 - self._tremor * 0.1
            request = min(1.0, request * (1.0 + self._tremor))
            demand += self._tremor * 0.3 * (full - least)
        self.pedal += (request - self.pedal) * 0.25
        if self.pedal < 0.004:
            self.pedal = 0.0
        self.demand = max(least, min(full, demand))
        self._turn(standing, locked, slip)
        self._burn(standing or (slip > 0.3 and demand < 2.0), loss, least)
        thrust = self.torque * lever if self.shifting <= 0 or not self._manual else 0.0
        if standing:
            self.speed = max(0.0, speed - 2.0 * DT)
            self.acceleration = 0.0
        else:
            free = (thrust - resistance) / self._mass
            self.braking = request == 0.0 and wanted < min(free, -0.1)
            self.acceleration = wanted if self.braking else free
            self.speed = max(0.0, speed + self.acceleration * DT)
        self._choose_gear(spurt)

    def _turn(self, standing: bool, locked: float, slip: float) -> None:
        """Engine speed follows the wheels through the gear, or the idle control where they do not drive it."""
        self._idle_noise += (self._chance.random() - 0.5) * 9.0 - self._idle_noise * 0.12
        idle = self.idle_rpm + self._idle_noise
        if self.misfiring and self._chance.random() < 0.12:
            self.rpm -= 55.0
        if standing:
            target = idle
        else:
            free = idle + (1700.0 if self.diesel else 1500.0) * self.pedal * slip
            target = max(free, locked * (1.0 + 0.006 + 0.05 * slip * self.pedal))
        quick = 0.18 if self.shifting > 0 else 0.4
        self.rpm += (target - self.rpm) * quick

    def _burn(self, idling: bool, loss: float, least: float) -> None:
        """Load ratio, fuel cut and torque. Idling, the load is whatever holds the idle."""
        rpm = self.rpm
        full = self.full_load(rpm)
        pumping = 0.0 if self.diesel else self._pumping
        if idling:
            held = 4.0 if self._manual else 9.0  # N·m into the torque converter, with the brake on
            efficiency = 0.78  # the spark stands late at idle, which leaves room to catch a dip
            goal = (pumping + loss + held) / (full * efficiency + pumping)
            self.torque = 0.0
            self.fuel_cut = False
        else:
            goal = (self.demand + pumping + loss) / (full + pumping)
            self.fuel_cut = self.demand <= least * 0.9 and rpm > 1250.0
        if rpm > self.vehicle.engine.redline_rpm:
            self.fuel_cut = True
        if self.fuel_cut:
            goal = 0.0 if self.diesel else CLOSED_THROTTLE
        goal = max(0.02 if self.diesel else CLOSED_THROTTLE, min(self._most(rpm), goal))
        self.load += (goal - self.load) * 0.3  # the manifold fills in about 0.15 s
        if not idling:
            burnt = 0.0 if self.fuel_cut else self.load * full
            self.torque = burnt - pumping * max(0.0, 1.0 - self.load) - loss
            if self.shifting > 0:
                self.torque = min(self.torque, 0.4 * self.torque)

    def _choose_gear(self, spurt: bool) -> None:
        if self.shifting > 0:
            self.shifting -= DT
        self._since_shift += DT
        redline = self.vehicle.engine.redline_rpm
        ratios = self._rpm_per_speed
        gear = self.gear
        locked = self.speed * ratios[gear]
        up = (0.27 + 0.66 * self.pedal) * redline
        if spurt:
            if gear > 1 and self.speed * ratios[gear - 1] < 0.66 * redline and self._since_shift > 0.4:
                self._shift(gear - 1)
            return
        if self._since_shift < 1.2:
            return
        least = max(0.165 * redline, 1.25 * self.idle_rpm)
        if locked > up and gear < self._top and self.speed * ratios[gear + 1] > least:
            self._shift(gear + 1)
        elif gear > 0:
            down = max((0.155 + 0.25 * self.pedal) * redline, 1.12 * self.idle_rpm)
            if locked < down and self.speed * ratios[gear - 1] < up * 0.9:
                self._shift(gear - 1)

    def _shift(self, gear: int) -> None:
        self.gear = gear
        self.shifting = 0.5 if self._manual else 0.3
        self._since_shift = 0.0

    def _step_hybrid(self, wanted: float, resistance: float) -> None:
        """Power split: the engine runs where it is efficient, the battery gives or takes the difference."""
        speed = self.speed
        most = 72_000.0 if self.engine_on else _MOTOR_W
        force = min(self._mass * wanted + resistance, most / max(speed, 4.0))
        self.acceleration = (force - resistance) / self._mass
        self.speed = max(0.0, speed + self.acceleration * DT)
        if speed < 0.3 and wanted <= 0:
            self.speed, self.acceleration, force = 0.0, 0.0, 0.0
        power = force * speed
        self.braking = wanted < -0.3
        self.pedal += (max(0.0, min(1.0, force / 4200.0)) - self.pedal) * 0.25
        self._engine_since += DT
        needs = power > 13_000 or self.battery < 42 or self.oil_c < 35
        if needs != self.engine_on and self._engine_since > (1.0 if needs else 6.0):
            self.engine_on, self._engine_since = needs, 0.0
        output = max(2500.0, power + (57.0 - self.battery) * 650.0) if self.engine_on else 0.0
        output = min(output, 53_000.0)
        target = max(self.idle_rpm, 1150.0 + output * 0.066) if self.engine_on else 0.0
        self._idle_noise += (self._chance.random() - 0.5) * 6.0 - self._idle_noise * 0.12
        self.rpm = max(0.0, self.rpm + (target + (self._idle_noise if target else 0.0) - self.rpm) * 0.12)
        if not self.engine_on and self.rpm < 25.0:
            self.rpm = 0.0
        self.battery_w = max(-24_000.0, power - output + 350.0)  # 350 W for the air conditioning and the rest
        self.battery = max(20.0, min(85.0, self.battery - self.battery_w * DT / _BATTERY_J * 100))
        loss = self.friction(self.rpm)
        full = self.full_load(self.rpm)
        self.demand = output / max(self.rpm, 600.0) * _RPM_PER_RAD
        self.fuel_cut = not self.engine_on
        goal = (self.demand + self._pumping + loss) / (full + self._pumping) if self.engine_on else 1.0
        self.load += (max(CLOSED_THROTTLE, min(1.0, goal)) - self.load) * 0.2
        self.torque = self.demand if self.engine_on else 0.0

    def _breathe(self) -> None:
        """Air and fuel of this step, g/s."""
        engine = self.vehicle.engine
        share = self.rpm / engine.redline_rpm
        if self.rpm < 60.0:
            self.air_g_s = self.fuel_g_s = 0.0
            self.boost *= 0.9
            return
        if self.diesel:
            spool = min(1.0, self.rpm / 1900.0)
            self.boost += (engine.boost_kpa * math.pow(self.load, 0.8) * spool - self.boost) * 0.08
            pressure = self._barometric + self.boost
            filling = 0.9 * (1.0 - self.egr_share())
        else:
            pressure = self._barometric * self.load
            filling = volumetric_efficiency(share)
        self.air_g_s = pressure * 1000 * self._volume * filling * self.rpm / (120 * GAS_CONSTANT * self.air_k) * 1000
        self.enriched = not self.diesel and self.load > 0.93 and self.pedal > 0.85
        if self.fuel_cut or not self.engine_on:
            self.fuel_g_s = 0.0
        elif self.diesel:
            work = self.load * self.full_load(self.rpm) * self.rpm / _RPM_PER_RAD
            self.fuel_g_s = work / ENERGY_J_PER_G["diesel"] / DIESEL_EFFICIENCY
        else:
            self.fuel_g_s = self.air_g_s / STOICHIOMETRIC["petrol"] / (0.88 if self.enriched else 1.0)

    def egr_share(self) -> float:
        """Exhaust led back into the intake of a diesel: much at light load, none at full load."""
        return max(0.0, 0.34 * (1.0 - 1.6 * self.load)) if self.diesel and not self.fuel_cut else 0.0

    def manifold_kpa(self) -> float:
        if self.rpm < 60.0:
            return self._barometric
        return self._barometric + self.boost if self.diesel else self._barometric * self.load
