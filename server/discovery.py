"""This terminal's entry in the LAN's phone book: ``_bayline._tcp.local.`` by multicast DNS (RFC 6762 and 6763).

Only a server that other devices can reach is announced, and only once it answers HTTP. Whatever goes wrong here never
stops the server: people can always type the address. Networks come and go while a terminal runs for weeks, so the
addresses are looked at again and again and the announcement follows them.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from functools import partial

from zeroconf import InterfaceChoice, IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from core.language import mark, tr
from server.addresses import LONGEST_LABEL, IPAddress, host_label, lan_addresses

log = logging.getLogger(__name__)

SERVICE = "_bayline._tcp.local."
LONGEST_TEXT = 230  # bytes of a TXT value: key and value share 255 (RFC 6763, section 6.1)
LOOK_AGAIN = 15.0  # s between looks at the network
GOODBYE = 0.6  # s for taking the entry back, when the server stops


class Discovery:
    """Announces one server. Lives on the server's loop; ``zeroconf`` is the one instance everything there shares."""

    def __init__(
        self,
        *,
        terminal: str,
        version: str,
        port: int,
        addresses: Callable[[], Sequence[IPAddress]] = lan_addresses,
    ) -> None:
        self.zeroconf: AsyncZeroconf | None = None
        self._terminal = terminal
        self._version = version
        self._port = port
        self._addresses = addresses
        self._told: tuple[IPAddress, ...] | None = None  # what the network was when it was last told of
        self._info: ServiceInfo | None = None
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
        """Announce, and follow the network, until cancelled; then take the entry back."""
        try:
            while True:
                await self._follow()
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            await self._take_back()

    async def _follow(self) -> None:
        now = tuple(self._addresses())
        if now == self._told:
            return
        await self._take_back()
        if not now:
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
        both = {address.version for address in addresses}
        version = IPVersion.All if both == {4, 6} else IPVersion.V6Only if both == {6} else IPVersion.V4Only
        self.zeroconf = AsyncZeroconf(interfaces=_interfaces(addresses), ip_version=version)
        info = self._service(addresses)
        await (await self.zeroconf.async_register_service(info, allow_name_change=True))
        self._info, self._told = info, addresses
        self._status = partial(tr, mark("Other devices find this terminal as “{name}”."), name=info.get_name())

    def _service(self, addresses: tuple[IPAddress, ...]) -> ServiceInfo:
        return ServiceInfo(
            SERVICE,
            f"{bounded(self._terminal.replace('.', ' '), LONGEST_LABEL)}.{SERVICE}",
            port=self._port,
            properties={
                "version": bounded(self._version, LONGEST_TEXT),
                "terminal": bounded(self._terminal, LONGEST_TEXT),
                "path": "/",
                "api": "1",
            },
            server=f"{host_label(self._terminal)}.local.",
            parsed_addresses=[str(address) for address in addresses],
        )

    async def _take_back(self) -> None:
        zeroconf, self.zeroconf, self._info, self._told = self.zeroconf, None, None, None
        if zeroconf is None:
            return
        with contextlib.suppress(Exception):  # the network may be gone, and the entry with it
            async with asyncio.timeout(GOODBYE):
                await zeroconf.async_unregister_all_services()
        with contextlib.suppress(Exception):
            await zeroconf.async_close()


def _interfaces(addresses: Sequence[IPAddress]) -> list[str] | InterfaceChoice:
    """Only the networks we announce: IPv6 alone is left to the library, which wants interface numbers there."""
    chosen = [str(address) for address in addresses if address.version == 4]
    return chosen or InterfaceChoice.Default


def bounded(text: str, most: int) -> str:
    """``text`` in at most ``most`` bytes of UTF-8, cut between characters."""
    return text.encode()[:most].decode(errors="ignore").strip() or "Bayline"
