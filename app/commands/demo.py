"""``bayline demo``: the terminal on a throw-away garage with a simulated car."""

import argparse

from app import values
from core.language import mark, tr

NAME = "demo"
MEANING = mark("start the terminal on a throw-away garage with a simulated car")
PORT = 8420
SIZE = 1400  # as in app.demo_past.telling, which is not imported to print the help


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=values.port,
        metavar="N",
        help=tr("port of the page (default: {port}, or the next free one)", port=PORT),
    )
    parser.add_argument(
        "--seed", type=values.seed, default=1, metavar="N", help=tr("another garage and drive for each number")
    )
    parser.add_argument(
        "--size",
        type=values.count,
        default=SIZE,
        metavar="N",
        help=tr("about so many repair orders in two years (default: {size})", size=SIZE),
    )
    parser.add_argument("--lan", action="store_true", help=tr("open the page to other devices in the network"))


def run(options: argparse.Namespace) -> int:
    from app import demo, demo_workshop, terminal
    from app.progress import Told

    with demo.garage(getattr(options, "home", None)) as home, demo.simulated_car(options.seed) as address:
        telling = Told()
        demo_workshop.equip(home.folder, options.seed, options.size, telling)
        telling.end()
        wishes = terminal.Wishes(
            port=PORT if options.port is None else options.port,
            lan=options.lan,
            address=address,
            demo=True,
            next_free_port=options.port is None,
        )
        return terminal.run(home, wishes)
