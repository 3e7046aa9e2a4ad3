"""Watching chosen signals of a car through the engine: every sample, how it ended, and what it amounted to."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from core.obd.engine import Engine
from core.obd.gaps import GapKind
from core.obd.signal_table import Signal
from core.obd.status import LinkStatus, Trouble
from core.obd.store import Signals

WANTED_HZ = 100.0  # more than any link gives: the scheduler asks as fast as it can
ADAPTER_WITHIN_S = 3.0  # with the engine's pauses these are four tries
OPENING_S = 30.0  # six baud rates, a hard reset, and a search through all protocols of an old car
CAR_WITHIN_S = 10.0
LOOK_S = 0.02
MOST_WAITING = 200_000  # samples not printed yet; a reader that is slower than that loses the oldest


class End(Enum):
    """Why the watching ended."""

    TIME = "the time was up"
    ASKED = "somebody asked"
    NO_ADAPTER = "no adapter was reached"
    NO_CAR = "no car answered"
    NOT_OFFERED = "the car has none of the signals"


@dataclass(frozen=True, slots=True)
class Sample:
    """``t``: seconds since the car was first connected; the value in the signal's own unit."""

    t: float
    signal: Signal
    value: float
    ecu: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What it amounted to. ``hz``: answers a second, by PID, by name for a derived signal. ``seconds`` from first
    connect."""

    seconds: float
    values: int
    hz: Mapping[str, float]
    gaps: Mapping[GapKind, int]
    status: LinkStatus

    @property
    def values_per_second(self) -> float:
        """Over the whole time."""
        return self.values / self.seconds if self.seconds > 0 else 0.0

    def as_dict(self) -> dict[str, object]:
        """The interface of ``bayline obd watch --json``: names and states are English in every language."""
        return {
            "seconds": round(self.seconds, 3),
            "values": self.values,
            "values_per_second": round(self.values_per_second, 2),
            "hz": {key: round(hz, 2) for key, hz in self.hz.items()},
            "gaps": {str(kind): count for kind, count in self.gaps.items()},
            "state": str(self.status.state),
            "protocol": self.status.protocol,
            "mode": self.status.mode,
        }


class Watch:
    """An engine of its own on ``address``. ``for sample in watch.samples()``, then ``end`` and ``summary()``.

    Raises ``AddressError`` when made. It is also the engine's tap, called on the link thread.
    """

    def __init__(self, address: str, signals: Sequence[Signal], seconds: float | None = None) -> None:
        self.end = End.ASKED
        self.lost = 0  # samples nobody fetched in time
        self.values_seen = 0
        self._chosen = {signal.name: signal for signal in signals}
        self._seconds = seconds
        self._waiting: deque[Sample] = deque()
        self._answers: Counter[str] = Counter(dict.fromkeys(map(key_of, signals), 0))
        self._connected_at: float | None = None
        self._connected = threading.Event()
        self._watched = 0.0
        self._engine = Engine(Signals(), taps=(self,), on_car=self._car)
        self._engine.connect(address)
        self._engine.watch("screen", dict.fromkeys(self._chosen, WANTED_HZ))

    def samples(
        self, idle: Callable[[], None] = lambda: None, asked: Callable[[], bool] = lambda: False
    ) -> Generator[Sample, None, None]:
        """Every sample until the time is up, nothing can come, or ``asked()``. ``idle`` is called between batches."""
        began = time.monotonic()
        self._engine.start()
        try:
            while True:
                ended = End.ASKED if asked() else self._ended(began)
                while self._waiting:
                    yield self._waiting.popleft()
                idle()
                if ended is not None:
                    self.end = ended
                    self._close()
                    yield from self._rest()
                    return
                time.sleep(LOOK_S)
        finally:
            self._close()

    def _rest(self) -> list[Sample]:
        """What came in while the last batch was handed out: the summary counts it too."""
        rest = list(self._waiting)
        self._waiting.clear()
        return rest

    def summary(self) -> Summary:
        """The whole of it, so far or at the end."""
        seconds = self._watched or self._seconds_watched()
        rates = {key: count / seconds if seconds > 0 else 0.0 for key, count in self._answers.items()}
        status = self._engine.status()
        return Summary(seconds, self.values_seen, rates, dict(status.gaps), status)

    @property
    def connected(self) -> bool:
        """Whether the car has been connected at some time."""
        return self._connected_at is not None

    def not_offered(self) -> list[Signal]:
        """Chosen signals this car does not have; empty while that is not known."""
        if self._connected_at is None:
            return []
        offered = set(self._engine.available())
        return [signal for name, signal in self._chosen.items() if name not in offered]

    def _close(self) -> None:
        self._watched = self._watched or self._seconds_watched()
        self._engine.stop()

    def _seconds_watched(self) -> float:
        if self._connected_at is None:
            return 0.0
        return min(time.monotonic() - self._connected_at, self._seconds or float("inf"))

    def _ended(self, began: float) -> End | None:
        """Why it is over, if it is."""
        now = time.monotonic()
        if self._connected_at is not None:
            if self._connected.is_set():
                self._connected.clear()
                if len(self.not_offered()) == len(self._chosen):
                    return End.NOT_OFFERED
            up = self._seconds is not None and now - self._connected_at >= self._seconds
            return End.TIME if up else None
        status, waited = self._engine.status(), now - began
        if status.adapter is not None:
            return End.NO_CAR if waited > CAR_WITHIN_S else None
        # An attempt that is under way may finish: it may be looking for the car already.
        patience = OPENING_S if status.trouble is Trouble.OPENING else ADAPTER_WITHIN_S
        return End.NO_ADAPTER if waited > patience else None

    # -- the engine's tap, on the link thread ------------------------------------------------------------------------

    def _car(self, status: LinkStatus) -> None:
        if self._connected_at is None:
            self._connected_at = time.monotonic()
        self._connected.set()

    def values(self, t: float, ecu: str, values: Mapping[str, float]) -> None:
        if self._connected_at is None:
            return
        since = t - self._connected_at
        if since < 0 or (self._seconds is not None and since > self._seconds):
            return
        answered = set()
        for name, value in values.items():
            signal = self._chosen.get(name)
            if signal is None:
                continue
            self.values_seen += 1
            answered.add(key_of(signal))
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1
            self._waiting.append(Sample(since, signal, value, ecu))
        self._answers.update(answered)

    def reply(self, t: float, ecu: str, request: bytes, payload: bytes) -> None:
        """Raw answers are the recorder's business."""

    def gap(self, t: float, kind: GapKind, detail: str) -> None:
        """Counted by the engine."""

    def state(self, t: float, text: str) -> None:
        """Read from the engine's status."""

    def frame(self, t: float, arbitration_id: int, extended: bool, data: bytes, outgoing: bool) -> None:
        """Raw frames are the recorder's business."""


def key_of(signal: Signal) -> str:
    """What a signal's rate is kept under: ``"0C"``, or the name of a derived signal."""
    return signal.pid_text or signal.name
