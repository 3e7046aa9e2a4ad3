"""Python's garbage is collected on the window's thread alone.

A collection destroys what it finds on whichever thread happens to make the next object. A ``QObject`` destroyed so
off the window's thread holds a mutex of Qt's while it waits for the interpreter, and the window's thread can hold the
interpreter while it waits for that mutex: both wait for good (seen as a test that hung, stacks by py-spy). So the
collector is switched off, and a timer asks on the window's thread whether it is time, by Python's own thresholds.
"""

import gc
import time

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer

ASK_MS = 50  # seldom enough to cost nothing, often enough that little has come together
FULL_S = 60.0  # between full collections, which take some 50 ms with all pages open


class Collector(QObject):
    """Collects on the thread it is made on, as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._full = time.monotonic()
        gc.disable()
        gc.freeze()  # modules and what they made stay for good: a full collection need not look at them
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.collect)
        self._timer.start(ASK_MS)

    def collect(self) -> None:
        """Collect the youngest, the younger or all generations, as far as each is due."""
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[0] <= limits[0]:
            return
        now = time.monotonic()
        if counts[1] <= limits[1]:
            gc.collect(0)
        elif counts[2] <= limits[2] or now - self._full < FULL_S:
            gc.collect(1)
        else:
            self._full = now
            gc.collect(2)


def keep_here(application: QCoreApplication) -> None:
    """From now on garbage is collected on this thread, the application's, and on no other."""
    if application.findChild(Collector) is None:
        Collector(application)
