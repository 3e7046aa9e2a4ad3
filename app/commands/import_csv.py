"""``bayline import KIND FILE``: the rows of another program's table, shown before one of them is written."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import values
from app.failure import BadArgument, Failure
from app.founded import through
from app.home import chosen_home
from app.progress import Told
from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.csv_files.requests import Request
    from core.sync.bay import Bay

NAME = "import"
MEANING = mark("bring in vehicles, customers, parts or history from a CSV file")
BAD_ROWS = 1  # the exit status when rows have problems, and nothing was written
_SHOWN = 20  # problems on a screen; --json has all of them


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar=tr("KIND"), help=tr("vehicles, customers, parts or history"))
    parser.add_argument("file", type=values.file, metavar=tr("FILE"), help=tr("a CSV file in any usual encoding"))
    parser.add_argument(
        "--mapping", metavar="M", help=tr("which column is what: a ready one (lubelogger), or a TOML file")
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar=tr("COLUMN=VALUE"),
        help=tr("the same in every row, as plate=B-MW 123"),
    )
    parser.add_argument("--dry-run", action="store_true", help=tr("only show what would be written"))
    parser.add_argument("--skip-bad", action="store_true", help=tr("write the good rows although others have problems"))
    parser.add_argument("--yes", action="store_true", help=tr("do not ask before writing"))
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))


def run(options: argparse.Namespace) -> int:
    from core.csv_files.kinds import KINDS
    from core.csv_files.requests import Request

    if options.kind not in KINDS:
        raise BadArgument(
            tr("“{kind}” cannot be imported. What can: {kinds}.", kind=options.kind, kinds=", ".join(KINDS))
        )
    file = options.file.absolute()
    mapping = options.mapping
    if mapping is not None and Path(mapping).is_file():
        mapping = str(Path(mapping).absolute())  # a running terminal stands in another folder
    request = Request(
        options.kind, file.name, mapping, _constants(options, KINDS[options.kind].columns),
        options.dry_run, options.skip_bad,
    )  # fmt: skip
    folder = chosen_home(getattr(options, "home", None))
    asking = not (options.dry_run or options.yes or options.json) and sys.stdin.isatty()
    found = _ask(folder, file, replace(request, dry_run=True) if asking else request)
    if not options.json:
        _show(found, file)
    if asking and found["new"] and not found["refused"] and _agreed(found["new"]):
        found = _ask(folder, file, request)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _tell(found)
    return BAD_ROWS if found["refused"] else 0


def _ask(folder: Path, file: Path, request: "Request") -> dict[str, Any]:
    """What the import found, and wrote; by the terminal that runs in the folder, or here."""
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise Failure(tr("{path} cannot be read: {why}.", path=file, why=error.strerror or error)) from error
    return through(
        folder,
        lambda control: control.imported(str(file), dataclasses.asdict(request)),
        lambda bay: _alone(bay, file, request),
    )


def _alone(bay: "Bay", file: Path, request: "Request") -> dict[str, Any]:
    from core.csv_files.mappings import MappingError
    from core.csv_files.reading import UnreadableError
    from core.csv_files.requests import run_import
    from core.people.roles import SYSTEM

    told = Told()
    step = tr("Writing")
    try:
        return run_import(bay.records, SYSTEM, request, file.read_bytes(), lambda done, total: told(step, done, total))
    except (UnreadableError, MappingError) as error:
        raise Failure(str(error)) from error
    finally:
        told.end()


def _constants(options: argparse.Namespace, columns: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for each in options.set:
        name, sign, value = each.partition("=")
        if not sign or name not in columns:
            names = ", ".join(columns)
            raise BadArgument(tr("“{text}” is not COLUMN=VALUE. The columns are: {names}.", text=each, names=names))
        found[name] = value
    return found


def _show(found: Mapping[str, Any], file: Path) -> None:
    from core.csv_files.cells import DAY_ORDERS, DayOrder

    days = tr(DAY_ORDERS[DayOrder(found["day_order"])])
    say(tr("{file}: {total} rows, read as {encoding}, delimiter {delimiter}, decimal sign {decimal}, days as {days}.",
           file=file.name, total=found["total"], encoding=found["encoding"], delimiter=repr(found["delimiter"]),
           decimal=repr(found["decimal"]), days=days))  # fmt: skip
    if not found["day_order_sure"]:
        say(tr("The days fit several orders: please check one of them, or say day_order in a mapping."))
    for ours, theirs in found["columns"].items():
        say(f"  {theirs} → {ours}")
    if found["unused"]:
        say(tr("Left out: {names}", names=", ".join(found["unused"])))
    for each in found["problems"][:_SHOWN]:
        say(tr("Line {line}, {column}: {words} {cure}", line=each["line"], column=each["column"] or "-",
               words=each["words"], cure=each["cure"]))  # fmt: skip
    if len(found["problems"]) > _SHOWN:
        say(tr("… and {count} more; --json shows them all.", count=len(found["problems"]) - _SHOWN))
    say(tr("To be written: {new}. Here already, and left as they are: {already}. With problems: {bad}.",
           new=found["new"], already=found["already"], bad=found["bad_lines"]))  # fmt: skip


def _tell(found: Mapping[str, Any]) -> None:
    if found["written"]:
        say(tr("{count} rows were written. “bayline import-undo {id}” takes them back.", count=found["written"],
               id=found["import"]))  # fmt: skip
    elif found["refused"]:
        say(tr("Nothing was written: mend these rows first, or leave them out with --skip-bad."))
    else:
        say(tr("Nothing was written."))


def _agreed(count: int) -> bool:
    print(tr("Write {count} rows? [y/N]", count=count), end=" ", flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes", "j", "ja")
