"""What content stands in: cards, rows of a setting, words that shorten themselves."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.icons import IconLabel


def label(text: str, role: str = "", *, wrap: bool = False, select: bool = False) -> QLabel:
    """Words; ``role`` is "", "muted", "caption", "heading" or "title"; ``select`` lets a person copy them."""
    found = QLabel(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setProperty("role", role)
    found.setWordWrap(wrap)
    if select:
        found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return found


class ElidedLabel(QWidget):
    """One line of words that ends in an ellipsis where there is no room, and says the rest in its tooltip."""

    def __init__(self, text: str = "", token: str = "text", px: int = 0, weight: str = "regular") -> None:
        super().__init__()
        self._text, self._token, self._px, self._weight = text, token, px, weight
        self._tabular = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        """Show other words; repaints only when they differ."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_tabular(self) -> "ElidedLabel":
        """Use digits of one width."""
        self._tabular = True
        return self

    def _type(self) -> QFont:
        return theme.font(theme.scaled(self._px) if self._px else theme.base, self._weight, self._tabular)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._type())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._type()
        painter.setFont(font)
        painter.setPen(theme.color(self._token))
        shown = QFontMetrics(font).elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self._text if shown != self._text else "")
        painter.drawText(QRect(self.rect()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class Paragraph(QLabel):
    """Muted words in the middle of a page, never wider than can be read, always as high as they need."""

    def __init__(self, text: str = "", width: int = 680) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFixedWidth(theme.scaled(width))
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setFixedHeight(max(1, self.heightForWidth(self.width())))


class Separator(QFrame):
    """A hairline between things."""

    def __init__(self, vertical: bool = False) -> None:
        super().__init__()
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("line"))


class Card(QFrame):
    """A raised panel with an optional heading. Put widgets into ``body``."""

    def __init__(self, heading: str = "") -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.space(6), theme.space(5), theme.space(6), theme.space(5))
        self.body.setSpacing(theme.space(3))
        if heading:
            self.body.addWidget(label(heading, "heading"))


class Row(QWidget):
    """A setting: what it is, one line of what it means, and the control at the right."""

    def __init__(self, icon: str, title: str, meaning: str, control: QWidget | None = None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space(1), 0, theme.space(1))
        row.setSpacing(theme.space(4))
        row.addWidget(IconLabel(icon, 26, "text_muted"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.space(1))
        self.title = label(title)
        self.title.setFont(theme.font(theme.base, "medium"))
        self.meaning = label(meaning, "caption", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.meaning)
        words.addStretch()
        row.addLayout(words, 1)
        if control is not None:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
