"""A car on a CAN bus, without an adapter's text in between: python-can for frames, can-isotp for messages.

One thread does it all: it reads frames, hands each to the transport layer of the ECU that sent it and asks that layer
what to send. Functional requests go to everybody (7DF, 18DB33F1), physical ones to one ECU; flow control, padding to
eight bytes and several ECUs answering at once are can-isotp's work, one ``TransportLayerLogic`` an ECU.
"""

import logging
import time
from collections import deque
from collections.abc import Callable

import can
import isotp

from core.language import tr
from core.obd.address import CanAddress
from core.obd.bytelink import SLICE_S, Cancelled, LinkError, Stop
from core.obd.can_bus import needs_bitrate, open_bus_unless
from core.obd.elm_lines import is_response_id
from core.obd.gaps import GapKind
from core.obd.link import EcuMessage, Exchange
from core.obd.reply import BUSY, PENDING, answers
from core.obd.status import AdapterInfo, Trouble

# ISO 15765-4 clause 7: P2 is 50 ms at most; gateways and user-space buses need some slack.
P2_S = 0.25
P2_STAR_S = 1.0  # after 0x78; ISO allows 5 s, an ECU that needs it repeats 0x78
PENDING_LIMIT = 5
GATHER_S = 0.12  # a functional request: this long after the last frame nobody else will answer
LONGEST_S = 1.0  # for an answer that nobody called pending, however long or disturbed
DRAIN_S = 0.1
BUSY_RETRIES = 3
SEND_S = 0.1
FUNCTIONAL_11, FUNCTIONAL_29 = 0x7DF, 0x18DB33F1

# What it would log, a line for every odd frame on the bus, is counted as a gap here.
logging.getLogger("isotp").setLevel(logging.CRITICAL)

FrameTap = Callable[[float, int, bool, bytes, bool], None]


class _Ecu:
    """The transport layer towards one ECU."""

    def __init__(self, response: int, extended: bool, send: Callable[[isotp.CanMessage], None]) -> None:
        self.id = f"{response:08X}" if extended else f"{response:03X}"
        self.inbox: deque[isotp.CanMessage] = deque()
        self.errors: list[Exception] = []
        if extended:
            target = response & 0xFF
            address = isotp.Address(isotp.AddressingMode.NormalFixed_29bits, source_address=0xF1, target_address=target)
        else:
            address = isotp.Address(isotp.AddressingMode.Normal_11bits, rxid=response, txid=response - 8)
        self.layer = isotp.TransportLayerLogic(
            rxfn=lambda _timeout: self.inbox.popleft() if self.inbox else None,
            txfn=send,
            address=address,
            error_handler=self.errors.append,
            params={
                "stmin": 0,
                "blocksize": 0,
                "tx_padding": 0x00,  # ISO 15765-4 clause 9.2: diagnostic frames have eight bytes
                "rx_consecutive_frame_timeout": 200,  # less than our own wait, so that the gap is told with its request
                "rx_flowcontrol_timeout": 200,
            },
        )

    def step(self) -> list[bytes]:
        """Let the layer work; complete payloads that resulted."""
        self.layer.process()
        done = []
        while self.layer.available():
            payload = self.layer.recv()
            if payload:
                done.append(bytes(payload))
        return done


class _Wait:
    """How long to wait for the answers to one request, and what has become of them."""

    def __init__(self, payload: bytes, began: float) -> None:
        self._payload = payload
        self._pending_text = bytes([0x7F, payload[0], PENDING])
        self._deadline = began + P2_S
        self._longest = began + LONGEST_S
        self._pending: dict[str, tuple[float, int]] = {}  # ECUs that asked for patience: until when, how often
        self._looked = 0
        self.answered = False

    def until(self) -> float:
        patient = max((until for until, _ in self._pending.values()), default=0.0)
        return max(min(self._deadline, self._longest), patient)

    def heard(self, more_s: float) -> None:
        """A frame came: there may be more of them."""
        self._deadline = time.monotonic() + more_s

    def look(self, exchange: Exchange) -> None:
        """Take "pending" out of the new messages, and see whether one of them is the answer."""
        for message in exchange.messages[self._looked :]:
            _, times = self._pending.get(message.ecu, (0.0, 0))
            if message.payload == self._pending_text and times < PENDING_LIMIT:
                self._pending[message.ecu] = (time.monotonic() + P2_STAR_S, times + 1)
                exchange.messages.remove(message)
            elif answers(self._payload, message.payload):
                self._pending.pop(message.ecu, None)
                self.answered = True
        self._looked = len(exchange.messages)

    def unkept(self) -> list[EcuMessage]:
        """The last word of ECUs that said "pending" and then nothing."""
        return [EcuMessage(ecu, self._pending_text, time.monotonic()) for ecu in self._pending]


