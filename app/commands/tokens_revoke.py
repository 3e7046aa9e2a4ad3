"""``bayline tokens revoke TOKEN``: take a token back."""

import argparse
from typing import TYPE_CHECKING, Any

from app.commands.tokens import read
from app.control import Control
from app.failure import BadArgument
from app.founded import through
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.sync.bay import Bay

NAME = "revoke"
MEANING = mark("take a token back: it opens nothing any more, wherever that is heard")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("token", metavar=tr("TOKEN"), help=tr("its id, as “bayline tokens” shows it, or its name"))


def run(options: argparse.Namespace) -> int:
    folder = chosen_home(getattr(options, "home", None))
    name = through(folder, lambda control: _ask(control, options.token), lambda bay: _revoke_here(bay, options.token))
    say(tr("The token of “{name}” was taken back.", name=name))
    return 0


def _ask(control: Control, wanted: str) -> str:
    token = chosen(control.tokens(), wanted)
    control.revoke(token["id"])
    return str(token["name"])


def _revoke_here(bay: "Bay", wanted: str) -> str:
    from core.people.roles import SYSTEM
    from core.people.tokens import revoke_token

    token = chosen(read(bay), wanted)
    bay.records.change(SYSTEM.reference, lambda session: revoke_token(session, SYSTEM, token["id"]))
    return str(token["name"])


def chosen(tokens: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """The token meant by an id or a name. Raises ``BadArgument`` when that is none, or not clear."""
    valid = [one for one in tokens if one["revoked_at"] is None]
    found = [one for one in valid if wanted.strip() in (one["id"], one["name"])]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadArgument(tr("Several tokens are called “{name}”: say which one by its id.", name=wanted))
    raise BadArgument(
        tr("There is no token “{name}” that is valid. “bayline tokens” lists those there are.", name=wanted)
    )
