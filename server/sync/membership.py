"""Who belongs to the workshop, as of now: the terminals' rows, looked up at every request.

Kept in memory and read again as soon as a row changes, so that a removal counts from the moment it is heard of. Several
workers of a hub share one database and do not hear each other's changes: so nothing is kept for longer than a moment.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.records import Records
from core.sync.members import Terminal
from core.trust.errors import TrustError
from core.trust.identity import device_id_of
from core.trust.signing import Known

log = logging.getLogger(__name__)

KEPT_FOR = 2.0  # s


@dataclass(frozen=True, slots=True)
class Member:
    """A terminal's row whose key really has the device id it names."""

    terminal_id: str
    device_id: str
    public_key: str
    name: str
    address: str  # a hint
    removed: bool


class Membership:
    """The workshop's terminals by device id; any thread may ask. ``close`` when done."""

    def __init__(self, records: Records, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._records = records
        self._clock = clock
        self._lock = threading.Lock()
        self._members: dict[str, Member] = {}
        self._read_at = float("-inf")
        self._unsubscribe = records.subscribe(self._changed)

    def close(self) -> None:
        self._unsubscribe()

    def known(self, device_id: str) -> Known | None:
        """For ``RequestVerifier``."""
        member = self.all().get(device_id)
        return Known(member.public_key, member.removed) if member is not None else None

    def all(self) -> dict[str, Member]:
        """Every terminal that ever joined, removed ones too."""
        with self._lock:
            if self._clock() - self._read_at > KEPT_FOR:
                self._read_at = self._clock()
                try:
                    self._members = _read(self._records)
                except (RecordsError, TimeoutError):  # the disk, or no reader free: who was a member a moment ago, is
                    if not self._members:
                        raise
                    log.warning("the terminals' rows could not be read", exc_info=True)
            return self._members

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touches(Terminal.__tablename__):
            with self._lock:
                self._read_at = float("-inf")


def _read(records: Records) -> dict[str, Member]:
    found: dict[str, Member] = {}
    with records.read() as session:
        rows = session.scalars(select(Terminal).order_by(Terminal.id)).all()
    for row in rows:
        member = _member(row)
        if member is None:
            continue
        before = found.get(member.device_id)
        # A device has one row; should it have two, the one that shuts it out counts.
        if before is None or member.removed:
            found[member.device_id] = member
    return found


def _member(row: Terminal) -> Member | None:
    """None for a row of which not everything has arrived, or whose key is another device's."""
    try:
        genuine = bool(row.public_key) and device_id_of(row.public_key) == row.device_id
    except TrustError:
        genuine = False
    if not genuine:
        return None
    removed = row.removed_at is not None or row.deleted_at is not None
    return Member(row.id, row.device_id, row.public_key, row.name or "", row.address or "", removed)
