"""Where everything of the trends lies: headers, value axes, plots and names."""

from dataclasses import dataclass

from ui import theme

GAP = 6  # px between strips
LEAST_STRIP = 104  # px: a header with a name, a value and its figures
AXIS = 58  # px of one value axis
MOST_AXES = 2


@dataclass(frozen=True, slots=True)
class Places:
    """Measures in logical px. The canvas begins right of the headers, which are ``header`` wide."""

    header: int
    axes: int  # width of all value axes together
    plot: int  # width of the plots
    names: int  # width of the names at the lines' ends
    tops: tuple[int, ...]
    heights: tuple[int, ...]

    @property
    def height(self) -> int:
        """Of all strips together."""
        return self.tops[-1] + self.heights[-1] if self.tops else 0

    def strip_at(self, y: float) -> int | None:
        """Which strip lies at ``y``; None between or below them."""
        return next(
            (n for n, (top, height) in enumerate(zip(self.tops, self.heights, strict=True)) if top <= y < top + height),
            None,
        )


def places(width: int, height: int, strips: int, axes: int) -> Places:
    """Divide ``width`` x ``height`` px among ``strips`` strips; ``axes`` is the greatest number of scales in one."""
    header = theme.scaled(340 if width >= 1100 else 280)
    names = theme.scaled(156) if width >= theme.scaled(1400) else 18
    axis_width = theme.scaled(AXIS) * min(max(axes, 1), MOST_AXES)
    plot = max(80, width - header - axis_width - names)
    tops, heights, top = [], [], 0
    room = max(height - GAP * (strips - 1), strips * least_strip())
    for n in range(strips):
        share = room // (strips - n)
        room -= share
        tops.append(top)
        heights.append(share)
        top += share + GAP
    return Places(header, axis_width, plot, names, tuple(tops), tuple(heights))


def least_strip() -> int:
    """The least height of a strip at the text size in use."""
    return theme.scaled(LEAST_STRIP)


def least_height(strips: int) -> int:
    """The least height of ``strips`` strips together."""
    return max(0, strips * (least_strip() + GAP) - GAP)
