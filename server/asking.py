"""Who polls over HTTP looks at the car too: while it does, the terminal asks the car for everything it offers.

Otherwise a program that only reads ``/api/v1/signals`` would see nothing but what happens to be on a screen.
"""

import asyncio

from core.diagnostics.source import Source
from server.snapshot import watch_rate

OWNER = "tablet:api"
RATE = 1.0  # Hz: what is on a screen comes first, and a poller that wants more has the live channel
FOR = 10.0  # s after the last look


class Asking:
    """Keeps the interest of all pollers together. Lives on the server's loop."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._names: tuple[str, ...] = ()
        self._until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def look(self, names: tuple[str, ...]) -> None:
        """Somebody reads these signals now."""
        loop = asyncio.get_running_loop()
        self._until = loop.time() + FOR
        self._watch(names)
        if self._timer is None and names:
            self._timer = loop.call_at(self._until, self._lapse)

    def close(self) -> None:
        """Nobody reads any more: the server stops."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._watch(())

    def _lapse(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._until:
            self._timer = loop.call_at(self._until, self._lapse)
        else:
            self.close()

    def _watch(self, names: tuple[str, ...]) -> None:
        if names != self._names:
            self._names = names
            self._source.watch(OWNER, {name.partition("@")[0]: watch_rate(name, RATE) for name in names})
