"""What a terminal hands to one that joins, sealed: the workshop, its root with the key, and who the giver is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.language import tr
from core.trust.errors import PairingError, TrustError
from core.trust.identity import device_id_of
from core.trust.root import WorkshopRoot


@dataclass(frozen=True, slots=True)
class Introduction:
    """A terminal as its row has it (``core.sync.members.Terminal``). ``joined_at``: UTC milliseconds."""

    terminal_id: str
    name: str
    device_id: str
    public_key: str
    joined_at: int
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """All that makes a terminal one of the workshop. ``terminal_id``: the row the giver made for who joins."""

    workshop_id: str
    workshop_name: str
    root_certificate: str
    root_key: str = field(repr=False)
    terminal_id: str
    giver: Introduction

    def to_dict(self) -> dict[str, Any]:
        """As JSON values. Holds the root's key: for sealing only."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], giver_public_key: str) -> "Grant":
        """The inverse of ``to_dict``, checked: the giver is the one we talk to, and the root is one.

        Raises ``PairingError``.
        """
        texts = {
            name: _text(content, name)
            for name in ("workshop_id", "workshop_name", "root_certificate", "root_key", "terminal_id")
        }
        giver = _introduction(content.get("giver"))
        try:
            root = WorkshopRoot.from_pem(texts["root_certificate"], texts["root_key"])
            matches = giver.public_key == giver_public_key and giver.device_id == device_id_of(giver.public_key)
        except TrustError as error:
            raise PairingError(str(error)) from error
        if not matches:
            raise PairingError(tr("The other terminal introduces itself as another one."))
        return cls(
            workshop_id=texts["workshop_id"],
            workshop_name=texts["workshop_name"],
            root_certificate=root.certificate_pem,
            root_key=root.key_pem,
            terminal_id=texts["terminal_id"],
            giver=giver,
        )


def _introduction(content: object) -> Introduction:
    if not isinstance(content, Mapping):
        raise PairingError(tr("What the other terminal sent is not complete."))
    joined_at, address = content.get("joined_at"), content.get("address")
    if type(joined_at) is not int or not (address is None or isinstance(address, str)):
        raise PairingError(tr("What the other terminal sent is not complete."))
    texts = {name: _text(content, name) for name in ("terminal_id", "name", "device_id", "public_key")}
    return Introduction(**texts, joined_at=joined_at, address=address)


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not 0 < len(value) < 10_000:
        raise PairingError(tr("What the other terminal sent is not complete."))
    return value
