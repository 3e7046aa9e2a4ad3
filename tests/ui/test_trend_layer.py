"""Scrolling paints new columns only, and what is then seen equals what painting everything would have shown."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QPainter

from ui.widgets.trend_layer import SLACK, Layer

COUNT = 40
pytestmark = pytest.mark.usefixtures("qapp")


def color(column: int, version: int) -> QColor:
    return QColor((column * 37) % 256, (column // 256) % 256, version % 256)


def paint(layer: Layer, columns: range, version: dict[int, int]) -> None:
    painter = QPainter(layer.image)
    for column in columns:
        painter.fillRect(layer.x(column), 0, 1, 4, color(column, version.get(column, 0)))
    painter.end()


def seen(layer: Layer, first: int) -> list[str]:
    return [layer.image.pixelColor(layer.x(first + i), 2).name() for i in range(COUNT)]


def test_moving_on_by_two_columns_paints_two() -> None:
    layer = Layer()
    paint(layer, layer.plan("look", 100, COUNT, 4, math.inf), {})
    assert layer.plan("look", 102, COUNT, 4, math.inf) == range(140, 142)


def test_standing_still_paints_nothing() -> None:
    layer = Layer()
    layer.plan("look", 100, COUNT, 4, math.inf)
    assert not layer.plan("look", 100, COUNT, 4, math.inf)


def test_another_look_paints_everything() -> None:
    layer = Layer()
    layer.plan("look", 100, COUNT, 4, math.inf)
    assert layer.plan("other", 100, COUNT, 4, math.inf) == range(100, 140)


def test_going_back_paints_everything() -> None:
    layer = Layer()
    layer.plan("look", 100, COUNT, 4, math.inf)
    assert layer.plan("look", 90, COUNT, 4, math.inf) == range(90, 130)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 60), st.one_of(st.just(math.inf), st.integers(-5, 60))), max_size=60))
def test_whatever_moved_or_changed_the_picture_is_right(steps: list[tuple[int, float]]) -> None:
    layer, first = Layer(), 1000
    version: dict[int, int] = {}
    paint(layer, layer.plan("look", first, COUNT, 4, math.inf), version)
    for n, (move, back) in enumerate(steps, 1):
        first += move
        changed = math.inf
        if back != math.inf:
            changed = first + COUNT - back
            for column in range(int(changed), first + COUNT + 80):
                version[column] = n
        paint(layer, layer.plan("look", first, COUNT, 4, changed), version)
        assert seen(layer, first) == [color(first + i, version.get(first + i, 0)).name() for i in range(COUNT)]


def test_a_long_scroll_stays_within_its_picture() -> None:
    layer = Layer()
    for first in range(0, 5 * SLACK, 7):
        paint(layer, layer.plan("look", first, COUNT, 4, math.inf), {})
        assert layer.x(first) >= 0
        assert layer.x(first + COUNT) <= layer.image.width()
    assert seen(layer, first) == [color(first + i, 0).name() for i in range(COUNT)]
