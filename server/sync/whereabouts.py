"""Where the other terminals may be: seen on the LAN, reached before, told by their rows, typed by a person.

All of it is tried, none of it trusted. What worked last and what was typed is kept with this terminal's own state.
"""

import ipaddress
import json
import logging
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from sqlalchemy import Connection

from core.language import tr
from core.records import log as records_log
from core.records.records import Records
from core.sync.views import SyncError
from server.sync.sightings import Sighting

log = logging.getLogger(__name__)

DEFAULT_PORT = 8420
MOST_TYPED = 50
MOST_SEEN = 256  # entries; anybody can announce any number
MOST_TRIED = 8  # addresses of one terminal

_KEY = "addresses"
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?", re.IGNORECASE)


class Whereabouts:
    """Addresses by device. Used on the server's loop only."""

    def __init__(self, records: Records, given: Iterable[str] = ()) -> None:
        self._records = records
        self._sightings: dict[str, Sighting] = {}  # by entry
        self._called_from: dict[str, str] = {}
        self._probed: dict[str, str] = {}  # typed address -> the device that answered there
        self._given = tuple(normal_address(each) for each in given)
        with records.read() as session:
            self._good, self._typed = _read(records_log.get_state(session.connection(), _KEY))
        self._kept = self._text()

    def of(self, device_id: str, hint: str = "") -> list[str]:
        """Addresses to try for a device, the likeliest first. ``hint``: of its row."""
        found = [url for each in self._of(device_id) for url in each.urls]
        found += [self._good.get(device_id, ""), self._called_from.get(device_id, "")]
        found += [address for address, device in self._probed.items() if device == device_id]
        found.append(_hint(hint))
        return [each for each in dict.fromkeys(found) if each][:MOST_TRIED]

    def seen(self, sighting: Sighting) -> None:
        if len(self._sightings) < MOST_SEEN or sighting.entry in self._sightings:
            self._sightings[sighting.entry] = sighting

    def lost(self, sighting: Sighting) -> None:
        self._sightings.pop(sighting.entry, None)

    def twice(self, device_id: str) -> tuple[Sighting, ...]:
        """The announcements of a device that is at two places at once; empty as it should be."""
        found = self._of(device_id)
        apart = any(set(one.urls).isdisjoint(two.urls) for one in found for two in found if one is not two)
        return tuple(found) if apart else ()

    def called(self, device_id: str, address: str) -> bool:
        """A device called from here; True when this is news."""
        news = self._called_from.get(device_id) != address
        self._called_from[device_id] = address
        return news

    def typed(self) -> list[str]:
        """Addresses that people typed, of which it has to be found out who is there."""
        return [*self._given, *(each for each in self._typed if each not in self._given)]

    def probed(self, address: str, device_id: str) -> None:
        self._probed[address] = device_id

    def add_typed(self, url: str) -> None:
        """A person typed this (``normal_address``)."""
        if url not in self._typed:
            self._typed = [url, *self._typed][:MOST_TYPED]

    def reached(self, device_id: str, address: str) -> None:
        """A device was reached there."""
        self._good[device_id] = address

    def forget(self, device_id: str) -> None:
        """A device was removed."""
        self._called_from.pop(device_id, None)
        self._good.pop(device_id, None)

    def to_keep(self) -> Callable[[], None] | None:
        """What writes the news to disk, for another thread; None when there are none."""
        text = self._text()
        if text == self._kept:
            return None
        self._kept = text

        def work(connection: Connection) -> None:
            records_log.put_state(connection, _KEY, text)

        return lambda: self._records.keep(work)

    def _text(self) -> str:
        return json.dumps({"good": self._good, "typed": self._typed}, sort_keys=True)

    def _of(self, device_id: str) -> list[Sighting]:
        return [each for each in self._sightings.values() if each.device_id == device_id]


def normal_address(text: str) -> str:
    """``"https://HOST:PORT"`` of what a person typed: "192.168.1.20", "bay-2.local:8420". Raises ``SyncError``."""
    plain = text.strip()
    wrong = SyncError(
        tr("“{address}” is not the address of a terminal. It looks like 192.168.1.20:8420.", address=plain[:100])
    )
    try:
        if plain.count(":") > 1 and "//" not in plain and "[" not in plain:
            plain = f"[{ipaddress.IPv6Address(plain)}]"
        parts = urlsplit(plain if "//" in plain else f"https://{plain}")
        host, port = parts.hostname or "", parts.port
        if ":" in host:
            host = f"[{ipaddress.IPv6Address(host)}]"
        elif not _NAME.fullmatch(host):
            raise wrong
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("https", "http") or parts.username or parts.query or parts.path.strip("/"):
        raise wrong
    return f"https://{host}:{DEFAULT_PORT if port is None else port}"


def _hint(address: str) -> str:
    try:
        return normal_address(address) if address else ""
    except SyncError:
        return ""


def _read(text: str) -> tuple[dict[str, str], list[str]]:
    """What was kept: addresses that worked, by device, and typed ones. What is damaged is forgotten: it is a hint."""
    try:
        kept = json.loads(text) if text else {}
        good = {str(device): normal_address(url) for device, url in kept.get("good", {}).items()}
        return good, [normal_address(each) for each in kept.get("typed", ())]
    except (ValueError, AttributeError, TypeError, SyncError) as error:
        log.warning("the addresses of the other terminals were forgotten: %s", error)
        return {}, []
