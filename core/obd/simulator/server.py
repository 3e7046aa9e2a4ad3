"""A simulated adapter on a real port: the thread that moves bytes between a transport and an ``ElmAdapter``."""

import threading
import time
from types import TracebackType
from typing import Self

from core.obd.simulator import dialects, timing
from core.obd.simulator.adapter import ElmAdapter, LinkEvent
from core.obd.simulator.bus import AnsweringCar
from core.obd.simulator.dialects import Dialect
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.faults import FaultScript
from core.obd.simulator.transport import Transport, Waker, open_transport

STOP_S = 2.0
BAUD_TOLERANCE = 0.03  # an asynchronous byte is read right when the clocks differ by a third of a bit over its ten
WRONG_BAUD = b"\xf8\x00\xfe\x80"  # what bytes look like at another rate than they were sent at


class SimulatedAdapter:
    """An adapter plugged into ``car``, listening from ``start()`` (or ``with``) until ``stop()``.

    ``model`` is a name of the table of adapters, optionally with a dialect, ``"usb115200/stn"``; ``dialect`` wins over
    both. ``listen``: ``tcp:HOST:PORT``, ``pty`` or ``pty:PATH``. ``ecu_s`` replaces the answer time of the car's
    control units. ``strict_baud`` lets a client on a pty at another rate than the adapter's see rubbish, as real ones
    do. ``faults`` is the board: ``sim.faults.inject("silence", seconds=3)``, ``sim.faults.injected``.

    Raises ``UnknownModelError``, ``UnknownDialectError`` and ``ListenError``, all ``ValueError``.
    """

    def __init__(
        self,
        car: AnsweringCar,
        model: str = "usb115200",
        dialect: str | None = None,
        listen: str = "tcp:127.0.0.1:0",
        *,
        faults: FaultScript | None = None,
        seed: int = 0,
        ecu_s: float | None = None,
        strict_baud: bool = False,
    ) -> None:
        name, named_dialect = timing.split_name(model)
        self.model = timing.model(name)
        self.dialect: Dialect = dialects.dialect(dialect or named_dialect or self.model.dialect)
        self.faults = FaultBoard(faults, seed)
        self._car = car
        self._listen = listen
        self._ecu_s = ecu_s
        self._strict_baud = strict_baud
        self._transport: Transport | None = None
        self._adapter: ElmAdapter | None = None
        self._waker: Waker | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._replug_at: float | None = None
        self._power_lost = False

    @property
    def address(self) -> str:
        """``tcp://HOST:PORT`` or ``serial:///dev/pts/N``. A pty without a link changes it when plugged in again."""
        if self._transport is None:
            raise RuntimeError("the simulated adapter has not been started")
        return self._transport.address

    def start(self) -> Self:
        """Listen, and answer from now on."""
        transport = self._transport = open_transport(self._listen)
        waker = self._waker = Waker()
        adapter = self._adapter = ElmAdapter(
            self._car, self.model, self.dialect, self.faults, now=time.monotonic(), ecu_s=self._ecu_s
        )
        self.faults.wake = waker.wake
        self._thread = threading.Thread(
            target=self._serve, args=(transport, adapter, waker), name="simulated-adapter", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the thread and close the port; twice does no harm."""
        self._stopping.set()
        if self._waker is not None:
            self._waker.wake()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_S)

    def wait(self, timeout: float | None = None) -> bool:
        """Until ``stop()``, or ``timeout`` seconds; whether it has stopped."""
        return self._stopped.wait(timeout)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self, transport: Transport, adapter: ElmAdapter, waker: Waker) -> None:
        try:
            while not self._stopping.is_set():
                now = time.monotonic()
                data = adapter.advance(now)
                if data:
                    transport.write(data if self._same_baud(transport, adapter.sent_baud) else WRONG_BAUD)
                for event in adapter.take_link_events():
                    self._befall(event, transport, now)
                if self._replug_at is not None and now >= self._replug_at:
                    self._replug(transport, adapter)
                ready = waker.wait(transport.sources(), self._timeout(adapter))
                if ready:
                    self._read(ready, transport, adapter)
        finally:
            transport.close()
            waker.close()
            self._stopped.set()

    def _timeout(self, adapter: ElmAdapter) -> float | None:
        due = adapter.next_due()
        if self._replug_at is not None and (due is None or self._replug_at < due):
            due = self._replug_at
        return None if due is None else max(0.0, due - time.monotonic())

    def _read(self, ready: list[int], transport: Transport, adapter: ElmAdapter) -> None:
        data, another = transport.read(ready)
        if another:
            adapter.discard()  # what was meant for the client before is nobody's
        if data and self._same_baud(transport, adapter.baud):
            adapter.receive(data, time.monotonic())
        elif data:
            transport.write(WRONG_BAUD)

    def _same_baud(self, transport: Transport, baud: int) -> bool:
        if not self._strict_baud or not baud:
            return True
        host = transport.host_baud()
        return host is None or abs(host - baud) <= BAUD_TOLERANCE * baud

    def _befall(self, event: LinkEvent, transport: Transport, now: float) -> None:
        if event.kind == "hangup":
            transport.hangup()
        else:
            transport.unplug()
        self._power_lost = event.power
        self._replug_at = now + event.seconds

    def _replug(self, transport: Transport, adapter: ElmAdapter) -> None:
        self._replug_at = None
        adapter.discard()
        transport.replug()
        if self._power_lost:
            adapter.power_on(time.monotonic())


def serve(
    listen: str, adapter: str, car: AnsweringCar, faults: FaultScript | None = None, seed: int = 0
) -> SimulatedAdapter:
    """Start the adapter ``MODEL`` or ``MODEL/DIALECT`` on ``listen``; it serves until ``stop()``.

    Returns at once with the running adapter: print ``.address``, then ``.wait()``. Errors as ``SimulatedAdapter``.
    """
    return SimulatedAdapter(car, adapter, listen=listen, faults=faults, seed=seed).start()
