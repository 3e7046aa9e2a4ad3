"""One beat for a window: sixty times a second everything that moves is told the time, and nothing else runs a timer."""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt, QTimer

PERIOD_MS = 16
RING = 8192  # intervals kept: more than two minutes


class FrameIntervals:
    """The last ``RING`` times between beats, in seconds, for the benches. Costs one store a frame."""

    def __init__(self) -> None:
        self._ring: npt.NDArray[np.float64] = np.zeros(RING)
        self.count = 0  # ever recorded

    def add(self, seconds: float) -> None:
        self._ring[self.count % RING] = seconds
        self.count += 1

    def array(self) -> npt.NDArray[np.float64]:
        """Intervals held, oldest first, float64 seconds of shape (n,)."""
        if self.count <= RING:
            return self._ring[: self.count].copy()
        at = self.count % RING
        return np.concatenate((self._ring[at:], self._ring[:at]))

    def clear(self) -> None:
        self.count = 0


class FrameClock(QObject):
    """Calls its listeners with ``time.monotonic()`` seconds about every 16 ms while anybody listens.

    ``intervals`` holds the times between beats; ``busy`` the seconds each beat's listeners took (without painting).
    """

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self.intervals = FrameIntervals()
        self.busy = FrameIntervals()
        self._clock = clock
        self._listeners: list[Callable[[float], None]] = []
        self._last: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.beat)

    def add(self, listener: Callable[[float], None]) -> None:
        """Call ``listener(now)`` on every beat, until ``remove``. Adding it twice changes nothing."""
        if listener not in self._listeners:
            self._listeners = [*self._listeners, listener]
        if not self._timer.isActive():
            self._last = None  # the pause before is no frame interval
            self._timer.start()

    def remove(self, listener: Callable[[float], None]) -> None:
        """No longer call ``listener``; the timer stops with the last one."""
        self._listeners = [each for each in self._listeners if each != listener]
        if not self._listeners:
            self._timer.stop()

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def beat(self) -> None:
        """One frame now. The timer calls this; tests may too."""
        now = self._clock()
        if self._last is not None:
            self.intervals.add(now - self._last)
        self._last = now
        for listener in self._listeners:
            listener(now)
        self.busy.add(self._clock() - now)
