"""Gauges make way for the one that is moved, never overlap, never leave the grid; otherwise the move is refused."""

from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.gauge_layout import (
    COLUMNS,
    ROWS,
    Arrangement,
    History,
    added,
    changed,
    clamped,
    exchanged,
    first_spot,
    inside,
    neighbour,
    placed,
    without,
)
from ui.widgets.gauge_model import LEAST_CELLS, Cells, Dress, GaugeSpec


def gauge(id: str, *at: int, dress: Dress = Dress.NUMBER) -> GaugeSpec:
    """A gauge at column, row and, if given, with width and height; else of 3 by 3 cells."""
    x, y, w, h = at if len(at) == 4 else (*at, 3, 3)
    return GaugeSpec(id, "engine_speed", dress, Cells(x, y, w, h))


def cells(arrangement: Arrangement | None, id: str) -> tuple[int, int, int, int]:
    assert arrangement is not None
    found = next(spec.cells for spec in arrangement if spec.id == id)
    return found.x, found.y, found.w, found.h


def sound(arrangement: Arrangement) -> bool:
    """Nothing overlaps, nothing is off the grid."""
    return all(inside(spec.cells) for spec in arrangement) and not any(
        a.cells.overlaps(b.cells) for n, a in enumerate(arrangement) for b in arrangement[n + 1 :]
    )


def test_a_move_to_a_free_place_moves_nothing_else() -> None:
    before = (gauge("a", 0, 0), gauge("b", 3, 0))
    after = placed(before, "a", Cells(6, 6, 3, 3))
    assert cells(after, "a") == (6, 6, 3, 3)
    assert cells(after, "b") == (3, 0, 3, 3)


def test_two_of_one_size_change_places() -> None:
    before = (gauge("a", 0, 0), gauge("b", 3, 0))
    after = placed(before, "a", Cells(3, 0, 3, 3))
    assert cells(after, "a") == (3, 0, 3, 3)
    assert cells(after, "b") == (0, 0, 3, 3)


def test_small_ones_move_into_the_place_a_large_one_left() -> None:
    full = [gauge(f"wall{x}{y}", x, y) for x in (6, 9) for y in (0, 3, 6, 9)]
    full += [gauge("below0", 0, 6, 3, 6), gauge("below3", 3, 6, 3, 6)]
    before = (gauge("dial", 0, 0, 3, 6, dress=Dress.DIAL), gauge("a", 3, 0), gauge("b", 3, 3), *full)
    assert sound(before)
    after = placed(before, "dial", Cells(3, 0, 3, 6))
    assert cells(after, "dial") == (3, 0, 3, 6)
    assert {cells(after, "a"), cells(after, "b")} == {(0, 0, 3, 3), (0, 3, 3, 3)}


def test_a_drop_that_leaves_another_without_a_place_is_refused() -> None:
    before = (gauge("small", 0, 0), gauge("large", 3, 0, 9, 12))
    assert placed(before, "small", Cells(3, 0, 3, 3)) is None
    assert placed(before, "small", Cells(11, 0, 3, 3)) is None


def test_where_the_grid_is_full_two_gauges_exchange_places_and_sizes() -> None:
    before = (gauge("a", 0, 0, 4, 12), gauge("b", 4, 0, 8, 12))
    assert placed(before, "a", Cells(5, 0, 4, 12)) is None
    after = exchanged(before, "a", "b")
    assert cells(after, "a") == (4, 0, 8, 12)
    assert cells(after, "b") == (0, 0, 4, 12)
    small = (gauge("dial", 0, 0, 3, 6, dress=Dress.DIAL), gauge("number", 3, 0, 2, 2))
    assert exchanged(small, "dial", "number") is None, "a dial cannot be read at two by two"


def test_growing_pushes_the_neighbour_to_the_nearest_free_place() -> None:
    before = (gauge("a", 0, 0), gauge("b", 3, 0))
    after = placed(before, "a", Cells(0, 0, 5, 3))
    assert cells(after, "b") == (5, 0, 3, 3)


