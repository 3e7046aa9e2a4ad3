"""``bayline token``: let a program use the HTTP interface in a role."""

import argparse

from app import values
from app.failure import BadArgument
from app.founded import through
from app.home import chosen_home
from app.saying import say
from core.language import mark, tr

NAME = "token"
MEANING = mark("make a token with which a program uses the HTTP interface")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role", required=True, metavar=tr("ROLE"), help=tr("what it may do: owner, manager, adviser, technician, "
                                                             "parts, viewer, customer or device")
    )  # fmt: skip
    parser.add_argument(
        "--name", type=values.name, required=True, metavar=tr("NAME"), help=tr("who it is for, as the log will name it")
    )


def run(options: argparse.Namespace) -> int:
    from core.people.roles import SYSTEM, Role
    from core.people.tokens import issue_token

    if options.role not in list(Role):
        raise BadArgument(
            tr("“{role}” is not a role. The roles are: {roles}.", role=options.role, roles=", ".join(Role))
        )
    folder = chosen_home(getattr(options, "home", None))
    secret = through(
        folder,
        lambda control: control.new_token(options.role, options.name),
        lambda bay: issue_token(bay.records, SYSTEM, options.role, options.name),
    )
    say(tr("The token of “{name}” ({role}); it is shown this once: {token}", name=options.name, role=options.role,
           token=secret))  # fmt: skip
    return 0
