"""``bayline pictures DIR``: every screen as a picture, drawn on the demo garage."""

import argparse
import os
from contextlib import ExitStack
from pathlib import Path

from app import interrupts, values
from app.failure import Failure
from app.saying import say
from core import language
from core.language import mark, tr

NAME = "pictures"
MEANING = mark("draw every screen into a folder, in both themes and two sizes")
SECONDS = 40.0  # by then the demo's driver has raised the first alarm


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar=tr("DIR"), help=tr("where the PNG files go; created if need be"))
    parser.add_argument(
        "--seconds",
        type=values.seconds,
        default=SECONDS,
        metavar="N",
        help=tr("let the car drive this long before the first picture (default: {seconds:.0f})", seconds=SECONDS),
    )
    parser.add_argument("--seed", type=values.seed, default=1, metavar="N", help=tr("another drive for each number"))


def run(options: argparse.Namespace) -> int:
    from app import demo, demo_workshop, screen, terminal
    from app.settings import SettingsFile

    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the same pictures on every machine, and none flashes on the screen
    if obstacle := screen.no_toolkit():
        raise Failure(obstacle)
    with ExitStack() as stack:
        home = stack.enter_context(demo.throw_away_home())
        demo_workshop.equip(home.folder, options.seed)
        address = stack.enter_context(demo.simulated_car(options.seed))
        file = SettingsFile(home.folder)
        settings = file.load()
        settings.language = language.current()
        wishes = terminal.Wishes(port=8420, address=address, demo=True, next_free_port=True)
        shown = terminal.Terminal(home, settings, wishes)
        stack.callback(shown.stop)
        stack.callback(interrupts.stopping)
        shown.start()
        from app.window import draw

        try:
            files = draw(shown, file, options.folder, options.seconds)
        except OSError as error:
            raise Failure(str(error)) from error
        say(tr("{count} pictures in {folder}", count=len(files), folder=options.folder))
        return 0