class CanLink:
    """See ``DiagLink``."""

    max_pids = 6
    mode = "can-isotp"

    def __init__(self, address: CanAddress, stop: Stop) -> None:
        self._address = address
        self._stop = stop
        self._bitrate = address.bitrate or (500_000 if needs_bitrate(address) else None)
        self._bus = open_bus_unless(stop, address, self._bitrate)
        self._ecus: dict[int, _Ecu] = {}
        self._extended = False
        self.protocol = ""
        self.tap: FrameTap | None = None
        self.info = AdapterInfo(
            model=f"CAN {address.interface} {address.channel}", dialect="can", batching=True, frame_count=False
        )
        self._filter()

    def _filter(self) -> None:
        # Ordinary bus traffic would only cost time: two thousand frames a second on a busy car.
        self._bus.set_filters(
            [
                {"can_id": 0x7E8, "can_mask": 0x7F8, "extended": False},
                {"can_id": 0x18DAF100, "can_mask": 0x1FFFFF00, "extended": True},
            ]
        )

    def find_car(self) -> Exchange:
        """Functional 01 00 in both address forms and, where nobody said the bit rate, in both bit rates."""
        exchange = Exchange()
        rates = [self._bitrate]
        if needs_bitrate(self._address) and self._address.bitrate is None:
            rates += [250_000 if self._bitrate == 500_000 else 500_000]
        for rate in rates:
            if rate != self._bitrate:
                self._reopen(rate)
            for extended in (self._extended, not self._extended):
                self._extended = extended
                exchange = self._functional(b"\x01\x00")
                if exchange.messages:
                    width = tr("29 bit") if extended else tr("11 bit")
                    speed = tr(", {rate} kbit/s", rate=self._bitrate // 1000) if self._bitrate else ""
                    self.protocol = f"ISO 15765-4 (CAN {width}{speed})"
                    return exchange
        self._extended = False
        return exchange

    def _reopen(self, rate: int | None) -> None:
        self._bus.shutdown()
        self._ecus.clear()
        self._bitrate = rate
        self._bus = open_bus_unless(self._stop, self._address, rate)
        self._filter()

    def request(self, target: str | None, payload: bytes, frames: int | None = None) -> Exchange:
        """See ``DiagLink.request``. Raises ``LinkError`` when the interface is gone."""
        exchange = self._once(target, payload)
        for attempt in range(BUSY_RETRIES):
            busy = bytes([0x7F, payload[0], BUSY])
            others = {m.ecu for m in exchange.messages if m.payload != busy}
            if all(m.payload != busy or m.ecu in others for m in exchange.messages):
                break
            time.sleep(0.015 * (attempt + 1))
            exchange = self._once(target, payload)
        return exchange

    def _once(self, target: str | None, payload: bytes) -> Exchange:
        return self._functional(payload) if target is None else self._physical(target, payload)

    def _functional(self, payload: bytes) -> Exchange:
        exchange = Exchange()
        self._drain(exchange)
        began = time.monotonic()
        self._transmit(
            isotp.CanMessage(
                arbitration_id=FUNCTIONAL_29 if self._extended else FUNCTIONAL_11,
                data=(bytes([len(payload)]) + payload).ljust(8, b"\x00"),
                dlc=8,
                extended_id=self._extended,
            )
        )
        wait = _Wait(payload, began)
        while time.monotonic() < wait.until():
            if self._receive(wait.until(), exchange, None):
                wait.heard(GATHER_S)
                wait.look(exchange)
        exchange.messages += wait.unkept()
        return self._closed(exchange, began)

    def _physical(self, target: str, payload: bytes) -> Exchange:
        exchange = Exchange()
        self._drain(exchange)
        ecu = self._ecu(int(target, 16))
        began = time.monotonic()
        ecu.layer.send(payload)
        ecu.step()
        wait = _Wait(payload, began)
        while not wait.answered and time.monotonic() < wait.until():
            if self._receive(wait.until(), exchange, target) == target:
                wait.heard(P2_S)  # a long message is on its way
                wait.look(exchange)
        exchange.messages += wait.unkept()
        return self._closed(exchange, began)

    def _closed(self, exchange: Exchange, began: float) -> Exchange:
        for ecu in self._ecus.values():
            exchange.gaps += [(_kind(error), f"{ecu.id}: {error}") for error in ecu.errors]
            ecu.errors.clear()
        if not exchange.messages and not exchange.gaps:
            exchange.gaps.append((GapKind.NO_DATA, tr("silence")))
        exchange.elapsed = time.monotonic() - began
        return exchange

    def _drain(self, exchange: Exchange) -> None:
        """What arrives unasked answers an earlier question: counted, never used."""
        before = len(exchange.messages)
        deadline = time.monotonic() + DRAIN_S  # a unit that babbles without end must not hold us up
        while (frame := self._next(0.0, exchange)) is not None and time.monotonic() < deadline:
            self._deliver(frame, exchange, None)
        for _ in exchange.messages[before:]:
            exchange.gaps.append((GapKind.LATE, tr("an answer after its time")))
        del exchange.messages[before:]

    def _receive(self, deadline: float, exchange: Exchange, target: str | None) -> str:
        """One frame at most; the id of the ECU it came from, empty when there was none."""
        frame = self._next(max(0.0, min(deadline - time.monotonic(), SLICE_S)), exchange)
        return "" if frame is None else self._deliver(frame, exchange, target)

    def _next(self, wait: float, exchange: Exchange) -> can.Message | None:
        """The next diagnostic frame within ``wait`` seconds; what else was waiting before it is passed over."""
        deadline = time.monotonic() + wait
        while True:
            if self._stop.is_set():
                raise Cancelled
            left = max(0.0, deadline - time.monotonic())
            try:
                frame = self._bus.recv(left)
            except (can.CanError, OSError, ValueError) as error:
                raise LinkError(
                    Trouble.ADAPTER_UNPLUGGED, tr("The CAN interface is gone: {why}", why=str(error))
                ) from error
            if frame is None:
                for ecu in self._ecus.values():
                    ecu.layer.process()  # its timeouts pass by themselves
                return None
            if frame.is_error_frame:
                exchange.gaps.append((GapKind.CAN_ERROR, str(frame)))
            elif self._diagnostic(frame):
                return frame
            if time.monotonic() > deadline + DRAIN_S:
                return None  # a bus full of other traffic

    def _diagnostic(self, frame: can.Message) -> bool:
        if bool(frame.is_extended_id) != self._extended or frame.is_remote_frame:
            return False
        return is_response_id(f"{frame.arbitration_id:08X}" if self._extended else f"{frame.arbitration_id:03X}")

    def _deliver(self, frame: can.Message, exchange: Exchange, target: str | None) -> str:
        now = time.monotonic()
        if self.tap is not None:
            self.tap(now, frame.arbitration_id, bool(frame.is_extended_id), bytes(frame.data), False)
        ecu = self._ecu(frame.arbitration_id)
        ecu.inbox.append(
            isotp.CanMessage(
                arbitration_id=frame.arbitration_id,
                data=bytes(frame.data),
                dlc=frame.dlc,
                extended_id=self._extended,
            )
        )
        for payload in ecu.step():
            if target is not None and ecu.id != target:
                exchange.gaps.append((GapKind.FOREIGN, f"{ecu.id}: {payload.hex()}"))
            else:
                exchange.messages.append(EcuMessage(ecu.id, payload, now))
        exchange.frames += 1
        return ecu.id

    def _ecu(self, response: int) -> _Ecu:
        ecu = self._ecus.get(response)
        if ecu is None:
            ecu = self._ecus[response] = _Ecu(response, self._extended, self._transmit)
        return ecu

    def _transmit(self, message: isotp.CanMessage) -> None:
        frame = can.Message(
            arbitration_id=message.arbitration_id,
            data=message.data,
            is_extended_id=message.is_extended_id,
        )
        try:
            self._bus.send(frame, timeout=SEND_S)
        except (can.CanError, OSError, ValueError) as error:
            raise LinkError(Trouble.BUS_ERRORS, tr("The CAN interface cannot send: {why}", why=str(error))) from error
        if self.tap is not None:
            self.tap(time.monotonic(), message.arbitration_id, self._extended, bytes(message.data), True)

    def learn_abilities(self, ecu: str, pids: list[int]) -> None:
        """A bus has nothing to learn: batches are the standard's, frames need no count."""

    def voltage(self) -> float | None:
        """A CAN interface does not know."""
        return None

    def close(self) -> None:
        self._bus.shutdown()


def _kind(error: Exception) -> GapKind:
    if isinstance(error, isotp.ConsecutiveFrameTimeoutError | isotp.InvalidCanDataError):
        return GapKind.SHORT
    if isinstance(error, isotp.FlowControlTimeoutError):
        return GapKind.NO_DATA
    return GapKind.GARBLED
