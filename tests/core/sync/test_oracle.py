"""Three terminals do as Hypothesis likes, beside sixty lines that know who knew what: both must always read the same.

The product tells later from concurrent by the stamps a writer saw (``base``). The oracle does not look at them: it
keeps, for each terminal, the set of all changes that ever came to it: a write follows those in its writer's set.
"""

from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy.orm import Session

from core.records import journal
from core.records.capturing import settle
from core.records.rowstate import decode_stamps
from core.sync.exchange import Exchange
from core.sync.messages import TransportError
from core.workshop.models import Note, RepairOrder
from core.workshop.states import RANKS
from tests.simulation.disk import Disk
from tests.simulation.terminal import Clock, Terminal, WorldTime
from tests.simulation.workload import FULL

COUNT = 3
HOUR_MS = 3_600_000
ORDERS = tuple(f"0199aaaa-0000-7000-8000-00000000000{number}" for number in range(2))
LATEST = ("complaint", "bay")

Place = tuple[str, str]  # row, field
terminals = st.integers(0, COUNT - 1)
orders = st.sampled_from(ORDERS)
statuses = st.sampled_from(("booked", "in_progress", "ready", "delivered"))
texts = st.sampled_from(("a", "b", "", None))


@dataclass(frozen=True)
class Write:
    stamp: str
    value: Any
    known: frozenset[str]  # every change its writer had


@dataclass
class Oracle:
    """``known``: for each terminal the stamps of all changes it has; ``before``: what each change's writer had."""

    writes: dict[Place, list[Write]] = field(default_factory=dict)
    known: list[set[str]] = field(default_factory=lambda: [set() for _ in range(COUNT)])
    before: dict[str, frozenset[str]] = field(default_factory=dict)

    def wrote(self, who: int, stamp: str, row: str, values: dict[str, Any]) -> None:
        had = self.before.setdefault(stamp, frozenset(self.known[who]))
        for name, value in values.items():
            self.writes.setdefault((row, name), []).append(Write(stamp, value, had))
        self.known[who].add(stamp)

    def has(self, who: int, stamps: set[str]) -> None:
        """What a terminal has now: never less than before, and never an effect without its causes."""
        assert self.known[who] <= stamps
        for stamp in stamps:
            assert self.before[stamp] <= stamps, f"terminal {who} has {stamp} and lacks what its writer knew"
        self.known[who] = set(stamps)

    def here(self, who: int, place: Place) -> list[Write]:
        return [each for each in self.writes.get(place, ()) if each.stamp in self.known[who]]

    def heads(self, who: int, place: Place) -> list[Write]:
        """Writes no later writer knew of, in the order of their stamps."""
        here = self.here(who, place)
        last = [each for each in here if not any(each.stamp in other.known for other in here)]
        return sorted(last, key=lambda write: write.stamp)

    def shown(self, who: int, place: Place) -> Write | None:
        if place[1] == "status":
            return max(self.heads(who, place), key=lambda each: (RANKS.get(each.value, 0), each.stamp), default=None)
        return max(self.here(who, place), key=lambda each: each.stamp, default=None)

    def unseen(self, who: int, place: Place) -> set[Any]:
        """Values that must be on the list of replaced ones: not shown, and nobody who wrote later knew them."""
        shown = self.shown(who, place)
        heads = {each.stamp for each in self.heads(who, place)}
        seen = {each.value for each in self.here(who, place) if each.stamp not in heads}
        return {each.value for each in self.heads(who, place)} - seen - ({shown.value} if shown else set())