arrangements = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 6), st.integers(1, 6)), max_size=12
)


def built(rectangles: list[tuple[int, int, int, int]]) -> Arrangement:
    arrangement: Arrangement = ()
    for n, (x, y, w, h) in enumerate(rectangles):
        arrangement = added(arrangement, gauge(str(n), x, y, w, h)) or arrangement
    return arrangement


targets = st.builds(Cells, st.integers(-2, 12), st.integers(-2, 12), st.integers(1, 12), st.integers(1, 12))


@given(arrangements, st.integers(0, 11), targets)
def test_nothing_ever_overlaps_or_leaves_the_grid(
    rectangles: list[tuple[int, int, int, int]], which: int, target: Cells
) -> None:
    before = built(rectangles)
    assert sound(before)
    if not before:
        return
    id = before[which % len(before)].id
    after = placed(before, id, target)
    if after is not None:
        assert sound(after)
        assert next(spec.cells for spec in after if spec.id == id) == target
        assert [spec.id for spec in after] == [spec.id for spec in before]
        assert all((a.cells.w, a.cells.h) == (b.cells.w, b.cells.h) for a, b in zip(before, after, strict=True)
                   if a.id != id)  # fmt: skip


def test_a_new_gauge_takes_the_first_free_place_and_shrinks_when_it_must() -> None:
    assert cells(added((gauge("a", 0, 0),), gauge("b", 0, 0)), "b") == (3, 0, 3, 3)
    narrow = (gauge("a", 0, 0, 10, 12),)
    after = added(narrow, gauge("b", 0, 0, 3, 3))
    assert cells(after, "b")[0] == 10
    assert cells(after, "b")[2] == LEAST_CELLS[Dress.NUMBER][0]
    assert added((gauge("a", 0, 0, 12, 12),), gauge("b", 0, 0)) is None


def test_a_gauge_smaller_than_its_dress_allows_finds_no_room_and_ends_the_search() -> None:
    full = (gauge("a", 0, 0, 12, 12),)
    assert added(full, gauge("b", 0, 0, 1, 2)) is None
    assert added(full, gauge("b", 0, 0, 1, 9)) is None


def test_another_dress_gets_the_cells_it_needs() -> None:
    before = (gauge("a", 0, 0, 2, 2), gauge("b", 0, 2, 2, 2))
    after = changed(before, GaugeSpec("a", "engine_speed", Dress.DIAL, Cells(0, 0, 2, 2)))
    assert after is not None
    assert sound(after)
    assert cells(after, "a")[2:] == LEAST_CELLS[Dress.DIAL]


def test_what_is_too_small_or_off_the_grid_is_brought_onto_it() -> None:
    assert clamped(Cells(-3, 40, 1, 1), Dress.DIAL) == Cells(0, ROWS - 4, 2, 4)
    assert clamped(Cells(11, 0, 99, 3), Dress.BAR) == Cells(0, 0, COLUMNS, 3)


def test_arrows_go_to_the_gauge_that_is_that_way() -> None:
    arrangement = (gauge("a", 0, 0), gauge("b", 3, 0), gauge("c", 0, 3), gauge("d", 6, 3))
    assert neighbour(arrangement, "a", 1, 0) == "b"
    assert neighbour(arrangement, "a", 0, 1) == "c"
    assert neighbour(arrangement, "d", -1, 0) == "c"
    assert neighbour(arrangement, "a", -1, 0) is None


def test_undo_and_redo_walk_the_steps() -> None:
    a, b = (gauge("a", 0, 0),), (gauge("a", 3, 3),)
    history = History()
    history.begin(a)
    assert not history.step(a)
    assert not history.undo()
    assert history.step(b)
    assert history.undo()
    assert history.now == a
    assert history.redo()
    assert history.now == b
    history.undo()
    history.step(without(a, "a"))
    assert not history.can_redo, "what was undone is gone once something else was done"
    assert history.can_undo
    assert first_spot(3, 3, ()) == Cells(0, 0, 3, 3)
