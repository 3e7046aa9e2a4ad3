"""The WebSocket below the live channel: nothing is kept for a reader that does not read.

uvicorn's protocol waits before it sends while the socket is blocked; by default that is only after 64 KiB in the
process and a few megabytes in the kernel, minutes of old values for a phone at the edge of the WLAN. Here both are
small, so a sender waits as soon as the phone lags, and then sends the newest (uvicorn 0.54,
``websockets_sansio_impl``; the sizes are checked in tests/server/test_live_slow.py).
"""

import contextlib
import socket
from asyncio.transports import BaseTransport

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

KERNEL_BUFFER = 32 * 1024  # bytes; Linux doubles it for its own bookkeeping (socket(7), SO_SNDBUF)


class NewestFirst(WebSocketsSansIOProtocol):
    """One WebSocket with the shortest queue the system gives."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)
        raw = transport.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):  # a socket that is gone already says so itself
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)

    async def run_asgi(self) -> None:
        await super().run_asgi()
        if not self.writable.is_set():
            # The application is done with a peer that does not read: a polite close would wait for it for ever.
            self.transport.abort()