class Breaking:
    """A line to another terminal that is cut after some messages, before or after the last one had its effect."""

    def __init__(self, to: Exchange, messages: int, *, after: bool = False) -> None:
        self.to, self.left, self.after = to, messages, after

    def request(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise TransportError("cut")
        reply = self.to.answer(kind, message, "peer")
        if self.left < 0:
            raise TransportError("cut")
        return reply


class Workshop(RuleBasedStateMachine):
    """Rules are what people and networks do."""

    def __init__(self) -> None:
        super().__init__()
        self.time = WorldTime(1_795_350_000_000)
        self.oracle = Oracle()
        self.terminals = [
            Terminal(0, name, f"DEVICE-{name}", name, Disk(), Clock(self.time), FULL) for name in "ABC"[:COUNT]
        ]
        for each in self.terminals:
            each.start()
        self._write(0, {order: {"status": "booked"} for order in ORDERS})
        for who in range(1, COUNT):
            self.meet(who, 0, 100, after=False)

    def teardown(self) -> None:
        for each in self.terminals:
            each.stop()
            each.disk.throw_away()

    def _stamps(self, who: int) -> set[str]:
        return {stamp for (stamp,) in self.terminals[who].disk.all("SELECT stamp FROM transactions")}

    def _wrote(self, who: int, values: dict[str, dict[str, Any]]) -> None:
        """The oracle hears of a change that the terminal has just made, and of its stamp."""
        for stamp in self._stamps(who) - self.oracle.known[who]:
            for row, each in values.items():
                self.oracle.wrote(who, stamp, row, each)

    def _write(self, who: int, values: dict[str, dict[str, Any]]) -> None:
        changed: dict[str, dict[str, Any]] = {}

        def work(session: Session) -> None:
            for row, each in values.items():
                found = session.get(RepairOrder, row)
                if found is None:
                    found = RepairOrder(id=row)
                    session.add(found)
                changed[row] = {name: value for name, value in each.items() if getattr(found, name) != value}
                for name, value in each.items():
                    setattr(found, name, value)

        self.time.now += 1
        self.terminals[who].records.change("staff:x", work)
        self._wrote(who, changed)

    @rule(who=terminals, order=orders, name=st.sampled_from(LATEST), value=texts)
    def edit(self, who: int, order: str, name: str, value: str | None) -> None:
        self._write(who, {order: {name: value}})

    @rule(who=terminals, order=orders, status=statuses)
    def move(self, who: int, order: str, status: str) -> None:
        self._write(who, {order: {"status": status}})

    @rule(who=terminals, status=statuses, value=texts)
    def both_at_once(self, who: int, status: str, value: str | None) -> None:
        self._write(who, {order: {"status": status, "complaint": value} for order in ORDERS})

    @rule(who=terminals, order=orders)
    def settle_what_is_shown(self, who: int, order: str) -> None:
        chosen: list[Any] = []

        def work(session: Session) -> None:
            row = session.get(RepairOrder, order)
            assert row is not None
            chosen.append(row.status)
            settle(session, row, "status", row.status)

        self.time.now += 1
        self.terminals[who].records.change("staff:x", work)
        self._wrote(who, {order: {"status": chosen[0]}})

    @rule(who=terminals)
    def note(self, who: int) -> None:
        self.time.now += 1
        made = Note(text="kept")
        self.terminals[who].records.change("staff:x", lambda session: session.add(made))
        self._wrote(who, {made.id: {"text": "kept"}})

    @rule(who=terminals, data=st.data())
    def take_back(self, who: int, data: st.DataObject) -> None:
        found = self.terminals[who].disk.all(
            "SELECT id, row_id, field, lost_value FROM replaced_values ORDER BY table_name, row_id, field, lost_stamp"
        )
        if found:
            chosen, row, name, _ = data.draw(st.sampled_from(found))
            journal.restore(self.terminals[who].records, "staff:x", chosen)
            (value,) = self.terminals[who].disk.all(f"SELECT {name} FROM repair_orders WHERE id = ?", row)[0]
            self._wrote(who, {row: {name: value}})

    @rule(who=terminals, with_=terminals, messages=st.sampled_from((100, 100, 0, 1, 2, 3, 4)), after=st.booleans())
    def meet(self, who: int, with_: int, messages: int, after: bool) -> None:
        if who == with_:
            return
        try:
            result = self.terminals[who].exchange.round(Breaking(self.terminals[with_].exchange, messages, after=after))
        except TransportError:
            pass
        else:
            assert result.in_step
            assert not result.differs
            assert not result.repaired
            assert self._stamps(who) == self._stamps(with_)
        for each in (who, with_):
            self.oracle.has(each, self._stamps(each))

    @rule(who=terminals, hours=st.sampled_from((-150_000, -1, 0, 1, 90_000)))
    def clock_jumps(self, who: int, hours: int) -> None:
        self.terminals[who].clock.off_ms = hours * HOUR_MS

    @rule(who=terminals)
    def start_anew(self, who: int) -> None:
        self.terminals[who].stop()
        self.terminals[who].start()

    @invariant()
    def everybody_reads_what_follows_from_what_they_know(self) -> None:
        for who, terminal in enumerate(self.terminals):
            found = terminal.disk.all("SELECT id, stamps, status, complaint, bay FROM repair_orders")
            rows = {row[0]: row[1:] for row in found}
            for order in ORDERS:
                stamps, disputed = decode_stamps(rows[order][0]) if order in rows else ({}, {})
                for name, value in zip(("status", *LATEST), rows.get(order, (None,) * 4)[1:], strict=True):
                    shown = self.oracle.shown(who, (order, name))
                    assert (stamps.get(name), value) == ((shown.stamp, shown.value) if shown else (None, None))
                heads = [(each.stamp, each.value) for each in self.oracle.heads(who, (order, "status"))]
                assert disputed.get("status", heads if len(heads) < 2 else []) == heads

    @invariant()
    def what_is_not_shown_can_be_found(self) -> None:
        for who, terminal in enumerate(self.terminals):
            for order in ORDERS:
                for name in LATEST:
                    listed = terminal.disk.all(
                        "SELECT json_extract(lost_value, '$') FROM replaced_values WHERE row_id = ? AND field = ?",
                        order,
                        name,
                    )
                    assert self.oracle.unseen(who, (order, name)) <= {value for (value,) in listed}

    @invariant()
    def no_note_is_lost(self) -> None:
        for who, terminal in enumerate(self.terminals):
            written = {row for row, name in self.oracle.writes if name == "text" and self.oracle.here(who, (row, name))}
            assert {row for (row,) in terminal.disk.all("SELECT id FROM notes")} == written


TestWorkshop = Workshop.TestCase
TestWorkshop.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,  # the seeds of tests/simulation wander; this one says the same to everybody
    suppress_health_check=[HealthCheck.too_slow],
)
