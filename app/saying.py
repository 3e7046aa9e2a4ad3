"""Lines for the person at the command line: answers on stdout, trouble on stderr, each at once."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path


def say(text: str) -> None:
    """A line on stdout. Flushed: somebody may be reading it through a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr, flush=True)


def open_mouth() -> None:
    """Make stdout and stderr take whatever is said: started without them (``>&-``, a service, no console on Windows)
    it is said to nobody, and a character they do not have (a file name that is no text) is spelt out."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:  # else the next file or socket would get the free number
        pass
    os.close(handle)
    # Python's own annotations leave out that both can be None (documentation of sys.__stdout__).
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as we run
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def hold_tongue() -> None:
    """Stdout takes nothing any more. The interpreter would complain when it flushes at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
