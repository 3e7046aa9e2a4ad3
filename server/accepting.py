"""One port, two languages: what begins like a TLS handshake is spoken to in TLS, everything else in plain HTTP.

The first byte decides (a TLS record of type handshake starts with 22: RFC 8446, section 5.1; no HTTP method does). It
is looked at without being taken, and the connection is then handed to uvicorn as if it had accepted it. A connection
has ``FIRST_BYTE_WITHIN`` seconds for that byte and ``HANDSHAKE_WITHIN`` for its handshake. At most ``MOST_UNDECIDED``
are so far, and of these the oldest gives way to the newest: a few hundred that say nothing cannot lock out somebody who
does, since that takes milliseconds.
"""

import asyncio
import contextlib
import errno
import logging
import socket
import ssl
from collections.abc import Callable, Sequence

import uvicorn

log = logging.getLogger(__name__)

FIRST_BYTE_WITHIN = 10.0  # s; a browser opens connections ahead of need, and opens them again when they are gone
HANDSHAKE_WITHIN = 5.0  # s
GOODBYE_WITHIN = 30.0  # s from closing: for what has not been taken yet, and the other end's close_notify
MOST_UNDECIDED = 128
TRY_AGAIN = 0.5  # s, when the system has no room for another connection

TLS_HANDSHAKE = b"\x16"

_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}  # as asyncio/selector_events.py takes them

Context = Callable[[], ssl.SSLContext]


class TwoFold(uvicorn.Server):
    """uvicorn behind a port that speaks both. ``context`` is asked for each handshake, so that it can be renewed.

    Without ``context`` it speaks plain HTTP only, and accepts as uvicorn does.
    """

    def __init__(self, config: uvicorn.Config, context: Context | None = None) -> None:
        super().__init__(config)
        self._context = context
        self._reception: _Reception | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._context is None or sockets is None:
            await super().startup(sockets)
            return
        await self.lifespan.startup()
        self.servers = []
        most = 2 * (self.config.limit_concurrency or MOST_UNDECIDED)
        self._reception = _Reception(self._protocol, self._context, lambda: len(self.server_state.connections) < most)
        self._reception.open(sockets)
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._reception is not None:
            await self._reception.close()
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


class _Reception:
    """Accepts, finds out which language it is, and hands over. Lives on one loop."""

    def __init__(self, protocol: Callable[[], asyncio.Protocol], context: Context, room: Callable[[], bool]) -> None:
        self._protocol = protocol
        self._context = context
        self._room = room
        self._listening: tuple[socket.socket, ...] = ()
        self._accepting: list[asyncio.Task[None]] = []
        self._undecided: dict[asyncio.Task[None], None] = {}  # the oldest first

    def open(self, sockets: Sequence[socket.socket]) -> None:
        self._listening = tuple(sockets)
        for listening in sockets:
            self._accepting.append(asyncio.create_task(self._accept_forever(listening), name="accepting"))

    async def close(self) -> None:
        """Accept nobody any more, and send away who has not said anything yet."""
        loop = asyncio.get_running_loop()
        for listening in self._listening:
            # Who knocks in the moment of the cancellation would be given to a future that is done (asyncio logs it).
            with contextlib.suppress(NotImplementedError, ValueError):  # Windows' loop has no readers; a closed socket
                loop.remove_reader(listening)
        tasks = (*self._accepting, *self._undecided)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept_forever(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError as error:  # who knocked may be gone again (ECONNABORTED); that is no reason to stop
                if error.errno in _NO_ROOM:
                    log.warning("no room for another connection: %s", error)
                await asyncio.sleep(TRY_AGAIN if error.errno in _NO_ROOM else 0.01)
                continue
            self._welcome(accepted)
            await asyncio.sleep(0)  # sock_accept does not wait while others knock: the loop has other things to do

    def _welcome(self, accepted: socket.socket) -> None:
        if not self._room():
            accepted.close()
            return
        while len(self._undecided) >= MOST_UNDECIDED:
            oldest = next(iter(self._undecided))
            del self._undecided[oldest]
            oldest.cancel()
        deciding = asyncio.create_task(self._decide(accepted), name="deciding")
        self._undecided[deciding] = None
        deciding.add_done_callback(lambda done: self._undecided.pop(done, None))
        # A task that is cancelled before its first step never runs, and would leave its socket open.
        deciding.add_done_callback(lambda done: accepted.close() if done.cancelled() else None)

    async def _decide(self, accepted: socket.socket) -> None:
        try:
            async with asyncio.timeout(FIRST_BYTE_WITHIN):
                first = await _first_byte(accepted)
            if first:
                await self._hand_over(accepted, self._context() if first == TLS_HANDSHAKE else None)
                return
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            log.debug("a connection came to nothing: %s", error)
        accepted.close()

    async def _hand_over(self, accepted: socket.socket, context: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        if context is None:
            await loop.connect_accepted_socket(self._protocol, accepted)
            return
        await loop.connect_accepted_socket(
            self._protocol,
            accepted,
            ssl=context,
            ssl_handshake_timeout=HANDSHAKE_WITHIN,
            ssl_shutdown_timeout=GOODBYE_WITHIN,
        )


async def _first_byte(accepted: socket.socket) -> bytes:
    """The first byte, which stays to be read; empty when the other end has closed."""
    while True:
        with contextlib.suppress(BlockingIOError, InterruptedError):
            return accepted.recv(1, socket.MSG_PEEK)
        await _readable(accepted)


async def _readable(accepted: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    try:
        loop.add_reader(accepted.fileno(), _tell, ready)
    except NotImplementedError:  # the proactor loop of Windows has no such thing (Python documentation)
        await asyncio.sleep(0.01)
        return
    try:
        await ready
    finally:
        loop.remove_reader(accepted.fileno())


def _tell(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)
