"""Lines into pixels: what a line does in each pixel column, as a picture with smooth edges.

Measured at 1600 x 160 px with five samples a column and lines 2 px wide: Qt's own antialiased polyline takes 6 to
280 ms a line (its stroker works on every bend), pyqtgraph 0.14 with eight lines 137 ms a frame. This takes under 1 ms a
line whatever the line does, and a window that scrolls needs only the newest columns.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from core.diagnostics.decimate import Array

SUB = 2  # columns computed per pixel: steep slopes become smooth
PAD = 4  # of these computed beyond each end, for what reaches in from there
DOT = 3.0  # px, half the size of a lone sample
WEAK_PART = 4  # the part of the ink in the holes of a dash: only a gap, where the car did not answer, breaks a line
STEEP = 10.0  # px: where a line does more than this in one column it is drawn in full there as well
TILE = 384  # columns worked out at a time: few rows, and in the processor's cache
FINE, COARSE = 64, 12  # parts of a pixel in which edges are placed; the coarse ones for more than 500 rows
_FAR = 1e6
_ZERO, _ONE, _NONE = np.float32(0), np.float32(1), np.int16(0)

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.float32]
Cover = npt.NDArray[np.int16]


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
) -> Iterator[tuple[int, int, QImage]]:
    """Pictures of a line, each with the column (from 0) and row its corner lies at; none where nothing is to be seen.

    ``upper`` and ``lower`` are the line's edges in px from the top (``upper`` <= ``lower``) for columns of 1/SUB px,
    with PAD of them more at each end; NaN where there is no line. ``first`` is the absolute number of the first pixel
    column (dashes keep still in time), ``height`` the rows there are, ``width`` that of the line. Px are the screen's,
    ``ratio`` of them a logical one; ``dash`` is in logical px.
    """
    top, bottom, lone = _thick(upper, lower, width, ratio)
    weak = _weak(top, bottom, lone, _holes(dash, ratio, first, top.size // SUB), ratio) if dash else None
    for left in range(0, top.size // SUB, TILE):
        part = slice(left * SUB, (left + TILE) * SUB)
        found = _tile(top[part], bottom[part], height)
        if found is not None:
            begin, covered, steps = found
            if weak is not None:
                covered[:, weak[left : left + TILE]] //= WEAK_PART
            yield left, begin, _picture(_inks(color.rgb() & 0xFFFFFF, steps)[covered])


def _tile(top: Rows, bottom: Rows, height: int) -> tuple[int, Cover, int] | None:
    """The first row the line touches, the coverage of each pixel from there on, and the coverage that is full.

    None when it touches none. Worked out in parts of a pixel as short integers: a quarter of the time of floats.
    """
    begin = max(0, int(top.min()))
    end = min(height, int(bottom.max()) + 1)
    if begin >= end:
        return None
    parts = FINE if end - begin < 32000 // FINE else COARSE
    most = np.float32((end - begin) * parts)
    upper = np.minimum((top - begin) * np.float32(parts), most).astype(np.int16)
    lower = np.maximum(np.minimum((bottom - begin) * np.float32(parts), most), _ZERO).astype(np.int16)
    np.maximum(upper, _NONE, out=upper)
    rows = np.arange(0, (end - begin) * parts, parts, dtype=np.int16)[:, None]
    covered = _coverage(upper[0::SUB], lower[0::SUB], rows, parts)
    for sub in range(1, SUB):
        covered += _coverage(upper[sub::SUB], lower[sub::SUB], rows, parts)
    return begin, covered, SUB * parts


def _picture(pixels: npt.NDArray[np.uint32]) -> QImage:
    down, across = pixels.shape
    picture = QImage(pixels.data, across, down, 4 * across, QImage.Format.Format_ARGB32_Premultiplied)
    picture.pixels = pixels  # type: ignore[attr-defined] # the picture does not own its memory
    return picture


def _thick(upper: Array, lower: Array, width: float, ratio: float) -> tuple[Rows, Rows, Flags]:
    """The edges of a line as wide as ``width`` across, whatever its slope; which columns are lone samples."""
    there = ~np.isnan(upper)
    lone = np.flatnonzero(there[1:-1] & ~there[:-2] & ~there[2:]) + 1
    top = np.where(there, upper, _FAR).astype(np.float32)
    bottom = np.where(there, lower, -_FAR).astype(np.float32)
    flags = np.zeros(there.size, np.bool_)
    if lone.size:
        grow = np.float32(DOT * ratio - width / 2)
        for reach in range(-2, 3):
            beside = np.minimum(np.maximum(lone + reach, 0), there.size - 1)
            top[beside] = np.minimum(top[beside], upper[lone].astype(np.float32) - grow)
            bottom[beside] = np.maximum(bottom[beside], lower[lone].astype(np.float32) + grow)
            flags[beside] = True
    # Two pixels of neighbours make upright parts as wide as level ones.
    pairs_top, pairs_bottom = np.minimum(top[:-1], top[1:]), np.maximum(bottom[:-1], bottom[1:])
    inner, later = slice(PAD - 2, top.size - PAD - 2), slice(PAD, top.size - PAD)
    wide_top = np.minimum(pairs_top[inner], pairs_top[later])
    wide_bottom = np.maximum(pairs_bottom[inner], pairs_bottom[later])
    height = wide_bottom - wide_top  # far below zero where there is no line: it stays without coverage
    slope = height * np.float32(SUB / 4)
    across = np.float32(width)
    more = (across * np.sqrt(_ONE + slope * slope) - height) * np.float32(0.5)
    np.minimum(more, across * np.float32(0.5), out=more)
    return wide_top - more, wide_bottom + more, flags[PAD:-PAD]


def _weak(top: Rows, bottom: Rows, lone: Flags, holes: Flags, ratio: float) -> Flags:
    """The pixel columns in which a dash is weak and nothing happens that must be seen in full."""
    full = (bottom - top >= STEEP * ratio) | lone
    return holes & ~full.reshape(-1, SUB).any(axis=1)


def _holes(pattern: tuple[int, ...], ratio: float, first: int, count: int) -> Flags:
    period = _period(pattern, ratio)
    return period[(first + np.arange(count)) % period.size]


@lru_cache(maxsize=32)
def _period(pattern: tuple[int, ...], ratio: float) -> Flags:
    parts = [np.full(max(1, round(length * ratio)), i % 2 == 1, np.bool_) for i, length in enumerate(pattern)]
    return np.concatenate(parts)


def _coverage(upper: Cover, lower: Cover, rows: Cover, parts: int) -> Cover:
    """How much of each pixel lies between the edges, 0 to ``parts``, for every row and column."""
    covered: Cover = np.minimum(np.ascontiguousarray(lower), rows + np.int16(parts))
    covered -= np.maximum(np.ascontiguousarray(upper), rows)
    np.maximum(covered, _NONE, out=covered)  # never over ``parts``: both ends lie within the row
    return covered


@lru_cache(maxsize=64)
def _inks(rgb: int, steps: int) -> npt.NDArray[np.uint32]:
    """Premultiplied ARGB of a colour for each coverage 0 to ``steps``."""
    alpha = (np.arange(steps + 1) * 255 + steps // 2) // steps
    out = alpha << 24
    for shift in (16, 8, 0):
        out |= ((rgb >> shift & 255) * alpha + 127) // 255 << shift
    return out.astype(np.uint32)
