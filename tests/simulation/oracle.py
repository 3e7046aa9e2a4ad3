"""What the rows must read, said a second time and in another way: from all transactions at once, in no order at all.

The product merges change by change as they come. Here is only the definition: of ``latest`` fields the largest stamp
is shown; of a register every value that no other one names as its base stands beside the others, and the highest rank,
then the largest stamp, is shown; a fact is what it was written as.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from core.records.fields import Merge
from core.records.schema import Schema, Value

Place = tuple[str, str, str]  # table, row, field


class Write(NamedTuple):
    """One field written once."""

    stamp: str
    value: Value
    base: tuple[str, ...]


@dataclass(slots=True)
class Cell:
    """All that was ever written to one field of one row, what of it is shown, and what stands beside it (registers)."""

    writes: list[Write] = field(default_factory=list)
    shown: Write | None = None
    heads: list[Write] = field(default_factory=list)

    def unseen(self) -> list[Write]:
        """Writes nobody built upon and whose value nobody saw: people must be able to find them.

        A value that another write had too, and that somebody replaced knowingly, was seen.
        """
        assert self.shown is not None
        known = {stamp for write in self.writes for stamp in write.base}
        seen = [write.value for write in self.writes if write.stamp in known] + [self.shown.value]
        return [each for each in self.writes if each.stamp not in known and each.value not in seen]


def writes(transactions: Iterable[tuple[str, str]]) -> dict[Place, list[Write]]:
    """Every write of these transactions (stamp, operations text), by the field it went to."""
    found: dict[Place, list[Write]] = defaultdict(list)
    for stamp, operations in transactions:
        for table, row, fields, base in json.loads(operations):
            for name, value in fields.items():
                known = base.get(name) or ()
                plain = int(value) if isinstance(value, bool) else value
                found[table, row, name].append(
                    Write(stamp, plain, (known,) if isinstance(known, str) else tuple(known))
                )
    return found


def expected(transactions: Iterable[tuple[str, str]], schema: Schema) -> dict[Place, Cell]:
    """What every field reads that this schema knows, when exactly these transactions are there."""
    cells = {}
    for (table, row, name), written in writes(transactions).items():
        if table in schema.tables and name in schema.tables[table].fields:
            rule = schema.tables[table].fields[name].rule
            cells[table, row, name] = _cell(written, rule.merge, rule.ranks)
    return cells


def _cell(written: list[Write], merge: Merge, ranks: Mapping[str, int]) -> Cell:
    cell = Cell(written)
    if merge is not Merge.REGISTER:
        cell.shown = max(written, key=lambda write: write.stamp)
        return cell
    superseded = {stamp for write in written for stamp in write.base}
    cell.heads = sorted((each for each in written if each.stamp not in superseded), key=lambda write: write.stamp)
    cell.shown = max(cell.heads, key=lambda write: (ranks.get(str(write.value), 0), write.stamp))
    return cell
