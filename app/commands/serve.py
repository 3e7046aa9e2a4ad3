"""``bayline serve``: the terminal without a window."""

import argparse

from app import values
from app.failure import BadArgument
from app.home import Home, chosen_home
from core.language import mark, tr

NAME = "serve"
MEANING = mark("start the terminal without a window: the page, and the workshop's records")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=values.port, metavar="N", help=tr("port of the page (default: the setting, 8420)")
    )
    parser.add_argument(
        "--host",
        metavar=tr("ADDR"),
        help=tr("listen on this address of the computer only (default: 127.0.0.1; in a workshop, all of them)"),
    )
    parser.add_argument("--lan", action="store_true", help=tr("open the page to other devices in the network"))
    parser.add_argument(
        "--address", metavar=tr("ADAPTER"), help=tr("use this adapter, for this run (see “bayline obd ports”)")
    )
    parser.add_argument(
        "--no-discovery",
        action="store_true",
        help=tr("neither look for the workshop's terminals in the network nor be found by them"),
    )
    parser.add_argument(
        "--peer",
        type=values.terminal,
        action="append",
        default=[],
        metavar=tr("ADDRESS"),
        help=tr("a terminal of the workshop that is not found by itself; may be given several times"),
    )


def run(options: argparse.Namespace) -> int:
    if options.lan and options.host is not None:
        raise BadArgument(tr("--lan listens on every address; give it or --host, not both."))
    from app import terminal  # brings Qt's and the server's worlds along: help and errors need neither

    home = Home(chosen_home(getattr(options, "home", None)))
    home.take()
    try:
        return terminal.run(
            home,
            terminal.Wishes(
                port=options.port,
                host=options.host,
                lan=options.lan,
                address=options.address,
                window=False,
                discovery=False if options.no_discovery else None,
                peers=tuple(options.peer),
            ),
        )
    finally:
        home.release()
