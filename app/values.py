"""What may stand behind an option: numbers and places, refused in words."""

import argparse
import ipaddress
import math
import re
from pathlib import Path
from urllib.parse import urlsplit

from core.language import tr

PORT = 8420  # the default of the setting page.port: what an address without a port means
LONGEST_NAME = 60  # as the setting terminal.name
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?")


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


def terminal(text: str) -> str:
    """Another terminal's address, ``https://HOST:PORT``: what people type may lack the beginning and the port.

    The address of its page (``http://192.168.1.20:8420/``) means the same terminal.
    """
    typed = text.strip()
    if typed.count(":") > 1 and "//" not in typed and "[" not in typed:
        typed = f"[{typed}]"  # a bare IPv6 address
    try:
        parts = urlsplit(typed if "//" in typed else f"//{typed}")
        host, port = parts.hostname or "", parts.port
        plain = (
            parts.scheme in ("", "http", "https") and parts.path in ("", "/") and not (parts.query or parts.fragment)
        )
        if not plain or parts.username is not None or port == 0:
            raise ValueError
        if ":" in host:
            host = f"[{ipaddress.IPv6Address(host)}]"
        elif not _NAME.fullmatch(host):
            raise ValueError
    except ValueError:
        raise argparse.ArgumentTypeError(
            tr("“{text}” is not the address of a terminal, like https://192.168.1.20:8420", text=text)
        ) from None
    return f"https://{host}:{port or PORT}"


def name(text: str) -> str:
    """What a workshop or a terminal is called: one line with something in it."""
    cleaned = " ".join(text.split())
    if not cleaned:
        raise argparse.ArgumentTypeError(tr("a name is missing"))
    if len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise argparse.ArgumentTypeError(tr("a name has at most {count} letters, in one line", count=LONGEST_NAME))
    return cleaned
