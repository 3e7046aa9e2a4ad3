"""A simulated car: a request in, the control units' answers out, with the delay each one takes.

The adapter side (``elm``) and the CAN node (``can_node``) put these answers on a wire; nothing here knows of frames.

    car = load_car(None, seed=7)                     # resources/cars/compact_petrol.toml
    car.answer(bytes.fromhex("010C0D"), None, now)   # [EcuReply(ecu=0x7E8, delay_s=0.009, payload=b"\\x41\\x0c…")]
    car.answer(bytes.fromhex("03"), 0x7E0, now)      # asked of one unit: it may also refuse, 7F 03 11

**Cars** are TOML files; ``resources/cars/compact_petrol.toml`` explains every key. ``protocol`` is the ELM327 number
("6" CAN 11 bit 500 kbit/s … "3" ISO 9141-2). Shipped: ``compact_petrol`` (default), ``demo`` (the same car under way,
with things going wrong), ``diesel_van``, ``old_hatchback``, ``hybrid``, ``faulty``.

**Ids.** On CAN ``EcuReply.ecu`` is the response id (0x7E8, 0x18DAF110) and ``target`` the physical request id (0x7E0,
0x18DA10F1). On a legacy line both are the unit's address byte (0x10), and a long answer is several replies of one
unit, each a message payload of at most seven bytes. ``target`` None, 0x7DF, 0x18DB33F1, 0x33 and 0x6A ask all units.

**Time** begins with the first request and runs with the ``now`` it is given, in seconds; nothing reads a clock behind
the caller's back, so the same seed and the same requests give the same answers. ``car.clock`` is the clock that
``load_car`` was given, for whoever needs one. A request with an earlier ``now`` is answered with the newest state.

**Values** come from the driving model (``driving``) or, with ``drive=FILE.csv``, from a recorded drive (``drive_log``);
then the car supports exactly the PIDs of the log, next to status, masks and vehicle information. At the end a drive
stands still on its last row, or begins anew with ``drive_loop``.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Protocol

import resources
from core.language import tr
from core.obd import signals
from core.obd.simulator.car_file import CarFileError, read_car
from core.obd.simulator.car_spec import CarSpec, EcuSpec
from core.obd.simulator.drive_log import DriveLog, DrivePlayer, read_drive
from core.obd.simulator.driving import DrivingModel
from core.obd.simulator.services import BUSY, PENDING, EcuState, Moment, Question, answer

__all__ = ["Car", "CarFileError", "Ecu", "EcuReply", "load_car"]

FUNCTIONAL = frozenset({None, 0x7DF, 0x18DB33F1, 0x33, 0x6A})
DEFAULT_CAR = "compact_petrol.toml"
_ANSWERED_BY_STATE = frozenset({0x01, 0x02, 0x41})
_STATIC_PIDS = frozenset({0x01, 0x02, 0x03, 0x13, 0x1C, 0x1D, 0x41, 0x51})  # what a unit says next to a log's values
_REFUSES = frozenset("456789")  # ISO 9141-2 and J1850 have no negative responses


@dataclass(frozen=True, slots=True)
class EcuReply:
    """One message of one control unit: its id, seconds after the request, and the payload without length byte."""

    ecu: int
    delay_s: float
    payload: bytes


class Values(Protocol):
    """Where the car's values come from. Times are seconds since the first request."""

    def at(self, t: float) -> Mapping[str, float]: ...

    def engine_running(self, t: float) -> bool: ...

    def voltage(self, t: float) -> float: ...


class Ecu:
    """One control unit: its description, what it remembers, and how busy it still is."""

    def __init__(self, spec: EcuSpec) -> None:
        self.spec = spec
        self.state = EcuState(spec)
        self._busy = {service: slow.busy for service, slow in spec.slow.items()}

    def refuses_busily(self, service: int) -> bool:
        """True while the service still says 0x21; after that it answers once and then is busy anew."""
        left = self._busy.get(service, 0)
        if service in self._busy:
            self._busy[service] = left - 1 if left else self.spec.slow[service].busy
        return left > 0


