"""The wire below the routes: nobody holds a connection without asking something, and nothing is kept for a reader that
does not read.

**HTTP.** uvicorn waits for ever for the rest of a request, and counts who lets it wait among its connections: a few
hundred that say nothing would lock everybody else out (Slowloris; uvicorn 0.54, ``h11_impl``). Here a connection has
``REQUEST_WITHIN`` seconds for each request, however it drips, and ``ANSWER_WITHIN`` to take the answer. A long body, as
terminals send each other, has that time for every ``STEP`` bytes; a long answer, for every buffer.

**WebSocket.** uvicorn's protocol waits before it sends while the socket is blocked; by default that is only after
64 KiB in the process and a few megabytes in the kernel, minutes of old values for a phone at the edge of the WLAN. Here
both are small, so a sender waits as soon as the phone lags, and then sends the newest (uvicorn 0.54,
``websockets_sansio_impl``; the sizes are checked in tests/server/test_live_slow.py). In TLS another 64 KiB below cannot
be made smaller: three of the largest messages.
"""

import asyncio
import contextlib
import socket
from asyncio.transports import BaseTransport, Transport
from collections.abc import Callable

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

KERNEL_BUFFER = 32 * 1024  # bytes; Linux doubles it for its own bookkeeping (socket(7), SO_SNDBUF)

REQUEST_WITHIN = 20.0  # s; longer than the time a connection may idle, whose end is the polite one
ANSWER_WITHIN = 60.0  # s for what the buffers hold, some hundred kilobytes
STEP = 64 * 1024  # bytes


class Prompt(H11Protocol):
    """One connection that has to say what it wants."""

    _deadline: asyncio.TimerHandle | None = None
    _received = 0  # bytes since somebody looked
    _drained = False  # whether the other end took a buffer since somebody looked

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(REQUEST_WITHIN, self._no_request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        if self.transport.get_protocol() is not self:  # a WebSocket now, with rules of its own
            self._wait_no_more()

    def resume_writing(self) -> None:
        self._drained = True
        super().resume_writing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._received = 0
        self._wait(REQUEST_WITHIN, self._no_request)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(seconds, then)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _no_request(self) -> None:
        """Time is up: for an answer that is being taken or made, and for a body that comes on, there is more."""
        asked = self.conn.their_state in (h11.DONE, h11.MUST_CLOSE)
        left = self._left()
        if left or (asked and self.conn.our_state in (h11.SEND_RESPONSE, h11.SEND_BODY)):
            self._drained = False
            self._wait(ANSWER_WITHIN, lambda: self._no_taker(left))
        elif self.conn.their_state is h11.SEND_BODY and self._received >= STEP:
            self._received = 0
            self._wait(REQUEST_WITHIN, self._no_request)
        else:
            self.transport.abort()

    def _no_taker(self, before: int) -> None:
        left = self._left()
        if left and left >= before and not self._drained:
            self.transport.abort()
        elif before and not left:
            self._wait(REQUEST_WITHIN, self._no_request)  # it has been taken: time for the next request
        else:
            self._no_request()

    def _left(self) -> int:
        """Bytes of the answer that the system has not taken yet."""
        try:
            return self.transport.get_write_buffer_size()
        except AttributeError:  # asyncio's TLS forgets its buffer when it is closed twice (sslproto.py, 3.11)
            return 0


class NewestFirst(WebSocketsSansIOProtocol):
    """One WebSocket with the shortest queue the system gives."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        # Not 0: asyncio's TLS counts "nothing in the buffer" as full then, and waits for ever (sslproto.py, 3.11).
        self.transport.set_write_buffer_limits(high=1)
        raw = transport.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):  # a socket that is gone already says so itself
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)

    async def run_asgi(self) -> None:
        await super().run_asgi()
        if not self.writable.is_set():
            # The application is done with a peer that does not read: a polite close would wait for it for ever.
            self.transport.abort()
