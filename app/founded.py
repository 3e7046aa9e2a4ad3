"""A data folder that belongs to a workshop, as the commands use it: through the terminal that runs in it, or alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app import control
from app.control import Control
from app.database import chosen_database, place_of_records
from app.failure import Failure
from app.home import PATIENCE_S, Home
from core.language import tr

if TYPE_CHECKING:
    from core.sync.bay import Bay

T = TypeVar("T")


def require_founded(folder: Path) -> None:
    """Raises ``Failure`` when nobody has founded or joined a workshop in ``folder``, which is left as it is."""
    from core.sync.founding import is_founded

    if not is_founded(folder):
        raise Failure(
            tr(
                "There is no workshop in {path}. “bayline init” founds one, “bayline pair join” joins one. Or choose "
                "another folder with --home.",
                path=folder,
            )
        )


def require_unfounded(folder: Path) -> None:
    """Raises ``Failure`` when ``folder`` belongs to a workshop already."""
    from core.sync.founding import is_founded

    if is_founded(folder):
        raise Failure(tr("{path} belongs to a workshop already. Choose another data folder with --home.", path=folder))


def place_of(folder: Path) -> Path | str:
    """Where the records of ``folder`` are: a file, or a database's URL. Raises ``Failure``."""
    require_founded(folder)
    return place_of_records(folder, chosen_database())


def through(folder: Path, running: Callable[[Control], T], alone: Callable[["Bay"], T]) -> T:
    """Ask the terminal that runs in ``folder``; when none does, open its records and do it here.

    Raises ``Failure``, also for what the records say of themselves (``RecordsError``).
    """
    require_founded(folder)
    home = Home(folder)
    if not home.try_to_take():
        return _ask(home, running, alone)
    return _alone(home, alone)


def _ask(home: Home, running: Callable[[Control], T], alone: Callable[["Bay"], T]) -> T:
    """A terminal that starts has the folder before it takes commands; one that stops, after. Both are waited for."""
    try:
        return running(Control.of(home.folder))
    except control.NoAnswer:
        if home.try_to_take(PATIENCE_S):
            return _alone(home, alone)
    return running(Control.of(home.folder))


def _alone(home: Home, alone: Callable[["Bay"], T]) -> T:
    try:
        control.withdraw(home.folder)  # whoever wrote it is gone: the folder is ours
        with opened(home.folder) as bay:
            return alone(bay)
    finally:
        home.release()


def running_in(folder: Path, what_for: str) -> Control:
    """The terminal that runs in ``folder``. Raises ``Failure`` with ``what_for`` when none does."""
    require_founded(folder)
    home = Home(folder)
    if home.try_to_take():
        home.release()
        raise Failure(what_for)
    try:
        return Control.of(folder)
    except control.NoAnswer:
        if home.try_to_take(PATIENCE_S):
            home.release()
            raise Failure(what_for) from None
    return Control.of(folder)


@contextmanager
def opened(folder: Path) -> Iterator["Bay"]:
    """The records and the identity in ``folder``, whose lock is ours. Raises ``Failure``."""
    from core.records.errors import RecordsError
    from core.sync.bay import Bay, NotFoundedError
    from core.sync.views import SyncError
    from core.trust.errors import TrustError

    database = chosen_database()
    place_of_records(folder, database)
    try:
        bay = Bay.open(folder, database)
    except (RecordsError, TrustError, NotFoundedError) as error:
        raise Failure(str(error)) from error
    try:
        yield bay
    except (RecordsError, SyncError) as error:
        raise Failure(str(error)) from error
    finally:
        bay.close()
