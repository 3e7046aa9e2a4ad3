"""Bytes to and from an adapter, over a serial port or TCP. Every wait is short, bounded and can be called off."""

import errno
import os
import selectors
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Protocol

import serial

from core.language import tr
from core.obd.address import SerialAddress, TcpAddress
from core.obd.status import Trouble

try:
    import termios
except ImportError:  # Windows has no terminals
    _TERMINAL: tuple[type[Exception], ...] = ()
else:
    _TERMINAL = (termios.error,)

SLICE_S = 0.05  # a wait looks this often whether it has been called off: stop() is promised within 200 ms
CONNECT_S = 1.0
WRITE_S = 0.15  # a command has forty bytes: where they do not fit into the system's buffer, nobody is reading
# pyserial lets the terminal's own error through, and a TypeError when the descriptor was closed under it.
_GONE: tuple[type[Exception], ...] = (serial.SerialException, OSError, TypeError, *_TERMINAL)
_NOT_OPENED: tuple[type[Exception], ...] = (*_GONE, ValueError)
_UNDER_WAY = {errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", errno.EWOULDBLOCK)}


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
                address.path, baudrate=baud, timeout=SLICE_S, write_timeout=WRITE_S, exclusive=_exclusive()
            )
        except _NOT_OPENED as error:
            raise _opening_failed(address.path, error) from error
        self.baud: int | None = baud
        self._patience = SLICE_S
        _low_latency(self._port)

    def read(self, wait: float) -> bytes:
        deadline = time.monotonic() + min(wait, 1.0)
        try:
            while True:
                _check(self._stop)  # also while bytes pour in: a babbling adapter must not hold up stop()
                left = deadline - time.monotonic()
                first = self._first(min(left, SLICE_S)) if left > 0 else b""
                waiting = self._port.in_waiting
                if first or waiting:
                    return first + bytes(self._port.read(waiting))
                if left <= 0:
                    return b""
        except _GONE as error:
            raise _unplugged(error) from error

    def _first(self, patience: float) -> bytes:
        if patience != self._patience:  # setting it makes pyserial look at the whole terminal: only when it changes
            self._port.timeout = self._patience = patience
        return bytes(self._port.read(1))

    def write(self, data: bytes) -> None:
        _check(self._stop)
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise LinkError(Trouble.ADAPTER_SILENT, tr("It takes no more bytes.")) from error
        except _GONE as error:
            raise _unplugged(error) from error

    def set_baud(self, baud: int) -> None:
        """Raises ``ValueError`` when the port cannot run at this rate."""
        try:
            self._port.baudrate = baud
        except _GONE as error:
            raise _unplugged(error) from error
        self.baud = baud

    def close(self) -> None:
        with suppress(*_GONE):  # what nobody reads would hold up the closing for half a minute
            self._port.reset_output_buffer()
        with suppress(*_GONE):  # gone already is what was wanted
            self._port.close()


class TcpLink:
    """A TCP connection, as WiFi adapters offer it."""

    def __init__(self, address: TcpAddress, stop: Stop) -> None:
        self._stop = stop
        self.baud: int | None = None
        try:
            self._socket = _connect(address, stop)
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
            _check(self._stop)
            left = deadline - time.monotonic()
            self._socket.settimeout(max(0.0, min(left, SLICE_S)))
            try:
                data = self._socket.recv(65536)
            except (TimeoutError, BlockingIOError):
                if left <= 0:
                    return b""
                continue
            except OSError as error:
                raise LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter is gone: {why}", why=str(error))) from error
            if not data:
                raise LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter closed the connection."))
            return data

    def write(self, data: bytes) -> None:
        _check(self._stop)
        self._socket.settimeout(WRITE_S)
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise LinkError(Trouble.ADAPTER_SILENT, tr("It takes no more bytes.")) from error
        except OSError as error:
            raise LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter is gone: {why}", why=str(error))) from error

    def set_baud(self, baud: int) -> None:
        """TCP has no baud rate."""

    def close(self) -> None:
        self._socket.close()


def _check(stop: Stop) -> None:
    if stop.is_set():
        raise Cancelled


def _unplugged(error: Exception) -> LinkError:
    return LinkError(Trouble.ADAPTER_UNPLUGGED, tr("The adapter was unplugged: {why}", why=str(error)))


def _connect(address: TcpAddress, stop: Stop) -> socket.socket:
    """A connection to the first of the host's addresses that takes one. Raises ``OSError``, ``Cancelled``."""
    deadline = time.monotonic() + CONNECT_S
    failure: OSError = TimeoutError("timed out")
    for family, kind, protocol, _, where in _resolve(address, deadline, stop):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.setblocking(False)
            code = connection.connect_ex(where)
            if code in _UNDER_WAY:
                code = _outcome(connection, deadline, stop)
            if code == 0:
                return connection
            failure = OSError(code, os.strerror(code))  # Python picks the subclass by the number
        except BaseException:
            connection.close()
            raise
        connection.close()
    raise failure


def _outcome(connection: socket.socket, deadline: float, stop: Stop) -> int:
    """The error number a connection under way ends with, 0 for success."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(connection, selectors.EVENT_WRITE)
        while (left := deadline - time.monotonic()) > 0:
            _check(stop)
            if waiting.select(min(left, SLICE_S)):
                return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return errno.ETIMEDOUT


def _resolve(address: TcpAddress, deadline: float, stop: Stop) -> list[Any]:
    """What ``getaddrinfo`` says. It cannot be called off: names are looked up on a thread that may be left behind."""
    with suppress(socket.gaierror, UnicodeError):  # a label longer than 63 characters is a UnicodeError
        return socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    found: list[Any] = []
    failed: list[OSError] = []
    done = threading.Event()

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))
        done.set()

    threading.Thread(target=look_up, name="host-name", daemon=True).start()
    while not done.wait(min(SLICE_S, max(0.0, deadline - time.monotonic()))):
        _check(stop)
        if time.monotonic() >= deadline:
            raise TimeoutError(tr("the name is not known in time"))
    if failed:
        raise failed[0]
    return found


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
    denied = code in (errno.EACCES, errno.EPERM) or "ermission" in text
    if denied and not path.upper().startswith("COM"):  # Windows says so of a port that is in use
        return LinkError(Trouble.PORT_DENIED, tr("This user may not open {path}.", path=path))
    if denied or code in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text:
        return LinkError(Trouble.PORT_BUSY, tr("Another program is using {path}.", path=path))
    return LinkError(Trouble.PORT_MISSING, tr("{path} could not be opened: {why}", path=path, why=text))
