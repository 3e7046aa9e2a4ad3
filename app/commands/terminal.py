"""``bayline``: the terminal at this bay."""

import argparse

from app import values
from app.home import Home, chosen_home
from core.language import mark, tr

NAME = "terminal"
MEANING = mark("start the terminal (also without a command)")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=values.port, metavar="N", help=tr("port of the page for phones (default: the setting, 8420)")
    )
    parser.add_argument(
        "--lan", action="store_true", help=tr("open the page to other devices in the network, for this run")
    )
    parser.add_argument(
        "--address", metavar=tr("ADAPTER"), help=tr("use this adapter, for this run (see “bayline obd ports”)")
    )


def run(options: argparse.Namespace) -> int:
    from app import terminal  # brings Qt's and the server's worlds along: help and errors need neither

    home = Home(chosen_home(getattr(options, "home", None)))
    home.take()
    try:
        return terminal.run(
            home, terminal.Wishes(port=options.port, lan=options.lan, address=options.address, window=True)
        )
    finally:
        home.release()
