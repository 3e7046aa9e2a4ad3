"""``bayline pair open``: let another terminal join, with a code."""

import argparse
import json

from app.founded import running_in
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr

NAME = "open"
MEANING = mark("show the code that another terminal joins the workshop with; the terminal must be running")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=tr("print a JSON object with code, address and expires_s (seconds)")
    )


def run(options: argparse.Namespace) -> int:
    folder = chosen_home(getattr(options, "home", None))
    control = running_in(
        folder,
        tr(
            "No terminal is running with the data folder {path}: another one joins through one that runs. Start it "
            "with “bayline serve”, then ask again.",
            path=folder,
        ),
    )
    offer = control.open_pairing()
    code, address, seconds = str(offer["code"]), str(offer["address"]), int(offer["expires_s"])
    if options.json:
        say(json.dumps({"code": code, "address": address, "expires_s": seconds}))
    else:
        say(tr("The code: {code} (for {seconds} seconds)", code=f"{code[:4]} {code[4:]}", seconds=seconds))
        say(tr("At the other terminal: bayline pair join {address} {code} --terminal NAME", address=address, code=code))
    return 0
