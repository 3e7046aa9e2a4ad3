"""``bayline check``: whether the records are whole: database, log of changes, every file. Also while serving."""

import argparse
import json
from typing import TYPE_CHECKING

from app.failure import Exit, Failure
from app.founded import place_of
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr, trn

if TYPE_CHECKING:
    from core.records.checking import Report

NAME = "check"
MEANING = mark("check the records: the database, the log of changes, every file")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help=tr("print a JSON object with integrity, tables, vector, files and chain"),
    )


def run(options: argparse.Namespace) -> int:
    import core.models  # noqa: F401 - every table that is to be checked
    from core.records.checking import check
    from core.records.errors import RecordsError
    from core.records.files import FileStore

    folder = chosen_home(getattr(options, "home", None))
    place = place_of(folder)
    try:
        report = check(place, FileStore(folder / "files"))
    except RecordsError as error:
        raise Failure(str(error)) from error
    if options.json:
        say(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        say("\n".join(_in_words(report)))
    return Exit.DONE if report.ok else Exit.SOMETHING_WRONG


def _in_words(report: "Report") -> list[str]:
    rows = sum(count for count, _ in report.tables.values())
    transactions = sum(seq for scopes in report.vector.values() for seq in scopes.values())
    return [
        _line(tr("The database"), report.integrity),
        _line(tr("The log of changes"), report.chain),
        trn("{count} row", "{count} rows", rows),
        trn("{count} change in the log", "{count} changes in the log", transactions),
        trn("{count} file", "{count} files", report.files.count),
        *(tr("Not here yet: the file {name}", name=name) for name in report.files.missing),
        *(tr("Damaged: the file {name}", name=name) for name in report.files.corrupt),
        tr("Everything is as it should be.") if report.ok else tr("Something is wrong."),
    ]


def _line(what: str, said: str) -> str:
    return f"{what}: {tr('whole') if said == 'ok' else said}"
