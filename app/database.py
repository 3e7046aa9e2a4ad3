"""``BAYLINE_DATABASE``: another place for the records than the file in the data folder, refused in words."""

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.failure import BadArgument, Failure
from core.language import tr

VARIABLE = "BAYLINE_DATABASE"
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}


def chosen_database() -> str | None:
    """The SQLAlchemy URL of the environment; None when the records are in the data folder. Raises ``BadArgument``.

    The password never stands in the words: they end up in logs and on screens.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        return None
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise BadArgument(
            tr(
                "{variable} is not the address of a database: it looks like postgresql+psycopg://USER@HOST/NAME or "
                "sqlite:////FILE.",
                variable=VARIABLE,
            )
        ) from None
    _check(url)
    return named


def place_of_records(home: Path, database: str | None) -> Path | str:
    """Where the records of a terminal that belongs to a workshop are: a URL, or the file in ``home``, which is there.

    Raises ``Failure``: opening a file that is missing would make an empty one, for a person who only forgot the URL.
    """
    if database is not None:
        return database
    file = home / "records.db"
    if not file.exists():
        raise Failure(
            tr(
                "There are no records in {path}. If they are in another database, set {variable}.",
                path=home,
                variable=VARIABLE,
            )
        )
    return file


def _check(url: URL) -> None:
    shown = url.render_as_string(hide_password=True)
    backend = url.get_backend_name()
    if backend not in _DRIVERS:
        raise BadArgument(
            tr("{variable}: {url} is a database Bayline cannot use. It uses PostgreSQL and SQLite.",
               variable=VARIABLE, url=shown)
        )  # fmt: skip
    if "+" in url.drivername and url.get_driver_name() != _DRIVERS[backend]:
        raise BadArgument(
            tr("{variable}: {url} names a driver Bayline does not have. Write {form}.",
               variable=VARIABLE, url=shown, form=f"{backend}+{_DRIVERS[backend]}://…")
        )  # fmt: skip
    if not url.database or url.database == ":memory:":
        raise BadArgument(tr("{variable}: {url} does not name a database.", variable=VARIABLE, url=shown))
    if backend == "sqlite" and not Path(url.database).is_absolute():  # relative to whichever folder we happen to be in
        raise BadArgument(
            tr("{variable}: {url} is not an absolute path; it takes four slashes, as in sqlite:////FILE.",
               variable=VARIABLE, url=shown)
        )  # fmt: skip
