"""``bayline import-undo [IMPORT]``: take back an import as a whole; without one, list them."""

import argparse
import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.failure import Failure
from app.founded import through
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.sync.bay import Bay

NAME = "import-undo"
MEANING = mark("take back an import as a whole, or list the imports there were")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("batch", nargs="?", metavar=tr("IMPORT"), help=tr("its id, as “bayline import” printed it"))


def run(options: argparse.Namespace) -> int:
    folder = chosen_home(getattr(options, "home", None))
    if options.batch is None:
        _list(through(folder, lambda control: control.imports(), _imports))
        return 0
    wanted = options.batch
    done = through(folder, lambda control: control.take_back(wanted), lambda bay: _take_back(bay, wanted))
    say(tr("{count} rows of the import were taken back.", count=done["hidden"]))
    if done["stayed"]:
        say(tr("{count} stay: somebody has worked on them since.", count=done["stayed"]))
    return 0


def _list(found: list[dict[str, Any]]) -> None:
    for each in found:
        when = datetime.fromtimestamp(each["at"] / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
        undone = f"  ({tr('taken back')})" if each["undone"] else ""
        who = f"  {each['actor_name']}" if each["actor_name"] else ""
        say(f"{each['id']}  {when}  {each['kind']}  {each['file']}{who}{undone}")
    if not found:
        say(tr("Nothing was imported yet."))


def _imports(bay: "Bay") -> list[dict[str, Any]]:
    from core.csv_files.batches import imports

    with bay.records.read() as session:
        return [dataclasses.asdict(each) for each in imports(session)]


def _take_back(bay: "Bay", batch: str) -> dict[str, Any]:
    from core.csv_files.batches import take_back_import
    from core.people.roles import SYSTEM
    from core.records.input import Refused

    try:
        return dataclasses.asdict(take_back_import(bay.records, SYSTEM, batch))
    except Refused as error:
        raise Failure(str(error)) from error
