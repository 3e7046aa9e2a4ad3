"""What the tests of the exchange share: records side by side, and the wire between them as bytes would go over it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgpack  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from core.records.engines import open_engines
from core.records.records import Records
from core.records.schema import Schema
from core.records.writer import Inline
from core.sync.exchange import Exchange, RoundResult
from core.sync.messages import Message, TransportError
from core.vehicles.models import Vehicle
from core.workshop.models import RepairOrder


@dataclass
class Clock:
    """UTC milliseconds, moved by hand."""

    now: int = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Wire:
    """A transport to another exchange in this process; everything goes through msgpack as it would over HTTP."""

    to: Exchange
    caller: str
    log: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda kind: None
    after: Callable[[str], None] = lambda kind: None

    def request(self, kind: str, message: Message) -> Message:
        self.log.append(kind)
        self.before(kind)
        asked = msgpack.unpackb(msgpack.packb(message), strict_map_key=False)
        answer: Message = msgpack.unpackb(msgpack.packb(self.to.answer(kind, asked, self.caller)), strict_map_key=False)
        self.after(kind)
        return answer


class Bench:
    """A terminal without a server: records, exchange, clock."""

    def __init__(
        self, name: str, clock: Clock | None = None, place: Path | str = "sqlite://", schema: Schema | None = None
    ) -> None:
        self.name = name
        self.clock = clock or Clock()
        self.place = place
        seeded = random.Random(name)
        self.records = Records.open(place, wall=self.clock, entropy=seeded, schema=schema, inline=True)
        self.exchange = Exchange(self.records, device=name, page=7)

    def close(self) -> None:
        self.records.close()

    def change(self, work: Callable[[Session], None], actor: str = "") -> None:
        self.clock.now += 1000
        self.records.change(actor or f"staff:{self.name}", work)

    def meet(self, other: "Bench") -> RoundResult:
        return self.exchange.round(Wire(other.exchange, self.name))

    def add_vehicle(self, plate: str = "B-MW 1", **fields: object) -> str:
        row = Vehicle(plate=plate, **fields)
        self.change(lambda session: session.add(row))
        return row.id

    def edit(self, id_: str, **fields: object) -> None:
        def work(session: Session) -> None:
            row = session.get_one(Vehicle, id_)
            for name, value in fields.items():
                setattr(row, name, value)

        self.change(work)

    def vehicle(self, id_: str) -> Vehicle:
        with self.records.read() as session:
            return session.get_one(Vehicle, id_)

    def add_order(self, **fields: object) -> str:
        row = RepairOrder(**fields)
        self.change(lambda session: session.add(row))
        return row.id

    def move(self, id_: str, status: str) -> None:
        def work(session: Session) -> None:
            session.get_one(RepairOrder, id_).status = status

        self.change(work)

    def order(self, id_: str) -> RepairOrder:
        with self.records.read() as session:
            return session.get_one(RepairOrder, id_)

    def copied(self, name: str = "") -> "Bench":
        """This terminal's disk in another machine, with the same device and site; only the start is its own."""
        twin = Bench.__new__(Bench)
        twin.name, twin.clock, twin.place = name or self.name, Clock(self.clock.now), "sqlite://"
        engines = open_engines("sqlite://")
        raw = self.records.engines.writer.raw_connection().driver_connection
        copy = engines.writer.raw_connection().driver_connection
        assert raw is not None
        assert copy is not None
        copy.deserialize(raw.serialize())
        twin.records = Records(engines, wall=twin.clock, entropy=random.Random(name + "copy"), runner=Inline())
        twin.exchange = Exchange(twin.records, device=self.name, page=7)
        return twin


def alike(*benches: Bench) -> bool:
    """Whether all have the same transactions and the same rows."""
    first = benches[0].records
    return all(
        each.records.vector() == first.vector() and each.records.digests() == first.digests() for each in benches[1:]
    )


def cut(times: int) -> Callable[[str], None]:
    """A wire that breaks at its n-th message."""
    left = [times]

    def after(kind: str) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise TransportError(f"cut off at {kind}")

    return after
