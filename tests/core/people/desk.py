"""A desk at a terminal: the rooms' functions through real records, by whoever sits there; and two desks that meet."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

import core.workshop.models  # noqa: F401 - with it all tables of the rooms are known
from core.people.roles import Actor, Role
from core.records.changes import ChangeSet
from core.records.input import Refused
from core.records.records import Records

P = ParamSpec("P")
T = TypeVar("T")

STARTED = 1_795_000_000_000  # UTC ms, November 2026

NOBODY = "01890000-0000-7000-8000-000000000000"  # an id that no row has


def somebody(role: Role, kind: str = "staff", id_: str = "01890000-0000-7000-8000-00000000000a") -> Actor:
    return Actor(kind, id_, f"A {role.value}", role)


OWNER = somebody(Role.OWNER)


@dataclass
class Clock:
    """A clock that a test sets; every look at it takes a second."""

    now: int = STARTED

    def __call__(self) -> int:
        self.now += 1000
        return self.now


@dataclass
class Desk:
    """``do``: a writing function of a room, as the owner unless said otherwise. ``see``: a reading one."""

    records: Records
    clock: Clock
    actor: Actor = OWNER
    last: ChangeSet | None = field(default=None)

    def do(self, work: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        changed = self.records.change(self.actor.reference, lambda session: work(session, self.actor, *args, **kwargs))
        self.last = changed.changes
        return changed.value

    def see(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self.records.read() as session:
            return work(session, *args, **kwargs)

    def statements(self, work: Callable[Concatenate[Session, P], Any], *args: P.args, **kwargs: P.kwargs) -> list[str]:
        """What a reading function asks of the database."""
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
            asked.append(statement)

        with self.records.read() as session:
            connection = session.connection()
            event.listen(connection, "before_cursor_execute", note)
            work(session, *args, **kwargs)
            event.remove(connection, "before_cursor_execute", note)
        return asked

    def problems(
        self, work: Callable[Concatenate[Session, Actor, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> Mapping[str, str]:
        """What is wrong with this input, by field."""
        try:
            self.do(work, *args, **kwargs)
        except Refused as refused:
            return dict(refused.problems)
        return {}

    def as_(self, role: Role) -> "Desk":
        return Desk(self.records, self.clock, somebody(role))


def desk_at(place: Path | str = "sqlite://", seed: int = 1, clock: Clock | None = None) -> Desk:
    clock = clock or Clock()
    return Desk(Records.open(place, wall=clock, entropy=random.Random(seed), inline=True), clock)


def meet(one: Desk, other: Desk) -> None:
    """Both come to have what either has."""
    for taker, giver in ((one, other), (other, one)):
        taker.records.apply(giver.records.page(taker.records.vector()).transactions)
    assert one.records.vector() == other.records.vector()
    assert one.records.digests() == other.records.digests()
