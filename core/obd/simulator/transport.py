"""Where a simulated adapter can be reached: a TCP port or a pseudo terminal.

Both hold one client. Over TCP the newest client wins and the older one is cut off, as a program that lost its
connection without noticing must be able to come back. Bytes that a client does not fetch are lost when the operating
system's buffer is full, as they are in a UART without flow control.
"""

import os
import select
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from core.language import tr

CHUNK = 4096
_RESERVED_FOR_LISTENING = 4  # a simulated adapter has one client; a few may knock while it is being replaced


class ListenError(ValueError):
    """Not a place where the simulator can listen; the message says what to write."""


class Transport(Protocol):
    """One end of the cable. All methods are called by the serving thread, except ``address``."""

    @property
    def address(self) -> str: ...

    def sources(self) -> list[int]:
        """File descriptors to wait for."""

    def read(self, ready: list[int]) -> tuple[bytes, bool]:
        """What the client has sent, and whether it is another client than before."""

    def write(self, data: bytes) -> None: ...

    def hangup(self) -> None:
        """Drop the client; the adapter stays."""

    def unplug(self) -> None:
        """Take the adapter away: clients see it vanish and cannot come back."""

    def replug(self) -> None: ...

    def host_baud(self) -> int | None:
        """The rate the client has set on its port, or None where there is no such thing."""

    def close(self) -> None: ...


def open_transport(listen: str) -> Transport:
    """``tcp:HOST:PORT`` (port 0 picks a free one), ``pty``, or ``pty:PATH`` for a link at PATH to the terminal.

    Raises ``ListenError`` for anything else, and where the platform or a busy port does not allow it.
    """
    kind, _, rest = listen.strip().partition(":")
    if kind == "tcp":
        host, _, port = rest.rpartition(":")
        host = host.strip("[]")
        if not host or not (port.isascii() and port.isdigit() and len(port) <= 5) or int(port) > 0xFFFF:
            raise ListenError(tr("“{text}”: write tcp:HOST:PORT, for example tcp:127.0.0.1:35000.", text=listen))
        return TcpTransport(host, int(port))
    if kind == "pty":
        if sys.platform == "win32":
            raise ListenError(tr("Windows has no pseudo terminals: use tcp:127.0.0.1:0."))
        return PtyTransport(Path(rest) if rest else None)
    raise ListenError(tr("“{text}”: write tcp:HOST:PORT or pty.", text=listen))


class TcpTransport:
    """A TCP server for one client at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = self._bind(family, port)
        self._port: int = self._listener.getsockname()[1]
        self._listener.listen(_RESERVED_FOR_LISTENING)
        self._listening = True
        self._client: socket.socket | None = None

    def _bind(self, family: socket.AddressFamily, port: int) -> socket.socket:
        listener = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there the option lets two programs listen on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, port))
        except (OSError, TypeError, UnicodeError) as error:  # a name that cannot be a host's is a TypeError
            listener.close()
            why = getattr(error, "strerror", None) or error
            raise ListenError(
                tr("Cannot listen on {host}:{port}: {why}.", host=self._host, port=port, why=why)
            ) from error
        listener.setblocking(False)
        return listener

    @property
    def address(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"tcp://{host}:{self._port}"

    def sources(self) -> list[int]:
        found = [self._listener.fileno()] if self._listening else []
        if self._client is not None:
            found.append(self._client.fileno())
        return found

    def read(self, ready: list[int]) -> tuple[bytes, bool]:
        if self._client is not None and self._client.fileno() in ready:
            with suppress(BlockingIOError):
                try:
                    data = self._client.recv(CHUNK)
                except BlockingIOError:
                    raise
                except OSError:
                    data = b""
                if data:
                    return data, False
                self.hangup()
        if self._listening and self._listener.fileno() in ready:
            return b"", self._accept()
        return b"", False

    def _accept(self) -> bool:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return False
        self.hangup()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        return True

    def write(self, data: bytes) -> None:
        if self._client is None:
            return
        with suppress(BlockingIOError):
            try:
                self._client.send(data)
            except BlockingIOError:
                raise
            except OSError:
                self.hangup()

    def hangup(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def unplug(self) -> None:
        if not self._listening:
            return
        family = self._listener.family
        self._listener.close()
        self._listening = False
        # Bound but not listening: clients are refused, and nobody takes the port meanwhile.
        self._listener = self._bind(family, self._port)
        self.hangup()  # last, so that a client that sees it cannot come back at once

    def replug(self) -> None:
        if not self._listening:
            self._listener.listen(_RESERVED_FOR_LISTENING)
            self._listening = True

    def host_baud(self) -> int | None:
        return None

    def close(self) -> None:
        self.hangup()
        self._listener.close()
        self._listening = False


class PtyTransport:
    """A pseudo terminal in raw mode, with an optional link that keeps its name when it is plugged in again.

    The slave side is kept open here, so that a client may close and open it; unplugging closes both sides, and the
    client's next read or write fails as it does with a USB adapter pulled out.
    """

    def __init__(self, link: Path | None) -> None:
        self._link = link
        if link is not None and link.exists() and not link.is_symlink():
            raise ListenError(tr("{path} is there already and is not a link.", path=link))
        self._master = self._slave = -1
        self._name = ""
        try:
            self.replug()
        except OSError as error:
            self.unplug()
            place = link or "/dev/ptmx"
            raise ListenError(
                tr("Cannot make a pseudo terminal at {path}: {why}.", path=place, why=error.strerror or error)
            ) from error

    @property
    def address(self) -> str:
        return f"serial://{self._link or self._name}"

    def sources(self) -> list[int]:
        return [self._master] if self._master >= 0 else []

    def read(self, ready: list[int]) -> tuple[bytes, bool]:
        if self._master < 0 or self._master not in ready:
            return b"", False
        try:
            return os.read(self._master, CHUNK), False
        except OSError:
            return b"", False

    def write(self, data: bytes) -> None:
        if self._master >= 0:
            with suppress(OSError):
                os.write(self._master, data)

    def hangup(self) -> None:
        self.unplug()

    def unplug(self) -> None:
        if self._master < 0:
            return
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1

    def replug(self) -> None:
        if sys.platform == "win32" or self._master >= 0:
            return
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._name = os.ttyname(self._slave)
        if self._link is not None:
            fresh = self._link.with_name(f"{self._link.name}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(self._name)
            fresh.replace(self._link)

    def host_baud(self) -> int | None:
        if sys.platform == "win32" or self._slave < 0:
            return None
        import termios

        speed = termios.tcgetattr(self._slave)[5]
        return next(
            (int(name[1:]) for name in dir(termios) if name[1:].isdigit() and getattr(termios, name) == speed), None
        )

    def close(self) -> None:
        self.unplug()


class Waker:
    """Wakes a thread that waits in ``wait``, from any other thread; works on Windows too."""

    def __init__(self) -> None:
        self._here, self._there = socket.socketpair()
        for end in (self._here, self._there):
            end.setblocking(False)

    def wake(self) -> None:
        with suppress(OSError):  # a full buffer wakes as well; a closed one has nobody to wake
            self._there.send(b"!")

    def wait(self, sources: list[int], timeout: float | None) -> list[int]:
        """Descriptors that are ready within ``timeout`` seconds (None: for ever).

        ``select`` and not ``epoll``: Python's epoll rounds its timeout up to whole milliseconds.
        """
        own = self._here.fileno()
        ready, _, _ = select.select([own, *sources], [], [], timeout)
        if own in ready:
            with suppress(OSError):
                self._here.recv(CHUNK)
            ready.remove(own)
        return ready

    def close(self) -> None:
        self._here.close()
        self._there.close()
