"""Lines into pixels: what a line does in each pixel column, as a picture with smooth edges.

Measured at 1600 x 160 px with five samples a column and lines 2 px wide: Qt's own antialiased polyline takes 6 to
280 ms a line (its stroker works on every bend), pyqtgraph 0.14 with eight lines 137 ms a frame. This takes under 1 ms a
line whatever the line does, and a window that scrolls needs only the newest columns.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from core.diagnostics.decimate import Array

SUB = 2  # columns computed per pixel: steep slopes become smooth
PAD = 4  # of these computed beyond each end, for what reaches in from there
DOT = 3.0  # px, half the size of a lone sample
STEEP = 10.0  # px: where a line does more than this in one column it is drawn in the holes of a dash as well
_FAR = 1e6

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.float32]


def ink(
    upper: Array,
    lower: Array,
    *,
    first: int,
    height: int,
    width: float,
    color: QColor,
    dash: tuple[int, ...] = (),
    ratio: float = 1.0,
) -> tuple[QImage, int] | None:
    """A picture of a line and the row its top lies in; None when nothing of it is to be seen.

    ``upper`` and ``lower`` are the line's edges in px from the top (``upper`` <= ``lower``) for columns of 1/SUB px,
    with PAD of them more at each end; NaN where there is no line. ``first`` is the absolute number of the first pixel
    column (dashes keep still in time), ``height`` the rows there are, ``width`` that of the line. The picture is as
    wide as the columns without padding. Px are the screen's, ``ratio`` of them a logical one; ``dash`` is in logical.
    """
    top, bottom, lone = _thick(upper, lower, width, ratio)
    if dash:
        _cut(top, bottom, lone, _holes(dash, ratio, first, top.size // SUB), ratio)
    begin = max(0, int(np.floor(top.min(initial=_FAR))))
    end = min(height, int(np.ceil(bottom.max(initial=-_FAR))))
    if begin >= end:
        return None
    rows = np.arange(begin, end, dtype=np.float32)[:, None]
    covered = _coverage(top[0::SUB], bottom[0::SUB], rows)
    for sub in range(1, SUB):
        covered += _coverage(top[sub::SUB], bottom[sub::SUB], rows)
    covered *= 255 / SUB
    pixels = _inks(color.rgb() & 0xFFFFFF)[covered.astype(np.uint8)]
    across, down = pixels.shape[1], pixels.shape[0]
    picture = QImage(pixels.data, across, down, 4 * across, QImage.Format.Format_ARGB32_Premultiplied)
    picture.pixels = pixels  # type: ignore[attr-defined] # the picture does not own its memory
    return picture, begin


def _thick(upper: Array, lower: Array, width: float, ratio: float) -> tuple[Rows, Rows, Flags]:
    """The edges of a line as wide as ``width`` across, whatever its slope; which columns are lone samples."""
    there = ~np.isnan(upper)
    lone = np.flatnonzero(there[1:-1] & ~there[:-2] & ~there[2:]) + 1
    top = np.where(there, upper, _FAR).astype(np.float32)
    bottom = np.where(there, lower, -_FAR).astype(np.float32)
    flags = np.zeros(there.size, np.bool_)
    grow = DOT * ratio - width / 2
    for reach in range(-2, 3):
        beside = np.clip(lone + reach, 0, there.size - 1)
        top[beside] = np.minimum(top[beside], upper[lone].astype(np.float32) - np.float32(grow))
        bottom[beside] = np.maximum(bottom[beside], lower[lone].astype(np.float32) + np.float32(grow))
        flags[beside] = True
    # Two pixels of neighbours make upright parts as wide as level ones.
    pairs_top, pairs_bottom = np.minimum(top[:-1], top[1:]), np.maximum(bottom[:-1], bottom[1:])
    inner, later = slice(PAD - 2, top.size - PAD - 2), slice(PAD, top.size - PAD)
    wide_top = np.minimum(pairs_top[inner], pairs_top[later])
    wide_bottom = np.maximum(pairs_bottom[inner], pairs_bottom[later])
    seen = wide_bottom > wide_top - 1
    height = np.where(seen, wide_bottom - wide_top, 0)
    slope = height * np.float32(SUB / 4)
    more = np.minimum(width / 2, (width * np.sqrt(1 + slope * slope) - height) / 2).astype(np.float32)
    return np.where(seen, wide_top - more, _FAR), np.where(seen, wide_bottom + more, -_FAR), flags[PAD:-PAD]


def _cut(top: Rows, bottom: Rows, keep: Flags, holes: Flags, ratio: float) -> None:
    """Take the line away where the dash has a hole, except where something happens that must be seen."""
    gone = np.repeat(holes, SUB) & ~keep & (bottom - top < STEEP * ratio)
    top[gone] = _FAR
    bottom[gone] = -_FAR


def _holes(pattern: tuple[int, ...], ratio: float, first: int, count: int) -> Flags:
    period = _period(pattern, ratio)
    return period[(first + np.arange(count)) % period.size]


@lru_cache(maxsize=32)
def _period(pattern: tuple[int, ...], ratio: float) -> Flags:
    parts = [np.full(max(1, round(length * ratio)), i % 2 == 1, np.bool_) for i, length in enumerate(pattern)]
    return np.concatenate(parts)


def _coverage(top: Rows, bottom: Rows, rows: Rows) -> Rows:
    """How much of each pixel lies between the edges, 0 to 1, for every row and column."""
    covered = np.minimum(bottom, rows + 1)
    covered -= np.maximum(top, rows)
    np.clip(covered, 0.0, 1.0, out=covered)
    return covered


@lru_cache(maxsize=64)
def _inks(rgb: int) -> npt.NDArray[np.uint32]:
    """Premultiplied ARGB of a colour for each coverage 0 to 255."""
    alpha = np.arange(256)
    out = alpha << 24
    for shift in (16, 8, 0):
        out |= ((rgb >> shift & 255) * alpha + 127) // 255 << shift
    return out.astype(np.uint32)
