"""One simulated terminal: the real records and the real exchange on a simulated disk, with a clock of its own."""

import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from core.records.changes import ChangeSet
from core.records.folding import fold
from core.records.records import Records
from core.records.schema import Schema
from core.sync.exchange import Exchange
from core.sync.members import active
from core.sync.seeding import load_snapshot, write_snapshot
from tests.simulation.disk import Disk
from tests.simulation.faults import Fuse

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Clock:
    """The wall clock of one terminal: the world's time, and how far this one is off. Milliseconds."""

    def __init__(self, world: "WorldTime", off_ms: int = 0) -> None:
        self.world = world
        self.off_ms = off_ms

    def read(self) -> int:
        return max(0, self.world.now + self.off_ms)

    def pass_ms(self, span: int) -> None:
        self.world.now += span


class WorldTime:
    """UTC milliseconds as they really are; it passes only when the simulation says so."""

    def __init__(self, now: int) -> None:
        self.now = now


@dataclass(slots=True, eq=False)
class Terminal:
    """``name`` is unique in a run; a clone has another name and the same ``device_id`` and ``terminal_id``."""

    seed: int
    name: str
    device_id: str
    terminal_id: str
    disk: Disk
    clock: Clock
    schema: Schema
    fuse: Fuse = field(init=False)
    records: Records = field(init=False)
    exchange: Exchange = field(init=False)
    starts: int = 0
    up: bool = False
    seeded: bool = False

    def __post_init__(self) -> None:
        self.fuse = Fuse(self.name)

    def start(self) -> None:
        """Open the records anew, as a program does that starts; its memory is empty and its randomness is new."""
        self.starts += 1
        entropy = random.Random(f"{self.seed}/{self.name}/{self.starts}")
        self.fuse = Fuse(self.name)
        self.records = Records.open(
            self.disk.url, wall=self.clock.read, entropy=entropy, schema=self.schema, inline=True
        )
        if self.records.terminal_id != self.terminal_id:
            self.records.join(self.terminal_id)
        self._put_fuse()
        page = entropy.choice((1, 2, 5, 1000))
        self.exchange = Exchange(self.records, device=self.device_id, workshop="simulated", page=page)
        self.up = True

    def _put_fuse(self) -> None:
        fuse = self.fuse
        writer = self.records.engines.writer
        event.listen(writer, "before_cursor_execute", lambda _c, _cu, statement, *_: fuse.burn(statement))
        event.listen(writer, "commit", lambda _connection: fuse.burn("COMMIT"))

        def told(_changes: ChangeSet) -> None:  # on disk, and whoever asked for it has not been told yet
            fuse.burn("after COMMIT", writes=False)

        self.records.subscribe(told)

    def stop(self) -> None:
        """An orderly end."""
        self.up = False
        self.fuse.put_out()
        self.records.close()

    def crashed(self) -> None:
        """Power is off: all memory is gone, and with the connections everything that was not committed."""
        self.up = False
        self.records.engines.close()
        del self.records, self.exchange

    def answer(self, kind: str, message: dict[str, Any], caller: str) -> dict[str, Any]:
        """What the terminal answers a peer."""
        reply: dict[str, Any] = self.exchange.answer(kind, message, caller)
        return reply

    def snapshot(self) -> bytes:
        """All records, as for a terminal that joins."""
        with tempfile.NamedTemporaryFile(dir=MEMORY) as file:
            write_snapshot(self.records, Path(file.name))
            return file.read()

    def load(self, snapshot: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=MEMORY) as file:
            file.write(snapshot)
            file.flush()
            load_snapshot(self.records, Path(file.name))
        self.seeded = True

    def let_go(self) -> int:
        """``Bay.let_go`` without a bay: of what every member is known to have, however young it is."""
        with self.records.read() as session:
            others = [each.device_id for each in active(session) if each.device_id != self.device_id]
        met = self.exchange.peers.all()
        if any(device not in met for device in others):
            return 0
        vectors = [met[device].vector for device in others]
        return self.records.keep(lambda connection: fold(connection, vectors, 1 << 62))
