"""Where everything on the schedule stands: pure geometry, worked out anew when data, size or scrolling change."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from core.planning.intervals import Span, both, without
from core.planning.local_days import HOUR_MS, MINUTE_MS, at, day_span, moment
from core.planning.schedule_views import APPOINTMENT, Block, Row, Unplanned
from core.workshop.shop import CLOSES, OPENS
from ui import theme
from ui.schedule_reading import DAY, Board

SNAP_MIN = 15
SHORTEST_MS = SNAP_MIN * MINUTE_MS
ARRIVALS = "arrivals"  # the row of appointments that no time is set aside for
FEW = 8  # cards of the tray that one finds by looking
CUT = 64  # px, for the words that there are more orders than the tray holds
FOOT = 26  # px in a row of a week for who is away
COMING_PX = 150
DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where it is drawn."""

    block: Block
    row: str
    rect: QRectF


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its ``head`` at the left, its ``rect`` with the blocks."""

    row: Row
    head: QRectF
    rect: QRectF


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A card of the tray."""

    card: Unplanned
    rect: QRectF


@dataclass(frozen=True, slots=True)
class Column:
    """A day across: ``span`` is what is shown of it, UTC ms."""

    day: dt.date
    span: Span
    left: float
    right: float


@dataclass(slots=True)
class Layout:
    """The whole board. ``rows_height`` and ``tray_height``: of all there is, to scroll in.

    ``waiting`` and ``carried``: what the tray shows, which is less than there is while something is sought in it.
    ``search``: where one types, empty for a tray of a few. ``unfinished``: the orders that were carried over.
    """

    board: Board
    chart: QRectF
    axis: QRectF
    tray: QRectF
    columns: tuple[Column, ...]
    search: QRectF = field(default_factory=QRectF)
    waiting: tuple[Unplanned, ...] = ()
    carried: tuple[Unplanned, ...] = ()
    unfinished: frozenset[str | None] = frozenset()
    lines: list[Line] = field(default_factory=list)
    blocks: list[Placed] = field(default_factory=list)
    cards: list[CardPlace] = field(default_factory=list)
    rows_height: float = 0.0
    tray_height: float = 0.0
    carried_top: float = 0.0
    planned_top: float = 0.0
    tray_end: float = 0.0

    @property
    def daily(self) -> bool:
        """Whether time runs across within the one day that is shown."""
        return self.board.span == DAY

    def x_of(self, instant: int) -> float:
        """Where a moment is, across."""
        for column in self.columns:
            if instant <= column.span[1] or column is self.columns[-1]:
                start, end = column.span
                share = (instant - start) / (end - start)
                return column.left + min(1.0, max(0.0, share)) * (column.right - column.left)
        return self.chart.left()

    def time_at(self, x: float) -> int:
        """The moment at a place across, snapped to a quarter of an hour."""
        column = self.column_at(x)
        start, end = column.span
        share = min(1.0, max(0.0, (x - column.left) / max(1.0, column.right - column.left)))
        return snapped(round(start + share * (end - start)))

    def column_at(self, x: float) -> Column:
        """The day at a place across."""
        return next((each for each in self.columns if x < each.right), self.columns[-1])

    def line_at(self, y: float) -> Line | None:
        """The row at a height."""
        return next((each for each in self.lines if each.rect.top() <= y < each.rect.bottom()), None)

    def block_at(self, point: QPointF) -> Placed | None:
        """The block under a finger; the one drawn last when several are."""
        if not self.chart.contains(point):
            return None
        return next((each for each in reversed(self.blocks) if each.rect.contains(point)), None)

    def card_at(self, point: QPointF) -> CardPlace | None:
        """The card of the tray under a finger."""
        if not self.tray.contains(point):
            return None
        return next((each for each in self.cards if each.rect.contains(point)), None)

    def ms_per_px(self) -> float:
        column = self.columns[0]
        return (column.span[1] - column.span[0]) / max(1.0, column.right - column.left)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person does just now: the block or order they chose, where a dragged one would go, and the time."""

    chosen: str = ""
    armed: str = ""  # the order whose card was tapped
    hovered: str = ""
    dragged: str = ""
    ghost: QRectF | None = None
    ghost_words: str = ""
    now: int = 0
    focused: bool = False
    may_change: bool = True


def snapped(instant: int) -> int:
    """The nearest quarter of an hour."""
    return round(instant / SHORTEST_MS) * SHORTEST_MS


def lay_out(
    board: Board, size: tuple[float, float], rows_scroll: float, tray_scroll: float, sought: str = ""
) -> Layout:
    """Everything in ``size`` px; ``sought``: words that the tray is narrowed to."""
    width, height = size
    wide = width >= theme.scaled(1400)
    tray_w = theme.scaled(340 if wide else 252)
    head_w = theme.scaled(210 if wide else 146)
    axis_h = theme.scaled(52)  # now above the hours
    gap = theme.space(3)
    chart = QRectF(head_w, axis_h, width - tray_w - gap - head_w, height - axis_h)
    axis = QRectF(head_w, 0, chart.width(), axis_h)
    seen = board.schedule
    many = len(seen.unplanned) + len(seen.carried_over) > FEW
    top = theme.target + theme.space(2) if many else 0
    tray = QRectF(width - tray_w, top, tray_w, height - top)
    found = Layout(
        board, chart, axis, tray, _columns(board, chart),
        QRectF(tray.left(), 0, tray_w, theme.target) if many else QRectF(),
        tuple(each for each in seen.unplanned if _meets(each, sought)),
        tuple(each for each in seen.carried_over if _meets(each, sought)),
        frozenset(each.job.order_id for each in seen.carried_over),
    )  # fmt: skip
    _rows(found, rows_scroll)
    _tray(found, tray_scroll)
    return found


def _columns(board: Board, chart: QRectF) -> tuple[Column, ...]:
    days = board.days
    if board.span != DAY:
        busy = [day for day in days if day.isoweekday() < 6 or _busy(board, day)]
        wide = chart.width() / len(busy)
        return tuple(
            Column(day, day_span(day, board.here), chart.left() + n * wide, chart.left() + (n + 1) * wide)
            for n, day in enumerate(busy)
        )
    return (Column(days[0], window(board, days[0]), chart.left(), chart.right()),)


def _busy(board: Board, day: dt.date) -> bool:
    span = day_span(day, board.here)
    seen = board.schedule
    blocks = (*seen.arrivals, *(block for row in seen.rows for block in row.blocks))
    return bool(both(seen.open_hours, [span])) or any(each.start < span[1] and each.end > span[0] for each in blocks)


def window(board: Board, day: dt.date) -> Span:
    """What is shown of a day: when the shop is open, when anybody is on shift, and its blocks, in whole hours."""
    whole = day_span(day, board.here)
    seen = board.schedule
    blocks = (*seen.arrivals, *(block for row in seen.rows for block in row.blocks))
    spans = both([_doors(board, day), *seen.open_hours, *((each.start, each.end) for each in blocks)], [whole])
    start, end = min(each[0] for each in spans), max(each[1] for each in spans)
    return max(whole[0], start // HOUR_MS * HOUR_MS), min(whole[1], -(-end // HOUR_MS) * HOUR_MS)


def _doors(board: Board, day: dt.date) -> Span:
    """When the shop is open, as its settings say; two terminals may have changed one end each."""
    opens, closes = board.doors if 0 <= board.doors[0] < board.doors[1] <= DAY_MIN else (OPENS, CLOSES)
    return moment(day, opens, board.here), moment(day, closes, board.here)


def _rows(layout: Layout, scroll: float) -> None:
    rows = list(layout.board.schedule.rows)
    if layout.board.schedule.arrivals:
        rows.insert(0, Row(ARRIVALS, "", (), (), (), layout.board.schedule.arrivals))
    stacks = [_lanes(layout, row) for row in rows]
    pad, least = theme.space(2), theme.scaled(66)
    counts = [max((lane for _, lane in stack), default=0) + 1 for stack in stacks]
    feet = [0.0 if layout.daily or not row.away else theme.scaled(FOOT) for row in rows]
    fixed = sum(count * (least + theme.space(1)) + 2 * pad for count in counts)
    spare = max(0.0, layout.chart.height() - fixed) / max(1, sum(counts)) if layout.daily else 0.0
    lane_h = least + min(spare, theme.scaled(96))
    top = layout.chart.top() - scroll
    for row, stack, count, foot in zip(rows, stacks, counts, feet, strict=True):
        needed = count * (lane_h + theme.space(1)) + 2 * pad - theme.space(1) + foot
        rect = QRectF(layout.chart.left(), top, layout.chart.width(), needed)
        layout.lines.append(Line(row, QRectF(0, top, layout.chart.left(), needed), rect))
        for block, lane in stack:
            y = top + pad + lane * (lane_h + theme.space(1))
            layout.blocks += _place(layout, row.id, block, y, lane_h)
        top += needed
    layout.rows_height = top + scroll - layout.chart.top()


def _place(layout: Layout, row: str, block: Block, y: float, height: float) -> list[Placed]:
    if layout.daily:
        left, right = layout.x_of(block.start), layout.x_of(block.end)
        least = theme.scaled(COMING_PX if row == ARRIVALS else 20)  # of one that comes, the beginning is what counts
        wide = max(right - left - 2, least)
        return [Placed(block, row, QRectF(min(left + 1, layout.chart.right() - wide), y, wide, height))]
    column = _column_of(layout, block)
    gap = theme.space(1)
    return [Placed(block, row, QRectF(column.left + gap, y, column.right - column.left - 2 * gap, height))]


def _column_of(layout: Layout, block: Block) -> Column:
    return next((each for each in layout.columns if block.start < each.span[1]), layout.columns[-1])


def _lanes(layout: Layout, row: Row) -> list[tuple[Block, int]]:
    """Which of the lanes of a row each block stands in, so that none covers another."""
    if layout.daily and row.id == ARRIVALS:
        return lanes(row.blocks, round(theme.scaled(COMING_PX) * layout.ms_per_px()))
    if layout.daily:
        return lanes(row.blocks)
    used: dict[dt.date, int] = {}
    found = []
    for block in sorted(row.blocks, key=lambda each: (each.start, each.id)):
        day = _column_of(layout, block).day
        found.append((block, used.get(day, 0)))
        used[day] = used.get(day, 0) + 1
    return found


def lanes(blocks: Iterable[Block], least: int = 0) -> list[tuple[Block, int]]:
    """Blocks with the first lane that is free when they begin; ``least``: how long each is drawn at least."""
    ends: list[int] = []
    found = []
    for block in sorted(blocks, key=lambda each: (each.start, each.id)):
        lane = next((n for n, end in enumerate(ends) if end <= block.start), len(ends))
        ends[lane : lane + 1] = [max(block.end, block.start + least)]
        found.append((block, lane))
    return found


def _meets(card: Unplanned, sought: str) -> bool:
    """Whether a card has every word that is sought, in whatever stands on it."""
    words = sought.casefold().split()
    if not words:
        return True
    job = card.job
    parts = job.plate, job.number, job.customer, job.vehicle, job.title, job.skills, job.equipment
    text = " ".join(part for part in parts if part).casefold()
    bare = "".join(letter for letter in (job.plate or "").casefold() if letter.isalnum())  # it is typed as one likes
    whole = "".join(letter for letter in sought.casefold() if letter.isalnum())
    return bool(whole and whole in bare) or all(word in text for word in words)


def _tray(layout: Layout, scroll: float) -> None:
    pad, head = theme.space(3), theme.scaled(40)
    top = layout.tray.top() - scroll
    left, wide = layout.tray.left() + pad, layout.tray.width() - 2 * pad

    def section(cards: Sequence[Unplanned], at_: float) -> float:
        y = at_ + head
        for card in cards:
            tall = theme.scaled(98)
            layout.cards.append(CardPlace(card, QRectF(left, y, wide, tall)))
            y += tall + theme.space(2)
        return y + theme.space(2)

    layout.carried_top = top
    if layout.carried:
        top = section(layout.carried, top)
    layout.planned_top = top
    bottom = section(layout.waiting, top) if layout.waiting else top + head + theme.scaled(90)
    layout.tray_end = bottom
    if layout.board.schedule.cut:
        bottom += theme.scaled(CUT)
    layout.tray_height = bottom + scroll - layout.tray.top()


def first_gap(board: Board, row: Row | None, day: dt.date, duration: int, not_before: int) -> int:
    """When on a day a row has room for ``duration``; the beginning of its hours when it has none."""
    span = day_span(day, board.here)
    present = both(row.present if row else (), [span]) or (_doors(board, day),)
    blocks = [(each.start, each.end) for each in row.blocks] if row else []
    away = [(each.start, each.end or span[1]) for each in row.away] if row else []
    for start, end in without(present, (*blocks, *away)):
        begins = -(-max(start, not_before) // SHORTEST_MS) * SHORTEST_MS
        if begins + duration <= end:
            return begins
    return present[0][0]


def same_time_on(board: Board, instant: int, day: dt.date) -> int:
    """The same time of day on another day, as the clock on the wall says it."""
    wall = at(instant, board.here)
    return moment(day, wall.hour * 60 + wall.minute, board.here)


def is_appointment(block: Block) -> bool:
    return block.kind == APPOINTMENT
