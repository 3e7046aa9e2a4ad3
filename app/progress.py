"""How far something long has come, on stderr: one line that is written over on a screen, few lines in a log."""

import sys
import time
from collections.abc import Callable

from core.language import tr

_EVERY_S = 0.2  # on a screen
_EVERY_LINE_S = 5.0  # in a log


class Told:
    """``core.sync.views.Progress``: call it with a step in the user's words, what is done and what there is to do."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._step = ""
        self._last = float("-inf")
        self._shown = 0  # characters on the line that is written over

    def __call__(self, step: str, done: int, total: int) -> None:
        now = self._clock()
        on_screen = sys.stderr.isatty()
        whole = total > 0 and done >= total
        fresh = step != self._step
        if not (fresh or whole) and now - self._last < (_EVERY_S if on_screen else _EVERY_LINE_S):
            return
        if fresh and on_screen:
            self.end()
        self._step, self._last = step, now
        text = f"{step}: {_share(done, total)}" if total > 0 or done > 0 else step
        if on_screen:
            print("\r" + text.ljust(self._shown), end="", file=sys.stderr, flush=True)
            self._shown = len(text)
        else:
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line that is written over."""
        if self._shown:
            print(file=sys.stderr, flush=True)
            self._shown = 0


def _share(done: int, total: int) -> str:
    if total <= 0:
        return str(done)
    return tr("{percent} %", percent=min(100, 100 * done // total))
