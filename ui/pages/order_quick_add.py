"""Adding to an estimate in one line: type or scan, press Enter, and it stands there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.line_kinds import KINDS, LABOUR, PART
from core.workshop.parts import PartView
from core.workshop.totals import ONE, rounded
from ui import background, theme, words
from ui.money_words import decimals, hours, money, pieces
from ui.widgets.amount_sheet import typed_number
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow

PAUSE_MS = 120  # after the last key, before the store is asked
_TIME = r"(?P<time>h|hrs?|hours?|std|stunden?|min|mins|minutes?|minuten?)\.?"
_TIMES = r"(?P<times>x|×|\*)"
_AFTER = r"(?P<after>€|\$|£|eur|usd|gbp|chf|sfr|fr)\.?"
_AMOUNT = re.compile(
    r"^\s*(?P<before>€|\$|£|chf|eur)?\s*(?P<amount>\d{1,5}(?:[.,]\d{1,3})?)\s*"
    rf"(?:{_TIME}|{_TIMES}|{_AFTER})?\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_PRICE = re.compile(r"\d+[.,]\d\d")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: ``quantity`` in thousandths, None when none was said; ``hours``: it was said to be time.

    ``price``: in hundredths of the currency, of one; None when none was said.
    """

    text: str
    quantity: int | None = None
    hours: bool = False
    price: int | None = None


def understood(text: str) -> Typed:
    """ "2 oil filter", "1.5 h front pads", "45.00 oil filter", "0986494524".

    Time is only what says so; a number with cents or a currency is a price, any other one says how many.
    """
    found = _AMOUNT.match(text)
    if found is None:
        return Typed(text.strip())
    amount, rest = found["amount"], found["rest"].strip()
    thousandths = _number(amount, 3)
    if found["time"]:
        minutes = found["time"].lower().startswith("min")
        return Typed(rest, rounded(thousandths, 60) if minutes and thousandths else thousandths, True)
    priced = _PRICE.fullmatch(amount) is not None and not found["times"]
    if found["before"] or found["after"] or priced:
        price = _number(amount, 2)
        return Typed(rest, price=price) if price is not None else Typed(text.strip())
    return Typed(rest, thousandths)


def _number(amount: str, decimals: int) -> int | None:
    """With a point or a comma, whichever the language has: both are on the keypad."""
    mark = words.locale().decimalPoint()
    return typed_number(amount.replace(",", ".").replace(".", mark), decimals)


