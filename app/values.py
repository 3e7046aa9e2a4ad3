"""What may stand behind an option: numbers and places, refused in words."""

import argparse
import math
from pathlib import Path

from core.language import tr

LONGEST_NAME = 60  # as the setting terminal.name


def port(text: str) -> int:
    """0 (any free one) to 65535."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5) or int(text) > 65535:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a port: 1 to 65535, or 0 for a free one", text=text))
    return int(text)


def seconds(text: str) -> float:
    """A time longer than nothing, shorter than for ever."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value <= 0:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a number of seconds above 0", text=text))
    return value


def seed(text: str) -> int:
    """Any whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a whole number", text=text)) from None


def count(text: str) -> int:
    """How many of something: 1 to a million."""
    if not (text.isascii() and text.isdigit() and len(text) <= 7) or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a number from 1 to 1,000,000", text=text))
    return int(text)


def file(text: str) -> Path:
    """Any file that is named."""
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("the name of a file is missing"))
    return Path(text)


def folder(text: str) -> Path:
    """Any folder that is named: nothing would mean the one we happen to be in."""
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("the name of a folder is missing"))
    return Path(text)


def terminal(text: str) -> str:
    """Another terminal's address, ``https://HOST:PORT``: what people type may lack the beginning and the port."""
    from core.sync.views import SyncError
    from server.sync.whereabouts import normal_address

    try:
        return normal_address(text)
    except SyncError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def name(text: str) -> str:
    """What a workshop or a terminal is called: one line with something in it."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise argparse.ArgumentTypeError(tr("a name is missing"))
    if len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise argparse.ArgumentTypeError(tr("a name has at most {count} letters, in one line", count=LONGEST_NAME))
    return cleaned
