"""When a value was written, comparable on every terminal: a hybrid logical clock.

A stamp is 32 hexadecimal digits: 48 bits of milliseconds, 16 bits of counter, and 64 bits that are drawn anew at every
start of a program and only break ties. Stamps compare as text. The tie is deliberately not the site: when a cloned disk
forces a site to be renumbered (``core.sync.forks``), stamps, and so every row, stay as they are; and two copies of one
disk never make the same stamp.

Source: Kulkarni et al., "Logical Physical Clocks" (2014), whose receive rule is used with one counter.
"""

import re
from dataclasses import dataclass

from core.records.ids import Entropy

LENGTH = 32
ZERO = "0" * LENGTH

_FORM = re.compile(f"[0-9a-f]{{{LENGTH}}}")

_COUNTER = 16
_LATEST_MS = (1 << 46) - 1  # the year 4199: what a wall clock says beyond it, or before 1970, is not taken for a time

END = f"{1 << 63:016x}"  # half of all stamps: no clock that only rises by counting gets there


@dataclass(slots=True)
class HybridClock:
    """The clock of one running program. ``last`` (64 bits) is kept in the database with the rows it stamped.

    ``last`` never falls, whatever the wall clock does: 2009 after a dead battery, an hour back in autumn.
    """

    tie: int
    last: int = 0

    def tick(self, wall_ms: int) -> str:
        """The stamp of something written now; larger than every stamp given or seen before."""
        self.last = max(self.last + 1, min(max(wall_ms, 0), _LATEST_MS) << _COUNTER)
        return self.stamp(self.last)

    def stamp(self, value: int) -> str:
        return f"{value:016x}{self.tie:016x}"

    def saw(self, stamp: str) -> None:
        """Take notice of a stamp from elsewhere: what is written here from now on is later."""
        value = int(stamp[:16], 16)
        self.last = max(self.last, value)


def new_tie(entropy: Entropy) -> int:
    return entropy.getrandbits(64)


def is_stamp(text: object) -> bool:
    """Whether this is the text of a stamp, as from a wire.

    One at the end of time is none: whoever took notice of it could write nothing later ever after.
    """
    return isinstance(text, str) and _FORM.fullmatch(text) is not None and text < END


def milliseconds(stamp: str) -> int:
    """UTC milliseconds of a stamp, as far as the clocks it has met were right."""
    return int(stamp[:12], 16)
