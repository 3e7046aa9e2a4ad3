"""Lines for the person at the command line: answers on stdout, trouble on stderr, each at once."""

import sys


def say(text: str) -> None:
    """A line on stdout. Flushed: somebody may be reading it through a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """A line on stderr."""
    print(text, file=sys.stderr, flush=True)
