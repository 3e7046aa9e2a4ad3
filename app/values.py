"""What may stand behind an option: numbers and places, refused in words."""

import argparse
import math
from pathlib import Path

from core.language import tr


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


def folder(text: str) -> Path:
    """Any folder that is named: nothing would mean the one we happen to be in."""
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("the name of a folder is missing"))
    return Path(text)
