"""Where gauges stand: a grid of cells in which others make way for the one that is moved, or the move is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ui.widgets.gauge_model import LEAST_CELLS, Cells, Dress, GaugeSpec

COLUMNS = 12
ROWS = 12
MOST_STEPS = 100  # of undo

Arrangement = tuple[GaugeSpec, ...]


def inside(cells: Cells) -> bool:
    """Whether a rectangle lies on the grid and is not empty."""
    return (
        cells.x >= 0
        and cells.y >= 0
        and cells.w > 0
        and cells.h > 0
        and cells.right <= COLUMNS
        and cells.bottom <= ROWS
    )


def clamped(cells: Cells, dress: Dress) -> Cells:
    """The rectangle pushed onto the grid, at least as large as ``dress`` can be read in."""
    least_w, least_h = LEAST_CELLS[dress]
    w, h = min(COLUMNS, max(least_w, cells.w)), min(ROWS, max(least_h, cells.h))
    return Cells(min(max(0, cells.x), COLUMNS - w), min(max(0, cells.y), ROWS - h), w, h)


def fits(cells: Cells, others: Iterable[Cells]) -> bool:
    """Whether a rectangle lies on the grid and overlaps none of ``others``."""
    return inside(cells) and not any(cells.overlaps(other) for other in others)


def nearest_spot(cells: Cells, others: Iterable[Cells]) -> Cells | None:
    """The free place for a rectangle of this size that is nearest to where it is; None when there is none."""
    taken = tuple(others)

    def distance(spot: Cells) -> tuple[int, int, int]:
        return (abs(spot.x - cells.x) + abs(spot.y - cells.y), spot.y, spot.x)

    free = [spot for spot in _spots(cells.w, cells.h) if fits(spot, taken)]
    return min(free, key=distance, default=None)


def first_spot(w: int, h: int, others: Iterable[Cells]) -> Cells | None:
    """The first free place in reading order; None when there is none."""
    taken = tuple(others)
    return next((spot for spot in _spots(w, h) if fits(spot, taken)), None)


def _spots(w: int, h: int) -> Iterator[Cells]:
    for y in range(ROWS - h + 1):
        for x in range(COLUMNS - w + 1):
            yield Cells(x, y, w, h)


def placed(arrangement: Arrangement, id: str, target: Cells) -> Arrangement | None:
    """The arrangement with gauge ``id`` at ``target``; those in its way move to the nearest free place.

    None when one of them has nowhere to go, or when ``target`` is off the grid. The order stays.
    """
    if not inside(target):
        return None
    staying = [spec.cells for spec in arrangement if spec.id != id and not spec.cells.overlaps(target)]
    pushed = [spec for spec in arrangement if spec.id != id and spec.cells.overlaps(target)]
    moved = {id: target}
    taken = [target, *staying]
    vacated = next(spec.cells for spec in arrangement if spec.id == id)
    # The largest first: it has the fewest places. One of the same size takes the place that became free.
    for spec in sorted(pushed, key=lambda one: (-one.cells.w * one.cells.h, one.cells.y, one.cells.x)):
        same = (spec.cells.w, spec.cells.h) == (vacated.w, vacated.h) and fits(vacated, taken)
        spot = vacated if same else nearest_spot(spec.cells, taken)
        if spot is None:
            return None
        moved[spec.id] = spot
        taken.append(spot)
    return tuple(replace(spec, cells=moved.get(spec.id, spec.cells)) for spec in arrangement)


def exchanged(arrangement: Arrangement, id: str, other: str) -> Arrangement | None:
    """Two gauges in each other's places and sizes; None when one would be too small there for its dress.

    What a person means by dropping one on another where the grid is full.
    """
    cells = {spec.id: spec.cells for spec in arrangement}
    swap = {id: cells[other], other: cells[id]}
    after = tuple(replace(spec, cells=swap.get(spec.id, spec.cells)) for spec in arrangement)
    return after if all(clamped(spec.cells, spec.dress) == spec.cells for spec in after if spec.id in swap) else None


def added(arrangement: Arrangement, spec: GaugeSpec) -> Arrangement | None:
    """The arrangement with one more gauge: where it says it stands if that is free, else at the first free place.

    Where there is no place of its size it becomes smaller, down to the least its dress can be read in; None when even
    that finds no room.
    """
    taken = [one.cells for one in arrangement]
    if fits(spec.cells, taken):
        return (*arrangement, spec)
    least_w, least_h = LEAST_CELLS[spec.dress]
    w, h = spec.cells.w, spec.cells.h
    while True:
        spot = first_spot(w, h, taken)
        if spot is not None:
            return (*arrangement, replace(spec, cells=spot))
        if w <= least_w and h <= least_h:
            return None
        w, h = (w - 1, h) if w - least_w > h - least_h else (w, h - 1)


def without(arrangement: Arrangement, id: str) -> Arrangement:
    """The arrangement with one gauge less; the others stay where they are."""
    return tuple(spec for spec in arrangement if spec.id != id)


def changed(arrangement: Arrangement, spec: GaugeSpec) -> Arrangement | None:
    """The arrangement with the gauge of the same id replaced; it grows to what its dress needs, if others can move."""
    bare = tuple(spec if one.id == spec.id else one for one in arrangement)
    wanted = clamped(spec.cells, spec.dress)
    return bare if wanted == spec.cells else placed(bare, spec.id, wanted)


def neighbour(arrangement: Arrangement, id: str, dx: int, dy: int) -> str | None:
    """The gauge a person means by an arrow key: the nearest one that way, straight ahead before aside."""
    here = next(spec.cells for spec in arrangement if spec.id == id)

    def cost(other: Cells) -> float | None:
        across = (other.x + other.w / 2 - here.x - here.w / 2, other.y + other.h / 2 - here.y - here.h / 2)
        ahead = across[0] * dx + across[1] * dy
        aside = abs(across[0] * dy) + abs(across[1] * dx)
        return ahead + 2.5 * aside if ahead > 0.25 else None

    costs = {spec.id: cost(spec.cells) for spec in arrangement if spec.id != id}
    found = {other: value for other, value in costs.items() if value is not None}
    return min(found, key=lambda other: found[other], default=None)


class History:
    """Steps of arranging, for undo and redo."""

    def __init__(self, now: Arrangement = ()) -> None:
        self._past: list[Arrangement] = []
        self._future: list[Arrangement] = []
        self.now = now

    def begin(self, now: Arrangement) -> None:
        """Another layout: nothing before it can be undone."""
        self._past, self._future, self.now = [], [], now

    def step(self, now: Arrangement) -> bool:
        """A person changed something; False when it is the same as before."""
        if now == self.now:
            return False
        self._past = [*self._past[-MOST_STEPS + 1 :], self.now]
        self._future, self.now = [], now
        return True

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def undo(self) -> bool:
        """Back to the arrangement before the last step."""
        if not self._past:
            return False
        self._future.append(self.now)
        self.now = self._past.pop()
        return True

    def redo(self) -> bool:
        """Take back the last undo."""
        if not self._future:
            return False
        self._past.append(self.now)
        self.now = self._future.pop()
        return True
