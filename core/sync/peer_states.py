"""What each other terminal had when we last met: for the screen, and for letting go of what everybody has."""

import json
import logging
import threading
from dataclasses import dataclass, field

from sqlalchemy import Connection

from core.records.errors import RecordsError
from core.records.log import Vector
from core.records.records import Records
from core.records.sql import execute, insert, query
from core.records.tables import peer_states

logger = logging.getLogger(__name__)

KEEP_EVERY_MS = 60_000  # a meeting that brought nothing new is written to disk this often


@dataclass(frozen=True, slots=True)
class Met:
    """The last meeting with a device. Times are UTC ms; ``clock_difference_ms`` is its clock minus ours."""

    vector: Vector = field(default_factory=dict)
    met_at: int = 0
    clock_difference_ms: int = 0


class PeerStates:
    """By device id; kept in memory, and on disk when something changed."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._kept_at: dict[str, int] = {}
        with records.read() as session:
            rows = query(session.connection(), "SELECT device_id, vector, met_at, clock_difference_ms FROM peer_states")
        self._met = {row[0]: Met(json.loads(row[1]), row[2], row[3]) for row in rows}

    def all(self) -> dict[str, Met]:
        with self._lock:
            return dict(self._met)

    def met(self, device: str, vector: Vector, clock_difference_ms: int) -> None:
        """A device was met and had ``vector``."""
        if not device:
            return
        now = self._records.wall()
        with self._lock:
            before = self._met.get(device)
            self._met[device] = Met(vector, now, clock_difference_ms)
            if before and before.vector == vector and abs(now - self._kept_at.get(device, 0)) < KEEP_EVERY_MS:
                return
            self._kept_at[device] = now
        columns = ("device_id", "vector", "met_at", "clock_difference_ms", "address", "detail")
        row = (device, json.dumps(vector), now, clock_difference_ms, "", "{}")

        def keep(connection: Connection) -> None:
            execute(connection, insert(peer_states, columns, ("device_id",)), row)

        try:
            self._records.keep(keep)
        except RecordsError as error:  # a full disk: others must yet be able to fetch what is here
            logger.warning("meeting %s was not noted: %s", device, error)
            with self._lock:
                self._kept_at.pop(device, None)

    def forget(self, device: str) -> None:
        """A device was removed: what it had holds nothing back any more."""
        with self._lock:
            self._met.pop(device, None)
        self._records.keep(
            lambda connection: execute(connection, "DELETE FROM peer_states WHERE device_id = ?", (device,))
        )
