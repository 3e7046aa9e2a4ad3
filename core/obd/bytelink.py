"""Bytes to and from an adapter, over a serial port or TCP. Every wait is short, bounded and can be called off."""

import errno
import os
import socket
import time
from contextlib import suppress
from typing import Protocol

import serial

from core.language import tr
from core.obd.address import SerialAddress, TcpAddress
from core.obd.status import Trouble

SLICE_S = 0.05  # a wait looks this often whether it has been called off: stop() is promised within 200 ms
CONNECT_S = 1.0


class LinkError(Exception):
    """The link is gone or never came: ``trouble`` for the program, the text for the person."""

    def __init__(self, trouble: Trouble, words: str) -> None:
        super().__init__(words)
        self.trouble = trouble


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The wait was called off by ``stop()``."""


class Stop(Protocol):
    """Anything that can say "enough", for example ``threading.Event``."""

    def is_set(self) -> bool: ...


class ByteLink(Protocol):
    """A duplex byte stream owned by one thread."""

    baud: int | None

    def read(self, wait: float) -> bytes:
        """Whatever has arrived, after at most ``wait`` seconds (1 at the most); empty when nothing did."""

    def write(self, data: bytes) -> None: ...

    def set_baud(self, baud: int) -> None: ...

    def close(self) -> None: ...


class SerialLink:
    """A serial port, real or pseudo. Raises ``LinkError`` when the adapter is pulled out."""

    def __init__(self, address: SerialAddress, baud: int, stop: Stop) -> None:
        self._stop = stop
        try:
            self._port = serial.serial_for_url(
                address.path, baudrate=baud, timeout=SLICE_S, write_timeout=1.0, exclusive=_exclusive()
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise _opening_failed(address.path, error) from error
        self.baud: int | None = baud
        _low_latency(self._port)

    def read(self, wait: float) -> bytes:
        deadline = time.monotonic() + min(wait, 1.0)
        try:
            while True:
                left = deadline - time.monotonic()
                self._port.timeout = max(0.0, min(left, SLICE_S))
                first = self._port.read(1)
                if first:
                    waiting = self._port.in_waiting
                    return bytes(first + self._port.read(waiting)) if waiting else bytes(first)
                if self._stop.is_set():
                    raise Cancelled
                if left <= SLICE_S and time.monotonic() >= deadline:
                    return b""
        except (serial.SerialException, OSError, TypeError) as error:
            # pyserial raises TypeError when the descriptor was closed under it.
            raise LinkError(
                Trouble.ADAPTER_UNPLUGGED, tr("The adapter was unplugged: {why}", why=str(error))
            ) from error

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except (serial.SerialException, OSError) as error:
            raise LinkError(
                Trouble.ADAPTER_UNPLUGGED, tr("The adapter was unplugged: {why}", why=str(error))
            ) from error

    def set_baud(self, baud: int) -> None:
        self._port.baudrate = baud
        self.baud = baud

    def close(self) -> None:
        with suppress(serial.SerialException, OSError):  # gone already is what was wanted
            self._port.close()


class TcpLink:
    """A TCP connection, as WiFi adapters offer it."""

    def __init__(self, address: TcpAddress, stop: Stop) -> None:
        self._stop = stop
        self.baud: int | None = None
        try:
            self._socket = socket.create_connection((address.host, address.port), timeout=CONNECT_S)
        except ConnectionRefusedError as error:
            raise LinkError(
                Trouble.CONNECTION_REFUSED, tr("{address} refused the connection.", address=str(address))
            ) from error
        except OSError as error:
            raise LinkError(
                Trouble.HOST_UNREACHABLE, tr("{address} cannot be reached: {why}", address=str(address), why=str(error))
            ) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def read(self, wait: float) -> bytes:
        deadline = time.monotonic() + min(wait, 1.0)
        while True:
            left = deadline - time.monotonic()
            self._socket.settimeout(max(0.0005, min(left, SLICE_S)))
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                if self._stop.is_set():
                    raise Cancelled from None
                if time.monotonic() >= deadline:
                    return b""
                continue
            except OSError as error:
                raise LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter is gone: {why}", why=str(error))) from error
            if not data:
                raise LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter closed the connection."))
            return data

    def write(self, data: bytes) -> None:
        self._socket.settimeout(1.0)
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter is gone: {why}", why=str(error))) from error

    def set_baud(self, baud: int) -> None:
        """TCP has no baud rate."""

    def close(self) -> None:
        self._socket.close()


def _exclusive() -> bool | None:
    return True if os.name == "posix" else None  # two readers on one port set off warning lamps (python-OBD #21)


def _low_latency(port: serial.SerialBase) -> None:
    """Ask the driver not to sit on bytes: FTDI chips wait 16 ms by default."""
    # Not every driver can; the scheduler measures what it gets.
    with suppress(OSError, ValueError, NotImplementedError):
        ask = getattr(port, "set_low_latency_mode", None)
        if ask is not None:
            ask(True)


def _opening_failed(path: str, error: Exception) -> LinkError:
    code = getattr(error, "errno", None)
    text = str(error)
    if code == errno.ENOENT or "No such file" in text or "FileNotFoundError" in text:
        return LinkError(Trouble.PORT_MISSING, tr("There is no port {path}.", path=path))
    if code in (errno.EACCES, errno.EPERM) or "ermission" in text:
        return LinkError(Trouble.PORT_DENIED, tr("This user may not open {path}.", path=path))
    if code in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
        return LinkError(Trouble.PORT_BUSY, tr("Another program is using {path}.", path=path))
    return LinkError(Trouble.PORT_MISSING, tr("{path} could not be opened: {why}", path=path, why=text))
