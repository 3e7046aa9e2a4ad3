"""A simulated car on a real (or virtual) CAN bus: its control units answer ISO-TP on any python-can interface.

    with CanCar(load_car(None), can.Bus("bench", interface="virtual")) as node:
        node.faults.inject("drop", count=3)       # the faults of the adapter simulator, where they make sense
        node.fault = wrong_sequence               # or any function of the request and the frames

    node = serve_can("udp_multicast", "239.74.163.2", None, car)   # --listen can:udp_multicast/239.74.163.2

Requests are heard on 7DF and 7E0 … 7E7, or 18DB33F1 and 18DAxxF1, as the car's protocol has it (ISO 15765-4, 10.5).
Long answers wait for the tester's flow control and honour block size, STmin, WAIT and overflow (``can_sender``). A new
request ends an answer that is still on its way, as control units do.

Of the faults, ``drop``, ``late``, ``duplicate``, ``foreign``, ``short``, ``negative`` and ``ignition_off`` do here what
they do behind an adapter; ``no_data`` and the adapter's complaints are silence; ``garbage`` needs a serial line.
"""

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

import can
import isotp

from core.language import tr
from core.obd.address import CanAddress
from core.obd.can_bus import open_bus
from core.obd.simulator.can_sender import FLOW_CONTROL, Transmission
from core.obd.simulator.car import Car
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.faults import FaultScript
from core.obd.simulator.framing import CONSECUTIVE, FIRST, SINGLE, Frame, can_frames
from core.obd.simulator.mischief import Mischief

__all__ = ["CanCar", "FrameFault", "serve_can", "wrong_sequence"]

FrameFault = Callable[[bytes, list[Frame]], list[Frame]]  # request, frames to send -> frames that are sent
_FUNCTIONAL = {False: 0x7DF, True: 0x18DB33F1}
TESTER_PRESENT = 0x3E  # said every two seconds to everybody: it interrupts nothing (ISO 14229-2)
_LONGEST_SLEEP_S = 0.1  # so that stop() is quick
_ERRORS_IN_A_ROW = 50
_NOT_AT_ONCE_S = 1e-6  # what is due at once was kept back from an earlier answer


def wrong_sequence(request: bytes, frames: list[Frame]) -> list[Frame]:
    """A ``FrameFault``: the second consecutive frame carries the number of the third."""
    numbered = [n for n, frame in enumerate(frames) if frame.data[0] >> 4 == CONSECUTIVE]
    if len(numbered) > 1:
        victim = frames[numbered[1]]
        number = CONSECUTIVE << 4 | (victim.data[0] + 1) & 0xF
        frames[numbered[1]] = replace(victim, data=bytes((number,)) + victim.data[1:])
    return frames