class Car:
    """A car on a diagnostic connector. Every method may be called from any thread."""

    def __init__(self, spec: CarSpec, values: Values, *, seed: int = 0, clock: Callable[[], float] = time.monotonic):
        self.spec = spec
        self.clock = clock
        self.ecus = tuple(Ecu(ecu) for ecu in spec.ecus)
        self._values = values
        self._chance = random.Random(f"latency-{seed}")
        self._lock = Lock()
        self._began: float | None = None
        self._moment: tuple[float, Moment] | None = None

    @property
    def protocol(self) -> str:
        """The ELM327 protocol number, "1" to "9"."""
        return self.spec.protocol

    @property
    def padding(self) -> int | None:
        """What CAN frames are filled to 8 bytes with; None: they stay short."""
        return self.spec.padding

    @property
    def vin(self) -> str:
        return self.spec.vin

    @property
    def drive(self) -> DriveLog | None:
        """The recorded drive that is played, if one is."""
        return self._values.log if isinstance(self._values, DrivePlayer) else None

    def begin(self, now: float) -> None:
        """Let the car's time begin at ``now``; without it, it begins with the first request or voltage."""
        with self._lock:
            self._time(now)

    def drive_time(self, now: float) -> float:
        """Seconds into the drive at ``now``; 0 before it began. For a log: the time axis of ``drive.rows``."""
        with self._lock:
            t = 0.0 if self._began is None else max(0.0, now - self._began)
        return self._values.position(t) if isinstance(self._values, DrivePlayer) else t

    def answer(self, request: bytes, target: int | None, now: float) -> list[EcuReply]:
        """What the control units say to ``request`` (service and data), asked at ``now``; empty: nobody answers.

        ``target``: see the module's text. Replies are sorted by delay.
        """
        if not request:
            return []
        functional = target in FUNCTIONAL
        replies: list[EcuReply] = []
        with self._lock:
            for ecu in self.ecus:
                if functional or target == ecu.spec.request:
                    replies += self._answer(ecu, request, functional, now)
        replies.sort(key=lambda reply: reply.delay_s)
        return replies

    def voltage(self, now: float) -> float:
        """Volts at the diagnostic connector."""
        with self._lock:
            return self._values.voltage(self._time(now))

    def _time(self, now: float) -> float:
        if self._began is None:
            self._began = now
        return max(0.0, now - self._began)

    def _now(self, now: float) -> Moment:
        t = self._time(now)
        values = self._values.at(t)
        # The model hands out the same mapping until its next step, so what was encoded of it stays true.
        if self._moment is None or self._moment[1].values is not values:
            self._moment = (t, Moment(values, self._values.engine_running(t)))
        return self._moment[1]

    def _answer(self, ecu: Ecu, request: bytes, functional: bool, now: float) -> list[EcuReply]:
        spec = ecu.spec
        service = request[0]
        slow = spec.slow.get(service)
        delay = spec.latency_s if slow is None or slow.latency_s is None else slow.latency_s
        delay += spec.jitter_s * self._chance.random()
        if ecu.refuses_busily(service):
            return [EcuReply(spec.id, delay, bytes((0x7F, service, BUSY)))]
        question = Question(spec, ecu.state, request, self._now(now), self.spec.is_can, spec.vin or self._main_vin(ecu))
        payloads = answer(question, functional=functional, may_refuse=self.protocol in _REFUSES)
        replies = []
        if slow is not None and payloads:
            for _ in range(slow.pending):
                replies.append(EcuReply(spec.id, delay, bytes((0x7F, service, PENDING))))
                delay += slow.pending_every_s
        gap = self.spec.message_gap_s
        return replies + [EcuReply(spec.id, delay + n * gap, payload) for n, payload in enumerate(payloads)]

    def _main_vin(self, ecu: Ecu) -> str:
        return self.spec.vin if ecu is self.ecus[0] else ""


def load_car(
    path: Path | None = None,
    *,
    drive: Path | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.monotonic,
    drive_speed: float = 1.0,
    drive_loop: bool = False,
) -> Car:
    """The car of a TOML file (None: the default car), driven by the model or by a recorded drive.

    ``path`` may also be the bare name of a shipped car, ``Path("hybrid")``. ``drive_speed`` plays a drive faster or
    slower. Raises ``CarFileError`` or ``DriveError`` (both ``ValueError``) that say what to put right.
    """
    spec = read_car(_find(path))
    values: Values
    if drive is None:
        model = DrivingModel(spec.vehicle, seed)
        _check_offered(spec, frozenset(model.names()), _find(path).name)
        values = model
    else:
        log = read_drive(drive)
        spec = _with_pids_of(spec, log)
        values = DrivePlayer(log, speed=drive_speed, loop=drive_loop)
    return Car(spec, values, seed=seed, clock=clock)


def _find(path: Path | None) -> Path:
    if path is None:
        return resources.path("cars", DEFAULT_CAR)
    shipped = resources.path("cars", f"{path.name}.toml")
    if len(path.parts) == 1 and not path.suffix and not path.exists() and shipped.exists():
        return shipped
    return path


def _check_offered(spec: CarSpec, modelled: frozenset[str], file: str) -> None:
    """Every PID the car offers must have a value from somewhere, or the car would lie."""
    for number, ecu in enumerate(spec.ecus, 1):
        for pid in ecu.pids:
            names = {signal.name for signal in signals.by_pid(pid)}
            if pid in ecu.raw or pid in _ANSWERED_BY_STATE or names & (modelled | set(ecu.values)):
                continue
            raise CarFileError(
                f"{file}: [ecu {number}] pids: "
                + tr("the driving model has no value for {pid:02X}.", pid=pid)
                + " "
                + tr("Leave it out, or give it one in [ecu.values] or [ecu.raw].")
            )


def _with_pids_of(spec: CarSpec, log: DriveLog) -> CarSpec:
    """The car with the PIDs of the log at its first control unit, and what of them the others already had."""
    logged = {pid for name in log.names if (pid := signals.SIGNALS[name].pid) is not None}
    ecus = []
    for number, ecu in enumerate(spec.ecus):
        static = {pid for pid in ecu.pids if pid in _STATIC_PIDS and (pid in ecu.raw or pid in _ANSWERED_BY_STATE)}
        pids = logged | static if number == 0 else (logged & set(ecu.pids)) | static
        raw = {pid: data for pid, data in ecu.raw.items() if pid in static and pid not in logged}
        ecus.append(replace(ecu, pids=tuple(sorted(pids)), raw=raw, values={}))
    return replace(spec, ecus=tuple(ecus))
