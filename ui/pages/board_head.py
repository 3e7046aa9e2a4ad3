"""The head of the board: how the house stands, what is searched for, lanes, what is shown only, and the wall."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr, trn
from core.workshop.board import Board, is_late
from ui import theme
from ui.pages.board_wall import AWAY
from ui.widgets.buttons import Button, IconButton, Segmented
from ui.widgets.panels import label

SEARCH_MS = 150
NONE, TECHNICIAN, BAY = "", "technician", "bay"


class BoardHead(QWidget):
    """``searched`` gives the words, a moment after the last letter."""

    searched = Signal(str)

    def __init__(self, by: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(label(tr("Board"), "title"))
        self.counts = label("", "caption")
        titles.addWidget(self.counts)
        row.addLayout(titles)
        row.addStretch(1)
        self.search = QLineEdit()
        self.search.setAccessibleName(tr("Search on the board"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(theme.scaled(130))
        self.search.setMaximumWidth(theme.scaled(260))
        row.addWidget(self.search, 2)
        lanes = {NONE: tr("Columns"), TECHNICIAN: tr("People"), BAY: tr("Work bays")}
        self.lanes = Segmented(lanes, by, tr("Lanes"))
        row.addWidget(self.lanes)
        self.late = Button(tr("Late"), "warning")
        self.late.setCheckable(True)
        row.addWidget(self.late)
        self.narrower = IconButton("filter", tr("Show only …"), role="")
        row.addWidget(self.narrower)
        self.to_wall = IconButton("wall", tr("Board on the wall"), role="")
        row.addWidget(self.to_wall)
        soon = QTimer(self)
        soon.setSingleShot(True)
        soon.setInterval(SEARCH_MS)
        soon.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(lambda _: soon.start())

    def show_board(self, board: Board, now: int, *, late: bool, narrowed: str) -> None:
        """How the house stands, and what is shown only. ``now``: UTC ms."""
        self.counts.setText(count_words(board, now))
        self.late.setChecked(late)
        self.narrower.setCheckable(True)
        self.narrower.setChecked(bool(narrowed))
        self.narrower.setToolTip(narrowed or tr("Show only …"))
        self.narrower.setAccessibleDescription(narrowed)


def count_words(board: Board, now: int) -> str:
    """ "14 in the house · 3 late · 2 at work"."""
    here = sum(column.count for column in board.columns if column.status not in AWAY)
    late = sum(1 for card in board.cards if is_late(card.promised_at, card.status, now))
    at_work = len({each.id for card in board.cards for each in card.on})
    parts = [trn("{count} in the house", "{count} in the house", here)]
    parts += [trn("{count} late", "{count} late", late)] if late else []
    parts += [trn("{count} at work", "{count} at work", at_work)] if at_work else []
    return " · ".join(parts)
