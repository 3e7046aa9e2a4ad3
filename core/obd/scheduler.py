"""What to ask next: a rate and a priority per PID, earliest deadline first, up to six PIDs a request.

Every PID has a deadline: the time it was last asked plus its period. Among those that are due, the ones on the screen
go first, then tablets, then the background; within one priority the earliest deadline. Nothing starves: what is overdue
by more than a second and two periods goes before everything. When the adapter cannot keep up, all fast signals slow
down together and slow ones still get their turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum


class Priority(IntEnum):
    """Who is waiting for the value."""

    SCREEN = 0
    TABLET = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class Want:
    """A PID of an ECU, wanted ``hz`` times a second."""

    ecu: str
    pid: int
    hz: float
    priority: Priority = Priority.SCREEN

    def joined(self, other: "Want") -> "Want":
        """Two people want the same: the higher rate, the more urgent of the two."""
        return Want(self.ecu, self.pid, max(self.hz, other.hz), min(self.priority, other.priority))


@dataclass(frozen=True, slots=True)
class Task:
    """One request: these PIDs of this ECU, in this order."""

    ecu: str
    pids: tuple[int, ...]


STRIKES = 3  # misses in a row until a PID is asked less often
ALONE_AFTER = 2  # misses in a row until a PID is asked alone: some ECUs refuse a whole batch for one PID
LONGEST_REST_S = 30.0


@dataclass(slots=True)
class _Item:
    want: Want
    due: float
    misses: int = 0
    asked: int = 0  # equal deadlines: whoever was asked less often
    rest: float = 0.0

    def urgency(self, now: float) -> tuple[int, float, int]:
        period = 1.0 / self.want.hz
        starving = now - self.due > 1.0 + 2 * period
        return (-1 if starving else self.want.priority, self.due, self.asked)


@dataclass(slots=True)
class Scheduler:
    """Single-threaded: the link thread owns it."""

    _items: dict[tuple[str, int], _Item] = field(default_factory=dict)

    def want(self, wants: Iterable[Want], now: float) -> None:
        """Replace the set of wanted PIDs; those that stay keep their deadlines and their record."""
        merged: dict[tuple[str, int], Want] = {}
        for want in wants:
            key = (want.ecu, want.pid)
            other = merged.get(key)
            merged[key] = want if other is None else want.joined(other)
        items: dict[tuple[str, int], _Item] = {}
        for key, want in merged.items():
            item = self._items.get(key)
            if item is None:
                items[key] = _Item(want, now)
            else:
                item.want = want
                item.due = min(item.due, now + 1.0 / want.hz) if not item.rest else item.due
                items[key] = item
        self._items = items

    def next(self, now: float, max_pids: int) -> Task | float:
        """The next request, or the seconds until something is due (infinite when nothing is wanted)."""
        due = [item for item in self._items.values() if item.due <= now]
        if not due:
            return min((item.due for item in self._items.values()), default=float("inf")) - now
        due.sort(key=lambda item: item.urgency(now))
        first = due[0]
        if first.misses >= ALONE_AFTER or max_pids == 1:
            return Task(first.want.ecu, (first.want.pid,))
        mates = [i for i in due if i.want.ecu == first.want.ecu and i.misses < ALONE_AFTER][:max_pids]
        if len(mates) < max_pids:
            mates += self._soon(first.want.ecu, now, {i.want.pid for i in mates})[: max_pids - len(mates)]
        # Always in table order: the same set of PIDs is then the same request, whose answer's length is known.
        return Task(first.want.ecu, tuple(i.want.pid for i in sorted(mates, key=lambda i: i.want.pid)))

    def _soon(self, ecu: str, now: float, taken: set[int]) -> list[_Item]:
        """Company for a request that has room: what would be due within a third of its period anyway."""
        soon = [
            item
            for item in self._items.values()
            if item.want.ecu == ecu
            and item.want.pid not in taken
            and item.misses == 0
            and item.due - now <= 0.33 / item.want.hz
        ]
        return sorted(soon, key=lambda item: item.due)

    def done(self, task: Task, answered: Iterable[int], asked_at: float) -> None:
        """The request went out at ``asked_at`` and these PIDs came back."""
        got = set(answered)
        for pid in task.pids:
            item = self._items.get((task.ecu, pid))
            if item is None:
                continue  # no longer wanted
            period = 1.0 / item.want.hz
            item.asked += 1
            if pid in got:
                item.misses = 0
                item.rest = 0.0
                # Keep the rhythm, but never try to catch up on what is lost.
                item.due = max(item.due + period, asked_at + 0.5 * period)
            else:
                item.misses += 1
                if item.misses >= STRIKES and len(task.pids) == 1:
                    item.rest = min(LONGEST_REST_S, max(1.0, 2 * item.rest, period))
                item.due = asked_at + max(period, item.rest)
