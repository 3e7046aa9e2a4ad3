"""Who belongs to the workshop: the workshop itself and its terminals, as rows every terminal has."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped

from core.records.fields import INSTANT, Synced, latest


class Workshop(Synced):
    """The one workshop of this database."""

    __tablename__ = "workshops"

    name: Mapped[str] = latest(String(120))
    root_certificate: Mapped[str] = latest(Text)  # PEM; its key never travels with the rows


class Terminal(Synced):
    """A terminal that joined. ``removed_at`` set: nobody talks to it any more, from the moment they hear of it."""

    __tablename__ = "terminals"

    name: Mapped[str] = latest(String(120))
    device_id: Mapped[str] = latest(String(64), index=True)  # of its public key, see core.trust
    public_key: Mapped[str] = latest(Text)  # SubjectPublicKeyInfo, DER in base64
    joined_at: Mapped[int] = latest(INSTANT)
    removed_at: Mapped[int | None] = latest(INSTANT)
    address: Mapped[str | None] = latest(String(200))  # last known, "https://192.168.1.20:8420"; a hint, never trusted
