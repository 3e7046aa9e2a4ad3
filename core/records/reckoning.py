"""What time it is where the clock cannot be right: the last time that is known, and what has passed since.

A terminal with a dead battery wakes up in 2009, but its clock goes on from there second by second. So hours that were
begun and ended on it are as long as they were, although nobody knows when they were.
"""

import threading

EARLIEST = 1_760_000_000_000  # UTC ms, autumn 2025: a clock before it has lost its battery
LONGEST_MS = 7 * 86_400_000  # between two looks at a clock; more was no time that passed but somebody setting it


class Reckoning:
    """Of one running program; asked by the writer and by readers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present = 0
        self._said = 0

    def present(self, said: int, known: int) -> int:
        """UTC milliseconds. ``said``: by this machine's clock; ``known``: the latest moment that was written down
        anywhere, as far as is known here (the hybrid clock's).
        """
        if said >= EARLIEST or known < EARLIEST:
            return said
        with self._lock:
            passed = said - self._said
            if not 0 <= passed <= LONGEST_MS:
                passed = 0
            self._present, self._said = max(known, self._present + passed), said
            return self._present
