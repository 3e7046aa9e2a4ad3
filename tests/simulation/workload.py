"""What people do all day at a terminal: orders, statuses, notes and punches, alone or several rows at once."""

from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from core.records import journal
from core.records.capturing import settle
from core.records.schema import Schema, read_schema
from core.sync.members import Terminal as Member
from core.sync.members import Workshop
from core.vehicles.models import Vehicle
from core.workshop.models import ClockPunch, Note, RepairOrder
from core.workshop.states import RANKS
from tests.simulation.terminal import Terminal

FULL = read_schema(2, (Workshop, Member, Vehicle, RepairOrder, Note, ClockPunch))
OLDER = FULL.without(1, {"repair_orders": ("label", "bay"), "clock_punches": None})  # what last year's program knows

STATUSES = tuple(sorted(RANKS))
TEXTS = ("complaint", "bay", "label")  # few, so that people meet in them
NUMBERS = ("promised_at", "odometer_in")
WORDS = ("brakes", "Ölwechsel", "knocks at idle", "", "\u2028\"'", "clutch", "🔧", None)

Work = Callable[[Session], None]


class Workload:
    """Chooses one thing that a person does at a terminal, and does it. ``told``: what it was, for the trace."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.told = ""
        self.marks = 0

    def act(self, terminal: Terminal) -> bool:
        """One change, as a person makes it; returns whether there was anything to do. Raises what ``change`` raises."""
        deeds = (self._open, self._edit, self._move, self._note, self._notes, self._swap, self._hide, self._settle,
                 self._punch, self._vehicle, self._restore)  # fmt: skip
        (deed,) = self.random.choices(deeds, (3, 8, 6, 3, 4, 2, 2, 2, 2, 2, 2))
        self.told = ""
        work = deed(terminal)
        if work is None:
            return False
        terminal.records.change(f"staff:{terminal.name}", work, why=self.random.choice(("", "as asked")))
        return True

    def _some(self, terminal: Terminal, table: str) -> str | None:
        found = terminal.disk.all(f"SELECT id FROM {table} ORDER BY id LIMIT 4")
        return self.random.choice(found)[0] if found else None

    def _open(self, terminal: Terminal) -> Work:
        number, status = f"{self.random.randrange(1000)}-{terminal.name}", self.random.choice(STATUSES)
        self.told = f"opens {number}, {status}"
        return lambda session: session.add(RepairOrder(number=number, status=status, complaint="noise"))

    def _value(self, terminal: Terminal) -> tuple[str, Any]:
        known = terminal.schema.tables["repair_orders"].fields
        name = self.random.choice([each for each in (*TEXTS, *NUMBERS) if each in known])
        return name, self.random.choice(WORDS) if name in TEXTS else self.random.choice((None, 0, 7, 1 << 30))

    def _edit(self, terminal: Terminal) -> Work | None:
        order = self._some(terminal, "repair_orders")
        if order is None:
            return None
        values = dict(self._value(terminal) for _ in range(self.random.choice((1, 1, 2, 3))))
        self.told = f"edits {order[-4:]} {values}"

        def work(session: Session) -> None:
            row = session.get(RepairOrder, order)
            for name, value in values.items():
                setattr(row, name, value)

        return work

    def _move(self, terminal: Terminal) -> Work | None:
        order, status = self._some(terminal, "repair_orders"), self.random.choice(STATUSES)
        if order is None:
            return None
        self.told = f"moves {order[-4:]} to {status}"
        return lambda session: setattr(session.get(RepairOrder, order), "status", status)

    def _settle(self, terminal: Terminal) -> Work | None:
        """Choose a status for good, often one that is shown already."""
        found = terminal.disk.all("SELECT id, status FROM repair_orders WHERE stamps LIKE '%heads%' ORDER BY id")
        if not found:
            return None
        order, shown = self.random.choice(found)
        status = self.random.choice((shown, self.random.choice(STATUSES)))
        self.told = f"settles {order[-4:]} as {status}"

        def work(session: Session) -> None:
            row = session.get(RepairOrder, order)
            assert row is not None
            settle(session, row, "status", status)

        return work

    def _note(self, terminal: Terminal) -> Work:
        self.told = "writes a note"
        return lambda session: session.add(Note(text="called the customer", author=terminal.name))

    def _notes(self, terminal: Terminal) -> Work:
        """Several notes and an order in one go, marked so that everybody sees all of them or none."""
        self.marks += 1
        count, mark = self.random.randrange(2, 5), f"whole {self.marks} {terminal.name}"
        order, status = self._some(terminal, "repair_orders"), self.random.choice(STATUSES)
        self.told = f"writes {count} notes at once: {mark}"

        def work(session: Session) -> None:
            for _ in range(count):
                session.add(Note(text=f"{mark}/{count}", order_id=order))
            if order is not None:
                row = session.get(RepairOrder, order)
                assert row is not None
                row.status, row.promised_at = status, self.marks

        return work

    def _swap(self, terminal: Terminal) -> Work | None:
        one, other = self._some(terminal, "repair_orders"), self._some(terminal, "repair_orders")
        if one is None or other is None:
            return None
        self.told = f"swaps the promises of {one[-4:]} and {other[-4:]}"

        def work(session: Session) -> None:
            first, second = session.get(RepairOrder, one), session.get(RepairOrder, other)
            assert first is not None
            assert second is not None
            first.promised_at, second.promised_at = second.promised_at, first.promised_at

        return work

    def _hide(self, terminal: Terminal) -> Work | None:
        model, table = self.random.choice(((RepairOrder, "repair_orders"), (Note, "notes")))
        row = self._some(terminal, table)
        if row is None:
            return None
        at = self.random.choice((None, terminal.clock.read()))
        self.told = f"{'hides' if at else 'brings back'} {table} {row[-4:]}"
        return lambda session: setattr(session.get(model, row), "deleted_at", at)

    def _punch(self, terminal: Terminal) -> Work | None:
        if "clock_punches" not in terminal.schema.tables:
            return None
        self.told = "punches in"
        return lambda session: session.add(ClockPunch(direction="in", at=terminal.clock.read()))

    def _vehicle(self, terminal: Terminal) -> Work:
        row, plate = self._some(terminal, "vehicles"), f"AB {self.random.randrange(1000)}"
        self.told = f"a vehicle is {plate}"

        def work(session: Session) -> None:
            if row is None:
                session.add(Vehicle(plate=plate, status="active"))
            else:
                setattr(session.get(Vehicle, row), "plate", plate)  # noqa: B010 - it is there

        return work

    def _restore(self, terminal: Terminal) -> None:
        """Take back a replaced value, when there is one."""
        found = terminal.disk.all("SELECT id FROM replaced_values ORDER BY id")
        if found:
            ((chosen,),) = (self.random.choice(found),)
            self.told = f"takes back {chosen[:6]}"
            journal.restore(terminal.records, f"staff:{terminal.name}", chosen)


def known(schema: Schema, table: str) -> bool:
    return table in schema.tables
