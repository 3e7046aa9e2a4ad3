"""Faults as they strike: what the script and ``inject`` have set off, what is still going on, and what was hit.

One thread runs the adapter and asks; any thread may inject and read the counters.
"""

from collections import Counter, deque
from collections.abc import Callable
from random import Random
from threading import Lock

from core.obd.simulator.faults import EVENTS, FOREVER, Fault, FaultKind, FaultScript, Scripted, make_fault


class Armed:
    """A fault of requests that waits for its next victim: for a number of requests, or until a time."""

    __slots__ = ("board", "fault", "left", "until")

    def __init__(self, board: "FaultBoard", fault: Fault, now: float) -> None:
        self.board = board
        self.fault = fault
        seconds: float = fault["seconds"]
        self.until = now + seconds if seconds else FOREVER
        self.left: float = FOREVER if seconds else fault["count"]

    def used(self) -> None:
        """It struck: count it. A fault that found nothing to spoil waits for the next request instead."""
        self.left -= 1
        self.board.count(self.fault.kind)


class FaultBoard:
    """All faults of one simulated adapter. ``random`` is seeded: same seed, same requests, same faults."""

    def __init__(self, script: FaultScript | None = None, seed: int = 0) -> None:
        self.random = Random(seed)
        self.wake: Callable[[], None] = lambda: None  # set by whoever serves, so that an injected fault strikes now
        self._script = script or FaultScript()
        self._timed: deque[Scripted] = deque()
        self._asked: dict[int, int] = {}  # requests seen by every_n, by number of the entry
        self._lock = Lock()
        self._injected: deque[Fault] = deque()
        self._armed: list[Armed] = []
        self._events: deque[Fault] = deque()
        self._counts: Counter[str] = Counter()
        self._lasting: dict[FaultKind, tuple[float, Fault]] = {}
        self._started = 0.0

    # Any thread

    def inject(self, kind: str, **parameters: object) -> None:
        """Let ``kind`` happen: an event at once, a fault of requests to the next one. Raises ``FaultError``."""
        fault = make_fault(kind, parameters)
        with self._lock:
            self._injected.append(fault)
        self.wake()

    def clear(self) -> None:
        """End what is going on and forget what waits. The script goes on."""
        with self._lock:
            self._injected.clear()
            self._armed.clear()
            self._events.clear()
            self._lasting.clear()
        self.wake()

    @property
    def injected(self) -> dict[str, int]:
        """How often each kind has struck: requests hit, or events."""
        with self._lock:
            return dict(self._counts)

    # The adapter's thread

    def begin(self, now: float) -> None:
        """The adapter is switched on: ``at_s`` counts from here."""
        self._started = now
        self._timed = deque(
            sorted((entry for entry in self._script.entries if entry.at_s is not None), key=lambda e: e.at_s or 0.0)
        )

    def next_at(self) -> float | None:
        """When the script wants something by itself, or None."""
        return self._started + (self._timed[0].at_s or 0.0) if self._timed else None

    def count(self, kind: FaultKind) -> None:
        with self._lock:
            self._counts[kind.value] += 1

    def events(self, now: float) -> list[Fault]:
        """Events that begin now, in order. Voltage and ignition are kept here; the caller does the rest."""
        if self._timed or self._injected:
            self._collect(now)
        if not self._events:
            return []
        with self._lock:
            found = list(self._events)
            self._events.clear()
            for fault in found:
                self._counts[fault.kind.value] += 1
                if fault.kind in (FaultKind.VOLTAGE_SAG, FaultKind.IGNITION_OFF):
                    self._lasting[fault.kind] = (now + fault["seconds"], fault)
        return found

    def for_request(self, request: bytes, now: float) -> list[Armed]:
        """The faults that may strike the answer to ``request``; call ``used()`` on those that did."""
        if self._timed or self._injected:
            self._collect(now)
        for number, entry in enumerate(self._script.entries):
            if entry.at_s is None and self._triggers(number, entry, request, now):
                with self._lock:
                    self._arm(entry.fault, now)
        if not self._armed:
            return []
        with self._lock:
            self._armed = [armed for armed in self._armed if armed.left > 0 and now < armed.until]
            return [armed for armed in self._armed if armed.fault.concerns(request)]

    def voltage(self, usual: float, now: float) -> float:
        """What the adapter measures where the car has ``usual`` volts."""
        fault = self._going_on(FaultKind.VOLTAGE_SAG, now)
        return usual if fault is None else float(fault["volts"])

    def ignition_on(self, now: float) -> bool:
        """False while the bus sleeps."""
        return self._going_on(FaultKind.IGNITION_OFF, now) is None

    def _going_on(self, kind: FaultKind, now: float) -> Fault | None:
        if not self._lasting:
            return None
        with self._lock:
            until, fault = self._lasting.get(kind, (0.0, None))
        return fault if now < until else None

    def _triggers(self, number: int, entry: Scripted, request: bytes, now: float) -> bool:
        if not entry.from_s <= now - self._started < entry.until_s or not entry.fault.concerns(request):
            return False
        if entry.probability is not None:
            return self.random.random() < entry.probability
        asked = self._asked[number] = self._asked.get(number, 0) + 1
        return asked % (entry.every_n or 1) == 0

    def _collect(self, now: float) -> None:
        while self._timed and self._started + (self._timed[0].at_s or 0.0) <= now:
            entry = self._timed.popleft()
            with self._lock:
                self._arm(entry.fault, now)
        with self._lock:
            while self._injected:
                self._arm(self._injected.popleft(), now)

    def _arm(self, fault: Fault, now: float) -> None:
        if fault.kind in EVENTS:
            self._events.append(fault)
        else:
            self._armed.append(Armed(self, fault, now))
