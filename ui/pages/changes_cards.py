"""Two values of one field, side by side: a card to choose between them, or to have the replaced one back."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.language import tr, trn
from ui import sync_words, theme
from ui.changes_reading import ConflictCard, ReplacedCard, Side, ToLookAt, side_words
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label

DOUBLE_TAP_MS = 500


class _SideBox(QFrame):
    """One value: what it is, whose and of when, and the button that takes it."""

    def __init__(self, caption: str, side: Side, button: QPushButton | None) -> None:
        super().__init__()
        self.setProperty("surface", "sunken")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3))
        column.setSpacing(theme.space(1))
        column.addWidget(label(caption, "caption"))
        self.value = label(side.value, "heading", wrap=True)
        column.addWidget(self.value)
        who = tr("{who}, {time}", who=side_words(side), time=sync_words.moment(side.at))
        column.addWidget(ElidedLabel(who, "text_muted").set_tabular())
        column.addStretch()
        if button is not None:
            column.addWidget(button)


class _TwoValues(QFrame):
    """Icon, what it is about, one sentence, and the boxes."""

    def __init__(self, icon: str, token: str, surface: str, heading: str, sentence: str) -> None:
        super().__init__()
        self.setProperty("surface", surface)
        self.setAccessibleName(f"{heading}. {sentence}")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(5), theme.space(4), theme.space(5), theme.space(4))
        column.setSpacing(theme.space(3))
        head = QHBoxLayout()
        head.setSpacing(theme.space(4))
        head.addWidget(IconLabel(icon, 30, token), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(heading, px=20, weight="semibold"))
        self.sentence: QLabel = label(sentence, wrap=True)
        words.addWidget(self.sentence)
        head.addLayout(words, 1)
        self.head = head
        column.addLayout(head)
        self.boxes = QHBoxLayout()
        self.boxes.setSpacing(theme.space(3))
        column.addLayout(self.boxes)

    def busy(self, on: bool) -> None:
        """Something is being done about it."""
        for button in self.findChildren(QPushButton):
            button.setEnabled(not on)

    def wait_for_the_finger(self) -> None:
        """It came up where another card was: the second tap of a double tap is not meant for it."""
        self.busy(True)
        QTimer.singleShot(DOUBLE_TAP_MS, self, lambda: self.busy(False))


class ReplacedWidget(_TwoValues):
    """``restore`` and ``leave`` carry the card; ``open_asked`` its table and row."""

    restore = Signal(object)
    leave = Signal(object)

    def __init__(self, card: ReplacedCard, *, alone: bool = True) -> None:
        sentence = f"{replaced_words(card)} {tr('Neither terminal knew of the other; the later value is shown.')}"
        super().__init__("replaced", "warning", "card", _heading(card, alone), sentence)
        self.card = card
        self.back = Button(tr("Restore"), "undo")
        self.back.setAccessibleName(tr("Restore {value}", value=card.lost.value))
        self.back.clicked.connect(lambda _=False: self.restore.emit(card))
        self.keep = Button(tr("Leave it so"), "ok")
        self.keep.clicked.connect(lambda _=False: self.leave.emit(card))
        self.boxes.addWidget(_SideBox(tr("Shown now"), card.won, self.keep), 1)
        self.boxes.addWidget(_SideBox(tr("Replaced"), card.lost, self.back), 1)


class ConflictWidget(_TwoValues):
    """``chosen`` carries the card and the number of the side."""

    chosen = Signal(object, int)

    def __init__(self, card: ConflictCard, *, alone: bool = True) -> None:
        sentence = tr("It was set differently while the terminals could not see each other. Choose one.")
        super().__init__("conflict", "warning", "notice", _heading(card, alone), sentence)
        self.card = card
        self.buttons: list[Button] = []
        for at, side in enumerate(card.sides):
            shown = card.raw.choices[at].value == card.raw.shown
            button = Button(tr("Choose “{value}”", value=side.value), "ok" if shown else "")
            button.clicked.connect(lambda _=False, at=at: self.chosen.emit(card, at))
            self.buttons.append(button)
            self.boxes.addWidget(_SideBox(tr("Shown for now") if shown else tr("Also set"), side, button), 1)


def _heading(card: ConflictCard | ReplacedCard, alone: bool) -> str:
    """What it is about; on the page of the thing itself the field says enough."""
    return f"{card.what} · {card.field}" if alone else card.field


def replaced_words(card: ReplacedCard) -> str:
    """What happened, as one would say it."""
    winner, at = side_words(card.won), sync_words.moment(card.won.at)
    lost_at = sync_words.moment(card.lost.at)
    if card.lost.here:
        return tr(
            "{winner} set “{field}” at {time}; yours of {lost_time} was replaced.",
            winner=winner, field=card.field, time=at, lost_time=lost_at,
        )  # fmt: skip
    return tr(
        "{winner} set “{field}” at {time}; that of {loser} of {lost_time} was replaced.",
        winner=winner, field=card.field, time=at, loser=side_words(card.lost), lost_time=lost_at,
    )  # fmt: skip


def waiting_words(waiting: ToLookAt) -> str:
    """What waits for a person and what it is about: "Repair order 1042-B3: 1 status to decide, 1 value replaced"."""
    conflicts, replaced = len(waiting.conflicts), len(waiting.replaced)
    parts = [
        trn("{count} status to decide", "{count} statuses to decide", conflicts) if conflicts else "",
        trn("{count} value replaced", "{count} values replaced", replaced) if replaced else "",
    ]
    said = ", ".join(part for part in parts if part)
    about = list(dict.fromkeys([*(card.what for card in waiting.conflicts), *(card.what for card in waiting.replaced)]))
    if len(about) == 1:
        return f"{about[0]}: {said}"
    return tr("{what}, on {count} repair orders and other entries", what=said, count=len(about)) if about else said


class Banner(QFrame):
    """One line over the feed that says how much waits for a decision, and leads there."""

    def __init__(self, look: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "notice")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), theme.space(2), theme.space(3), theme.space(2))
        row.setSpacing(theme.space(4))
        row.addWidget(IconLabel("conflict", 28, "warning"))
        self.words = label("", wrap=True)
        row.addWidget(self.words, 1)
        self.button = Button(tr("Look"), "chevron-right")
        self.button.clicked.connect(lambda _=False: look())
        row.addWidget(self.button)
        self.hide()

    def say(self, text: str) -> None:
        """Say this; nothing hides the banner."""
        self.words.setText(text)
        self.setVisible(bool(text))
