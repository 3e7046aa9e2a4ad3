"""An import as the command line and the control channel ask for it: planned, shown, and written on a yes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.csv_files.mappings import mapping_of
from core.csv_files.planning import ImportPlan, plan_import
from core.csv_files.reading import read_table
from core.csv_files.writing import Imported, Told, write_import
from core.people.roles import Actor
from core.records.records import Records

MOST_PROBLEMS = 2000  # told of one file; ``bad_lines`` counts them all


@dataclass(frozen=True, slots=True)
class Request:
    """What to import. ``mapping``: a ready one's name or a file's path; ``constants``: the same in every row."""

    kind: str
    file: str
    mapping: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    skip_bad: bool = False


def run_import(
    records: Records, actor: Actor, request: Request, data: bytes, told: Told = lambda done, total: None
) -> dict[str, Any]:
    """What was found in ``data``, and what was written: nothing on a dry run, nor when rows have problems that are not
    to be skipped. Raises ``Denied``, ``MappingError``, ``UnreadableError``, ``RecordsError``.
    """
    mapping = mapping_of(request.kind, request.mapping).saying(**request.constants)
    table = read_table(data, encoding=mapping.encoding, delimiter=mapping.delimiter)
    with records.read() as session:
        plan = plan_import(session, actor, table, mapping)
    refused = bool(plan.problems) and not request.skip_bad
    written = None
    if plan.rows and not request.dry_run and not refused:
        written = write_import(records, actor, plan, file=request.file, told=told)
    return {**plan_shown(plan), "refused": refused, **_written(written)}


def plan_shown(plan: ImportPlan) -> dict[str, Any]:
    """A plan as JSON has it."""
    return {
        "kind": plan.kind,
        "encoding": plan.encoding,
        "delimiter": plan.delimiter,
        "decimal": plan.style.decimal,
        "distance": plan.style.distance,
        "day_order": plan.style.day_order.value,
        "day_order_sure": plan.style.sure,
        "columns": dict(plan.columns),
        "unused": list(plan.unused),
        "total": plan.total,
        "new": len(plan.rows),
        "already": len(plan.already),
        "bad_lines": plan.bad_lines,
        "problems": [dataclasses.asdict(each) for each in plan.problems[:MOST_PROBLEMS]],
        "new_names": list(plan.new_names),
    }


def _written(written: Imported | None) -> dict[str, Any]:
    if written is None:
        return {"written": 0, "import": None}
    return {"written": written.rows, "import": written.id}
