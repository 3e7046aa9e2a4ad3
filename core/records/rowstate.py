"""One row as the merge sees it: values, when each was written, and the statuses that are still disputed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import msgpack  # type: ignore[import-untyped]

from core.records.schema import Value

HEADS = "heads"  # no stamp reads like this
_COMMA = '","'

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
        grouped: dict[str, list[str]] = {}
        for name in sorted(self.stamps):
            grouped.setdefault(self.stamps[name], []).append(name)
        # Stamps and names need no escapes; json.dumps would take half the time of merging a row.
        parts = [f'"{stamp}":["{_COMMA.join(names)}"]' for stamp, names in sorted(grouped.items())]
        if self.heads:
            disputed = {name: self.heads[name] for name in sorted(self.heads)}
            parts.append(f'"{HEADS}":{json.dumps(disputed, separators=(",", ":"), ensure_ascii=False)}')
        return "{" + ",".join(parts) + "}"


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
    packed: bytes = msgpack.packb((table, row, cells, heads))
    return int.from_bytes(blake2b(packed, digest_size=8).digest(), "big", signed=True)


def hash_of_row(table: str, row: Mapping[str, Value], fields: Mapping[str, object]) -> int:
    """``row_hash`` recomputed from a row as it is stored; ``row`` has id, stamps and every field."""
    stamps, heads = decode_stamps(str(row["stamps"]))
    values = {name: row[name] for name in stamps if name in fields}
    return row_hash(table, str(row["id"]), RowState(values, stamps, heads))


def _plain(value: Value) -> Value:
    return int(value) if isinstance(value, bool) else value  # SQLite has no yes/no: 1 is what comes back
