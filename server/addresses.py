"""Where this terminal can be reached, as a person would type it, and which addresses are worth announcing."""

import ipaddress
import re
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable

import ifaddr

LONGEST_LABEL = 63  # bytes of one DNS label: RFC 1035, section 2.3.4

# Adapters of containers, virtual machines and tunnels: their addresses exist only inside this computer, so they come
# last (announcing one of them first is the classic fault of multi-homed hosts).
_INSIDE = ("docker", "br-", "veth", "virbr", "vbox", "vmnet", "cni", "lxc", "lxd", "podman", "tun", "tap", "wg")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def lan_addresses(interfaces: Collection[str] | None = None) -> list[IPAddress]:
    """Addresses other devices can use, the likeliest first; no loopback, no link-local. Empty without a network.

    ``interfaces``: only these, by the adapter's name (``"eth0"``) or an address of it; None: all.
    """
    found: list[tuple[bool, int, int, IPAddress]] = []
    for order, adapter in enumerate(ifaddr.get_adapters()):
        called = {str(adapter.nice_name), str(adapter.name)}
        inside = str(adapter.nice_name).lower().startswith(_INSIDE) or str(adapter.name).lower().startswith(_INSIDE)
        for entry in adapter.ips:
            address = ipaddress.ip_address(entry.ip if isinstance(entry.ip, str) else entry.ip[0])
            if interfaces is not None and called.isdisjoint(interfaces) and str(address) not in interfaces:
                continue
            if not (address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast):
                found.append((inside, address.version, order, address))
    return [address for *_, address in sorted(found, key=lambda row: row[:3])]


def page_urls(
    host: str, port: int, local_name: str = "", lan: Callable[[], Iterable[IPAddress]] = lan_addresses
) -> list[str]:
    """URLs of the page for a server listening on ``host``, the one to type first; never empty.

    ``local_name`` is the announced name (``"bay-3.local"``), which only devices that speak multicast DNS can look up.
    IPv6 addresses are left out while there is an IPv4 one: nobody types them.
    """
    listening = ipaddress.ip_address(host)
    if not listening.is_unspecified:
        return [_url(listening, port)]
    addresses = list(lan())
    shown = [address for address in addresses if address.version == 4] or addresses
    urls = [_url(address, port) for address in shown]
    if not urls:
        return [_url(ipaddress.ip_address("127.0.0.1"), port)]
    return [*urls, f"http://{local_name}:{port}/"] if local_name else urls


def _url(address: IPAddress, port: int) -> str:
    return f"http://[{address}]:{port}/" if address.version == 6 else f"http://{address}:{port}/"


def host_label(terminal: str) -> str:
    """The host name a terminal is announced under, without ``.local``: ``"bayline-bay-3-5e1f"``.

    The end comes from the network card: two terminals that nobody has named yet must not answer to one name, or a
    phone would open whichever was quicker.
    """
    end = f"{uuid.getnode() & 0xFFFF:04x}"
    return f"{label('bayline-' + label(terminal))[: LONGEST_LABEL - 5].rstrip('-')}-{end}"


def label(text: str) -> str:
    """``text`` as one label of a host name: ``"Bühne 3"`` is ``"buhne-3"``; ``"bayline"`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_LABEL].strip("-") or "bayline"
