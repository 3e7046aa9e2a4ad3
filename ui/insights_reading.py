"""The figures as the window reads them and writes them into files: each function waits, off the window's thread."""

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.insights.dashboard import Dashboard, dashboard
from core.insights.technicians import Performance, performance
from core.language import number, tr
from core.people.roles import Actor, Role, may
from core.people.staff import list_staff
from core.planning.local_days import day_of, moment
from core.records.moment import now
from core.records.records import Records
from ui.money_words import plain_amount

MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose figures can be looked at."""

    id: str
    name: str


def read_dashboard(records: Records, actor: Actor) -> Dashboard:
    """Raises ``Denied``, ``RecordsError``."""
    with records.read() as session:
        return dashboard(session, actor)


def read_people(records: Records, actor: Actor) -> tuple[Person, ...]:
    """Those whose figures ``actor`` may see: everybody who works on vehicles, or only themselves."""
    with records.read() as session:
        everybody = list_staff(session, sort="name", limit=MOST_PEOPLE).items
    working = [each for each in everybody if each.active and (each.role == Role.TECHNICIAN.value or each.skills)]
    if not may(actor, "figures.read"):
        working = [each for each in everybody if actor.kind == "staff" and each.id == actor.id]
    return tuple(Person(each.id, each.name or "") for each in working)


def read_performance(records: Records, actor: Actor, staff_id: str, days: int) -> Performance:
    """The last so many days of the shop, today among them. Raises ``Denied``, ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        today = day_of(now(session))
        start = moment(today - dt.timedelta(days=days - 1), 0)
        return performance(session, actor, staff_id, start=start, end=moment(today + dt.timedelta(days=1), 0))


def write_money(found: Dashboard, file: Path) -> int:
    """The days of the chart as CSV, money in major units; how many. Raises ``OSError``."""
    header = (tr("Day"), tr("Invoices"), tr("Net"), tr("Cost"), tr("Gross profit"), tr("Currency"))
    rows = [
        (each.day, each.invoices, *(plain_amount(sum_, found.currency) for sum_ in (each.net, each.cost, each.profit)),
         found.currency)
        for each in found.money
    ]  # fmt: skip
    return _write(file, header, rows)


def write_performance(found: Performance, file: Path) -> int:
    """The completed orders as CSV; how many. Raises ``OSError``."""
    header = (
        tr("Order number"), tr("Make"), tr("Model"), tr("Done on"), tr("Hours sold"), tr("Hours worked"), tr("On time"),
    )  # fmt: skip
    words = {True: tr("Yes"), False: tr("No"), None: ""}
    rows = [
        (
            each.number, each.make, each.model, day_of(each.done_at).isoformat(), number(each.sold / 1000),
            number(each.worked / 1000), words[each.on_time],
        )
        for each in found.orders
    ]  # fmt: skip
    return _write(file, header, rows)


def _write(file: Path, header: Sequence[object], rows: Sequence[Sequence[object]]) -> int:
    """As a spreadsheet of this language opens it: where the decimal sign is a comma, cells are apart by semicolons."""
    file.parent.mkdir(parents=True, exist_ok=True)
    apart = ";" if number(0.5) == "0,5" else ","
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=apart)
        writer.writerow(header)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return len(rows)
