"""A year of a workshop with twenty terminals, as the transactions they would have written: the same for every run.

One operation a transaction, which is what people do at a screen, and the dearest case for whoever merges them. Of a
hundred 20 are new vehicles and repair orders of ten fields, 60 change one or two fields, 10 move a status, 10 are facts
(notes, punches); two in a hundred were written by somebody who had not seen the last change of that field.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.records.fields import SHOP
from core.records.ids import new_id
from core.records.operations import GENESIS, Transaction
from core.records.schema import SCHEMA, Value
from core.records.stamps import HybridClock

SITES = 20
CONCURRENT = 0.02
_BEGAN = 1_763_000_000_000  # UTC ms, November 2025
_EVERY_MS = 315_000  # a hundred thousand operations a year
_RECENT = 400  # rows; most work is on what came in lately

_MAKES = ("Volkswagen", "BMW", "Škoda", "Opel", "Ford", "Renault", "Toyota", "Mercedes-Benz")
_MODELS = ("Golf 1.5 TSI", "320d Touring", "Octavia Combi", "Corsa", "Transit Custom", "Clio", "Yaris Hybrid", "Vito")
_COLORS = ("schwarz", "weiß", "silber", "rot", "blau", "grün", "grau metallic")
_WORDS = (
    "Bremsen", "quietschen", "vorne", "links", "Ölwechsel", "Inspektion", "Klimaanlage", "kühlt", "nicht", "leuchtet",
    "Motorkontrollleuchte", "Geräusch", "beim", "Anfahren", "Kupplung", "rutscht", "Lichtmaschine", "lädt", "schwach",
    "Reifenwechsel", "Zahnriemen", "Wasserpumpe", "undicht", "Querlenker", "ausgeschlagen", "Hauptuntersuchung",
    "Probefahrt", "gemacht", "Kunde", "wartet", "Teile", "bestellt", "Rückruf", "10.000 km", "5W-30",
)  # fmt: skip
_STATUSES = {
    "vehicles": ("active", "in_workshop", "out_of_service"),
    "repair_orders": ("arrived", "diagnosing", "in_progress", "awaiting_parts", "quality_check", "ready"),
}
_ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@dataclass(slots=True)
class _Row:
    """A row as the terminals left it: for each field the stamps of its values now, and of those before."""

    table: str
    id: str
    now: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Site:
    name: str
    terminal: str
    people: list[str]
    clock: HybridClock
    seq: int = 0
    chain: bytes = GENESIS


class Workload:
    """``transactions(count)`` in an order in which causes come before effects. The same seed, the same bytes."""

    def __init__(self, seed: int = 3) -> None:
        self.dice = random.Random(seed)
        self.at = _BEGAN
        self.rows: list[_Row] = []
        self.sites = [self._site() for _ in range(SITES)]
        self.fields = 0  # that were ever written

    def transactions(self, count: int) -> Iterator[Transaction]:
        kinds: tuple[Callable[[_Site], Transaction], ...] = (self._new, self._edit, self._move, self._fact)
        for _ in range(count):
            self.at += _EVERY_MS + self.dice.randrange(-60_000, 60_000)
            chosen = self.dice.choices(kinds, (20, 60, 10, 10))[0] if self.rows else self._new
            yield chosen(self.dice.choice(self.sites))

    def _site(self) -> _Site:
        people = [f"staff:{new_id(_BEGAN, self.dice)}" for _ in range(2)]
        clock = HybridClock(self.dice.getrandbits(64))
        return _Site(f"{self.dice.getrandbits(64):016x}", new_id(_BEGAN, self.dice), people, clock)

    # What people do --------------------------------------------------------------------------------------------------

    def _new(self, site: _Site) -> Transaction:
        vehicle = not self.rows or self.dice.random() < 0.5
        row = _Row("vehicles" if vehicle else "repair_orders", self._id())
        fields = self._vehicle() if vehicle else self._order()
        made = self._written(site, row, fields)
        self.rows.append(row)
        return made

    def _edit(self, site: _Site) -> Transaction:
        row = self._some_row()
        ways = _VEHICLE_EDITS if row.table == "vehicles" else _ORDER_EDITS
        names = self.dice.sample(list(ways), self.dice.choice((1, 1, 2)))
        return self._written(site, row, {name: ways[name](self) for name in names})

    def _move(self, site: _Site) -> Transaction:
        row = self._some_row()
        return self._written(site, row, {"status": self.dice.choice(_STATUSES[row.table])})

    def _fact(self, site: _Site) -> Transaction:
        order = self._some_row().id
        who = self.dice.choice(site.people)
        fields: dict[str, Value]
        if self.dice.random() < 0.5:
            fields = {"order_id": order, "text": self.text(), "author": who, "author_name": "K. Ott"}
            fields["written_at"] = self.at
            return self._written(site, _Row("notes", self._id()), fields)
        fields = {"staff_id": who[6:], "order_id": order, "direction": self.dice.choice(("in", "out")), "at": self.at}
        return self._written(site, _Row("clock_punches", self._id()), fields)

    def _some_row(self) -> _Row:
        rows, dice = self.rows, self.dice
        recent = dice.random() < 0.8
        return rows[dice.randrange(max(0, len(rows) - _RECENT) if recent else 0, len(rows))]

    def _written(self, site: _Site, row: _Row, fields: dict[str, Value]) -> Transaction:
        stamp = site.clock.tick(self.at)
        unaware = self.dice.random() < CONCURRENT
        base: dict[str, str | list[str]] = {}
        for name in fields:
            now, before = row.now.get(name, []), row.before.get(name, [])
            self.fields += not now
            seen = before if unaware else now
            if seen:
                base[name] = seen if len(seen) > 1 else seen[0]
            if unaware:
                row.now[name] = [*now, stamp] if name == "status" else [stamp]
            else:
                row.before[name], row.now[name] = now, [stamp]
        text = json.dumps([[row.table, row.id, fields, base]], separators=(",", ":"), ensure_ascii=False)
        site.seq += 1
        made = Transaction(
            site.name, SHOP, site.seq, stamp, self.at, SCHEMA, self.dice.choice(site.people), site.terminal, "", text
        ).chained(site.chain)
        site.chain = made.chain
        return made

    # What they write -------------------------------------------------------------------------------------------------

    def _id(self) -> str:
        return new_id(self.at, self.dice)

    def text(self) -> str:
        return " ".join(self.dice.choices(_WORDS, k=self.dice.randrange(3, 14)))

    def day(self) -> str:
        return f"2027-{self.dice.randrange(1, 13):02}-{self.dice.randrange(1, 29):02}"

    def plate(self) -> str:
        letters = "".join(self.dice.choices(_ALPHABET[:23], k=3))
        return f"{letters[0]}-{letters[1:]} {self.dice.randrange(1, 9999)}"

    def _vehicle(self) -> dict[str, Value]:
        dice = self.dice
        return {
            "plate": self.plate(),
            "vin": "WVW" + "".join(dice.choices(_ALPHABET, k=14)),
            "make": dice.choice(_MAKES),
            "model": dice.choice(_MODELS),
            "year": dice.randrange(1998, 2026),
            "color": dice.choice(_COLORS),
            "fuel_type": dice.choice(("petrol", "diesel", "electric")),
            "transmission": dice.choice(("manual", "automatic")),
            "status": "active",
            "customer_id": self._id(),
        }

    def _order(self) -> dict[str, Value]:
        number = len(self.rows)
        return {
            "number": f"RO {number}-B{self.dice.randrange(1, SITES)}",
            "sequence": number,
            "vehicle_id": self._some_row().id,
            "customer_id": self._id(),
            "status": "booked",
            "priority": self.dice.choice(("normal", "urgent")),
            "complaint": self.text(),
            "opened_at": self.at,
            "promised_at": self.at + 86_400_000,
            "odometer_in": self.dice.randrange(1_000, 300_000),
        }


_VEHICLE_EDITS: dict[str, Callable[[Workload], Value]] = {
    "plate": Workload.plate,
    "color": lambda load: load.dice.choice(_COLORS),
    "registration_due": Workload.day,
    "inspection_due": Workload.day,
    "first_registration": Workload.day,
    "notes": Workload.text,
}
_ORDER_EDITS: dict[str, Callable[[Workload], Value]] = {
    "cause": Workload.text,
    "correction": Workload.text,
    "promised_at": lambda load: load.at + load.dice.randrange(10_000_000, 900_000_000),
    "technician_id": lambda load: load.dice.choice(load.sites).people[0][6:],
    "bay": lambda load: f"Bay {load.dice.randrange(1, 9)}",
    "label": lambda load: load.dice.choice(("waiting for the customer", "road test", "parts tomorrow")),
    "key_tag": lambda load: str(load.dice.randrange(1, 60)),
    "odometer_out": lambda load: load.dice.randrange(1_000, 300_000),
}
