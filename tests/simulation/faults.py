"""What goes wrong, and when: a fuse that burns down with every statement, and the weather of a seed.

Every seed has its own weather: some faults never happen in it, others often. A run with a few kinds of faults gets
deeper into them than a run with a little of everything (Groce et al., "Swarm Testing", ISSTA 2012).
"""

import random
import sqlite3
from dataclasses import dataclass, fields

from sqlalchemy.exc import OperationalError


class SimulatedCrashError(BaseException):
    """The machine of one terminal stops here. Not an ``Exception``, so that nothing but the simulation catches it."""

    def __init__(self, terminal: str, where: str) -> None:
        super().__init__(f"{terminal} stops at {where}")
        self.terminal = terminal


class Fuse:
    """Stands at every statement and commit of a terminal's writer: lets a number of them pass, then blows.

    A machine that stopped stays stopped: every later statement of it fails in the same way, until it starts anew.
    """

    def __init__(self, terminal: str) -> None:
        self.terminal = terminal
        self.burned = 0  # statements since the start, for the trace
        self._left = -1  # -1: not lit
        self._crash = False
        self.stopped = False
        self.blew = ""

    def light(self, statements: int, *, crash: bool) -> None:
        """After ``statements`` more of them: the machine stops (``crash``), or the disk is full."""
        self._left, self._crash, self.blew = statements, crash, ""

    def put_out(self) -> None:
        self._left = -1

    def burn(self, where: str, *, writes: bool = True) -> None:
        """One more statement, called ``where``; one that does not write needs no room on the disk."""
        self.burned += 1
        if self.stopped:
            raise SimulatedCrashError(self.terminal, where)
        if self._left < 0 or not (writes or self._crash):
            return
        self._left -= 1
        if self._left >= 0:
            return
        self.blew = where
        if self._crash:
            self.stopped = True
            raise SimulatedCrashError(self.terminal, where)
        raise disk_full(where)


def disk_full(statement: str) -> OperationalError:
    """What SQLAlchemy raises when SQLite says SQLITE_FULL."""
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    full.sqlite_errorname = "SQLITE_FULL"
    return OperationalError(statement, (), full)


@dataclass(frozen=True, slots=True)
class Weather:
    """How often each fault happens in a seed: a probability each time it could, 0 never."""

    lost_request: float
    lost_reply: float
    duplicate: float
    replay: float  # an old message is answered again, much later
    cut: float  # the network falls into parts
    crash: float  # a fuse is lit at the next thing a terminal does
    full_disk: float
    clock: float
    clone: float
    restore: float
    older_program: float  # terminals that know fewer fields
    seed_new: float
    remove: float
    compact: float

    @classmethod
    def of(cls, random: random.Random) -> "Weather":
        calm = random.random() < 0.05  # now and then nothing at all goes wrong
        chances = {}
        for each in fields(cls):
            on = not calm and random.random() < 0.45
            chances[each.name] = random.choice((0.03, 0.1, 0.3)) if on else 0.0
        if chances["clone"]:
            # A known limit: what a terminal has is counted by its device, and copies of a disk are one device. What is
            # let go on the word of one copy can be lacking at the other, and come back once more as a second branch.
            # ``core.sync.bay.KEEP_MS`` keeps that away from daily life: copies are noticed before anything is that old.
            chances["compact"] = 0.0
        return cls(**chances)
