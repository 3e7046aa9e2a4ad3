"""``bayline obd watch ADDRESS``: what a car says, on standard output."""

import argparse

from app import values
from core.language import mark, tr

NAME = "watch"
MEANING = mark("print the values of chosen signals as fast as the link gives them")
DEFAULT = "0C,0D,05"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "address",
        metavar=tr("ADDRESS"),
        help=tr("serial:///dev/ttyUSB0, tcp://192.168.0.10:35000 or can://socketcan/can0?bitrate=500000"),
    )
    parser.add_argument(
        "--signals",
        default=DEFAULT,
        metavar=tr("LIST"),
        help=tr("PIDs or names with commas between, for example 0C,0D,coolant_temperature (default: {list})",
                list=DEFAULT),
    )  # fmt: skip
    parser.add_argument(
        "--seconds",
        type=values.seconds,
        metavar="N",
        help=tr("end after this time, counted from the first connect (default: until Ctrl+C)"),
    )
    parser.add_argument(
        "--json", action="store_true", help=tr("a JSON line for every sample, and one with the summary at the end")
    )


def run(options: argparse.Namespace) -> int:
    from app import watch_report  # brings the whole link along

    return watch_report.watch(options.address, options.signals, options.seconds, as_json=options.json)
