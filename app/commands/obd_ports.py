"""``bayline obd ports``: what is plugged in."""

import argparse
import json
from typing import TYPE_CHECKING

from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.obd.ports import Port

NAME = "ports"
MEANING = mark("list the adapters that are plugged in, with their addresses")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help=tr("print a JSON array of objects with address, title and kind")
    )


def run(options: argparse.Namespace) -> int:
    from core.obd.ports import list_ports

    ports = list_ports()
    if options.json:
        say(json.dumps([port.as_dict() for port in ports], ensure_ascii=False))
    else:
        say("\n".join(_in_words(ports)))
    return 0


def _in_words(ports: "list[Port]") -> list[str]:
    if not ports:
        return [
            tr("Nothing that looks like an adapter is plugged in."),
            tr("A WiFi adapter is not listed: join its network and use tcp://192.168.0.10:35000."),
        ]
    width = max(len(port.address) for port in ports)
    return [f"{port.address:<{width}}  {port.title}" for port in ports]
