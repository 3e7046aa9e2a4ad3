"""Heat in a simulated car: coolant with thermostat and fan, oil, intake air, catalyst. One step a second.

A lumped model: one heat capacity for engine and coolant, a radiator whose exchange grows with the thermostat's
opening, the wind and the fan (Heywood, 12.3; the shares of fuel energy are those of a warm petrol engine at part load).
"""

import math

from core.obd.simulator.vehicle import Vehicle

THERMOSTAT_OPENS_C = 86.0
THERMOSTAT_OPEN_C = 96.0
FAN_ON_C = 99.0
FAN_OFF_C = 94.5
_TO_COOLANT = 0.27  # of the fuel's energy at full load; at idle 0.15 more (Heywood, table 12.1)
_FAILING_RISE_K_S = 0.5  # how fast it may get at a sensor in standing water
_CAPACITY_KJ_K = 32.0  # a litre of displacement: iron, aluminium, water
_SHELL_KW_K = 0.012  # lost through the block whatever the thermostat does
_OPENING_LAG_S = 6.0  # the wax takes its time
_LIGHT_OFF_C = 250.0


class Warmth:
    """Temperatures in °C. ``step`` takes the means of the last second."""

    def __init__(self, vehicle: Vehicle) -> None:
        start = vehicle.start
        self._vehicle = vehicle
        self._capacity = _CAPACITY_KJ_K * max(1.0, vehicle.engine.displacement_l)
        self._thermostat = max(0.0, min(1.0, (start.coolant_c - THERMOSTAT_OPENS_C) / 10.0))
        self.coolant = start.coolant_c
        self.oil = start.oil_c
        self.ambient = start.ambient_c
        warm = max(0.0, min(1.0, (start.coolant_c - start.ambient_c) / 65.0))
        self.intake = start.ambient_c + 14.0 * warm
        self.catalyst = start.ambient_c + (470.0 - start.ambient_c) * warm
        self.catalyst_out = start.ambient_c + (390.0 - start.ambient_c) * warm
        self.exhaust = start.ambient_c + 200.0 * warm
        self.fan = False
        self.pump_fails = False
        self.pump_dead = False
        self._hot_s = 0

    def step(self, t: float, fuel_kw: float, speed: float, rpm: float) -> None:
        """One second with the fuel's power in kW and the speed in m/s; ``t`` is the car's time."""
        self._scenario(t)
        self._cool(fuel_kw, speed)
        running = rpm > 60.0
        oil_goal = self.coolant + 2.0 + 0.22 * fuel_kw if running else self.ambient
        self.oil += (oil_goal - self.oil) / (170.0 if running else 2400.0)
        wind = min(1.0, speed / 14.0)
        soak = (self.coolant - self.ambient) * (0.42 - 0.32 * wind)
        self.intake += (self.ambient + soak - self.intake) / (25.0 if speed > 3 else 70.0)
        self._exhaust(fuel_kw, running)

    def _scenario(self, t: float) -> None:
        scenario = self._vehicle.scenario
        if scenario.overheat_after_s is not None and t >= scenario.overheat_after_s:
            self.pump_fails = True
        elif scenario.cooling_fails_at_s is not None and t >= scenario.cooling_fails_at_s and not self.pump_dead:
            self._hot_s += self.coolant > scenario.cooling_returns_c
            self.pump_fails = self._hot_s <= 10
            self.pump_dead = self._hot_s > 10  # it has happened; it does not happen again

    def _cool(self, fuel_kw: float, speed: float) -> None:
        goal = max(0.0, min(1.0, (self.coolant - THERMOSTAT_OPENS_C) / (THERMOSTAT_OPEN_C - THERMOSTAT_OPENS_C)))
        self._thermostat += (goal - self._thermostat) / _OPENING_LAG_S
        self.fan = self.coolant > FAN_ON_C or (self.fan and self.coolant > FAN_OFF_C)
        size = max(1.0, self._vehicle.engine.displacement_l) / 1.6
        exchange = self._thermostat * size * (0.01 + 0.022 * speed + (0.28 if self.fan else 0.0))
        capacity = self._capacity
        if self.pump_fails:  # what stands around the cylinders heats up alone, and hardly reaches the radiator
            exchange *= 0.02
            capacity *= 0.35
        heat = (_TO_COOLANT + 0.15 * math.exp(-fuel_kw / 10.0)) * fuel_kw
        if self.coolant > 113.0:  # the cap lets steam out
            heat -= (self.coolant - 113.0) * 3.0
        lost = (exchange + _SHELL_KW_K * size) * (self.coolant - self.ambient)
        # Implicit in the loss: a big radiator at speed must not make one-second steps swing.
        change = (heat - lost) / (capacity + exchange)
        self.coolant += max(-1.6, min(_FAILING_RISE_K_S if self.pump_fails else 1.6, change))

    def _exhaust(self, fuel_kw: float, running: bool) -> None:
        goal = self.ambient if not running else self.ambient + 240.0 + 300.0 * (1 - math.exp(-fuel_kw / 45.0))
        self.exhaust += (goal - self.exhaust) / (9.0 if running else 240.0)
        reaction = 0.0
        if running and self.catalyst > _LIGHT_OFF_C:
            reaction = 115.0 * (1 - math.exp(-fuel_kw / 20.0))
        goal = self.exhaust + reaction if running else self.ambient
        self.catalyst += (goal - self.catalyst) / (32.0 if running else 420.0)
        goal = max(self.ambient, self.catalyst - 60.0) if running else self.ambient
        self.catalyst_out += (goal - self.catalyst_out) / (48.0 if running else 500.0)
