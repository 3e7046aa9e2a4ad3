"""Tasks and the quality check of an order as the window reads and writes them. Each function waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.quality import CheckView, check_quality, delete_check, last_check
from core.workshop.tasks import TaskView, change_task, create_task, delete_task, restore_task, set_done, tasks_of
from ui import order_clock_reading
from ui.order_clock_reading import ClockRead


@dataclass(frozen=True, slots=True)
class WorkRead:
    """``check``: the last look at the finished work; None: nobody looked."""

    clock: ClockRead
    tasks: tuple[TaskView, ...]
    check: CheckView | None


def read_work(records: Records, row: str) -> WorkRead:
    """Raises ``NotFound``, ``RecordsError``."""
    clock = order_clock_reading.read_clock(records, row)
    with records.read() as session:
        return WorkRead(clock, tasks_of(session, [row]), last_check(session, row))


def add_task(records: Records, actor: Actor, row: str, title: str) -> TaskView:
    """Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    fields = {"order_id": row, "title": title}
    return records.change(actor.reference, lambda session: create_task(session, actor, fields)).value


def save_task(records: Records, actor: Actor, task: str, fields: Mapping[str, object]) -> TaskView:
    """Raises as ``add_task``."""
    return records.change(actor.reference, lambda session: change_task(session, actor, task, fields)).value


def finish_task(records: Records, actor: Actor, task: str, done: bool) -> TaskView:
    """Raises as ``add_task``."""
    return records.change(actor.reference, lambda session: set_done(session, actor, task, done)).value


def remove_task(records: Records, actor: Actor, task: str) -> None:
    """Raises as ``add_task``."""
    records.change(actor.reference, lambda session: delete_task(session, actor, task))


def bring_task_back(records: Records, actor: Actor, task: str) -> TaskView:
    """Raises as ``add_task``."""
    return records.change(actor.reference, lambda session: restore_task(session, actor, task)).value


def check(records: Records, actor: Actor, row: str, passed: bool, remark: str) -> CheckView:
    """Raises as ``add_task``."""
    fields = {"order_id": row, "passed": passed, "remark": remark or None}
    return records.change(actor.reference, lambda session: check_quality(session, actor, fields)).value


def check_back(records: Records, actor: Actor, check_id: str) -> None:
    """The check was entered by mistake. Raises as ``add_task``."""
    records.change(actor.reference, lambda session: delete_check(session, actor, check_id))
