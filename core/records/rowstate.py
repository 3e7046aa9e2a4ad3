"""One row as the merge sees it: values, when each was written, and the statuses that are still disputed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from core.records.schema import Value

HEADS = "heads"  # no stamp reads like this

Head = tuple[str, Value]  # stamp, value


@dataclass(slots=True)
class RowState:
    """``stamps``: field -> when it was last written; a field nobody wrote is in neither mapping.

    ``heads``: only for registers with more than one concurrent value, all of them, in the order of their stamps. A
    register with one value has it in ``values`` and ``stamps``, like any other field.
    """

    values: dict[str, Value] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    heads: dict[str, list[Head]] = field(default_factory=dict)

    def heads_of(self, name: str) -> list[Head]:
        """All concurrent values of a register; one when it is undisputed, none when nobody wrote it."""
        disputed = self.heads.get(name)
        if disputed is not None:
            return disputed
        stamp = self.stamps.get(name)
        return [] if stamp is None else [(stamp, self.values.get(name))]

    def encoded(self) -> str:
        """The ``stamps`` column: ``{stamp: [fields], "heads": {field: [[stamp, value], …]}}``."""
        if len(set(self.stamps.values())) == 1 and not self.heads:  # a fresh row: most rows of most tables
            return json.dumps({next(iter(self.stamps.values())): sorted(self.stamps)}, separators=(",", ":"))
        grouped: dict[str, object] = {}
        for name in sorted(self.stamps):
            stamp = self.stamps[name]
            names = grouped.get(stamp)
            if isinstance(names, list):
                names.append(name)
            else:
                grouped[stamp] = [name]
        if self.heads:
            grouped[HEADS] = {name: self.heads[name] for name in sorted(self.heads)}
        return json.dumps(grouped, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def decode_stamps(text: str) -> tuple[dict[str, str], dict[str, list[Head]]]:
    """Stamps and heads of a ``stamps`` column."""
    grouped = json.loads(text)
    disputed = grouped.pop(HEADS, None)
    stamps = {name: stamp for stamp, names in grouped.items() for name in names}
    if not disputed:
        return stamps, {}
    return stamps, {name: [(stamp, value) for stamp, value in heads] for name, heads in disputed.items()}


def row_hash(table: str, row: str, state: RowState) -> int:
    """64 bits, signed, over table, id, every written field with its stamp and value, and disputed values.

    Fields nobody wrote are not in it, so that a new column does not change the hash of an old row. Two terminals with
    the same changes have the same hash for every row; sums of it are compared after each exchange.
    """
    values = state.values
    cells = [(name, stamp, _plain(values.get(name))) for name, stamp in sorted(state.stamps.items())]
    heads = [(name, [(stamp, _plain(value)) for stamp, value in each]) for name, each in sorted(state.heads.items())]
    text = json.dumps((table, row, cells, heads), separators=(",", ":"))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def hash_of_row(table: str, row: Mapping[str, Value], fields: Mapping[str, object]) -> int:
    """``row_hash`` recomputed from a row as it is stored; ``row`` has id, stamps and every field."""
    stamps, heads = decode_stamps(str(row["stamps"]))
    values = {name: row[name] for name in stamps if name in fields}
    return row_hash(table, str(row["id"]), RowState(values, stamps, heads))


def _plain(value: Value) -> Value:
    return int(value) if isinstance(value, bool) else value  # SQLite has no yes/no: 1 is what comes back
