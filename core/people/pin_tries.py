"""Wrong PINs at this terminal: after three of one person each further try waits longer, also after a restart.

Kept in a file of the data folder, not in the records: what somebody mistypes here is no business of the other
terminals, and a terminal that is away could not be asked anyway. A try is counted before the PIN is looked at, so that
pulling the plug buys none.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from core.durable import write_whole

logger = logging.getLogger(__name__)

FILE = "pin_tries.json"
FREE_TRIES = 3
FIRST_WAIT = 30.0  # seconds, after the third wrong PIN; doubled by each further one
LONGEST_WAIT = 1800.0


class PinTries:
    """The tries of each person. ``file`` None keeps them in memory only; ``wall``: seconds since 1970."""

    def __init__(self, file: Path | None, wall: Callable[[], float] = time.time) -> None:
        self._file, self._wall = file, wall
        self._lock = threading.Lock()
        self._wrong: dict[str, tuple[int, float]] = _read(file)  # person -> how often, when last

    def wait(self, person: str) -> float:
        """Seconds until the next PIN of this person is looked at; 0 when one may be tried now."""
        with self._lock:
            return self._wait(person)

    def left(self, person: str) -> int:
        """Tries before the next wait."""
        with self._lock:
            return max(1, FREE_TRIES - self._wrong.get(person, (0, 0.0))[0])

    def begin(self, person: str) -> bool:
        """Count a try, which is wrong until ``right`` is called; False while this person has to wait.

        Raises ``OSError`` when it cannot be kept: then no PIN is looked at, or the next restart would forget it.
        """
        with self._lock:
            if self._wait(person) > 0:
                return False
            before = self._wrong.get(person)
            self._wrong[person] = ((before[0] if before else 0) + 1, self._wall())
            try:
                self._keep()
            except OSError:
                if before is None:
                    del self._wrong[person]
                else:
                    self._wrong[person] = before
                raise
            return True

    def right(self, person: str) -> None:
        """The try was right: all that went before is forgotten. Raises ``OSError``."""
        with self._lock:
            if self._wrong.pop(person, None) is not None:
                self._keep()

    def _wait(self, person: str) -> float:
        often, last = self._wrong.get(person, (0, 0.0))
        if often < FREE_TRIES:
            return 0.0
        whole = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(often - FREE_TRIES, 20))
        # A clock that was put back must not lock somebody out for years: the pause begins anew at most.
        return max(0.0, min(whole, last + whole - self._wall()))

    def _keep(self) -> None:
        if self._file is not None:
            write_whole(self._file, json.dumps({"wrong": self._wrong}).encode())


def _read(file: Path | None) -> dict[str, tuple[int, float]]:
    """What the file says; one that cannot be read counts as a fresh start, and is said to be so."""
    if file is None:
        return {}
    try:
        kept = json.loads(file.read_bytes())["wrong"]
        return {str(person): (int(often), float(last)) for person, (often, last) in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        logger.warning("the wrong PINs counted in %s cannot be read: %s", file, error)
        return {}
