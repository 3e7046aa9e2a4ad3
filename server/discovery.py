"""This terminal's entry in the LAN's phone book, and who else is in it: ``_bayline._tcp.local.`` by multicast DNS.

Only a server that other devices can reach is announced, and only once it answers HTTP (RFC 6762 and 6763). Whatever
goes wrong here never stops the server: people can always type the address. Networks come and go while a terminal runs
for weeks, so the addresses are looked at again and again, and announcement and search follow them.

A terminal of a workshop also looks for the others. What is heard is a hint (``server.sync.sightings``); the one thing
found out here is that a second machine announces our own device id: a copied disk.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Protocol

from zeroconf import InterfaceChoice, IPVersion, ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from core.language import mark, tr
from server.addresses import LONGEST_LABEL, IPAddress, host_label, lan_addresses
from server.outage import Outage
from server.sync.sightings import LONGEST_TEXT, Presence, Sighting, bounded, sighting

__all__ = ["LONGEST_TEXT", "SERVICE", "Discovery", "Presence", "Sighting", "Watcher", "bounded"]

log = logging.getLogger(__name__)

SERVICE = "_bayline._tcp.local."
LOOK_AGAIN = 5.0  # s between looks at the network
# The library asks again only when an entry is about to expire, after an hour: a terminal that was cut off while another
# one came would not hear of it before.
ASK_AGAIN = 60.0  # s
LOOK_UP = 3000  # ms for an entry's details
MOST_ENTRIES = 256  # looked up at the same time or known: anybody can announce any number
APART = 1.0  # s; two that took one name in the same moment try again at different ones
GOODBYE = 0.6  # s for taking the entry back, when the server stops


class Watcher(Protocol):
    """Who wants to know of other terminals. Called on the server's loop; returns at once."""

    def seen(self, sighting: Sighting) -> None: ...

    def lost(self, sighting: Sighting) -> None: ...

    def cloned(self, sighting: Sighting | None) -> None:
        """Another machine announces our device id; None: no longer."""

    def network_changed(self) -> None: ...


