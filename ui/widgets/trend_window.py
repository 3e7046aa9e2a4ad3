"""Which stretch of time all trends show, and where the cursors are: one object, so that nothing can disagree.

``view_time`` is the moment a person looks at: None while they follow what happens now. In a live session a window of a
fixed length ends there; in a recording, whose future is known, it lies about the position. The whole session
(``length`` None) shows the moment as a line.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.language import mark, tr

# Lengths offered, s; None is the whole session.
LENGTHS: dict[float | None, str] = {
    10.0: mark("10 s"),
    30.0: mark("30 s"),
    60.0: mark("1 min"),
    300.0: mark("5 min"),
    900.0: mark("15 min"),
    None: mark("All"),
}
DEFAULT_LENGTH = 60.0
SHORTEST, LONGEST = 1.0, 48 * 3600.0  # s
WHOLE_STEP = 1.25  # the window of the whole session grows by this, so that it is not drawn anew all the time
WHOLE_LEAST = 10.0  # s


def length_words(length: float | None) -> str:
    """What a button for a window of that length says."""
    if length in LENGTHS:
        return tr(LENGTHS[length])
    assert length is not None
    return tr("{n} s", n=round(length)) if length < 60 else tr("{n} min", n=round(length / 60, 1))


@dataclass(frozen=True, slots=True)
class Cursors:
    """Times marked, s: the cursor, and A and B between which differences are measured. None: not set."""

    at: float | None = None
    pinned: bool = False  # the cursor stays when the pointer leaves
    a: float | None = None
    b: float | None = None

    @property
    def measuring(self) -> bool:
        return self.a is not None and self.b is not None


class TrendWindow(QObject):
    """The shared time axis. ``changed``: another stretch of time is seen; ``cursors_changed``: a cursor moved.

    ``view_time_changed`` carries the moment looked at (float, s) or None for now, only when a person changed it here.
    In a recording it is the position asked for; where it is shown, ``follow`` says.
    """

    changed = Signal()
    cursors_changed = Signal()
    view_time_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.length: float | None = DEFAULT_LENGTH
        self.view_time: float | None = None
        self.cursors = Cursors()
        self.recorded = False  # a recording: from start to end is known, and now is the position in it
        self._now = 0.0
        self._span = (0.0, 0.0)

    # --- what is seen

    def follow(self, now: float, span: tuple[float, float] | None) -> None:
        """Tell what time it is and from when to when there are samples, s."""
        self._now, self._span = now, span or (now, now)

    @property
    def live(self) -> bool:
        return self.view_time is None

    @property
    def bounds(self) -> tuple[float, float]:
        """Start and end of what is seen, s."""
        start, last = self._span[0], max(self._span[1], self._now)
        if self.length is None:
            steps = math.ceil(math.log(max(1.0, (last - start) / WHOLE_LEAST), WHOLE_STEP) - 1e-9)
            return start, max(last, start + 1.0) if self.recorded else start + WHOLE_LEAST * WHOLE_STEP**steps
        at = self._now if self.view_time is None else self.view_time
        if not self.recorded:
            return at - self.length, at
        begin = max(start, min(at - self.length / 2, last - self.length))
        return begin, begin + self.length

    @property
    def moment(self) -> float:
        """The moment looked at, s."""
        return self._now if self.view_time is None else self.view_time

    @property
    def playhead(self) -> float | None:
        """The moment looked at where the window does not end with it, s; None where it does."""
        return self.moment if self.recorded or (self.length is None and not self.live) else None

    @property
    def session(self) -> tuple[float, float]:
        """From the first sample to now, s."""
        return self._span[0], max(self._span[1], self._now)

    # --- what a person does with it

    def set_length(self, length: float | None) -> None:
        """Show ``length`` seconds, or with None the whole session."""
        wanted = None if length is None else min(max(length, SHORTEST), LONGEST)
        if wanted != self.length:
            self.length = wanted
            self.changed.emit()

    def set_view_time(self, t: float | None) -> None:
        """Look at ``t`` because something else (the timeline) says so; None follows what happens now."""
        if t != self.view_time:
            self.view_time = t
            self.changed.emit()

    def look_at(self, t: float | None) -> None:
        """A person looks at ``t`` here; at or after now that is to follow what happens."""
        first, last = self.session
        if self.recorded:
            self.view_time_changed.emit(min(max(self._now if t is None else t, first), last))
            return
        if t is not None:
            t = None if t >= last else max(t, first)
        if t != self.view_time:
            self.set_view_time(t)
            self.view_time_changed.emit(t)

    def pan(self, seconds: float) -> None:
        """Move the window by ``seconds``, later when positive."""
        if self.length is not None:
            self.look_at(self.moment + seconds)

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Show ``factor`` times as much; ``about`` (s) stays where it is. While it follows now, now does."""
        start, end = self.bounds
        if self.length is None:
            end = min(end, self.session[1])
        length = min(max((end - start) * factor, SHORTEST), LONGEST)
        if self.length is not None and length == self.length:
            return
        if self.recorded:
            about = None  # the position stays in the middle
        if about is not None and not (self.live and self.length is not None) and end > start:
            share = min(max((end - about) / (end - start), 0.0), 1.0)
            self.length = length
            self.look_at(about + share * length)
        self.length = length
        self.changed.emit()

    # --- cursors

    def set_cursor(self, t: float | None, pinned: bool = False) -> None:
        """Put the cursor at ``t`` s; None takes it away."""
        self._mark(Cursors(t, pinned and t is not None, self.cursors.a, self.cursors.b))

    def set_marks(self, a: float | None, b: float | None) -> None:
        """Measure from ``a`` to ``b`` s; None takes a mark away."""
        self._mark(Cursors(self.cursors.at, self.cursors.pinned, a, b))

    def measure(self, on: bool) -> None:
        """Set both marks where a person can see them, or take them away."""
        if not on:
            self.set_marks(None, None)
            return
        start, end = self.bounds
        end = min(end, self.session[1])
        third = (end - start) / 3
        a = self.cursors.at if self.cursors.at is not None and start <= self.cursors.at <= end else start + third
        self.set_marks(a, start + 2 * third if a < start + 1.5 * third else start + third)

    def _mark(self, cursors: Cursors) -> None:
        if cursors != self.cursors:
            self.cursors = cursors
            self.cursors_changed.emit()
