"""Who belongs to the workshop: the workshop itself and its terminals, as rows every terminal has."""

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session

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


def is_member(session: Session, device_id: str) -> Terminal | None:
    """The row of a terminal that belongs to the workshop now; None for strangers and for one that was removed.

    Should a device have several rows (it was let in at two terminals that did not hear of each other), the one that
    shuts it out counts.
    """
    rows = session.scalars(select(Terminal).where(Terminal.device_id == device_id).order_by(Terminal.id)).all()
    if any(row.removed_at is not None or row.deleted_at is not None for row in rows):
        return None
    return rows[0] if rows else None


def active(session: Session) -> tuple[Terminal, ...]:
    """The terminals that belong to the workshop now, this one among them, in the order in which they joined."""
    rows = session.scalars(select(Terminal).where(Terminal.deleted_at.is_(None)).order_by(Terminal.id)).all()
    out = {row.device_id for row in rows if row.removed_at is not None}
    return tuple(row for row in rows if row.device_id not in out)