class Discovery:
    """Announces one server, and looks for others when it is given a ``watcher``.

    Lives on the server's loop; ``zeroconf`` is the one instance everything there shares. ``presence`` is asked again at
    each look, as an epoch can end. ``interfaces``: only these networks (adapter names or own addresses); None: all.
    """

    def __init__(
        self,
        *,
        terminal: str,
        version: str,
        port: int,
        addresses: Callable[[], Sequence[IPAddress]] | None = None,
        interfaces: Collection[str] | None = None,
        presence: Callable[[], Presence] | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self.zeroconf: AsyncZeroconf | None = None
        self._terminal = terminal
        self._version = version
        self._port = port
        self._addresses = addresses or partial(lan_addresses, interfaces)
        self._presence = presence
        self._watcher = watcher
        self._told: tuple[IPAddress, ...] | None = None  # what the network was when it was last told of
        self._info: ServiceInfo | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._asked = 0.0  # when the others were last asked for, loop time
        self._known: dict[str, Sighting] = {}  # by the name of the entry
        self._look_ups: dict[str, asyncio.Task[None]] = {}
        self._outage = Outage()
        self._status: Callable[[], str] = partial(tr, mark("Other devices are not told of this terminal."))

    @property
    def status(self) -> str:
        """How the announcement is doing, in the user's words."""
        return self._status()

    @property
    def local_name(self) -> str:
        """The name it is announced under, such as ``"bayline-bay-3-5e1f.local"``; empty while it is not."""
        return str(self._info.server).rstrip(".") if self._info is not None else ""

    async def run(self) -> None:
        """Announce, look for others, and follow the network, until cancelled; then take the entry back."""
        self._outage.watch()
        try:
            while True:
                await self._follow()
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            await self._take_back()
            self._outage.end()

    # The announcement ------------------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        now = tuple(self._addresses())
        if now == self._told:
            await self._refresh(now)
            return
        had_one = bool(self._told)
        if self._told is not None and self._watcher is not None:
            self._watcher.network_changed()
        await self._take_back()
        if not now:
            if had_one:
                self._outage.begins("no address is left")
            self._told = ()
            self._status = partial(tr, mark("There is no network, so other devices are not told of this terminal."))
            return
        try:
            await self._announce(now)
        except Exception as error:  # noqa: BLE001 - whatever the network or the library does, the server goes on
            log.warning("the announcement failed: %s", error)
            await self._take_back()
            self._status = partial(
                tr,
                mark("Other devices do not find this terminal by themselves ({reason}); its address can be typed."),
                reason=str(error) or type(error).__name__,
            )

    async def _announce(self, addresses: tuple[IPAddress, ...]) -> None:
        self.zeroconf = AsyncZeroconf(interfaces=interfaces_of(addresses), ip_version=ip_version(addresses))
        info = self._service(addresses, f"{bounded(self._terminal.replace('.', ' '), LONGEST_LABEL)}.{SERVICE}")
        self._told = addresses  # before anything is heard, so that we know ourselves
        await self._browse()
        await (await self.zeroconf.async_register_service(info, allow_name_change=True))
        self._info = info
        self._outage.over()
        self._status = partial(tr, mark("Other devices find this terminal as “{name}”."), name=info.get_name())

    async def _refresh(self, addresses: tuple[IPAddress, ...]) -> None:
        """The network is as it was: tell a new epoch, and ask for the others from time to time."""
        if self.zeroconf is None or self._info is None:
            return
        with contextlib.suppress(Exception):  # a network that fails now is looked at again soon
            if self._info.name in self._known:
                await self._take_another_name(self.zeroconf, addresses)
            anew = self._service(addresses, self._info.name)
            if anew.properties != self._info.properties:
                self._info = anew
                await (await self.zeroconf.async_update_service(anew))
            if asyncio.get_running_loop().time() - self._asked > ASK_AGAIN:
                await self._browse()

    async def _take_another_name(self, zeroconf: AsyncZeroconf, addresses: tuple[IPAddress, ...]) -> None:
        """Two of one name were switched on in the same moment: who hears of it makes room (RFC 6762, section 9).

        The library asks for a name only before it takes it, and two that ask at once hear no answer.
        """
        assert self._info is not None
        await asyncio.sleep(random.uniform(0.0, APART))
        zeroconf.zeroconf.registry.async_remove(self._info)  # no goodbye: it would be the other one's too
        info = self._service(addresses, self._info.name)
        await (await zeroconf.async_register_service(info, allow_name_change=True))
        self._info = info
        self._status = partial(tr, mark("Other devices find this terminal as “{name}”."), name=info.get_name())

    def _service(self, addresses: Sequence[IPAddress], name: str) -> ServiceInfo:
        return ServiceInfo(
            SERVICE,
            name,
            port=self._port,
            properties={
                "version": bounded(self._version, LONGEST_TEXT),
                "terminal": bounded(self._terminal, LONGEST_TEXT),
                "path": "/",
                "api": "1",
                **(self._presence().properties() if self._presence is not None else {}),
            },
            server=f"{host_label(self._terminal)}.local.",
            parsed_addresses=[str(address) for address in addresses],
        )

    async def _take_back(self) -> None:
        zeroconf, self.zeroconf, self._info, self._told = self.zeroconf, None, None, None
        if zeroconf is None:
            return
        await self._end_browser()
        for name in tuple(self._known):
            self._forget(name)
        with contextlib.suppress(Exception):  # the network may be gone, and the entry with it
            async with asyncio.timeout(GOODBYE):
                await zeroconf.async_unregister_all_services()
        with contextlib.suppress(Exception):
            await zeroconf.async_close()

    # The others ------------------------------------------------------------------------------------------------------

    async def _browse(self) -> None:
        if self._watcher is None or self.zeroconf is None:
            return
        await self._end_browser()
        self._asked = asyncio.get_running_loop().time()
        self._browser = AsyncServiceBrowser(self.zeroconf.zeroconf, SERVICE, handlers=[self._changed])

    async def _end_browser(self) -> None:
        browser, self._browser = self._browser, None
        for task in self._look_ups.values():
            task.cancel()
        self._look_ups.clear()
        if browser is not None:
            with contextlib.suppress(Exception):
                await browser.async_cancel()

    def _changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            self._forget(name)
        elif name not in self._look_ups and len(self._look_ups) + len(self._known) < MOST_ENTRIES:
            task = asyncio.get_running_loop().create_task(self._look_up(zeroconf, name), name="discovery-look-up")
            self._look_ups[name] = task
            task.add_done_callback(partial(self._looked_up, name))

    def _looked_up(self, name: str, task: asyncio.Task[None]) -> None:
        if self._look_ups.get(name) is task:
            del self._look_ups[name]

    async def _look_up(self, zeroconf: Zeroconf, name: str) -> None:
        try:
            info = AsyncServiceInfo(SERVICE, name)
            if not await info.async_request(zeroconf, LOOK_UP):
                return
            found = sighting(info.get_name(), info.port, info.parsed_addresses(), info.decoded_properties)
        except Exception as error:  # noqa: BLE001 - what strangers announce must not stop anything
            log.debug("the entry %s cannot be read: %s", name, error)
            return
        if found is None or self._watcher is None or self._presence is None or self._ours(info):
            return
        self._known[name] = found
        if found.device_id == self._presence().device_id:
            log.warning("another machine announces this terminal's own id: %s at %s", found.name, found.urls)
            self._watcher.cloned(found)
        else:
            self._watcher.seen(found)

    def _ours(self, info: ServiceInfo) -> bool:
        """Our own entry, heard on another of our networks. Not told by its name: two terminals may have the same."""
        return info.port == self._port and set(info.parsed_addresses()) <= {str(each) for each in self._told or ()}

    def _forget(self, name: str) -> None:
        gone = self._known.pop(name, None)
        if gone is None or self._watcher is None or self._presence is None:
            return
        if gone.device_id == self._presence().device_id:
            self._watcher.cloned(None)
        else:
            self._watcher.lost(gone)


def ip_version(addresses: Sequence[IPAddress]) -> IPVersion:
    """What the library is to speak on these networks."""
    both = {address.version for address in addresses}
    return IPVersion.All if both == {4, 6} else IPVersion.V6Only if both == {6} else IPVersion.V4Only


def interfaces_of(addresses: Sequence[IPAddress]) -> list[str] | InterfaceChoice:
    """Only the networks we announce: IPv6 alone is left to the library, which wants interface numbers there."""
    chosen = [str(address) for address in addresses if address.version == 4]
    return chosen or InterfaceChoice.Default
