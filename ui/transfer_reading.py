"""Import and export as the window reads and writes them: each function waits, and is called off Qt's thread."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.csv_files import cells, mappings
from core.csv_files.batches import Batch, TakenBack, bring_back_import, imports, take_back_import
from core.csv_files.exporting import Exported, Told, export
from core.csv_files.kinds import KINDS
from core.csv_files.mappings import MappingError, fitting, kind_of, mapping_of, matched
from core.csv_files.planning import ImportPlan, plan_import
from core.csv_files.reading import Table, read_table
from core.csv_files.writing import Imported, write_import
from core.language import tr
from core.people.roles import Actor
from core.records.files import FileStore
from core.records.records import Records
from core.workshop.shop import shop_details


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be read. What is None is found by looking at the file; ``columns`` (ours to theirs) names all
    that are taken, ``constants`` are the same in every row.
    """

    kind: str | None = None
    mapping: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    day_order: cells.DayOrder | None = None
    distance: str | None = None
    columns: Mapping[str, str] | None = None
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it was understood. ``plan`` None: it cannot be read so, and ``trouble`` says why."""

    wanted: Wanted
    table: Table
    columns: Mapping[str, str]
    plan: ImportPlan | None
    trouble: str
    currency: str | None


def look(records: Records, actor: Actor, data: bytes, wanted: Wanted) -> Looked:
    """Read ``data`` as ``wanted`` and check every row of it; writes nothing. Raises ``Denied``, ``UnreadableError``."""
    table = read_table(data, encoding=wanted.encoding, delimiter=wanted.delimiter)
    kind = wanted.kind or kind_of(table.header)
    if wanted.kind is None:
        wanted = replace(wanted, kind=kind, mapping=fitting(kind, table.header))
    trouble = ""
    plan = None
    with records.read() as session:
        currency = shop_details(session).currency
        try:
            mapping = _mapping(kind, wanted, table)
            places = matched(KINDS[kind], table.header, mapping)
            plan = plan_import(session, actor, table, mapping)
        except MappingError as error:
            trouble = str(error)
            places = matched(KINDS[kind], table.header, mappings.Mapping(
                kind, columns=_there(wanted.columns or {}, table), only=wanted.columns is not None))  # fmt: skip
    columns = {ours: table.header[place] for ours, place in places.items()}
    return Looked(wanted, table, columns, plan, trouble, currency)


def _mapping(kind: str, wanted: Wanted, table: Table) -> mappings.Mapping:
    """The ready mapping, with what was chosen on the screen before it. Raises ``MappingError``."""
    found = mapping_of(kind, wanted.mapping)
    if wanted.columns is not None:
        found = replace(found, columns=_there(wanted.columns, table), only=True)
    return replace(
        found.saying(**wanted.constants),
        decimal=wanted.decimal or found.decimal,
        day_order=wanted.day_order or found.day_order,
        distance=wanted.distance or found.distance,
    )


def _there(columns: Mapping[str, str], table: Table) -> dict[str, str]:
    """Those whose column the file has: another delimiter gives other columns."""
    return {ours: theirs for ours, theirs in columns.items() if theirs in table.header}


def write(
    records: Records,
    actor: Actor,
    plan: ImportPlan,
    *,
    file: str,
    told: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> Imported:
    """Write the good rows. Raises ``Denied``, ``RecordsError``."""
    return write_import(records, actor, plan, file=file, told=told, stop=stop)


def read_imports(records: Records) -> tuple[Batch, ...]:
    """The imports there were, the last first. Raises ``RecordsError``."""
    with records.read() as session:
        return imports(session)


def take_back(records: Records, actor: Actor, id_: str) -> TakenBack:
    """Hide what an import made. Raises ``Denied``, ``Refused``, ``RecordsError``."""
    return take_back_import(records, actor, id_)


def bring_back(records: Records, actor: Actor, id_: str) -> int:
    """Show what an import made again. Raises ``Denied``, ``Refused``, ``RecordsError``."""
    return bring_back_import(records, actor, id_)


def write_problems(looked: Looked, file: Path) -> int:
    """The rows with problems as a CSV file, to be mended and imported again: how many. Raises ``OSError``.

    Their own columns as they were, then what is wrong and what to do about it.
    """
    plan = looked.plan
    assert plan is not None
    words: dict[int, list[tuple[str, str]]] = {}
    for each in plan.problems:
        about = f"{each.column}: " if each.column else ""
        words.setdefault(each.line, []).append((about + each.words, each.cure))
    file.parent.mkdir(parents=True, exist_ok=True)  # our own folder for exports, at its first
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=looked.table.delimiter)
        writer.writerow([*looked.table.header, tr("Line"), tr("What is wrong"), tr("What to do")])
        width = len(looked.table.header)
        for row in looked.table.rows:
            if row.line in words:
                found = words[row.line]
                mine = [*row.cells[:width], *[""] * (width - len(row.cells))]
                writer.writerow([*mine, row.line, " ".join(each for each, _ in found),
                                 " ".join(dict.fromkeys(cure for _, cure in found))])  # fmt: skip
    return len(words)


def export_all(records: Records, actor: Actor, home: Path, folder: Path, told: Told) -> Exported:
    """Everything into ``folder``. Raises ``Denied``, ``OSError``, ``RecordsError``."""
    with records.read() as session:
        return export(session, actor, FileStore(home / "files"), folder, told)


def shop_name(records: Records) -> str:
    """What stands on the papers; "" while nobody entered it."""
    with records.read() as session:
        return shop_details(session).name or ""
