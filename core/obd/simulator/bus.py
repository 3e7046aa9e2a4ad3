"""The adapter's other side: opening a protocol, putting a request on the bus, and waiting for frames.

An answer is planned in one go, as pieces of text with the time each is printed at; the adapter prints them as time
passes and may be interrupted at any moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.obd.simulator.dialects import Batching, Dialect
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.framing import Frame, View, can_frames, can_lines, legacy_line
from core.obd.simulator.mischief import EOL, Answer, Mischief
from core.obd.simulator.settings import CAN, K_LINE, WIDE, Settings
from core.obd.simulator.timing import ST_UNIT_S, AdapterModel, BusTimes, bus_times

# The order in which an ELM327 searches (the one python-OBD and others follow when AT SP 0 fails them).
SEARCH_ORDER = "681792345"


class Reply(Protocol):
    """What one control unit says: response id (or legacy address), seconds after the request, bytes."""

    @property
    def ecu(self) -> int: ...
    @property
    def delay_s(self) -> float: ...
    @property
    def payload(self) -> bytes: ...


class AnsweringCar(Protocol):
    """What the adapter needs of a car; ``core.obd.simulator.car.Car`` is one.

    A car whose control units fill CAN frames to eight bytes says with what in ``spec.padding``.
    """

    @property
    def protocol(self) -> str: ...

    def answer(self, request: bytes, target: int | None, now: float) -> Sequence[Reply]: ...

    def voltage(self, now: float) -> float: ...


@dataclass(slots=True)
class Opening:
    """What it took to open the protocol: ready at ``ready``, or a failure, which has been printed."""

    ready: float
    pieces: list[tuple[float, str]] = field(default_factory=list)
    failed: bool = False


class Bus:
    """The vehicle side of one adapter. ``chosen`` is what AT SP says, ``active`` the protocol that is open."""

    def __init__(
        self, car: AnsweringCar, model: AdapterModel, dialect: Dialect, board: FaultBoard, ecu_s: float | None = None
    ) -> None:
        self.car = car
        self.model = model
        self.dialect = dialect
        self.board = board
        self.times: BusTimes = bus_times()
        self.chosen = "0"
        self.auto = True
        self.active: str | None = None
        self._ecu_s = ecu_s
        self._found_at = float("-inf")
        self._quiet_at = float("-inf")
        self._mischief = Mischief(board)
        self._padding: int | None = getattr(getattr(car, "spec", None), "padding", None)

    # Protocols

    def choose(self, protocol: str, auto: bool) -> None:
        """AT SP, AT TP: from now on speak ``protocol``; with ``auto`` search when it does not work."""
        self.chosen = protocol
        self.auto = auto or protocol == "0"
        self.active = None

    def close(self) -> None:
        """AT PC."""
        self.active = None

    def forget(self) -> None:
        """The adapter was reset: nothing that faults kept back will come any more."""
        self._mischief.forget()

    def interrupted(self, at: float) -> None:
        """The adapter was disturbed: a search that had not found anything by then is void."""
        if at < self._found_at:
            self.active = None

    @property
    def protocol(self) -> str:
        """The protocol in use, or the one chosen."""
        return self.active or self.chosen

    def open(self, start: float) -> Opening:
        """Open the bus if it is not open; searching and bus start take their time and say so."""
        if self.active:
            return Opening(start)
        if self.auto:
            return self._search(start)
        protocol = self.chosen
        if protocol in K_LINE:
            return self._start_k_line(protocol, start)
        if protocol == self.car.protocol:
            self.active = protocol
            return Opening(start)
        same_rate = protocol in CAN and self.car.protocol in CAN and (protocol in "67") == (self.car.protocol in "67")
        text = "CAN ERROR" if protocol in CAN and not same_rate else "NO DATA"
        end = start + self.times.try_s(protocol) * self.model.bus_pace
        return Opening(end, [(end, text + EOL)], failed=True)

    def _search(self, start: float) -> Opening:
        first = self.chosen.strip("0")
        at = start
        for protocol in first + SEARCH_ORDER.replace(first or "-", ""):
            if protocol == self.car.protocol and self.board.ignition_on(start):
                at += self.times.init_s(protocol) * self.model.bus_pace
                self.active = protocol
                self._found_at = at
                return Opening(at, [(start, "SEARCHING..."), (at, EOL)])
            at += self.times.try_s(protocol) * self.model.bus_pace
        return Opening(at, [(start, "SEARCHING..."), (at, EOL + "UNABLE TO CONNECT" + EOL)], failed=True)

    def _start_k_line(self, protocol: str, start: float) -> Opening:
        end = start + self.times.init_s(protocol) * self.model.bus_pace
        found = protocol == self.car.protocol and self.board.ignition_on(start)
        if found:
            self.active = protocol
            self._found_at = end
        text = "OK" if found else "ERROR"
        return Opening(end, [(start, bus_init(protocol)), (end, text + EOL)], failed=not found)

    # Requests

    def ask(
        self, data: bytes, settings: Settings, at: float, *, expected: int | None = None, wait_s: float | None = None
    ) -> Answer:
        """Put ``data`` on the bus at ``at`` and print what comes.

        ``expected`` frames end the wait at once; ``wait_s`` replaces AT ST. What a fault does to the answer is done
        here, except to its text.
        """
        start = max(at, self._quiet_at + self.times.legacy_request_gap_s) if self.protocol in K_LINE else at
        mischief = self._mischief
        mischief.begin(data, start)
        longest = settings.st * ST_UNIT_S if wait_s is None else wait_s
        answer = mischief.instead(longest, self._bus_init()) or self._answer(data, settings, start, expected, longest)
        self._quiet_at = answer.end
        return mischief.on_answer(answer)

    def _answer(self, data: bytes, settings: Settings, start: float, expected: int | None, longest: float) -> Answer:
        if len(data) > 2 and data[0] == 0x01:
            if self.dialect.batching is Batching.UNKNOWN:
                return Answer(start, [(start, "?" + EOL)])
            if self.dialect.batching is Batching.FIRST_ONLY:
                data = data[:2]
        opening = self.open(start)
        if opening.failed:
            return Answer(opening.ready, opening.pieces)
        answer = self._listen(data, settings, opening.ready, expected, longest)
        answer.pieces[:0] = opening.pieces
        if self.protocol in K_LINE and not self.board.ignition_on(answer.end):
            self.active = None  # the K-line has to be started again
        return answer

    def _bus_init(self) -> tuple[str, float]:
        """Text and seconds of an attempt to start the bus in use."""
        return bus_init(self.protocol), self.times.init_s(self.protocol) * self.model.bus_pace

    def _listen(self, data: bytes, settings: Settings, start: float, expected: int | None, longest: float) -> Answer:
        if not settings.responses or not longest:
            return Answer(start)
        protocol = self.active or self.car.protocol
        frames = self._frames(data, settings, start, protocol)
        if self._mischief.disturbs_frames():
            frames = self._mischief.on_frames(frames, on_can=protocol in CAN)
        if protocol in CAN:
            frames = [frame for frame in frames if settings.hears(frame.ecu, protocol)]
        heard, end = self._heard(frames, start, longest, settings, expected)
        pieces = self._print(heard, protocol, settings)
        if not heard:
            pieces.append((end, "NO DATA" + EOL))
        if self._mischief.overflows and heard:
            pieces.append((end, "BUFFER FULL" + EOL))
        return Answer(end, pieces)

    def _replies(self, data: bytes, settings: Settings, start: float, protocol: str) -> Sequence[Reply]:
        several = data[0] == 0x01 and len(data) > 2
        if several and (protocol not in CAN or self.dialect.batching is Batching.NO_DATA):
            return []  # SAE J1979 allows one PID a request on legacy buses
        return self.car.answer(data, settings.target(protocol), start)

    def _frames(self, data: bytes, settings: Settings, start: float, protocol: str) -> list[Frame]:
        """Everything control units send in answer, by time."""
        if not data or not self.board.ignition_on(start):
            return []
        replies = self._replies(data, settings, start, protocol)
        shift = self.model.ecu_extra_s
        if self._ecu_s is not None and replies:
            shift += self._ecu_s - min(reply.delay_s for reply in replies)
        on_can, frame_s, padding = protocol in CAN, self.times.frame_s(protocol), self._padding
        frames: list[Frame] = []
        for reply in replies:
            at = start + reply.delay_s + shift
            payloads = [(at, reply.payload)]
            if self._mischief.armed:
                payloads = self._mischief.on_payload(reply.ecu, reply.payload, at)
            for moment, payload in payloads:
                if on_can:
                    frames += can_frames(
                        reply.ecu, payload, moment, frame_s, padding=padding, flow_control=settings.flow_control
                    )
                else:
                    frames.append(Frame(moment, reply.ecu, payload))
        if len(frames) > 1:
            frames.sort(key=_when)
        return frames

    def _heard(
        self, frames: list[Frame], start: float, first_wait: float, settings: Settings, expected: int | None
    ) -> tuple[list[Frame], float]:
        """The frames the adapter still listens for, and when it gives the prompt back."""
        tail = self.model.wait_s(settings.st, settings.adaptive)
        gap = first_wait if tail == 0 else tail  # an adapter that knows when the car has finished misses nothing
        last, allowed, shown = start, first_wait, 0
        for number, frame in enumerate(frames):
            if frame.at - last > allowed:
                return frames[:number], last + tail if number else start + first_wait
            last, allowed = frame.at, gap
            if self.dialect.pending_aware and is_pending(frame.data):
                allowed = max(gap, self.times.pending_s)
            shown += frame.counted
            if expected and shown >= expected:
                uncounted = number + 1
                while uncounted < len(frames) and not frames[uncounted].counted:
                    uncounted += 1
                return frames[:uncounted], frames[uncounted - 1].at
        return frames, last + tail if frames else start + first_wait

    def _print(self, frames: list[Frame], protocol: str, settings: Settings) -> list[tuple[float, str]]:
        view = View(settings.headers, settings.spaces, settings.formatting, settings.dlc)
        if protocol not in CAN:
            return [(frame.at, legacy_line(frame, protocol, view) + EOL) for frame in frames]
        wide = protocol in WIDE
        return [(frame.at, EOL.join(can_lines(frame, wide, view)) + EOL) for frame in frames]


def bus_init(protocol: str) -> str:
    """What is printed while a bus is started: dots for each part of the 5 baud initialisation (data sheet)."""
    return "BUS INIT: " + ("..." if protocol in "34" else "")


def is_pending(data: bytes) -> bool:
    """Whether a frame is a negative response 7F xx 78, as a CAN single frame or a legacy message."""
    return (data[0] == 3 and data[1:2] == b"\x7f" and data[3:4] == b"\x78") or (
        data[0] == 0x7F and data[2:3] == b"\x78"
    )


_when: Callable[[Frame], float] = lambda frame: frame.at  # noqa: E731 - a key for sort
