"""Figures about the vehicles somebody looks for: how many, how far driven, how old, what they burn, how often served.

No statement joins the vehicles to something they have several of, so none is counted twice; services are counted one by
one, in the year in which each was, not the vehicles by the year of their last one.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from core.records.input import LARGEST
from core.records.moment import now
from core.vehicles.models import Vehicle
from core.vehicles.search import Services, VehicleCriteria, last_value, wanted

FIRST_YEAR = 1980  # of services: no shop has older ones in a computer


@dataclass(frozen=True, slots=True)
class Share:
    """So many have this. ``name`` None: nothing is said about it."""

    name: str | None
    count: int


@dataclass(frozen=True, slots=True)
class VehicleFigures:
    """Means are None when nothing is known: they are of those vehicles that have a reading, or a date.

    ``mean_odometer_km`` whole km; ``mean_age_months`` since they were built, or else first registered, or else since
    January of their model year. ``services`` by the year in which they were, the oldest first.
    """

    count: int
    with_odometer: int
    mean_odometer_km: int | None
    with_age: int
    mean_age_months: int | None
    fuel_types: tuple[Share, ...]
    statuses: tuple[Share, ...]
    services: tuple[tuple[int, int], ...]


def vehicle_figures(
    session: Session,
    criteria: VehicleCriteria,
    *,
    services: Services | None = None,
    seen: ColumnElement[bool] | None = None,
) -> VehicleFigures:
    """The figures of the vehicles that meet ``criteria``, in three statements. Raises ``Refused``."""
    query = wanted(session, criteria, services, seen)
    chosen = query.with_only_columns(
        Vehicle.id, Vehicle.fuel_type, Vehicle.status, last_value.label("odometer")
    ).subquery()
    here = chosen.c
    groups = session.execute(
        select(here.fuel_type, here.status, func.count(), func.count(here.odometer), func.sum(here.odometer)).group_by(
            here.fuel_type, here.status
        )
    ).all()
    fuels: Counter[str | None] = Counter()
    statuses: Counter[str | None] = Counter()
    for fuel, status, count, _, _ in groups:
        fuels[fuel] += count
        statuses[status] += count
    with_odometer = sum(each[3] for each in groups)
    with_age, months = _ages(session, query)
    return VehicleFigures(
        count=sum(fuels.values()),
        with_odometer=with_odometer,
        mean_odometer_km=_mean(sum(int(each[4] or 0) for each in groups), with_odometer),
        with_age=with_age,
        mean_age_months=_mean(months, with_age),
        fuel_types=_shares(fuels),
        statuses=_shares(statuses),
        services=() if services is None else _served(session, query, services),
    )


def _ages(session: Session, query: Select[tuple[Vehicle]]) -> tuple[int, int]:
    """How many have an age, and the sum of them in months.

    Days are text and may come from anywhere: they are read here, where nonsense is passed over, and not by a database.
    """
    born = func.coalesce(func.substr(Vehicle.manufacture_date, 1, 7), func.substr(Vehicle.first_registration, 1, 7))
    rows = session.execute(query.with_only_columns(born, Vehicle.year, func.count()).group_by(born, Vehicle.year))
    today = dt.datetime.fromtimestamp(now(session) / 1000)
    this_month = today.year * 12 + today.month - 1
    ages = [
        (max(0, this_month - month), count) for day, year, count in rows if (month := _month(day, year)) is not None
    ]
    return sum(count for _, count in ages), sum(age * count for age, count in ages)


def _month(written: str | None, year: int | None) -> int | None:
    """Months since the year 0 of "2019-03", or of January of a model year."""
    try:
        if written is not None:
            found = dt.date.fromisoformat(f"{written}-01")
            return found.year * 12 + found.month - 1
    except ValueError:
        pass
    return year * 12 if year is not None and dt.MINYEAR <= year <= dt.MAXYEAR else None


def _served(session: Session, query: Select[tuple[Vehicle]], services: Services) -> tuple[tuple[int, int], ...]:
    """Services by year of the calendar that hangs here. What has no moment, or one nobody believes, is in no year."""
    by_vehicle = services.by_vehicle()
    here = by_vehicle.where(by_vehicle.selected_columns.vehicle_id.in_(query.with_only_columns(Vehicle.id)))
    # With a limit, of all there can be: without one SQLite would look up the moment anew for each comparison of it.
    done = here.limit(LARGEST).subquery()
    years = range(dt.datetime.fromtimestamp(now(session) / 1000).year, FIRST_YEAR - 1, -1)
    begins = {year: int(dt.datetime(year, 1, 1).timestamp() * 1000) for year in (*years, years[0] + 1)}
    # The latest first: most services are of this year and the last, and the first that fits counts.
    year = case(*((done.c.at >= begins[each], each) for each in years))
    believed = (done.c.at >= begins[FIRST_YEAR], done.c.at < begins[years[0] + 1])
    counted = select(year.label("year"), func.count()).where(*believed).group_by("year")
    return tuple(sorted((int(row[0]), int(row[1])) for row in session.execute(counted)))


def _mean(total: int, count: int) -> int | None:
    return (2 * total + count) // (2 * count) if count else None


def _shares(counted: Counter[str | None]) -> tuple[Share, ...]:
    """The most frequent first, what nobody said last."""
    ordered = sorted(counted.items(), key=lambda each: (each[0] is None, -each[1], each[0] or ""))
    return tuple(Share(name, count) for name, count in ordered)
