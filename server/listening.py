"""The sockets the server listens on, opened where a failure can still be told to a person."""

import contextlib
import errno
import ipaddress
import socket
import sys

from core.language import tr

EVERYWHERE = "0.0.0.0"


class CannotListen(OSError):  # noqa: N818 - said to a person
    """The address cannot be opened; the message says why and what to do."""


def open_sockets(host: str, port: int) -> list[socket.socket]:
    """Bound sockets for ``host``; port 0 picks a free one, the same for all.

    ``"0.0.0.0"`` means every network: IPv4, and IPv6 where the system has it. Raises ``CannotListen``.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise CannotListen(tr("“{host}” is not an address to listen on. Use 127.0.0.1 or --lan.", host=host)) from None
    if not 0 <= port <= 65535:
        raise CannotListen(tr("{port} is not a port: choose one from 1 to 65535, or 0 for a free one.", port=port))
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        first = _bound(family, host, port)
    except OSError as error:
        raise CannotListen(_words(error, host, port)) from error
    if host != EVERYWHERE or not socket.has_ipv6:
        return [first]
    second: list[socket.socket] = []
    with contextlib.suppress(OSError):  # no IPv6 here, or somebody has its half of the port: IPv4 alone will do
        second = [_bound(socket.AF_INET6, "::", first.getsockname()[1])]
    return [first, *second]


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named: without it every answer waits 40 ms for the
    # other end's delayed acknowledgement (asyncio/base_events.py, _set_nodelay; measured).
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there SO_REUSEADDR would let two programs share the port (Winsock documentation)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # so that a restart need not wait for the old connections to be forgotten
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((host, port))
        opened.listen(128)
        opened.setblocking(False)
    except OSError:
        opened.close()
        raise
    return opened


def _words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return tr(
            "Port {port} is in use, perhaps by another Bayline. Close that one, or start with another --port.",
            port=port,
        )
    if error.errno == errno.EACCES:
        return tr("This user may not open port {port}. Choose one from 1024 to 65535 with --port.", port=port)
    if error.errno == errno.EADDRNOTAVAIL:
        return tr("This computer does not have the address {host}. Use 127.0.0.1 or --lan.", host=host)
    return tr("Port {port} at {host} cannot be opened: {reason}.", port=port, host=host, reason=error.strerror or error)
