"""Where the schedule's blocks stand, and which moment a place is: pure geometry."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from core.planning.intervals import Span
from core.planning.local_days import HOUR_MS, day_span, moment
from core.planning.schedule_views import ALLOCATION, APPOINTMENT, Away, Block, Job, Row, Schedule, Unplanned
from ui import theme
from ui.pages.schedule_ink import lines_of
from ui.pages.schedule_layout import ARRIVALS, first_gap, lanes, lay_out, same_time_on, snapped, window
from ui.schedule_reading import DAY, WEEK, Board

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = dt.date(2026, 11, 23)
QUARTER = HOUR_MS // 4


def clock(hours: float, day: dt.date = MONDAY) -> int:
    return moment(day, round(hours * 60), BERLIN)


def block(id_: str, start: float, end: float, day: dt.date = MONDAY, kind: str = ALLOCATION) -> Block:
    return Block(kind, id_, clock(start, day), clock(end, day), Job(id_, plate=id_), "1")


def board(
    *blocks: Block,
    span: str = DAY,
    day: dt.date = MONDAY,
    present: tuple[Span, ...] = (),
    doors: tuple[int, int] = (480, 1080),
) -> Board:
    whole = day_span(day, BERLIN)
    rows = (
        Row("1", "Bay 1", (), present, (), tuple(each for each in blocks if each.kind == ALLOCATION)),
        Row("2", "Bay 2", (), present, (), ()),
    )
    arrivals = tuple(each for each in blocks if each.kind == APPOINTMENT)
    cards = (Unplanned(Job("x"), HOUR_MS), Unplanned(Job("y"), None))
    seen = Schedule(*whole, "bay", rows, arrivals, cards, (), open_hours=present)
    return Board(span, day, "bay", seen, (), (), (), BERLIN, whole[0], doors=doors)


@pytest.fixture(autouse=True)
def _metrics(qapp: QApplication) -> None:
    """Fonts have sizes only in an application."""


def test_blocks_that_overlap_stand_in_lanes_and_those_that_touch_share_one() -> None:
    found = lanes([block("c", 9, 10), block("a", 8, 10), block("b", 10, 11)])
    assert [(each.id, lane) for each, lane in found] == [("a", 0), ("c", 1), ("b", 0)]


def test_the_hours_shown_are_those_of_the_shop_with_shifts_and_blocks_outside_of_them() -> None:
    assert window(board(), MONDAY) == (clock(8), clock(18))
    assert window(board(doors=(420, 1170)), MONDAY) == (clock(7), clock(20)), "whole hours"
    assert window(board(present=((clock(7.5), clock(16)),)), MONDAY) == (clock(7), clock(18))
    assert window(board(block("late", 20, 21.5)), MONDAY) == (clock(8), clock(22))
    assert window(board(doors=(1080, 480)), MONDAY) == (clock(8), clock(18)), "each end came from another terminal"
    tuesday = MONDAY + dt.timedelta(days=1)
    over = Block(ALLOCATION, "night", clock(22), clock(6, tuesday), Job())
    assert window(board(over), MONDAY) == (clock(8), clock(24)), "never beyond the day itself"


def test_a_place_across_is_a_moment_and_back() -> None:
    laid = lay_out(board(), (1200, 600), 0, 0)
    for instant in range(clock(8), clock(18), QUARTER):
        assert laid.time_at(laid.x_of(instant)) == instant
    assert laid.time_at(-500) == clock(8)
    assert laid.time_at(9000) == clock(18)


def test_times_snap_to_a_quarter_of_an_hour() -> None:
    assert snapped(clock(8) + 7 * 60_000) == clock(8)
    assert snapped(clock(8) + 8 * 60_000) == clock(8.25)


def test_a_day_of_25_hours_is_drawn_in_its_own_length() -> None:
    autumn = dt.date(2026, 10, 25)
    night = Block(ALLOCATION, "night", *day_span(autumn, BERLIN), Job(), "1")
    laid = lay_out(board(night, day=autumn), (1200, 600), 0, 0)
    assert laid.columns[0].span[1] - laid.columns[0].span[0] == 25 * HOUR_MS
    two = moment(autumn, 120, BERLIN)
    assert laid.x_of(two) < laid.x_of(two + HOUR_MS) < laid.x_of(moment(autumn, 180, BERLIN)), "two o'clock comes twice"


def test_what_is_under_a_finger() -> None:
    laid = lay_out(board(block("a", 9, 11), block("in", 8, 8.5, kind=APPOINTMENT)), (1200, 600), 0, 0)
    placed = {each.block.id: each for each in laid.blocks}
    assert laid.block_at(placed["a"].rect.center()) is placed["a"]
    assert placed["in"].row == ARRIVALS
    assert laid.lines[0].row.id == ARRIVALS
    line = laid.line_at(placed["a"].rect.center().y())
    assert line is not None
    assert line.row.id == "1"
    card = laid.card_at(laid.cards[1].rect.center())
    assert card is not None
    assert card.card.job.order_id == "y"
    assert laid.card_at(QPointF(laid.chart.center())) is None


def test_a_tray_of_four_hundred_is_searched_by_whatever_stands_on_a_card() -> None:
    cards = tuple(
        Unplanned(Job(f"{n}", plate=f"HH AB {n}", title="Brakes" if n % 2 else "Tyres", customer="Berg"), HOUR_MS)
        for n in range(400)
    )
    few = board()
    many = replace(few, schedule=replace(few.schedule, unplanned=cards, cut=True))
    assert lay_out(few, (1200, 600), 0, 0).search.isEmpty(), "two cards are found by looking"
    laid = lay_out(many, (1200, 600), 0, 0)
    assert laid.search.bottom() <= laid.tray.top()
    assert len(laid.cards) == 400

    def found(sought: str) -> list[str | None]:
        return [each.card.job.plate for each in lay_out(many, (1200, 600), 0, 0, sought).cards]

    assert found("hhab-399") == ["HH AB 399"], "a plate is typed as one likes"
    assert found("tyres BERG") == [f"HH AB {n}" for n in range(0, 400, 2)], "in the order they are promised in"
    assert found("nothing like it") == []


def test_a_week_has_five_columns_and_a_sunday_only_when_something_is_on_it() -> None:
    sunday = MONDAY + dt.timedelta(days=6)
    assert len(lay_out(board(span=WEEK), (1200, 600), 0, 0).columns) == 5
    laid = lay_out(board(block("a", 9, 10, sunday), span=WEEK), (1200, 600), 0, 0)
    assert [each.day.isoweekday() for each in laid.columns] == [1, 2, 3, 4, 5, 7]
    [placed] = laid.blocks
    assert laid.column_at(placed.rect.center().x()).day == sunday


def test_blocks_of_a_day_of_the_week_stand_one_below_the_other() -> None:
    some = [block(f"{n}", 8 + n, 9 + n) for n in range(3)]
    laid = lay_out(board(*some, span=WEEK), (1200, 600), 0, 0)
    tops = [placed.rect.top() for placed in laid.blocks]
    assert tops == sorted(set(tops))
    assert not any(one.rect.intersects(other.rect) for one in laid.blocks for other in laid.blocks if one is not other)


def test_the_first_gap_of_a_row_is_found_around_what_is_there() -> None:
    made = board(block("a", 8, 10), block("b", 11, 12), present=((clock(8), clock(16)),))
    row = made.schedule.rows[0]
    assert first_gap(made, row, MONDAY, HOUR_MS, 0) == clock(10)
    assert first_gap(made, row, MONDAY, 2 * HOUR_MS, 0) == clock(12)
    assert first_gap(made, row, MONDAY, HOUR_MS, clock(12) + 1) == clock(12.25)
    assert first_gap(made, row, MONDAY, 9 * HOUR_MS, 0) == clock(8), "no room: it is shown as a conflict"
    away = Row("1", "", (), row.present, (Away("x", clock(0), None, "holiday", ""),), ())
    assert first_gap(made, away, MONDAY, HOUR_MS, 0) == clock(8)


def test_the_same_time_of_another_day_is_that_of_the_clock() -> None:
    saturday, sunday = dt.date(2026, 10, 24), dt.date(2026, 10, 25)
    assert same_time_on(board(), clock(9, saturday), sunday) == clock(9, sunday)
    assert clock(9, sunday) - clock(9, saturday) == 25 * HOUR_MS


def test_words_stand_on_as_many_lines_as_there_are_and_the_last_has_the_rest() -> None:
    metrics = QFontMetricsF(theme.font(13, "regular"))
    wide = metrics.horizontalAdvance("Brakes squeal,")
    text = "Brakes squeal, oil service and tyres"
    assert lines_of(text, metrics, wide, 4) == ["Brakes squeal,", "oil service and", "tyres"]
    assert lines_of(text, metrics, wide, 2) == ["Brakes squeal,", "oil service and tyres"]
    assert lines_of(text, metrics, wide, 0) == []
    parts = lines_of("Windscreen wipers squeaking", metrics, metrics.horizontalAdvance("Windscr-"), 9)
    assert parts[:2] == ["Windscr-", "een"], "a word longer than a line is parted"
    assert all(metrics.horizontalAdvance(each) <= metrics.horizontalAdvance("Windscr-") for each in parts)
