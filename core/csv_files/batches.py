"""The imports there were, and taking one back as a whole: what it made is hidden, but for what was worked on since."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.csv_files.writing import WHY
from core.language import tr
from core.people.models import AccessToken, Staff
from core.people.roles import Actor, require
from core.records.input import Refused
from core.records.moment import now
from core.records.records import Records
from core.records.rows import assign, by_id
from core.records.schema import read_schema
from core.records.tables import IS_IMPORT, transactions
from core.records.undoing import WHY as UNDONE
from core.records.undoing import Plan, plans_of, turned
from core.workshop.undoing import RULES

TAKEN_BACK = "import undone "  # and its id


@dataclass(frozen=True, slots=True)
class Batch:
    """An import. ``at``: UTC ms of its first change; ``actor`` as in ``Actor.reference``, ``actor_name`` as people call
    them ("": the command line); ``changes``: how many it wrote; ``undone``: it is taken back now.
    """

    id: str
    kind: str
    file: str
    at: int
    actor: str
    actor_name: str
    changes: int
    undone: bool


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking back an import: rows hidden, and rows that stay because somebody has worked on them."""

    hidden: int
    stayed: int


def imports(session: Session) -> tuple[Batch, ...]:
    """All imports that are still in the log, on whatever terminal they were made, the last first. By the log's index of
    them: a few statements, however long it is.
    """
    log_ = transactions.c
    query = select(log_.why, log_.at, log_.actor, log_.stamp).where(IS_IMPORT).order_by(log_.stamp)
    found: dict[str, Batch] = {}
    turns: dict[str, str] = {}  # the last taking back of each, by its stamp
    for why, at, actor, stamp in session.execute(query):
        if why.startswith(TAKEN_BACK):
            turns[why.removeprefix(TAKEN_BACK)] = stamp
            continue
        id_, kind, file = (*why.removeprefix(WHY).split(" ", 2), "", "")[:3]
        before = found.get(id_)
        since, count = (before.at, before.changes) if before else (at, 0)
        found[id_] = Batch(id_, kind, file, since, actor, "", count + 1, undone=False)
    again = turned(session.connection(), set(turns.values()))
    names = _names(session, {each.actor for each in found.values()})
    batches = (
        replace(
            each,
            undone=each.id in turns and turns[each.id] not in again,
            actor_name=names.get(each.actor, ""),
        )
        for each in found.values()
    )
    return tuple(sorted(batches, key=lambda each: (each.at, each.id), reverse=True))


def _names(session: Session, actors: Collection[str]) -> dict[str, str]:
    """What people and tokens are called, by their references."""
    models: tuple[tuple[str, type[Staff] | type[AccessToken]], ...] = (("staff", Staff), ("token", AccessToken))
    found: dict[str, str] = {}
    for kind, model in models:
        ids = [each.removeprefix(f"{kind}:") for each in actors if each.startswith(f"{kind}:")]
        found.update({f"{kind}:{id_}": row.name or "" for id_, row in by_id(session, model, ids).items()})
    return found


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


def bring_back_import(records: Records, actor: Actor, id_: str) -> int:
    """Show the rows again that taking back import ``id_`` hid, in one change: how many.

    Raises ``Denied``, ``Refused``.
    """
    require(actor, "records.import")
    with records.read() as session:
        stamp = _turn(session, id_)
    if stamp is None:
        raise Refused(("import", tr("This import was not taken back.")))

    def work(session: Session) -> int:
        if _turn(session, id_) != stamp:
            raise Refused(("import", tr("This import was not taken back.")))
        count = 0
        for plan in plans_of(records, session, [stamp], RULES):
            for (table, row), values in plan.values.items():
                found = session.get(read_schema().tables[table].model, row)
                if found is not None:
                    assign(session, found, values)
                    count += 1
        return count

    return records.change(actor.reference, work, why=f"{UNDONE}{stamp}").value


def _turn(session: Session, id_: str) -> str | None:
    """The stamp of the last taking back of an import, while it stands."""
    log_ = transactions.c
    query = select(log_.stamp).where(IS_IMPORT, log_.why == f"{TAKEN_BACK}{id_}").order_by(log_.stamp.desc())
    stamp = session.scalars(query.limit(1)).first()
    return stamp if stamp is not None and not turned(session.connection(), [stamp]) else None


def _plans(records: Records, session: Session, batch: Batch) -> Iterator[Plan]:
    """What taking back each change of the import comes to, the last first."""
    wanted = transactions.c.why.startswith(f"{WHY}{batch.id} ")
    query = select(transactions.c.stamp).where(IS_IMPORT, wanted).order_by(transactions.c.stamp.desc())
    stamps = session.scalars(query).all()
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
