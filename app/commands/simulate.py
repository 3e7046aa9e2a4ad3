"""``bayline simulate``: a simulated car behind a simulated adapter, or on a CAN bus, for whoever wants to connect."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app import parent, values
from app.failure import BadArgument, Failure
from app.saying import say
from core.language import mark, tr

if TYPE_CHECKING:
    from core.obd.address import CanAddress
    from core.obd.simulator.car import Car
    from core.obd.simulator.faults import FaultScript

NAME = "simulate"
MEANING = mark("simulate a car behind an adapter, at the wire")
ADAPTER = "usb115200"


class _Node(Protocol):
    """A car that can be reached at ``address`` until it is stopped."""

    @property
    def address(self) -> str: ...

    def stop(self) -> None: ...


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--listen",
        required=True,
        metavar=tr("WHERE"),
        help=tr("tcp:HOST:PORT (port 0: a free one), pty, pty:PATH, or can:INTERFACE/CHANNEL for a car on a CAN bus"),
    )
    parser.add_argument(
        "--adapter",
        metavar=tr("MODEL"),
        help=tr("ideal, usb115200 (default), usb38400, bluetooth or clone; MODEL/DIALECT names the chip too: elm327, "
                "elm327-v1.4, stn, clone, clone-v2.1, clone-bt"),
    )  # fmt: skip
    parser.add_argument(
        "--car",
        type=Path,
        metavar=tr("FILE.toml"),
        help=tr(
            "the car: a file, or a name: compact_petrol (default), demo, diesel_van, old_hatchback, hybrid, faulty"
        ),
    )
    parser.add_argument(
        "--drive", type=Path, metavar=tr("FILE.csv"), help=tr("play this recorded drive instead of the driving model")
    )
    parser.add_argument(
        "--faults", type=Path, metavar=tr("FILE"), help=tr("a script of things that go wrong (TOML, see the README)")
    )
    parser.add_argument(
        "--seed", type=values.seed, default=0, metavar="N", help=tr("the same number gives the same drive and faults")
    )
    parser.add_argument(
        "--end-with-parent",
        action="store_true",
        help=tr("end when the program that started this one does, or when standard input ends"),
    )


def run(options: argparse.Namespace) -> int:
    if options.end_with_parent:
        parent.end_with_parent()
    node = _start(options)
    try:
        say(f"listening on {node.address}")  # read by programs: the same in every language
        while True:
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        node.stop()


def _start(options: argparse.Namespace) -> _Node:
    from core.obd.simulator.car import load_car
    from core.obd.simulator.faults import FaultScript

    # Everything that can be wrong with a car, a drive, a script or a place is a ValueError with words for a person.
    try:
        car = load_car(options.car, drive=options.drive, seed=options.seed)
        faults = FaultScript.load(options.faults) if options.faults is not None else None
        kind, _, place = options.listen.strip().partition(":")
        if kind == "can":
            return _on_bus(place, options, car, faults)
        if kind not in ("tcp", "pty"):
            raise BadArgument(tr("“{text}”: write tcp:HOST:PORT, pty or can:INTERFACE/CHANNEL.", text=options.listen))
        from core.obd.simulator.server import serve

        return serve(options.listen, options.adapter or ADAPTER, car, faults, options.seed)
    except ValueError as error:
        raise BadArgument(str(error)) from error


def _on_bus(place: str, options: argparse.Namespace, car: "Car", faults: "FaultScript | None") -> _Node:
    if options.adapter is not None:
        raise BadArgument(tr("--adapter goes with tcp: and pty; a car on a CAN bus has none."))
    address = _can_address(place)
    from core.obd.bytelink import LinkError
    from core.obd.simulator.can_node import serve_can  # python-can is loaded only when there is a bus

    try:
        return serve_can(address.interface, address.channel, address.bitrate, car, faults=faults, seed=options.seed)
    except LinkError as error:
        raise Failure(str(error)) from error


def _can_address(place: str) -> "CanAddress":
    from core.obd.address import AddressError, CanAddress, parse

    try:
        address = parse(f"can://{place.removeprefix('//')}")
    except AddressError as error:
        raise BadArgument(str(error)) from error
    assert isinstance(address, CanAddress)  # because of the scheme
    return address
