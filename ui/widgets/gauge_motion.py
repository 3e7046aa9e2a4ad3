"""How a gauge moves: a needle that follows without overshoot, a number that changes no faster than one can read."""

import math

SETTLE = 0.13  # s until nine tenths of a step are made; within the 100 to 150 ms that look quick and still smooth
# A critically damped step is nine tenths done when (1 + x) e^-x = 0.1, which is x = 3.89.
STIFFNESS = 3.8897 / SETTLE

READABLE = 0.1  # s between two texts: ten a second is what an eye can still read
FRESH = 0.04  # s; a text older than this waits for the next sample, which is about to come
PATIENCE = 0.1  # s a sample waits for the next one; then it is shown, for none came


class Needle:
    """A critically damped follower in fractions of the scale; the same path whatever the frame rate.

    The step is the exact solution of x'' = -2 w x' - w^2 (x - target), so two half steps equal one whole step.
    """

    __slots__ = ("position", "velocity")

    def __init__(self) -> None:
        self.position: float | None = None  # None until there is a value
        self.velocity = 0.0

    def follow(self, target: float | None, seconds: float, rest: float = 1e-4) -> bool:
        """Move towards ``target`` for ``seconds``; True when the position changed.

        Without a target the needle is gone; with the first one it stands there at once, for a needle that sweeps up
        from zero would show values that never were. Within ``rest`` of the target it stops exactly there.
        """
        if target is None or self.position is None:
            changed = self.position != target
            self.position, self.velocity = target, 0.0
            return changed
        distance = self.position - target
        if distance == 0.0 and self.velocity == 0.0:
            return False
        pull = self.velocity + STIFFNESS * distance
        decay = math.exp(-STIFFNESS * seconds)
        position = target + (distance + pull * seconds) * decay
        velocity = (self.velocity - STIFFNESS * pull * seconds) * decay
        if abs(position - target) < rest and abs(velocity) < rest * STIFFNESS:
            position, velocity = target, 0.0
        changed = position != self.position
        self.position, self.velocity = position, velocity
        return changed

    def jump(self, target: float | None) -> None:
        """Stand at ``target`` at once (another signal, another moment of the session)."""
        self.position, self.velocity = target, 0.0


class Pace:
    """Decides when a new sample may become the text: at most ten a second, and never a value that is already old."""

    __slots__ = ("_offered_at", "_shown_at")

    def __init__(self) -> None:
        self._shown_at = -math.inf
        self._offered_at: float | None = None  # when a sample that is not shown yet was first offered

    def allows(self, frame: float, age: float) -> bool:
        """Whether a sample ``age`` seconds old may be shown at ``frame`` (s); True counts as shown.

        The waiting is counted in frames' time: a recording that is held has a clock that stands still.
        """
        if self._offered_at is None:
            self._offered_at = frame
        if frame - self._shown_at < READABLE:
            return False
        if age > FRESH and frame - self._offered_at < PATIENCE:
            return False
        self._shown_at, self._offered_at = frame, None
        return True