class QuickAdd(QWidget):
    """``wanted(fields)``: a line to add; ``sheet(kind)``: everything of a line of this kind is to be filled in.

    ``by_kind`` has a button for each kind, for those who rather press than type; it stands where the owner puts it.
    """

    wanted = Signal(object)
    sheet = Signal(str)

    def __init__(self, find: Callable[[str], tuple[PartView, ...]]) -> None:
        super().__init__()
        self._find, self._asked, self._currency = find, 0, ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Add a line"))
        self.field.setPlaceholderText(tr("Add: type “1.5 h front pads”, a part, or scan one"))
        self.field.setClearButtonEnabled(True)
        self.field.textEdited.connect(lambda _: self._pause.start())
        self.field.textChanged.connect(lambda text: None if text else self._offer(0, ()))
        self.field.returnPressed.connect(self.enter)
        row.addWidget(self.field, 1)
        self.offers = QFrame()
        self.offers.setProperty("surface", "card")
        self._offers = QVBoxLayout(self.offers)
        self._offers.setContentsMargins(theme.space(1), theme.space(1), theme.space(1), theme.space(1))
        self._offers.setSpacing(0)
        self.offers.hide()
        column.addWidget(self.offers)  # above the field, which stands at the foot and never moves
        column.addLayout(row)
        self.by_kind = QWidget()
        flow = Flow(self.by_kind)
        self.kinds: dict[str, Button] = {}
        for kind, word in KINDS.items():
            button = self.kinds[kind] = Button(tr(word), "plus")
            button.clicked.connect(lambda _=False, kind=kind: self.sheet.emit(kind))
            flow.addWidget(button)
        self.buttons: list[Button] = []

    def show_currency(self, currency: str) -> None:
        self._currency = currency

    def take_text(self) -> str:
        """What is being typed, and nothing any more."""
        text = self.field.text()
        self.field.clear()
        return text

    def put_text(self, text: str) -> None:
        """What was being typed when this order was left."""
        self.field.setText(text)
        if text:
            self._pause.start()

    def look(self, then: Callable[[], object] | None = None) -> None:
        """Ask the store for what was typed."""
        self._pause.stop()
        self._asked += 1
        asked, find, text = self._asked, self._find, understood(self.field.text()).text
        if not text:
            self._offer(asked, ())
            return

        def show(found: tuple[PartView, ...]) -> None:
            if asked == self._asked:
                self._offer(asked, found)
                if then is not None:
                    then()

        background.run(self, lambda: find(text), show)

    def _offer(self, asked: int, found: Sequence[PartView]) -> None:
        for old in self.buttons:
            old.hide()
            old.deleteLater()
        self.buttons = []
        typed = understood(self.field.text())
        if typed.text:
            for part in found:
                self._button("part", self._part_words(part, typed), self._of_part(part, typed))
            price = self._price(typed)
            time = typed.quantity if typed.hours else None
            labour = {"kind": LABOUR, "description": typed.text, "quantity": time or ONE, **price}
            own = {"kind": PART, "description": typed.text, "quantity": self._count(typed), **price}
            plain = typed.quantity is None and typed.price is None
            if typed.hours or plain:
                said = self._said(typed, hours(time) if time else "")
                self._button("wrench", tr("Labour: {text}", text=said), labour, first=typed.hours)
            said = f"{pieces(self._count(typed))} × {self._said(typed, '')}"
            self._button("plus", tr("Part that is not kept here: {text}", text=said), own)
            if not typed.hours and not plain:  # how many, or for how much: that is rather a part
                said = self._said(typed, "")
                self._button("wrench", tr("Labour: {text}", text=said), labour)
        self.offers.setVisible(bool(self.buttons))

    def _price(self, typed: Typed) -> dict[str, object]:
        """The price as a line has it: in the smallest unit of the shop's currency."""
        if typed.price is None:
            return {}
        return {"unit_price": rounded(typed.price * 10 ** decimals(self._currency), 100)}

    def _count(self, typed: Typed) -> int:
        return ONE if typed.hours else typed.quantity or ONE

    def _said(self, typed: Typed, amount: str) -> str:
        """What was understood, before it is added."""
        price = self._price(typed).get("unit_price")
        at = money(price, self._currency) if isinstance(price, int) else ""
        return " · ".join(each for each in (typed.text, amount, at) if each)

    def _part_words(self, part: PartView, typed: Typed) -> str:
        there = tr("{count} here", count=pieces(part.free)) if part.free > 0 else tr("none here")
        price = self._price(typed).get("unit_price", part.price)
        each = money(price, self._currency) if isinstance(price, int) else ""
        count = self._count(typed)
        times = f"{pieces(count)} × " if count != ONE else ""
        parts = (
            f"{times}{part.name or ''}", part.number or "", each, there,
        )  # fmt: skip
        return " · ".join(each for each in parts if each)

    def _of_part(self, part: PartView, typed: Typed) -> dict[str, object]:
        return {"part_id": part.id, "kind": PART, "quantity": self._count(typed),
                "description": part.name or part.number or "", **self._price(typed)}  # fmt: skip

    def _button(self, icon: str, text: str, fields: dict[str, object], *, first: bool = False) -> None:
        button = Button(text, icon, role="plain")
        button.setProperty("align", "left")
        button.clicked.connect(lambda _=False: self._take(fields))
        if first:
            self.buttons.insert(0, button)
            self._offers.insertWidget(0, button)
        else:
            self.buttons.append(button)
            self._offers.addWidget(button)

    def _take(self, fields: dict[str, object]) -> None:
        self._asked += 1
        self.field.clear()
        self.wanted.emit(fields)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def enter(self) -> None:
        """Enter takes what is offered first. A scanner is faster than the store: then the answer is waited for."""
        if not self.field.text().strip():
            return
        if self._pause.isActive() or not self.buttons:
            self.look(lambda: self.buttons[0].click() if self.buttons else None)
        else:
            self.buttons[0].click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)
