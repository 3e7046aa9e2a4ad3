"""The imports there were, and taking one back as a whole: what it made is hidden, but for what was worked on since."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.csv_files.writing import WHY
from core.language import tr
from core.people.roles import Actor, require
from core.records.input import Refused
from core.records.moment import now
from core.records.records import Records
from core.records.rows import assign
from core.records.schema import read_schema
from core.records.tables import transactions
from core.records.undoing import Plan, plans_of
from core.workshop.undoing import RULES

TAKEN_BACK = "import undone "  # and its id


@dataclass(frozen=True, slots=True)
class Batch:
    """An import. ``at``: UTC ms of its first change; ``changes``: how many it wrote; ``undone``: it was taken back."""

    id: str
    kind: str
    file: str
    at: int
    actor: str
    changes: int
    undone: bool


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking back an import: rows hidden, and rows that stay because somebody has worked on them."""

    hidden: int
    stayed: int


def imports(session: Session) -> tuple[Batch, ...]:
    """All imports that are still in the log, on whatever terminal they were made, the last first."""
    columns = (transactions.c.why, transactions.c.at, transactions.c.actor)
    found: dict[str, Batch] = {}
    undone: set[str] = set()
    query = select(*columns).where(transactions.c.why.like("import %")).order_by(transactions.c.stamp)
    for why, at, actor in session.execute(query):
        if why.startswith(TAKEN_BACK):
            undone.add(why.removeprefix(TAKEN_BACK))
            continue
        id_, kind, file = (*why.removeprefix(WHY).split(" ", 2), "", "")[:3]
        before = found.get(id_)
        since, count = (before.at, before.changes) if before else (at, 0)
        found[id_] = Batch(id_, kind, file, since, actor, count + 1, undone=False)
    batches = (replace(each, undone=each.id in undone) for each in found.values())
    return tuple(sorted(batches, key=lambda each: (each.at, each.id), reverse=True))


def take_back_import(records: Records, actor: Actor, id_: str) -> TakenBack:
    """Hide every row that import ``id_`` made, in one change. Raises ``Denied``, ``Refused``."""
    require(actor, "records.import")

    def work(session: Session) -> TakenBack:
        batch = next((each for each in imports(session) if each.id == id_), None)
        if batch is None:
            raise Refused(("import", tr("There is no such import in the log.")))
        if batch.undone:
            raise Refused(("import", tr("This import was taken back already.")))
        hidden = stayed = 0
        for plan in _plans(records, session, batch):
            stayed += len({each.row for each in plan.left})
            hidden += _hide(session, plan)
        return TakenBack(hidden, stayed)

    return records.change(actor.reference, work, why=f"{TAKEN_BACK}{id_}").value


def _plans(records: Records, session: Session, batch: Batch) -> Iterator[Plan]:
    """What taking back each change of the import comes to, the last first."""
    wanted = transactions.c.why.like(f"{WHY}{batch.id} %")
    stamps = session.scalars(select(transactions.c.stamp).where(wanted).order_by(transactions.c.stamp.desc())).all()
    for stamp in stamps:  # one by one: a change has a hundred rows, an import may have a thousand changes
        yield from plans_of(records, session, [stamp], RULES)


def _hide(session: Session, plan: Plan) -> int:
    tables = read_schema().tables
    count = 0
    for table, row in plan.hidden:
        found = session.get(tables[table].model, row)
        if found is not None:
            assign(session, found, {"deleted_at": now(session)})
            count += 1
    return count
