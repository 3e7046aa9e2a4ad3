"""Keeps a database of the present schema: ``python -m tests.core.records.golden.make``. Released ones stay.

It holds rows of every synced table with every field filled, a row that was deleted, and changes of two sites.
"""

import contextlib
import json
import random
import sqlite3
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

import core.models  # noqa: F401 - every table
from core.records.input import Refused
from core.records.migrating import REVISION
from core.records.records import Records
from core.records.schema import FieldInfo, TableInfo, Value, read_schema

HERE = Path(__file__).parent
ROWS = 3  # of each table
WORDS = ("muller", "bmw", "stossdampfer", "1hgcm8")

_TEXTS = ("B-MW 123", "Jürgen Müller", "1HGCM82633A004352", "Stoßdämpfer vorn", "Ærø", "日産")


def _value(field: FieldInfo, number: int, dice: random.Random) -> Value:
    if field.name == "deleted_at":
        return None
    if field.kind == "bool":
        return number % 2 == 0
    if field.kind == "int":
        return dice.randrange(1 << 31)
    return _TEXTS[dice.randrange(len(_TEXTS))][: field.length]


def _fill(session: Session, info: TableInfo, dice: random.Random) -> None:
    for number in range(ROWS):
        row = info.model()
        for field in info.fields.values():
            setattr(row, field.name, _value(field, number, dice))
        session.add(row)


def _hide_one(session: Session, info: TableInfo) -> None:
    row: Any = session.query(info.model).order_by(info.model.id).first()
    with contextlib.suppress(Refused):  # what was issued stays
        row.deleted_at = 1_790_000_000_000


def _terminal(path: Path, seed: int) -> Records:
    dice = random.Random(seed)
    ticks = iter(range(1_790_000_000_000 + seed, 1_800_000_000_000, 1000))
    return Records.open(path, wall=lambda: next(ticks), entropy=dice, inline=True)


def _held(records: Records) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    with records.read() as session:
        for name, info in records.schema.tables.items():
            columns = ", ".join(f'"{each}"' for each in info.columns)
            found = session.execute(text(f'SELECT {columns} FROM "{name}"')).mappings()
            rows[name] = {row["id"]: {key: row[key] for key in info.fields} for row in found}
        hits = {word: sorted([hit.table, hit.row] for hit in records.search.find(session, word)) for word in WORDS}
    digests = {name: list(each) for name, each in records.digests().items()}
    return {"rows": rows, "found": hits, "digests": digests, "vector": records.vector()}


def main() -> None:
    dice = random.Random(int(REVISION))
    with tempfile.TemporaryDirectory() as folder:
        first, second = (_terminal(Path(folder) / f"{seed}.db", seed) for seed in (1, 2))
        for name, info in read_schema().tables.items():
            first.change("staff:anna", partial(_fill, info=info, dice=dice), why=f"fill {name}")
        second.apply(first.page({}).transactions)
        for info in second.schema.tables.values():
            second.change("staff:ben", partial(_hide_one, info=info))
        first.apply(second.page(first.vector()).transactions)
        held = _held(first)
        first.close()
        second.close()
        kept = HERE / f"schema-{REVISION}.db"
        kept.unlink(missing_ok=True)
        raw = sqlite3.connect(Path(folder) / "1.db")
        raw.execute("PRAGMA page_size=512")  # most tables hold three rows
        raw.execute("VACUUM INTO ?", (str(kept),))
        raw.close()
    text_ = json.dumps(held, indent=1, sort_keys=True, ensure_ascii=False)
    kept.with_suffix(".json").write_text(text_ + "\n", "utf-8")
    print(f"{kept}: {kept.stat().st_size} bytes")


if __name__ == "__main__":
    main()
