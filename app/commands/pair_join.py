"""``bayline pair join``: become a terminal of a workshop, through one that is in it."""

import argparse
import re

from app import values
from app.database import chosen_database
from app.failure import Exit, Failure
from app.founded import require_unfounded
from app.home import Home, chosen_home
from app.progress import Told
from app.saying import say
from core.language import mark, tr

NAME = "join"
MEANING = mark("join a workshop with the code that one of its terminals shows")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "address",
        type=values.terminal,
        metavar=tr("ADDRESS"),
        help=tr("the address shown with the code, like https://192.168.1.20:8420"),
    )
    parser.add_argument("code", metavar=tr("CODE"), help=tr("the eight digits"))
    parser.add_argument(
        "--terminal", type=values.name, required=True, metavar=tr("NAME"), help=tr("what this terminal is called")
    )


def run(options: argparse.Namespace) -> int:
    from core.records.errors import RecordsError
    from core.sync.views import SyncError, UnreachableError, WrongCodeError
    from server.sync.joining import join

    folder = chosen_home(getattr(options, "home", None))
    database = chosen_database()
    code = re.sub(r"[\s-]", "", options.code)
    if not re.fullmatch(r"[0-9]{8}", code):
        raise Failure(tr("“{code}” is not a code: it has eight digits.", code=options.code), Exit.WRONG_CODE)
    require_unfounded(folder)
    home = Home(folder)
    home.take()
    progress = Told()
    try:
        require_unfounded(folder)
        join(folder, options.address, code, options.terminal, progress, url=database)
    except WrongCodeError as error:
        raise Failure(str(error), Exit.WRONG_CODE) from error
    except UnreachableError as error:
        raise Failure(str(error), Exit.UNREACHABLE) from error
    except (SyncError, RecordsError) as error:
        raise Failure(str(error)) from error
    finally:
        progress.end()
        home.release()
    say(tr("“{name}” has joined the workshop. Start it with “bayline serve”.", name=options.terminal))
    return 0
