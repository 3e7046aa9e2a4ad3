"""What terminals tell of themselves on the LAN: read from one announcement, written into another.

All of it is a hint. Anybody can announce anything; who a terminal is, only its key proves (``server.sync.client``). The
workshop is told as a hash, so that its name is not in every phone book of the street.
"""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.addresses import IPAddress

PROTOCOL = 1
LONGEST_TEXT = 230  # bytes of a TXT value: key and value share 255 (RFC 6763, section 6.1)


@dataclass(frozen=True, slots=True)
class Presence:
    """What this terminal announces besides its name. ``epoch``: the site it writes under now."""

    device_id: str
    epoch: str
    workshop: str  # of ``workshop_hash``

    def properties(self) -> dict[str, str]:
        return {
            "device": bounded(self.device_id, LONGEST_TEXT),
            "epoch": bounded(self.epoch, LONGEST_TEXT),
            "workshop": bounded(self.workshop, LONGEST_TEXT),
            "protocol": str(PROTOCOL),
        }


@dataclass(frozen=True, slots=True)
class Sighting:
    """Another terminal, as it announces itself. ``urls``: where it says it can be reached, IPv4 first.

    ``entry`` is what its announcement is called in the phone book: two machines that say to be one have two.
    """

    entry: str
    device_id: str
    epoch: str
    workshop: str
    protocol: int
    name: str
    urls: tuple[str, ...]


def workshop_hash(workshop_id: str) -> str:
    """What is announced of a workshop: 64 bits of the SHA-256 of its row's id, in hexadecimal."""
    return hashlib.sha256(b"bayline workshop " + workshop_id.encode()).hexdigest()[:16]


def sighting(
    instance: str, port: int | None, addresses: Sequence[str], texts: Mapping[str, str | None]
) -> Sighting | None:
    """The terminal behind one announcement; None when it has no workshop, or says nothing that can be used."""
    device, workshop, protocol = (texts.get(key) or "" for key in ("device", "workshop", "protocol"))
    read = (_address(each) for each in addresses)
    usable = sorted((each for each in read if each is not None), key=lambda each: each.version)
    if not device or not workshop or not protocol.isdecimal() or len(protocol) > 4 or not port or not usable:
        return None
    return Sighting(
        entry=instance,
        device_id=device,
        epoch=texts.get("epoch") or "",
        workshop=workshop,
        protocol=int(protocol),
        name=texts.get("terminal") or instance,
        urls=tuple(url(address, port) for address in usable),
    )


def _address(text: str) -> IPAddress | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # "fe80::1%eth0" and worse
        return None
    return None if address.is_link_local or address.is_unspecified or address.is_multicast else address


def url(address: IPAddress | str, port: int) -> str:
    """``"https://192.168.1.20:8420"``, without a slash at the end."""
    text = str(address)
    return f"https://[{text}]:{port}" if ":" in text else f"https://{text}:{port}"


def bounded(text: str, most: int) -> str:
    """``text`` in at most ``most`` bytes of UTF-8, cut between characters."""
    return text.encode()[:most].decode(errors="ignore").strip() or "Bayline"
