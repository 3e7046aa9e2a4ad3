"""``bayline peers remove DEVICE``: take a terminal out of the workshop."""

import argparse
from typing import TYPE_CHECKING, Any

from app.commands.peers import remembered
from app.control import Control
from app.failure import BadArgument
from app.founded import through
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.sync.bay import Bay

NAME = "remove"
MEANING = mark("take a terminal out of the workshop: nobody who hears of it talks to it any more")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "device", metavar=tr("DEVICE"), help=tr("its device id, as “bayline peers” shows it, or its name")
    )


def run(options: argparse.Namespace) -> int:
    folder = chosen_home(getattr(options, "home", None))
    name = through(folder, lambda control: _ask(control, options.device), lambda bay: _remove_here(bay, options.device))
    say(tr("“{name}” is no longer a terminal of this workshop.", name=name))
    return 0


def _ask(control: Control, wanted: str) -> str:
    peer = chosen(control.peers(), wanted)
    control.remove(peer["device_id"])
    return str(peer["name"])


def _remove_here(bay: "Bay", wanted: str) -> str:
    from core.people.roles import SYSTEM
    from server.sync.roster import remove_terminal

    peer = chosen(remembered(bay), wanted)
    remove_terminal(bay, peer["device_id"], SYSTEM.reference)
    return str(peer["name"])


def chosen(peers: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """The peer meant by a device id or a name. Raises ``BadArgument`` when that is nobody, or not clear."""
    for peer in peers:
        if peer["device_id"].casefold() == wanted.strip().casefold():
            if peer["state"] == "removed":
                raise BadArgument(tr("“{name}” has been removed already.", name=peer["name"]))
            return peer
    named = [peer for peer in peers if peer["name"] == wanted.strip() and peer["state"] != "removed"]
    if len(named) == 1:
        return named[0]
    if named:
        raise BadArgument(tr("Several terminals are called “{name}”: say which one by its device id.", name=wanted))
    raise BadArgument(
        tr("No other terminal of this workshop is called “{name}” or has this device id. “bayline peers” lists them.",
           name=wanted)
    )  # fmt: skip
