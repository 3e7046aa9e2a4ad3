"""The thread that keeps a car's values coming for days: connects, asks, believes, reconnects, and says how it is doing.

One engine owns one adapter. It never blocks its callers: ``connect``, ``watch`` and ``status`` return at once, and
``stop`` within 200 ms, whatever the adapter does.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.obd import discovery, wants
from core.obd.address import Address, CanAddress, parse
from core.obd.bytelink import Cancelled, LinkError
from core.obd.derived import Derived
from core.obd.elm_link import ElmLink
from core.obd.gaps import GapCounter, GapKind
from core.obd.link import EcuMessage
from core.obd.maxima import SCALE_PIDS, stretched
from core.obd.poller import Polled, Poller
from core.obd.rate_meter import RateMeter
from core.obd.scheduler import Scheduler, Task, Want
from core.obd.signals import by_pid, decode
from core.obd.status import LinkState, LinkStatus, Trouble
from core.obd.store import Signals
from core.obd.tap import Tap, Taps, VehicleMemory

if TYPE_CHECKING:
    from core.obd.can_link import CanLink

    AnyLink = ElmLink | CanLink

log = logging.getLogger(__name__)

STALE_S = 2.0
GIVE_UP_S = 5.0  # silence after which the engine looks for the car afresh
# However little is wanted, this often the car must say something: a signal wanted every ten seconds must not look like
# a silent car, and a K-line session ends by itself after five seconds.
HEARTBEAT_S = 1.0
RETRY_FIRST_S, RETRY_LAST_S = 0.25, 8.0
LOOK_AGAIN_S = 1.5  # between looks at a car that is asleep
VOLTAGE_EVERY_S = 30.0
SCALES_HZ = 1 / 20  # stated full scales are asked at the start and then now and then, so that each part of a recording
# has them beside the replies they stretch
SOCKET_POWER_V = 6.0  # less than this at pin 16 means: not in a car


class _Forget:
    """Memory for those who have none."""

    def recall(self, vin: str) -> None:
        return None

    def remember(self, vin: str, supported: Mapping[str, frozenset[int]]) -> None:
        return None


class Engine:
    """See the module. ``taps`` hear everything.

    ``on_car`` is called on the link thread once a car is explored, with the status everybody sees right afterwards.
    """

    def __init__(
        self,
        signals: Signals,
        *,
        taps: Sequence[Tap] = (),
        memory: VehicleMemory | None = None,
        on_car: Callable[[LinkStatus], None] | None = None,
    ) -> None:
        self.signals = signals
        self.gaps = GapCounter()
        self._taps = Taps(taps)
        self._memory: VehicleMemory = memory or _Forget()
        self._on_car = on_car
        self._stop = threading.Event()
        self._change = threading.Event()  # the address or the wants changed
        self._abandon = _Either(self._stop)
        self._lock = threading.Lock()
        self._wants: dict[str, dict[str, float]] = {}
        self._wants_version = 0
        self._address: Address | None = None
        self._address_version = 0
        self._status = LinkStatus(since=time.monotonic())
        self._heard_at = 0.0
        self._reached = False  # a car, in this session
        self._derived = Derived()
        self._maxima: dict[str, dict[str, float]] = {}  # stated full scales, by ECU (PIDs 4F and 50)
        self._meter = RateMeter()
        self._thread = threading.Thread(target=self._run, name="obd-link", daemon=True)

    # -- what other threads call ------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 1.0) -> None:
        """End the thread; it looks every 50 ms whether it may go on."""
        self._stop.set()
        self._change.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def connect(self, address: str | Address) -> None:
        """Use this adapter from now on. Raises ``AddressError``; everything after that is told by ``status``."""
        parsed = parse(address) if isinstance(address, str) else address
        self._set_address(parsed)

    def disconnect(self) -> None:
        self._set_address(None)

    def _set_address(self, address: Address | None) -> None:
        with self._lock:
            self._address = address
            self._address_version += 1
            self._abandon.now = True
        self._change.set()

    def watch(self, owner: str, wanted: Mapping[str, float]) -> None:
        """Replace what ``owner`` wants: signal name to Hz; empty ends it."""
        with self._lock:
            before = self._wants.get(owner)
            if wanted:
                self._wants[owner] = dict(wanted)
            else:
                self._wants.pop(owner, None)
            if before != (dict(wanted) or None):
                self._wants_version += 1
        self._change.set()

    def status(self) -> LinkStatus:
        """The state as of now: staleness shows even while the link thread itself is waiting."""
        status, now = self._status, time.monotonic()
        gaps = self.gaps.snapshot()
        if status.state is LinkState.CONNECTED and now - self._heard_at > STALE_S:
            trouble = Trouble.CAR_SILENT if status.trouble is Trouble.NONE else status.trouble
            return replace(
                status, state=LinkState.STALE, trouble=trouble, since=self._heard_at, taken_at=now, gaps=gaps
            )
        return replace(status, taken_at=now, gaps=gaps)

    def available(self) -> tuple[str, ...]:
        return wants.available(self._status.ecus)

    # -- the link thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        pause = RETRY_FIRST_S
        while not self._stop.is_set():
            with self._lock:
                address, version = self._address, self._address_version
                self._abandon.now = False
            if address is None:
                self._tell(LinkStatus(state=LinkState.NO_ADAPTER, trouble=Trouble.NO_ADDRESS))
                self._change.wait(1.0)
                self._change.clear()
                continue
            self._reached = False
            try:
                self._session(address)
                pause = RETRY_FIRST_S
            except Cancelled:
                pause = RETRY_FIRST_S
            except LinkError as error:
                if self._reached:
                    pause = RETRY_FIRST_S  # it worked: begin again with short pauses
                wait = pause * random.uniform(0.75, 1.25)  # jitter: several terminals must not knock in step
                pause = min(RETRY_LAST_S, pause * 2)
                self._lost(address, error, wait)
                self._rest(wait, version)
            except Exception as error:  # a bug of ours must not leave gauges frozen for the rest of the day
                log.exception("the link thread met an error of our own and starts again")
                self._lost(address, LinkError(Trouble.OPENING, repr(error)), RETRY_LAST_S)
                self._rest(RETRY_LAST_S, version)

    def _lost(self, address: Address, error: LinkError, wait: float) -> None:
        self._tell(
            replace(
                self._status,
                state=LinkState.NO_ADAPTER,
                trouble=error.trouble,
                detail=str(error),
                address=str(address),
                adapter=None,
                values_per_second=0.0,
                hz={},
                retry_in=wait,
                reconnects=self._status.reconnects + (self._status.state is not LinkState.NO_ADAPTER),
            )
        )

    def _rest(self, wait: float, version: int) -> None:
        """Wait, unless the address changes or the engine stops."""
        end = time.monotonic() + wait
        while not self._stop.is_set() and self._address_version == version and time.monotonic() < end:
            self._change.wait(max(0.0, min(0.5, end - time.monotonic())))
            self._change.clear()

    def _session(self, address: Address) -> None:
        self._announce(str(address))
        link = _open(address, self._abandon, self._taps.frame)
        # It is there again: what was wrong before no longer is, and a search for the car may take seconds.
        self._tell(replace(self._status, trouble=Trouble.OPENING, detail=""))
        try:
            while True:
                car = self._look_for_car(link)
                self._live(link, car)
        finally:
            link.close()

    def _announce(self, address: str) -> None:
        """Say that the adapter is being opened; a further try after a failure keeps saying what the failure was."""
        before = self._status if self._status.address == address else LinkStatus()
        again = before.state is LinkState.NO_ADAPTER and before.address == address
        self._tell(
            replace(
                before,
                state=LinkState.NO_ADAPTER,
                trouble=before.trouble if again else Trouble.OPENING,
                detail=before.detail if again else "",
                address=address,
                adapter=None,
                retry_in=None,
            )
        )

    def _look_for_car(self, link: AnyLink) -> discovery.Car:
        while True:
            self._check()
            exchange = link.find_car()
            first = discovery.first_masks(exchange)
            if first:
                break
            for kind, detail in exchange.gaps:
                self.gaps.add(kind)
                self._on_gap(kind, detail)
            self._no_car(link, {kind for kind, _ in exchange.gaps})
            self._rest_or_cancel(LOOK_AGAIN_S)
        car = discovery.explore(link, first, self._recall)
        self.signals.own(wants.owners(car.ecus))
        self._learn(link, car)
        return car

    def _recall(self, vin: str) -> Mapping[str, frozenset[int]] | None:
        try:
            return self._memory.recall(vin)
        except Exception:  # a bad disk must not keep the gauges still
            log.exception("the memory of vehicles raised")
            return None

    def _introduce(self, status: LinkStatus) -> None:
        try:
            if status.vin:
                self._memory.remember(status.vin, {ecu.id: ecu.supported for ecu in status.ecus})
            if self._on_car is not None:
                self._on_car(status)
        except Exception:
            log.exception("whoever is told of the car raised")

    def _learn(self, link: AnyLink, car: discovery.Car) -> None:
        main = car.ecus[0]
        plain = [pid for pid in sorted(main.supported) if any(s.length <= 4 for s in by_pid(pid)) and pid > 2]
        link.learn_abilities(main.id, plain[:6])
        voltage = link.voltage()
        self._heard_at = time.monotonic()
        self._reached = True
        status = replace(
            self._status,
            state=LinkState.CONNECTED,
            trouble=Trouble.NONE,
            detail="",
            adapter=link.info,
            protocol=link.protocol,
            ecus=car.ecus,
            vin=car.vin,
            voltage=voltage,
            mode=link.mode,
            retry_in=None,
        )
        self._introduce(status)  # before anybody sees a car: who sees it finds its profile in place
        self._heard_at = time.monotonic()
        self._tell(status)

    def _no_car(self, link: AnyLink, kinds: set[GapKind]) -> None:
        voltage = link.voltage()
        if GapKind.CAN_ERROR in kinds:
            state, trouble = LinkState.ADAPTER_ONLY, Trouble.BUS_ERRORS
        elif voltage is not None and voltage < SOCKET_POWER_V:
            state, trouble = LinkState.ADAPTER_ONLY, Trouble.NO_PROTOCOL
        elif voltage is None and not isinstance(link, ElmLink):
            state, trouble = LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF
        elif voltage is None:
            state, trouble = LinkState.ADAPTER_ONLY, Trouble.NO_PROTOCOL
        else:
            state, trouble = LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF
        self._tell(
            replace(
                self._status,
                state=state,
                trouble=trouble,
                detail="",
                adapter=link.info,
                voltage=voltage,
                values_per_second=0.0,
                hz={},
                retry_in=LOOK_AGAIN_S,
            )
        )

    def _live(self, link: AnyLink, car: discovery.Car) -> None:
        """Ask and listen until the car falls silent for ``GIVE_UP_S``."""
        poller = Poller(link, self.gaps, self._on_gap, self._on_reply)
        scheduler = Scheduler()
        version = -1
        self._derived = Derived()
        self._maxima = {}
        for ecu in car.ecus:
            for pid in ecu.supported.intersection(SCALE_PIDS):  # before anything that they would stretch
                self._believe(ecu.id, poller.poll(ecu.id, (pid,)))
        self._meter.restart(time.monotonic())
        next_voltage = time.monotonic() + VOLTAGE_EVERY_S
        next_beat = 0.0
        while time.monotonic() - self._heard_at < GIVE_UP_S:
            self._check()
            now = time.monotonic()
            if version != self._wants_version:
                version = self._replan(scheduler, car, now)
            task = scheduler.next(now, link.max_pids)
            if isinstance(task, Task):
                self._poll(poller, scheduler, task)
            elif now > max(next_beat, self._heard_at + HEARTBEAT_S):
                next_beat = now + HEARTBEAT_S
                self._poll(poller, scheduler, Task(car.ecus[0].id, (0,)))
            else:
                self._idle(task)
            if self._meter.due(time.monotonic()):
                self._measure(link)
            if now > next_voltage:
                next_voltage = now + VOLTAGE_EVERY_S
                self._status = replace(self._status, voltage=link.voltage())
        self._tell(
            replace(self._status, state=LinkState.STALE, trouble=Trouble.CAR_SILENT, values_per_second=0.0, hz={})
        )

    def _replan(self, scheduler: Scheduler, car: discovery.Car, now: float) -> int:
        with self._lock:
            version = self._wants_version
            wanted = {owner: dict(signals) for owner, signals in self._wants.items()}
        plan = wants.resolve(wanted, car.ecus)
        plan += [Want(ecu.id, pid, SCALES_HZ) for ecu in car.ecus for pid in SCALE_PIDS if pid in ecu.supported]
        scheduler.want(plan, now)
        return version

    def _poll(self, poller: Poller, scheduler: Scheduler, task: Task) -> None:
        asked_at = time.monotonic()
        polled = poller.poll(task.ecu, task.pids)
        self._believe(task.ecu, polled)
        scheduler.done(task, polled.data, asked_at)

    def _believe(self, ecu: str, polled: Polled) -> None:
        for pid, (t, data) in polled.data.items():
            values = decode(pid, data) if pid % 0x20 else {}
            if pid in SCALE_PIDS:
                self._maxima.setdefault(ecu, {}).update(values)
            maxima = self._maxima.get(ecu)
            self._store(ecu, t, stretched(values, maxima) if maxima else values)
        if polled.heard:
            self._heard_at = time.monotonic()

    def _store(self, ecu: str, t: float, values: Mapping[str, float]) -> None:
        if not values:
            return
        fresh: dict[str, float] = {}
        for name, value in values.items():
            key = self.signals.write(name, t, value, ecu)
            self._meter.count(key)
            if key == name:
                for other, t2, derived in self._derived.update(name, t, value):
                    self.signals.write(other, t2, derived, ecu)
                    fresh[other] = derived
        self._taps.values(t, ecu, {**values, **fresh})

    def _idle(self, seconds: float) -> None:
        self._change.wait(max(0.0005, min(0.05, seconds)))
        self._change.clear()

    def _measure(self, link: AnyLink) -> None:
        hz, total = self._meter.take(time.monotonic())
        self._status = replace(self._status, hz=hz, values_per_second=total, mode=link.mode, adapter=link.info)

    def _check(self) -> None:
        if self._abandon.is_set():
            raise Cancelled

    def _rest_or_cancel(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._check()
            self._change.wait(0.05)

    # -- telling -----------------------------------------------------------------------------------------------------

    def _tell(self, status: LinkStatus) -> None:
        before = self._status
        if (status.state, status.trouble) == (before.state, before.trouble):
            status = replace(status, since=before.since)
        else:
            now = time.monotonic()
            status = replace(status, since=now)
            text = f"{status.state}: {status.trouble}" if status.trouble else str(status.state)
            self._taps.state(now, text)
        self._status = status

    def _on_gap(self, kind: GapKind, detail: str) -> None:
        self._taps.gap(time.monotonic(), kind, detail)

    def _on_reply(self, message: EcuMessage, request: bytes) -> None:
        self._taps.reply(message.t, message.ecu, request, message.payload)


class _Either:
    """Set when the engine stops or the address changes under a running session."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self.now = False

    def is_set(self) -> bool:
        return self.now or self._stop.is_set()


def _open(address: Address, stop: _Either, frame: Callable[[float, int, bool, bytes, bool], None]) -> AnyLink:
    if isinstance(address, CanAddress):
        from core.obd.can_link import CanLink  # python-can is loaded only when there is a bus

        link = CanLink(address, stop)
        link.tap = frame
        return link
    return ElmLink.open(address, stop)
