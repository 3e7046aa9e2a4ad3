"""Where columns and cards of the board stand: arithmetic alone, so that it can be tried without a window.

A column without cards folds to a stripe. Where the open ones do not fit, those fold that nobody works on (Delivered,
Booked), and only then the board becomes wider than the screen.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

GAP = 8.0  # px between columns, and between cards
STRIPE = 56.0  # of a folded column: a finger's width
FOLD_FIRST = ("delivered", "booked")


@dataclass(frozen=True, slots=True)
class Box:
    """A column: where it begins and how wide it is, px. ``folded``: only a stripe of it is shown."""

    status: str
    left: float
    width: float
    folded: bool

    @property
    def right(self) -> float:
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Slot:
    """A card's place below the head of its column, px, before anything is scrolled."""

    card: str
    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Stack:
    """Cards one below the other; ``height``: of all of them."""

    slots: tuple[Slot, ...] = ()
    height: float = 0.0
    _tops: tuple[float, ...] = field(default=())

    def between(self, top: float, bottom: float) -> tuple[Slot, ...]:
        """Those that are at least partly between two heights: what has to be painted."""
        first = max(0, bisect_right(self._tops, top) - 1)
        return tuple(each for each in self.slots[first : bisect_left(self._tops, bottom)] if each.bottom > top)

    def at(self, y: float) -> Slot | None:
        """The card at this height."""
        return next((each for each in self.between(y, y + 1) if each.top <= y < each.bottom), None)

    def before(self, y: float) -> float:
        """Where a line would be drawn for a card that is let go at this height."""
        return next((each.top for each in self.slots if y < each.top + each.height / 2), self.height)


def boxes(
    counts: Sequence[tuple[str, int]],
    room: float,
    *,
    least: float,
    widest: float,
    tight: float = 0.0,
    opened: Collection[str] = (),
    folded: Collection[str] = (),
) -> tuple[Box, ...]:
    """Columns side by side in ``room``. ``counts``: the states with how many cards each has.

    ``opened``: what a person opened stays open; ``folded``: what one folded stays folded. Open columns share the room,
    between ``least`` and ``widest`` each, and down to ``tight`` when with that all of them fit.
    """
    closed = {status for status, count in counts if (count == 0 or status in folded) and status not in opened}
    known = [status for status, _ in counts]
    for status in (each for each in FOLD_FIRST if each in known and each not in opened):
        if _width(len(known) - len(closed), len(closed), least) <= room:
            break
        closed.add(status)
    wide = len(known) - len(closed)
    least = tight if tight and _width(wide, len(closed), tight) <= room else least
    share = (room - len(closed) * STRIPE - (len(known) - 1) * GAP) / wide if wide else 0.0
    share = float(int(min(widest, max(least, share))))
    found, left = [], 0.0
    for status in known:
        width = STRIPE if status in closed else share
        found.append(Box(status, left, width, status in closed))
        left += width + GAP
    return tuple(found)


def stack(cards: Sequence[tuple[str, float]], gap: float = GAP, top: float = 0.0) -> Stack:
    """Cards with their heights, one below the other."""
    slots, at = [], top
    for card, height in cards:
        slots.append(Slot(card, at, height))
        at += height + gap
    return Stack(tuple(slots), max(top, at - gap) if slots else top, tuple(each.top for each in slots))


def neighbour(columns: Sequence[Sequence[str]], card: str, step: tuple[int, int]) -> str | None:
    """The card an arrow key goes to: beside it in the next column that has any, as far down, or above or below."""
    place = next(((x, y) for x, cards in enumerate(columns) for y, each in enumerate(cards) if each == card), None)
    if place is None:
        return next((cards[0] for cards in columns if cards), None)
    x, y = place
    if step[1]:
        return columns[x][max(0, min(len(columns[x]) - 1, y + step[1]))]
    x += step[0]
    while 0 <= x < len(columns):
        if columns[x]:
            return columns[x][min(y, len(columns[x]) - 1)]
        x += step[0]
    return card


def _width(wide: int, stripes: int, least: float) -> float:
    return wide * least + stripes * STRIPE + max(0, wide + stripes - 1) * GAP
