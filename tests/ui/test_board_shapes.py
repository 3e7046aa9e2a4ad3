"""Where columns and cards of the board stand, what is laid over it while it is on its way, and the type of the wall."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.workshop.board import Board, Card, Column, Filters
from core.workshop.states import RANKS
from ui.pages.board_canvas import LEAST, TIGHT, WIDEST
from ui.pages.board_pending import Pending
from ui.pages.board_shapes import GAP, STRIPE, boxes, neighbour, stack
from ui.pages.board_wall import SIZES, card_height, fitting

ALL = tuple(RANKS)


def counts(*full: str) -> list[tuple[str, int]]:
    return [(status, 3 if status in full else 0) for status in ALL]


def test_a_column_without_cards_is_a_stripe_and_the_others_share_the_room() -> None:
    made = boxes(counts("arrived", "ready"), 1000, least=200, widest=600)
    wide = {box.status: box.width for box in made if not box.folded}
    assert set(wide) == {"arrived", "ready"}
    assert wide["arrived"] == wide["ready"] == int((1000 - 7 * STRIPE - 8 * GAP) / 2)
    assert made[-1].right <= 1000


def test_where_they_do_not_fit_those_fold_that_nobody_works_on() -> None:
    made = boxes(counts(*ALL), 1700, least=200, widest=400)
    assert {box.status for box in made if box.folded} == {"delivered", "booked"}
    assert made[-1].right <= 1700
    small = boxes(counts(*ALL), 900, least=200, widest=400)
    assert all(box.width == 200 for box in small if not box.folded), "then the board is wider than the screen"
    tight = boxes(counts("arrived", "diagnosing", "ready", "in_progress"), 1000, least=200, widest=400, tight=150)
    assert tight[-1].right <= 1000
    assert min(box.width for box in tight if not box.folded) >= 150


def test_on_a_terminal_of_1280_px_all_nine_states_stand_side_by_side() -> None:
    room = 1143
    used = boxes(counts(*ALL), room, least=LEAST, tight=TIGHT, widest=WIDEST)
    assert used[-1].right <= room
    assert {box.status for box in used if box.folded} == {"booked", "delivered"}, "a strip, and a target for a card"
    assert min(box.width for box in used) == STRIPE
    all_open = boxes(counts(*ALL), room, least=LEAST, tight=TIGHT, widest=WIDEST, opened=ALL)
    assert all_open[-1].right <= room
    assert min(box.width for box in all_open) >= TIGHT


def test_what_a_person_opened_or_folded_stays_so() -> None:
    made = {
        box.status: box for box in boxes(counts(*ALL), 900, least=200, widest=400, opened={"booked"}, folded={"ready"})
    }
    assert not made["booked"].folded
    assert made["ready"].folded
    assert not boxes(counts(), 900, least=200, widest=400, opened={"ready"})[7].folded


@given(st.lists(st.integers(0, 30), min_size=9, max_size=9), st.integers(600, 3000))
def test_columns_never_overlap_and_keep_their_order(numbers: list[int], room: int) -> None:
    made = boxes(list(zip(ALL, numbers, strict=True)), room, least=186, widest=380, tight=150)
    assert [box.status for box in made] == list(ALL)
    for one, other in itertools.pairwise(made):
        assert other.left == one.right + GAP


@given(st.lists(st.integers(60, 260), max_size=40), st.integers(0, 9000), st.integers(0, 900))
def test_of_a_stack_exactly_what_can_be_seen_is_given(heights: list[int], top: int, room: int) -> None:
    cards = stack([(str(n), float(height)) for n, height in enumerate(heights)])
    seen = cards.between(top, top + room)
    assert list(seen) == [slot for slot in cards.slots if slot.top < top + room and slot.bottom > top]


def test_a_card_is_found_by_its_height() -> None:
    cards = stack([("a", 100.0), ("b", 50.0)])
    assert [slot.card if (slot := cards.at(y)) else "" for y in (0, 99, 103, 110, 157, 158)] == [
        "a",
        "a",
        "",
        "b",
        "b",
        "",
    ]


def test_arrows_go_to_the_next_card_there_is() -> None:
    grid = [["a", "b", "c"], [], ["d"]]
    assert neighbour(grid, "", (1, 0)) == "a"
    assert neighbour(grid, "c", (1, 0)) == "d"
    assert neighbour(grid, "d", (-1, 0)) == "a"
    assert neighbour(grid, "a", (0, -1)) == "a"
    assert neighbour(grid, "a", (0, 1)) == "b"
    assert neighbour(grid, "d", (1, 0)) == "d"
    assert neighbour([[], []], "", (1, 0)) is None


def card(id_: str, status: str, promised: int | None = None) -> Card:
    return Card(
        id=id_, number=None, status=status, disputed=(), vehicle_id=None, plate=id_, vehicle="", customer=None,
        asked="", promised_at=promised, late=False, estimated=None, actual=0, on=(), parts=None, unread=0, label=None,
        label_color=None, priority=None, technician=None, adviser=None, bay=None, key_tag=None, move_id=None,
        moved_by=None, moved_by_name=None, moved_at=None,
    )  # fmt: skip


def board_of(*cards: Card) -> Board:
    columns = []
    for status in ALL:
        mine = tuple(each for each in cards if each.status == status)
        columns.append(Column(status, len(mine) + (7 if status == "ready" else 0), mine))
    return Board(tuple(columns), Filters(), 0)


def where(board: Board) -> dict[str, list[str]]:
    return {column.status: [each.id for each in column.cards] for column in board.columns if column.cards}


def test_a_move_is_laid_over_the_board_until_a_reading_that_began_after_it() -> None:
    seen, pending = board_of(card("a", "arrived"), card("b", "ready", 5), card("c", "ready", 9)), Pending()
    early = pending.began()
    turn = pending.move("a", "ready")
    over = pending.laid_over(seen)
    assert where(over) == {"ready": ["b", "c", "a"]}
    assert [column.count for column in over.columns if column.status in ("arrived", "ready")] == [0, 10]
    pending.settle(early)
    assert pending, "that reading began before"
    pending.done("a", turn)
    pending.settle(early)
    assert pending
    pending.settle(pending.began())
    assert not pending
    assert pending.laid_over(seen) is seen


def test_a_later_move_of_the_same_card_outlives_the_end_of_the_first() -> None:
    seen, pending = board_of(card("a", "arrived")), Pending()
    first = pending.move("a", "diagnosing")
    second = pending.move("a", "in_progress")
    pending.done("a", first)
    pending.settle(pending.began())
    assert where(pending.laid_over(seen)) == {"in_progress": ["a"]}
    pending.drop("a", first)
    assert pending
    pending.drop("a", second)
    assert where(pending.laid_over(seen)) == {"arrived": ["a"]}


@given(st.integers(0, 60), st.integers(300, 2000), st.integers(10, 60))
def test_the_wall_shows_all_in_the_largest_type_that_lets_it_or_as_many_as_can_be_read(
    longest: int, room: int, largest: int
) -> None:
    fit = fitting(longest, room, largest)
    assert fit.px in SIZES
    assert fit.px <= max(largest, SIZES[-1])
    high = card_height(fit.px, rich=fit.rich)
    if fit.most >= longest:
        assert longest * (high + 10) - 10 <= room
    else:
        assert fit.px == SIZES[-1], "only the smallest type leaves any out"
