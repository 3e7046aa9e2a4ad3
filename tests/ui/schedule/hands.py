"""Hands on the page Schedule, and eyes: what lies where, what is stored, the way back."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.planning.allocations import AllocationView, get_allocation
from core.planning.schedule_views import Block
from tests.ui.two_bays import Bay, until
from ui.pages.schedule import SchedulePage
from ui.pages.schedule_canvas import ScheduleCanvas
from ui.pages.schedule_layout import Placed
from ui.widgets import toast


def placed(found: SchedulePage, plate: str) -> Placed:
    laid = found.canvas.laid
    assert laid is not None
    return next(each for each in laid.blocks if each.block.job.plate == plate)


def drag(canvas: ScheduleCanvas, start: QPointF, end: QPointF) -> None:
    """With the finger down from one place to another, by way of the middle."""
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, (start + (end - start) * share).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end.toPoint())


def tap(canvas: ScheduleCanvas, at: QPointF) -> None:
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at.toPoint())


def stored(bay: Bay, block: str) -> AllocationView:
    with bay.records.read() as session:
        return get_allocation(session, block)


def here(block: Block | AllocationView) -> tuple[int, int]:
    return (block.start, block.end) if isinstance(block, Block) else (block.starts_at or 0, block.ends_at or 0)


def undo(found: SchedulePage) -> None:
    until(lambda: [each for each in toast.shown(found.window()) if hasattr(each, "undo")], "there is a way back")
    toast.shown(found.window())[-1].undo.click()
