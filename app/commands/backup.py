"""``bayline backup FILE``: everything the workshop knows in one file, also while its terminals work."""

import argparse
from pathlib import Path

from app import values
from app.failure import BadArgument, Failure
from app.founded import place_of
from app.home import chosen_home
from app.progress import Told
from app.saying import complain, say
from core.language import mark, tr

NAME = "backup"
MEANING = mark("write the records and their files into one file; the terminal may go on working")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=values.file, metavar=tr("FILE"), help=tr("the file to write; it must be new"))


def run(options: argparse.Namespace) -> int:
    import core.models  # noqa: F401 - every table that is to be copied
    from core.records.backup import backup
    from core.records.errors import RecordsError
    from core.records.files import FileStore

    folder = chosen_home(getattr(options, "home", None))
    place = place_of(folder)
    file: Path = options.file.expanduser().absolute()
    _require_new(file)
    progress = Told()
    try:
        made = backup(place, FileStore(folder / "files"), file, progress)
    except RecordsError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        why = error.strerror or error
        raise Failure(tr("The backup could not be written to {path}: {why}.", path=file, why=why)) from error
    finally:
        progress.end()
    say(tr("The backup is in {path}.", path=file))
    for name in made.damaged:
        complain(tr("Left out because it is damaged: the file {name}", name=name))
    return 0


def _require_new(file: Path) -> None:
    """A backup is never written over another one. An empty file is nothing to lose: ``mktemp`` makes one."""
    try:
        if file.is_dir() or (file.exists() and file.stat().st_size):
            raise BadArgument(tr("{path} exists already; a backup is never written over anything.", path=file))
    except OSError as error:
        raise BadArgument(f"{file}: {error.strerror or error}") from error
