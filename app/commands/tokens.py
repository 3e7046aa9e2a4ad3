"""``bayline tokens``: the tokens that were given out."""

import argparse
import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.founded import through
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.sync.bay import Bay

NAME = "tokens"
MEANING = mark("list the tokens that programs and tablets have")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=tr("print a JSON array of objects with id, name, role and revoked_at")
    )


def run(options: argparse.Namespace) -> int:
    folder = chosen_home(getattr(options, "home", None))
    tokens = through(folder, lambda control: control.tokens(), read)
    if options.json:
        say(json.dumps(tokens, ensure_ascii=False))
    elif not tokens:
        say(tr("Nobody has a token. “bayline token” makes one."))
    else:
        say("\n".join(f"{one['id']}  {one['role']}  {one['name']}{_until(one['revoked_at'])}" for one in tokens))
    return 0


def read(bay: "Bay") -> list[dict[str, Any]]:
    """From the records themselves."""
    from server.api.control import every_token

    with bay.records.read() as session:
        return [asdict(one) for one in every_token(session)]


def _until(revoked_at: int | None) -> str:
    if revoked_at is None:
        return ""
    return "  " + tr("taken back {moment}", moment=time.strftime("%Y-%m-%d %H:%M", time.localtime(revoked_at / 1000)))
