"""``bayline peers``: the other terminals of the workshop, and how things stand with each."""

import argparse
import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.founded import through
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr, trn

if TYPE_CHECKING:
    from core.sync.bay import Bay

NAME = "peers"
MEANING = mark("list the workshop's other terminals")

_STATES = {
    "in step": mark("in step"),
    "syncing": mark("syncing"),
    "away": mark("away"),
    "never seen": mark("never seen"),
    "differs": mark("differs"),
    "refused": mark("refused"),
    "removed": mark("removed"),
}


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help=tr("print a JSON array of objects with device_id, name, state, address, last_contact and more"),
    )


def run(options: argparse.Namespace) -> int:
    folder = chosen_home(getattr(options, "home", None))
    peers = through(folder, lambda control: control.peers(), remembered)
    if options.json:
        say(json.dumps(peers, ensure_ascii=False))
    else:
        say("\n".join(_in_words(peers)))
    return 0


def remembered(bay: "Bay") -> list[dict[str, Any]]:
    """What the records alone know of the others: nobody is asked."""
    from server.sync.roster import remembered_peers

    return [asdict(peer) for peer in remembered_peers(bay)]


def _in_words(peers: list[dict[str, Any]]) -> list[str]:
    if not peers:
        return [tr("This is the workshop's only terminal. “bayline pair open” lets another one join.")]
    rows = [_row(peer) for peer in peers]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip() for row in rows
    ]


def _row(peer: dict[str, Any]) -> tuple[str, str, str, str]:
    state = tr(_STATES.get(peer["state"], peer["state"]))
    told = [_seen(peer.get("last_contact"))]
    if peer.get("waiting_out"):
        told.append(trn("{count} change to send", "{count} changes to send", peer["waiting_out"]))
    if peer.get("waiting_in"):
        told.append(trn("{count} change to fetch", "{count} changes to fetch", peer["waiting_in"]))
    if peer.get("problem"):
        told.append(str(peer["problem"]))
    return str(peer["name"]), state, str(peer["device_id"]), ", ".join(filter(None, told))


def _seen(last_contact: int | None) -> str:
    if last_contact is None:
        return ""
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(last_contact / 1000))
    return tr("last contact {moment}", moment=moment)
