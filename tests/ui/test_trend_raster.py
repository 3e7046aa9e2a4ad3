"""A drawn line is where its values are, equally wide at every slope, and shows what must be seen."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from core.diagnostics.decimate import Array
from ui.widgets.trend_raster import PAD, SUB, ink

RED = QColor("#ff0000")
pytestmark = pytest.mark.usefixtures("qapp")


def alpha(upper: Array, lower: Array | None = None, *, height: int = 60, **how: object) -> Array:
    """Coverage 0 to 1 of each pixel."""
    lower = upper if lower is None else lower
    out = np.zeros((height, (upper.size - 2 * PAD) // SUB))
    for left, top, picture in ink(upper, lower, height=height, width=2.0, color=RED, **{"first": 0, **how}):  # type: ignore[arg-type]
        image = QImage(picture).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
        out[top : top + image.height(), left : left + image.width()] = (pixels >> 24) / 255
    return out


def level(y: float, columns: int = 20) -> Array:
    return np.full(columns * SUB + 2 * PAD, y)


def test_a_level_line_lies_about_its_value_two_pixels_wide() -> None:
    seen = alpha(level(30.0))
    assert seen.sum(axis=0) == pytest.approx(np.full(20, 2.0), abs=0.02)
    assert seen[29:31].min() > 0.99


def test_between_two_rows_it_is_shared_by_both() -> None:
    seen = alpha(level(30.5))
    assert seen[[29, 31]].max() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0, 2.0, 5.0])
def test_it_is_as_wide_across_at_every_slope(slope: float) -> None:
    edges = (np.arange(40 * SUB + 2 * PAD + 1) - PAD) / SUB * slope + 20
    seen = alpha(edges[:-1], edges[1:], height=240)
    middle = seen[:, 10:30]
    across = middle.sum() / middle.shape[1] / np.hypot(1, slope)
    assert across == pytest.approx(2.0, rel=0.2)


def test_a_long_line_has_no_seams() -> None:
    x = np.arange(400 * SUB + 2 * PAD + 1) / SUB
    y = 30 + 20 * np.sin(x / 15)
    seen = alpha(np.minimum(y[:-1], y[1:]), np.maximum(y[:-1], y[1:]))
    assert seen.sum(axis=0).min() > 1.9
    rows = seen.argmax(axis=0)
    assert np.abs(np.diff(rows)).max() <= 3


def test_no_line_no_ink() -> None:
    nothing = level(np.nan)
    assert not list(ink(nothing, nothing, first=0, height=60, width=2, color=RED))
    outside = level(-50.0)
    assert not list(ink(outside, outside, first=0, height=60, width=2, color=RED))


def test_a_lone_answer_is_a_dot_one_can_see() -> None:
    upper = level(np.nan)
    upper[PAD + 20] = 30.0
    seen = alpha(upper)
    assert 9 < seen.sum() < 36
    assert seen[28:32, 10].min() > 0.9


def test_dashes_are_weak_and_strong_and_keep_still_in_time() -> None:
    here = alpha(level(30.0, 60), dash=(8, 4), first=100)
    assert (here[29] > 0.95).sum() == 40
    assert ((here[29] > 0.2) & (here[29] < 0.5)).sum() == 20  # only a gap breaks a line
    later = alpha(level(30.0, 60), dash=(8, 4), first=105)
    np.testing.assert_array_equal(here[:, 5:], later[:, :-5])


def test_a_gap_breaks_a_dashed_line_as_well() -> None:
    upper = level(30.0, 60)
    upper[PAD + 40 : PAD + 80] = np.nan
    assert alpha(upper, dash=(8, 4))[:, 21:39].max() == 0


def test_a_spike_shows_in_full_where_a_dash_is_weak() -> None:
    upper, lower = level(30.0, 24), level(30.0, 24)
    upper[PAD + 20 : PAD + 22] = 5.0  # pixel column 10, where the dash is weak
    seen = alpha(upper, lower, dash=(8, 16))
    assert seen[10:28, 10].min() > 0.9
    assert seen[:, 14:20].max() < 0.5


def test_a_lone_answer_shows_in_full_where_a_dash_is_weak() -> None:
    upper = level(np.nan, 24)
    upper[PAD + 20] = 30.0
    assert alpha(upper, dash=(8, 16)).max() > 0.9
