"""What a dress is: laid out once for a size, it paints what stands still into a picture and what moves on top."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QRegion

from core.obd.store import Array
from ui.widgets.gauge_model import Condition
from ui.widgets.gauge_paint import Look
from ui.widgets.gauge_scale import Level, Scale, Zone


@dataclass(frozen=True, slots=True)
class Content:
    """What stands still: it changes with the gauge's settings, not with its value."""

    unit: str
    scale: Scale | None  # None for codes and bits, which have words and no scale
    zones: tuple[Zone, ...]
    widest: str  # the longest number the scale allows, in zeros
    words: bool = False  # the value is words, not a number


@dataclass(slots=True)
class Moment:
    """What is shown now. Fractions are of the scale; ``needle`` moves every frame, the rest at a readable rate."""

    text: str = ""
    condition: Condition = Condition.NO_ANSWER
    level: Level = Level.OK
    needle: float | None = None
    lowest: float | None = None
    highest: float | None = None
    trace: tuple[Array, Array] | None = None  # seconds before now, and fractions; oldest first

    def ink(self, look: Look) -> QColor:
        """The colour of the number: grey when it is old, text otherwise (the level has a sign and words of its own)."""
        return look.text if self.condition is Condition.LIVE else look.stale

    def fill(self, look: Look) -> QColor:
        """The colour of what is filled up to the value."""
        return look.levels[self.level] if self.condition is Condition.LIVE else look.stale


class Face(Protocol):
    """A dress of the gauge. Coordinates are the widget's, in device-independent pixels."""

    def lay_out(self, area: QRectF, content: Content) -> None:
        """Decide where everything goes in ``area``, the card without its title and its foot."""
        ...

    def paint_still(self, painter: QPainter, look: Look) -> None:
        """Marks, labels, zones, track."""
        ...

    def paint_moving(self, painter: QPainter, look: Look, moment: Moment, dirty: QRegion) -> None:
        """Fill, needle, marks of the session, number; only what touches ``dirty``."""
        ...

    def needle_region(self, before: float | None, after: float | None) -> QRegion:
        """What to paint anew when the needle goes from one fraction to another; empty when nobody could see it."""
        ...

    def text_region(self) -> QRegion:
        """Where the number stands."""
        ...

    def mark_region(self, fraction: float) -> QRegion:
        """Where a mark of the session at ``fraction`` stands; empty when the dress has none."""
        ...

    def trace_region(self) -> QRegion:
        """Where the recent past is drawn; empty when the dress draws none."""
        ...
