"""``bayline restore FILE``: begin again with the records of a backup."""

import argparse
from pathlib import Path

from app import values
from app.database import chosen_database
from app.failure import Failure
from app.home import Home, chosen_home
from app.progress import Told
from app.saying import say
from app.settings import SettingsFile
from core.language import mark, tr

NAME = "restore"
MEANING = mark("begin again with the records of a backup")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=values.file, metavar=tr("FILE"), help=tr("what “bayline backup” wrote"))
    parser.add_argument(
        "--move-aside",
        action="store_true",
        help=tr("when the data folder holds records already: keep them in a folder beside, and take their place"),
    )
    parser.add_argument(
        "--terminal",
        type=values.name,
        metavar=tr("NAME"),
        help=tr("what this terminal is called when it is none of the workshop's (default: the computer's name)"),
    )


def run(options: argparse.Namespace) -> int:
    from app.restoring import begin_again, occupied
    from core.records.errors import RecordsError
    from core.trust.errors import TrustError

    folder = chosen_home(getattr(options, "home", None))
    file: Path = options.file.expanduser().absolute()
    database = chosen_database()
    if not file.is_file():
        raise Failure(tr("There is no file {path}.", path=file))
    home = Home(folder)
    home.take()
    progress = Told()
    try:
        if occupied(folder) and not options.move_aside:
            raise Failure(
                tr(
                    "{path} holds records already, and a backup is not written over them. Choose an empty data folder, "
                    "or keep them beside with --move-aside.",
                    path=folder,
                )
            )
        name = options.terminal or SettingsFile(folder).load().name()
        aside = begin_again(folder, file, name, progress, database)
    except (RecordsError, TrustError) as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(tr("The backup could not be restored: {why}.", why=error.strerror or error)) from error
    finally:
        progress.end()
        home.release()
    say(tr("The records of {file} are in {path}.", file=file, path=folder))
    if aside is not None:
        say(tr("What was there before is in {path}.", path=aside))
    return 0
