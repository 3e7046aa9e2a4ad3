"""``bayline init``: found a workshop, without a window."""

import argparse
import json

from app import values
from app.database import chosen_database
from app.failure import Failure
from app.founded import require_unfounded
from app.home import Home, chosen_home
from app.saying import say
from core.language import mark, tr

NAME = "init"
MEANING = mark("found a workshop: this terminal is its first")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workshop", type=values.name, required=True, metavar=tr("NAME"), help=tr("what the workshop is called")
    )
    parser.add_argument(
        "--terminal", type=values.name, required=True, metavar=tr("NAME"), help=tr("what this terminal is called")
    )
    parser.add_argument(
        "--json", action="store_true", help=tr("print a JSON object with workshop, terminal, terminal_id, device_id")
    )


def run(options: argparse.Namespace) -> int:
    from app.founding import found_workshop
    from core.records.errors import RecordsError
    from core.trust.errors import TrustError

    folder = chosen_home(getattr(options, "home", None))
    database = chosen_database()
    require_unfounded(folder)
    home = Home(folder)
    home.take()
    try:
        require_unfounded(folder)
        try:
            made = found_workshop(folder, options.workshop, options.terminal, database)
        except (RecordsError, TrustError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            raise Failure(tr("The workshop could not be founded: {why}", why=why)) from error
    finally:
        home.release()
    if options.json:
        told = {
            "workshop": made.workshop_name,
            "terminal": made.terminal_name,
            "terminal_id": made.terminal_id,
            "device_id": made.device_id,
        }
        say(json.dumps(told, ensure_ascii=False))
    else:
        say(
            tr(
                "The workshop “{workshop}” is founded in {path}. This terminal is “{terminal}”.",
                workshop=made.workshop_name,
                terminal=made.terminal_name,
                path=folder,
            )
        )
        say(tr("Start it with “bayline serve”, and let others join with “bayline pair open”."))
    return 0
