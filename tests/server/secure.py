"""A WebSocket client in TLS for tests.

``websockets.sync`` reads in one thread and writes in another. An OpenSSL connection does not bear that, and before
Python 3.13 nothing in ``ssl`` stops it: now and then such a client hangs or takes the process with it
(python/cpython#124993). This one does everything in the thread of the test, on a loop that only runs while the test
waits for it.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from core.trust.contexts import client_context


class SecureSocket:
    """``send`` and ``recv`` as ``websockets.sync`` has them."""

    def __init__(self, runner: asyncio.Runner, connection: ClientConnection) -> None:
        self._runner = runner
        self._connection = connection

    def send(self, message: str | bytes) -> None:
        self._runner.run(self._connection.send(message))

    def recv(self, timeout: float) -> str | bytes:
        return self._runner.run(asyncio.wait_for(self._connection.recv(), timeout))


@contextmanager
def secure_socket(url: str, sock: socket.socket | None = None, **options: Any) -> Iterator[SecureSocket]:
    """Connected to ``url`` until the block ends; ``options`` are those of ``websockets``. Nobody's name is checked."""

    async def opened() -> ClientConnection:
        return await connect(url, sock=sock, ssl=client_context(), proxy=None, **options)

    with asyncio.Runner() as runner:
        connection = runner.run(opened())
        try:
            yield SecureSocket(runner, connection)
        finally:
            runner.run(connection.close())
