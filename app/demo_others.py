"""The demo's other terminals: records of their own that met the demo's and are away now.

Nothing about them is made up for the screen. Each has its key, its row, its log and its clock; each wrote what the
story in ``resources/demo`` says while it was apart, and the same exchange as between machines brought it together.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.people.roles import Actor, Role
from core.records.backup import copy_records
from core.records.records import Records
from core.sync.exchange import Exchange
from core.sync.members import Terminal
from core.sync.messages import Message
from core.trust.identity import Identity
from core.workshop.notes import add_note
from core.workshop.orders import change_repair_order

MINUTE = 60_000  # ms
QUARTER = 15 * MINUTE


@dataclass
class StoryClock:
    """UTC milliseconds, some minutes before ``present``; it moves as the story does."""

    present: int
    now: int

    def __call__(self) -> int:
        return self.now

    def at(self, minutes_ago: int) -> None:
        """Go on to a later moment of the story."""
        self.now = max(self.now, self.present - minutes_ago * MINUTE)


@dataclass(frozen=True, slots=True)
class Cable:
    """From one exchange to another in this process."""

    to: Exchange
    caller: str  # device id of who asks

    def request(self, kind: str, message: Message) -> Message:
        return self.to.answer(kind, message, self.caller)


@dataclass(frozen=True, slots=True)
class Teller:
    """A terminal in the story."""

    records: Records
    exchange: Exchange
    actor: Actor

    def change(self, work: Callable[[Session], object], why: str = "") -> None:
        """Write as whoever stands there. Raises ``RecordsError``."""
        self.records.change(self.actor.reference, work, why=why)

    def meet(self, other: "Teller") -> None:
        """Plug the cable in, until both have the same."""
        self.exchange.round(Cable(other.exchange, self.exchange.device))


def teller(records: Records, device: str, workshop: str, name: str) -> Teller:
    """The terminal whose records these are."""
    actor = Actor("terminal", records.terminal_id, name, Role.MANAGER)
    return Teller(records, Exchange(records, device=device, workshop=workshop), actor)


def joined(first: Teller, place: Path, name: str, clock: StoryClock, folder: Path) -> Teller:
    """Another terminal, let in by ``first`` as pairing does it: its row is written there, and comes here with the rest.

    Its records are a copy of ``place``, the first one's, in ``folder``: what is there so far both have, and from now on
    it has a site of its own.
    Its key is forgotten: it is away for good. Close ``records`` in the end.
    """
    with tempfile.TemporaryDirectory(prefix="bayline-demo-key-") as keys:
        identity = Identity.create(Path(keys), name)
    row = Terminal(name=name, device_id=identity.device_id, public_key=identity.public_key, joined_at=clock())
    first.change(lambda session: session.add(row))
    copy = folder / f"{row.id}.db"
    copy_records(place, copy)  # without the first one's site and name: opening it makes a site
    records = Records.open(copy, wall=clock, inline=True)
    try:
        records.join(row.id)
        other = teller(records, identity.device_id, first.exchange.workshop, name)
        first.meet(other)
    except BaseException:
        records.close()
        raise
    return other


def tell(
    story: list[Mapping[str, Any]], tellers: Mapping[str, Teller], orders: Mapping[str, str], clock: StoryClock
) -> None:
    """Let the terminals do what the story says, each at its time; ``orders``: ids by the vehicle's key."""
    first = next(iter(tellers.values()))
    for step in story:
        clock.at(step["minutes_ago"])
        if "meet" in step:
            first.meet(tellers[step["meet"]])
            continue
        who = tellers[step["at"]]
        who.change(partial(_do, step=step, actor=who.actor, order=orders[step["order"]], present=clock.present))


def _do(session: Session, step: Mapping[str, Any], actor: Actor, order: str, present: int) -> None:
    fields = dict(step.get("set", {}))
    if "promised_in_minutes" in step:
        fields["promised_at"] = -(-(present + step["promised_in_minutes"] * MINUTE) // QUARTER) * QUARTER
    if fields:
        change_repair_order(session, actor, order, fields)
    if "note" in step:
        add_note(session, actor, {"order_id": order, "text": step["note"]})
