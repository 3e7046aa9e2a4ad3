"""The command line: what can be typed, with words for each, and refusals a person can act on."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app import VERSION, values
from app.commands import (
    backup,
    check,
    demo,
    export,
    import_csv,
    import_undo,
    init,
    obd_ports,
    obd_watch,
    pair_join,
    pair_open,
    peers,
    peers_remove,
    pictures,
    restore,
    serve,
    simulate,
    terminal,
    token,
    tokens,
    tokens_revoke,
)
from core.language import mark, tr

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]


class Verb(Protocol):
    """A module of ``app.commands``."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a constant of a module

    @property
    def MEANING(self) -> str: ...  # noqa: N802

    def declare(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


BARE = "terminal"  # what `bayline` alone means
_WITH_VALUE = ("--home",)
_WITHOUT_VALUE = ("-v", "--verbose")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options, with ``run`` among them. Ends the program (status 2, or 0 for help) as argparse does."""
    return build().parse_args(_with_verb(list(arguments)))


def build() -> argparse.ArgumentParser:
    """The whole parser, in the language in use."""
    everywhere = _everywhere()
    parser = argparse.ArgumentParser(
        prog="bayline",
        description=tr("The software a garage runs on: live diagnostics at the bay, one workshop on every terminal. "
                       "Without a command it starts the terminal."),
        epilog=tr("“bayline COMMAND --help” explains a command. “bayline demo” needs neither car nor adapter."),
        parents=[everywhere],
        allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument(
        "--version", action="version", version=f"bayline {VERSION}", help=tr("print the version and end")
    )
    verbs = parser.add_subparsers(metavar=tr("COMMAND"), required=True, title=tr("commands"))
    for verb in (terminal, demo, serve, init):
        _add(verbs, verb, everywhere)
    _group(verbs, "pair", mark("let a terminal join the workshop, or join one"), (pair_open, pair_join), everywhere)
    _listing(verbs, peers, peers_remove, everywhere)
    _add(verbs, token, everywhere)
    _listing(verbs, tokens, tokens_revoke, everywhere)
    for verb in (import_csv, import_undo, export, check, backup, restore, pictures, simulate):
        _add(verbs, verb, everywhere)
    _group(verbs, "obd", mark("look at adapters and cars without a terminal"), (obd_watch, obd_ports), everywhere)
    return parser


def _group(verbs: "Verbs", name: str, meaning: str, inner: Sequence[Verb], everywhere: argparse.ArgumentParser) -> None:
    """A verb that only does something with a second one."""
    said = tr(meaning)
    parser = verbs.add_parser(name, help=said, description=said, parents=[everywhere], allow_abbrev=False)
    commands = parser.add_subparsers(metavar=tr("COMMAND"), required=True, title=tr("commands"))
    for verb in inner:
        _add(commands, verb, everywhere)


def _listing(verbs: "Verbs", verb: Verb, inner: Verb, everywhere: argparse.ArgumentParser) -> None:
    """A verb that lists something, and with a second one does something to one of it."""
    commands = _add(verbs, verb, everywhere).add_subparsers(metavar=tr("COMMAND"), title=tr("commands"))
    _add(commands, inner, everywhere)


def _add(verbs: "Verbs", verb: Verb, everywhere: argparse.ArgumentParser) -> argparse.ArgumentParser:
    meaning = tr(verb.MEANING)
    parser = verbs.add_parser(verb.NAME, help=meaning, description=meaning, parents=[everywhere], allow_abbrev=False)
    verb.declare(parser)
    parser.set_defaults(run=verb.run)
    return parser


def _everywhere() -> argparse.ArgumentParser:
    """Options that stand before or after the command. Without a default, or the later place would undo the earlier."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--home",
        type=values.folder,
        default=argparse.SUPPRESS,
        metavar=tr("DIR"),
        help=tr("data folder (default: BAYLINE_HOME, or the system's usual place)"),
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        default=argparse.SUPPRESS,
        help=tr("say on stderr what is going on"),
    )
    return parser


def _with_verb(arguments: list[str]) -> list[str]:
    """``bayline --port 9000`` means ``bayline terminal --port 9000``."""
    at = 0
    while at < len(arguments):
        word = arguments[at]
        if word in _WITH_VALUE:
            at += 2
        elif word in _WITHOUT_VALUE or word.startswith("--home="):
            at += 1
        else:
            break
    if at > len(arguments):  # an option without its value: argparse says which
        return arguments
    first = arguments[at] if at < len(arguments) else ""
    if not first or (first.startswith("-") and first not in ("-h", "--help", "--version")):
        return [*arguments[:at], BARE, *arguments[at:]]
    return arguments


def home_in(arguments: Sequence[str]) -> Path | None:
    """The folder after ``--home``, looked up before anything is checked."""
    for at, word in enumerate(arguments):
        if word == "--home" and at + 1 < len(arguments):
            return Path(arguments[at + 1])
        if word.startswith("--home="):
            return Path(word.partition("=")[2])
    return None


__all__ = ["build", "home_in", "parse"]
