"""``bayline export DIR``: everything out, in files any program reads."""

import argparse
import json

from app import values
from app.failure import Failure
from app.founded import place_of
from app.home import chosen_home
from app.progress import Told
from app.saying import say
from core.language import mark, tr

NAME = "export"
MEANING = mark("write everything into CSV files and copies of all papers and photos; also while a terminal runs")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=values.folder, metavar=tr("DIR"), help=tr("an empty folder, or a new one"))
    parser.add_argument("--json", action="store_true", help=tr("print JSON"))


def run(options: argparse.Namespace) -> int:
    from sqlalchemy.orm import Session

    from core.csv_files.exporting import export
    from core.people.roles import SYSTEM
    from core.records.engines import read_only
    from core.records.errors import RecordsError
    from core.records.files import FileStore

    folder = chosen_home(getattr(options, "home", None))
    engine = read_only(place_of(folder))
    told = Told()
    try:
        with Session(engine) as session:
            done = export(session, SYSTEM, FileStore(folder / "files"), options.folder, told)
    except RecordsError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        why = error.strerror or error
        raise Failure(tr("{path} cannot be written: {why}.", path=options.folder, why=why)) from error
    finally:
        engine.dispose()
        told.end()
    if options.json:
        print(json.dumps({"rows": dict(done.rows), "files": done.files, "missing": done.missing}))
        return 0
    say(tr("{rows} rows in {files} tables are in {folder}.", rows=sum(done.rows.values()), files=len(done.rows),
           folder=options.folder))  # fmt: skip
    if done.missing:
        say(tr("{count} papers or photos have not arrived at this terminal yet.", count=done.missing))
    return 0
