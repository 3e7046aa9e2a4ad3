"""The person at the wheel: looks along the route and says how hard to accelerate, brake or push on."""

import math

from core.obd.simulator.route import Leg, lap, opening
from core.obd.simulator.vehicle import Scenario

DT = 0.05  # s, the step of the whole model
_BRAKING = 1.15  # m/s²: when what comes takes this much, a calm driver begins to brake
_HARDEST_BRAKING = 3.2
_SPURT_LASTS_S = 12.0
_OVER_LASTS_S = 1.8  # how long the driver keeps his foot down once it screams
_SPURT_SPEEDS = (8.0, 21.0)  # m/s: from here a low gear at full throttle passes 6,000 rpm within seconds


class Driver:
    """Follows the laps of ``route``. ``decide`` once a step; ``grade``, ``spurt`` and ``leg`` are read after it."""

    def __init__(self, seed: int, scenario: Scenario, *, driving: bool, wait_s: float) -> None:
        self._seed = seed
        self._scenario = scenario
        self._legs: list[Leg] = opening(seed) if driving else []
        self._lap = 0
        self._stand = wait_s
        self._next_spurt = math.inf if scenario.over_rev_at_s is None else scenario.over_rev_at_s
        self._spurt_left = 0.0
        self._at_step = 0
        self._slowing = False
        self.spurt = False
        self._next_leg()

    def _next_leg(self) -> None:
        if not self._legs:
            self._legs = lap(self._seed, self._lap)
            self._lap += 1
        self.leg = self._legs.pop(0)
        self.left_m = self.leg.length_m
        self.grade = self.leg.grade
        self._slowing = False
        # What comes next is looked at early: brake for a slower stretch, or to a stand.
        if self.leg.stop_s:
            self._end_speed = 0.0
        else:
            self._end_speed = self._legs[0].speed if self._legs else self.leg.speed

    def decide(self, speed: float) -> float:
        """The acceleration wanted in m/s² at this speed in m/s; negative to brake. Also moves along the route."""
        self._at_step += 1
        self.left_m -= speed * DT
        if self._stand > 0:
            self._stand -= DT
            return -1.0
        leg = self.leg
        if self.spurt:
            return self._push_on(speed)
        if leg.stop_s and self.left_m < 2.0 and speed < 0.3:
            self._stand = leg.stop_s
            self._next_leg()
            return -1.0
        if self.left_m <= 0.0:
            if leg.stop_s and speed > 0.3:
                return -1.6  # rolled past the line a little
            self._next_leg()
            leg = self.leg
        if self._at_step * DT >= self._next_spurt and self._may_spurt(speed):
            return self._push_on(speed)
        end = self._end_speed
        needed = (speed * speed - end * end) / (2 * max(self.left_m - 0.5, 0.3))
        self._slowing = needed > (0.2 if self._slowing else _BRAKING)
        wanted = -needed if self._slowing else 0.45 * (leg.speed * self._wobble() - speed)
        strength = leg.vigour * (1.0 - speed / 75.0)
        return max(-_HARDEST_BRAKING, min(strength, wanted))

    def _wobble(self) -> float:
        """Nobody holds a speed: a few per cent around 1."""
        at = self._at_step
        slow = 0.025 * math.sin(at * 0.0041 + self._seed) + 0.015 * math.sin(at * 0.0137)
        return 1.0 + slow + 0.006 * math.sin(at * 0.071)

    def _may_spurt(self, speed: float) -> bool:
        low, high = _SPURT_SPEEDS
        if not low <= speed <= high or (self._end_speed == 0.0 and self.left_m < 150):
            return False
        self.spurt = True
        self._spurt_left = _SPURT_LASTS_S
        self._next_spurt = self._at_step * DT + self._scenario.over_rev_every_s
        return True

    def _push_on(self, speed: float) -> float:
        """Overtaking: everything the engine has. A leg that ends meanwhile is driven on as if it did not stop."""
        self._spurt_left -= DT
        if self._spurt_left <= 0:
            self.spurt = False
        if self.left_m <= 0.0:
            self._next_leg()
        return 8.0

    def screaming(self) -> None:
        """The engine turns where it should not: the driver hears it and lets go soon."""
        self._spurt_left = min(self._spurt_left, _OVER_LASTS_S)
