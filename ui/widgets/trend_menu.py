"""What can be done with one trend: fit it, add to it, move it, take it away."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from core.language import tr
from ui.widgets import icons
from ui.widgets.trend_traces import IN_A_STRIP

if TYPE_CHECKING:
    from ui.widgets.trend_panel import TrendPanel


def strip_menu(panel: "TrendPanel", id: int) -> QMenu:
    """The menu of strip ``id``; it goes away with itself."""
    menu = QMenu(panel)
    menu.setAccessibleName(tr("Trend"))
    menu.aboutToHide.connect(menu.deleteLater)
    ids = [strip.id for strip in panel.model.strips]
    at = ids.index(id)
    strip = panel.model.strips[at]
    menu.addAction(icons.icon("resize"), tr("Fit"), lambda: panel.fit_one(id))
    add = menu.addAction(icons.icon("plus"), tr("Add a signal to this trend"), lambda: panel.choose(id))
    add.setEnabled(len(strip.lines) < IN_A_STRIP)
    units = [line.trace.unit for line in strip.lines]
    if len(set(units)) < len(units):
        same = menu.addAction(tr("One scale for the same unit"), lambda: panel.share(id, not strip.shared))
        same.setCheckable(True)
        same.setChecked(strip.shared)
    menu.addSeparator()
    menu.addAction(icons.icon("arrow-up"), tr("Move up"), lambda: panel.move_strip(id, -1)).setEnabled(at > 0)
    menu.addAction(icons.icon("arrow-down"), tr("Move down"), lambda: panel.move_strip(id, 1)).setEnabled(
        at + 1 < len(ids)
    )
    menu.addSeparator()
    if len(strip.lines) > 1:
        for line in strip.lines:
            words = tr("Remove {title}", title=line.trace.title)
            menu.addAction(icons.icon("minus"), words, lambda key=line.trace.key: panel.remove(id, key))
    menu.addAction(icons.icon("trash"), tr("Remove this trend"), lambda: panel.remove(id))
    return menu
