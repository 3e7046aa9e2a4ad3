"""What a terminal that belongs to a workshop is made of: records, identity, root, files, exchange; opened, closed.

The rooms are imported here, so that every synced table is known before the records are opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

import core.models  # noqa: F401 - every synced table is known before records are opened
from core.language import mark, tr
from core.records.files import FileStore
from core.records.folding import fold
from core.records.records import Records
from core.sync.exchange import Exchange
from core.sync.founding import IDENTITY, RECORDS, is_founded
from core.sync.members import Terminal, Workshop, active
from core.trust.identity import Identity
from core.trust.root import WorkshopRoot

KEEP_MS = 400 * 24 * 3600 * 1000  # younger transactions are never let go: a year, and a month to look back

_NOT_FOUNDED = mark(
    "{path} belongs to no workshop yet: found one with “bayline init”, or join one with “bayline pair”."
)
_NOT_OURS = mark("The keys in {path} belong to no terminal of these records. Was one of the two copied from elsewhere?")


class NotFoundedError(Exception):
    """The home belongs to no workshop; the message is in a person's words."""


@dataclass(slots=True)
class Bay:
    """A terminal of a workshop, opened. ``records`` and everything on it live until ``close``."""

    home: Path
    records: Records
    identity: Identity
    root: WorkshopRoot
    files: FileStore
    exchange: Exchange
    workshop_id: str
    workshop_name: str
    terminal_id: str
    terminal_name: str

    @classmethod
    def open(cls, home: Path, url: str | None = None) -> Bay:
        """Open the terminal in ``home``, whose lock the caller holds; ``url``: its records when not in the home.

        Raises ``NotFoundedError``, ``TrustError`` (damaged keys), ``RecordsError``; each says what to do.
        """
        if not is_founded(home):
            raise NotFoundedError(tr(_NOT_FOUNDED, path=home))
        identity = Identity.load(home / IDENTITY)
        root = WorkshopRoot.load(home / IDENTITY)
        records = Records.open(url or home / RECORDS)
        try:
            with records.read() as session:
                workshop = session.scalars(select(Workshop).order_by(Workshop.id)).first()
                own = session.get(Terminal, records.terminal_id)
            if workshop is None or own is None or own.device_id != identity.device_id:
                raise NotFoundedError(tr(_NOT_OURS, path=home / IDENTITY))
            exchange = Exchange(records, device=identity.device_id, workshop=workshop.id)
            files = FileStore(home / "files")
            files.clean()
            return cls(home, records, identity, root, files, exchange, workshop.id, workshop.name, own.id, own.name)
        except BaseException:
            records.close()
            raise

    def close(self) -> None:
        """Finish what is being written. May be called again."""
        self.records.close()

    def let_go(self, keep_ms: int = KEEP_MS) -> int:
        """Let go of old transactions that every terminal of the workshop has. Returns how many.

        A terminal that was never met, or is away, holds everything back until it comes or a person removes it.
        """
        with self.records.read() as session:
            others = [each.device_id for each in active(session) if each.device_id != self.identity.device_id]
        met = self.exchange.peers.all()
        if any(device not in met for device in others):
            return 0
        before = self.records.wall() - keep_ms
        vectors = [met[device].vector for device in others]
        return self.records.keep(lambda connection: fold(connection, vectors, before))
