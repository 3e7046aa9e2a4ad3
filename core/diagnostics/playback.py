"""A recorded session played like a car: the same signals, states and clock, at any speed and from any moment.

Times are seconds since the session began; ``now()`` is the position. Values are decoded from the raw replies by the
decoder the live link uses (see ``core.diagnostics.redecode``), the derived ones are those worked out in the car.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

import numpy as np

from core.diagnostics.profiles import VehicleProfile
from core.diagnostics.redecode import is_derived
from core.diagnostics.session import SessionIndex
from core.diagnostics.timeline import RecordedSignals, Timeline
from core.language import tr
from core.obd.gaps import GapKind
from core.obd.status import AdapterInfo, EcuInfo, LinkState, LinkStatus, Trouble
from core.obd.store import Signals

SLOWEST, FASTEST = 0.1, 100.0
SLICE_S = 1 / 50
RATE_WINDOW_S = 2.0


class Playback:
    """A ``Source`` over a recording. Every member may be used from any thread.

    It plays on a thread of its own; with ``by_hand`` there is none and ``advance`` moves it. ``close`` when done.
    """

    def __init__(
        self,
        index: SessionIndex,
        timeline: Timeline,
        profile: VehicleProfile,
        *,
        by_hand: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.index = index
        self._recorded = RecordedSignals(timeline)
        self.signals: Signals = self._recorded
        self.whole: Signals = RecordedSignals.whole(timeline)  # also what comes after the position: for trends
        self._timeline = timeline
        self._profile = profile
        self._clock = clock
        self._lock = threading.RLock()
        self._position = 0.0
        self._speed = 1.0
        self._playing = False
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []
        self._recorded.move(0.0)
        if not by_hand:
            for name, work in (("playback", self._play), ("playback-loader", self._load)):
                thread = threading.Thread(target=work, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    # --- Source

    def now(self) -> float:
        """The position, in seconds since the session began."""
        return self._position

    def status(self) -> LinkStatus:
        """How the link was doing at the position."""
        return status_at(self.index, self._timeline, self._recorded, self._position)

    def available(self) -> tuple[str, ...]:
        """Names of the signals in the recording, in order of first appearance."""
        decoded = [key for key in list(self._timeline.series) if "@" not in key]
        return tuple(dict.fromkeys([*self.index.signals, *decoded]))

    def watch(self, owner: str, wants: Mapping[str, float]) -> None:
        """Nothing to ask for: a recording has what it has."""

    @property
    def profile(self) -> VehicleProfile:
        return self._profile

    # --- playing

    @property
    def duration(self) -> float:
        """Seconds from the start of the session to the last thing recorded."""
        return self.index.duration

    @property
    def position(self) -> float:
        return self._position

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def speed(self) -> float:
        """Recorded seconds a second: 0.1 to 100, or ``math.inf`` for as fast as possible."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not (SLOWEST <= speed <= FASTEST or speed == math.inf):
            raise ValueError(
                tr("A recording plays at {slowest} to {fastest} times the speed.", slowest=SLOWEST, fastest=FASTEST)
            )
        self._speed = speed

    @property
    def damaged(self) -> tuple[str, ...]:
        """What could not be read of the parts played so far, in words; empty when all is well."""
        return self._timeline.damaged

    def play(self) -> None:
        """Go on from the position; from the beginning when it is at the end."""
        with self._lock:
            if self._position >= self.duration:
                self._move(0.0)
            self._playing = True
            self._wake.set()

    def pause(self) -> None:
        with self._lock:
            self._playing = False
            self._wake.clear()

    def seek(self, t: float) -> None:
        """Go to ``t`` seconds since the session began, cut to what there is; playing goes on."""
        with self._lock:
            self._move(min(max(t, 0.0), self.duration))

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` of the listener's time pass, at the speed set; nothing when paused. Pauses at the end."""
        with self._lock:
            if not self._playing:
                return
            self._move(self.duration if self._speed == math.inf else self._position + seconds * self._speed)
            if self._position >= self.duration:
                self._move(self.duration)
                self.pause()

    def _move(self, position: float) -> None:
        self._recorded.move(min(position, self.duration))
        self._position = min(position, self.duration)

    def close(self) -> None:
        """End its threads."""
        self._closed.set()
        self._wake.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(1.0)

    def __enter__(self) -> "Playback":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- its threads

    def _play(self) -> None:
        while True:
            self._wake.wait()
            last = self._clock()
            while self._playing and not self._closed.wait(SLICE_S):
                now = self._clock()
                self.advance(now - last)
                last = now
            if self._closed.is_set():
                return

    def _load(self) -> None:
        """Decode ahead, so that going anywhere later costs nothing."""
        while not self._closed.is_set() and self._timeline.step():
            self._closed.wait(0.001)


def state_of(text: str) -> tuple[LinkState, Trouble, str]:
    """A recorded state: ``"connected"``, ``"bus asleep: ignition off"``; words that are neither are a detail."""
    state, _, trouble = text.partition(": ")
    try:
        return LinkState(state), Trouble(trouble), ""
    except ValueError:
        known = next((one for one in LinkState if one.value == state), None)
        return (known, Trouble.NONE, trouble) if known else (LinkState.CONNECTED, Trouble.NONE, text)


def status_at(index: SessionIndex, timeline: Timeline, signals: RecordedSignals, position: float) -> LinkStatus:
    """The link as it was at ``position``. A session begins with a car found, so before the first state it is there."""
    state, trouble, detail, since = LinkState.CONNECTED, Trouble.NONE, "", 0.0
    for at in timeline.states:
        if at.t > position:
            break
        (state, trouble, detail), since = state_of(at.text), at.t
    window = min(RATE_WINDOW_S, position) or RATE_WINDOW_S
    hz = {key: signals.count_between(key, position - window, position) / window for key in signals.keys()}  # noqa: SIM118
    meta = index.meta
    ecus = {ecu: frozenset(pids) for ecu, pids in meta.ecus.items()} or dict.fromkeys(timeline.ecus, frozenset[int]())
    return LinkStatus(
        state=state,
        trouble=trouble,
        detail=detail,
        address=meta.address,
        since=since,
        taken_at=position,
        adapter=AdapterInfo(meta.adapter, "") if meta.adapter else None,
        protocol=meta.protocol,
        ecus=tuple(EcuInfo(ecu, supported) for ecu, supported in ecus.items()),
        vin=meta.vin,
        mode=meta.mode,
        values_per_second=sum(rate for key, rate in hz.items() if not is_derived(key.partition("@")[0])),
        hz={key: rate for key, rate in hz.items() if rate},
        gaps=_gaps_until(timeline, position),
    )


def _gaps_until(timeline: Timeline, position: float) -> dict[GapKind, int]:
    counts: dict[GapKind, int] = {}
    for kind, series in list(timeline.gaps.items()):
        count = int(np.searchsorted(series.view[0], position, side="right"))
        if count and kind in GapKind.__members__.values():
            counts[GapKind(kind)] = count
    return counts
