"""Who could be joined: terminals of workshops on this network, looked for only while somebody is choosing one.

What is heard is a hint, as everything announced is; joining itself asks for the code and pins the key.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial

from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from server.addresses import IPAddress, lan_addresses
from server.discovery import LOOK_UP, MOST_ENTRIES, SERVICE, interfaces_of, ip_version
from server.sync.sightings import PROTOCOL, Sighting, sighting

log = logging.getLogger(__name__)

FORGOTTEN_S = 5.0  # nobody asked for so long: the page was left
LOOK_S = 0.5
AGAIN_S = 3.0  # after a look that failed: there may be a network soon
STOP_S = 2.0


class Nearby:
    """``look`` begins to search and returns what was heard; who stops asking stops the search. Any thread."""

    def __init__(
        self,
        interfaces: Collection[str] | None = None,
        addresses: Callable[[], Sequence[IPAddress]] | None = None,
        forgotten_s: float = FORGOTTEN_S,
    ) -> None:
        self._addresses = addresses or partial(lan_addresses, interfaces)
        self._forgotten_s = forgotten_s
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = 0.0
        self._closed = False
        self._found: dict[str, Sighting] = {}

    @property
    def searching(self) -> bool:
        """Whether the network is being listened to now."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def look(self) -> tuple[Sighting, ...]:
        """The terminals heard by now, by name; returns at once."""
        with self._lock:
            self._asked = time.monotonic()
            if not self._closed and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="nearby", daemon=True)
                self._thread.start()
            found = list(self._found.values())
        return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.device_id)))

    def close(self) -> None:
        """End the search. May be called twice."""
        with self._lock:
            self._closed, thread = True, self._thread
        if thread is not None:
            thread.join(STOP_S)

    def _wanted(self) -> bool:
        """Whether to go on; the last question and the end of the search never miss each other."""
        with self._lock:
            if not self._closed and time.monotonic() - self._asked < self._forgotten_s:
                return True
            self._thread = None
            self._found = {}
            return False

    def _run(self) -> None:
        while self._wanted():
            try:
                asyncio.run(self._search())
            except Exception as error:  # noqa: BLE001 - whatever the network or the library does: the address can be typed
                log.info("looking for terminals failed: %s", error)
                time.sleep(min(AGAIN_S, self._forgotten_s))

    async def _search(self) -> None:
        """Listen until nobody asks or the network changes."""
        addresses = tuple(self._addresses())
        if not addresses:
            await asyncio.sleep(LOOK_S)
            return
        zeroconf = AsyncZeroconf(interfaces=interfaces_of(addresses), ip_version=ip_version(addresses))
        tasks: set[asyncio.Task[None]] = set()

        def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
            if state_change is ServiceStateChange.Removed:
                self._keep(name, None)
            elif len(tasks) + len(self._found) < MOST_ENTRIES:
                task = asyncio.get_running_loop().create_task(self._look_up(zeroconf, name))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        try:
            browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE, handlers=[changed])
            while self._still(addresses):
                await asyncio.sleep(LOOK_S)
            await browser.async_cancel()
        finally:
            for task in tasks:
                task.cancel()
            with self._lock:
                self._found = {}
            await zeroconf.async_close()

    def _still(self, addresses: tuple[IPAddress, ...]) -> bool:
        with self._lock:
            asked = not self._closed and time.monotonic() - self._asked < self._forgotten_s
        return asked and tuple(self._addresses()) == addresses

    async def _look_up(self, zeroconf: Zeroconf, name: str) -> None:
        try:
            info = AsyncServiceInfo(SERVICE, name)
            if not await info.async_request(zeroconf, LOOK_UP):
                return
            found = sighting(info.get_name(), info.port, info.parsed_addresses(), info.decoded_properties)
        except Exception as error:  # noqa: BLE001 - what strangers announce must not stop anything
            log.debug("the entry %s cannot be read: %s", name, error)
            return
        if found is not None and found.protocol == PROTOCOL:
            self._keep(name, found)

    def _keep(self, name: str, found: Sighting | None) -> None:
        with self._lock:
            if found is None:
                self._found.pop(name, None)
            else:
                self._found[name] = found
