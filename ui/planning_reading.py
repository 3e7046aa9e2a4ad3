"""Bays, shifts and absences as the window reads and writes them: each function waits, off the window's thread."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor
from core.planning.absences import AbsenceView, absences_between, create_absence, delete_absence, restore_absence
from core.planning.local_days import day_of
from core.planning.shifts import ShiftView, change_shift, create_shift, delete_shift, get_shift, shifts_of
from core.planning.work_bays import (
    WorkBayView,
    change_work_bay,
    create_work_bay,
    delete_work_bay,
    list_work_bays,
    restore_work_bay,
)
from core.records.input import Refused
from core.records.moment import now
from core.records.records import Records
from ui.schedule_reading import Whose, read_people

MOST = 200
AHEAD_MS = 366 * 86_400_000


@dataclass(frozen=True, slots=True)
class Planning:
    """All there is to enter: bays, people, their shifts, absences that are not over."""

    bays: tuple[WorkBayView, ...]
    people: tuple[Whose, ...]
    shifts: tuple[ShiftView, ...]
    absences: tuple[AbsenceView, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """One day of the week of somebody: minutes after midnight. ``id`` "" is a shift that is new."""

    id: str
    weekday: int
    starts: int
    ends: int
    pause: int


def read_planning(records: Records) -> Planning:
    """Raises ``RecordsError``."""
    people = read_people(records)
    with records.read() as session:
        moment = now(session)
        today = day_of(moment).isoformat()
        return Planning(
            list_work_bays(session, limit=MOST).items,
            people,
            tuple(
                each
                for each in sorted(shifts_of(session), key=lambda shift: shift.starts or 0)
                if (each.until or "9999") >= today
            ),
            absences_between(session, moment, moment + AHEAD_MS),
        )


# Writing. All raise ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``. -----------------------------------------


def add_bay(records: Records, actor: Actor, fields: Mapping[str, object]) -> WorkBayView:
    return records.change(actor.reference, lambda session: create_work_bay(session, actor, fields)).value


def change_bay(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> WorkBayView:
    return records.change(actor.reference, lambda session: change_work_bay(session, actor, row, fields)).value


def remove_bay(records: Records, actor: Actor, row: str) -> None:
    records.change(actor.reference, lambda session: delete_work_bay(session, actor, row))


def bring_bay_back(records: Records, actor: Actor, row: str) -> None:
    records.change(actor.reference, lambda session: restore_work_bay(session, actor, row))


def keep_week(records: Records, actor: Actor, staff_id: str, wanted: Sequence[Working], gone: Sequence[str]) -> None:
    """All shifts of somebody at once; ``gone``: ids of those that are no more.

    What is entered today says nothing of the weeks before: a shift that was worked ends yesterday, and the new one
    begins today.
    """
    _check(wanted)

    def work(session: Session) -> None:
        today = day_of(now(session))

        def end(row: str) -> str | None:
            """Let a shift be no more from today on; returns until when it was to hold."""
            known = get_shift(session, row)
            if (known.since or "") >= today.isoformat():
                delete_shift(session, actor, row)
            else:
                change_shift(session, actor, row, {"until": (today - dt.timedelta(days=1)).isoformat()})
            return known.until

        for row in gone:
            end(row)
        for each in wanted:
            fields = {"starts": each.starts, "ends": each.ends, "break_minutes": each.pause}
            until = None
            if each.id:
                known = get_shift(session, each.id)
                if (known.starts, known.ends, known.break_minutes or 0) == (each.starts, each.ends, each.pause):
                    continue
                if (known.since or "") >= today.isoformat():
                    change_shift(session, actor, each.id, fields)
                    continue
                until = end(each.id)
            whose = {"staff_id": staff_id, "weekday": each.weekday, "since": today.isoformat(), "until": until}
            create_shift(session, actor, {**whose, **fields})

    records.change(actor.reference, work)


def _check(wanted: Sequence[Working]) -> None:
    """Two shifts of a day lie one after the other. Raises ``Refused``."""
    ends: dict[int, int] = {}
    for each in sorted(wanted, key=lambda shift: (shift.weekday, shift.starts)):
        if each.starts < ends.get(each.weekday, 0):
            raise Refused(("starts", tr("Two shifts of one day overlap.")))
        ends[each.weekday] = each.ends


def add_absence(records: Records, actor: Actor, fields: Mapping[str, object]) -> AbsenceView:
    return records.change(actor.reference, lambda session: create_absence(session, actor, fields)).value


def remove_absence(records: Records, actor: Actor, row: str) -> None:
    records.change(actor.reference, lambda session: delete_absence(session, actor, row))


def bring_absence_back(records: Records, actor: Actor, row: str) -> None:
    records.change(actor.reference, lambda session: restore_absence(session, actor, row))