class CanCar:
    """``car`` on ``bus``, answering from ``start()`` (or ``with``) until ``stop()``. The bus stays the caller's.

    ``ecu_s`` replaces the answer time of the car's control units; 0 answers at once. ``fault`` may be set at any time.
    Raises ``ValueError``, in words, for a car without CAN.
    """

    def __init__(
        self,
        car: Car,
        bus: can.BusABC,
        *,
        faults: FaultScript | None = None,
        seed: int = 0,
        ecu_s: float | None = None,
        address: str = "",
    ) -> None:
        if not car.spec.is_can:
            raise ValueError(tr("“{car}” has no CAN bus; simulate it behind an adapter.", car=car.spec.name))
        self.car = car
        self.address = address
        self.faults = FaultBoard(faults, seed)
        self.fault: FrameFault | None = None
        self.error = ""  # why the node gave up, in the driver's words
        self.answered = 0  # requests that got an answer
        self.unfinished = 0  # long answers the tester did not let through
        self._bus = bus
        self._owns_bus = False
        self._wide = car.protocol in "79"
        self._ecu_s = ecu_s
        self._mischief = Mischief(self.faults)
        self._units = {ecu.spec.request: ecu.spec.id for ecu in car.ecus}
        self._receivers: dict[int, _Receiver] = {}
        self._plan: list[tuple[float, int, list[Frame]]] = []  # what is to be sent, by time
        self._order = itertools.count()
        self._under_way: dict[int, Transmission] = {}  # by response id
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        self._stopping.clear()
        self.faults.begin(time.monotonic())
        self._thread = threading.Thread(target=self._serve, name="simulated-can-car", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer no more. Returns when the thread has ended, within 0.2 s."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(2.0)
            self._thread = None
        if self._owns_bus:
            self._bus.shutdown()
            self._owns_bus = False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- the thread -------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        errors = 0
        while not self._stopping.is_set() and errors < _ERRORS_IN_A_ROW:
            try:
                message = self._bus.recv(self._sleep_s())
                if message is not None:
                    self._receive(message)
                self._send_due()
                errors = 0
            except (can.CanError, OSError) as error:  # a bus may be off for a moment; a dead one is given up
                errors += 1
                self.error = str(error) or type(error).__name__
                self._stopping.wait(0.05)

    def _sleep_s(self) -> float:
        due = [entry.due for entry in self._under_way.values()]
        if self._plan:
            due.append(self._plan[0][0])
        if not due:
            return _LONGEST_SLEEP_S
        return max(0.0, min(_LONGEST_SLEEP_S, min(due) - time.monotonic()))

    def _receive(self, message: can.Message) -> None:
        if message.is_error_frame or message.is_remote_frame or message.is_extended_id != self._wide:
            return
        data = bytes(message.data)
        if not data:
            return
        target = message.arbitration_id
        kind = data[0] >> 4
        if target == _FUNCTIONAL[self._wide]:
            if kind == SINGLE:
                self._single(data, None)
        elif target in self._units:
            if kind == SINGLE:
                self._single(data, target)
            elif kind == FLOW_CONTROL:
                under_way = self._under_way.get(self._units[target])
                if under_way is not None:
                    under_way.flow_control(data, time.monotonic())
            else:
                self._segment(message, target)

    def _single(self, data: bytes, target: int | None) -> None:
        length = data[0]
        if 1 <= length <= 7 and len(data) > length:
            self._ask(data[1 : 1 + length], target)

    def _segment(self, message: can.Message, target: int) -> None:
        """Part of a request longer than seven bytes."""
        receiver = self._receivers.get(target)
        if receiver is None:
            receiver = self._receivers[target] = _Receiver(target, self._units[target], self._wide, self._put)
        request = receiver.feed(message)
        if request is not None:
            self._ask(request, target)

    def _ask(self, request: bytes, target: int | None) -> None:
        """Plan the answers to a request."""
        now = time.monotonic()
        self.faults.events(now)
        if not self.faults.ignition_on(now):
            return
        if request[0] != TESTER_PRESENT:
            self._interrupt(target)
        mischief = self._mischief
        mischief.begin(request, now)
        if mischief.instead(0.0, ("", 0.0)) is not None:
            return
        frames = self._frames(request, target, now)
        if mischief.disturbs_frames():
            frames = mischief.on_frames(frames, on_can=True)
        if self.fault is not None:
            frames = self.fault(request, frames)
        self.answered += bool(frames)
        for group in _groups(frames, now):
            heapq.heappush(self._plan, (group[0].at, next(self._order), group))

    def _interrupt(self, target: int | None) -> None:
        for unit in self._units.values() if target is None else (self._units[target],):
            if self._under_way.pop(unit, None) is not None:
                self.unfinished += 1

    def _frames(self, request: bytes, target: int | None, now: float) -> list[Frame]:
        replies = self.car.answer(request, target, self.car.clock())
        shift = 0.0
        if self._ecu_s is not None and replies:
            shift = self._ecu_s - replies[0].delay_s
        frames: list[Frame] = []
        for reply in replies:
            at = now + max(_NOT_AT_ONCE_S, reply.delay_s + shift)
            for moment, payload in self._mischief.on_payload(reply.ecu, reply.payload, at):
                frames += can_frames(reply.ecu, payload, moment, 0.0, padding=self.car.padding)
        return frames

    def _send_due(self) -> None:
        now = time.monotonic()
        while self._plan and self._plan[0][0] <= now:
            _, _, group = heapq.heappop(self._plan)
            if len(group) == 1 and group[0].data[0] >> 4 != FIRST:
                self._send(group[0])
            else:
                self._under_way[group[0].ecu] = Transmission(group, self._send)
        for unit, entry in list(self._under_way.items()):
            if now >= entry.due or entry.done:
                entry.run(now)
            if entry.done:
                self.unfinished += entry.given_up
                self._under_way.pop(unit, None)

    def _send(self, frame: Frame) -> None:
        self._put(frame.ecu, frame.data)

    def _put(self, arbitration_id: int, data: bytes) -> None:
        self._bus.send(can.Message(arbitration_id=arbitration_id, is_extended_id=self._wide, data=data))


def _groups(frames: list[Frame], start: float) -> list[list[Frame]]:
    """Frames that belong to one answer together: a first frame and its consecutive ones, or a frame by itself.

    A consecutive frame whose first frame was lost is never sent, since no flow control comes for it; one kept back from
    an earlier answer (it is due at once) is.
    """
    groups: list[list[Frame]] = []
    open_groups: dict[int, list[Frame]] = {}
    for frame in frames:
        kind = frame.data[0] >> 4 if frame.data else SINGLE
        if kind == CONSECUTIVE and frame.ecu in open_groups:
            open_groups[frame.ecu].append(frame)
        elif kind != CONSECUTIVE or frame.at <= start:
            group = [frame]
            groups.append(group)
            if kind == FIRST:
                open_groups[frame.ecu] = group
    return groups


class _Receiver:
    """Puts together the long requests to one control unit; can-isotp does the work and sends the flow control."""

    def __init__(self, request_id: int, unit: int, wide: bool, put: Callable[[int, bytes], None]) -> None:
        mode = isotp.AddressingMode.Normal_29bits if wide else isotp.AddressingMode.Normal_11bits
        self._frames: deque[isotp.CanMessage] = deque()
        self._logic = isotp.TransportLayerLogic(
            rxfn=lambda _timeout: self._frames.popleft() if self._frames else None,
            txfn=lambda message: put(message.arbitration_id, bytes(message.data)),
            address=isotp.Address(mode, txid=unit, rxid=request_id),
            error_handler=lambda _error: None,  # a broken request is not answered, that is all
            params={"blocksize": 0, "stmin": 0},
        )

    def feed(self, message: can.Message) -> bytes | None:
        """The request once its last frame has come."""
        self._frames.append(
            isotp.CanMessage(
                arbitration_id=message.arbitration_id,
                dlc=message.dlc,
                data=bytes(message.data),
                extended_id=message.is_extended_id,
            )
        )
        self._logic.process()
        request = self._logic.recv()
        return None if request is None else bytes(request)


def serve_can(
    interface: str,
    channel: str,
    bitrate: int | None,
    car: Car,
    *,
    faults: FaultScript | None = None,
    seed: int = 0,
    ecu_s: float | None = None,
) -> CanCar:
    """Put ``car`` on a bus it opens itself, and start it; ``stop()`` closes the bus too.

    ``bitrate`` None: the car's own, 500 or 250 kbit/s. ``address`` of the result is what a client is given. Raises
    ``LinkError`` when the bus cannot be opened, ``ValueError`` for a car without CAN.
    """
    rate = bitrate or (500_000 if car.protocol in "67" else 250_000)
    address = CanAddress(interface, channel, bitrate)
    bus = open_bus(address, rate)
    try:
        node = CanCar(car, bus, faults=faults, seed=seed, ecu_s=ecu_s, address=str(address))
    except ValueError:
        bus.shutdown()
        raise
    node._owns_bus = True
    bus.set_filters([
        {"can_id": 0x700, "can_mask": 0x700, "extended": False},
        {"can_id": 0x18DA00F1, "can_mask": 0x1FFE00FF, "extended": True},
        {"can_id": 0x18DB33F1, "can_mask": 0x1FFFFFFF, "extended": True},
    ])  # fmt: skip
    return node.start()
