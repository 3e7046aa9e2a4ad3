"""A figure in a tile: what it is, how much, and of what; and several of them side by side."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from core.insights.dashboard import Rate
from core.language import tr, trn
from ui import theme, words
from ui.money_words import NO_BREAK
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Card, label

VALUE_PX = 34
NONE = "–"


class Tile(Card):
    """``show_figure`` says how much. ``tone``: "" or a token of the theme, always with an icon beside the number."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.body.setSpacing(0)
        self.body.setContentsMargins(theme.space(4), theme.space(3), theme.space(3), theme.space(3))
        self.title = label(title, "muted", wrap=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.title)
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.icon = IconLabel("warning", 28, "warning")
        self.icon.hide()
        row.addWidget(self.icon)
        self.value = QLabel(NONE)
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setFont(theme.font(theme.scaled(VALUE_PX), "semibold", tabular=True))
        row.addWidget(self.value)
        row.addStretch(1)
        self.body.addLayout(row)
        self.foot = label("", "caption", wrap=True)
        self.body.addWidget(self.foot)
        self.body.addStretch(1)

    def show_figure(self, value: str, foot: str = "", *, warn: bool = False) -> None:
        """``warn``: somebody should look at it."""
        self.value.setText(value)
        self.foot.setText(foot)
        self.foot.setVisible(bool(foot))
        self.icon.setVisible(warn)
        self.setAccessibleName(f"{self.title.text()}: {value} {foot}".strip())


class Tiles(QWidget):
    """Tiles in rows of ``across``, all of one width."""

    def __init__(self, tiles: Sequence[Tile], across: int = 4) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.space(3))
        for number, tile in enumerate(tiles):
            grid.addWidget(tile, number // across, number % across)
        for column in range(across):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 1)


def percent(share: float | None) -> str:
    """ "92 %"; a dash when there is nothing it could be a share of. Only all of it is 100 %."""
    if share is None:
        return NONE
    whole = round(100 * share)
    return f"{words.number(99 if whole == 100 and share < 1 else whole)}{NO_BREAK}%"


def hours(value: float | None) -> str:
    """Hours with one decimal: "5.4 h"; less than one in minutes."""
    if value is not None and 0 < value < 1:
        return words.hours(round(value * 3_600_000)).replace(" ", NO_BREAK)
    return NONE if value is None else f"{words.number(value, 1)}{NO_BREAK}h"


def promised(rate: Rate) -> str:
    """What being on time is a share of: finished orders without a promise could not be late."""
    return trn("of {count} promised order", "of {count} promised orders", rate.count) if rate.count else nothing()


def of(rate: Rate) -> str:
    """What a share is of: "of 118 orders"."""
    return trn("of {count} order", "of {count} orders", rate.count) if rate.count else nothing()


def nothing() -> str:
    """Below a figure that has no sample."""
    return tr("nothing to go by yet")
